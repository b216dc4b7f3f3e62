"""How a price is formed of rate, table, coefficients, surcharges and cap."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.tariff import Axis, Basis, Reading, SurchargeKind, TariffBook, tables_of
from karvan.engines.pricing.lines import price
from tariff_rows import (
    cap,
    coefficient,
    container,
    made_book,
    priced,
    rate,
    surcharge,
    total,
    wagon,
)

amounts = st.decimals("0.01", 5_000, places=2)
factors = st.decimals("0.1", 5, places=2)
percents = st.decimals(0, 40, places=1)


def table(*rows, axis=Axis.DISTANCE_KM, reading=Reading.BELT):
    (made,) = tables_of(("T", axis, reading, *map(Decimal, row)) for row in rows)
    return {"T": made}


def test_a_step_in_the_coefficient_makes_1501_km_cheaper_than_1500():
    book = made_book(
        [rate(amount="0.5", basis=Basis.CONTAINER_KM)],
        coefficients=[
            coefficient("K1", "1", "distance_km<=1500"),
            coefficient("K2", "0.8", "distance_km>1500"),
        ],
    )

    assert total(priced(book, container(), km="1500")) == 750
    assert total(priced(book, container(), km="1501")) == Decimal("600.4")


def test_of_one_group_only_the_largest_discount_applies():
    book = made_book(
        [rate()],
        coefficients=[
            coefficient("K1", "0.7"),
            coefficient("K2", "0.5"),
            coefficient("K3", "0.5"),
            coefficient("K4", "1.4"),
        ],
    )

    (line,) = priced(book, container())

    assert line.amount == 50
    assert [factor.value for factor in line.factors] == [Decimal("0.5")]


def test_without_a_discount_the_largest_raise_applies_and_groups_multiply():
    book = made_book(
        [rate()],
        coefficients=[
            coefficient("K1", "1.4", group="width"),
            coefficient("K2", "2", group="width"),
            coefficient("K3", "1.2", group="length"),
        ],
    )

    assert total(priced(book, container())) == 240


def test_a_discount_that_has_ended_has_ended_while_its_rate_goes_on():
    ended = coefficient("K1", "0.5", valid_to=date(2026, 11, 30))
    book = made_book([rate(valid_to=date(2026, 11, 30))], coefficients=[ended])

    (line,) = priced(book, container())

    assert line.amount == 100
    assert line.carried_forward


def test_a_coefficient_on_a_part_without_a_rate_multiplies_nothing():
    book = made_book([rate()], coefficients=[coefficient("K1", "0.3", part="ett")])

    assert total(priced(book, container())) == 100


def test_a_tariff_of_parts_adds_one_rate_of_each():
    book = made_book(
        [rate("N", "60", part="network"), rate("T", "30", part="traction"), rate("T0", "20")],
        coefficients=[coefficient("K1", "0.5", part="network")],
    )

    lines = priced(book, container())

    assert [(line.row.part, line.amount) for line in lines] == [
        ("", 20),
        ("network", 30),
        ("traction", 30),
    ]


def test_a_surcharge_in_percent_is_of_the_rates_and_not_of_other_surcharges():
    book = made_book(
        [rate()],
        surcharges=[
            surcharge("S1", "10"),
            surcharge("S2", "7", kind=SurchargeKind.AMOUNT, code="ALARM"),
        ],
    )

    assert [(line.code, line.amount) for line in priced(book, container())] == [
        ("HAUL", 100),
        ("ALARM", 7),
        ("FUEL", 10),
    ]


def test_the_cap_brings_rate_and_surcharge_down_to_it_in_a_line_of_its_own():
    book = made_book([rate()], surcharges=[surcharge("S1", "10")], caps=[cap(maximum="95")])

    lines = priced(book, container(count=3))

    assert lines[-1].code == "CAP"
    assert lines[-1].amount == 3 * (95 - 110)
    assert total(lines) == 285


def test_the_floor_brings_a_discounted_price_up_to_it():
    book = made_book(
        [rate(amount="11")],
        coefficients=[coefficient("K1", "0.4")],
        caps=[cap(maximum="11", minimum="7.7")],
    )

    assert total(priced(book, container())) == Decimal("7.7")


def test_minimum_and_maximum_hold_for_each_unit():
    dear = rate(amount="1", basis=Basis.CONTAINER_KM, maximum=Decimal(400))
    cheap = replace(dear, minimum=Decimal(300), maximum=None)

    (line,) = priced(made_book([dear]), container(count=2), km="1000")
    assert (line.amount, line.limited) == (800, "maximum")
    (line,) = priced(made_book([cheap]), container(count=2), km="100")
    assert (line.amount, line.limited) == (600, "minimum")


def test_a_price_on_request_has_one_line_without_an_amount():
    asked = rate("R2", "0", "hazard=7", on_request=True, note="ask the line")
    book = made_book([rate(), asked], surcharges=[surcharge("S1", "10")])

    (line,) = priced(book, container(), hazard="7")
    assert (line.on_request, line.micro) == (True, 0)
    assert total(priced(book, container())) == 110


def test_beyond_the_base_table_there_is_no_price():
    book = TariffBook((rate(table="T", amount="1"),), (), "test", tables=table((330, 340, 586)))

    assert total(priced(book, container(), km="331")) == 586
    assert priced(book, container(), km="330") is None
    assert priced(book, container(), km="341") is None


def test_the_empty_unit_enters_a_table_of_loads_without_a_load():
    tables = table((0, 0, 375), (60, 60, 595), axis=Axis.NET_T, reading=Reading.POINTS)
    book = TariffBook((rate(table="T", amount="1", basis=Basis.WAGON),), (), "test", tables=tables)

    assert total(priced(book, wagon())) == 595
    assert total(priced(book, wagon(), laden=False)) == 375


def test_a_taper_charges_each_part_at_the_amount_of_its_own_belt():
    tables = table((0, 100, 2), (100, 300, 1), reading=Reading.TAPER)
    book = TariffBook((rate(table="T", amount="1"),), (), "test", tables=tables)

    assert total(priced(book, container(), km="250")) == 350


books = st.builds(
    lambda a, fs, ps, most, least: made_book(
        [rate(amount=str(a), basis=Basis.CONTAINER_KM)],
        coefficients=[coefficient(f"K{i}", str(f), group=group) for i, (f, group) in enumerate(fs)],
        surcharges=[surcharge(f"S{i}", str(p), code=f"S{i}") for i, p in enumerate(ps)],
        caps=[cap(maximum=max(most, least), minimum=min(most, least))],
    ),
    amounts,
    st.lists(st.tuples(factors, st.sampled_from(["a", "b", "c"])), max_size=5),
    st.lists(percents, max_size=3),
    amounts,
    amounts,
)


@settings(max_examples=60)
@given(books, st.integers(1, 9_000), st.integers(1, 50))
def test_a_price_lies_between_floor_and_cap_and_its_lines_add_up(book, km, count):
    lines = priced(book, container(count=count), km=str(km))

    (limit,) = book.caps
    assert limit.minimum * count <= total(lines) <= limit.maximum * count
    made = price(lines, "USD")
    assert sum(line.quoted.minor_units for line in made.lines) == made.total.minor_units
    assert made.low.minor_units - len(lines) <= made.total.minor_units
    assert made.total.minor_units <= made.high.minor_units + len(lines)


@settings(max_examples=60)
@given(books, amounts, st.integers(1, 9_000))
def test_a_dearer_rate_never_makes_a_price_lower(book, more, km):
    (before,) = book.rates
    dearer = replace(book, rates=(replace(before, amount=before.amount + more),))

    assert total(priced(dearer, container(), km=str(km))) >= total(
        priced(book, container(), km=str(km))
    )


@settings(max_examples=60)
@given(books, st.randoms(use_true_random=False))
def test_the_order_of_coefficients_and_surcharges_means_nothing(book, rng: random.Random):
    shuffled = replace(
        book,
        coefficients=tuple(rng.sample(book.coefficients, len(book.coefficients))),
        surcharges=tuple(rng.sample(book.surcharges, len(book.surcharges))),
    )

    assert priced(shuffled, container()) == priced(book, container())


@given(amounts, factors, amounts, amounts)
def test_an_amount_lies_within_minimum_and_maximum(amount, factor, one, other):
    held = rate(amount=str(amount), minimum=min(one, other), maximum=max(one, other))
    book = made_book([held], coefficients=[coefficient("K1", str(factor))])

    (line,) = priced(book, container())

    assert held.minimum <= line.amount <= held.maximum
    assert line.low_micro <= line.micro <= line.high_micro


@pytest.mark.parametrize("km", ["0.2", "1", "359.01", "360"])
def test_a_kilometre_begun_counts(km):
    (line,) = priced(made_book([rate(basis=Basis.CONTAINER_KM)]), container(), km=km)

    assert line.quantity == {"0.2": 1, "1": 1}.get(km, 360)


def test_an_old_rate_has_a_range_and_a_ratio_or_percentage_on_it_widens_it_no_further():
    old = rate(valid_from=date(2024, 12, 2), amount="100")
    book = made_book(
        [old],
        coefficients=[coefficient("K1", "1.4", valid_from=date(2012, 8, 15))],
        surcharges=[surcharge("S1", "10", valid_from=date(2012, 8, 15))],
    )

    lines = priced(book, container(), day=date(2027, 12, 2))

    assert [line.low_micro for line in lines] == [98_000_000, 9_800_000]
    assert [line.high_micro for line in lines] == [182_000_000, 18_200_000]
