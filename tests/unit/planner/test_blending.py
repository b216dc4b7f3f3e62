"""What is mixed keeps to a limit of quality."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.constraints import blending
from karvan.engines.planner.plan import plan
from karvan.engines.planner.problem import (
    Amounts,
    Arcs,
    Blends,
    Permissions,
    PlanningProblem,
    Uses,
)
from karvan.engines.planner.verification import residuals

SWEET, SOUR = 0.1, 0.5


def pipe(sweet, sour, *, limit=0.2, capacity=1000.0):
    """One pipe that sells two oils; a tonne left in the ground costs 10."""
    one = np.zeros(1, np.int64)
    return PlanningProblem(
        node_ids=("field", "port"),
        commodity_ids=("sweet", "sour"),
        commodity_units=("kt", "kt"),
        period_ids=("2024-01",),
        period_days=np.array([31.0]),
        currency="USD",
        arcs=Arcs(
            ids=("pipe",),
            tail=one,
            head=one + 1,
            travel_d=np.zeros(1),
            capacity=np.array([[capacity]]),
            unit=("kt",),
            carrier=("",),
            country=("KZ",),
        ),
        permissions=Permissions(
            arc=np.zeros(2, np.int64),
            commodity=np.arange(2),
            cost=np.ones((2, 1)),
            use=np.ones(2),
        ),
        supplies=Amounts(
            ids=("sweet", "sour"),
            node=np.zeros(2, np.int64),
            commodity=np.arange(2),
            amount=np.array([[sweet], [sour]]),
            price=np.array([10.0, 10.0]),
        ),
        demands=Amounts(
            ids=("sold sweet", "sold sour"),
            node=np.ones(2, np.int64),
            commodity=np.arange(2),
            amount=np.full((2, 1), 1e6),
            price=np.zeros(2),
        ),
        blends=Blends(
            ids=("sulphur",),
            unit=("kt x %",),
            uses=Uses(
                row=np.zeros(2, np.int64),
                permission=np.arange(2),
                per_unit=np.array([SWEET - limit, SOUR - limit]),
            ),
        ),
    )


@settings(max_examples=60, deadline=None)
@given(
    sweet=st.floats(0, 500),
    sour=st.floats(0, 500),
    limit=st.floats(0.11, 0.49),
)
def test_no_more_sour_oil_goes_than_the_sweet_can_carry(sweet, sour, limit):
    """Of sour oil sweet x (limit - 0.1) / (0.5 - limit) at most; all sweet oil goes."""
    found = plan(pipe(sweet, sour, limit=limit))

    room = sweet * (limit - SWEET) / (SOUR - limit)
    assert found.flow[0, 0] == pytest.approx(sweet, abs=1e-6)
    assert found.flow[1, 0] == pytest.approx(min(sour, room), abs=1e-5)


@pytest.mark.parametrize(("limit", "room"), [(0.16, 1.200), (0.18, 2.660), (0.20, 4.274)])
def test_so_much_oil_of_the_light_grade_goes_beside_28_mt_of_baku(limit, room):
    """Example T14 of the notes on oil: 0.142 % and 0.58 % sulphur, in million tonnes."""
    problem = pipe(28.0, 50.0, limit=limit)
    uses = replace(problem.blends.uses, per_unit=np.array([0.142 - limit, 0.58 - limit]))
    found = plan(replace(problem, blends=replace(problem.blends, uses=uses)))

    assert found.flow[0, 0] == pytest.approx(28.0)
    assert round(float(found.flow[1, 0]), 3) == room


def test_a_unit_of_room_in_the_mix_is_worth_the_sour_oil_it_lets_go():
    """0.3 kt x % carry a kt of sour oil, which saves 10 and costs 1: 30 USD for a kt x %."""
    (price,) = (
        each
        for each in plan(pipe(100.0, 100.0)).shadow_prices()
        if each.row.family == blending.FAMILY
    )

    assert (price.row.asset, price.row.unit) == ("sulphur", "kt x %")
    assert price.value == pytest.approx(-9 / 0.3)


def test_a_second_reading_sees_a_mix_that_is_too_sour():
    problem = pipe(100.0, 100.0)
    found = residuals(
        problem, flow=[10.0, 10.0], stock=[], shut_in=[90.0, 90.0], unserved=[1e6 - 10] * 2, cost=0
    )

    assert found.blend == pytest.approx(10 * (SOUR - 0.2) + 10 * (SWEET - 0.2))
    assert found.worst >= found.blend


def test_what_is_wrong_with_a_blend_is_told():
    good = pipe(1.0, 1.0)
    uses = good.blends.uses
    for blends, told in (
        (replace(good.blends, unit=()), "blends.unit"),
        (
            replace(good.blends, uses=replace(uses, per_unit=np.array([np.nan, 1.0]))),
            "blends per_unit",
        ),
        (
            replace(good.blends, uses=replace(uses, permission=np.array([0, 9]))),
            "blends permission",
        ),
    ):
        with pytest.raises(InvalidInput) as caught:
            plan(replace(good, blends=blends))
        assert any(told in fault for fault in caught.value.facts["faults"])
