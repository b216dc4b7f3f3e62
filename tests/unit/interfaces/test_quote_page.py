"""The page a person reads, on a quote made by hand so that its numbers stand still."""

import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from karvan.adapters.languages.shelf import Catalogues
from karvan.domain.cargo import Cargo, UnitKind
from karvan.domain.instants import minutes_since_epoch, parse_instant
from karvan.domain.quantities import Mass
from karvan.domain.tariff import Basis, Rate, Scope
from karvan.engines.compliance.documents import Advice, RequiredDocument
from karvan.engines.pricing.charging import Charge
from karvan.engines.pricing.lines import price
from karvan.engines.transit_time.summary import HoursByKind, TransitTimes
from karvan.interfaces.cli import leg_strip
from karvan.interfaces.cli.output import drawn
from karvan.interfaces.cli.quote_page import QuotePage
from karvan.network.activities import Activity, Duration, HoursKind, Wait
from karvan.network.links import Mode
from karvan.network.passages import Segment
from karvan.network.patterns import ServiceId
from karvan.network.places import PlaceId
from karvan.network.timetable import Departure, DepartureId
from karvan.services.quoting.answer import Alternative, Quote, Refused, Versions
from karvan.services.quoting.cargo import QuoteRequest
from karvan.services.quoting.gazetteer import Named
from karvan.services.quoting.sharing import Sharing
from karvan.services.quoting.trace import Leg
from karvan.services.words import speaking
from miniature import service

GOLDEN = Path(__file__).parents[2] / "golden" / "quote_table"
READY = parse_instant("2026-12-02T19:00:00Z")
NAMES = {"KZ-PRT": "Aktau port", "AZ-PRT": "Alat port (Baku Port)", "GE-END": "Poti"}
ZONES = {"KZ-PRT": "Asia/Almaty", "AZ-PRT": "Asia/Baku", "GE-END": "Asia/Tbilisi"}


def leg(start, end, mode, departs, arrives, *, nominal=True, km=900.0):
    name = f"{start}-{end}"
    made = service(name, f"{start} {end}", mode=mode, operator="SHIPS")
    segment = Segment(
        service=ServiceId(name),
        ordinal=0,
        from_place=PlaceId(start),
        to_place=PlaceId(end),
        mode=mode,
        elements=(),
        distance_km=km,
        countries=(),
        entered=(),
    )
    departs_min = minutes_since_epoch(parse_instant(departs))
    return Leg(
        service=made,
        departure=Departure(
            id=DepartureId(f"{name}@2026-12-04.1"),
            service=ServiceId(name),
            departs_min=departs_min,
            nominal=nominal,
        ),
        segments=(segment,),
        indices=(0,),
        timed=((),),
        systems=(0,),
        departs_min=departs_min,
        arrives_min=minutes_since_epoch(parse_instant(arrives)),
    )


def act(name, place, kind=HoursKind.HANDLING):
    return Activity(
        name=name, place=place, kind=kind, duration=Duration(median_h=1.0, sigma=0.1), unit="u"
    )


def wait(place):
    return Wait(
        place=place,
        service="S",
        cutoff_h=6.0,
        departs_min=(0,),
        headway_h=48.0,
        headway_cv=0.5,
        unit="u",
    )


def charge(code, start, end, amount, *, estimate=False):
    rate = Rate(
        id="T1",
        carrier="SHIPS",
        scope=Scope.HAUL,
        from_places=("*",),
        to_places=("*",),
        both_ways=True,
        equipment=("40",),
        basis=Basis.CONTAINER,
        amount=Decimal(amount),
        currency="USD",
        low=Decimal(amount) / 2 if estimate else None,
        high=Decimal(amount) * 2 if estimate else None,
        valid_from=None,
        valid_to=None,
        rule="",
        fact=(),
        source=("assumed",),
        estimate=estimate,
        note="",
    )
    micro = int(Decimal(amount) * 1_000_000)
    return Charge(
        code=code,
        carrier="SHIPS" if code == "HAUL" else f"terminal:{start}",
        from_place=start,
        to_place=end,
        row=rate,
        currency="USD",
        quantity=Decimal(1),
        each=Decimal(amount),
        amount=Decimal(amount),
        micro=micro,
        low_micro=micro // 2 if estimate else micro,
        high_micro=micro * 2 if estimate else micro,
        carried_forward=False,
    )


def times(p10, p50, p80, p90, p95, elements):
    days = [24.0 * each for each in (p10, p50, p80, p90, p95)]
    return TransitTimes(
        samples=1000,
        p10_h=days[0],
        p50_h=days[1],
        p80_h=days[2],
        p90_h=days[3],
        p95_h=days[4],
        mean_h=days[1],
        quantiles_h=(days[1],) * 50,
        mode_days=round(p50),
        hours=HoursByKind(moving=60.0, handling=48.0, waiting=24.0 * p50 - 108.0),
        parts=(),
        estimates_h=24.0 * p50,
        element_p50_h=elements,
        beyond_timetable=0,
    )


def alternative():
    """Two legs, seven days at the median: handling, a ferry, handling, a train."""
    legs = (
        leg("KZ-PRT", "AZ-PRT", Mode.RAIL_FERRY, "2026-12-04T03:00:00Z", "2026-12-05T01:00:00Z"),
        leg(
            "AZ-PRT",
            "GE-END",
            Mode.RAIL,
            "2026-12-07T14:30:00Z",
            "2026-12-09T06:30:00Z",
            nominal=False,
        ),
    )
    elements = (
        act("transfer", "KZ-PRT"),
        wait("KZ-PRT"),
        act("run", "AZ-PRT", HoursKind.MOVING),
        act("transfer", "AZ-PRT"),
        wait("AZ-PRT"),
        act("run", "GE-END", HoursKind.MOVING),
        act("transfer", "GE-END"),
    )
    return Alternative(
        family="middle",
        family_name="Middle Corridor",
        legs=legs,
        elements=elements,
        departs_min=legs[0].departs_min,
        arrives_min=legs[-1].arrives_min,
        times=times(5.0, 7.0, 9.0, 10.0, 12.0, (24.0, 36.0, 20.0, 12.0, 24.0, 40.0, 12.0)),
        on_time=0.88,
        price=price(
            [
                charge("HANDLING", "KZ-PRT", "KZ-PRT", "180.00", estimate=True),
                charge("HAUL", "KZ-PRT", "AZ-PRT", "1200.50"),
            ],
            "USD",
        ),
        sharing=Sharing(amounts={}, joint=(), national=None),
        planned_price_micro=1_380_500_000,
        co2e_g=1_234_000,
        leg_co2e_g=(800_000, 400_000),
        hub_co2e_g=34_000,
        documents=(RequiredDocument(document="T1", where="AZ-PRT", rule="CTC", source=()),),
        advice=(Advice(code="lithium", message="usually dangerous", rule="UN3480", source=()),),
        labels=("best-balance", "cheapest"),
    )


def quote(*ways, latest="2026-12-12T20:00:00Z", refused=()):
    place = {
        name: Named(id=PlaceId(name), name=NAMES[name], members=(PlaceId(name),)) for name in NAMES
    }
    return Quote(
        quote_id="Q-0123456789ABCDEF",
        created_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
        expires_at=datetime(2026, 11, 28, 12, tzinfo=UTC),
        versions=Versions(
            network_hash="a" * 64,
            tariff_version="b" * 16,
            timetable_hash="c" * 64,
            engine_version="0",
        ),
        request=QuoteRequest(
            origin=place["KZ-PRT"],
            destination=place["GE-END"],
            cargo=Cargo(
                kind=UnitKind.CONTAINER,
                type_code="45G1",
                equipment="40",
                count=1,
                mass=Mass(18_000),
                tare=Mass(3_900),
                hs="851660",
            ),
            container_number="",
            ready=READY,
            latest_arrival=parse_instant(latest) if latest else None,
            currency="USD",
            changes=(),
            samples=1000,
            seed=1,
            as_given={},
        ),
        alternatives=ways,
        refused=refused,
        bounded=False,
        late=0,
        place_names=NAMES,
        carrier_names={"SHIPS": "Caspian ships"},
        zones=ZONES,
    )


def page(made, width, **options):
    return drawn(QuotePage(quote=made, **options).draw, width=width)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_table_at_width_100_is_the_one_that_was_reviewed(language):
    refused = Refused(
        rule="no-rate",
        message="SHIPS has no price for a 40 ft container from KZ-PRT to GE-END on 2026-12-03",
        corridor="middle",
        places=("KZ-PRT", "GE-END"),
        facts={},
    )
    made = quote(alternative(), refused=(refused,))
    with speaking(Catalogues().words(language)):
        text = page(made, 100, goods="Ovens; of a domestic kind")

    golden = GOLDEN / f"{language}.txt"
    if os.environ.get("KARVAN_UPDATE_GOLDEN") == "1":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [80, 100, 140, 200])
def test_no_line_is_wider_than_the_terminal_and_none_is_cut(width):
    text = page(quote(alternative()), width)

    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [80, 140])
def test_the_answer_stands_before_its_reasons(width):
    lines = page(quote(alternative()), width).splitlines()

    answer = next(i for i, line in enumerate(lines) if "1,380 USD" in line)
    assert answer < 6
    assert "5-10 days, most likely 7" in lines[answer]
    assert "9 in 10 in time" in lines[answer]


def test_without_a_wished_date_the_day_is_told_by_which_most_are_there():
    assert "8 in 10 by 11 Dec" in page(quote(alternative(), latest=None), 100)


def test_a_nominal_departure_has_no_time_of_day_and_a_published_one_has_the_places_own():
    text = page(quote(alternative()), 140)

    assert "~4 Dec" in text
    assert "7 Dec 18:30" in text  # 14:30 UTC at Alat


def test_colour_is_for_terminals_only():
    coloured = drawn(QuotePage(quote=quote(alternative())).draw, width=100, colour=True)
    assert "\x1b[" in coloured or "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"


def test_the_strip_ends_at_the_median_and_every_leg_is_seen():
    way = alternative()

    strip = leg_strip.strip(way, width=60, axis_h=12 * 24.0)

    assert strip.index(leg_strip.MEDIAN) == 35  # 7 of 12 days
    assert strip.rindex(leg_strip.TO_P90) == 50  # 10 of 12 days
    assert {"F", "R"} <= set(strip)
    assert strip.index("F") < strip.index("R")
    assert len(strip) == 60


@pytest.mark.parametrize("width", range(1, 40))
def test_a_strip_of_any_width_has_that_width(width):
    assert len(leg_strip.strip(alternative(), width=width, axis_h=12 * 24.0)) == width


@pytest.mark.parametrize("width", range(6, 60))
def test_a_leg_too_short_for_a_cell_is_seen_all_the_same(width):
    assert {"F", "R"} <= set(leg_strip.strip(alternative(), width=width, axis_h=12 * 24.0))


def test_the_axis_names_days_within_its_width():
    axis = leg_strip.axis(width=60, axis_h=60 * 24.0)
    assert axis.split() == ["0", "10", "20", "30", "40", "50"]
    assert axis.index("30") == 30
