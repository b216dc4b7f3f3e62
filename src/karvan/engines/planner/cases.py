"""Many cases of one model, each with other limits: an outage a case, solved warm.

A model of some ten thousand columns is solved with the simplex, a large one by parts, see
`sifted_cases`. For the simplex HiGHS keeps one model. For each case the upper limits of some rows
are changed, the basis of the base case is set again, the dual simplex runs, and the limits are put
back. Restoring the basis makes a case independent of those before it, so order and number of
workers change nothing.

**A case that needs no solve.** If a case only lowers limits and the plan of the base case keeps
to them, then that plan is still the cheapest: every plan of the case is one of the base case. So
an outage of an arc that nothing uses costs nothing, proven.

**Warm answers are not believed.** HiGHS has called a warm answer optimal that was not (its issue
3194). Each is certified by its own prices as a plan is, a thousand times closer; one that fails
is solved again cold, that is from nothing: nothing of the base case is used. A share of the others,
drawn by the seed, is solved cold as well, by another method than the warm one, and must agree.

Ranking cases by `cost` does not depend on which of several cheapest plans was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import highspy
import numpy as np

from karvan.domain.errors import EngineError, InvalidInput
from karvan.engines.planner.case import AGREES, GAP, Case
from karvan.engines.planner.certificate import Certificate, certify
from karvan.engines.planner.methods import LARGE
from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.solving import Answer, SolverOptions, run
from karvan.engines.planner.starting import solve_by_periods


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What a case costs.

    Attributes
    ----------
    how
        `kept`: proven to cost what the base case costs; `warm` (from the base case) or `cold`:
        solved so.
    checked_cold
        It was solved warm and drawn to be solved cold too, with the same cost.
    values, row_prices
        (columns,) of the plan found, and (rows,) the prices that prove it.
    """

    id: str
    cost: float
    how: str
    iterations: int
    checked_cold: bool
    certificate: Certificate
    values: Floats
    row_prices: Floats


def solve_cases(
    model: Model,
    cases: Sequence[Case],
    options: SolverOptions,
    *,
    check_share: float = 0.05,
) -> tuple[Answer, Iterator[CaseResult]]:
    """Solve the base case, and the others as they are asked for, in their order.

    Parameters
    ----------
    check_share
        Share of the cases solved warm that are solved cold too, at least one.

    Raises
    ------
    InvalidInput
        The method is neither the simplex nor sifting: nothing of the base case can be kept.
    EngineError
        Warm and cold disagree, or no certificate holds.
    LimitReached
        The base case or a case came to the time limit, which counts for each anew.
    """
    if options.method not in {"choose", "simplex", "sifting"}:
        raise InvalidInput("cases are solved with the simplex method", method=options.method)
    means = _means(model, options)
    return means.base, _results(model, cases, means, options.seed, check_share)


class _Means(Protocol):
    """How the base case was solved, and cases are."""

    @property
    def base(self) -> Answer: ...

    def warm(self, case: Case) -> tuple[Answer, Certificate, str]: ...

    def cold(self, changed: Model) -> tuple[Answer, Certificate]: ...


def _means(model: Model, options: SolverOptions) -> _Means:
    """Solve the base case: by parts when it is large or asked for, otherwise by the simplex."""
    large = options.method == "choose" and model.columns.count >= LARGE
    if large or options.method == "sifting":
        # What small plans need not wait for: the compiler of numba is loaded with it.
        from karvan.engines.planner.sifted_cases import begun

        found = begun(model, options)
        if found is not None:
            return found
    return _by_simplex(model, replace(options, method="simplex"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Simplex:
    """HiGHS with the model and the basis of the base case, from which each case begins."""

    model: Model
    options: SolverOptions
    base: Answer
    highs: highspy.Highs
    basis: highspy.HighsBasis

    def warm(self, case: Case) -> tuple[Answer, Certificate, str]:
        return _warm(self.model, case, self.options, self.highs, self.basis)

    def cold(self, changed: Model) -> tuple[Answer, Certificate]:
        return _cold(changed, self.options)


def _by_simplex(model: Model, options: SolverOptions) -> _Simplex:
    base, highs, basis = solve_by_periods(model, options)
    _certified(model, base)
    for name, value in (("presolve", "off"), ("simplex_strategy", 1)):
        highs.setOptionValue(name, value)
    return _Simplex(model=model, options=options, base=base, highs=highs, basis=basis)


def _results(
    model: Model, cases: Sequence[Case], means: _Means, seed: int, check_share: float
) -> Iterator[CaseResult]:
    base = means.base
    carried = model.matrix @ base.values
    needs = [not keeps_to(model, case, base.values, carried) for case in cases]
    checked = _drawn(needs, seed, check_share)
    proof_of_base = certify(model, base.values, base.row_prices)
    for number, case in enumerate(cases):
        if not needs[number]:
            yield _result(case, "kept", proof_of_base, replace(base, iterations=0))
            continue
        answer, proof, how = means.warm(case)
        again = number in checked and how == "warm"
        if again:
            _compare(means, case.applied(model), case.id, proof)
        yield replace(_result(case, how, proof, answer), checked_cold=again)


def _drawn(needs: Sequence[bool], seed: int, share: float) -> set[int]:
    """Numbers of the cases that are solved cold too."""
    to_solve = np.flatnonzero(needs)
    count = min(len(to_solve), max(1, round(share * len(to_solve)))) if share else 0
    draws = np.random.default_rng(seed)
    return set(draws.choice(to_solve, count, replace=False).tolist())


def _result(case: Case, how: str, proof: Certificate, answer: Answer) -> CaseResult:
    return CaseResult(
        id=case.id,
        cost=proof.cost,
        how=how,
        iterations=answer.iterations,
        checked_cold=False,
        certificate=proof,
        values=answer.values,
        row_prices=answer.row_prices,
    )


def keeps_to(model: Model, case: Case, values: Floats, carried: Floats | None = None) -> bool:
    """Whether a case only lowers limits, and a plan keeps to them.

    If the plan is a cheapest one of the model, it then is one of the case.

    Parameters
    ----------
    values, carried
        (columns,) of the plan, and (rows,) what it takes of each, where that is known.
    """
    carried = model.matrix @ values if carried is None else carried
    lowered = (case.upper <= model.row_upper[case.rows]).all() and (
        case.most <= model.most[case.columns]
    ).all()
    within = (carried[case.rows] <= case.upper + 1e-9).all() and (
        values[case.columns] <= case.most + 1e-9
    ).all()
    return bool(lowered and within)


def _warm(
    model: Model,
    case: Case,
    options: SolverOptions,
    highs: highspy.Highs,
    basis: highspy.HighsBasis,
) -> tuple[Answer, Certificate, str]:
    changed = case.applied(model)
    _limit(highs, changed, case)
    highs.setBasis(basis)
    try:
        answer = run(highs, changed, options)
    finally:
        _limit(highs, model, case)
    proof = certify(changed, answer.values, answer.row_prices)
    if proof.holds(gap=GAP):
        return answer, proof, "warm"
    answer, proof = _cold(changed, options)
    return answer, proof, "cold"


def _limit(highs: highspy.Highs, model: Model, case: Case) -> None:
    for row in case.rows.tolist():
        highs.changeRowBounds(row, model.row_lower[row], model.row_upper[row])
    for column in case.columns.tolist():
        highs.changeColBounds(column, 0.0, model.most[column])


def _cold(changed: Model, options: SolverOptions) -> tuple[Answer, Certificate]:
    answer, *_ = solve_by_periods(changed, options)
    return answer, _certified(changed, answer)


def _certified(model: Model, answer: Answer) -> Certificate:
    proof = certify(model, answer.values, answer.row_prices)
    if not proof.holds():
        raise EngineError("what the solver calls optimal does not hold", gap=proof.gap)
    return proof


def _compare(means: _Means, changed: Model, name: str, warm: Certificate) -> None:
    _, cold = means.cold(changed)
    if abs(cold.cost - warm.cost) > AGREES * max(1.0, abs(cold.cost)):
        raise EngineError("warm and cold disagree", case=name, warm=warm.cost, cold=cold.cost)
