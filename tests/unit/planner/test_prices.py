"""Prices of limits against differences of the cost, and the same plan by every road of HiGHS."""

from dataclasses import replace

import highspy
import numpy as np
import pytest

from karvan.domain.errors import EngineError
from karvan.engines.planner.constraints import balance
from karvan.engines.planner.model import build
from karvan.engines.planner.solving import SolverOptions, hand_over, solve
from planner_cases import rich_problem

#: Cases of which each family of limits binds in one at least.
SEEDS = (4, 7, 8)
#: Rows of a family that are moved, and by how much of their unit.
ROWS, STEP = 3, 1e-4


@pytest.fixture(scope="module")
def models():
    return {seed: build(rich_problem(seed)) for seed in SEEDS}


@pytest.fixture(scope="module")
def answers(models):
    return {seed: solve(model, SolverOptions()) for seed, model in models.items()}


def dearest(model, answer):
    """The rows of each family whose prices are furthest from 0, by the name of the family."""
    found = {}
    for family, first in zip(model.families, model.first_row, strict=True):
        prices = np.abs(answer.row_prices[first : first + len(family.lower)])
        order = np.argsort(-prices, kind="stable")[:ROWS]
        found[family.family] = [first + int(row) for row in order if prices[row] > 1e-6]
    return found


def moved(model, row, change):
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    lower[row] += change
    upper[row] += change
    return replace(model, row_lower=lower, row_upper=upper)


def cost(model):
    """Infinite where there is no answer: one more that nobody has, one less than stays."""
    try:
        return solve(model, SolverOptions()).objective
    except EngineError:
        return np.inf


@pytest.mark.parametrize("seed", SEEDS)
def test_one_more_of_any_limit_costs_what_its_price_says(models, answers, seed):
    """The cost is convex in a limit: its price lies between the differences on both sides."""
    model, answer = models[seed], answers[seed]

    for family, rows in dearest(model, answer).items():
        for row in rows:
            price = answer.row_prices[row]
            less, more = (cost(moved(model, row, change)) for change in (-STEP, STEP))
            below, above = (answer.objective - less) / STEP, (more - answer.objective) / STEP
            assert below - 1e-4 <= price <= above + 1e-4, (family, str(model.name(row)))


def test_each_family_binds_somewhere(models, answers):
    bound = [dearest(models[seed], answers[seed]) for seed in SEEDS]

    never = {family for family in bound[0] if not any(each[family] for each in bound)}

    assert len(bound[0]) > 12
    assert balance.FAMILY in bound[0]
    assert never == set()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "options",
    [
        {"solver": "simplex", "simplex_strategy": 1, "presolve": "off"},
        {"solver": "simplex", "simplex_strategy": 4, "presolve": "off"},
        {"solver": "simplex", "simplex_scale_strategy": 0, "presolve": "on"},
        {"solver": "ipx", "run_crossover": "on", "presolve": "off"},
    ],
    ids=["dual", "primal", "unscaled", "interior"],
)
def test_the_cost_does_not_depend_on_how_highs_runs(models, answers, seed, options):
    highs = hand_over(models[seed], SolverOptions())
    for name, value in options.items():
        assert highs.setOptionValue(name, value) == highspy.HighsStatus.kOk

    highs.run()

    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert highs.getObjectiveValue() == pytest.approx(answers[seed].objective, rel=1e-7)
