"""The shipped tariff book says what the facts say, by hand-worked examples and by formula."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from karvan.domain.cargo import Hazard, OutOfGauge, UnitKind
from karvan.domain.tariff import Scope
from tariff_rows import container, priced, total, wagon

DAY = date(2026, 12, 3)


@pytest.fixture(scope="module")
def book(published):
    return published.book


def ferry(book, cargo, port="KZ-KUR", **facts):
    return priced(book, cargo, carrier="ASCO", way=("AZ-ALT", port), km="450", **facts)


OIL = {"hazard": Hazard(un="1267", hazard_class="3"), "hs": "270900", "commodity": "crude_oil"}


def test_a_tank_wagon_alat_kuryk_is_1053_loaded_and_455_empty_so_25_a_tonne(book):
    tank = wagon(equipment="tank_wagon", length="13", **OIL)

    there = total(ferry(book, tank))
    back = total(ferry(book, tank, laden=False))

    assert (there, back) == (1053, 455)
    assert round((there + back) / 60, 1) == Decimal("25.1")
    assert round(total(ferry(book, tank, "TM-KRW")) + 390) == 68 * 13 + 390


def test_a_general_wagon_is_707_there_and_574_back(book):
    covered = wagon()

    assert round(total(ferry(book, covered))) == 707
    assert round(total(ferry(book, covered, laden=False))) == 574


def test_a_long_wagon_pays_1_2_and_a_wide_one_2_times(book):
    long = wagon(equipment="container_platform", length="20")
    wide = wagon(length="14", out_of_gauge=OutOfGauge(width_m=Decimal(4)))

    assert total(ferry(book, long)) == Decimal("1.2") * 48 * 20
    assert total(ferry(book, wide)) == 2 * 48 * 14


@pytest.mark.parametrize(
    ("hazard", "hs", "metre"),
    [
        ("4.1", "250300", 53),
        ("9", "850760", 53),
        ("8", "280700", 53),
        ("3", "220710", 75),
        ("2.1", "271119", 133),
    ],
)
def test_dangerous_goods_on_the_ferry_by_class(book, hazard, hs, metre):
    cargo = wagon(length="14", hs=hs, hazard=Hazard(un="1000", hazard_class=hazard))

    assert total(ferry(book, cargo)) == metre * 14


@pytest.mark.parametrize("cargo", [wagon(), container()])
@pytest.mark.parametrize("hazard", ["1.4", "2.3", "3", "7"])
def test_other_goods_of_classes_1_2_3_and_7_are_on_request_with_whom_to_ask(book, cargo, hazard):
    from dataclasses import replace

    dangerous = replace(cargo, hazard=Hazard(un="1000", hazard_class=hazard), hs="284410")

    (line,) = ferry(book, dangerous)

    assert line.on_request
    assert "asco.az" in line.row.note


def test_a_truck_of_16_5_m_pays_by_direction_and_by_return_ticket(book):
    from dataclasses import replace

    truck = replace(
        wagon(), kind=UnitKind.TRUCK, type_code="truck", equipment="truck", length_m=Decimal("16.5")
    )

    def asked(start, end, **facts):
        return total(priced(book, truck, carrier="ASCO", way=(start, end), km="450", **facts))

    assert asked("AZ-ALT", "KZ-KUR") == Decimal("1204.5")
    assert asked("KZ-KUR", "AZ-ALT") == Decimal("899.25")
    both = asked("AZ-ALT", "KZ-KUR", returns="yes") + asked("KZ-KUR", "AZ-ALT", returns="yes")
    assert both == Decimal(109) * Decimal("16.5")
    assert round(asked("AZ-ALT", "TM-KRW"), -1) == 1000


@pytest.mark.parametrize(("size", "rate"), [("20", "1.75"), ("30", "2.45"), ("40", "3.15")])
def test_the_mtt_table_is_linear_over_its_32_belts(book, size, rate):
    table = book.tables[f"MTT-{size}"]

    assert len(table.entries) == 32
    for entry in table.entries:
        assert abs(entry.amount - Decimal(rate) * (entry.upto - 5)) <= 1, entry


@pytest.mark.parametrize(
    ("km", "chf"), [(351, 1118), (360, 1118), (400, 1244), (505, 1591), (650, 2032)]
)
def test_the_published_belts_stand_in_the_book_to_the_franc(book, km, chf):
    assert book.tables["MTT-40"].amount(Decimal(km)) == chf


@pytest.mark.parametrize(
    ("tonnes", "usd"),
    [(25, "443"), (30, "494.1"), (60, "585"), (50, "558"), ("27.5", "468.55"), (10, "443")],
)
def test_the_wagon_of_georgian_railway_is_read_between_its_points(book, tonnes, usd):
    cargo = wagon(mass_kg=int(Decimal(tonnes) * 1000), hs="252020", equipment="hopper")
    from dataclasses import replace

    mineral = replace(cargo, hs="250830")

    def asked(goods):
        return total(
            priced(
                book,
                goods,
                carrier="GR",
                way=("AZ-BKE", "GE-POT"),
                km="360",
                day=date(2016, 6, 1),
                traffic="transit",
            )
        )

    assert asked(mineral) == Decimal(usd)
    assert asked(cargo) == Decimal("1.25") * Decimal(usd)


def test_oil_through_azerbaijan_lies_between_floor_and_cap(book):
    oil = wagon(equipment="tank_wagon", length="13", **OIL)

    lines = priced(book, oil, carrier="ADY", way=("AZ-ALT", "AZ-BKE"), km="503", traffic="transit")

    assert [line.code for line in lines] == ["HAUL", "SUPPLEMENT"]
    assert total(lines) == Decimal("11.22") * 60
    low = Decimal(sum(line.low_micro for line in lines)).scaleb(-6)
    assert low >= Decimal("7.7") * 60
    (cap,) = [c for c in book.caps if "T058" in c.fact]
    assert cap.minimum == Decimal("0.7") * 11


def test_in_its_quarter_the_franc_of_the_policy_goes_before_the_average_of_the_year(book):
    quarter, year = date(2024, 5, 2), date(2024, 8, 1)

    assert book.exchange("USD", "CHF", quarter) == Decimal("0.87")
    assert book.exchange("USD", "CHF", year) == Decimal("0.881")
    francs = book.exchange("EUR", "CHF", quarter)
    assert round(francs, 2) == Decimal("0.94")


def test_an_empty_container_pays_half_and_a_tank_container_1_4_times_by_rail(book):
    box = container()
    full = priced(book, box, carrier="GR", km="360")
    empty = priced(book, box, carrier="GR", km="360", laden=False)
    tank = priced(book, container(group="tank"), carrier="GR", km="360")

    assert total(empty) * 2 == total(full)
    assert total(tank) == Decimal("1.4") * total(full)


def test_the_storm_premium_is_asked_in_january_and_not_in_december(book):
    box = container()

    def codes(day):
        lines = priced(book, box, carrier="KMTF", way=("KZ-AKT", "AZ-ALT"), km="450", day=day)
        return [line.code for line in lines]

    assert codes(date(2027, 1, 15)) == ["HAUL", "STORM"]
    assert codes(DAY) == ["HAUL"]


def test_a_wagon_of_a_favoured_park_crosses_the_black_sea_for_half(book):
    def asked(start, end, pool):
        cargo = wagon(pool=pool)
        return total(priced(book, cargo, carrier="UKRFERRY", way=(start, end), km="900")[:1])

    assert asked("UA-ILK", "GE-POT", "GE") == 950
    assert asked("GE-POT", "UA-ILK", "GE") == 1500
    assert asked("GE-POT", "UA-ILK", "UA") == 950


def test_published_through_rates_are_joint_tariffs_of_their_members(book):
    joints = {joint.id: joint for joint in book.joints}
    (titr,) = [r for r in book.rates if r.fact == ("T222",)]

    assert set(joints[titr.carrier].members) >= {"KTZ", "ASCO", "ADY", "GR", "TCDD"}
    assert (titr.amount, titr.from_places) == (3474, ("KZ-ALT",))
    assert all("assumption" in joint.note for joint in book.joints)


def test_every_railway_and_the_ferry_can_price_a_wagon_loaded_and_empty(book):
    railways = {"CR", "KTZ", "ADY", "GR", "TCDD", "UTY", "TRK", "KRG", "RAI", "RZD", "BCh", "UZR"}

    for name in sorted(railways):
        for cargo in (wagon(), wagon(equipment="tank_wagon", **OIL), wagon(5_000)):
            full, empty = (
                priced(book, cargo, carrier=name),
                priced(book, cargo, carrier=name, laden=False),
            )
            assert full, name
            assert empty, name
            assert total(empty) <= total(full), name


def test_every_row_has_a_source_and_every_estimate_its_ends(book):
    for row in (*book.rates, *book.coefficients, *book.surcharges, *book.caps):
        assert row.source, row.id
    for row in (*book.rates, *book.coefficients, *book.surcharges):
        if row.estimate and not getattr(row, "on_request", False):
            assert row.low is not None, row.id
        if not row.fact:
            assert row.estimate or getattr(row, "on_request", False), row.id


def test_charges_of_places_are_there_for_every_kind_of_unit(book):
    found = Counter()
    for rate in book.rates:
        if not rate.carrier and rate.from_places == ("*",):
            kinds = [rate.unit] if rate.unit else list(UnitKind)
            found.update((rate.scope, kind) for kind in kinds)
    wanted = {
        Scope.HANDLING: set(UnitKind),
        Scope.HANDLING_RAIL: set(UnitKind),
        Scope.BORDER: {UnitKind.CONTAINER, UnitKind.WAGON},
        Scope.BORDER_ROAD: {UnitKind.CONTAINER, UnitKind.TRUCK},
        Scope.GAUGE: set(UnitKind) - {UnitKind.TRUCK},
        Scope.DECLARATION: set(UnitKind),
    }
    for scope, kinds in wanted.items():
        assert {kind for kind in kinds if not found[scope, kind]} == set(), scope


@pytest.mark.parametrize(("cargo", "hires"), [(container(), 1), (wagon(), 0)])
def test_a_box_of_the_carrier_has_a_hire_and_its_wagon_is_in_the_rate_of_the_way(
    book, cargo, hires
):
    facts = {"owner": "carrier"}
    sheet = book.sheet(
        Scope.UNIT_HIRE, "KTZ", unit=cargo.kind, equipment=cargo.equipment, facts=facts, day=DAY
    )
    found = sheet.rates_for("A", "B", facts)
    assert [rate.amount > 0 for rate in found] == [True] * hires
