"""A pipeline needs a minimum to run; what it lacks is paid for.

For each minimum m on arc a and period t::

    sum over commodities k   use[a, k] x flow[a, k, t]  +  below[m, t]  >=  least[m, t]

with `below >= 0`, each unit of it paid for. A line that may also be stopped for nothing is not of
this kind: that choice is not linear.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "minimum throughput"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row a minimum and period."""
    arcs, permissions, minima = problem.arcs, problem.permissions, problem.minima
    periods, count = problem.periods, len(problem.minima.arc)
    position = np.full(len(arcs.ids), -1)
    position[minima.arc] = np.arange(count)
    inside = np.flatnonzero(position[permissions.arc] >= 0)
    every = over_periods(np.arange(count), periods)
    row, column, value = joined(
        [
            (
                over_periods(position[permissions.arc[inside]], periods),
                columns.flow_of(inside),
                permissions.use[inside, None],
            ),
            (every, columns.below + every, np.ones(1)),
        ]
    )
    lower = minima.least.ravel()
    return Rows(
        family=FAMILY,
        assets=tuple(arcs.ids[a] for a in minima.arc),
        units=tuple(arcs.unit[a] for a in minima.arc),
        row=row,
        column=column,
        value=value,
        lower=lower,
        upper=np.full(len(lower), np.inf),
    )
