"""From the globe to the plane and back.

The corridor runs east and west in the middle latitudes, so its maps use a conformal cone with
two standard parallels: angles and the shapes of ports and bays are right, and lengths are off
by 3 % at most between the thirty-fifth and the fifty-fourth parallel. What spans more than a
third of the globe is drawn in the Equal Earth projection, in which areas are right.
Angles in degrees, lengths in radii of the sphere; y grows to the north.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan, atan2, cos, degrees, hypot, log, pi, radians, sin, sqrt, tan
from typing import Protocol

from karvan.services.drawing import Area

#: Wider than this in longitude, or reaching over the equator: not for a cone.
WIDEST_CONE_DEG = 120.0


class Projection(Protocol):
    """A one-to-one mapping of the globe, cut at one meridian, into the plane."""

    @property
    def name(self) -> str:
        """What to call it in the foot of the map."""

    @property
    def centre_lon_deg(self) -> float:
        """The meridian in the middle; the cut is opposite."""

    def forward(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Give x and y."""

    def inverse(self, x: float, y: float) -> tuple[float, float]:
        """Give longitude and latitude."""


@dataclass(frozen=True, slots=True)
class ConformalConic:
    """Lambert's conformal cone with two standard parallels, on the sphere.

    References
    ----------
    J. P. Snyder, *Map Projections: A Working Manual*, USGS Professional Paper 1395 (1987),
    equations 15-1 to 15-5, 14-9 to 14-11.
    """

    centre_lon_deg: float
    centre_lat_deg: float
    parallels_deg: tuple[float, float]

    @property
    def name(self) -> str:
        """Lambert conformal conic and its parallels."""
        first, second = self.parallels_deg
        return f"Lambert conformal conic, parallels {first:.0f}° and {second:.0f}°"

    @property
    def _cone(self) -> float:
        first, second = (radians(parallel) for parallel in self.parallels_deg)
        if abs(first - second) < 1e-9:
            return sin(first)
        steep = log(tan(pi / 4 + second / 2) / tan(pi / 4 + first / 2))
        return log(cos(first) / cos(second)) / steep

    def _radius(self, lat_deg: float) -> float:
        first, n = radians(self.parallels_deg[0]), self._cone
        scale = cos(first) * tan(pi / 4 + first / 2) ** n / n
        result: float = scale / tan(pi / 4 + radians(lat_deg) / 2) ** n
        return result

    def forward(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Give x and y."""
        east = (lon_deg - self.centre_lon_deg + 180.0) % 360.0 - 180.0
        angle, radius = self._cone * radians(east), self._radius(lat_deg)
        return radius * sin(angle), self._radius(self.centre_lat_deg) - radius * cos(angle)

    def inverse(self, x: float, y: float) -> tuple[float, float]:
        """Give longitude and latitude."""
        n, first = self._cone, radians(self.parallels_deg[0])
        side = 1.0 if n > 0 else -1.0
        below = self._radius(self.centre_lat_deg) - y
        radius = side * hypot(x, below)
        angle = atan2(side * x, side * below)
        scale = cos(first) * tan(pi / 4 + first / 2) ** n / n
        lat = 2 * atan((scale / radius) ** (1 / n)) - pi / 2
        return self.centre_lon_deg + degrees(angle / n), degrees(lat)


@dataclass(frozen=True, slots=True)
class EqualEarth:
    """The Equal Earth projection, on the sphere.

    References
    ----------
    B. Savric, T. Patterson, B. Jenny, *The Equal Earth map projection*, International Journal
    of Geographical Information Science 33 (2019), 454-465.
    """

    centre_lon_deg: float

    @property
    def name(self) -> str:
        """Equal Earth."""
        return "Equal Earth, equal areas"

    def forward(self, lon_deg: float, lat_deg: float) -> tuple[float, float]:
        """Give x and y."""
        east = radians((lon_deg - self.centre_lon_deg + 180.0) % 360.0 - 180.0)
        theta = asin(sqrt(3) / 2 * sin(radians(lat_deg)))
        y, slope = _earth(theta)
        return 2 * sqrt(3) * east * cos(theta) / (3 * slope), y

    def inverse(self, x: float, y: float) -> tuple[float, float]:
        """Give longitude and latitude, by Newton's method on the polynomial in y."""
        theta = y
        for _ in range(12):
            value, slope = _earth(theta)
            theta -= (value - y) / slope
        slope = _earth(theta)[1]
        lat = asin(max(-1.0, min(1.0, 2 * sin(theta) / sqrt(3))))
        return self.centre_lon_deg + degrees(3 * x * slope / (2 * sqrt(3) * cos(theta))), degrees(
            lat
        )


def _earth(theta: float) -> tuple[float, float]:
    """Give the polynomial of Equal Earth and its derivative."""
    squared = theta * theta
    sixth = squared**3
    y = theta * (1.340264 - 0.081106 * squared + sixth * (0.000893 + 0.003796 * squared))
    slope = 1.340264 - 3 * 0.081106 * squared + sixth * (7 * 0.000893 + 9 * 0.003796 * squared)
    return y, slope


def projection_for(area: Area) -> Projection:
    """Choose the projection of an area: a cone where one fits, else Equal Earth."""
    middle = (area.west_deg + area.east_deg) / 2
    wide = area.east_deg - area.west_deg > WIDEST_CONE_DEG
    if wide or area.south_deg * area.north_deg <= 0:
        return EqualEarth(round(middle))
    sixth = (area.north_deg - area.south_deg) / 6
    return ConformalConic(
        centre_lon_deg=middle,
        centre_lat_deg=(area.south_deg + area.north_deg) / 2,
        parallels_deg=(area.south_deg + sixth, area.north_deg - sixth),
    )
