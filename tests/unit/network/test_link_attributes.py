"""Wires, permissions and capacities: which row holds, and every planted fault is found."""

from dataclasses import replace
from datetime import date

import pytest

from karvan.adapters.files.cells import values
from karvan.adapters.files.corridor_tables import (
    read_links,
    read_places,
    read_source_keys,
    shipped_data,
)
from karvan.adapters.files.link_tables import (
    CHECK_TABLES,
    LINK_TABLES,
    read_link_entries,
)
from karvan.adapters.files.service_tables import read_services
from karvan.network.entries import Entry
from karvan.network.link_attributes import (
    LIMITS,
    Electrified,
    PermissionKind,
    PermissionRule,
    decide,
    find_electrification,
)
from karvan.network.link_checks import find_link_errors, surroundings

NETWORK = shipped_data() / "network"
DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def tables():
    found, faults = read_link_entries(NETWORK)
    assert [str(fault) for fault in faults] == []
    return found


@pytest.fixture(scope="module")
def around():
    places, links, services = read_places()[0], read_links()[0], read_services(NETWORK)[0]
    return surroundings(places, links, services, read_source_keys())


@pytest.fixture(scope="module")
def links(around):
    return {str(link.id): link for link in around.links}


def test_the_shipped_tables_have_no_fault(tables, around):
    assert [str(fault) for fault in find_link_errors(tables, around)] == []


PLANTED = [
    ("electrification", {"link": "XX--YY:rail", "operator": ""}, "link", "unknown-link"),
    ("electrification", {"link": None, "operator": "NOBODY"}, "operator", "unknown-operator"),
    ("electrification", {"link": None, "operator": ""}, "link", "missing-value"),
    ("electrification", {"electrified": Electrified.NO}, "system", "missing-value"),
    ("electrification", {"valid_from": DAY, "valid_to": DAY}, "valid_to", "dates-reversed"),
    ("electrification", {"source": ("nobody",)}, "source", "unknown-source"),
    ("permissions", {"subject": "XX-YYY"}, "subject", "unknown-subject"),
    ("permissions", {"values": ("10",)}, "value", "unknown-value"),
    ("permissions", {"kind": PermissionKind.LENGTH}, "value", "unknown-value"),
    ("permissions", {"valid_from": DAY, "valid_to": DAY}, "valid_to", "dates-reversed"),
    ("permissions", {"source": ()}, "source", "missing-source"),
    ("service_capacities", {"service": "NO-TRAIN"}, "service", "unknown-service"),
    ("service_capacities", {"amount": -1.0}, "amount", "out-of-range"),
    ("service_capacities", {"amount": 3.0}, "amount", "capacity-mismatch"),
    ("sea_levels", {"level_m": 1.0}, "level_m", "out-of-range"),
    ("deratings", {"subject": "XX-YYY"}, "subject", "unknown-subject"),
    ("deratings", {"carried": 99_999.0}, "carried", "out-of-range"),
    ("deratings", {"at_level_m": 0.0}, "at_level_m", "out-of-range"),
    ("route_lengths", {"via": ("XX-YYY",)}, "via", "unknown-place"),
    ("route_lengths", {"published_km": 0.0}, "published_km", "out-of-range"),
    ("route_lengths", {"modes": ("sledge",)}, "modes", "unknown-value"),
    ("route_lengths", {"counted": ("canal",)}, "counted", "unknown-value"),
]


@pytest.mark.parametrize(("table", "changes", "column", "code"), PLANTED)
def test_a_planted_fault_is_found_where_it_stands(tables, around, table, changes, column, code):
    first, *others = getattr(tables, table)
    spoilt = Entry(replace(first.value, **changes), first.file, first.row)
    faults = find_link_errors(replace(tables, **{table: (spoilt, *others)}), around)
    assert (first.file, first.row, column, code) in {
        (fault.file, fault.row, fault.column, fault.code) for fault in faults
    }


@pytest.mark.parametrize(
    ("table", "column", "code"),
    [
        ("electrification", "id", "duplicate-id"),
        ("electrification", "valid_from", "periods-overlap"),
        ("permissions", "id", "duplicate-id"),
        ("permissions", "valid_from", "periods-overlap"),
        ("service_capacities", "unit", "duplicate-id"),
        ("sea_levels", "day", "duplicate-id"),
        ("deratings", "id", "duplicate-id"),
        ("route_lengths", "id", "duplicate-id"),
    ],
)
def test_a_row_that_stands_twice_is_found(tables, around, table, column, code):
    rows = getattr(tables, table)
    again = Entry(rows[0].value, rows[0].file, 999)
    faults = find_link_errors(replace(tables, **{table: (*rows, again)}), around)
    assert (999, column, code) in {(fault.row, fault.column, fault.code) for fault in faults}


def test_the_other_direction_of_a_line_counts_as_the_same(tables, around):
    row = next(entry for entry in tables.electrification if entry.value.link)
    ends, _, mode = str(row.value.link).partition(":")
    start, end = ends.split("--")
    back = replace(row.value, id="back", link=f"{end}--{start}:{mode}")
    spoilt = replace(tables, electrification=(*tables.electrification, Entry(back, row.file, 999)))
    found = {(fault.row, fault.code) for fault in find_link_errors(spoilt, around)}
    assert (999, "periods-overlap") in found


def test_two_permissions_that_say_the_opposite_are_found(tables, around):
    row = tables.permissions[0]
    other = replace(row.value, id="other", rule=PermissionRule.ON_REQUEST)
    spoilt = replace(tables, permissions=(*tables.permissions, Entry(other, row.file, 999)))
    found = {(fault.row, fault.column, fault.code) for fault in find_link_errors(spoilt, around)}
    assert (999, "rule", "contradiction") in found


def test_two_datums_of_one_sea_are_found(tables, around):
    row = tables.sea_levels[0]
    other = replace(row.value, id="other", day=DAY, datum="ocean")
    spoilt = replace(tables, sea_levels=(*tables.sea_levels, Entry(other, row.file, 999)))
    found = {(fault.row, fault.column, fault.code) for fault in find_link_errors(spoilt, around)}
    assert (999, "datum", "datum-mismatch") in found


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    _, faults = read_link_entries(tmp_path)
    assert {fault.file for fault in faults} == {*LINK_TABLES, *CHECK_TABLES}
    assert {fault.code for fault in faults} == {"no-file"}


def test_every_railway_line_knows_whether_it_has_wires(tables, links):
    rows = values(tables.electrification)
    unknown = {
        name
        for name, link in links.items()
        if link.mode == "rail"
        and link.status == "open"
        and find_electrification(link, rows, DAY) is None
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("link", "day", "wires", "system"),
    [
        ("TR-HAL--TR-MMY:rail", DAY, "yes", "25 kV 50 Hz"),
        ("TR-MMY--TR-HAL:rail", DAY, "yes", "25 kV 50 Hz"),
        ("TR-ERZ--TR-KRS:rail", DAY, "no", ""),
        ("GE-KHA--GE-TBS:rail", DAY, "yes", "3 kV"),
        ("AZ-BKE--AZ-GAN:rail", date(2019, 1, 1), "yes", "3 kV"),
        ("AZ-GAN--AZ-BKE:rail", DAY, "yes", "25 kV 50 Hz"),
        ("KZ-ALM--KZ-ZHT:rail", DAY, "no", ""),
        ("KZ-SHU--KZ-ALM:rail", DAY, "yes", "25 kV 50 Hz"),
        ("KZ-BEY--KZ-MAN:rail", DAY, "no", ""),
    ],
)
def test_wires_of_some_lines(tables, links, link, day, wires, system):
    row = find_electrification(links[link], values(tables.electrification), day)
    assert (row.electrified, row.system) == (wires, system)


@pytest.mark.parametrize(
    ("subject", "kind", "value", "day", "rule"),
    [
        ("TR-MMY", "hazard_class", "9", DAY, "deny"),
        ("TR-MMY", "hazard_class", "2.1", DAY, "deny"),
        ("TR-MMY", "equipment", "open_wagon", DAY, "deny"),
        ("TR-MMY", "equipment", "container", DAY, "allow"),
        ("GE-KAR", "gauge", "1520", DAY, "deny"),
        ("GE-KAR", "gauge", "1435", DAY, "allow"),
        ("AZ-SAN--TR-CEY:pipeline", "grade", "urals", DAY, "deny"),
        ("AZ-SAN--TR-CEY:pipeline", "grade", "kazakh_light", DAY, "allow"),
        ("CASP-KUR-ALT-FERRY", "hazard_class", "7", DAY, "on_request"),
        ("CASP-KUR-ALT-FERRY", "hazard_class", "9", DAY, "allow"),
        ("CASP-AKT-ALT-FEEDER", "hazard_class", "7", DAY, "on_request"),
        ("BS-POT-AMB", "hazard_class", "7", DAY, "deny"),
        ("RU-LED", "hazard_class", "7", date(2018, 6, 15), "deny"),
        ("RU-LED", "hazard_class", "7", date(2018, 8, 1), "allow"),
        ("KZ-DOS", "equipment", "foreign_wagon", date(2025, 12, 31), "deny"),
        ("KZ-DOS", "equipment", "foreign_wagon", date(2026, 1, 1), "allow"),
        ("TR-DIV--TR-ERZ:rail", "length", "450", DAY, "allow"),
        ("TR-DIV--TR-ERZ:rail", "length", "451", DAY, "deny"),
        ("GE-BUS", "length", "200", DAY, "on_request"),
        ("GE-BUS", "length", "188", DAY, "allow"),
        ("GE-KUL", "commodity", "grain", DAY, "deny"),
    ],
)
def test_some_permissions(tables, subject, kind, value, day, rule):
    rows = values(tables.permissions)
    assert decide(rows, {subject}, PermissionKind(kind), value, day) == rule


def test_the_strictest_of_several_subjects_counts(tables):
    rows = values(tables.permissions)
    way = {"CASP-KUR-ALT-FERRY", "TR-MMY"}
    assert decide(rows, way, PermissionKind.HAZARD_CLASS, "3", DAY) == PermissionRule.DENY


def test_every_kind_of_permission_is_used(tables):
    assert {row.kind for row in values(tables.permissions)} == set(PermissionKind)
    assert {PermissionKind.AXLE_LOAD, PermissionKind.LENGTH} == set(LIMITS)


def test_each_capacity_is_told_in_every_unit_that_binds_the_ships(tables):
    units = {}
    for row in values(tables.service_capacities):
        units.setdefault(row.service, set()).add(row.unit)
    for service, told in units.items():
        wanted = {"t", "hazard_places"}
        wanted |= {"lane_m"} if service.endswith(("FERRY", "RORO")) else {"teu"}
        assert wanted <= told, service
