"""Outages solved warm cost what they cost cold, and need no belief."""

from dataclasses import replace

import numpy as np
import pytest

from karvan.domain.errors import EngineError, InvalidInput
from karvan.engines.planner import cases as planner_cases_module
from karvan.engines.planner.cases import solve_cases
from karvan.engines.planner.model import build
from karvan.engines.planner.outages import outage
from karvan.engines.planner.plan import plan
from karvan.engines.planner.solving import SolverOptions
from planner_cases import large_problem, problem_of

OPTIONS = SolverOptions()


@pytest.fixture(scope="module")
def model():
    return build(large_problem())


@pytest.fixture(scope="module")
def solved(model):
    base, results = solve_cases(model, [outage(model, arc) for arc in ARCS], OPTIONS)
    return base, list(results)


ARCS = [f"a{i}" for i in range(0, 90, 4)]


def test_every_outage_costs_what_the_problem_without_the_arc_costs(model, solved):
    """The peer has the arc closed in the problem itself, and is built and solved anew."""
    for found in solved[1]:
        arcs = model.problem.arcs
        capacity = arcs.capacity.copy()
        capacity[arcs.ids.index(found.id)] = 0
        closed = replace(model.problem, arcs=replace(arcs, capacity=capacity))

        assert found.cost == pytest.approx(plan(closed).cost, rel=1e-9)


def test_only_arcs_that_carry_something_are_solved(model, solved):
    base, results = solved
    flow = base.values[: model.columns.stock].reshape(len(model.problem.permissions.arc), -1)
    used = {
        model.problem.arcs.ids[model.problem.permissions.arc[p]]
        for p in np.flatnonzero(flow.max(axis=1) > 1e-9)
    }

    assert {found.id for found in results if found.how == "warm"} == used & set(ARCS)
    assert {found.how for found in results} == {"kept", "warm"}
    assert sum(found.checked_cold for found in results) >= 1


def test_the_order_of_cases_does_not_matter(model, solved):
    turned = [outage(model, arc) for arc in reversed(ARCS)]

    again = {found.id: found.cost for found in solve_cases(model, turned, OPTIONS)[1]}

    assert again == pytest.approx({found.id: found.cost for found in solved[1]}, rel=1e-12)


def test_a_share_that_is_left_by_period(model):
    half = outage(model, "a4", np.array([1, 1, 0.5, 0.5, 0, 1]))

    assert half.upper.tolist() == pytest.approx(
        (model.problem.arcs.capacity[4] * [1, 1, 0.5, 0.5, 0, 1]).tolist()
    )


def test_a_wrong_warm_answer_is_found_by_its_certificate_and_solved_cold(model, monkeypatch):
    """As HiGHS did in its issue 3194: "Optimal", and too dear by a millionth."""
    honest = planner_cases_module.run
    _, results = solve_cases(model, [outage(model, arc) for arc in ARCS], OPTIONS, check_share=0)

    def lying(highs, model, options):
        answer = honest(highs, model, options)
        first, last = model.columns.shut_in, model.columns.unserved
        values = answer.values.copy()
        values[first + int(values[first:last].argmax())] *= 1 - 1e-5
        return replace(answer, values=values)

    monkeypatch.setattr(planner_cases_module, "run", lying)

    assert {found.how for found in results} == {"cold", "kept"}


def test_a_warm_answer_that_keeps_to_all_limits_and_is_too_dear_by_little_is_found(
    model, monkeypatch
):
    """As in issue 3194 of HiGHS: 1.1e-7 too dear, no limit broken, the prices right."""
    honest = planner_cases_module.run
    _, results = solve_cases(model, [outage(model, arc) for arc in ARCS], OPTIONS, check_share=0)
    idle = model.most.copy()
    idle[: model.columns.shut_in] = 0.0  # stocks are empty before the first period

    def lying(highs, asked, options):
        answer = honest(highs, asked, options)
        share = 1.1e-7 * answer.objective / (model.cost @ idle - answer.objective)
        return replace(answer, values=(1 - share) * answer.values + share * idle)

    monkeypatch.setattr(planner_cases_module, "run", lying)
    found = list(results)

    assert {each.how for each in found} == {"cold", "kept"}
    assert all(abs(each.certificate.gap) <= 1e-9 for each in found)


def test_a_warm_answer_that_cold_contradicts_is_an_error(model, monkeypatch):
    """Were both the answer and its certificate wrong, the sample that is solved cold would tell."""
    honest = planner_cases_module._warm

    def lying(*arguments):
        answer, proof, how = honest(*arguments)
        return answer, replace(proof, cost=proof.cost * (1 + 1e-6)), how

    monkeypatch.setattr(planner_cases_module, "_warm", lying)
    cases = [outage(model, arc) for arc in ARCS]

    with pytest.raises(EngineError, match="warm and cold disagree"):
        list(solve_cases(model, cases, OPTIONS, check_share=1.0)[1])


def test_what_cannot_be_a_case_is_refused(model):
    free = build(problem_of([("a", "x", "y", np.inf, 1)], [("x", 1, 1)], [("y", 1, 9)]))

    with pytest.raises(InvalidInput, match="no limit of this kind"):
        outage(free, "a", 0.5)
    with pytest.raises(InvalidInput, match="between 0 and 1"):
        outage(model, "a0", 1.5)
    with pytest.raises(InvalidInput, match="simplex"):
        solve_cases(model, [], SolverOptions(method="interior"))
