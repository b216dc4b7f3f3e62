"""Plans that differ in amounts alone, each begun where the first of its shape ended."""

from dataclasses import replace

import numpy as np
import pytest

from karvan.domain.errors import EngineError
from karvan.engines.planner import series
from karvan.engines.planner.plan import plan
from karvan.engines.planner.series import NONE, Recorder, Warm
from planner_cases import large_problem, rich_problem


def moved(problem, share):
    """The same with other amounts and costs."""
    supplies, permissions = problem.supplies, problem.permissions
    return replace(
        problem,
        supplies=replace(supplies, amount=supplies.amount * share),
        permissions=replace(permissions, cost=permissions.cost * (2 - share)),
    )


@pytest.fixture(scope="module")
def problem():
    return large_problem()


@pytest.fixture(scope="module")
def starts(problem):
    recorder = Recorder()
    recorder.plan(problem)
    return recorder.starts


@pytest.mark.parametrize("share", [0.6, 0.93, 1.0, 1.2])
def test_a_warm_plan_costs_what_a_cold_one_costs_in_fewer_steps(problem, starts, share):
    asked = moved(problem, share)
    cold = plan(asked)

    found = Warm(starts=starts, checked=0.0).plan(asked)

    assert found.certificate.holds(gap=1e-9)
    assert found.cost == pytest.approx(cold.cost, rel=1e-9)
    assert found.iterations < cold.iterations


def test_what_was_planned_before_changes_nothing(problem, starts):
    warm = Warm(starts=starts)
    first = warm.plan(moved(problem, 0.9))
    warm.plan(moved(problem, 0.5))

    again = warm.plan(moved(problem, 0.9))

    assert np.array_equal(first.values, again.values)
    assert np.array_equal(first.row_prices, again.row_prices)


def test_another_shape_is_solved_from_nothing(problem, starts):
    other = rich_problem(1)
    assert Warm(starts=starts).plan(other).cost == pytest.approx(plan(other).cost)
    assert Warm(starts=NONE).plan(problem).cost == pytest.approx(plan(problem).cost)


def test_a_warm_answer_that_is_too_dear_is_not_believed(problem, starts, monkeypatch):
    honest, told = series.run, []

    def dear(highs, model, options):
        found = honest(highs, model, options)
        told.append(found.objective)
        return replace(found, values=found.values * (1 + 1e-6))

    monkeypatch.setattr(series, "run", dear)
    asked = moved(problem, 0.8)

    found = Warm(starts=starts, checked=0.0).plan(asked)

    assert told
    assert found.cost == pytest.approx(plan(asked).cost, rel=1e-9)


def test_a_share_is_solved_from_nothing_and_must_cost_the_same(problem, starts, monkeypatch):
    honest = series.answer
    cold = []

    def other(model, options):
        found = honest(model, options)
        cold.append(found)
        return replace(found, objective=found.objective + 1.0)

    monkeypatch.setattr(series, "answer", other)
    with pytest.raises(EngineError, match="warm and cold disagree"):
        Warm(starts=starts, checked=1.0).plan(moved(problem, 0.8))
    assert len(cold) == 1
    Warm(starts=starts, checked=0.0).plan(moved(problem, 0.8))
    assert len(cold) == 1
