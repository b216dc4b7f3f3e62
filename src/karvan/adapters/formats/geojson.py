"""GeoJSON: places as points, links as great circles.

Links are drawn straight over the globe, for the tables do not know the course of the track, and
cut where they cross the 180th meridian. Properties have the names of our columns, units in them.

Source: RFC 7946, sections 3.1 (geometry), 3.1.9 (antimeridian) and 5 (bounding box).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians, sin
from typing import Final

from karvan.adapters.files.tables import TableRow, Value
from karvan.network.geometry import EARTH_RADIUS_KM, great_circle_km

#: A link has a point at least every so many kilometres.
STEP_KM: Final = 100.0
#: Decimals of a degree: 10 m, far finer than the coordinates are known.
DECIMALS: Final = 4

Point = tuple[float, float]  # longitude, latitude
Line = list[Point]

_ENDS = ("lat_deg", "lon_deg")


def render_geojson(
    places: Sequence[TableRow], links: Sequence[TableRow], network_hash: str
) -> bytes:
    """Give a FeatureCollection of all places and links."""
    located = {str(row.values["id"]): _point(row) for row in places}
    features = [
        _feature("place", row, {"type": "Point", "coordinates": _rounded(_point(row))})
        for row in places
    ]
    for row in links:
        start, end = (located[str(row.values[name])] for name in ("from_place", "to_place"))
        lines = [[_rounded(p) for p in line] for line in great_circle(start, end)]
        geometry: dict[str, object] = {"type": "LineString", "coordinates": lines[0]}
        if len(lines) > 1:
            geometry = {"type": "MultiLineString", "coordinates": lines}
        features.append(_feature("link", row, geometry))
    collection = {
        "type": "FeatureCollection",
        "network_hash": network_hash,
        "features": features,
    }
    text = json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return (text.replace('{"type":"Feature",', '\n{"type":"Feature",') + "\n").encode("utf-8")


def great_circle(start: Point, end: Point) -> list[Line]:
    """Give the shortest way over the sphere, in pieces that do not cross the 180th meridian.

    >>> [len(line) for line in great_circle((170.0, 10.0), (-170.0, 10.0))]
    [13, 12]
    """
    return _cut(_points(start, end))


def _points(start: Point, end: Point) -> Line:
    distance_km = great_circle_km(start[1], start[0], end[1], end[0])
    angle = distance_km / EARTH_RADIUS_KM
    pieces = max(1, int(-(-distance_km // STEP_KM)))
    if sin(angle) < 1e-9:
        return [start, end]
    a, b = _vector(start), _vector(end)
    inner = []
    for i in range(1, pieces):
        share = i / pieces
        p, q = sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle)
        x, y, z = (p * u + q * v for u, v in zip(a, b, strict=True))
        inner.append((degrees(atan2(y, x)), degrees(atan2(z, hypot(x, y)))))
    return [start, *inner, end]


def _cut(points: Line) -> list[Line]:
    lines: list[Line] = [[points[0]]]
    for (lon, lat), (next_lon, next_lat) in pairwise(points):
        if abs(next_lon - lon) > 180:
            edge = 180.0 if lon > 0 else -180.0
            shifted = next_lon + 360 if edge > 0 else next_lon - 360
            share = (edge - lon) / (shifted - lon) if shifted != lon else 0.0
            at = lat + share * (next_lat - lat)
            lines[-1].append((edge, at))
            lines.append([(-edge, at)])
        lines[-1].append((next_lon, next_lat))
    return [line for line in lines if len(set(line)) > 1] or [lines[0]]


def _vector(point: Point) -> tuple[float, float, float]:
    lon, lat = radians(point[0]), radians(point[1])
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def _point(row: TableRow) -> Point:
    lat, lon = (row.values[name] for name in _ENDS)
    assert isinstance(lat, float)
    assert isinstance(lon, float)
    return lon, lat


def _rounded(point: Point) -> Point:
    return round(point[0], DECIMALS), round(point[1], DECIMALS)


def _feature(kind: str, row: TableRow, geometry: Mapping[str, object]) -> Mapping[str, object]:
    names = (name for name in row.values if name not in _ENDS)
    return {
        "type": "Feature",
        "id": row.values["id"],
        "geometry": geometry,
        "properties": {"feature": kind, **_properties(names, row.values)},
    }


def _properties(names: Iterable[str], values: Mapping[str, Value]) -> Mapping[str, object]:
    renamed = {"gauges": "gauges_mm"}
    return {renamed.get(name, name): _json(values[name]) for name in names}


def _json(value: Value) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
