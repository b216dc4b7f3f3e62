"""Where the lines of the map run: pixels of each line that lies on the sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import hypot
from typing import Final

from karvan.adapters.drawing.frame import Frame, Point, clip_line, cut_at, great_circle
from karvan.adapters.drawing.lines import Line
from karvan.adapters.drawing.sea_ways import sea_way
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.services.drawing import Look

#: Modes between the same places or through the same strait run side by side, in this order.
SLOTS: Final = {
    Mode.PIPELINE: -1,
    Mode.ROAD: 1,
    Mode.RORO: 1,
    Mode.FEEDER: -1,
    Mode.TANKER: 2,
    Mode.BULK: -2,
}
SLOT_PX: Final = 4.5
ROUNDINGS: Final = 3
#: Over this length a shifted line comes back to its place.
RETURN_PX: Final = 24.0
AFLOAT: Final = frozenset({Look.SEA, Look.FERRY})


@dataclass(frozen=True, slots=True)
class Track:
    """A line and its parts on the sheet, in pixels."""

    line: Line
    parts: tuple[tuple[Point, ...], ...]


def tracks_of(network: Network, lines: Iterable[Line], frame: Frame) -> tuple[Track, ...]:
    """Lay the lines out; those outside the frame are left out."""
    tracks = []
    inside = (0.0, 0.0, float(frame.width_px), float(frame.height_px))
    lines = tuple(lines)
    beside = Counter((line.start, line.end) for line in lines)
    for line in lines:
        alone = line.look not in AFLOAT and beside[line.start, line.end] == 1
        px = 0.0 if alone else SLOTS.get(line.mode, 0) * SLOT_PX * frame.scale
        laid = [_shifted(part, px) for part in _laid(network, line, frame)]
        if any(clip_line(part, inside) for part in laid):
            parts = tuple(tuple(piece) for part in laid for piece in clip_line(part, frame.box))
            tracks.append(Track(line, parts))
    return tuple(tracks)


def _laid(network: Network, line: Line, frame: Frame) -> list[list[Point]]:
    start, end = network.places[line.start], network.places[line.end]
    afloat = line.look in AFLOAT
    if afloat:
        corners = sea_way(start, end)
    else:
        corners = [(start.lon_deg, start.lat_deg), (end.lon_deg, end.lat_deg)]
    points = [corners[0]]
    for before, after in pairwise(corners):
        points += great_circle(before, after)[1:]
    cut = (frame.projection.centre_lon_deg + 180.0) % 360.0
    parts = [[frame.place(x, y) for x, y in part] for part in cut_at(points, cut)]
    return [rounded(part) for part in parts] if afloat else parts


def rounded(points: Sequence[Point]) -> list[Point]:
    """Cut corners by a quarter, some times over (Chaikin); the ends stay."""
    line = list(points)
    for _ in range(ROUNDINGS):
        if len(line) < 3:
            break
        cut = [line[0]]
        for (x, y), (u, v) in pairwise(line):
            cut += [(0.75 * x + 0.25 * u, 0.75 * y + 0.25 * v)]
            cut += [(0.25 * x + 0.75 * u, 0.25 * y + 0.75 * v)]
        line = [*cut, line[-1]]
    return line


def _shifted(points: Sequence[Point], px: float) -> list[Point]:
    """Move a line to its right; towards its ends it comes back to the places."""
    if px == 0:
        return list(points)
    if len(points) == 2:
        (x, y), (u, v) = points
        points = [(x + (u - x) * t, y + (v - y) * t) for t in (0.0, 0.1, 0.9, 1.0)]
    run = [0.0, *accumulate(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))]
    moved = [points[0]]
    for i in range(1, len(points) - 1):
        dx = points[i + 1][0] - points[i - 1][0]
        dy = points[i + 1][1] - points[i - 1][1]
        share = px * min(1.0, run[i] / RETURN_PX, (run[-1] - run[i]) / RETURN_PX)
        length = hypot(dx, dy) or 1.0
        moved.append((points[i][0] - dy / length * share, points[i][1] + dx / length * share))
    return [*moved, points[-1]]
