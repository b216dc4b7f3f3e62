"""The way a ship is drawn: from port to port through points that keep it off the land.

The points are straits, capes and bends of `sea_points.csv`, set by hand for drawing;
no length, time or price comes from them. A port they do not know is joined by a great circle.
"""

from __future__ import annotations

import csv
import heapq
from functools import cache
from importlib.resources import files

from karvan.adapters.drawing.frame import Point
from karvan.network.geometry import great_circle_km
from karvan.network.places import Place

Graph = dict[str, set[str]]


@cache
def sea_points() -> tuple[dict[str, Point], Graph]:
    """Give the points (longitude, latitude) by name, and who joins whom, ports included."""
    table = files("karvan.adapters.drawing").joinpath("sea_points.csv").read_text(encoding="utf-8")
    where: dict[str, Point] = {}
    joins: Graph = {}
    for row in csv.DictReader(table.splitlines()):
        where[row["point"]] = (float(row["lon_deg"]), float(row["lat_deg"]))
        for other in row["joins"].split():
            joins.setdefault(row["point"], set()).add(other)
            joins.setdefault(other, set()).add(row["point"])
    return where, joins


def sea_way(start: Place, end: Place) -> list[Point]:
    """Give the corners (longitude, latitude) of the shortest way over the points."""
    points, joins = sea_points()
    where = {
        **points,
        start.id: (start.lon_deg, start.lat_deg),
        end.id: (end.lon_deg, end.lat_deg),
    }
    straight = [where[start.id], where[end.id]]
    if start.id not in joins or end.id not in joins:
        return straight
    queue: list[tuple[float, str]] = [(0.0, start.id)]
    best = {str(start.id): 0.0}
    before: dict[str, str] = {}
    while queue:
        km, here = heapq.heappop(queue)
        if here == end.id:
            break
        for there in sorted(joins[here]):
            if there not in where or km > best[here]:
                continue
            (west, south), (east, north) = where[here], where[there]
            further = km + great_circle_km(south, west, north, east)
            if further < best.get(there, float("inf")):
                best[there], before[there] = further, here
                heapq.heappush(queue, (further, there))
    if end.id not in before:
        return straight
    way = [str(end.id)]
    while way[-1] != start.id:
        way.append(before[way[-1]])
    return [where[name] for name in reversed(way)]
