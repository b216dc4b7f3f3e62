"""The second reading against a solver that was not told of a limit: it must find that one."""

from dataclasses import replace

import numpy as np
import pytest

from karvan.domain.errors import EngineError
from karvan.engines.planner.model import build
from karvan.engines.planner.plan import read
from karvan.engines.planner.solving import SolverOptions, solve
from planner_cases import filling, problem_of, rich_problem

#: What is told of a plan that breaks rows of a family.
FOUND = {
    "balance": "conservation",
    "arc capacity": "capacity",
    "joint capacity": "joint",
    "fleet hours": "fleet_hours",
    "tank room": "tank",
    "minimum throughput": "cost",
    "ramp": "ramp",
    "contract minimum": "cost",
    "contract cap": "contract_cap",
    "blend": "blend",
    "line fill": "line_fill",
    "line kept full": "line_fill",
    "line delivers": "line_fill",
    "line filled first": "line_fill",
    "line filled before": "line_fill",
    "under way": "under_way",
}
#: Families whose rows are told as they stand in the matrix, so that breaches are as large.
AS_LARGE = {
    "arc capacity",
    "joint capacity",
    "fleet hours",
    "tank room",
    "contract cap",
    "blend",
}
#: Room for what has no bound without its limit.
ROOM = 1e3


#: Cases in which a plan without the rows of a family costs less.
SEEDS = {
    **dict.fromkeys(FOUND, 4),
    "joint capacity": 8,
    "fleet hours": 7,
    "contract minimum": 7,
    "under way": 7,
    "line fill": 14,
    "line kept full": 127,
    "line filled first": 0,
}


def late():
    """Nothing is there until the second period: a line of 15 t cannot be full when that begins."""
    made = problem_of(
        [("line", "field", "port", 20, 1)],
        supply=[("field", [0, 20, 20], 1)],
        demand=[("port", 99, 50)],
        periods=3,
    )
    return filling(made, ("line", 15.0, {}, 0.0))


def case(family):
    return build(late() if family == "line filled before" else rich_problem(SEEDS[family]))


def breach(model, answer):
    with pytest.raises(EngineError) as caught:
        read(model, answer)
    return caught.value.facts


@pytest.mark.parametrize("family", FOUND)
def test_a_limit_that_the_solver_forgot_is_found(family):
    model = case(family)
    number = [each.family for each in model.families].index(family)
    rows = model.first_row[number] + np.arange(len(model.families[number].lower))
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    lower[rows] -= ROOM
    upper[rows] += ROOM
    answer = solve(replace(model, row_lower=lower, row_upper=upper), SolverOptions())

    facts = breach(model, answer)

    assert facts[FOUND[family]] > 1e-6
    if family in AS_LARGE:
        excess = (model.matrix @ answer.values - model.row_upper)[rows]
        worst = (excess / np.maximum(1.0, np.abs(model.row_upper[rows]))).max()
        assert facts[FOUND[family]] == pytest.approx(worst)


@pytest.mark.parametrize(
    ("block", "beyond", "found"),
    [("stock", "shut_in", "stock"), ("shut_in", "below", "left_behind")],
)
def test_an_amount_beyond_what_there_is_is_found(block, beyond, found):
    model = case("arc capacity")
    most, cost = model.most.copy(), model.cost.copy()
    inside = slice(getattr(model.columns, block), getattr(model.columns, beyond))
    most[inside] += ROOM
    cost[inside] -= ROOM  # So that it is worth while.

    facts = breach(model, solve(replace(model, most=most, cost=cost), SolverOptions()))

    assert facts[found] > 1e-6
