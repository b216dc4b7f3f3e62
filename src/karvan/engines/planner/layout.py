"""Which column of the linear programme stands for what.

Columns lie in six blocks, in each the period running fastest::

    flow (P, T) | stock (S, T) | shut in (U, T) | unserved (D, T) | below minimum (M, T) | short (C)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karvan.engines.planner.problem import Floats, Indices, PlanningProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """First column of each block, and how many periods there are."""

    periods: int
    stock: int
    shut_in: int
    unserved: int
    below: int
    short: int
    count: int

    @classmethod
    def of(cls, problem: PlanningProblem) -> Columns:
        """Lay out the columns of a problem."""
        periods = problem.periods
        stock = len(problem.permissions.arc) * periods
        shut_in = stock + len(problem.stocks.node) * periods
        unserved = shut_in + len(problem.supplies.node) * periods
        below = unserved + len(problem.demands.node) * periods
        short = below + len(problem.minima.arc) * periods
        return cls(
            periods=periods,
            stock=stock,
            shut_in=shut_in,
            unserved=unserved,
            below=below,
            short=short,
            count=short + len(problem.contracts.ids),
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
    return np.concatenate(
        [
            problem.permissions.cost.ravel(),
            held.ravel(),
            np.repeat(problem.supplies.price, columns.periods),
            np.repeat(problem.demands.price, columns.periods),
            np.repeat(problem.minima.price, columns.periods),
            problem.contracts.price,
        ]
    )


def period_of(problem: PlanningProblem, columns: Columns) -> Indices:
    """Period in which each column is paid for; what a contract lacks, in its last one."""
    items = columns.short // max(1, columns.periods)
    return np.concatenate([np.tile(np.arange(columns.periods), items), problem.contracts.last])


def most(problem: PlanningProblem, columns: Columns) -> Floats:
    """Greatest value of each column; the least is 0."""
    return np.concatenate(
        [
            np.full(columns.stock, np.inf),
            np.repeat(problem.stocks.limit, columns.periods),
            problem.supplies.amount.ravel(),
            problem.demands.amount.ravel(),
            problem.minima.least.ravel(),
            problem.contracts.least,
        ]
    )
