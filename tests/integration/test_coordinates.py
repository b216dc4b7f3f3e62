"""Places lie where they should: in their country, in their time zone, by the sea or on land.

Borders and zones are those of OpenStreetMap (timezonefinder), right to some hundred metres.
The shoreline (geopip) is that of a world map, off by up to 15 km at Aktau, but it has the
Caspian; so near the shore means within 20 km of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from math import cos, radians, sin
from zoneinfo import ZoneInfo

import geopip
import pytest
from timezonefinder import TimezoneFinder

from karvan.adapters.files.corridor_tables import load_corridor
from karvan.network.places import Facility, Place, PlaceId, PlaceKind

SHORE_KM = 20
KM_A_DEGREE = 111.2
NOONS = [datetime(2026, month, 15, 12, tzinfo=UTC) for month in range(1, 13)]
FINDER = TimezoneFinder(in_memory=True)  # a finder on open files leaves them open

#: What a place is excused from, and why.
EXCEPTIONS = {
    ("AZ-ACG", "country"): "offshore field, beyond the territorial sea",
    ("AZ-ACG", "zone"): "offshore field, works on the time of Baku",
    ("AZ-ACG", "land"): "offshore field",
    ("BG-VAR", "sea"): "the ferry complex lies on Lake Beloslav, a canal leads to the sea",
    ("CA-MTR", "sea"): "port on the Saint Lawrence, 800 km from the open sea",
    ("KZ-ILE", "country"): "station of the Kazakh railway on Russian ground, at Sol-Iletsk",
    ("RU-CASPSH", "country"): "offshore fields, beyond the territorial sea",
    ("RU-CASPSH", "zone"): "offshore fields, work on the time of Astrakhan",
    ("RU-CASPSH", "land"): "offshore fields",
    ("YE-BAB", "country"): "a strait: the point is in the lane off Djibouti",
    ("ZA-CGH", "country"): "ships round the cape outside the territorial sea",
    ("ZA-CGH", "zone"): "ships round the cape outside the territorial sea",
}


def _countries_of_zones() -> dict[str, str]:
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


COUNTRY_OF_ZONE = _countries_of_zones()


def around(lat_deg, lon_deg, km):
    """The point, then rings of points about it out to a distance."""
    yield lat_deg, lon_deg
    for ring in (1, 2, 3, 5, 7, 10, 15, 20):
        if ring <= km:
            for angle in range(0, 360, 10):
                north, east = ring * cos(radians(angle)), ring * sin(radians(angle))
                yield (
                    lat_deg + north / KM_A_DEGREE,
                    lon_deg + east / KM_A_DEGREE / cos(radians(lat_deg)),
                )


def is_sea(lat_deg, lon_deg):
    return geopip.search(lng=lon_deg, lat=lat_deg) is None


def is_by_the_sea(place):
    return Facility.SEAPORT in place.facilities or place.kind in (
        PlaceKind.SEAPORT,
        PlaceKind.CHOKEPOINT,
    )


def faults_of(place):
    """What is wrong with the coordinates of a place: country, zone, sea, land."""
    zone = FINDER.timezone_at(lat=place.lat_deg, lng=place.lon_deg)
    if COUNTRY_OF_ZONE.get(zone, "") != place.country:
        yield "country"
    # One clock all over China: the map has a zone of its own for Xinjiang, railways have not.
    clock = ZoneInfo("Asia/Shanghai" if zone == "Asia/Urumqi" else zone)
    own = ZoneInfo(place.time_zone)
    if any(
        noon.astimezone(clock).utcoffset() != noon.astimezone(own).utcoffset() for noon in NOONS
    ):
        yield "zone"
    points = list(around(place.lat_deg, place.lon_deg, SHORE_KM))
    if is_by_the_sea(place):
        if not any(is_sea(*point) for point in points):
            yield "sea"
    elif all(is_sea(*point) for point in points):
        yield "land"


@pytest.fixture(scope="module")
def places():
    return load_corridor().places


def test_every_place_lies_where_it_should(places):
    found = {(place.id, fault) for place in places for fault in faults_of(place)}
    assert found == EXCEPTIONS.keys()


def place(**more):
    values = {
        "id": PlaceId("KZ-AKT"),
        "name": "Aktau port",
        "country": "KZ",
        "kind": PlaceKind.SEAPORT,
        "lat_deg": 43.6,
        "lon_deg": 51.22,
        "time_zone": "Asia/Almaty",
        "customs_territory": "EAEU",
    }
    return Place(**(values | more))


@pytest.mark.parametrize(
    ("spoiled", "faults"),
    [
        ({}, []),
        ({"lat_deg": 51.22, "lon_deg": 43.6}, ["country", "zone", "sea"]),  # the wrong way round
        ({"lat_deg": 48.6}, ["sea"]),  # a digit mistyped
        ({"lon_deg": 57.22}, ["country", "sea"]),
        ({"country": "TM"}, ["country"]),
        ({"time_zone": "Asia/Baku"}, ["zone"]),
        ({"kind": PlaceKind.RAIL_TERMINAL}, []),  # on land, though near the sea
        ({"kind": PlaceKind.RAIL_TERMINAL, "lon_deg": 50.4}, ["country", "zone", "land"]),
    ],
)
def test_what_is_wrong_is_found(spoiled, faults):
    assert list(faults_of(place(**spoiled))) == faults


@pytest.mark.parametrize(
    ("name", "lat_deg", "lon_deg", "told"),
    [
        # Coordinates the facts had, each over the border.
        ("CN-BAK", 46.69, 82.77, "KZ"),
        ("CN-HOR", 44.23, 80.40, "KZ"),
        ("KZ-BOL", 42.15, 53.55, "TM"),
        ("TM-AKY", 37.35, 54.70, "IR"),
        ("UZ-KHO", 39.22, 63.62, "TM"),
    ],
)
def test_what_the_facts_had_lies_in_another_country(places, name, lat_deg, lon_deg, told):
    assert COUNTRY_OF_ZONE[FINDER.timezone_at(lat=lat_deg, lng=lon_deg)] == told
    corrected = next(each for each in places if each.id == name)
    assert "country" not in faults_of(corrected)
