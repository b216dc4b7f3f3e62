"""Outages of a large plan, solved by parts, cost what the simplex says; the small ones here too."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from karvan.domain.errors import EngineError
from karvan.engines.planner import cases, sifted_cases
from karvan.engines.planner.case import Case
from karvan.engines.planner.cases import solve_cases
from karvan.engines.planner.model import build
from karvan.engines.planner.outages import fleet_outage, joint_outage, outage
from karvan.engines.planner.sifted_cases import begun, shut
from karvan.engines.planner.solving import SolverOptions
from planner_cases import large_problem, problem_of, problems, rich_problem

SIFTING, SIMPLEX = SolverOptions(method="sifting"), SolverOptions(method="simplex")
FEW = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


def costs(model, asked, options, **more):
    return [found.cost for found in solve_cases(model, asked, options, **more)[1]]


@pytest.fixture(scope="module")
def model():
    return build(large_problem())


@pytest.fixture(scope="module")
def used(model):
    """Outages of arcs that something uses, or some of them."""
    base, _ = solve_cases(model, [], SIMPLEX)
    flow = base.values[: model.columns.stock].reshape(len(model.problem.permissions.arc), -1)
    arcs = np.unique(model.problem.permissions.arc[flow.max(axis=1) > 1.0])
    return [outage(model, model.problem.arcs.ids[arc]) for arc in arcs[::8]]


@FEW
@given(problems())
def test_every_outage_costs_what_the_simplex_says(problem):
    """Limits of nothing and without end, stocks, lags and prices that are equal are among them."""
    model = build(problem)
    asked = [outage(model, arc) for arc in problem.arcs.ids]

    found = costs(model, asked, SIFTING)

    assert found == pytest.approx(costs(model, asked, SIMPLEX), rel=1e-7, abs=1e-5)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_family_of_limits_and_every_kind_of_outage(seed):
    problem = rich_problem(seed)
    model = build(problem)
    asked = [outage(model, arc, left) for arc in problem.arcs.ids[:6] for left in (0.0, 0.5)]
    asked += [fleet_outage(model, "ships", 0.5), joint_outage(model, "port")]

    found = costs(model, asked, SIFTING)

    assert found == pytest.approx(costs(model, asked, SIMPLEX), rel=1e-7)


def test_a_large_model_is_solved_by_parts_and_proven(model, used, monkeypatch):
    oracle = costs(model, used, SolverOptions())
    monkeypatch.setattr(cases, "LARGE", model.columns.count)

    base, results = solve_cases(model, used, SolverOptions())
    found = list(results)

    assert base.ran == "sifting"
    assert {each.how for each in found} <= {"warm", "kept"}
    assert sum(each.checked_cold for each in found) == 1
    assert all(each.certificate.holds(gap=1e-8) for each in found)
    assert [each.cost for each in found] == pytest.approx(oracle, rel=1e-7)


def test_the_order_of_cases_does_not_matter(model, used):
    forward, back = (
        {each.id: each.cost for each in solve_cases(model, order, SIFTING)[1]}
        for order in (used, used[::-1])
    )

    assert forward == back


def test_what_no_part_proves_goes_to_the_simplex_or_is_solved_from_nothing(
    model, used, monkeypatch
):
    oracle = costs(model, used[:2], SIMPLEX)
    whole = begun(model, SIFTING)
    monkeypatch.setattr(sifted_cases, "sifted", lambda *_: (None, 600.0))

    base, _ = solve_cases(model, [], SIFTING)
    answer, proof, how = whole.warm(used[1])

    assert base.ran != "sifting"
    monkeypatch.setattr(sifted_cases, "VAST", 0)
    assert begun(model, SIFTING).base.ran == "interior"
    assert (how, answer.ran) == ("cold", "interior")
    assert proof.cost == pytest.approx(oracle[1], rel=1e-7)


def test_a_warm_answer_that_cold_contradicts_is_an_error(model, used, monkeypatch):
    honest = sifted_cases.Sifted.warm

    def lying(self, case):
        answer, proof, how = honest(self, case)
        return answer, replace(proof, cost=proof.cost * (1 + 1e-6)), how

    monkeypatch.setattr(sifted_cases.Sifted, "warm", lying)

    with pytest.raises(EngineError, match="warm and cold disagree"):
        costs(model, used[:1], SIFTING, check_share=1.0)


def test_only_what_can_carry_nothing_is_shut():
    model = build(
        problem_of(
            [("a", "x", "y", 9, 1), ("b", "x", "y", np.inf, 1), ("c", "x", "y", 9, 2)],
            [("x", 9, 3)],
            [("y", 9, 9)],
        )
    )
    most = np.array([0.0])
    balance = Case(id="balance", rows=np.array([0], np.int32), upper=np.zeros(1))
    stuck = Case(id="stuck", columns=np.array([3], np.int32), most=most)

    assert np.flatnonzero(shut(model, outage(model, "a"))).tolist() == [0]
    assert np.flatnonzero(shut(model, outage(model, "b"))).tolist() == [1]
    assert not shut(model, outage(model, "c", 0.5)).any()
    assert np.flatnonzero(shut(model, stuck)).tolist() == [3]
    gives = (model.matrix[[0]] < 0).sum() > 0
    assert shut(model, balance).any() != gives
