"""What is out is out: the peer is the problem made without it, built and solved anew."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.cases import solve_cases
from karvan.engines.planner.merging import merged
from karvan.engines.planner.model import build
from karvan.engines.planner.outages import (
    fleet_outage,
    joint_outage,
    outage,
    place_outage,
    together,
)
from karvan.engines.planner.plan import plan
from karvan.engines.planner.problem import Joints, LineFills, UnderWay
from karvan.engines.planner.solving import SolverOptions
from planner_cases import each_period, problem_of, problems, rich_problem, uses

OPTIONS = SolverOptions()


def cost_of(model, case):
    (found,) = list(solve_cases(model, [case], OPTIONS)[1])
    return found.cost


def without_arcs(problem, arcs):
    capacity = problem.arcs.capacity.copy()
    capacity[arcs] = 0
    return replace(problem, arcs=replace(problem.arcs, capacity=capacity))


@settings(max_examples=15)
@given(problem=problems())
def test_a_place_without_its_ways_and_two_at_once_cost_what_they_cost_cold(problem):
    model = build(problem)
    arcs = problem.arcs
    first = np.flatnonzero((arcs.tail == 0) | (arcs.head == 0))
    both = np.append(first, len(arcs.ids) - 1)

    place = place_outage(model, problem.node_ids[0])
    pair = together("pair", [place, outage(model, arcs.ids[-1])])

    closed, closed_more = (plan(without_arcs(problem, out)).cost for out in (first, both))
    assert cost_of(model, place) == pytest.approx(closed, rel=1e-9, abs=1e-6)
    assert cost_of(model, pair) == pytest.approx(closed_more, rel=1e-9, abs=1e-6)
    assert closed_more >= closed - 1e-6


@pytest.mark.parametrize("place", ["field", "coast", "town"])
def test_nothing_leaves_a_place_that_is_out_and_nothing_comes(place):
    model = build(
        problem_of(
            [("pipe", "field", "coast", 9, 1), ("road", "coast", "town", 9, 1)],
            [("field", 5, 20)],
            [("town", 5, 70)],
        )
    )

    assert cost_of(model, place_outage(model, place)) == 5 * 20 + 5 * 70


@pytest.mark.parametrize("seed", [1, 2])
def test_a_fleet_and_a_port_that_keep_a_share(seed):
    problem = rich_problem(seed)
    model = build(problem)
    fleets, joints = problem.fleets, problem.joints
    fewer = replace(problem, fleets=replace(fleets, hours=fleets.hours * 0.5))
    shut = replace(problem, joints=replace(joints, capacity=joints.capacity * 0))

    assert cost_of(model, fleet_outage(model, "ships", 0.5)) == pytest.approx(plan(fewer).cost)
    assert cost_of(model, joint_outage(model, "port")) == pytest.approx(plan(shut).cost)


def test_of_two_limits_on_one_row_the_lower_counts():
    model = build(rich_problem(1))

    case = together("both", [outage(model, "a0", 0.5), outage(model, "a0", [0, 1, 0.25])])

    whole = model.problem.arcs.capacity[0]
    assert case.upper.tolist() == pytest.approx((whole * [0, 0.5, 0.25]).tolist())
    assert len(set(case.rows.tolist())) == len(case.rows) == 3


def test_what_is_out_carries_nothing_though_nothing_limited_it():
    port = {
        "joints": Joints(
            ids=("port",),
            unit=("t",),
            capacity=each_period([[np.inf, 5]], 2),
            uses=uses((0, 0, 1)),
        )
    }
    problem = problem_of(
        [("a", "x", "y", np.inf, 1)], [("x", 9, 3)], [("y", 9, 9)], periods=2, **port
    )
    model = build(problem)

    assert joint_outage(model, "port").upper.tolist() == [0, 0]
    assert joint_outage(model, "port", 0.5).upper.tolist() == [np.inf, 2.5]
    assert cost_of(model, outage(model, "a")) == 2 * 9 * (3 + 9)


def test_what_is_not_there_cannot_be_out():
    model = build(problem_of([("a", "x", "y", 5, 1)], [("x", 1, 1)], [("y", 1, 9)]))

    for name, make in (("b", outage), ("z", place_outage), ("port", joint_outage)):
        with pytest.raises(InvalidInput):
            make(model, name)


@settings(max_examples=15)
@given(problem=problems())
def test_one_period_for_all_costs_no_more_than_the_periods(problem):
    """Where nothing travels or fills a line: what is there at the end would have left the plan."""
    arcs = problem.arcs
    at_once = replace(
        problem,
        arcs=replace(arcs, travel_d=np.zeros_like(arcs.travel_d)),
        under_way=UnderWay(),
        line_fills=LineFills(),
    )

    assert plan(merged(at_once)).cost <= plan(at_once).cost + 1e-6


def test_one_period_holds_what_the_periods_hold_together():
    problem = rich_problem(1)
    dear = problem.permissions.cost.copy()
    dear[0] = [10.0, 20.0, 60.0]
    problem = replace(problem, permissions=replace(problem.permissions, cost=dear))

    year = merged(problem)

    assert year.period_ids == ("m1 to m3",)
    assert year.period_days.tolist() == [90.0]
    assert year.arcs.capacity[:, 0].tolist() == problem.arcs.capacity.sum(axis=1).tolist()
    assert year.fleets.hours.tolist() == [[100.0]]
    assert year.permissions.cost[0, 0] == pytest.approx((31 * 10 + 28 * 20 + 31 * 60) / 90)
    assert year.contracts.ids == ()  # it held for the first two periods alone
    assert merged(year) is year
