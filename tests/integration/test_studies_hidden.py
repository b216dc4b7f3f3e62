"""What is hidden until its day, what is thought of its length, and what shipped what-ifs do."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from karvan.adapters.files.scenarios import FileScenarios
from karvan.domain.errors import LimitReached
from karvan.engines.planner.plan import plan
from karvan.services.planning import study as studies
from karvan.services.planning.changing import loss_of
from karvan.services.planning.foresight import costs_by_period
from karvan.services.planning.oil import planned, problem_with, that_touch
from karvan.services.planning.periods import periods_of
from karvan.services.planning.scenario import Event, left_by_day
from karvan.services.planning.study import study

SCENARIOS = FileScenarios()
TERMINAL = "CPC marine terminal"


def half_a_terminal(expected_until):
    return Event(
        id="half",
        asset=TERMINAL,
        first_day=date(2024, 3, 1),
        last_day=date(2024, 5, 31),
        share_lost=0.5,
        cause="",
        source="",
        expected_until=expected_until,
    )


@pytest.fixture(scope="module")
def scenario():
    return replace(SCENARIOS.read("base-2024"), periods=7)


@pytest.fixture(scope="module")
def known(published, scenario):
    return study(published.network, replace(scenario, event=(half_a_terminal(None),)))


@pytest.fixture(scope="module")
def hoped(published, scenario):
    """Expected to be over by the end of March, and gone on until the end of May."""
    return study(published.network, replace(scenario, event=(half_a_terminal(date(2024, 3, 31)),)))


def terminal(stage):
    problem = stage.plan.problem
    return problem.joints.capacity[problem.joints.ids.index(TERMINAL)] / problem.period_days


def test_each_plan_knows_what_its_day_knows(hoped, known):
    whole = terminal(hoped.usual)[0]

    shares = [(terminal(stage) / whole).round(6).tolist() for stage in hoped.stages]

    assert shares == [
        [1.0] * 7,
        [0.5, 1.0, 1.0, 1.0, 1.0],
        # April: thought to last 31 days more, of which one is in May.
        [0.5, round(1 - 0.5 / 31, 6), 1.0, 1.0],
        [0.5, 1.0, 1.0],
    ]
    assert [stage.periods for stage in hoped.stages] == [2, 1, 1, 3]
    assert [stage.periods for stage in known.stages] == [2, 5]


def test_what_comes_true_is_the_event_whatever_was_thought(hoped, known):
    truth = [left_by_day(hoped.scenario.event, *span) for span in periods_of(hoped.scenario).spans]
    for found in (hoped, known):
        done = np.concatenate([terminal(stage)[: stage.periods] for stage in found.stages])
        assert (done / terminal(found.usual)).tolist() == pytest.approx(truth)


def test_to_know_less_never_costs_less(hoped, known):
    assert hoped.extra_cost_kusd >= known.extra_cost_kusd - 1e-3
    assert known.extra_cost_kusd > 0


def test_what_was_decided_is_frozen_and_tanks_go_on_as_they_were(hoped):
    told = hoped.told.tanks["RU-CPCMT"]
    for before, after in pairwise(hoped.stages):
        held = before.plan.stock[:, before.periods - 1]
        start = after.plan.problem.stocks.initial
        assert start.tolist() == pytest.approx(held.tolist(), abs=1e-6)
    assert len(told) == 7
    # The tanks of CPC hold five to six days of what one mooring loads less than comes.
    assert 0 < told.max() <= 357 + 1e-6


def test_the_costs_of_the_periods_add_up_to_the_cost_of_the_plan(hoped):
    for stage in hoped.stages:
        assert costs_by_period(stage.plan).sum() == pytest.approx(stage.plan.cost, rel=1e-9)


def test_a_limit_reached_later_leaves_what_was_planned_and_says_so(
    published, scenario, known, monkeypatch
):
    asked = replace(scenario, event=known.scenario.event)
    solved = iter([known.usual.plan])

    def solve(problem, options):
        try:
            return next(solved)
        except StopIteration:
            raise LimitReached("the solver came to its time limit", gap=0.5) from None

    monkeypatch.setattr(studies, "plan", solve)

    found = study(published.network, asked, keep_partial=True)

    assert found.planned_until == "2024-03"
    assert found.months == ("2024-01", "2024-02")
    assert len(found.told.refined) == 2
    assert found.extra_cost_kusd == 0
    assert found.stopped.facts["gap"] == 0.5
    solved = iter([known.usual.plan])
    with pytest.raises(LimitReached):
        study(published.network, asked)


#: Every shipped what-if, and whether it takes or gives.
WHAT_IFS = {
    "aktau-berths": "gives",
    "aktau-closed-june": "takes",
    "atyrau-samara-halved": "takes",
    "baku-supsa-1-5": "gives",
    "baku-supsa-3": "gives",
    "baku-supsa-5": "gives",
    "batumi-by-rail": "gives",
    "germany-stopped": "takes",
    "sea-one-metre-lower": "takes",
    "tankers-six-more": "gives",
    "tankers-two-more": "gives",
}
#: What-ifs of the freight, and whether they take; those of its volumes are run with the freight.
FREIGHT = (
    "alat-closed-june",
    "btk-closed",
    "kuryk-closed-november",
    "north-closed",
    "red-sea-closed",
    "uranium-without-st-petersburg",
    "event-D42",
    "event-D49",
    "event-D50",
)
#: One of each kind: a year, a field, an opened line, tanks that fill, a commodity, a strait.
EVENTS = ("year-2023", "event-D09", "event-D27", "event-D32", "event-D33", "event-D43")


def test_every_shipped_what_if_is_run_here():
    others = ("base-", "event-", "cpc-", "year-", "titr-", "freight-", "oil-and-", "containers-")
    names = {name for name in SCENARIOS.known() if not name.startswith(others)}
    freight = {name for name in FREIGHT if not name.startswith("event-")}
    assert names == set(WHAT_IFS) | freight


@pytest.fixture(scope="module")
def found(published):
    answers = {}

    def run(name):
        if name not in answers:
            answers[name] = study(published.network, SCENARIOS.read(name))
        return answers[name]

    return run


@pytest.mark.parametrize("name", [*WHAT_IFS, *EVENTS])
def test_an_outage_never_lowers_the_cost_and_more_room_never_raises_it(found, name):
    told = found(name)

    assert told.gap < 1e-6
    assert told.worst_residual < 1e-6
    rounding = 1e-6 * abs(told.usual.plan.cost)
    if WHAT_IFS.get(name) == "gives":
        assert told.compared == "changes"
        assert told.extra_cost_kusd <= rounding
    else:
        assert told.extra_cost_kusd >= -rounding


def kazakh_oil_that_fills_lines(told):
    """By month; below nothing where another oil takes its place."""
    parts = []
    for stage in told.stages:
        problem = stage.plan.problem
        kinds = problem.commodity_ids
        kazakh = [kinds[k].startswith("kazakh") for k in problem.permissions.commodity]
        parts.append(stage.plan.filled[np.array(kazakh), : stage.periods].sum(axis=0))
    return np.concatenate(parts)


def under_way_at_first(told):
    """Kazakh oil that had left before the first month."""
    problem = told.stages[0].plan.problem
    kinds = problem.permissions.commodity[problem.under_way.permission]
    kazakh = [problem.commodity_ids[k].startswith("kazakh") for k in kinds]
    return problem.under_way.all[np.array(kazakh, bool)].sum()


@pytest.mark.parametrize("name", ["aktau-closed-june", "baku-supsa-5", "event-D09"])
def test_no_tonne_of_kazakh_oil_appears_or_vanishes(found, name):
    told, supply = found(name).told, 0.0
    for stage in found(name).stages:
        problem = stage.plan.problem
        kazakh = [problem.commodity_ids[k].startswith("kazakh") for k in problem.supplies.commodity]
        amounts = problem.supplies.amount[np.array(kazakh), : stage.periods]
        supply = np.append(supply, amounts.sum(axis=0)) if np.ndim(supply) else amounts.sum(axis=0)

    made = supply - sum(told.shut_in.values())

    in_tanks = sum(told.in_tanks.values())
    gone = sum(told.sold.values()) + told.refined + told.lost + np.diff(in_tanks, prepend=0)
    gone = gone + kazakh_oil_that_fills_lines(found(name))
    gone = gone + np.diff(sum(told.under_way.values()), prepend=under_way_at_first(found(name)))
    np.testing.assert_allclose(made, gone, atol=1e-4)


def test_day_by_day_the_tanks_fill_the_line_stands_and_they_empty_again(found):
    """A stop of five days: the free room is gone in three, the whole farm holds four to six.

    Ten tanks of 100,000 m3 at 793.7 kg/m3 are 794 kt (energy_trade:E076, operations:O184).
    """
    told = found("cpc-storm-days-2023").told
    tanks, into = told.tanks["RU-CPCMT"], told.leaves["KZ-ATY--RU-KOMSOM:pipeline"]
    struck, open_again = 5, 10

    assert (np.diff(tanks[struck - 1 : struck + 3]) > 0).all()
    assert tanks[struck + 2] == pytest.approx(357)
    assert into[struck + 3 : open_again].max() < 1
    assert (np.diff(tanks[open_again - 1 : open_again + 6]) < 0).all()
    assert tanks[-1] == pytest.approx(0, abs=1e-6)
    assert sum(told.shut_in.values())[struck:open_again].min() > 0
    usual_flow = into[:struck].mean() + 8.0 / 365 * 1000
    assert 4 < 793.7 / usual_flow < 6


def test_a_year_as_it_went_sees_the_events_of_its_months():
    events = {event.id for event in SCENARIOS.read("year-2023").event}
    assert {"D10", "D11", "D12", "D34"} <= events
    assert SCENARIOS.read("base-2023").event == ()


@pytest.fixture(scope="module")
def freight(published):
    """Two months of freight, and their plan; what scenarios take is laid on them."""
    made = planned(published.network, replace(SCENARIOS.read("freight-2024"), periods=2))
    return made, plan(made.problem)


@pytest.mark.parametrize("name", FREIGHT)
def test_what_is_closed_to_the_freight_is_found_and_never_makes_it_cheaper(freight, name):
    made, calm = freight
    scenario = SCENARIOS.read(name)
    whole = made.setting.whole
    losses = [loss_of(change, whole) for change in scenario.change]
    losses += [
        replace(event, first_day=date(2024, 2, 1), last_day=date(2024, 2, 29))
        for event in scenario.event
    ]

    touching = that_touch(made, losses)
    struck = plan(problem_with(made, losses))

    assert touching
    assert struck.certificate.gap < 1e-6
    assert struck.cost >= calm.cost - 1e-6 * abs(calm.cost)
    if name in {"alat-closed-june", "kuryk-closed-november", "north-closed", "red-sea-closed"}:
        assert struck.cost > calm.cost * 1.0001


def test_tankers_sail_again_in_the_month_after_their_port_was_closed(found):
    """Aktau: none in June; ships and slots that were arranged in May are there in July."""
    may, june, july, august = found("aktau-closed-june").told.leaves["KZ-AKT--RU-MCX:tanker"]

    assert june == pytest.approx(0, abs=1e-6)
    assert july > 0.95 * min(may, august)


def test_a_limit_that_is_agreed_month_by_month_is_one_limit_with_its_months(found):
    """Oil to Germany stopped: both kinds of it, from May to December, each a contract a month."""
    rows = [each.row for each in found("germany-stopped").limits if "germany" in each.row.asset]

    months = {f"2024-{month:02}" for month in range(5, 13)}
    way = "RU-UNECHA--PL-ADAMOW:pipeline"
    assert {(row.asset, row.period) for row in rows} == {
        (f"kazakh {kind} by {way}: germany", month)
        for kind in ("light", "blend")
        for month in months
    }


def test_the_line_to_supsa_is_filled_before_it_delivers(found):
    """829.6 km of 514 mm inside hold 144 kt: five weeks at 1.5 Mt a year, ten days at 5.

    At the mean of the oils that it may carry: no oil of Turkmenistan.
    """
    kg_m3 = (793.7 + 870 + 848 + 830) / 4
    volume = np.pi / 4 * 0.514**2 * 829.6e3 * kg_m3 / 1e6
    for name, months in (("baku-supsa-1-5", [0, 102]), ("baku-supsa-5", [280, 397])):
        told = found(name)
        line = out_of(told, "AZ-SAN--GE-SUP:pipeline")
        assert line[:2] == pytest.approx(months, abs=1)
        assert told.told.filled["AZ-SAN--GE-SUP:pipeline"].sum() == pytest.approx(volume, rel=1e-4)


def out_of(told, link):
    plan = told.stages[-1].plan
    arc = plan.problem.arcs.ids.index(link)
    return (plan.flow - plan.filled)[plan.problem.permissions.arc == arc].sum(axis=0).tolist()


def test_more_of_the_same_is_worth_no_less(found):
    """Baku-Supsa and tankers: a wider one saves at least as much, each further tonne no more."""
    saved = [-found(name).extra_cost_kusd for name in ("baku-supsa-1-5", "baku-supsa-3")]
    saved.append(-found("baku-supsa-5").extra_cost_kusd)
    assert saved == sorted(saved)
    # The first tonnes fill the line, whatever its width: only those after them compare.
    assert (saved[1] - saved[0]) / 1.5 >= (saved[2] - saved[1]) / 2 - 1e-3
    assert found("tankers-six-more").extra_cost_kusd <= found("tankers-two-more").extra_cost_kusd
