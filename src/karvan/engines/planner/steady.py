"""The state before a plan: its first period alone, as if it had always been so.

What was under way before the first period is known only where another plan decided it. Otherwise
the first period is planned by itself, everything arriving at once, and what it carries a day is
what went on each way on the days before.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from karvan.engines.planner import transit
from karvan.engines.planner.plan import Plan
from karvan.engines.planner.problem import (
    Amounts,
    Contracts,
    Floats,
    Indices,
    LineFills,
    PlanningProblem,
    Ramps,
    Stocks,
    Tanks,
    UnderWay,
)

#: Amounts below this share of the largest of all are rounding.
_ROUNDING = 1e-9


def first_alone(problem: PlanningProblem) -> PlanningProblem:
    """Give the problem of the first period in which nothing travels, fills, rises or waits.

    A contract over several periods has the share of them that the first is; lines that are still
    to be filled carry nothing.
    """
    capacity = problem.arcs.capacity[:, :1].copy()
    capacity[problem.line_fills.arc] = 0.0
    return replace(
        problem,
        period_ids=problem.period_ids[:1],
        period_days=problem.period_days[:1],
        arcs=replace(
            problem.arcs, travel_d=np.zeros_like(problem.arcs.travel_d), capacity=capacity
        ),
        permissions=replace(
            problem.permissions,
            cost=problem.permissions.cost[:, :1],
            cost_at_end=np.zeros(0),
        ),
        supplies=_first(problem.supplies),
        demands=_first(problem.demands),
        joints=replace(problem.joints, capacity=_column(problem.joints.capacity)),
        fleets=replace(problem.fleets, hours=_column(problem.fleets.hours)),
        minima=replace(problem.minima, least=_column(problem.minima.least)),
        contracts=_share_of(problem),
        stocks=Stocks(),
        tanks=Tanks(),
        ramps=Ramps(),
        line_fills=LineFills(),
        under_way=UnderWay(),
    )


def before(problem: PlanningProblem, alone: Plan, cost: Floats) -> UnderWay:
    """What is under way at the start where the plan of the first period alone went before.

    Parameters
    ----------
    cost
        (P,) currency for a unit that waits over the end of a period.
    """
    permissions = problem.permissions
    travel = problem.arcs.travel_d[permissions.arc]
    a_day = alone.flow[:, 0] / problem.period_days[0]
    least = _ROUNDING * max(1.0, float(a_day.max(initial=0.0)))
    on_the_way: Indices = np.flatnonzero((a_day > least) & (travel > 0))
    days = transit.steady_days(problem.period_days, travel[on_the_way])
    arriving = (a_day * permissions.kept)[on_the_way, None] * days
    return UnderWay(
        permission=on_the_way,
        amount=arriving[:, :-1],
        after=arriving[:, -1],
        cost=cost[on_the_way],
    )


def _first(amounts: Amounts) -> Amounts:
    return replace(amounts, amount=_column(amounts.amount))


def _column(table: Floats) -> Floats:
    return table[:, :1] if len(table) else table


def _share_of(problem: PlanningProblem) -> Contracts:
    """Contracts that hold in the first period, with its share by days of all of theirs."""
    contracts, days = problem.contracts, problem.period_days
    until = np.concatenate([[0.0], np.cumsum(days)])
    length = until[contracts.last + 1] - until[contracts.first]
    share = np.where(contracts.first == 0, days[0] / length, 0.0)
    held = contracts.first == 0
    none: Indices = np.zeros(len(share), np.int64)
    return replace(
        contracts,
        first=none,
        last=none,
        least=contracts.least * share,
        most=np.where(held, contracts.most * np.where(held, share, 1.0), np.inf),
    )
