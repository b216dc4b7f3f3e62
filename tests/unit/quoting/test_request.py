"""A request becomes values, or all of its faults at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import InvalidRequest
from karvan.services.quoting.request import READY_WITHIN_DAYS, RequestReader

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
GOOD = {
    "from": "CN-XIA",
    "to": "TR-IST",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
}


@pytest.fixture(scope="module")
def reader(published):
    return RequestReader(published.network, published.book)


def faults(reader, **changes):
    """Pointer and code of each fault of the good request with changes."""
    body = {k: v for k, v in (GOOD | changes).items() if v is not ...}
    with pytest.raises(InvalidRequest) as caught:
        reader.read(body, NOW)
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def test_a_good_request_is_read(reader):
    request = reader.read(GOOD, NOW)

    assert request.origin.id == "CN-XIA"
    assert request.destination.members == ("TR-HAL", "TR-AMB", "TR-HPS")
    assert (request.cargo.type_code, request.cargo.equipment) == ("45G1", "40")
    assert (request.cargo.count, request.cargo.mass.kg) == (1, 18_000)
    # Midnight of 3 December in Xi'an.
    assert request.ready == datetime(2026, 12, 2, 16, 0, tzinfo=UTC)
    assert request.currency == "USD"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"from": "CN-XIX"}, [("/from", "unknown-place")]),
        ({"to": "CN-XIA"}, [("/to", "same-place")]),
        ({"container": "41HC"}, [("/container", "invalid-container-type")]),
        ({"container_number": "CSQU3054384"}, [("/container_number", "invalid-container-number")]),
        ({"mass_kg": "27000"}, [("/mass_kg", "over-payload")]),
        ({"mass_kg": "0"}, [("/mass_kg", "no-mass")]),
        ({"mass_kg": "-1"}, [("/mass_kg", "invalid-input")]),
        ({"mass_kg": 18000.5}, [("/mass_kg", "wrong-type")]),
        ({"mass_kg": True}, [("/mass_kg", "wrong-type")]),
        ({"hs": "851699"}, [("/hs", "invalid-input")]),
        ({"hs": "85"}, [("/hs", "invalid-goods-code")]),
        ({"ready": "2026-11-20"}, [("/ready", "ready-in-the-past")]),
        ({"ready": "2027-06-01"}, [("/ready", "ready-too-far")]),
        ({"ready": "3 December"}, [("/ready", "invalid-input")]),
        ({"ready": "2026-12-03T08:00:00"}, [("/ready", "invalid-input")]),
        ({"ready": "9999-12-31"}, [("/ready", "invalid-input")]),
        ({"latest_arrival": "2026-12-01"}, [("/latest_arrival", "arrival-before-ready")]),
        ({"currency": "XYZ"}, [("/currency", "unknown-currency")]),
        ({"changes": "close:KZ-AKT"}, [("/changes", "wrong-type")]),
        ({"changes": ["close:KZ-AKT", "shut"]}, [("/changes/1", "invalid-input")]),
        ({"changes": ["close:KZ-NOWHERE"]}, [("/changes/0", "not-found")]),
        ({"samples": 10}, [("/samples", "out-of-range")]),
        ({"samples": "1000"}, [("/samples", "out-of-range")]),
        ({"seed": -1}, [("/seed", "out-of-range")]),
        ({"colour": "red"}, [("/colour", "unknown-field")]),
        ({"hs": ...}, [("/hs", "missing")]),
        ({"hs": None}, [("/hs", "missing")]),
        ({"from": 7}, [("/from", "wrong-type")]),
        ({"from": "x" * 500}, [("/from", "too-long")]),
    ],
)
def test_each_fault_is_told_at_its_field(reader, changes, expected):
    assert faults(reader, **changes) == expected


def test_all_faults_are_told_at_once(reader):
    found = faults(
        reader,
        **{"from": "Atlantis"},
        container_number="CSQU3054384",
        mass_kg="99000",
        ready="2020-01-01",
        hs=...,
        colour="red",
    )

    assert {pointer for pointer, _ in found} == {
        "/from",
        "/container_number",
        "/mass_kg",
        "/ready",
        "/hs",
        "/colour",
    }


def test_an_unknown_place_comes_with_suggestions(reader):
    with pytest.raises(InvalidRequest) as caught:
        reader.read(GOOD | {"to": "Istambul"}, NOW)
    (fault,) = caught.value.faults
    assert fault.facts["suggestions"][0] == "TR-IST Istanbul"


def test_a_mass_over_the_payload_says_what_the_box_may_carry(reader):
    with pytest.raises(InvalidRequest) as caught:
        reader.read(GOOD | {"mass_kg": "27000"}, NOW)
    (fault,) = caught.value.faults
    assert fault.facts["payload_kg"] == 26_580
    assert "26580 kg" in fault.fix


def test_today_is_not_the_past_and_begins_now(reader):
    assert reader.read(GOOD | {"ready": "2026-11-21"}, NOW).ready == NOW


def test_the_last_day_within_the_timetable_is_taken(reader):
    last = (NOW + timedelta(days=READY_WITHIN_DAYS)).date()
    assert reader.read(GOOD | {"ready": last.isoformat()}, NOW).ready > NOW


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("Istanbul", "TR-IST"),
        ("TRIST", "TR-IST"),
        ("İstanbul", "TR-IST"),
        ("стамбул", "TR-IST"),
        ("xian international port", "CN-XIA"),
        ("KZAAU", "KZ-AKT"),
        ("Актау", "KZ-AKT"),
        ("halkali", "TR-HAL"),
        ("Halkal\N{LATIN SMALL LETTER DOTLESS I}", "TR-HAL"),
        ("663404", "KZ-AKT"),
        ("Poti", "GE-POT"),
    ],
)
def test_a_place_is_found_by_id_code_and_name_in_several_scripts(reader, spelling, expected):
    assert reader.gazetteer.get(spelling).id == expected


@given(st.text(max_size=40))
def test_any_text_is_a_place_or_not(reader, text):
    found = reader.gazetteer.find(text)
    assert found is None or found.id in reader.gazetteer.known
    assert len(reader.gazetteer.suggest(text)) <= 3
