"""An arc carries at most its capacity, all commodities together, each in the arc's own unit.

For each arc a that has a limit, and period t::

    sum over commodities k   use[a, k] x flow[a, k, t]  <=  capacity[a, t]

The shadow price is what one more unit of capacity would save, as a negative cost.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "arc capacity"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row an arc and period, for arcs that anything limits in any period."""
    arcs, permissions, periods = problem.arcs, problem.permissions, problem.periods
    limited = np.flatnonzero(np.isfinite(arcs.capacity).any(axis=1))
    position = np.full(len(arcs.ids), -1)
    position[limited] = np.arange(len(limited))
    inside = np.flatnonzero(position[permissions.arc] >= 0)
    row, column, value = joined(
        [
            (
                over_periods(position[permissions.arc[inside]], periods),
                columns.flow_of(inside),
                permissions.use[inside, None],
            )
        ]
    )
    upper = arcs.capacity[limited].ravel()
    return Rows(
        family=FAMILY,
        assets=tuple(arcs.ids[a] for a in limited),
        units=tuple(arcs.unit[a] for a in limited),
        row=row,
        column=column,
        value=value,
        lower=np.full(len(upper), -np.inf),
        upper=upper,
    )
