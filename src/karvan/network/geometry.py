"""Distances on the globe.

The earth is taken as a sphere of the mean radius of the WGS 84 ellipsoid. The error against
the ellipsoid is at most 0.6 %, far below that of the coordinates.
"""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

#: Mean radius R1 = (2a + b) / 3. Source: H. Moritz, *Geodetic Reference System 1980*,
#: Journal of Geodesy 74 (2000), 128-133.
EARTH_RADIUS_KM = 6371.0088


def great_circle_km(
    from_lat_deg: float, from_lon_deg: float, to_lat_deg: float, to_lon_deg: float
) -> float:
    """Give the shortest way over the sphere between two points, in kilometres.

    Parameters
    ----------
    from_lat_deg, to_lat_deg
        Latitudes in degrees, -90..90, north positive.
    from_lon_deg, to_lon_deg
        Longitudes in degrees, -180..180, east positive.

    Notes
    -----
    Haversine form, which stays exact for neighbours; near antipodes the root is held at 1.

    References
    ----------
    R. W. Sinnott, *Virtues of the Haversine*, Sky and Telescope 68 (1984), 159.

    Examples
    --------
    >>> round(great_circle_km(43.6, 51.22, 39.98, 49.44))  # Aktau - Alat
    429
    """
    north = radians(to_lat_deg - from_lat_deg)
    east = radians(to_lon_deg - from_lon_deg)
    squares = sin(north / 2) ** 2
    squares += cos(radians(from_lat_deg)) * cos(radians(to_lat_deg)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, squares)))
