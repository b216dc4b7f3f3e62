"""Names that do not collide: the more important place chooses first.

Each name tries eight positions round its mark and takes the one that covers the least of the
lines; where all eight meet another name, a mark or the edge, it is dropped. Widths of letters
are those of a wide sans serif, so that names keep their distance in any usual font.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Final

from karvan.adapters.drawing.frame import Box, Point
from karvan.adapters.drawing.symbols import Shape
from karvan.network.places import Facility, Place, PlaceKind, PlaceStatus

GAP_PX: Final = 3.0
LONGEST: Final = 24
STEP_PX: Final = 4.0

#: Further rings of positions, joined by a leader, for names up to this rank.
REACHES_PX: Final = (0.0, 11.0, 22.0, 34.0)
LED_RANK: Final = 4
#: A later position costs as much as covering so many dots of lines; a ring has eight.
ORDER_COST: Final = 0.9
CELL_PX: Final = 16

#: Line dots, one each four pixels, that a name may cover; the first ranks may cover more.
BEARABLE: Final = (10_000, 120, 26, 18, 14, 10, 8)

_WIDE: Final = {
    **dict.fromkeys(" .,:;'|!()[]ijlI/", 0.36),
    **dict.fromkeys("frt-", 0.41),
    **dict.fromkeys("mwMW@%", 0.98),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.72),
}
_NARROW: Final = 0.62
_BOLD: Final = 1.13
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_KIND_WORDS = re.compile(
    r"(,? (oil port|port|oil terminal|terminal|dry port|international port|pump station|"
    r"marshalling yard|logistics centre|hub|fields?|station|delivery point|conversion plant|"
    r"cluster|mine|rail loading))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name that wants a place on the map.

    Attributes
    ----------
    rank
        0 chooses first.
    """

    id: str
    text: str
    at: Point
    radius_px: float
    rank: int
    bold: bool
    size_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name with its place: the box, and where the text begins on its base line.

    `leader` joins a name that had to move away to its mark.
    """

    id: str
    text: str
    box: Box
    base: Point
    bold: bool
    size_px: float
    leader: tuple[Point, Point] | None = None


def short_name(name: str) -> str:
    """Give what stays of a name when its mark already tells the kind.

    >>> short_name("Alat port (Baku Port)")
    'Alat'
    >>> short_name("CPC marine terminal Yuzhnaya Ozereyevka")
    'CPC marine terminal'
    """
    first = re.split(r" / | and ", _BRACKETS.sub("", name))[0]
    text = _KIND_WORDS.sub("", first) or first
    while len(text) > LONGEST and " " in text:
        text = text.rsplit(" ", 1)[0]
    return text


def rank_of(place: Place, shape: Shape) -> int:
    """Give the rank: ports, gauge changes and borders, terminals, oil, the rest."""
    if place.status is not PlaceStatus.OPEN:
        return 5
    if shape is Shape.PORT and place.kind is PlaceKind.SEAPORT:
        return 0 if {Facility.FERRY, Facility.CONTAINER} & place.facilities else 2
    if shape is Shape.BORDER:
        return 1 if Facility.GAUGE_CHANGE in place.facilities else 3
    return {Shape.TERMINAL: 2, Shape.PORT: 3, Shape.OIL: 4, Shape.FIELD: 5}.get(shape, 6)


def text_width(text: str, size_px: float, *, bold: bool) -> float:
    """Give the width a text needs at most."""
    width = sum(_WIDE.get(letter, _NARROW) for letter in text) * size_px
    return width * (_BOLD if bold else 1.0)


def place_names(
    names: Iterable[Name],
    marks: Mapping[str, tuple[Point, float]],
    lines: Iterable[Sequence[Point]],
    sheet: Box,
    kept_free: Sequence[Box] = (),
    *,
    led: bool = True,
) -> tuple[Label, ...]:
    """Put as many names on a sheet as fit, the important first; the order given breaks ties.

    A name that comes twice, at two places, is written once.
    Where marks crowd all over, leaders (`led`) would tangle: there a name stays at its mark.
    """
    dots = _Dots(lines)
    taken = [(id_, (x - r, y - r, x + r, y + r)) for id_, ((x, y), r) in marks.items()]
    taken += [("", box) for box in kept_free]
    labels: dict[str, Label] = {}
    for name in sorted(names, key=lambda each: each.rank):
        if name.id in labels:
            continue
        best: tuple[float, Label] | None = None
        for order, label in enumerate(_candidates(name, led=led)):
            if not _inside(label.box, sheet) or any(
                _meet(label.box, box) for id_, box in taken if id_ != name.id
            ):
                continue
            covered = dots.within(label.box)
            if covered > BEARABLE[min(name.rank, len(BEARABLE) - 1)]:
                continue
            cost = covered + order * ORDER_COST
            if best is None or cost < best[0]:
                best = cost, label
        if best is not None:
            labels[name.id] = best[1]
            taken.append(("", best[1].box))
    return tuple(labels.values())


def _candidates(name: Name, *, led: bool) -> Iterator[Label]:
    width = text_width(name.text, name.size_px, bold=name.bold)
    up, down = name.size_px * 0.78, name.size_px * 0.24
    far = led and name.rank <= LED_RANK and name.radius_px > 0
    for reach in REACHES_PX if far else REACHES_PX[:1]:
        for left, base in _starts(name, width, up, down, reach):
            box = (left - 1, base - up - 1, left + width + 1, base + down + 1)
            yield Label(
                id=name.id,
                text=name.text,
                box=box,
                base=(left, base),
                bold=name.bold,
                size_px=name.size_px,
                leader=(name.at, _nearest(box, name.at)) if reach else None,
            )


def _starts(name: Name, width: float, up: float, down: float, reach: float) -> list[Point]:
    """Give where the text begins in eight positions, the preferred first."""
    x, y = name.at
    if name.radius_px == 0:
        return [(x - width / 2, y)]
    near = name.radius_px + GAP_PX + reach
    slant = name.radius_px * 0.7 + GAP_PX * 0.6 + reach * 0.8
    middle = y + (up - down) / 2
    high, low = y - slant - down, y + slant + up
    return [
        (x + near, middle),
        (x + slant, high),
        (x + slant, low),
        (x - near - width, middle),
        (x - slant - width, high),
        (x - slant - width, low),
        (x - width / 2, y - near - down),
        (x - width / 2, y + near + up),
    ]


def _nearest(box: Box, point: Point) -> Point:
    return min(max(point[0], box[0]), box[2]), min(max(point[1], box[1]), box[3])


class _Dots:
    """Dots along all lines, found by box."""

    def __init__(self, lines: Iterable[Sequence[Point]]) -> None:
        self._cells: dict[tuple[int, int], list[Point]] = {}
        for line in lines:
            for start, end in pairwise(line):
                steps = max(1, round(hypot(end[0] - start[0], end[1] - start[1]) / STEP_PX))
                for i in range(steps):
                    x = start[0] + (end[0] - start[0]) * i / steps
                    y = start[1] + (end[1] - start[1]) * i / steps
                    cell = (int(x // CELL_PX), int(y // CELL_PX))
                    self._cells.setdefault(cell, []).append((x, y))

    def within(self, box: Box) -> int:
        """Count the dots in a box."""
        return sum(
            box[0] <= x <= box[2] and box[1] <= y <= box[3]
            for column in range(int(box[0] // CELL_PX), int(box[2] // CELL_PX) + 1)
            for row in range(int(box[1] // CELL_PX), int(box[3] // CELL_PX) + 1)
            for x, y in self._cells.get((column, row), ())
        )


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(box: Box, sheet: Box) -> bool:
    return box[0] >= sheet[0] and box[1] >= sheet[1] and box[2] <= sheet[2] and box[3] <= sheet[3]
