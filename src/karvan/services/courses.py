"""Where a line between two places runs on a map: the port through which it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from karvan.network.places import Place

#: Longitude and latitude in degrees, as GeoJSON has them.
Point = tuple[float, float]
Course = Sequence[Sequence[Point]]


class Courses(Protocol):
    """Lays lines over the globe; for drawing only, no length or time comes from them."""

    def course(self, start: Place, end: Place, *, afloat: bool) -> Course:
        """Give the line in pieces that do not cross the 180th meridian.

        Parameters
        ----------
        afloat
            A ship: the line keeps off the land.
        """
