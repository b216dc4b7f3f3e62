import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.network.geometry import EARTH_RADIUS_KM, great_circle_km

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


@pytest.mark.parametrize(
    ("ends", "expected_km"),
    [
        # Airport to airport, as calculators of air distances print them.
        ((51.4706, -0.461941, 40.639801, -73.7789), 5540),  # London Heathrow - New York JFK
        ((35.552299, 139.779999, 37.618999, -122.375), 8270),  # Tokyo Haneda - San Francisco
        # A degree of a great circle is 2 pi R / 360 = 111.195 km.
        ((0.0, 0.0, 0.0, 1.0), 111.195),
        ((0.0, 179.5, 0.0, -179.5), 111.195),
        ((90.0, 0.0, 89.0, 77.0), 111.195),
        ((0.0, 0.0, 0.0, 180.0), 20015.115),
    ],
)
def test_known_distances_come_out_within_a_third_of_a_percent(ends, expected_km):
    assert great_circle_km(*ends) == pytest.approx(expected_km, rel=0.0035)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_is_symmetric_and_at_most_half_round_the_earth(lat1, lon1, lat2, lon2):
    there = great_circle_km(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(great_circle_km(lat2, lon2, lat1, lon1), abs=1e-6)
    assert 0 <= there <= 3.14159265359 * EARTH_RADIUS_KM + 1e-6
    assert great_circle_km(lat1, lon1, lat1, lon1) == 0
