"""Lines over the globe for a map that somebody else draws.

A line on land is a great circle, for the tables do not know the course of the track; a ship
goes through the points of `sea_ways`, its corners cut as on the printed map.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from karvan.adapters.drawing.frame import cut_at, great_circle
from karvan.adapters.drawing.sea_ways import sea_way
from karvan.adapters.drawing.tracks import rounded
from karvan.network.places import Place
from karvan.services.courses import Course, Point

#: Decimals of a degree: 100 m, finer than the coordinates are known.
DECIMALS: Final = 3
ANTIMERIDIAN_DEG: Final = -180.0


class GlobeCourses:
    """The `Courses` port."""

    def course(self, start: Place, end: Place, *, afloat: bool) -> Course:
        """Give the line between two places."""
        corners: list[Point] = [(start.lon_deg, start.lat_deg), (end.lon_deg, end.lat_deg)]
        if afloat:
            corners = rounded(sea_way(start, end))
        points = [corners[0]]
        for before, after in pairwise(corners):
            points += great_circle(before, after)[1:]
        return [
            [(round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in piece]
            for piece in cut_at(points, ANTIMERIDIAN_DEG)
        ]
