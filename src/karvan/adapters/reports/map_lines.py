"""The lines of a map of flows: where they run, how much goes, how wide that is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import hypot
from typing import Final

from karvan.adapters.drawing.frame import Frame, Point, great_circle
from karvan.adapters.drawing.sea_ways import sea_way
from karvan.adapters.drawing.tracks import rounded
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.network.places import Place, PlaceId
from karvan.services.drawing import LOOK_OF, Area, Look
from karvan.services.planning.cases import Case

WIDTHS_PX: Final = (1.5, 2.5, 4.0, 6.0, 9.0, 13.0)
#: Limits of the classes, as shares of the largest amount, before they are made round.
_SHARES: Final = (1 / 100, 1 / 30, 1 / 12, 1 / 5, 1 / 2.2)
_PX: Final = 980
#: Round the flows, and the least and most that a map of the corridor shows.
_MARGIN_DEG: Final = 1.6
_EDGES: Final = (10.0, 33.0, 90.0, 62.0)
_ROUND: Final = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Way:
    """Two places and how one goes from the first to the second."""

    start: str
    end: str
    mode: str

    @property
    def look(self) -> Look:
        """How its mode is drawn."""
        return LOOK_OF[Mode(self.mode)] if self.mode in set(Mode) else Look.ROAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A way with its amount in Mt and its course in pixels; `full` where no more would go."""

    way: Way
    amount: float
    points: tuple[Point, ...]
    full: bool = False

    def at(self, share: float) -> tuple[Point, Point]:
        """The point at a share of the length, and the direction there, of length 1."""
        run = [0.0, *accumulate(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(self.points))]
        wanted = share * run[-1]
        for number, ((x, y), (u, v)) in enumerate(pairwise(self.points)):
            if run[number + 1] >= wanted:
                length = run[number + 1] - run[number] or 1.0
                t = (wanted - run[number]) / length
                point = (x + (u - x) * t, y + (v - y) * t)
                return point, ((u - x) / length, (v - y) / length)
        return self.points[-1], (1.0, 0.0)

    @property
    def length_px(self) -> float:
        """Length on the sheet."""
        return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(self.points))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Upper limits of the width classes in Mt; the last class has none."""

    limits: tuple[float, ...]

    def width_px(self, amount: float) -> float:
        """Width of the class of an amount; a limit belongs to the class above it."""
        return WIDTHS_PX[sum(amount >= limit for limit in self.limits)]


def scale_of(amounts: Sequence[float]) -> Scale:
    """Classes that fit the largest amount, each limit 1, 2 or 5 times a power of ten.

    >>> scale_of([42.0]).limits
    (0.2, 1.0, 2.0, 5.0, 10.0)
    """
    largest = max(amounts, default=1.0) or 1.0
    limits: list[float] = []
    for share in _SHARES:
        at = max(
            step for step in range(-40, 40) if _rounded_step(step) <= largest * share * (1 + 1e-9)
        )
        while limits and _rounded_step(at) <= limits[-1]:
            at += 1
        limits.append(_rounded_step(at))
    return Scale(limits=tuple(limits))


def _rounded_step(step: int) -> float:
    """The number 1, 2 or 5 times a power of ten that stands so many steps above 1."""
    power, first = divmod(step, len(_ROUND))
    return round(_ROUND[first] * 10.0**power, 12)


def frame_of(network: Network, ways: Sequence[Way]) -> Frame:
    """A sheet that holds all ways."""
    places = [
        place for way in ways for end in (way.start, way.end) if (place := _place(network, end))
    ]
    west, south, east, north = _EDGES
    if not places:
        return Frame.of(Area("flows", 26.5, 34.5, 84.0, 53.0), _PX)
    return Frame.of(
        Area(
            "flows",
            max(west, min(place.lon_deg for place in places) - _MARGIN_DEG),
            max(south, min(place.lat_deg for place in places) - _MARGIN_DEG),
            min(east, max(place.lon_deg for place in places) + _MARGIN_DEG),
            min(north, max(place.lat_deg for place in places) + _MARGIN_DEG),
        ),
        _PX,
    )


def lines_of(
    network: Network, frame: Frame, amounts: Mapping[Way, float], full: frozenset[Way]
) -> tuple[Line, ...]:
    """Lay ways on a sheet, those of the largest amounts first; a way to nowhere is left out."""
    made = []
    for way, amount in sorted(amounts.items(), key=lambda item: -abs(item[1])):
        start, end = _place(network, way.start), _place(network, way.end)
        if start is not None and end is not None:
            points = _course(frame, start, end, afloat=way.look in {Look.SEA, Look.FERRY})
            made.append(Line(way=way, amount=amount, points=points, full=way in full))
    return tuple(made)


def full_ways(case: Case, ways: Mapping[Way, float]) -> frozenset[Way]:
    """Those of some ways of which 95 % or more of the capacity was used in some month."""
    busy = {
        row.of
        for row in case.results.capacity
        if row.capacity > 0 and row.used >= _FULL * row.capacity
    }
    return frozenset(
        way
        for row in case.results.flow
        if row.link in busy and (way := Way(row.from_place, row.to_place, row.mode)) in ways
    )


_FULL: Final = 0.95


def _place(network: Network, id_: str) -> Place | None:
    return network.places.get(PlaceId(id_))


def _course(frame: Frame, start: Place, end: Place, *, afloat: bool) -> tuple[Point, ...]:
    corners: list[Point] = [(start.lon_deg, start.lat_deg), (end.lon_deg, end.lat_deg)]
    if afloat:
        corners = sea_way(start, end)
    points = [corners[0]]
    for before, after in pairwise(corners):
        points += great_circle(before, after)[1:]
    placed = [frame.place(x, y) for x, y in points]
    return tuple(rounded(placed) if afloat else placed)
