"""Charges and lines: exact to a micro-unit, printed to the minor unit, adding up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.money import round_to_minor
from karvan.domain.tariff import Basis
from karvan.engines.pricing.charging import tariff_km
from karvan.engines.pricing.distances import distance_table
from karvan.engines.pricing.formation import Terms, Way, form_price
from karvan.engines.pricing.lines import price

from .test_tariff_book import book, cargo, rate, sheet

DAY = date(2026, 12, 3)


def charged(amount, *, km=100.0, basis=Basis.CONTAINER_KM, exchange="1"):
    made = book(rate(amount=amount, basis=basis))
    rows, facts = sheet(made)
    terms = Terms(
        cargo=cargo(),
        facts=facts,
        day=DAY,
        book=made,
        currency="USD",
        exchange=lambda currency: Decimal(exchange),
    )
    way = Way(carrier="KTZ", from_place="A", to_place="B", distance_km=km)
    (formed,) = form_price(rows, way, terms)
    return formed


amounts = st.decimals(0, 10_000, places=3)
rates = st.decimals("0.001", 600, places=4)


def test_a_kilometre_begun_counts():
    assert [tariff_km(km) for km in (0.0, 0.2, 359.0, 359.01)] == [0, 1, 359, 360]


def test_a_container_km_rate_is_multiplied_by_the_tariff_distance():
    made = charged("0.24", km=359.2)

    assert made.quantity == 360
    assert made.amount == Decimal("86.40")
    assert made.micro == 86_400_000


def test_a_flat_rate_does_not_know_the_distance():
    assert charged("297", km=900.0, basis=Basis.FLAT).amount == 297


@given(st.lists(st.tuples(amounts, rates), max_size=12))
def test_the_lines_add_up_to_the_total_to_the_minor_unit(items):
    charges = [charged(str(a), basis=Basis.FLAT, exchange=str(x)) for a, x in items]

    made = price(charges, "EUR")

    assert sum((line.quoted.to_decimal() for line in made.lines), Decimal(0)) == (
        made.total.to_decimal()
    )
    exact = Decimal(sum(c.micro for c in charges)).scaleb(-6)
    assert abs(made.total.to_decimal() - exact) <= Decimal("0.005") * len(items)
    assert made.low.minor_units <= made.total.minor_units <= made.high.minor_units


@given(st.lists(st.tuples(amounts, rates), min_size=1, max_size=12))
def test_a_micro_unit_is_never_more_than_half_a_millionth_off(items):
    for amount, exchange in items:
        made = charged(str(amount), basis=Basis.FLAT, exchange=str(exchange))
        assert abs(Decimal(made.micro).scaleb(-6) - amount * exchange) <= Decimal("0.0000005")


def test_a_distance_table_takes_the_shortest_way_over_the_carriers_own_lines():
    lines = [("A", "B", 10.0), ("B", "C", 10.0), ("A", "C", 25.0), ("C", "A", 25.0)]

    table = distance_table(lines, ["A", "C", "Z"])

    assert table == {("A", "A"): 0, ("A", "C"): 20, ("C", "C"): 0, ("C", "A"): 25, ("Z", "Z"): 0}


@given(st.lists(st.integers(-(10**12), 10**12), max_size=5), st.sampled_from(["USD", "JPY", "KWD"]))
def test_a_line_is_rounded_half_to_even_in_every_currency(amounts, currency):
    """Halves of a minor unit too: amounts are tried at and around them."""
    half = {"USD": 5_000, "JPY": 500_000, "KWD": 500}[currency]
    whole = charged("1")
    for micro in [near for each in amounts for near in (each, each // half * half)]:
        made = price([replace(whole, micro=micro, low_micro=micro, high_micro=micro)], currency)
        expected = round_to_minor(Decimal(micro).scaleb(-6), currency)
        assert (made.total, made.low, made.high) == (expected,) * 3
        assert made.lines[0].quoted == expected
