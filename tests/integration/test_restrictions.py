"""What the shipped corridor refuses to a cargo, with the row that does it, and what it agrees."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from karvan.domain.cargo import UnitKind
from karvan.domain.errors import NoRate
from karvan.network.links import Mode
from karvan.services.quoting.corridor import compile_corridor
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.restrictions import agreements, restrict

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BOX = {"container": "40HC", "mass_kg": "18000", "hs": "851660"}
LITHIUM = {**BOX, "hs": "850760", "un": "3480"}
URANIUM = {"container": "20DC", "mass_kg": "16000", "hs": "284410", "un": "2912"}
GRAIN = {"wagon": "hopper", "mass_kg": "60000", "hs": "100199"}
WIDE = {"container": "42P3", "mass_kg": "20000", "hs": "843049", "loaded_width_m": "3.4"}


@pytest.fixture(scope="module")
def corridor(published):
    return compile_corridor(published.network, NOW.date())


@pytest.fixture(scope="module")
def restricted(published, corridor):
    reader = RequestReader(published.network, published.book)

    def of(cargo, *, day=None, start="KZ-ALM"):
        body = {"from": start, "to": "GE-POT", "ready": "2026-12-03"} | cargo
        made = reader.read(body, NOW).cargo
        return restrict(corridor, made, day or date(2026, 12, 3))

    return of


@pytest.fixture(scope="module")
def refusals(restricted, corridor):
    """Code, place and row of each refusal."""

    def of(cargo, **more):
        rules = restricted(cargo, **more).denied.values()
        return {(r.code, r.facts["at"], r.facts.get("permission", "")) for r in rules}

    return of


def test_an_oven_in_a_box_is_refused_nowhere(refusals):
    assert refusals(BOX) == set()


def test_lithium_batteries_are_refused_by_the_tunnel_alone(refusals):
    assert refusals(LITHIUM) == {("hazard-class", "TR-MMY", "PM001")}


def test_liners_of_the_black_sea_take_no_class_7(restricted, corridor):
    closed = restricted(URANIUM).denied
    services = {str(corridor.segments[s].service): rule for s, rule in closed.items()}

    assert services["BS-POT-CND"].facts["permission"] == "PM070"
    assert not {"CASP-AKT-ALT-FEEDER", "CAUC-ALT-POT"} & set(services)


def test_class_7_over_the_caspian_is_agreed_first_and_told_by_whom(restricted, corridor):
    found = restricted(URANIUM)
    used = [
        s
        for s, segment in enumerate(corridor.segments)
        if segment.service in {"CASP-AKT-ALT-FEEDER", "CAUC-ALT-POT"}
    ]
    told = agreements(found, used)

    assert {each.code for each in told} == {"agree-first"}
    assert any("AZ-ALT" in each.message and "transit permit" in each.message for each in told)
    assert any("GE-GAR" in each.message for each in told)
    assert all(each.source for each in told)


def test_twenty_five_tonnes_an_axle_are_too_much_for_lines_of_twenty_three_and_a_half(refusals):
    heavy = {"wagon": "open_wagon", "mass_kg": "76000", "hs": "260112"}
    codes = {(code, row) for code, _, row in refusals(heavy)}

    assert ("axle-load", "PM013") in codes
    assert ("axle-load", "PM013") not in {
        (code, row) for code, _, row in refusals({**heavy, "mass_kg": "69000"})
    }


def test_a_broad_wagon_ends_where_the_track_does(restricted, corridor):
    """Nothing on rails of 1435 mm alone is open to it, and lines of 1520 mm are."""
    network = corridor.network
    closed = restricted(GRAIN).denied
    for s, segment in enumerate(corridor.segments):
        links = [network.links[link] for run in segment.runs for link in run.links]
        narrow = any(x.mode is Mode.RAIL and x.gauges and 1520 not in x.gauges for x in links)
        if narrow:
            assert closed[s].code == "gauge"
    at = {closed[s].facts["at"] for s, x in enumerate(corridor.segments) if "TR-KRS" in x.passes}
    assert at <= {"GE-AKH", "GE-KAR", "TR-ERZ--TR-KRS:rail", "TR-KRS--TR-ERZ:rail", "TR-KRS"}


def test_a_container_changes_wagon_where_a_wagon_stops(refusals):
    assert not [code for code, _, _ in refusals(BOX) if code == "gauge"]
    assert [code for code, _, _ in refusals(GRAIN) if code == "gauge"]


def test_open_wagons_take_the_ferry_and_not_the_tunnel(refusals):
    open_wagon = {"wagon": "open_wagon", "mass_kg": "40000", "hs": "720839"}
    found = refusals(open_wagon, start="TR-KAY")
    assert ("equipment", "TR-MMY", "PM002") in found


@pytest.mark.parametrize(
    ("day", "banned"),
    [
        (date(2025, 10, 2), False),
        (date(2025, 10, 3), True),
        (date(2025, 10, 20), True),
        (date(2025, 10, 21), False),
    ],
)
def test_the_embargo_on_grain_holds_on_its_days(refusals, day, banned):
    assert (("commodity", "KZ-AKT", "PM087") in refusals(GRAIN, day=day)) is banned


@pytest.mark.parametrize(
    ("changes", "day", "banned"),
    [
        ({"wagon_owner": "shipper", "pool": "RU"}, date(2025, 11, 1), True),
        ({"wagon_owner": "shipper", "pool": "RU"}, date(2026, 1, 1), False),
        ({"wagon_owner": "shipper", "pool": "KZ"}, date(2025, 11, 1), False),
        ({"wagon_owner": "shipper"}, date(2025, 11, 1), False),
        ({}, date(2025, 11, 1), False),
    ],
)
def test_the_ban_on_foreign_wagons_holds_on_its_days(refusals, changes, day, banned):
    found = refusals(GRAIN | changes, day=day)
    assert any(row in {"PM083", "PM085"} for _, _, row in found) is banned


def test_a_load_out_of_gauge_is_agreed_by_rail_and_refused_by_the_tunnel(
    refusals, restricted, corridor
):
    assert refusals(WIDE) == {("loading-gauge", "TR-MMY", "PM101")}
    found = restricted(WIDE)
    rail = [s for s, x in enumerate(corridor.segments) if x.service == "CAUC-ALT-POT"]
    assert "loads out of gauge are agreed" in agreements(found, rail)[0].message


def test_a_block_train_too_long_for_a_line_goes_in_parts(restricted, corridor):
    block = {**GRAIN, "count": 57, "train": "block"}
    found = restricted(block, start="TR-KAY").asked.values()
    codes = {each.code for group in found for each in group}
    assert "train-length" in codes


def test_a_quote_tells_the_tunnel_as_the_rule_and_goes_round_it(published, quoting):
    reader = RequestReader(published.network, published.book)
    body = {"from": "KZ-ALM", "to": "TR-IST", "ready": "2026-12-03", "samples": 50} | LITHIUM

    quote = quoting.quote(reader.read(body, NOW), NOW)

    assert any(r.rule == "hazard-class" and "TR-MMY" in r.message for r in quote.refused)
    for way in quote.alternatives:
        passed = {at for leg in way.legs for segment in leg.segments for at in segment.passes}
        assert "TR-MMY" not in passed


def test_when_every_way_is_refused_the_error_names_the_rules(published, quoting):
    """On the days of the embargo no grain goes to the port by rail."""
    now = datetime(2025, 10, 5, 12, 0, tzinfo=UTC)
    reader = RequestReader(published.network, published.book)
    body = {"from": "KZ-AST", "to": "KZ-AKT", "ready": "2025-10-06", "samples": 50}
    cargo = {"container": "20DC", "mass_kg": "20000", "hs": "100199"}

    with pytest.raises(NoRate) as caught:
        quoting.quote(reader.read(body | cargo, now), now)

    assert {refused["rule"] for refused in caught.value.facts["refused"]} == {"commodity"}
    assert reader.read(body | cargo, now).cargo.kind is UnitKind.CONTAINER
