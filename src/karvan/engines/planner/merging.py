"""Several periods as one: a year instead of its months, where a quick answer will do.

Capacities, amounts, hours and minima add up, costs are the mean by days. What depends on when
something happens falls away: travel times and what is under way, ramps, the filling of lines, what
waits from one period to the next, contracts over some of the periods alone. So one period costs no
more than the periods it stands for, where costs are the same in all of them and nothing is under
way or fills a line.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from karvan.engines.planner.problem import (
    Amounts,
    Contracts,
    Floats,
    Indices,
    LineFills,
    PlanningProblem,
    Ramps,
    UnderWay,
    Uses,
)


def merged(problem: PlanningProblem) -> PlanningProblem:
    """Give the problem with one period, named by its first and last."""
    if problem.periods == 1:
        return problem
    days = problem.period_days
    arcs, permissions = problem.arcs, problem.permissions
    return replace(
        problem,
        period_ids=(f"{problem.period_ids[0]} to {problem.period_ids[-1]}",),
        period_days=days.sum(keepdims=True),
        arcs=replace(arcs, travel_d=np.zeros_like(arcs.travel_d), capacity=_summed(arcs.capacity)),
        permissions=replace(
            permissions,
            cost=(permissions.cost @ days / days.sum())[:, None],
            cost_at_end=np.zeros(0),
        ),
        under_way=UnderWay(),
        supplies=_amounts(problem.supplies),
        demands=_amounts(problem.demands),
        joints=replace(problem.joints, capacity=_summed(problem.joints.capacity)),
        fleets=replace(problem.fleets, hours=_summed(problem.fleets.hours)),
        minima=replace(problem.minima, least=_summed(problem.minima.least)),
        ramps=Ramps(),
        line_fills=LineFills(),
        contracts=_contracts(problem.contracts, problem.periods),
    )


def _summed(table: Floats) -> Floats:
    return table.sum(axis=1, keepdims=True) if len(table) else table


def _amounts(amounts: Amounts) -> Amounts:
    return replace(amounts, amount=_summed(amounts.amount))


def _contracts(contracts: Contracts, periods: int) -> Contracts:
    """Those over all periods."""
    kept = np.flatnonzero((contracts.first == 0) & (contracts.last == periods - 1))
    none: Indices = np.zeros(len(kept), np.int64)
    position = np.full(len(contracts.ids), -1)
    position[kept] = np.arange(len(kept))
    uses = contracts.uses
    entry = np.flatnonzero(position[uses.row] >= 0)
    return Contracts(
        ids=tuple(contracts.ids[c] for c in kept),
        unit=tuple(contracts.unit[c] for c in kept),
        first=none,
        last=none,
        least=contracts.least[kept],
        price=contracts.price[kept],
        most=contracts.most[kept],
        uses=Uses(
            row=position[uses.row[entry]],
            permission=uses.permission[entry],
            per_unit=uses.per_unit[entry],
        ),
    )
