"""Contingency: what each outage of an asset costs, alone and in pairs, the worst first.

An outage lasts from the first period to the last and is known from the beginning, so what it
costs is what the corridor cannot do without the asset, however well it is prepared. Events of the
scenario hold all the while.

**Ranked by what is unique.** Many plans may cost the same, so nothing may be ranked by what one
of them happens to do. The *extra cost* of an outage is the difference of two least costs; it holds
what is left behind at its price. *Left behind* is the least value of what is shut in, unserved or
stuck in tanks at the end among all cheapest plans. It is found with what is left behind a
thousandth dearer: if the plan found so is still a cheapest one at the true prices, no cheapest plan
leaves less behind, for otherwise it would not be the cheapest at the dearer ones. Where that fails
it is a lower bound and told as such.

Outages whose extra cost differs by less than rounding share a rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from karvan.domain.errors import EngineError
from karvan.engines.planner.case import AGREES, Case
from karvan.engines.planner.cases import CaseResult, keeps_to, solve_cases
from karvan.engines.planner.model import Model, build
from karvan.engines.planner.outages import together
from karvan.engines.planner.problem import Floats, PlanningProblem
from karvan.engines.planner.solving import SolverOptions
from karvan.services.executing import Executor
from karvan.services.planning.outage_list import (
    KINDS,
    LINK,
    Count,
    Outage,
    covers,
    outages_of,
)
from karvan.services.planning.outage_reasons import Reason, reason_of

#: How much dearer what is left behind is made to find the cheapest plan that leaves least.
DEARER = 1e-3
#: Pairs are made of so many of the worst outages, and no more than so many are looked at.
WORST, MOST_PAIRS = 12, 400
#: So many cases are solved after one base case, wherever that is done.
CASES = 100

Told = Callable[[int, int], None]
#: Ids of two outages.
Pair = tuple[str, str]


def untold(_done: int, _of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What an outage, or two at once, cost.

    Attributes
    ----------
    outages
        One, or the two of a pair.
    extra_cost
        Above the cost without the outage, in the currency of the problem.
    left_behind
        Value left behind above that without the outage; a lower bound unless `left_is_sure`.
    rank
        From 1; those that cost the same share one.
    how
        `kept`, `warm` or `cold`, see `karvan.engines.planner.cases.CaseResult`.
    reason
        What went through it and where that goes; told of the first of each rank that costs.
    """

    outages: tuple[Outage, ...]
    extra_cost: float
    left_behind: float
    left_is_sure: bool
    rank: int
    how: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contingency:
    """All outages of a problem, ranked.

    Attributes
    ----------
    cost, left_behind
        Without any outage.
    ranked, pairs
        The worst first.
    pairs_possible
        How many pairs there are of all outages; `pairs` holds those that were looked at.
    solved, checked_cold
        How many linear programmes were solved, and how many of them again cold.
    worst_gap, worst_residual
        How far the worst is from proven, and from its limits.
    """

    problem: PlanningProblem
    cost: float
    left_behind: float
    ranked: tuple[Consequence, ...]
    pairs: tuple[Consequence, ...]
    pairs_possible: int
    solved: int
    checked_cold: int
    worst_gap: float
    worst_residual: float
    solver: str

    @property
    def tie(self) -> float:
        """Difference of extra costs that counts as none."""
        return AGREES * max(1.0, abs(self.cost))


def contingency(
    problem: PlanningProblem,
    *,
    ships: Mapping[str, Count],
    order: int = 1,
    options: SolverOptions | None = None,
    told: Told = untold,
    executor: Executor | None = None,
    pairs: Sequence[Pair] | None = None,
) -> Contingency:
    """Take out each asset of a problem, and with `order` 2 the worst pairs too.

    Parameters
    ----------
    ships
        How many each fleet has, in all periods or by period.
    told
        Called with how many solves are done and how many there are so far.
    executor
        Where the cases are solved, `CASES` a task; None for here. The answer is the same.
    pairs
        Look at these, as far as both are there, in place of the worst; None to choose.

    Raises
    ------
    InvalidInput
        The problem contradicts itself.
    LimitReached
        The solver came to its time limit.
    EngineError
        An answer could not be proven.
    """
    work = _Sweep(build(problem), options or SolverOptions(), told, executor)
    outages = tuple(outages_of(work.model, ships))
    _, *found = work.solved([Case(id=""), *(each.case for each in outages)])
    ranked = work.ranked([(each,) for each in outages], found)
    both: tuple[Consequence, ...] = ()
    if order > 1:
        both = _pairs(work, ranked, pairs)
    count = len(outages)
    return Contingency(
        problem=problem,
        cost=work.base.cost,
        left_behind=work.base.left,
        ranked=work.explained(ranked),
        pairs=both,
        pairs_possible=count * (count - 1) // 2,
        solved=work.count,
        checked_cold=work.checked_cold,
        worst_gap=work.worst_gap,
        worst_residual=work.worst_residual,
        solver=work.solver,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """Least cost, the least left behind at that cost, and a plan with its prices."""

    cost: float
    left: float
    sure: bool
    how: str
    values: Floats
    row_prices: Floats


class _Sweep:
    """Solves cases at the true prices and at the dearer ones."""

    def __init__(
        self, model: Model, options: SolverOptions, told: Told, executor: Executor | None
    ) -> None:
        self.model, self.options, self.told, self.executor = model, options, told, executor
        self.left_prices = prices_of_leaving(model)
        self.dearer = replace(model, cost=model.cost + DEARER * self.left_prices)
        self.count = self.checked_cold = self.done = self.total = 0
        self.worst_gap = self.worst_residual = 0.0
        self.solver = ""
        self.found: dict[str, _Found] = {}

    @property
    def base(self) -> _Found:
        """Without any outage."""
        return self.found[""]

    def solved(self, cases: Sequence[Case]) -> list[_Found]:
        """Solve each, and remember it by its id."""
        self.total += 2 * len(cases)
        true = list(self._swept(self.model, cases))
        dearer = list(self._swept(self.dearer, cases))
        found = [self._joined(*pair) for pair in zip(true, dearer, strict=True)]
        self.found |= {case.id: each for case, each in zip(cases, found, strict=True)}
        return found

    def _swept(self, model: Model, cases: Sequence[Case]) -> Iterator[CaseResult]:
        tasks = [cases[first : first + CASES] for first in range(0, len(cases), CASES)]
        shared = (model, self.options)
        answers = self.executor.map(_solved, shared, tasks) if self.executor else None
        for task in tasks:
            self.solver, results = next(answers) if answers else _begun(shared, task)
            for result in results:
                self.done += 1
                self.count += result.how != "kept"
                self.checked_cold += result.checked_cold
                self.worst_gap = max(self.worst_gap, abs(result.certificate.gap))
                beyond = result.certificate.beyond_limits
                self.worst_residual = max(self.worst_residual, beyond)
                self.told(self.done, self.total)
                yield result

    def _joined(self, true: CaseResult, dearer: CaseResult) -> _Found:
        spent = float(self.model.cost @ dearer.values)
        return _Found(
            cost=true.cost,
            left=float(self.left_prices @ dearer.values),
            sure=spent - true.cost <= AGREES * max(1.0, abs(true.cost)),
            how=true.how,
            values=dearer.values,
            row_prices=true.row_prices,
        )

    def ranked(
        self, sets: Sequence[tuple[Outage, ...]], found: Sequence[_Found]
    ) -> tuple[Consequence, ...]:
        """Put in order: by extra cost, those that cost the same by what is left, kind and id."""
        tie = AGREES * max(1.0, abs(self.base.cost))
        listed = [
            Consequence(
                outages=outages,
                extra_cost=max(0.0, each.cost - self.base.cost),
                left_behind=each.left - self.base.left,
                left_is_sure=each.sure and self.base.sure,
                rank=0,
                how=each.how,
            )
            for outages, each in zip(sets, found, strict=True)
        ]
        listed.sort(key=lambda each: -each.extra_cost)
        apart = [a.extra_cost - b.extra_cost > tie for a, b in pairwise(listed)]
        ranks = np.cumsum([1, *apart]).tolist()
        numbered = [replace(each, rank=rank) for each, rank in zip(listed, ranks, strict=False)]
        return tuple(sorted(numbered, key=_order))

    def explained(self, ranked: Sequence[Consequence]) -> tuple[Consequence, ...]:
        """Say of the first of each rank why it stands there, as far as it costs anything."""
        tie = AGREES * max(1.0, abs(self.base.cost))
        told: set[int] = set()
        made = []
        for each in ranked:
            if each.rank not in told and each.extra_cost > tie:
                found = self.found[each.outages[0].case.id]
                values = self.base.values, found.values
                prices = self.base.row_prices, found.row_prices
                reason = reason_of(self.model, each.outages[0], values, prices)
                made.append(replace(each, reason=reason))
                told.add(each.rank)
            else:
                made.append(each)
        return tuple(made)


def _begun(
    shared: tuple[Model, SolverOptions], cases: Sequence[Case]
) -> tuple[str, Iterator[CaseResult]]:
    """Solve the base case of a task, and its cases as they are asked for."""
    base, results = solve_cases(shared[0], cases, shared[1])
    return base.solver, results


def _solved(
    shared: tuple[Model, SolverOptions], cases: Sequence[Case]
) -> tuple[str, Sequence[CaseResult]]:
    """Solve a task whole, on whatever machine."""
    solver, results = _begun(shared, cases)
    return solver, list(results)


def prices_of_leaving(model: Model) -> Floats:
    """Price (columns,) of what is left behind: shut in, unserved, stuck in tanks at the end."""
    columns, stocks = model.columns, model.problem.stocks
    prices = np.zeros_like(model.cost)
    prices[columns.shut_in : columns.below] = model.cost[columns.shut_in : columns.below]
    last = columns.stock + np.arange(len(stocks.node)) * columns.periods + columns.periods - 1
    prices[last] = np.maximum(0.0, -stocks.worth_at_end)
    return prices


def _order(each: Consequence) -> tuple[int, tuple[int, ...], tuple[str, ...]]:
    kinds = tuple(KINDS.index(outage.kind) for outage in each.outages)
    return each.rank, kinds, tuple(outage.asset for outage in each.outages)


def _pairs(
    work: _Sweep, ranked: Sequence[Consequence], given: Sequence[Pair] | None
) -> tuple[Consequence, ...]:
    """Solve the pairs that are given or worth looking at, the dearest single outages first."""
    alone = {each.outages[0].id: each for each in ranked}
    if given is None:
        chosen = list(_chosen(ranked, AGREES * max(1.0, abs(work.base.cost))))
    else:
        there = [pair for pair in given if alone.keys() >= set(pair)]
        chosen = [(alone[one].outages[0], alone[other].outages[0]) for one, other in there]
    sets, cases, known = [], [], []
    for first, second in chosen:
        case = together(f"{first.id} + {second.id}", [first.case, second.case])
        known.append(_known(work, first, second))
        sets.append((first, second))
        cases.append(case)
    to_solve = [case for case, each in zip(cases, known, strict=True) if each is None]
    solved = iter(work.solved(to_solve))
    found = [each if each is not None else next(solved) for each in known]
    for pair, each in zip(sets, found, strict=True):
        least = max(alone[outage.id].extra_cost for outage in pair)
        if each.cost - work.base.cost < least - AGREES * max(1.0, abs(each.cost)):
            raise EngineError("two outages cost less than one", pair=[o.id for o in pair])
    return work.ranked(sets, found)


def _chosen(ranked: Sequence[Consequence], tie: float) -> Iterator[tuple[Outage, Outage]]:
    """Pairs among the first of the worst ranks, then those of links at one place that matter.

    What costs up to `tie` more costs nothing.
    """
    first: dict[int, Outage] = {}
    for each in ranked:
        if each.extra_cost > tie:
            first.setdefault(each.rank, each.outages[0])
    worst = [first[rank] for rank in sorted(first)[:WORST]]
    links = [e.outages[0] for e in ranked if e.extra_cost > tie and e.outages[0].kind == LINK]
    near = [pair for pair in combinations(links, 2) if set(pair[0].ends) & set(pair[1].ends)]
    seen: set[tuple[str, str]] = set()
    for one, other in (*combinations(worst, 2), *near):
        key = (min(one.id, other.id), max(one.id, other.id))
        apart = not (covers(one.case, other.case) or covers(other.case, one.case))
        if key not in seen and apart and len(seen) < MOST_PAIRS:
            seen.add(key)
            yield one, other


def _known(work: _Sweep, first: Outage, second: Outage) -> _Found | None:
    """What a pair costs where the plan of one outage does not need the other asset at all."""
    for one, other in ((first, second), (second, first)):
        found = work.found[one.case.id]
        if found.sure and keeps_to(work.model, other.case, found.values):
            return replace(found, how="kept")
    return None
