"""Which column of the linear programme stands for what.

Columns lie in eight blocks, in each the period running fastest::

    flow (P, T) | stock (S, T) | shut in (U, T) | unserved (D, T) | below minimum (M, T)
    | line fill (I, T) | short (C) | waiting of what was under way (W, T)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karvan.engines.planner import transit
from karvan.engines.planner.problem import Floats, Indices, PlanningProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """First column of each block, and how many periods there are."""

    periods: int
    stock: int
    shut_in: int
    unserved: int
    below: int
    fill: int
    short: int
    waiting: int
    count: int

    @classmethod
    def of(cls, problem: PlanningProblem) -> Columns:
        """Lay out the columns of a problem."""
        periods = problem.periods
        stock = len(problem.permissions.arc) * periods
        shut_in = stock + len(problem.stocks.node) * periods
        unserved = shut_in + len(problem.supplies.node) * periods
        below = unserved + len(problem.demands.node) * periods
        fill = below + len(problem.minima.arc) * periods
        short = fill + len(problem.line_fills.line) * periods
        waiting = short + len(problem.contracts.ids)
        return cls(
            periods=periods,
            stock=stock,
            shut_in=shut_in,
            unserved=unserved,
            below=below,
            fill=fill,
            short=short,
            waiting=waiting,
            count=waiting + len(problem.under_way.permission) * periods,
        )

    def flow_of(self, permission: Indices) -> Indices:
        """Columns (E, T) of these permissions."""
        return over_periods(permission, self.periods)


def over_periods(item: Indices, periods: int) -> Indices:
    """Numbers (E, T) of items in a block where the period runs fastest."""
    spread: Indices = item[:, None] * periods + np.arange(periods)
    return spread


def costs(problem: PlanningProblem, columns: Columns) -> Floats:
    """Currency for one unit in each column."""
    stocks = problem.stocks
    held = np.repeat(stocks.cost[:, None], columns.periods, axis=1)
    held[:, -1] -= stocks.worth_at_end
    filled = np.repeat(problem.line_fills.cost[:, None], columns.periods, axis=1)
    filled[:, -1] += problem.line_fills.cost_at_end
    permissions, under_way = problem.permissions, problem.under_way
    moved = permissions.cost
    if permissions.at_end.any():
        at_end = (permissions.at_end * permissions.kept)[:, None]
        moved = moved + at_end * transit.after_the_end(problem)
    waits = np.repeat(under_way.cost[:, None], columns.periods, axis=1)
    waits[:, -1] += permissions.at_end[under_way.permission]
    return np.concatenate(
        [
            moved.ravel(),
            held.ravel(),
            np.repeat(problem.supplies.price, columns.periods),
            np.repeat(problem.demands.price, columns.periods),
            np.repeat(problem.minima.price, columns.periods),
            filled.ravel(),
            problem.contracts.price,
            waits.ravel(),
        ]
    )


def period_of(problem: PlanningProblem, columns: Columns) -> Indices:
    """Period in which each column is paid for; what a contract lacks, in its last one.

    What is under way at the end is paid for in the period in which it left.
    """
    each = np.arange(columns.periods)
    items = columns.short // max(1, columns.periods)
    waits = np.tile(each, len(problem.under_way.permission))
    return np.concatenate([np.tile(each, items), problem.contracts.last, waits])


def most(problem: PlanningProblem, columns: Columns) -> Floats:
    """Greatest value of each column; the least is 0.

    What a minimum or a contract lacks has no bound of its own, so that its row has its price.
    """
    fills = problem.line_fills
    return np.concatenate(
        [
            np.full(columns.stock, np.inf),
            np.repeat(problem.stocks.limit, columns.periods),
            problem.supplies.amount.ravel(),
            problem.demands.amount.ravel(),
            np.full(columns.fill - columns.below, np.inf),
            np.repeat(
                fills.volume[fills.line] / problem.permissions.use[fills.permission],
                columns.periods,
            ),
            np.full(columns.waiting - columns.short, np.inf),
            np.cumsum(problem.under_way.amount, axis=1).ravel(),
        ]
    )
