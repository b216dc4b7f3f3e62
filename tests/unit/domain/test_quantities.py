"""Kilograms and metres are whole, whatever unit they came in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.domain.quantities import Length, Mass, parse_mass_kg

whole = st.integers(0, 10**12)


@given(whole)
def test_a_mass_reads_back_in_every_unit(kg):
    mass = Mass(kg)
    assert Mass.from_tonnes(mass.tonnes_text) == mass
    assert parse_mass_kg(str(kg)) == parse_mass_kg(kg) == parse_mass_kg(f"{kg}.000") == mass
    assert mass.tonnes == pytest.approx(kg / 1000)


@given(whole, whole)
def test_masses_add_and_compare_as_their_kilograms(left, right):
    assert (Mass(left) + Mass(right)).kg == left + right
    assert Mass(left) + Mass(right) - Mass(right) == Mass(left)
    assert (Mass(left) < Mass(right)) == (left < right)
    assert sorted([Mass(left), Mass(right)]) == [Mass(kg) for kg in sorted([left, right])]


@given(whole, whole)
def test_lengths_add_and_compare_as_their_metres(left, right):
    assert (Length(left) + Length(right)).m == left + right
    assert (Length(left) <= Length(right)) == (left <= right)
    assert Length.from_km(str(Length(left)).removesuffix(" km")) == Length(left)


def test_less_than_nothing_is_refused():
    for refused in (
        lambda: Mass(-1),
        lambda: Mass(1) - Mass(2),
        lambda: Mass.from_tonnes("-0.001"),
        lambda: parse_mass_kg(-1),
        lambda: Length(-1),
        lambda: Length.from_km("-1"),
    ):
        with pytest.raises(InvalidInput, match="cannot be negative"):
            refused()


@pytest.mark.parametrize("text", ["0.0005", "24.50001"])
def test_finer_than_the_unit_is_refused(text):
    with pytest.raises(InvalidInput, match="finer than 1 kg"):
        Mass.from_tonnes(text)
    with pytest.raises(InvalidInput, match="finer than 1 m"):
        Length.from_km(text)
    with pytest.raises(InvalidInput, match="finer than 1 kg"):
        parse_mass_kg(text)


@pytest.mark.parametrize("kind", [Mass, Length])
@pytest.mark.parametrize("value", [1.5, 1.0, True])
def test_only_whole_numbers_are_kept(kind, value):
    with pytest.raises(InvalidInput, match="must be whole"):
        kind(value)


def test_true_is_not_a_kilogram():
    with pytest.raises(InvalidInput):
        parse_mass_kg(True)


@given(st.text() | st.sampled_from(["NaN", "inf", "1e3", "1_0", " 1", "٣", "1\n", "9" * 5000]))
def test_any_text_is_a_quantity_or_our_error(text):
    for read in (Mass.from_tonnes, Length.from_km, parse_mass_kg):
        try:
            read(text)
        except InvalidInput:
            continue
        assert text.isascii()


def test_quantities_print_with_their_unit():
    assert str(Mass(24500)) == "24500 kg"
    assert str(Length(1500)) == "1.500 km"
    assert Length(1500).km == 1.5
