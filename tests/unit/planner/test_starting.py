"""A start by periods leads to the cost that a solve from nothing finds."""

import highspy
import numpy as np
import pytest
from hypothesis import given, settings

from karvan.engines.planner.certificate import certify
from karvan.engines.planner.model import build
from karvan.engines.planner.problem import Contracts
from karvan.engines.planner.solving import SolverOptions, solve
from karvan.engines.planner.starting import basis_by_periods, periods_of, solve_by_periods
from planner_cases import indices, large_problem, problem_of, problems, rich_problem, uses

OPTIONS = SolverOptions()


@settings(max_examples=25)
@given(problem=problems())
def test_the_cost_is_that_of_a_solve_from_nothing(problem):
    model = build(problem)

    answer, *_ = solve_by_periods(model, OPTIONS)

    assert certify(model, answer.values, answer.row_prices).holds()
    assert answer.objective == pytest.approx(solve(model, OPTIONS).objective, rel=1e-9, abs=1e-6)


def test_little_is_left_to_do():
    model = build(large_problem())

    answer, *_ = solve_by_periods(model, OPTIONS)

    assert answer.iterations < solve(model, SolverOptions(presolve=False)).iterations / 3


@pytest.mark.parametrize("seed", [1, 2])
def test_no_column_has_an_entry_in_an_earlier_period(seed):
    """So that bases of the periods are a basis of the whole; every family is there."""
    model = build(rich_problem(seed))

    row, column = periods_of(model)

    entries = model.matrix.tocoo()
    assert (row[entries.row] >= column[entries.col]).all()
    assert len(np.unique(row)) == len(np.unique(column)) == model.columns.periods


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_basis_has_as_many_columns_as_rows(seed):
    model = build(rich_problem(seed))

    found = basis_by_periods(model, OPTIONS)

    if found is not None:
        basic = highspy.HighsBasisStatus.kBasic
        assert [*found.col_status, *found.row_status].count(basic) == model.matrix.shape[0]


def test_a_cap_that_the_first_periods_have_used_up_is_no_obstacle():
    """Each period by itself would take the cheap way, and the cap is over all of them."""
    cap = Contracts(
        ids=("cap",),
        unit=("t",),
        first=indices([0]),
        last=indices([1]),
        least=np.zeros(1),
        price=np.zeros(1),
        most=np.array([6.0]),
        uses=uses((0, 0, 1)),
    )
    model = build(
        problem_of(
            [("cheap", "x", "y", 9, 1), ("dear", "x", "y", 9, 2)],
            [("x", 5, 9)],
            [("y", 5, 9)],
            periods=2,
            contracts=cap,
        )
    )

    answer, *_ = solve_by_periods(model, OPTIONS)

    assert answer.objective == pytest.approx(6 * 1 + 4 * 2)
