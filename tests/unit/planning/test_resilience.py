"""What an event takes and how long that lasts, on a port that is shut for a month."""

from dataclasses import replace

import numpy as np
import pytest

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.plan import plan
from karvan.services.planning.resilience import recovery_of, used_assets
from karvan.services.planning.stages import Stage
from karvan.services.planning.study import Study
from planner_cases import problem_of

MONTHS = 6


def shipping(port, *, periods=MONTHS, tank=5):
    """A field makes 8 a month, a tank at the coast takes 5, the port loads up to 10."""
    return plan(
        problem_of(
            [
                ("pipe", "field", "coast", 20, 1),
                ("port", "coast", "market", port, 1),
                ("spare", "coast", "market", 10, 50),
            ],
            [("field", 8, 20)],
            [("market", 99, 0)],
            periods=periods,
            stocks=[("coast", tank, 0, {"cost": 0.1, "worth": -20})],
        )
    )


def studied(port):
    """The port as it is from the second month on."""
    usual, struck = shipping(10), shipping(port, periods=MONTHS - 1)
    nothing = dict.fromkeys(("scenario", "told", "without"))
    return Study(
        **nothing,
        network_hash="",
        months=usual.problem.period_ids,
        event_from="m2",
        extra_cost_kusd=7.0,
        limits=(),
        gap=0.0,
        worst_residual=0.0,
        solver="",
        stages=(Stage(plan=usual, periods=1), Stage(plan=struck, periods=MONTHS - 1)),
        usual=Stage(plan=usual, periods=MONTHS),
    )


def test_a_month_without_the_port_by_hand():
    """8 are made in the second month: 5 wait, 3 stay in the ground. Then 10, 10, 9, 8 load."""
    found = recovery_of(studied([0, 10, 10, 10, 10]), asset="port")

    (loss,) = found.losses
    assert (found.asset, found.begins, found.recovered) == ("port", "m2", "m6")
    assert found.periods_to_recover == 4
    assert (loss.shut_in, loss.unserved) == pytest.approx((3, 0))
    assert loss.delayed == pytest.approx(5)
    assert (found.worst_period, loss.worst_short) == ("m2", pytest.approx(8))
    assert (loss.peak_stock, loss.peak_place, loss.peak_period) == (pytest.approx(5), "coast", "m2")
    assert found.lost == pytest.approx(8)


def test_a_port_that_stays_shut_is_not_recovered():
    found = recovery_of(studied([0] * 5))

    assert found.recovered == ""
    assert found.periods_to_recover is None
    assert found.losses[0].shut_in == pytest.approx(40)
    assert found.losses[0].delayed == 0


def test_an_event_that_takes_nothing_is_recovered_at_once():
    found = recovery_of(replace(studied([10] * 5), event_from=""))

    assert (found.begins, found.recovered, found.periods_to_recover) == ("", "", 0)
    assert found.worst_period == ""
    assert found.lost == 0


def test_what_is_dearer_is_not_as_usual_though_all_is_delivered():
    usual = studied([10] * 5)
    dearer = shipping(10, periods=MONTHS - 1, tank=0).problem
    cost = dearer.permissions.cost.copy()
    cost[1, :2] = 3
    struck = plan(replace(dearer, permissions=replace(dearer.permissions, cost=cost)))
    found = recovery_of(
        replace(usual, stages=(usual.stages[0], Stage(plan=struck, periods=MONTHS - 1)))
    )

    assert (found.worst_period, found.recovered) == ("m2", "m4")
    assert found.lost == 0


def test_what_a_plan_uses_is_what_is_taken_out():
    assert used_assets(shipping(10)) == ("pipe", "port", "coast", "field", "market")


@pytest.mark.parametrize("tolerance", [0, 1, -0.1, np.nan])
def test_a_tolerance_is_a_share(tolerance):
    with pytest.raises(InvalidInput):
        recovery_of(studied([10] * 5), tolerance=tolerance)
