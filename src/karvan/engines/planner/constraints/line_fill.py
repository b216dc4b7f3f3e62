r"""A line that is not full is filled before it delivers; once full it stays so.

What goes into a full line pushes as much out, so in tonnes nothing lags. A line that stood empty
takes its volume first: at a flow q it delivers volume / q later. For a line a with what it lacks,
`lacking = volume - initial`, the most it can have taken by the end of period t and what of that
comes out when it is filled from the first period on as fast as it can be::

    taken[t] = capacity[a, 0] + ... + capacity[a, t]
    comes[t] = max(0, taken[t] - lacking) - max(0, taken[t - 1] - lacking)
    spare[t] = max(0, capacity[a, t] - lacking)

With `fill[t]` the sum over commodities k of `use[a, k] x fill[a, k, t]`, `out` alike (balance says
what comes out) and `initial` before the first period, for each period t::

    fill[t] <= volume                                                      line fill
    fill[t] >= fill[t - 1]                                                 line kept full
    out[a, k, t] >= 0  for each commodity k                                line delivers
    comes[t] x (fill[t] - initial) >= lacking x out[t]                     line filled first
    lacking x out[t] <= lacking x spare[t]
                        + (capacity[a, t] - spare[t]) x (fill[t - 1] - initial)
                                                                           line filled before

The last two bind together: a line that is used as much as it can be is filled to the last tonne
before any comes out. "Full or not" is a choice that is not linear; these are the tightest straight
limits of a period on it, so a line that is used in part needs to be full in part only.

The families are in the unit of the arc, `line delivers` in that of the commodity. A line that is
closed keeps what is in it. With nothing moved and the fill as it was, all rows hold.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import Floats, Indices, PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "line fill"
KEPT = "line kept full"
DELIVERS = "line delivers"
FIRST = "line filled first"
BEFORE = "line filled before"

Entries = tuple[Indices, Indices, Floats]


def rows(problem: PlanningProblem, columns: Columns) -> tuple[Rows, ...]:
    """One row a line and period in each family, in `line delivers` one a commodity besides."""
    fills = problem.line_fills
    shape = (len(fills.arc), problem.periods)
    initial = initial_of(problem)[:, None]
    lacking = fills.volume[:, None] - initial
    before = np.zeros(shape)
    before[:, :1] = initial
    later = np.arange(problem.periods) > 0
    comes, spare = reach(problem)
    most = np.maximum(comes, lacking)
    most[most == 0] = 1.0
    slope = np.zeros(shape)
    np.divide(problem.arcs.capacity[fills.arc] - spare, lacking, out=slope, where=lacking > 0)
    in_line = _Lines(problem, columns)
    free, none = np.full(shape, np.inf), np.zeros(shape)
    volume = np.broadcast_to(fills.volume[:, None], shape)
    filled_first = [in_line.held(comes / most), *in_line.out(-lacking / most)]
    filled_before = [*in_line.out(none + 1), in_line.held(-slope, ago=1)]
    return (
        in_line.rows(FAMILY, [in_line.held(none + 1)], -free, volume),
        in_line.rows(KEPT, [in_line.held(none + 1), in_line.held(none - 1, ago=1)], before, free),
        in_line.delivers(),
        in_line.rows(FIRST, filled_first, comes / most * initial + lacking / most * before, free),
        in_line.rows(BEFORE, filled_before, -free, spare - slope * initial * later - before),
    )


def initial_of(problem: PlanningProblem) -> Floats:
    """What is in each line (L,) before the first period, in the unit of the arc."""
    fills = problem.line_fills
    held: Floats = np.zeros(len(fills.arc))
    np.add.at(held, fills.line, fills.initial * problem.permissions.use[fills.permission])
    return held


def reach(problem: PlanningProblem) -> tuple[Floats, Floats]:
    """`comes` and `spare` (L, T) of the lines, in the unit of the arc."""
    fills = problem.line_fills
    lacking = (fills.volume - initial_of(problem))[:, None]
    capacity = problem.arcs.capacity[fills.arc]
    taken = np.maximum(0.0, np.cumsum(capacity, axis=1) - lacking)
    comes: Floats = np.diff(taken, axis=1, prepend=0.0)
    return comes, np.maximum(0.0, capacity - lacking)


class _Lines:
    """Entries of the matrix for what is in lines and comes out of them."""

    def __init__(self, problem: PlanningProblem, columns: Columns) -> None:
        fills = problem.line_fills
        self.problem, self.columns = problem, columns
        self.use = problem.permissions.use[fills.permission, None]
        self.row = over_periods(fills.line, problem.periods)
        self.own = over_periods(np.arange(len(fills.line)), problem.periods)
        self.flow = columns.flow_of(fills.permission)

    def held(self, value: Floats, *, ago: int = 0) -> Entries:
        """What is in each line at the end of the period, or of one so many before, times (L, T)."""
        every = self.use * value[self.problem.line_fills.line]
        column = self.columns.fill + self.own
        return self.row[:, ago:], column[:, : column.shape[1] - ago], every[:, ago:]

    def out(self, value: Floats) -> list[Entries]:
        """What comes out of each line times (L, T), without what was in it at the beginning."""
        every = self.use * value[self.problem.line_fills.line]
        return [(self.row, self.flow, every), self.held(-value), self.held(value, ago=1)]

    def rows(self, family: str, parts: list[Entries], lower: Floats, upper: Floats) -> Rows:
        """Rows of the lines in the unit of their arcs."""
        arcs, lines = self.problem.arcs, self.problem.line_fills.arc
        row, column, value = joined(parts)
        return Rows(
            family=family,
            assets=tuple(arcs.ids[a] for a in lines),
            units=tuple(arcs.unit[a] for a in lines),
            row=row,
            column=column,
            value=value,
            lower=lower.ravel(),
            upper=upper.ravel(),
        )

    def delivers(self) -> Rows:
        """No commodity is drawn back out of a line by its beginning."""
        problem, fills = self.problem, self.problem.line_fills
        own, column, one = self.own, self.columns.fill + self.own, np.ones(1)
        row, columns, value = joined(
            [(own, self.flow, one), (own, column, -one), (own[:, 1:], column[:, :-1], one)]
        )
        lower = np.zeros((len(fills.line), problem.periods))
        lower[:, 0] = -fills.initial
        kinds = problem.permissions.commodity[fills.permission]
        lines = fills.arc[fills.line]
        return Rows(
            family=DELIVERS,
            assets=tuple(
                f"{problem.arcs.ids[a]} {problem.commodity_ids[k]}"
                for a, k in zip(lines, kinds, strict=True)
            ),
            units=tuple(problem.commodity_units[k] for k in kinds),
            row=row,
            column=columns,
            value=value,
            lower=lower.ravel(),
            upper=np.full(lower.size, np.inf),
        )
