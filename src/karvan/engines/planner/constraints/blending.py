"""What is mixed keeps to a limit of quality: sulphur by mass, density by volume, both linear.

For each blend b and period t, with the excess of a unit over the limit, below 0 where better::

    sum over its entries e   excess[e] x flow[permission(e), t]  <=  0

With nothing moved it holds, so it never makes a plan infeasible.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "blend"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row a blend and period."""
    blends, periods = problem.blends, problem.periods
    row, column, value = joined(
        [
            (
                over_periods(blends.uses.row, periods),
                columns.flow_of(blends.uses.permission),
                blends.uses.per_unit[:, None],
            )
        ]
    )
    count = len(blends.ids) * periods
    return Rows(
        family=FAMILY,
        assets=blends.ids,
        units=blends.unit,
        row=row,
        column=column,
        value=value,
        lower=np.full(count, -np.inf),
        upper=np.zeros(count),
    )
