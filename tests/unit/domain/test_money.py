"""No minor unit is lost, none appears."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import CurrencyMismatch, InvalidInput
from karvan.domain.money import MINOR_DIGITS, Money, round_to_minor

amounts = st.integers(-(10**15), 10**15)
currencies = st.sampled_from(sorted(MINOR_DIGITS))
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any)


@given(amounts, weights)
def test_a_split_loses_no_minor_unit(minor_units, weights):
    whole = Money(minor_units, "EUR")
    parts = whole.split(weights)
    assert sum(part.minor_units for part in parts) == minor_units


@given(amounts, weights)
def test_a_split_is_within_one_minor_unit_of_the_exact_share(minor_units, weights):
    total = sum(weights)
    for part, weight in zip(Money(minor_units, "EUR").split(weights), weights, strict=True):
        assert abs(part.minor_units * total - minor_units * weight) < total


@given(amounts, weights)
def test_who_weighs_nothing_gets_nothing(minor_units, weights):
    for part, weight in zip(Money(minor_units, "EUR").split(weights), weights, strict=True):
        assert weight or part.minor_units == 0


@pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
def test_weights_that_share_nothing_are_refused(weights):
    with pytest.raises(InvalidInput):
        Money(100, "EUR").split(weights)


@given(amounts, currencies)
def test_printing_and_reading_agree(minor_units, currency):
    money = Money(minor_units, currency)
    amount, printed_currency = str(money).split()
    assert Money.of(amount, printed_currency) == money
    assert Money.of(money.amount, currency) == money
    assert round_to_minor(money.to_decimal(), currency) == money


@given(amounts, amounts, currencies)
def test_adding_and_taking_away_agree(left, right, currency):
    a, b = Money(left, currency), Money(right, currency)
    assert a + b - b == a
    assert a - b == a + -b
    assert a - a == Money.zero(currency)


@given(amounts, amounts)
def test_order_is_that_of_the_amounts(left, right):
    a, b = Money(left, "KWD"), Money(right, "KWD")
    assert (a < b, a <= b, a > b) == (left < right, left <= right, left > right)
    assert max(a, b).minor_units == max(left, right)


@pytest.mark.parametrize(
    "operation", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a >= b]
)
def test_two_currencies_never_meet(operation):
    with pytest.raises(CurrencyMismatch) as caught:
        operation(Money(1, "EUR"), Money(1, "USD"))
    assert caught.value.facts == {"left": "EUR", "right": "USD"}


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6), currencies)
def test_rounding_goes_to_the_nearest_minor_unit_and_to_even_between_two(share, currency):
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    rounded = round_to_minor(exact, currency)

    error = abs(Fraction(rounded.minor_units) - Fraction(exact) * 10 ** MINOR_DIGITS[currency])
    assert error <= Fraction(1, 2)
    assert error < Fraction(1, 2) or rounded.minor_units % 2 == 0


def test_half_a_cent_goes_to_even_whatever_the_callers_context():
    with localcontext() as context:
        context.prec = 3
        assert round_to_minor(Decimal("123456.785"), "EUR").amount == "123456.78"
        assert round_to_minor(Decimal("123456.775"), "EUR").amount == "123456.78"
        assert round_to_minor(Decimal("2.5"), "JPY").amount == "2"
        assert round_to_minor(Decimal("1E-999999"), "EUR") == Money.zero("EUR")


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+50", "1E+999999"])
def test_what_is_no_amount_is_not_rounded(amount):
    with pytest.raises(InvalidInput):
        round_to_minor(Decimal(amount), "EUR")


@pytest.mark.parametrize(
    "amount",
    [
        "",
        "1.",
        ".5",
        "1e3",
        "1_000",
        " 1",
        "1\n",
        "+1",
        "1,00",
        "--1",
        "٣",
        "1.001",
        "NaN",
        "9" * 5000,
    ],
)
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(InvalidInput):
        Money.of(amount, "EUR")


@given(st.text(), st.text())
def test_any_text_is_money_or_our_error(amount, currency):
    for code in (currency, "EUR"):
        try:
            assert isinstance(Money.of(amount, code), Money)
        except InvalidInput:
            continue


@pytest.mark.parametrize(
    ("currency", "printed"), [("JPY", "100"), ("KWD", "0.100"), ("IRR", "1.00"), ("KZT", "1.00")]
)
def test_each_currency_has_its_own_digits(currency, printed):
    assert Money(100, currency).amount == printed


@pytest.mark.parametrize("units", [1.0, True, "1"])
def test_minor_units_are_whole_numbers(units):
    with pytest.raises(InvalidInput):
        Money(units, "EUR")


def test_unknown_currencies_are_refused():
    with pytest.raises(InvalidInput):
        Money.zero("XXX")
    with pytest.raises(InvalidInput):
        round_to_minor(Decimal(1), "eur")
