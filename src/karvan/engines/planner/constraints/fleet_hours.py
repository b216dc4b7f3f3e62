"""A fleet spends its hours on round trips, wherever its units are sent.

For each fleet f and period t::

    sum over its entries e   hours_per_unit[e] x flow[permission(e), t]  <=  hours[f, t]

where the hours for one unit are those of the round trip divided by the parcel. Whole voyages
are not counted: a fleet of three that could make 16.4 trips makes 16.4.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "fleet hours"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row a fleet and period."""
    fleets, periods = problem.fleets, problem.periods
    row, column, value = joined(
        [
            (
                over_periods(fleets.uses.row, periods),
                columns.flow_of(fleets.uses.permission),
                fleets.uses.per_unit[:, None],
            )
        ]
    )
    upper = fleets.hours.ravel()
    return Rows(
        family=FAMILY,
        assets=fleets.ids,
        units=("h",) * len(fleets.ids),
        row=row,
        column=column,
        value=value,
        lower=np.full(len(upper), -np.inf),
        upper=upper,
    )
