"""From the fields over the ways out to the outlets, for one case: a Sankey."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from karvan.adapters.drawing.labels import text_width
from karvan.adapters.reports.bands import HOME, LEFT, MOVING, OTHERS, STORAGE, Band, Node, bands_of
from karvan.adapters.reports.markup import Markup, tag
from karvan.adapters.reports.telling import as_table, number, section, table
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import Report
from karvan.services.planning.wording import GOODS, unit
from karvan.services.words import phrase, tell_message

_WIDTH, _HEIGHT = 1180.0, 430.0
_NODE, _GAP = 12.0, 12.0
#: Left edge of the nodes of each column; beside the first and last stand names.
_COLUMNS: Final = (200.0, 585.0, 970.0)
_TOP: Final = 10.0
#: Room for a name beside each column, without its figure.
_NAMES_PX: Final = (138.0, 290.0, 138.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """Where a node stands."""

    top: float
    height: float
    amount: float


def sankey_section(report: Report) -> Markup:
    """The section of the Sankey."""
    bands = bands_of(report.told)
    names = _Naming(Names(report.network))
    boxes, scale = _boxes(bands)
    title = phrase("From field to outlet")
    if not report.told.oil:
        title = phrase("From origin to destination of the freight")
    amount = number(sum(band.amount for band in bands if band.start[0] == 0))
    text = f"{title}: {amount} Mt"
    chart = tag(
        "svg",
        _ribbons(bands, boxes, scale, names),
        [_node(node, box, names) for node, box in boxes.items()],
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        role="img",
        aria_label=text,
        class_="sankey",
    )
    rows = [(names.of(band.start), names.of(band.end), number(band.amount)) for band in bands]
    heads = [phrase("From"), phrase("To"), unit("Mt")]
    return section(
        report.id("sankey"),
        title,
        tag(
            "div",
            chart,
            class_="scroll pad",
            tabindex="0",
            role="region",
            aria_label=phrase("Chart: {what}", what=text),
        ),
        as_table(table(text, heads, rows, numbers=(2,))),
        aside=phrase("Mt, {title}", title=tell_message(report.told.title)),
        wide="full",
    )


class _Naming:
    """Names of nodes."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def of(self, node: Node) -> str:
        """The name of a node."""
        column, id_ = node
        known = {
            LEFT: phrase("Left behind"),
            OTHERS: phrase("others"),
            STORAGE: phrase("storage"),
            MOVING: phrase("under way"),
            HOME: phrase("within the country"),
        }
        if id_ in known:
            return known[id_]
        if column == 2:
            return self._names.short_way(id_.removeprefix("market "))
        good, _, place = id_.partition(" ")
        if good in GOODS and place:
            return f"{GOODS[good]}, {self._names.short_way(place)}"
        return self._names.short_way(id_)


def _boxes(bands: Sequence[Band]) -> tuple[Mapping[Node, _Box], float]:
    """Nodes of each column one below the other, the largest first; pixels of one Mt."""
    amounts: dict[Node, float] = defaultdict(float)
    for band in bands:
        if band.start[0] == 0:
            amounts[band.start] += band.amount
        amounts[band.end] += band.amount
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in sorted(amounts, key=lambda each: (each[1] == LEFT, -amounts[each], each)):
        columns[node[0]].append(node)
    most = max((len(nodes) for nodes in columns.values()), default=1)
    total = max((sum(amounts[node] for node in nodes) for nodes in columns.values()), default=1.0)
    room = _HEIGHT - 2 * _TOP - (most - 1) * _GAP
    scale = room / (total or 1.0)
    boxes: dict[Node, _Box] = {}
    for nodes in columns.values():
        used = sum(amounts[node] for node in nodes) * scale
        gap = (_HEIGHT - 2 * _TOP - used) / max(1, len(nodes) - 1)
        y = _TOP if len(nodes) > 1 else (_HEIGHT - used) / 2
        for node in nodes:
            boxes[node] = _Box(top=y, height=amounts[node] * scale, amount=amounts[node])
            y += amounts[node] * scale + min(gap, 3 * _GAP)
    return boxes, scale


def _ribbons(
    bands: Sequence[Band], boxes: Mapping[Node, _Box], scale: float, names: _Naming
) -> list[Markup]:
    """A ribbon a band, in the order of their ends, so that few cross."""
    leaves: dict[Node, float] = {node: box.top for node, box in boxes.items()}
    comes = dict(leaves)
    made: list[tuple[float, Markup]] = []
    ordered = sorted(bands, key=lambda each: (boxes[each.start].top, boxes[each.end].top))
    starts: dict[Band, float] = {}
    for band in ordered:
        starts[band] = leaves[band.start]
        leaves[band.start] += band.amount * scale
    for band in sorted(bands, key=lambda each: (boxes[each.end].top, boxes[each.start].top)):
        height = max(0.8, band.amount * scale)
        left = _COLUMNS[band.start[0]] + _NODE
        right = _COLUMNS[band.end[0]]
        a, b = starts[band] + height / 2, comes[band.end] + height / 2
        comes[band.end] += band.amount * scale
        middle = (left + right) / 2
        lost = LEFT in {band.start[1], band.end[1]}
        ribbon = tag(
            "path",
            tag("title"),
            d=f"M{left:.1f},{a:.1f}C{middle:.1f},{a:.1f} {middle:.1f},{b:.1f} {right:.1f},{b:.1f}",
            stroke_width=round(height, 1),
            class_="ribbon lost" if lost else "ribbon",
        )
        told = f"{names.of(band.start)} - {names.of(band.end)}: {number(band.amount)} Mt"
        made.append((height, tag("g", tag("title", told), ribbon)))
    return [ribbon for _, ribbon in sorted(made, key=lambda each: -each[0])]


def _fitting(name: str, column: int) -> str:
    """A name as long as there is room for, its end told by an ellipsis."""
    room = _NAMES_PX[column]
    if text_width(name, 13.0, bold=True) <= room:
        return name
    kept = name
    while kept and text_width(f"{kept}\N{HORIZONTAL ELLIPSIS}", 13.0, bold=True) > room:
        kept = kept[:-1]
    return f"{kept.rstrip(' -')}\N{HORIZONTAL ELLIPSIS}"


def _node(node: Node, box: _Box, names: _Naming) -> Markup:
    column = node[0]
    x = _COLUMNS[column]
    middle = box.top + box.height / 2
    inside = column == 1
    text_x = x - 8 if column == 0 else x + _NODE + 8
    return tag(
        "g",
        tag(
            "rect",
            x=x,
            y=round(box.top, 1),
            width=_NODE,
            height=round(max(1.0, box.height), 1),
            class_="node lost" if node[1] == LEFT else "node",
        ),
        tag(
            "text",
            tag("tspan", _fitting(names.of(node), column), class_="who"),
            " ",
            tag("tspan", number(box.amount), class_="much"),
            x=text_x,
            y=round(middle + 4, 1),
            class_="end" if column == 0 else "halo" if inside else None,
        ),
    )
