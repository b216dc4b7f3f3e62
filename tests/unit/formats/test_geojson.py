"""Great circles: as long as they must be, and never across the 180th meridian."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.adapters.formats.geojson import STEP_KM, great_circle
from karvan.network.geometry import great_circle_km

POINTS = st.tuples(st.floats(-180, 180), st.floats(-89, 89))


def length_km(line):
    return sum(great_circle_km(a[1], a[0], b[1], b[0]) for a, b in pairwise(line))


@given(POINTS, POINTS)
def test_a_line_is_as_long_as_the_great_circle_and_stays_on_its_side(start, end):
    circle_km = great_circle_km(start[1], start[0], end[1], end[0])
    lines = great_circle(start, end)

    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for line in lines for lon, lat in line)
    assert all(abs(b[0] - a[0]) <= 180 for line in lines for a, b in pairwise(line))
    if circle_km < 19_000:  # Near antipodes every way is the shortest.
        assert sum(map(length_km, lines)) == pytest.approx(circle_km, rel=0.02, abs=5)


@given(POINTS, POINTS)
def test_points_are_close_together(start, end):
    for line in great_circle(start, end):
        for a, b in pairwise(line):
            assert great_circle_km(a[1], a[0], b[1], b[0]) <= STEP_KM * 1.5 or len(line) == 2


def test_a_line_over_the_meridian_is_cut_at_one_latitude():
    west, east = great_circle((170.0, 40.0), (-170.0, 20.0))
    assert (west[0], east[-1]) == ((170.0, 40.0), (-170.0, 20.0))
    assert (west[-1][0], east[0][0]) == (180.0, -180.0)
    assert west[-1][1] == east[0][1]
    assert 20 < west[-1][1] < 40


def test_a_line_the_other_way_round_is_the_same_one_reversed():
    there, back = great_circle((51.2, 43.6), (49.4, 40.0)), great_circle((49.4, 40.0), (51.2, 43.6))
    assert [[(round(x, 9), round(y, 9)) for x, y in line] for line in there] == [
        [(round(x, 9), round(y, 9)) for x, y in reversed(line)] for line in reversed(back)
    ]


def test_two_places_at_one_point_give_a_line_of_two_points():
    assert great_circle((51.2, 43.6), (51.2, 43.6)) == [[(51.2, 43.6), (51.2, 43.6)]]
