"""The sheet: from degrees to pixels, and what of a shape lies inside.

Pixels count from the upper left corner of the map, y downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, atan2, cos, degrees, radians, sin

from karvan.adapters.drawing.projection import ConformalConic, Projection, projection_for
from karvan.network.geometry import EARTH_RADIUS_KM, great_circle_km
from karvan.services.drawing import Area

Point = tuple[float, float]
Box = tuple[float, float, float, float]

#: A great circle is drawn as chords of this length, too short to see that they are straight.
CHORD_KM = 150.0
#: How far beyond the frame shapes are kept, so that no cut edge shows.
MARGIN_PX = 30.0
TALLEST = 0.8
SMALL_KM_PER_PX = 6.0
SMALL_SCALE = 0.6


@dataclass(frozen=True, slots=True)
class Frame:
    """A map of some width in pixels, filled by the area."""

    projection: Projection
    left: float
    top: float
    px_per_radius: float
    width_px: int
    height_px: int

    @classmethod
    def of(cls, area: Area, width_px: int) -> Frame:
        """Fit an area into a width; the height follows, the edge of the area lies inside."""
        projection = projection_for(area)
        steps = [i / 40 for i in range(41)]
        lon = [area.west_deg + (area.east_deg - area.west_deg) * s for s in steps]
        lat = [area.south_deg + (area.north_deg - area.south_deg) * s for s in steps]
        edge = [projection.forward(x, y) for x in lon for y in (lat[0], lat[-1])]
        edge += [projection.forward(x, y) for x in (lon[0], lon[-1]) for y in lat]
        west, east = min(x for x, _ in edge), max(x for x, _ in edge)
        south, north = min(y for _, y in edge), max(y for _, y in edge)
        scale = width_px / (east - west)
        height = (north - south) * scale
        if height > TALLEST * width_px:
            height = TALLEST * width_px
            scale = height / (north - south)
            west = (west + east) / 2 - width_px / scale / 2
        return cls(projection, west, north, scale, width_px, round(height))

    @property
    def km_per_px(self) -> float:
        """How much a pixel is in the middle of the map."""
        return EARTH_RADIUS_KM / self.px_per_radius

    @property
    def true_to_scale(self) -> bool:
        """Say whether one bar can tell lengths all over the map."""
        return isinstance(self.projection, ConformalConic)

    @property
    def scale(self) -> float:
        """Marks and lines shrink on maps of half the globe, where they would hide each other."""
        return 1.0 if self.km_per_px < SMALL_KM_PER_PX else SMALL_SCALE

    def place(self, lon_deg: float, lat_deg: float) -> Point:
        """Give the pixel of a point of the globe."""
        x, y = self.projection.forward(lon_deg, lat_deg)
        return (x - self.left) * self.px_per_radius, (self.top - y) * self.px_per_radius

    def globe(self, x_px: float, y_px: float) -> Point:
        """Give longitude and latitude of a pixel."""
        return self.projection.inverse(
            x_px / self.px_per_radius + self.left, self.top - y_px / self.px_per_radius
        )

    def holds(self, point: Point) -> bool:
        """Say whether a pixel lies on the map."""
        return 0 <= point[0] <= self.width_px and 0 <= point[1] <= self.height_px

    @property
    def box(self) -> Box:
        """The map with its margin: left, top, right, bottom."""
        m = MARGIN_PX
        return -m, -m, self.width_px + m, self.height_px + m


def great_circle(start: Point, end: Point) -> list[Point]:
    """Give points (longitude, latitude) along the shortest way, both ends included."""
    length = great_circle_km(start[1], start[0], end[1], end[0])
    chords = max(1, round(length / CHORD_KM))
    a, b = _vector(start), _vector(end)
    angle = acos(max(-1.0, min(1.0, sum(p * q for p, q in zip(a, b, strict=True)))))
    if chords == 1 or sin(angle) == 0:
        return [start, end]
    points = []
    for i in range(chords + 1):
        near, far = sin(angle * (1 - i / chords)) / sin(angle), sin(angle * i / chords) / sin(angle)
        x, y, z = (near * p + far * q for p, q in zip(a, b, strict=True))
        points.append((degrees(atan2(y, x)), 90 - degrees(acos(max(-1.0, min(1.0, z))))))
    return [start, *points[1:-1], end]


def cut_at(points: Sequence[Point], meridian_deg: float) -> list[list[Point]]:
    """Cut a line (longitude, latitude) where it crosses a meridian, once on either side."""
    parts = [[points[0]]]
    for before, after in pairwise(points):
        first = (before[0] - meridian_deg) % 360.0
        second = (after[0] - meridian_deg) % 360.0
        if abs(first - second) <= 180:
            parts[-1].append(after)
            continue
        here, there = (0.0, 360.0) if first < second else (360.0, 0.0)
        turned = second - 360 if first < second else second + 360
        share = (here - first) / (turned - first)
        lat = before[1] + share * (after[1] - before[1])
        inside = 1e-9 if here == 0 else -1e-9
        parts[-1].append((meridian_deg + here + inside, lat))
        parts.append([(meridian_deg + there - inside, lat), after])
    return parts


def clip_ring(ring: Sequence[Point], box: Box) -> list[Point]:
    """Give the part of a ring inside a box (Sutherland and Hodgman, one edge after the other)."""
    points = list(ring)
    for axis, limit, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        kept: list[Point] = []
        for i, here in enumerate(points):
            before = points[i - 1]
            inside, was = (sign * (p[axis] - limit) >= 0 for p in (here, before))
            if inside != was:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                across = before[1 - axis] + share * (here[1 - axis] - before[1 - axis])
                kept.append((limit, across) if axis == 0 else (across, limit))
            if inside:
                kept.append(here)
        points = kept
        if not points:
            break
    return points


def clip_line(points: Sequence[Point], box: Box) -> list[list[Point]]:
    """Give the parts of a line inside a box (Liang and Barsky, chord by chord)."""
    parts: list[list[Point]] = []
    for start, end in pairwise(points):
        span = _span(start, end, box)
        if span is None:
            continue
        first, last = (
            (start[0] + t * (end[0] - start[0]), start[1] + t * (end[1] - start[1])) for t in span
        )
        if parts and parts[-1][-1] == first:
            parts[-1].append(last)
        else:
            parts.append([first, last])
    return parts


def _span(start: Point, end: Point, box: Box) -> tuple[float, float] | None:
    first, last = 0.0, 1.0
    for axis in (0, 1):
        way = end[axis] - start[axis]
        low, high = box[axis] - start[axis], box[axis + 2] - start[axis]
        if way == 0:
            if low > 0 or high < 0:
                return None
            continue
        near, far = sorted((low / way, high / way))
        first, last = max(first, near), min(last, far)
    return (first, last) if first < last else None


def path_data(parts: Iterable[Sequence[Point]], *, closed: bool = False) -> str:
    """Write lines as the `d` of an SVG path, to a tenth of a pixel, in steps."""
    out = []
    for part in parts:
        whole = [(round(x * 10), round(y * 10)) for x, y in part]
        words = [f"M{_tenth(whole[0][0])} {_tenth(whole[0][1])}l"]
        steps = [
            f"{_tenth(b[0] - a[0])} {_tenth(b[1] - a[1])}" for a, b in pairwise(whole) if a != b
        ]
        if steps:
            out.append(words[0] + " ".join(steps) + ("z" if closed else ""))
    return "".join(out)


def _tenth(value: int) -> str:
    return f"{value / 10:g}"


def _vector(point: Point) -> tuple[float, float, float]:
    lon, lat = radians(point[0]), radians(point[1])
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)
