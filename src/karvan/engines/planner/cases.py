"""Many cases of one model, each with other limits: an outage a case, solved warm.

HiGHS keeps one model. For each case the upper limits of some rows are changed, the basis of the
base case is set again, the dual simplex runs, and the limits are put back. Restoring the basis
makes a case independent of those before it, so order and number of workers change nothing.

**A case that needs no solve.** If a case only lowers limits and the plan of the base case keeps
to them, then that plan is still the cheapest: every plan of the case is one of the base case. So
an outage of an arc that nothing uses costs nothing, proven.

**Warm answers are not believed.** HiGHS has called a warm answer optimal that was not (its issue
3194). Each is certified by its own prices as a plan is, a thousand times closer; one that fails
is solved again cold. A share of the others, drawn by the seed, is solved cold as well and must
agree.

Ranking cases by `cost` does not depend on which of several cheapest plans was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import EngineError, InvalidInput
from karvan.engines.planner.certificate import Certificate, certify
from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.solving import Answer, SolverOptions, hand_over, run, solve

#: Gap to which a warm answer is proven, over its cost; a thousandth of what `plan` asks for.
GAP = 1e-9
#: Difference, over the cost, beyond which a cold answer contradicts a warm one.
AGREES = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Upper limits (n,) that replace those of some rows (n,) of the model."""

    id: str
    rows: NDArray[np.int32]
    upper: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What a case costs.

    Attributes
    ----------
    how
        `kept`: proven to cost what the base case costs; `warm` or `cold`: solved so.
    checked_cold
        It was solved warm and drawn to be solved cold too, with the same cost.
    values
        (columns,) of the plan found.
    """

    id: str
    cost: float
    how: str
    iterations: int
    checked_cold: bool
    certificate: Certificate
    values: Floats


def outage(model: Model, arc: str, left: float | Floats = 0.0) -> Case:
    """Give the case in which an arc keeps a share of its capacity, for all periods or by period.

    Raises
    ------
    InvalidInput
        Nothing limits the arc, or a share is not between 0 and 1.
    """
    share = np.broadcast_to(np.asarray(left, np.float64), (model.problem.periods,))
    if not ((share >= 0) & (share <= 1)).all():
        raise InvalidInput("a share that is left lies between 0 and 1", arc=arc)
    rows = model.rows_of("arc capacity", arc)
    before = model.row_upper[rows]
    upper = np.where(share == 0, 0.0, np.where(np.isinf(before), np.inf, before * share))
    return Case(id=arc, rows=rows, upper=np.asarray(upper, np.float64))


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
        The method is not the simplex: only a basis can be restored.
    EngineError
        Warm and cold disagree, or no certificate holds.
    LimitReached
        The base case or a case came to the time limit, which counts for each anew.
    """
    if options.method != "simplex":
        raise InvalidInput("cases are solved with the simplex method", method=options.method)
    highs = hand_over(model, options)
    base = run(highs, model, options)
    _certified(model, base, model.row_upper)
    return base, _results(model, cases, options, highs, base, check_share)


def _results(
    model: Model,
    cases: Sequence[Case],
    options: SolverOptions,
    highs: highspy.Highs,
    base: Answer,
    check_share: float,
) -> Iterator[CaseResult]:
    basis = highs.getBasis()
    for name, value in (("presolve", "off"), ("simplex_strategy", 1)):
        highs.setOptionValue(name, value)
    carried = model.matrix @ base.values
    to_solve = [case for case in cases if not _kept(model, case, carried)]
    draws = np.random.default_rng(options.seed)
    count = min(len(to_solve), max(1, round(check_share * len(to_solve)))) if check_share else 0
    checked = {to_solve[i].id for i in draws.choice(len(to_solve), count, replace=False)}
    solved = {case.id for case in to_solve}
    proof_of_base = certify(model, base.values, base.row_prices)
    for case in cases:
        if case.id not in solved:
            yield _result(case, "kept", 0, proof_of_base, base.values)
            continue
        answer, proof, how = _warm(model, case, options, highs, basis)
        if case.id in checked and how == "warm":
            _compare(model, case, options, proof)
        found = _result(case, how, answer.iterations, proof, answer.values)
        yield replace(found, checked_cold=case.id in checked and how == "warm")


def _result(
    case: Case, how: str, iterations: int, proof: Certificate, values: Floats
) -> CaseResult:
    return CaseResult(
        id=case.id,
        cost=proof.cost,
        how=how,
        iterations=iterations,
        checked_cold=False,
        certificate=proof,
        values=values,
    )


def _kept(model: Model, case: Case, carried: Floats) -> bool:
    """Whether the case only lowers limits, and the base plan keeps to them."""
    lowered = (case.upper <= model.row_upper[case.rows]).all()
    return bool(lowered and (carried[case.rows] <= case.upper + 1e-9).all())


def _warm(
    model: Model,
    case: Case,
    options: SolverOptions,
    highs: highspy.Highs,
    basis: highspy.HighsBasis,
) -> tuple[Answer, Certificate, str]:
    upper = model.row_upper.copy()
    upper[case.rows] = case.upper
    _limit(highs, model, case, upper)
    highs.setBasis(basis)
    try:
        answer = run(highs, model, options)
    finally:
        _limit(highs, model, case, model.row_upper)
    proof = certify(model, answer.values, answer.row_prices, row_upper=upper)
    if proof.holds(gap=GAP):
        return answer, proof, "warm"
    answer, proof = _cold(model, upper, options)
    return answer, proof, "cold"


def _limit(highs: highspy.Highs, model: Model, case: Case, upper: Floats) -> None:
    for row in case.rows.tolist():
        highs.changeRowBounds(row, model.row_lower[row], upper[row])


def _cold(model: Model, upper: Floats, options: SolverOptions) -> tuple[Answer, Certificate]:
    changed = replace(model, row_upper=upper)
    answer = solve(changed, options)
    return answer, _certified(changed, answer, upper)


def _certified(model: Model, answer: Answer, upper: Floats) -> Certificate:
    proof = certify(model, answer.values, answer.row_prices, row_upper=upper)
    if not proof.holds():
        raise EngineError("what the solver calls optimal does not hold", gap=proof.gap)
    return proof


def _compare(model: Model, case: Case, options: SolverOptions, warm: Certificate) -> None:
    upper = model.row_upper.copy()
    upper[case.rows] = case.upper
    _, cold = _cold(model, upper, options)
    if abs(cold.cost - warm.cost) > AGREES * max(1.0, abs(cold.cost)):
        raise EngineError("warm and cold disagree", case=case.id, warm=warm.cost, cold=cold.cost)
