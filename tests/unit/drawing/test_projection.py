"""Projections: there and back, and what each of them keeps."""

from itertools import pairwise
from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.adapters.drawing.frame import Frame, clip_line, clip_ring, cut_at, great_circle
from karvan.adapters.drawing.projection import ConformalConic, EqualEarth, projection_for
from karvan.network.geometry import great_circle_km
from karvan.services.drawing import AREAS, Area, parse_area

CONE = projection_for(AREAS["corridor"])
EARTH = projection_for(AREAS["world"])

lons = st.floats(-179.9, 179.9)
lats = st.floats(-80, 85)
points = st.tuples(lons, lats)


def apart(one, other):
    return great_circle_km(one[1], one[0], other[1], other[0])


@given(st.floats(-110, 220), st.floats(-40, 85))
def test_the_cone_leads_back_to_the_place(lon, lat):
    assert apart(CONE.inverse(*CONE.forward(lon, lat)), (lon, lat)) < 1e-3


@given(st.floats(-160, 195), lats)
def test_equal_earth_leads_back_to_the_place(lon, lat):
    assert apart(EARTH.inverse(*EARTH.forward(lon, lat)), (lon, lat)) < 1e-3


@given(st.floats(30, 80), st.floats(36, 52))
def test_the_cone_keeps_angles_and_nearly_lengths(lon, lat):
    step = 1e-4
    x, y = CONE.forward(lon, lat)
    north = (CONE.forward(lon, lat + step)[0] - x, CONE.forward(lon, lat + step)[1] - y)
    east = (CONE.forward(lon + step, lat)[0] - x, CONE.forward(lon + step, lat)[1] - y)

    up = hypot(*north) / radians(step)
    across = hypot(*east) / radians(step) / cos(radians(lat))

    assert up == pytest.approx(across, rel=1e-3)
    assert up == pytest.approx(1, abs=0.03)
    assert north[0] * east[0] + north[1] * east[1] == pytest.approx(0, abs=1e-3 * step**2)


@given(st.floats(-150, 180), st.floats(-75, 75))
def test_equal_earth_keeps_areas(lon, lat):
    step = 1e-3
    x, y = EARTH.forward(lon, lat)
    (a, b), (c, d) = EARTH.forward(lon + step, lat), EARTH.forward(lon, lat + step)

    area = abs((a - x) * (d - y) - (c - x) * (b - y))

    assert area == pytest.approx(radians(step) ** 2 * cos(radians(lat + step / 2)), rel=1e-3)


def test_equal_earth_has_the_published_extent():
    """Half the width 2.70663, half the height 1.31736 radii: the figures of its authors."""
    assert EqualEarth(0).forward(-180, 0)[0] == pytest.approx(-2.70663, abs=1e-5)
    assert EqualEarth(0).forward(0, 90)[1] == pytest.approx(1.31736, abs=1e-5)


def test_an_area_gets_a_cone_where_one_fits():
    assert isinstance(projection_for(AREAS["caspian"]), ConformalConic)
    assert isinstance(projection_for(Area("south", 10, -40, 40, -20)), ConformalConic)
    assert isinstance(projection_for(Area("equator", 10, -20, 40, 20)), EqualEarth)


@pytest.mark.parametrize("area", ["corridor", "caspian", "world", "10,-40,40,-20", "-10,30,0,60"])
def test_the_corners_of_an_area_lie_on_its_map(area):
    wanted = parse_area(area)
    frame = Frame.of(wanted, 1600)

    for lon in (wanted.west_deg, wanted.east_deg):
        for lat in (wanted.south_deg, wanted.north_deg):
            x, y = frame.place(lon, lat)
            assert -1 <= x <= frame.width_px + 1
            assert -1 <= y <= frame.height_px + 1
            assert apart(frame.globe(x, y), (lon, lat)) < 1e-3


@given(points, points)
def test_a_great_circle_is_as_long_as_the_shortest_way(start, end):
    way = great_circle(start, end)

    length = sum(apart(a, b) for a, b in pairwise(way))

    assert way[0] == start
    assert way[-1] == end
    assert length == pytest.approx(apart(start, end), rel=1e-6, abs=1e-6)


def test_a_way_over_the_pacific_is_cut_at_the_antimeridian():
    way = great_circle((121.6, 31.3), (-122.0, 37.0))

    parts = cut_at(way, 180.0)

    assert len(parts) == 2
    for part in parts:
        eastings = [(lon - 180.0) % 360.0 for lon, _ in part]
        assert max(abs(a - b) for a, b in pairwise(eastings)) < 180
    assert parts[0][-1][1] == pytest.approx(parts[1][0][1])


def test_what_lies_outside_a_box_is_cut_off():
    box = (0.0, 0.0, 10.0, 10.0)

    assert clip_line([(-5.0, 5.0), (15.0, 5.0)], box) == [[(0.0, 5.0), (10.0, 5.0)]]
    assert clip_line([(-5.0, 5.0), (-1.0, 5.0)], box) == []
    corner = clip_ring([(5.0, 5.0), (15.0, 5.0), (15.0, 15.0), (5.0, 15.0)], box)
    assert sorted(corner) == [(5.0, 5.0), (5.0, 10.0), (10.0, 5.0), (10.0, 10.0)]
