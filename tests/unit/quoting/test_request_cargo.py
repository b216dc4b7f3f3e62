"""Any kind of cargo becomes a value, or all of its faults at once."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.cargo import Cargo, Hazard, OutOfGauge, Owner, TrainType, UnitKind
from karvan.domain.errors import InvalidRequest
from karvan.services.quoting.request import OPTIONAL, REQUIRED, RequestReader

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WAY = {"from": "KZ-ALM", "to": "GE-POT", "ready": "2026-12-03"}
BOX = {"container": "40HC", "mass_kg": "18000", "hs": "851660"}
GRAIN = {"wagon": "hopper", "mass_kg": "68000", "hs": "100199"}
CRUDE = {"oil": "cpc_blend", "mass_t": "9000"}

KINDS = {
    "box": BOX,
    "boxes of the carrier": {**BOX, "count": 40, "container_owner": "carrier"},
    "empty box": {"container": "20DC", "laden": False},
    "frozen": {"container": "40RF", "mass_kg": "20000", "hs": "020714", "temperature_c": "-18"},
    "reach": {"container": "42P3", "mass_kg": 30000 - 5000, "hs": "843049", "loaded_width_m": "3"},
    "hopper": GRAIN,
    "own wagons": {**GRAIN, "count": 30, "wagon_owner": "shipper", "pool": "GE", "train": "block"},
    "long wagon": {**GRAIN, "length_m": "19.5", "axles": 6, "gauge_mm": 1520},
    "truck by length": {"truck": "13.6", "mass_kg": "20000", "hs": "851660"},
    "cool truck": {"truck": "reefer truck", "mass_t": "20", "hs": "070200", "temperature_c": 4},
    "bulk": {"bulk": "grain", "mass_t": "3600", "hs": "100199"},
    "oil": CRUDE,
    "diesel": {"oil": "Diesel", "mass_t": "540", "hs": "271019", "un": "UN1202"},
    "lithium": {**BOX, "hs": "850760", "un": "3480"},
    "uranium": {"container": "20DC", "mass_kg": "16000", "hs": "284410", "un": "2912"},
    "ethanol": {"container": "22T6", "mass_kg": 20000, "hs": "220710", "un": "1170",
                "packing_group": "II"},
    "contract": {**BOX, "customer": "KZ-STEEL", "yearly_units": 500, "return_empty": True},
}  # fmt: skip


@pytest.fixture(scope="module")
def reader(published):
    return RequestReader(published.network, published.book)


@pytest.fixture(scope="module")
def faults(reader):
    def of(cargo, **changes):
        body = {k: v for k, v in (WAY | cargo | changes).items() if v is not ...}
        with pytest.raises(InvalidRequest) as caught:
            reader.read(body, NOW)
        return [(fault.pointer, fault.code) for fault in caught.value.faults]

    return of


def test_a_wagon_has_the_sizes_of_its_type(reader):
    cargo = reader.read(WAY | GRAIN, NOW).cargo

    assert (cargo.kind, cargo.type_code, cargo.equipment) == (UnitKind.WAGON, "hopper", "hopper")
    assert (cargo.length_m, cargo.axles, cargo.tare.kg) == (Decimal("14.72"), 4, 22_000)
    assert cargo.axle_load_t == Decimal("22.5")
    assert (cargo.owner, cargo.gauge_mm, cargo.commodity) == (Owner.CARRIER, 1520, "grain")


def test_a_tank_wagon_of_four_axles_counts_as_thirteen_metres(reader):
    body = {"wagon": "tank-wagon", "mass_kg": "60000", "hs": "270900", "un": "1267"}
    assert reader.read(WAY | body, NOW).cargo.length_m == 13


def test_what_is_said_of_wagons_is_kept(reader):
    cargo = reader.read(WAY | KINDS["own wagons"], NOW).cargo

    assert (cargo.owner, cargo.pool, cargo.count) == (Owner.SHIPPER, "GE", 30)
    assert cargo.train is TrainType.BLOCK


def test_a_wagon_stands_on_the_gauge_of_its_origin(reader):
    assert reader.read(WAY | GRAIN | {"from": "TR-KAY"}, NOW).cargo.gauge_mm == 1435


def test_oil_is_the_goods_and_the_danger_of_its_grade(reader):
    cargo = reader.read(WAY | CRUDE, NOW).cargo

    assert (cargo.type_code, cargo.hs, cargo.commodity) == ("cpc_blend", "270900", "crude_oil")
    assert cargo.mass.kg == 9_000_000
    assert cargo.hazard == Hazard(un="1267", hazard_class="3")


def test_bulk_is_one_unit_whose_mass_is_the_whole(reader):
    cargo = reader.read(WAY | KINDS["bulk"], NOW).cargo
    assert (cargo.kind, cargo.count, cargo.total.kg) == (UnitKind.BULK, 1, 3_600_000)


def test_the_class_and_the_only_packing_group_are_those_of_the_number(reader):
    diesel = reader.read(WAY | KINDS["diesel"], NOW).cargo
    uranium = reader.read(WAY | KINDS["uranium"], NOW).cargo

    assert diesel.hazard == Hazard(un="1202", hazard_class="3", packing_group="III")
    assert uranium.hazard == Hazard(un="2912", hazard_class="7")


def test_temperature_and_size_are_read(reader):
    frozen = reader.read(WAY | KINDS["frozen"], NOW)
    reach = reader.read(WAY | KINDS["reach"], NOW).cargo

    assert frozen.temperature_c == (Decimal(-18), Decimal(-18))
    assert frozen.cargo.temperature_controlled
    assert reach.out_of_gauge == OutOfGauge(width_m=Decimal(3))


def test_an_empty_unit_has_neither_goods_nor_mass(reader):
    cargo = reader.read(WAY | KINDS["empty box"], NOW).cargo
    assert (cargo.laden, cargo.mass.kg, cargo.hs) == (False, 0, "")


@pytest.mark.parametrize("name", KINDS)
def test_the_canonical_request_is_the_same_request(reader, name):
    once = reader.read(WAY | KINDS[name], NOW)
    again = reader.read(once.as_given, NOW)

    assert again == once
    assert set(once.as_given) == {*REQUIRED, *OPTIONAL} - {"mass_t"}


@pytest.mark.parametrize(
    ("cargo", "changes", "expected"),
    [
        (BOX, {"container": ...}, [("/container", "missing")]),
        (BOX, {"wagon": "hopper"}, [("/wagon", "two-units")]),
        (BOX, {"count": 0}, [("/count", "out-of-range")]),
        (BOX, {"count": 10_001}, [("/count", "out-of-range")]),
        (
            BOX,
            {"count": 2, "container_number": "CSQU3054383"},
            [("/container_number", "one-number")],
        ),
        (BOX, {"container_owner": "bank"}, [("/container_owner", "unknown-word")]),
        (BOX, {"wagon_owner": "shipper"}, [("/wagon_owner", "not-for-unit")]),
        (BOX, {"axles": 4}, [("/axles", "not-for-unit")]),
        (BOX, {"mass_t": "18"}, [("/mass_t", "two-masses")]),
        (BOX, {"mass_kg": ..., "mass_t": "0.0001"}, [("/mass_t", "invalid-input")]),
        (BOX, {"laden": False}, [("/hs", "empty-unit"), ("/mass_kg", "empty-unit")]),
        (BOX, {"laden": "no"}, [("/laden", "wrong-type")]),
        (BOX, {"temperature_c": "-18"}, [("/temperature_c", "not-cooled")]),
        (BOX, {"loaded_width_m": "3"}, [("/loaded_width_m", "closed-unit")]),
        (BOX, {"customer": "a b"}, [("/customer", "wrong-form")]),
        (BOX, {"train": "express"}, [("/train", "unknown-word")]),
        (BOX, {"yearly_units": -1}, [("/yearly_units", "out-of-range")]),
        (BOX, {"un": "9999"}, [("/un", "unknown-un")]),
        (BOX, {"un": "348"}, [("/un", "invalid-goods-code")]),
        (BOX, {"un": "2977"}, [("/un", "un-refused")]),
        (BOX, {"un": "3480", "hazard_class": "3"}, [("/hazard_class", "hazard-contradicts")]),
        (BOX, {"un": "3480", "packing_group": "II"}, [("/packing_group", "hazard-contradicts")]),
        (BOX, {"un": "1203", "packing_group": "III"}, [("/packing_group", "hazard-contradicts")]),
        (BOX, {"hazard_class": "3"}, [("/un", "missing")]),
        (BOX, {"packing_group": "IV", "un": "1203"}, [("/packing_group", "unknown-word")]),
        (GRAIN, {"wagon": "sledge"}, [("/wagon", "unknown-word")]),
        (GRAIN, {"mass_kg": "78001"}, [("/mass_kg", "over-payload")]),
        (GRAIN, {"axles": 1}, [("/axles", "out-of-range")]),
        (GRAIN, {"length_m": "99"}, [("/length_m", "out-of-range")]),
        (GRAIN, {"length_m": 14.5}, [("/length_m", "wrong-type")]),
        (GRAIN, {"pool": "Georgia"}, [("/pool", "wrong-form")]),
        (GRAIN, {"gauge_mm": 1500}, [("/gauge_mm", "out-of-range")]),
        (KINDS["truck by length"], {"mass_kg": "30000"}, [("/mass_kg", "over-payload")]),
        (KINDS["truck by length"], {"length_m": "12"}, [("/length_m", "two-lengths")]),
        (KINDS["truck by length"], {"truck": "99"}, [("/truck", "out-of-range")]),
        (KINDS["bulk"], {"count": 2}, [("/count", "not-for-unit")]),
        (KINDS["bulk"], {"hs": "310210"}, [("/hs", "goods-contradict")]),
        (KINDS["bulk"], {"mass_t": "500001"}, [("/mass_t", "too-much")]),
        (CRUDE, {"hs": "851660"}, [("/hs", "goods-contradict")]),
        (CRUDE, {"laden": False}, [("/laden", "not-for-unit"), ("/mass_t", "empty-unit")]),
        (KINDS["cool truck"], {"temperature_c": "8..2"}, [("/temperature_c", "wrong-form")]),
    ],
)
def test_each_fault_is_told_at_its_field(faults, cargo, changes, expected):
    assert faults(cargo, **changes) == expected


def test_a_number_that_came_later_is_not_in_an_older_list(published):
    units = published.network.rules.units
    day = datetime(2024, 12, 31, tzinfo=UTC).date()

    assert units.find_un("3551", day) is None
    assert units.find_un("3551", datetime(2025, 1, 1, tzinfo=UTC).date()) is not None
    assert units.find_un("3480", day) is not None


def test_all_faults_of_a_cargo_are_told_at_once(faults):
    found = faults(GRAIN, wagon="hopper", mass_kg="99000", hs="1", un="9999", pool="x", count="2")
    assert {p for p, _ in found} == {"/mass_kg", "/hs", "/un", "/pool", "/count"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
WORDS = st.from_regex(
    "grain|100199|3600|2|-18|2..8|3480|1267|III|2.1|GE|block|hopper|tank_wagon|truck|13.6|urals"
    "|diesel|shipper|carrier|40RF",
    fullmatch=True,
)
fields = st.sampled_from([*REQUIRED, *OPTIONAL]) | st.text(max_size=12)


@settings(max_examples=300)
@given(st.sampled_from(sorted(KINDS)), st.dictionaries(fields, json_values | WORDS, max_size=6))
def test_any_body_is_read_or_refused_with_faults(reader, name, changes):
    body = WAY | KINDS[name] | changes
    try:
        request = reader.read(body, NOW)
    except InvalidRequest:
        with pytest.raises(InvalidRequest) as caught:
            reader.read(body, NOW)
        assert caught.value.faults
        assert all(fault.pointer.startswith("/") for fault in caught.value.faults)
    else:
        assert isinstance(request.cargo, Cargo)
        assert reader.read(request.as_given, NOW) == request


@settings(max_examples=100)
@given(
    st.sampled_from(sorted(KINDS)),
    st.integers(1, 60) | st.none(),
    st.sampled_from(["single", "group", "block", None]),
    st.integers(1, 900_000),
)
def test_a_request_that_is_read_is_read_again(reader, name, count, train, mass_kg):
    body = WAY | KINDS[name] | {"count": count, "train": train}
    body |= {"mass_kg": str(mass_kg), "mass_t": None} if "mass_kg" in KINDS[name] else {}
    try:
        request = reader.read(body, NOW)
    except InvalidRequest:
        return
    assert reader.read(request.as_given, NOW) == request
