"""Land, lakes and borders under the network, from the shipped table.

The borders are one layer by themselves: they say where an authority works, not whose a land is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import hypot

from karvan.adapters.drawing.frame import Box, Frame, Point, clip_line, clip_ring, path_data
from karvan.adapters.drawing.projection import ConformalConic

#: Points nearer than this to the one before are left out.
FINEST_PX = 0.6
#: Rings smaller than this are left out.
SMALLEST_PX2 = 1.5


@dataclass(frozen=True, slots=True)
class Ground:
    """The `d` of three SVG paths."""

    land: str
    lakes: str
    borders: str


@dataclass(frozen=True, slots=True)
class Shape:
    """A ring (land, lake) or a line (border) in degrees, longitude first."""

    kind: str
    points: tuple[Point, ...]


@cache
def shapes() -> tuple[Shape, ...]:
    """Read the table; `tools/ground_table.py` says how it is written."""
    table = files("karvan.adapters.drawing").joinpath("ground.csv").read_text(encoding="utf-8")
    return tuple(
        Shape(row["kind"], tuple(_unpacked(row["points"])))
        for row in csv.DictReader(table.splitlines())
    )


def _unpacked(text: str) -> Iterator[Point]:
    steps = [int(word) for word in text.split()]
    x = y = 0
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        yield x / 1000, y / 1000


def ground_of(frame: Frame) -> Ground:
    """Give what of the ground lies in a frame."""
    rings: dict[str, list[list[Point]]] = {"land": [], "lake": []}
    lines: list[list[Point]] = []
    window = _window(frame)
    for shape in shapes():
        for turn in (-360.0, 0.0, 360.0):
            turned = [(x + turn, y) for x, y in shape.points]
            if not _meets(turned, window):
                continue
            if shape.kind == "border":
                for part in clip_line(turned, window):
                    placed = [frame.place(x, y) for x, y in part]
                    lines += [_thinned(piece) for piece in clip_line(placed, frame.box)]
            else:
                part = [frame.place(x, y) for x, y in clip_ring(turned, window)]
                ring = _thinned(clip_ring(part, frame.box))
                if _size(ring) >= SMALLEST_PX2:
                    rings[shape.kind].append(ring)
    return Ground(
        land=path_data(rings["land"], closed=True),
        lakes=path_data(rings["lake"], closed=True),
        borders=path_data(lines),
    )


def _window(frame: Frame) -> Box:
    """Degrees within which the projection behaves: not the cut, not the far pole of a cone."""
    middle = frame.projection.centre_lon_deg
    west, east = middle - 179.999, middle + 179.999
    if not isinstance(frame.projection, ConformalConic):
        return west, -90.0, east, 90.0
    if frame.projection.centre_lat_deg > 0:
        return west, -30.0, east, 89.0
    return west, -89.0, east, 30.0


def _meets(points: Sequence[Point], box: Box) -> bool:
    return (
        max(x for x, _ in points) > box[0]
        and min(x for x, _ in points) < box[2]
        and max(y for _, y in points) > box[1]
        and min(y for _, y in points) < box[3]
    )


def _thinned(points: Sequence[Point]) -> list[Point]:
    kept = list(points[:1])
    for point in points[1:-1]:
        if hypot(point[0] - kept[-1][0], point[1] - kept[-1][1]) >= FINEST_PX:
            kept.append(point)
    return kept + list(points[-1:]) if len(points) > 1 else kept


def _size(ring: Sequence[Point]) -> float:
    return (
        abs(
            sum(ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1] for i in range(len(ring)))
        )
        / 2
    )
