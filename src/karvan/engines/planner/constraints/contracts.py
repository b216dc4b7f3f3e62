"""Contracts: the least and the most that a route carries over some periods.

For each contract c from its first to its last period::

    least[c]  <=  short[c] + sum over t and its entries e   per_unit[e] x flow[permission(e), t]
                             sum over t and its entries e   per_unit[e] x flow[permission(e), t]
              <=  most[c]

with `short >= 0`, each unit of it paid for. Two rows, because what is short may not
fill up to the most.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

LEAST = "contract minimum"
MOST = "contract cap"


def rows(problem: PlanningProblem, columns: Columns) -> tuple[Rows, Rows]:
    """Minima, then caps; one row a contract in each."""
    contracts, uses = problem.contracts, problem.contracts.uses
    count, period = len(contracts.ids), np.arange(problem.periods)
    within = (period >= contracts.first[uses.row, None]) & (
        period <= contracts.last[uses.row, None]
    )
    entry, when = np.nonzero(within)
    moved = (
        uses.row[entry],
        columns.flow_of(uses.permission)[entry, when],
        uses.per_unit[entry],
    )
    every = np.arange(count)
    least = joined([moved, (every, columns.short + every, np.ones(1))])
    most = joined([moved])
    return (
        Rows(
            family=LEAST,
            assets=contracts.ids,
            units=contracts.unit,
            row=least[0],
            column=least[1],
            value=least[2],
            lower=contracts.least,
            upper=np.full(count, np.inf),
            by_period=False,
        ),
        Rows(
            family=MOST,
            assets=contracts.ids,
            units=contracts.unit,
            row=most[0],
            column=most[1],
            value=most[2],
            lower=np.full(count, -np.inf),
            upper=contracts.most,
            by_period=False,
        ),
    )
