"""What each budget buys as a line of steps: net present value over outlay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from karvan.adapters.reports.list_cells import TITLES, Cells
from karvan.adapters.reports.markup import Markup, tag
from karvan.adapters.reports.months_chart import round_up
from karvan.adapters.reports.telling import as_table, number, section, table
from karvan.services.planning.result_tables import Table
from karvan.services.planning.wording import unit
from karvan.services.words import phrase

_WIDTH, _HEIGHT = 1340.0, 320.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 24.0, 26.0, 44.0
_TICKS: Final = 4
#: Where a point of outlay and value lies, in pixels.
Place = Callable[[tuple[float, float]], tuple[float, float]]


def frontier_section(found: Table, cells: Cells) -> Markup:
    """The section of the frontier."""
    at = {column.name: place for place, column in enumerate(found.columns)}
    points = [(_value(row[at["outlay"]]), _value(row[at["npv"]])) for row in found.rows]
    right = round_up(max(x for x, _ in points))
    top = round_up(max(y for _, y in points))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x, y = point
        across = _LEFT + x / right * (_WIDTH - _LEFT - _RIGHT)
        return across, _HEIGHT - _BOTTOM - max(y, 0.0) / top * (_HEIGHT - _TOP - _BOTTOM)

    placed = [place(point) for point in points]
    told = phrase(
        "Net present value over outlay: {most} {unit} for {outlay}",
        most=number(points[-1][1], 0),
        outlay=number(points[-1][0], 0),
        unit=unit("M EUR"),
    )
    drawn = tag(
        "svg",
        _grid(right, top, place),
        tag("path", d=_steps(placed), class_="line b"),
        [
            tag("circle", cx=round(x, 1), cy=round(y, 1), r=4, class_="dot b")
            for x, y in placed
        ],
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        role="img",
        aria_label=told,
        class_="chart",
    )  # fmt: skip
    made = cells.table(found.columns, found.rows)
    listed = table(told, made.heads, made.rows, numbers=made.numbers)
    return section(
        "table-frontier",
        TITLES["frontier"],
        tag("div", drawn, class_="pad"),
        listed if len(points) <= _FEW else as_table(listed),
        aside=told,
    )


#: Points that are listed openly.
_FEW: Final = 12


def _value(cell: object) -> float:
    return float(cell) if isinstance(cell, (int, float)) else 0.0


def _grid(right: float, top: float, place: Place) -> list[Markup]:
    made = []
    for step in range(_TICKS + 1):
        x, y = right * step / _TICKS, top * step / _TICKS
        across, up = place((x, y))
        made += [
            tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=round(up, 1), y2=round(up, 1),
                class_="rule"),
            tag("text", number(y, 0), x=_LEFT - 8, y=round(up + 4, 1), class_="ax end"),
            tag("text", number(x, 0), x=round(across, 1), y=_HEIGHT - _BOTTOM + 18,
                class_="ax mid"),
        ]  # fmt: skip
    across_words = phrase("outlay, {unit}", unit=unit("M EUR"))
    up_words = phrase("net present value, {unit}", unit=unit("M EUR"))
    return [
        *made,
        tag("text", across_words, x=_WIDTH - _RIGHT, y=_HEIGHT - 6, class_="ax end"),
        tag("text", up_words, x=_LEFT, y=14, class_="ax"),
    ]


def _steps(points: Sequence[tuple[float, float]]) -> str:
    """Level until the next point can be paid for, then up; level to the edge after the last."""
    path: list[str] = []
    before = 0.0
    for x, y in points:
        path.append(f"L{x:.1f},{before:.1f}L{x:.1f},{y:.1f}" if path else f"M{x:.1f},{y:.1f}")
        before = y
    return "".join([*path, f"L{_WIDTH - _RIGHT:.1f},{before:.1f}"])
