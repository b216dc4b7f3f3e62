"""Each check finds its planted fault, with file, row and column, and nothing else."""

from dataclasses import replace
from datetime import date
from math import inf, nan

import pytest

from karvan.network.consistency import (
    ERRORS,
    WARNINGS,
    CorridorEntries,
    find_errors,
    find_warnings,
)
from karvan.network.entries import Entry, entries
from karvan.network.links import CapacityUnit, Link, LinkCapacity, LinkId, LinkStatus, Mode
from karvan.network.places import (
    City,
    CityId,
    CodeScheme,
    CodeStatus,
    KnownCountry,
    Place,
    PlaceCode,
    PlaceId,
    PlaceKind,
)


def place(name, lat_deg, lon_deg, **more):
    country = name[:2]
    zone = {"KZ": "Asia/Almaty", "AZ": "Asia/Baku"}[country]
    values = {
        "id": PlaceId(name),
        "name": name,
        "country": country,
        "kind": PlaceKind.SEAPORT,
        "lat_deg": lat_deg,
        "lon_deg": lon_deg,
        "gauges": (1520,),
        "time_zone": zone,
        "customs_territory": {"KZ": "EAEU", "AZ": "AZ"}[country],
        "source": ("own-knowledge",),
    }
    return Place(**(values | more))


def link(start, end, mode, length_km, running_h, **more):
    reverse = None if mode is Mode.PIPELINE else LinkId(f"{end}--{start}:{mode}")
    values = {
        "id": LinkId(f"{start}--{end}:{mode}"),
        "from_place": PlaceId(start),
        "to_place": PlaceId(end),
        "mode": mode,
        "length_km": length_km,
        "running_h": running_h,
        "reverse_of": reverse,
        "source": ("own-knowledge",),
    }
    return Link(**(values | more))


AKTAU, MANGYSTAU = place("KZ-AKT", 43.6, 51.22), place("KZ-MAN", 43.69, 51.31)
ALAT, SANGACHAL = place("AZ-ALT", 39.98, 49.44), place("AZ-SAN", 40.2, 49.47)
PLACES = (AKTAU, MANGYSTAU, ALAT, SANGACHAL)
LINKS = (
    link("KZ-MAN", "KZ-AKT", Mode.RAIL, 22.0, 1.1, gauges=(1520,), countries=("KZ",)),
    link("KZ-AKT", "KZ-MAN", Mode.RAIL, 22.0, 1.1, gauges=(1520,), countries=("KZ",)),
    link("KZ-AKT", "AZ-ALT", Mode.FEEDER, 468.0, 21.0),
    link("AZ-ALT", "KZ-AKT", Mode.FEEDER, 468.0, 21.0),
    link("AZ-SAN", "AZ-ALT", Mode.PIPELINE, 30.0, None, countries=("AZ",)),
)
DATED = (
    LinkCapacity(
        link=LINKS[0].id,
        capacity=12.0,
        capacity_unit=CapacityUnit.TRAIN_PAIRS_PER_DAY,
        valid_to=date(2025, 9, 30),
        source=("own-knowledge",),
    ),
    LinkCapacity(
        link=LINKS[0].id,
        capacity=60.0,
        capacity_unit=CapacityUnit.TRAIN_PAIRS_PER_DAY,
        valid_from=date(2025, 9, 30),
        source=("own-knowledge",),
    ),
)
CODES = (
    PlaceCode(
        scheme=CodeScheme.OIL,
        code="AKTAU",
        place=PlaceId("KZ-AKT"),
        status=CodeStatus.LISTED,
        source=("own-knowledge",),
    ),
)
CITIES = (
    City(
        id=CityId("AZ-BAKU"),
        name="Baku",
        country="AZ",
        members=(PlaceId("AZ-SAN"),),
        source=("own-knowledge",),
    ),
)
COUNTRIES = (
    KnownCountry(country="KZ", customs_territory="EAEU", time_zone="Asia/Almaty"),
    KnownCountry(country="AZ", customs_territory="AZ", time_zone="Asia/Baku"),
)


def table(values, file):
    return tuple(Entry(value, file, row) for row, value in enumerate(values, start=2))


def corridor(*, places=PLACES, links=LINKS, cities=CITIES, codes=CODES, dated=DATED):
    return CorridorEntries(
        places=table(places, "places.csv"),
        links=table(links, "links.csv"),
        cities=table(cities, "cities.csv"),
        codes=table(codes, "place_codes.csv"),
        capacities=table(dated, "link_capacities.csv"),
        countries=table(COUNTRIES, "countries.csv"),
        source_keys={"own-knowledge"},
    )


def with_place(row, **change):
    changed = list(PLACES)
    changed[row - 2] = replace(changed[row - 2], **change)
    return corridor(places=changed)


def with_link(row, **change):
    changed = list(LINKS)
    changed[row - 2] = replace(changed[row - 2], **change)
    return corridor(links=changed)


def told(found):
    return {(fault.file, fault.row, fault.column, fault.code) for fault in find_errors(found)}


def test_the_sound_network_has_no_fault():
    assert find_errors(corridor()) == ()
    assert find_warnings(corridor()) == ()


@pytest.mark.parametrize(
    ("row", "change", "column", "code"),
    [
        (4, {"lat_deg": nan}, "lat_deg", "not-finite"),
        (4, {"lon_deg": inf}, "lon_deg", "not-finite"),
        (4, {"customs_territory": "EAEU"}, "customs_territory", "customs-mismatch"),
        (5, {"country": "XX"}, "country", "unknown-country"),
        (5, {"time_zone": "Asia/Atlantis"}, "time_zone", "unknown-time-zone"),
        (5, {"source": ("hearsay",)}, "source", "unknown-source"),
        (5, {"source": ()}, "source", "missing-source"),
    ],
)
def test_a_wrong_place_is_told_by_row_and_column(row, change, column, code):
    assert told(with_place(row, **change)) == {("places.csv", row, column, code)}


@pytest.mark.parametrize("lat_deg", [90.5, -91.0])
def test_a_coordinate_off_the_globe_is_told(lat_deg):
    assert ("places.csv", 5, "lat_deg", "out-of-range") in told(with_place(5, lat_deg=lat_deg))


@pytest.mark.parametrize(
    ("row", "change", "column", "code"),
    [
        (4, {"length_km": nan}, "length_km", "not-finite"),
        (4, {"running_h": inf}, "running_h", "not-finite"),
        (6, {"length_km": -1.0}, "length_km", "out-of-range"),
        (4, {"length_km": 410.0}, "length_km", "too-short"),
        (4, {"length_km": 800.0, "running_h": 35.0}, "length_km", "detour"),
        (4, {"running_h": 5.0}, "running_h", "speed"),
        (4, {"running_h": 90.0}, "running_h", "speed"),
        (4, {"running_h": None}, "running_h", "missing-value"),
        (6, {"running_h": 1.0}, "running_h", "speed"),
        (4, {"capacity": 5.0}, "capacity_unit", "missing-value"),
        (2, {"gauges": ()}, "gauges", "gauge-mismatch"),
        (2, {"gauges": (1435,)}, "gauges", "gauge-mismatch"),
        (2, {"countries": ("KZ", "XX")}, "country", "unknown-country"),
        (4, {"source": ("hearsay",)}, "source", "unknown-source"),
        (6, {"reverse_of": LINKS[0].id}, "reverse_of", "reverse-mismatch"),
        (
            4,
            {"valid_from": date(2024, 2, 1), "valid_to": date(2024, 1, 1)},
            "valid_to",
            "dates-reversed",
        ),
    ],
)
def test_a_wrong_link_is_told_by_row_and_column(row, change, column, code):
    found = {fault for fault in told(with_link(row, **change)) if fault[0] == "links.csv"}
    assert ("links.csv", row, column, code) in found
    assert len(found) == 1 or code == "out-of-range"


def test_planned_track_may_end_at_another_gauge():
    planned = with_link(2, gauges=(), status=LinkStatus.PLANNED)
    assert told(planned) == set()


def test_a_detour_with_a_reason_is_accepted():
    change = {"length_km": 800.0, "running_h": 35.0, "detour_reason": "round the cape"}
    assert told(with_link(4, **change)) == set()


def test_one_id_for_two_is_told_even_between_places_and_cities():
    twice = corridor(places=(*PLACES, AKTAU))
    assert ("places.csv", 6, "id", "duplicate-id") in told(twice)
    clash = corridor(cities=(replace(CITIES[0], id=CityId("KZ-AKT")),))
    assert told(clash) == {("cities.csv", 2, "id", "duplicate-id")}
    links = corridor(links=(*LINKS, LINKS[0]))
    assert told(links) == {("links.csv", 7, "id", "duplicate-id")}


def test_a_code_in_other_letters_is_the_same_code():
    again = replace(CODES[0], code="aktau", place=PlaceId("AZ-ALT"))
    assert told(corridor(codes=(*CODES, again))) == {("place_codes.csv", 3, "code", "duplicate-id")}


def test_ids_that_stand_for_nothing_are_told():
    lost = link("KZ-AKT", "KZ-XXX", Mode.PIPELINE, 30.0, None)
    assert told(corridor(links=(*LINKS, lost))) == {("links.csv", 7, "to_place", "unknown-place")}
    member = (replace(CITIES[0], members=(PlaceId("AZ-XXX"),)),)
    assert told(corridor(cities=member)) == {("cities.csv", 2, "members", "unknown-place")}
    code = (replace(CODES[0], place=PlaceId("AZ-XXX")),)
    assert told(corridor(codes=code)) == {("place_codes.csv", 2, "place", "unknown-place")}
    dated = (replace(DATED[0], link=LinkId("nowhere")),)
    assert told(corridor(dated=dated)) == {("link_capacities.csv", 2, "link", "unknown-link")}


def test_a_link_from_a_place_to_itself_is_told():
    round_trip = link("KZ-AKT", "KZ-AKT", Mode.PIPELINE, 5.0, None)
    assert told(corridor(links=(*LINKS, round_trip))) == {("links.csv", 7, "to_place", "self-loop")}


def test_a_reverse_that_is_missing_or_unknown_is_told():
    assert ("links.csv", 2, "reverse_of", "missing-reverse") in told(with_link(2, reverse_of=None))
    unknown = with_link(2, reverse_of=LinkId("KZ-AKT--KZ-MAN:road"))
    assert ("links.csv", 2, "reverse_of", "unknown-reverse") in told(unknown)


def test_a_reverse_of_other_places_is_told():
    changed = list(LINKS)
    changed[0] = replace(LINKS[0], reverse_of=LINKS[2].id)
    changed[2] = replace(LINKS[2], reverse_of=LINKS[0].id)
    found = told(corridor(links=changed))
    assert ("links.csv", 2, "reverse_of", "reverse-mismatch") in found
    assert ("links.csv", 4, "reverse_of", "reverse-mismatch") in found


@pytest.mark.parametrize("ring", [(0,), (0, 1, 2)])
def test_reverses_that_form_a_ring_are_told(ring):
    changed = list(LINKS)
    for here, there in zip(ring, (*ring[1:], ring[0]), strict=True):
        changed[here] = replace(LINKS[here], reverse_of=LINKS[there].id)
    found = told(corridor(links=changed))
    for here in ring:
        assert ("links.csv", here + 2, "reverse_of", "reverse-cycle") in found


def test_periods_of_one_link_must_not_overlap():
    overlapping = (DATED[0], replace(DATED[1], valid_from=date(2025, 9, 29)))
    assert told(corridor(dated=overlapping)) == {
        ("link_capacities.csv", 3, "valid_from", "periods-overlap")
    }


def test_a_code_of_the_oil_facts_is_no_id():
    leaked = corridor(places=(*PLACES, replace(AKTAU, id=PlaceId("AKTAU"))))
    assert told(leaked) == {("places.csv", 6, "id", "oil-id")}
    malformed = corridor(places=(*PLACES, replace(AKTAU, id=PlaceId("KZ_AKT"))))
    assert told(malformed) == {("places.csv", 6, "id", "malformed-id")}
    renamed = with_link(6, id=LinkId("pipe-1"))
    assert told(renamed) == {("links.csv", 6, "id", "malformed-id")}


def test_all_faults_are_told_at_once():
    bad = corridor(
        places=(replace(AKTAU, country="XX", time_zone="Nowhere/Else"), *PLACES[1:]),
        dated=(replace(DATED[0], capacity=-1.0, source=()),),
    )
    assert len(find_errors(bad)) >= 4


def test_a_place_without_links_and_a_part_cut_off_are_warnings():
    alone = place("AZ-AST", 38.45, 48.87)
    cut_off = (place("KZ-DOS", 45.25, 82.48), place("KZ-AKG", 46.95, 79.67))
    rails = (
        link("KZ-DOS", "KZ-AKG", Mode.RAIL, 310.0, 8.4, gauges=(1520,)),
        link("KZ-AKG", "KZ-DOS", Mode.RAIL, 310.0, 8.4, gauges=(1520,)),
    )
    found = corridor(places=(*PLACES, alone, *cut_off), links=(*LINKS, *rails))

    assert told(found) == set()
    assert [(fault.row, fault.code) for fault in find_warnings(found)] == [
        (6, "no-link"),
        (7, "disconnected"),
        (8, "disconnected"),
    ]


def test_the_checks_read_entities_that_come_from_no_table():
    bare = CorridorEntries(
        places=entries(PLACES, "scenario"),
        links=entries(LINKS[:1], "scenario"),
        countries=entries(COUNTRIES, "scenario"),
    )
    (fault,) = find_errors(bare)
    assert (fault.row, fault.code) == (None, "unknown-reverse")


def test_an_empty_network_is_checked_too():
    empty = CorridorEntries(places=(), links=())
    assert find_errors(empty) == find_warnings(empty) == ()
    assert len(ERRORS) + len(WARNINGS) == 12
