"""Lines between places as GeoJSON geometries (RFC 7946); for drawing, no length comes from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from karvan.network.places import Place
from karvan.services.courses import Courses

Geometry = Mapping[str, object]


def point(place: Place) -> Geometry:
    """A place."""
    return {"type": "Point", "coordinates": [place.lon_deg, place.lat_deg]}


def line(stops: Sequence[Place], courses: Courses | None, *, afloat: bool) -> Geometry:
    """A line over two places or more: cut at the 180th meridian, straight where nobody lays it."""
    if courses is None:
        ends = [[stop.lon_deg, stop.lat_deg] for stop in stops]
        return {"type": "LineString", "coordinates": ends}
    pieces = [
        [list(each) for each in piece]
        for start, end in pairwise(stops)
        for piece in courses.course(start, end, afloat=afloat)
    ]
    return {"type": "MultiLineString", "coordinates": pieces}
