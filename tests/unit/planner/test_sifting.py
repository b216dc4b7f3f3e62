"""Large plans by parts of their columns: the same cost as the simplex, and proven each time."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from karvan.domain.errors import EngineError, InvalidInput, LimitReached
from karvan.engines.planner import methods, sifting
from karvan.engines.planner.certificate import certify, lower_bound
from karvan.engines.planner.first_order import Estimate, estimate
from karvan.engines.planner.model import build
from karvan.engines.planner.plan import plan
from karvan.engines.planner.potentials import Ways, settled
from karvan.engines.planner.sifting import priced_in, sift
from karvan.engines.planner.solving import SolverOptions, hand_over, run, solve
from planner_cases import large_problem, problem_of, problems, rich_problem

SIFTING = SolverOptions(method="sifting")
FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def model():
    return build(large_problem())


@pytest.fixture(scope="module")
def cheapest(model):
    return solve(model, SolverOptions(method="simplex"))


def without_the_whole(monkeypatch):
    """Solving the whole problem is a fault."""

    def refused(*_):
        raise EngineError("the whole problem was solved")

    monkeypatch.setattr(sifting, "solve", refused)


@FEW
@given(problems())
def test_any_plan_costs_the_same_and_is_proven(problem):
    found = plan(problem, SIFTING)

    assert found.certificate.holds()
    assert found.cost == pytest.approx(plan(problem).cost, rel=2e-6, abs=1e-5)


@pytest.mark.parametrize("seed", range(4))
def test_every_family_of_limits_is_sifted_without_the_whole_problem(seed, monkeypatch):
    without_the_whole(monkeypatch)
    found = plan(rich_problem(seed), SIFTING)

    assert found.solver.endswith(" sifting")
    assert found.cost == pytest.approx(plan(rich_problem(seed)).cost, rel=2e-6)


def test_few_columns_are_asked_about_and_the_proof_is_of_all(model, cheapest, monkeypatch):
    without_the_whole(monkeypatch)
    asked = []
    part = sifting._solve_part
    monkeypatch.setattr(
        sifting, "_solve_part", lambda m, known, *more: asked.append(known) or part(m, known, *more)
    )

    found = sift(model, SIFTING)

    assert max(known.sum() for known in asked) < 0.75 * model.columns.count
    assert certify(model, found.values, found.row_prices).holds(gap=5e-7)
    assert found.objective == pytest.approx(cheapest.objective, rel=1e-6)


def test_a_bad_guess_costs_rounds_and_no_truth(model, cheapest, monkeypatch):
    nothing = Estimate(
        values=np.zeros(model.columns.count), row_prices=np.zeros(len(model.row_lower)), steps=0
    )
    monkeypatch.setattr(sifting, "estimate", lambda _: nothing)

    found = sift(model, SIFTING)

    assert certify(model, found.values, found.row_prices).holds()
    assert found.objective == pytest.approx(cheapest.objective, rel=1e-6)


def test_without_rounds_the_whole_problem_is_solved(model, cheapest, monkeypatch):
    monkeypatch.setattr(sifting, "ROUNDS", 0)
    found = sift(model, SIFTING)

    assert found.ran == "interior"
    assert found.objective == pytest.approx(cheapest.objective, rel=1e-6)


def test_prices_priced_in_prove_no_more_than_the_cost(model, cheapest):
    prices = estimate(model).row_prices
    bound = lower_bound(model, priced_in(model, prices))

    assert bound <= cheapest.objective * (1 + 1e-9)
    assert bound >= cheapest.objective * 0.98
    assert lower_bound(model, priced_in(model, np.zeros_like(prices))) >= 0


@pytest.mark.parametrize("by", [50, -50])
def test_prices_that_are_free_at_the_nodes_are_found_again(by):
    """Nothing goes by the siding, so its price may be anything that makes no way look cheap."""
    model = build(
        problem_of(
            [
                ("line", "field", "port", 10, 3),
                ("in", "field", "siding", np.inf, 1),
                ("out", "siding", "port", np.inf, 5),
            ],
            [("field", 8, 20)],
            [("port", 9, 50)],
        )
    )
    cheapest = solve(model, SolverOptions(method="simplex"))
    spoilt = cheapest.row_prices.copy()
    spoilt[[model.name(row).asset for row in range(3)].index("siding oil")] += by
    everything = np.ones(model.columns.count, bool)

    mended = settled(model, Ways.of(model), cheapest.values, spoilt, spoilt, everything)

    assert not certify(model, cheapest.values, spoilt).holds()
    assert certify(model, cheapest.values, mended).holds()


def test_large_models_are_sifted_and_small_ones_not(model, monkeypatch):
    assert methods.answer(model, SolverOptions()).ran == "simplex"
    monkeypatch.setattr(methods, "LARGE", model.columns.count)
    monkeypatch.setattr(methods, "LONG", 0.0)
    assert methods.answer(model, SolverOptions()).ran == "sifting"
    assert methods.answer(model, SolverOptions(method="interior")).ran == "interior"


@pytest.mark.parametrize(("steps", "ran"), [(10**6, {"simplex"}), (3, {"sifting", "interior"})])
def test_a_long_model_is_tried_with_the_simplex_and_sifted_when_its_steps_do_not_do(
    model, cheapest, monkeypatch, steps, ran
):
    def limited(highs, *arguments):
        highs.setOptionValue("simplex_iteration_limit", steps)
        return run(highs, *arguments)

    monkeypatch.setattr(methods, "LARGE", 1)
    monkeypatch.setattr(methods, "LONG", model.columns.count)
    monkeypatch.setattr(methods, "run", limited)

    found = methods.answer(model, SolverOptions())

    assert found.ran in ran
    assert found.objective == pytest.approx(cheapest.objective, rel=2e-6)
    with pytest.raises(LimitReached):
        methods.answer(model, SolverOptions(time_limit_s=0.0))


def test_the_limit_of_time_is_an_error_with_a_bound(model, cheapest):
    with pytest.raises(LimitReached) as refused:
        sift(model, replace(SIFTING, time_limit_s=0.0))

    assert refused.value.facts["lower_bound"] <= cheapest.objective * (1 + 1e-9)


def test_sifting_is_not_handed_over_whole(model):
    with pytest.raises(InvalidInput):
        hand_over(model, SIFTING)
