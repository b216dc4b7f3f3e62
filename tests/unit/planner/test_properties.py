"""What no planning problem may break."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from karvan.domain.errors import EngineError, InvalidInput, LimitReached
from karvan.engines.planner.certificate import certify
from karvan.engines.planner.model import build
from karvan.engines.planner.plan import plan, read
from karvan.engines.planner.routes import routes
from karvan.engines.planner.solving import SolverOptions, cost_of_doing_nothing, solve
from karvan.engines.planner.verification import residuals
from planner_cases import large_problem, problem_of, problems

MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(MANY, max_examples=15)


@MANY
@given(problems())
def test_there_is_always_a_plan_that_holds_and_is_proven(problem):
    found = plan(problem)

    assert found.residuals.worst <= 1e-6
    assert found.certificate.holds()
    assert found.cost <= cost_of_doing_nothing(found.model) + 1e-6


@FEW
@given(problems())
def test_the_interior_method_costs_the_same(problem):
    found = plan(problem)
    try:
        again = plan(problem, SolverOptions(method="interior"))
    except EngineError as error:
        # HiGHS may end a tiny problem with the simplex, which is told and no answer of this method.
        assume(error.facts.get("ran") != "simplex")
        raise

    assert again.cost == pytest.approx(found.cost, rel=1e-7, abs=1e-6)


@FEW
@given(problems(), st.data())
def test_a_worse_world_never_costs_less(problem, data):
    arc = data.draw(st.integers(0, len(problem.arcs.ids) - 1))
    capacity = problem.arcs.capacity.copy()
    capacity[arc] = 0

    closed = replace(problem, arcs=replace(problem.arcs, capacity=capacity))

    assert plan(closed).cost >= plan(problem).cost - 1e-6


@FEW
@given(problems())
def test_the_order_of_arcs_and_permissions_does_not_matter(problem):
    order = np.arange(len(problem.permissions.arc))[::-1]
    perms = problem.permissions
    turned = replace(
        problem,
        permissions=replace(
            perms,
            arc=perms.arc[order],
            commodity=perms.commodity[order],
            cost=perms.cost[order],
            use=perms.use[order],
            loss=perms.loss[order],
            cost_at_end=perms.cost_at_end[order],
        ),
        **{
            name: replace(
                part, uses=replace(part.uses, permission=len(order) - 1 - part.uses.permission)
            )
            for name in ("joints", "fleets", "contracts", "blends")
            for part in [getattr(problem, name)]
        },
        line_fills=replace(
            problem.line_fills, permission=len(order) - 1 - problem.line_fills.permission
        ),
        under_way=replace(
            problem.under_way, permission=len(order) - 1 - problem.under_way.permission
        ),
    )

    assert plan(turned).cost == pytest.approx(plan(problem).cost, rel=1e-9, abs=1e-6)


@MANY
@given(problems())
def test_the_routes_add_up_to_the_flows(problem):
    found = plan(problem)

    told = np.zeros_like(found.flow)
    arcs = {name: a for a, name in enumerate(problem.arcs.ids)}
    months = {name: t for t, name in enumerate(problem.period_ids)}
    goods = {name: k for k, name in enumerate(problem.commodity_ids)}
    at = {
        (a, k): p
        for p, (a, k) in enumerate(
            zip(problem.permissions.arc, problem.permissions.commodity, strict=True)
        )
    }
    for way in routes(found):
        for arc, month, amount in zip(way.arcs, way.departures, way.entering, strict=True):
            told[at[arcs[arc], goods[way.commodity]], months[month]] += amount

    np.testing.assert_allclose(told, found.flow, atol=1e-6)


def simple():
    return problem_of(
        [("a", "x", "y", 10, 1), ("b", "y", "z", 10, 1)],
        [("x", 20, 5)],
        [("z", 15, 50)],
        stocks=[("y", 4, 1)],
    )


GOOD = {
    "flow": [9.0, 10.0], "stock": [0.0], "shut_in": [11.0], "unserved": [5.0], "cost": 324.0
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "breach"),
    [
        ({}, None),
        ({"flow": [9.5, 10.0]}, "conservation"),
        ({"flow": [11.0, 12.0], "shut_in": [9.0], "unserved": [3.0]}, "capacity"),
        ({"flow": [9.0, 5.0], "stock": [5.0], "unserved": [10.0]}, "stock"),
        ({"flow": [-1.0, 0.0], "shut_in": [21.0], "unserved": [15.0]}, "left_behind"),
        ({"cost": 300.0}, "cost"),
    ],
)
def test_the_second_reading_finds_each_breach(wrong, breach):
    found = residuals(simple(), **{**GOOD, **wrong}).as_facts()

    assert {name for name, size in found.items() if size > 1e-9} >= ({breach} if breach else set())
    if breach is None:
        assert max(found.values()) == 0


def test_an_answer_that_is_not_optimal_is_not_taken():
    """A solver that said "Optimal" for a plan 1 % too dear would be found out."""
    model = build(simple())
    answer = solve(model, SolverOptions())
    dear = replace(answer, values=answer.values.copy())
    dear.values[0] -= 1
    dear.values[1] -= 1
    dear.values[model.columns.shut_in] += 1
    dear.values[model.columns.unserved] += 1

    assert certify(model, dear.values, dear.row_prices).gap > 0.01
    with pytest.raises(EngineError) as caught:
        read(model, dear)
    assert caught.value.facts["gap"] > 0.01


def test_a_limit_of_time_tells_the_gap():
    with pytest.raises(LimitReached) as caught:
        plan(large_problem(), SolverOptions(time_limit_s=0.0))

    assert caught.value.exit_status == 3
    facts = caught.value.facts
    assert facts["lower_bound"] <= facts["cost_of_doing_nothing"]
    assert facts["gap"] > 0


def test_every_fault_of_a_problem_is_named_at_once():
    good = simple()
    wrong = replace(
        good,
        period_days=np.array([0.0]),
        arcs=replace(good.arcs, tail=np.array([0, 7])),
        demands=replace(good.demands, amount=np.array([[-1.0]])),
        stocks=replace(good.stocks, initial=np.array([9.0])),
    )

    with pytest.raises(InvalidInput) as caught:
        plan(wrong)

    assert caught.value.facts["faults"] == (
        "period_days: a value is not above 0",
        "arcs.tail: a number outside 0 to 2",
        "demands.amount: a value is negative",
        "stocks.initial: more than the limit",
    )
