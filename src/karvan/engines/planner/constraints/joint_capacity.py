"""Several arcs share one capacity, a terminal or a border station, in a unit of its own.

For each joint capacity r and period t::

    sum over its entries e   per_unit[e] x flow[permission(e), t]  <=  capacity[r, t]
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "joint capacity"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row a joint capacity and period."""
    joints, periods = problem.joints, problem.periods
    row, column, value = joined(
        [
            (
                over_periods(joints.uses.row, periods),
                columns.flow_of(joints.uses.permission),
                joints.uses.per_unit[:, None],
            )
        ]
    )
    upper = joints.capacity.ravel()
    return Rows(
        family=FAMILY,
        assets=joints.ids,
        units=joints.unit,
        row=row,
        column=column,
        value=value,
        lower=np.full(len(upper), -np.inf),
        upper=upper,
    )
