"""More trains, wagons or ships take weeks to arrange: what an arc carries rises slowly.

With d[t] the days of period t, for each ramp q on arc a::

    carried[a, t] / d[t]  -  carried[a, t - 1] / d[t - 1]  <=  rise[q, t]
    carried[a, 0] / d[0]                                   <=  before[q] + rise[q, 0]

where `carried[a, t]` is the sum over commodities k of `use[a, k] x flow[a, k, t]`; where several
arcs rise together, summed over them too. It may fall at once, so moving nothing always meets it.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "ramp"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row a ramp and period."""
    arcs, permissions, ramps = problem.arcs, problem.permissions, problem.ramps
    periods, days = problem.periods, problem.period_days
    position = np.full(len(arcs.ids), -1)
    position[ramps.arc] = np.arange(len(ramps.arc))
    position[ramps.also] = ramps.of
    inside = np.flatnonzero(position[permissions.arc] >= 0)
    now = over_periods(position[permissions.arc[inside]], periods)
    flow = columns.flow_of(inside)
    a_day = permissions.use[inside, None] / days
    row, column, value = joined([(now, flow, a_day), (now[:, 1:], flow[:, :-1], -a_day[:, :-1])])
    upper = ramps.rise.copy()
    if len(ramps.arc):
        upper[:, 0] += ramps.before
    return Rows(
        family=FAMILY,
        assets=tuple(arcs.ids[a] for a in ramps.arc),
        units=tuple(f"{arcs.unit[a]}/d" for a in ramps.arc),
        row=row,
        column=column,
        value=value,
        lower=np.full(upper.size, -np.inf),
        upper=upper.ravel(),
    )
