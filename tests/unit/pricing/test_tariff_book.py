"""Which rate applies, how old it is, and how an amount ages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.cargo import Cargo, UnitKind
from karvan.domain.errors import CurrencyMismatch, TariffError
from karvan.domain.quantities import Mass
from karvan.domain.tariff import (
    Basis,
    ExchangeRate,
    Rate,
    Scope,
    TariffBook,
    check_overlaps,
    facts_of,
    parse_conditions,
)

DAY = date(2026, 12, 3)


def rate(name="R1", amount="100", **changes):
    made = Rate(
        id=name,
        carrier="KTZ",
        scope=Scope.HAUL,
        from_places=("*",),
        to_places=("*",),
        both_ways=True,
        equipment=("40",),
        basis=Basis.CONTAINER_KM,
        amount=Decimal(amount),
        currency="USD",
        low=None,
        high=None,
        valid_from=date(2026, 1, 1),
        valid_to=None,
        rule="container-km",
        fact=(),
        source=("assumed",),
        estimate=False,
        note="",
    )
    return replace(made, **changes)


def book(*rates, exchange=()):
    return TariffBook(rates, tuple(exchange), "test")


def exchange(currency, per_usd, year=2025):
    return ExchangeRate(
        id=f"{currency}{year}",
        currency=currency,
        per_usd=Decimal(per_usd),
        valid_from=date(year, 1, 1),
        valid_to=date(year, 12, 31),
        source=("assumed",),
        estimate=True,
    )


def cargo(**changes):
    made = Cargo(
        kind=UnitKind.CONTAINER,
        type_code="45G1",
        equipment="40",
        count=1,
        mass=Mass(18_000),
        tare=Mass(3_900),
        hs="851660",
        teu=Decimal(2),
    )
    return replace(made, **changes)


def sheet(made, goods=None, day=DAY, scope=Scope.HAUL, carrier="KTZ"):
    """The rows of a book for a cargo on a day, and its facts."""
    goods = goods or cargo()
    facts = facts_of(goods, day)
    rows = made.sheet(
        scope, carrier, unit=goods.kind, equipment=goods.equipment, facts=facts, day=day
    )
    return rows, facts


def found(made, start="A", end="B", equipment="40", day=DAY, **facts):
    rows, known = sheet(made, cargo(equipment=equipment), day)
    chosen = rows.rates_for(start, end, {**known, **facts})
    return chosen[0].id if chosen else None


def test_a_pair_goes_before_one_end_before_none():
    made = book(
        rate("any"),
        rate("one", from_places=("A",)),
        rate("both", from_places=("A",), to_places=("B",)),
    )

    assert found(made) == "both"
    assert found(made, "A", "C") == "one"
    assert found(made, "C", "D") == "any"


def test_a_rate_holds_in_the_other_direction_only_where_it_says_so():
    there = rate("there", from_places=("A",), to_places=("B",), both_ways=False)

    assert found(book(there), "A", "B") == "there"
    assert found(book(there), "B", "A") is None
    assert found(book(replace(there, both_ways=True)), "B", "A") == "there"


def test_the_newest_rate_in_force_is_used_and_the_future_is_not():
    made = book(
        rate("old", valid_from=date(2024, 1, 1), valid_to=date(2025, 12, 31)),
        rate("new", valid_from=date(2026, 1, 1)),
        rate("next", valid_from=date(2027, 1, 1)),
    )

    assert found(made) == "new"
    assert found(made, day=date(2025, 6, 1)) == "old"
    assert found(made, day=date(2023, 6, 1)) is None


def test_after_the_last_dated_rate_the_newest_is_carried_forward():
    last = rate(valid_to=date(2026, 6, 30))

    assert found(book(last)) == "R1"
    assert last.carried_forward(DAY)
    assert not last.carried_forward(date(2026, 6, 30))


def test_equipment_the_book_does_not_have_has_no_rate():
    assert found(book(rate()), equipment="45") is None


def test_a_firm_rate_is_no_range_for_24_months_and_then_widens_with_age():
    firm = rate(valid_from=date(2024, 12, 3))
    assert firm.bounds(DAY) == (Decimal(100), Decimal(100))

    old = rate(valid_from=date(2023, 12, 3))
    assert old.bounds(DAY) == (Decimal(70), Decimal(130))

    ancient = rate(valid_from=date(2001, 1, 1))
    assert ancient.bounds(DAY) == (Decimal(50), Decimal(150))


@given(st.dates(date(2000, 1, 1), date(2026, 12, 3)))
def test_bounds_enclose_the_amount_at_any_age(begin):
    low, high = rate(valid_from=begin).bounds(DAY)
    assert low <= Decimal(100) <= high


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal(-1)},
        {"amount": Decimal("NaN")},
        {"low": Decimal(90)},
        {"low": Decimal(101), "high": Decimal(120)},
        {"low": Decimal(80), "high": Decimal(99)},
        {"estimate": True},
    ],
)
def test_a_rate_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(TariffError):
        rate(**wrong)


def test_more_conditions_go_before_fewer_and_a_contract_before_all():
    heavy = parse_conditions("gross_t>20; laden=loaded")
    made = book(
        rate("plain", from_places=("A",)),
        rate("heavy", from_places=("A",), conditions=heavy),
        rate("contract", conditions=parse_conditions("customer=ACME")),
    )

    assert found(made) == "heavy"
    rows, facts = sheet(made, cargo(customer="ACME"))
    assert rows.rates_for("A", "B", facts)[0].id == "contract"
    rows, facts = sheet(made, cargo(mass=Mass(1_000)))
    assert rows.rates_for("A", "B", facts)[0].id == "plain"


def test_a_condition_on_the_way_is_decided_for_each_way():
    made = book(rate("near"), rate("far", conditions=parse_conditions("distance_km>1500")))

    assert found(made, distance_km=Decimal(1500)) == "near"
    assert found(made, distance_km=Decimal(1501)) == "far"


def test_a_tariff_of_parts_has_one_rate_of_each():
    made = book(rate("n", part="network"), rate("t", part="traction"), rate("t2", part="traction"))
    rows, facts = sheet(made)

    assert [each.id for each in rows.rates_for("A", "B", facts)] == ["n", "t2"]


def test_currencies_convert_through_the_dollar_at_the_newest_rate():
    made = book(
        exchange=[
            exchange("USD", "1", 2019),
            exchange("EUR", "0.9", 2024),
            exchange("EUR", "0.8", 2025),
            exchange("KZT", "520"),
        ]
    )

    assert made.exchange("USD", "EUR", DAY) == Decimal("0.8")
    assert made.exchange("EUR", "KZT", DAY) == Decimal(650)
    assert made.exchange("KZT", "KZT", DAY) == 1
    assert made.exchange("USD", "EUR", date(2024, 5, 1)) == Decimal("0.9")
    with pytest.raises(CurrencyMismatch):
        made.exchange("USD", "JPY", DAY)


def test_a_quarters_exchange_rate_goes_before_the_years_while_it_holds():
    year = exchange("CHF", "0.90", 2024)
    quarter = replace(
        year,
        id="Q2",
        per_usd=Decimal("0.87"),
        valid_from=date(2024, 4, 1),
        valid_to=date(2024, 6, 30),
    )
    made = book(exchange=[year, quarter, exchange("USD", "1", 2019)])

    assert made.exchange("USD", "CHF", date(2024, 5, 2)) == Decimal("0.87")
    assert made.exchange("USD", "CHF", date(2024, 7, 1)) == Decimal("0.90")
    assert made.exchange("USD", "CHF", DAY) == Decimal("0.90")


def test_two_rates_that_claim_the_same_day_are_found():
    one = rate("one", valid_to=date(2026, 12, 31))
    two = rate("two", valid_from=date(2026, 6, 1))
    three = rate("three", valid_from=date(2027, 1, 1))

    assert check_overlaps([one, two]) == (("one", "two"),)
    assert check_overlaps([one, three]) == ()
    assert check_overlaps([one, replace(two, equipment=("20",))]) == ()
