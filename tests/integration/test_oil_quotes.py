"""Oil by grade, grain in bulk and class 7 by chartered ship, quoted on the shipped corridor."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from karvan.domain.cargo import Cargo, Hazard, Owner, UnitKind
from karvan.domain.errors import NoRate, NoRoute
from karvan.domain.quantities import Mass
from karvan.domain.tariff import Scope
from karvan.network.changes import parse_change
from karvan.network.links import Mode
from karvan.services.quoting.cargo import QuoteRequest
from karvan.services.quoting.carriage import CONTAINERS, carriage_of
from karvan.services.quoting.gazetteer import Gazetteer
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.tariffs import Tariffs

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OIL_ONLY = {Mode.TANKER, Mode.PIPELINE}


def oil(tonnes, grade="kazakh_light"):
    return Cargo(
        kind=UnitKind.OIL,
        type_code=grade,
        equipment="oil",
        count=1,
        mass=Mass(tonnes * 1000),
        tare=Mass(0),
        hs="270900",
        commodity="crude_oil",
        owner=Owner.CARRIER,
    )


def grain(tonnes):
    return Cargo(
        kind=UnitKind.BULK,
        type_code="",
        equipment="bulk",
        count=1,
        mass=Mass(tonnes * 1000),
        tare=Mass(0),
        hs="100199",
        commodity="grain",
    )


def yellowcake(boxes):
    return Cargo(
        kind=UnitKind.CONTAINER,
        type_code="22G1",
        equipment="20",
        count=boxes,
        mass=Mass(17_000),
        tare=Mass(2_300),
        hs="284410",
        commodity="uranium",
        teu=Decimal(1),
        group="general",
        hazard=Hazard(un="2912", hazard_class="7"),
    )


@pytest.fixture(scope="module")
def ask(published, quoting):
    gazetteer = Gazetteer(published.network)

    def one(start, end, cargo, *changes):
        request = QuoteRequest(
            origin=gazetteer.get(start),
            destination=gazetteer.get(end),
            cargo=cargo,
            container_number="",
            ready=datetime(2026, 12, 3, tzinfo=UTC),
            latest_arrival=None,
            currency="USD",
            changes=tuple(parse_change(text) for text in changes),
            samples=100,
            seed=1,
            as_given={},
        )
        return quoting.quote(request, NOW)

    return one


def services(way):
    return [leg.service.id for leg in way.legs]


def families(quote):
    return {way.family for way in quote.alternatives}


def row_of(way, carrier):
    (line,) = [line for line in way.price.lines if line.charge.carrier == carrier]
    return line.charge


@pytest.mark.parametrize(
    ("start", "end", "cargo", "shown"),
    [
        (
            "KZ-TEN",
            "IT-AUGUST",
            oil(8_000),
            {"cpc", "btc", "georgia-rail", "samara", "makhachkala"},
        ),
        ("KZ-AKT", "IT-AUGUST", oil(5_000), {"btc", "georgia-rail", "makhachkala"}),
        ("KZ-KASHAG", "IT-TRS", oil(5_000), {"cpc", "btc", "georgia-rail", "samara"}),
        ("KZ-KUMKOL", "CN-ALA", oil(5_000, "kumkol"), {"china-oil"}),
        ("KZ-UZNFLD", "RU-USTLUG", oil(5_000, "urals"), {"samara"}),
        ("KZ-KOS", "IR-AMI", grain(3_000), {"iran"}),
        ("KZ-KOS", "GE-POT", grain(3_000), {"middle-aktau", "middle-turkmenbashi"}),
    ],
)
def test_a_lane_shows_every_family_and_its_lines_add_up(ask, start, end, cargo, shown):
    quote = ask(start, end, cargo)

    assert shown <= families(quote)
    assert not quote.bounded
    for way in quote.alternatives:
        total = sum((line.quoted.to_decimal() for line in way.price.lines), Decimal(0))
        assert total == way.price.total.to_decimal()
        assert sum(line.charge.micro for line in way.price.lines) == way.planned_price_micro
        assert way.price.low.minor_units <= way.price.total.minor_units
        assert way.price.total.minor_units <= way.price.high.minor_units
        assert list(way.times.quantiles_h) == sorted(way.times.quantiles_h)
        assert way.co2e_g == sum(way.leg_co2e_g) + way.hub_co2e_g > 0
        assert all(line.charge.row.source for line in way.price.lines)


def test_cpc_blend_pays_38_dollars_a_tonne_by_the_caspian_pipeline(ask):
    (cpc,) = [w for w in ask("KZ-TEN", "IT-AUGUST", oil(10_000)).alternatives if w.family == "cpc"]

    assert services(cpc) == ["PIPE-CPC", "TANK-CPC-AUG"]
    line = row_of(cpc, "CPC")
    assert (line.from_place, line.to_place) == ("KZ-TEN", "RU-CPCMT")
    assert (line.quantity, line.each, line.amount) == (10_000, 38, 380_000)
    # 1,511 km at 4.75 km/h are 13 days, and the sea from Novorossiysk to Sicily four.
    assert 17 * 24 < cpc.times.quantiles_h[0] < cpc.times.quantiles_h[-1] < 60 * 24


def test_a_closed_terminal_sends_the_oil_other_ways_and_says_so(ask):
    quote = ask("KZ-TEN", "IT-AUGUST", oil(8_000), "close:RU-CPCMT")

    assert families(quote) == {"btc", "georgia-rail", "samara", "makhachkala"}
    assert not any(
        "RU-CPCMT" in s.passes for w in quote.alternatives for leg in w.legs for s in leg.segments
    )
    assert [(r.rule, r.corridor) for r in quote.refused] == [("closed", "cpc")]


def test_baku_supsa_is_idle_until_a_change_opens_it(ask):
    with pytest.raises(NoRoute) as told:
        ask("AZ-SAN", "GE-SUP", oil(8_000, "azeri_light"))
    assert any(
        text.startswith("PIPE-WREP: idle since March 2022") for text in told.value.facts["idle"]
    )

    assert "supsa" not in families(ask("AZ-SAN", "IT-AUGUST", oil(8_000, "azeri_light")))
    opened = ask(
        "AZ-SAN", "IT-AUGUST", oil(8_000, "azeri_light"), "open:PIPE-WREP", "open:TANK-SUP-AUG"
    )
    (supsa,) = [way for way in opened.alternatives if way.family == "supsa"]
    assert services(supsa) == ["PIPE-WREP", "TANK-SUP-AUG"]


def test_a_pipeline_runs_one_way(ask, published):
    pipes = [s for s in published.network.services.values() if s.mode is Mode.PIPELINE]
    ways = {tuple(s.boarding_calls) for s in pipes}

    assert len(pipes) > 25
    assert not any(way[::-1] in ways for way in ways)
    with pytest.raises(NoRoute):
        ask("TR-CEY", "AZ-SAN", oil(8_000, "azeri_light"))


def test_class_7_has_chartered_ships_whose_price_is_on_request(quoting, published):
    cargo = yellowcake(10)
    corridor = quoting.corridor(published.network, NOW.date(), carriage_of(cargo))
    tariffs = Tariffs(
        corridor=corridor,
        book=published.book,
        cargo=cargo,
        currency="USD",
        accepted=NOW.date(),
        quoted=NOW.date(),
        ends=("KZ", "CA"),
    )

    ships = [s for s in corridor.segments if s.mode is Mode.CHARTERED_SHIP]
    assert {s.to_place for s in ships} == {"CA-MTR", "CA-BLINDR", "FR-MALVES", "US-METROP"}
    for ship in ships:
        (charge,) = tariffs.haul(tariffs.zone_of(ship, "CHARTER"), ship.from_place, ship.to_place)
        if ship.from_place == "GE-POT":
            assert (charge.on_request, charge.micro) == (True, 0)
            assert "ask the charterer" in charge.row.note
        else:
            assert (charge.each, charge.currency, charge.quantity) == (18_000, "EUR", 10)


def test_a_container_never_meets_what_only_oil_can_use(quoting, published):
    boxes = quoting.corridor(published.network, NOW.date())
    drums = quoting.corridor(published.network, NOW.date(), carriage_of(oil(1_000)))

    assert not OIL_ONLY & {service.mode for service in boxes.services}
    assert not any(s.units and UnitKind.CONTAINER not in s.units for s in boxes.services)
    assert boxes is quoting.corridor(published.network, NOW.date(), CONTAINERS)
    assert {f.id for f in boxes.families} == {
        "middle-aktau",
        "middle-turkmenbashi",
        "north",
        "iran",
        "deep-sea",
    }
    trains = {s.id for s in drums.services if s.mode is Mode.RAIL}
    assert trains
    assert all(name.startswith("OILR-") for name in trains)


def test_every_open_pipeline_of_the_tables_is_a_service(published):
    network = published.network
    open_lines = {
        (link.from_place, link.to_place)
        for link in network.links.values()
        if link.mode is Mode.PIPELINE and link.status.value == "open"
    }
    served = {
        pair
        for service in network.services.values()
        if service.mode is Mode.PIPELINE and service.status.value == "open"
        for pair in zip(service.calls, service.calls[1:], strict=False)
    }
    assert open_lines == {(a.place, b.place) for a, b in served}


def test_the_strait_makes_tankers_wait_and_ceyhan_does_not(ask):
    ways = {w.family: w for w in ask("KZ-TEN", "IT-AUGUST", oil(8_000)).alternatives}

    def slots(way):
        return [e.place for e in way.elements if getattr(e, "name", "") == "slot"]

    assert slots(ways["cpc"]) == ["TR-BOS"]
    assert slots(ways["btc"]) == []


def test_a_hand_over_without_a_rate_is_closed_and_told(published, ask):
    """Without a price for oil at Augusta no ship can discharge there; the refusal names it."""
    book = published.book
    rates = tuple(
        rate
        for rate in book.rates
        if not (rate.scope is Scope.HANDLING and rate.unit is UnitKind.OIL)
    )
    poorer = Quoting(replace(published, book=replace(book, rates=rates)))
    gazetteer = Gazetteer(published.network)
    request = QuoteRequest(
        origin=gazetteer.get("KZ-TEN"),
        destination=gazetteer.get("IT-AUGUST"),
        cargo=oil(8_000),
        container_number="",
        ready=datetime(2026, 12, 3, tzinfo=UTC),
        latest_arrival=None,
        currency="USD",
        changes=(),
        samples=100,
        seed=1,
        as_given={},
    )
    with pytest.raises(NoRate) as told:
        poorer.quote(request, NOW)
    assert "no price for oil" in told.value.facts["refused"][0]["message"]


def test_class_7_goes_by_a_chartered_ship_whom_the_line_says_to_ask(ask):
    quote = ask("KZ-UKK", "CA-MTR", yellowcake(10))

    assert quote.alternatives
    for way in quote.alternatives:
        assert services(way)[-1] == "CHART-POT-MTR"
        charter = row_of(way, "CHARTER")
        assert (charter.on_request, charter.micro) == (True, 0)
        assert "ask the charterer" in charter.row.note


def test_quality_is_told_and_not_charged(ask):
    for way in ask("AZ-SAN", "IT-AUGUST", oil(8_000, "azeri_light")).alternatives:
        assert ["10 USD/t" in each.message for each in way.advice if each.code == "quality"] == [
            True
        ]
        assert not any("quality" in line.charge.row.rule for line in way.price.lines)
