"""What is under way: shares of departures, the start, the end."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.model import build
from karvan.engines.planner.plan import plan
from karvan.engines.planner.routes import routes
from karvan.engines.planner.solving import SolverOptions, solve
from karvan.engines.planner.starting import basis_by_periods, solve_by_periods
from karvan.engines.planner.transit import after_the_end, arrivals, steady_days
from karvan.engines.planner.verification import overlaps
from planner_cases import coming, problem_of, problems

FEW = settings(max_examples=15, deadline=None)
DAYS = st.lists(st.sampled_from([1.0, 7.0, 28.0, 31.0]), min_size=1, max_size=6)
TRAVEL = st.one_of(st.sampled_from([0.0, 1.0, 7.0]), st.floats(0, 90))


@given(days=DAYS, travel=TRAVEL)
def test_shares_of_a_departure_add_up_and_arrive_on_the_mean_as_late_as_the_travel(days, travel):
    found = arrivals(np.array([*days, 365.0]), np.array([travel]))
    whole = np.zeros(len(days) + 1)
    np.add.at(whole, found.departs, found.share)

    assert whole == pytest.approx(np.ones(len(days) + 1))
    assert (found.share > 0).all()
    assert (found.arrives >= found.departs).all()
    told = {(t, s): share for t, row in enumerate(overlaps([*days, 365.0], travel))
            for s, share in row}  # fmt: skip
    drawn = dict(zip(zip(found.departs, found.arrives, strict=True), found.share, strict=True))
    for pair in told.keys() | drawn.keys():
        assert drawn.get(pair, 0) == pytest.approx(told.get(pair, 0), abs=1e-9)


@given(days=DAYS)
def test_no_travel_arrives_at_once(days):
    found = arrivals(np.array(days), np.zeros(1))

    assert found.departs.tolist() == found.arrives.tolist() == list(range(len(days)))
    assert found.share.tolist() == [1.0] * len(days)


@given(length=st.sampled_from([1.0, 7.0, 30.0]), count=st.integers(1, 6), lag=st.integers(0, 7))
def test_a_travel_of_whole_periods_arrives_whole_periods_later(length, count, lag):
    found = arrivals(np.full(count, length), np.array([lag * length]))

    assert found.arrives.tolist() == [min(t + lag, count) for t in range(count)]
    assert found.share.tolist() == [1.0] * count


@given(days=DAYS, travel=TRAVEL)
def test_an_even_flow_arrives_evenly_whether_it_left_before_or_after_the_start(days, travel):
    """A tonne a day for ever: each period gets as many tonnes as it has days."""
    found = arrivals(np.array(days), np.array([travel]))
    before = steady_days(np.array(days), np.array([travel]))[0]
    comes = before.copy()
    np.add.at(comes, found.arrives, found.share * np.array(days)[found.departs])

    assert comes[:-1] == pytest.approx(np.array(days))
    assert before.sum() == pytest.approx(travel)
    assert comes[-1] == pytest.approx(travel)


def ship(*, travel=3, periods=4, **more):
    return problem_of(
        [("ship", "aktau", "baku", 99, 1, {"travel": travel, **more})],
        [("aktau", 5, 0)],
        [("baku", 5, 50)],
        periods=periods,
        days=1,
    )


def test_a_ship_that_leaves_too_late_serves_nobody_and_is_told():
    found = plan(ship(at_end=-50))

    assert found.flow[0].tolist() == pytest.approx([5, 5, 5, 5])
    assert found.unserved[0].tolist() == pytest.approx([5, 5, 5, 0])
    assert found.under_way_at_end.tolist() == pytest.approx([15])
    assert {way.destination for way in routes(found)} == {"demand baku oil", "under way ship"}


def test_a_ship_that_is_worth_nothing_at_the_end_does_not_leave():
    assert plan(ship()).flow[0].tolist() == pytest.approx([5, 0, 0, 0])


def test_what_was_under_way_serves_until_the_first_departure_arrives():
    problem = coming(ship(at_end=-50), (0, [5, 5, 5, 0], 0, 0.1))

    found = plan(problem)

    assert found.unserved.sum() == pytest.approx(0)
    assert found.waiting.sum() == pytest.approx(0)
    origins = {way.origin: way.amount for way in routes(found) if way.origin.startswith("under")}
    assert origins == {"under way ship": pytest.approx(15)}


def test_what_arrives_and_nobody_takes_waits_and_is_taken_later():
    problem = coming(ship(travel=9), (0, [12, 0, 1, 0], 4, 0.5))

    found = plan(problem)

    assert found.unserved[0].tolist() == pytest.approx([0, 0, 2, 5])
    assert found.waiting[0].tolist() == pytest.approx([7, 2, 0, 0])
    assert found.cost == pytest.approx(9 * 0.5 + 7 * 50)
    assert found.under_way_at_end.tolist() == pytest.approx([4])


def test_a_ship_that_was_emptied_is_no_tank():
    """What came by the pipe a day later cannot wait aboard for the day after."""
    problem = problem_of(
        [("ship", "a", "b", 0, 1), ("pipe", "c", "b", 9, 1), ("on", "b", "d", 99, 0)],
        [("c", [0, 5, 0], 0)],
        [("d", [5, 0, 5], 50)],
        periods=3,
        days=1,
    )
    found = plan(coming(problem, (0, [5, 0, 0], 0, 0.1)))

    assert found.unserved.sum() == pytest.approx(5)


@FEW
@given(problems(), st.data())
def test_one_more_under_way_costs_what_its_prices_say(problem, data):
    """The cost is convex in what arrives, so its slope lies between the differences."""
    under_way = problem.under_way
    under_way = replace(under_way, amount=under_way.amount + 1)
    at = data.draw(st.integers(0, problem.periods - 1))
    permission = under_way.permission[0]
    head = problem.node_ids[problem.arcs.head[problem.permissions.arc[permission]]]
    kind = problem.commodity_ids[problem.permissions.commodity[permission]]
    model = build(replace(problem, under_way=under_way))
    answer = solve(model, SolverOptions())
    waits = model.rows_of("under way", model.families[-1].assets[0])[at]
    there = model.rows_of("balance", f"{head} {kind}")[at]
    until = slice(model.columns.waiting + at, model.columns.waiting + problem.periods)
    slope = answer.row_prices[waits] - answer.row_prices[there]
    slope += np.minimum(0, answer.reduced_costs[until]).sum()

    def cost(change):
        amount = under_way.amount.copy()
        amount[0, at] += change
        changed = replace(problem, under_way=replace(under_way, amount=amount))
        return solve(build(changed), SolverOptions()).objective

    step = 1e-3
    now = cost(0)
    assert (now - cost(-step)) / step <= slope + 1e-4
    assert slope - 1e-4 <= (cost(step) - now) / step


def test_a_start_by_periods_lets_go_what_the_next_period_cannot_take():
    """Period by period it ships for a price at the end, and the way on is closed afterwards."""
    problem = problem_of(
        [
            ("ship", "a", "b", 20, 1, {"travel": 15, "at_end": -50}),
            ("on", "b", "c", [20, 0, 20], 1),
        ],
        [("a", 20, 0)],
        [("c", 20, 50)],
        periods=3,
    )
    model = build(problem)

    assert basis_by_periods(model, SolverOptions()) is not None
    answer, *_ = solve_by_periods(model, SolverOptions())
    assert answer.objective == pytest.approx(solve(model, SolverOptions()).objective)


@FEW
@given(problems())
def test_what_is_late_is_what_the_shares_leave_over(problem):
    found = arrivals(problem.period_days, problem.arcs.travel_d[problem.permissions.arc])
    on_time = np.zeros_like(problem.permissions.cost)
    within = found.arrives < problem.periods
    np.add.at(on_time, (found.item[within], found.departs[within]), found.share[within])

    np.testing.assert_allclose(on_time + after_the_end(problem), 1.0)


def test_faults_of_what_is_under_way_are_named_at_once():
    problem = coming(ship(), (0, [-1, 0, 0, 0], 0, 0), (0, [0, 0, 0, 0], -2, 0))
    arcs = replace(problem.arcs, travel_d=np.array([-1.0]))

    with pytest.raises(InvalidInput) as caught:
        plan(replace(problem, arcs=arcs))

    assert caught.value.facts["faults"] == (
        "arcs.travel_d: a value is negative",
        "under_way.permission: a permission stands twice",
        "under_way.amount: a value is negative",
        "under_way.after: a value is negative",
    )
