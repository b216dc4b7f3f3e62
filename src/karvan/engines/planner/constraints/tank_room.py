"""Stocks of several commodities share the room of a tank farm, a yard or a warehouse.

For each tank g and period t::

    sum over its stocks s   room[s] x stock[s, t]  <=  limit[g]

What one stock alone may hold is a bound of its column and no row.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "tank room"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row a tank and period."""
    stocks, tanks, periods = problem.stocks, problem.tanks, problem.periods
    inside = np.flatnonzero(stocks.tank >= 0)
    row, column, value = joined(
        [
            (
                over_periods(stocks.tank[inside], periods),
                columns.stock + over_periods(inside, periods),
                stocks.room[inside, None],
            )
        ]
    )
    upper = np.repeat(tanks.limit, periods)
    return Rows(
        family=FAMILY,
        assets=tanks.ids,
        units=tanks.unit,
        row=row,
        column=column,
        value=value,
        lower=np.full(len(upper), -np.inf),
        upper=upper,
    )
