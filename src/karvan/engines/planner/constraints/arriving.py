"""What was under way at the start is taken when it arrives or later: only it can wait so.

For each w of what was under way and each period t::

    waiting[w, t] - waiting[w, t - 1]  <=  arriving[w, t]

with `waiting[w, -1]` 0. Without it, the ships that wait would be tanks for whatever came.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "under way"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row of what was under way and period."""
    under_way, permissions, periods = problem.under_way, problem.permissions, problem.periods
    row = over_periods(np.arange(len(under_way.permission)), periods)
    column, one = columns.waiting + row, np.ones(1)
    entries = joined([(row, column, one), (row[:, 1:], column[:, :-1], -one)])
    of = under_way.permission
    kinds = permissions.commodity[of]
    return Rows(
        family=FAMILY,
        assets=tuple(
            f"{problem.arcs.ids[a]} {problem.commodity_ids[k]}"
            for a, k in zip(permissions.arc[of], kinds, strict=True)
        ),
        units=tuple(problem.commodity_units[k] for k in kinds),
        row=entries[0],
        column=entries[1],
        value=entries[2],
        lower=np.full(row.size, -np.inf),
        upper=under_way.amount.ravel(),
    )
