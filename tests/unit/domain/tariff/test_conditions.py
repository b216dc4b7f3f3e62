"""Conditions: read and written back the same, and held by exactly the facts they ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import TariffError
from karvan.domain.tariff import parse_conditions, render_conditions

numbers = st.decimals(0, 5_000, places=1).map(str)
prefixes = st.from_regex(r"[0-9]{2,6}", fullmatch=True)
texts = st.one_of(
    st.tuples(st.sampled_from(["gross_t", "distance_km", "count"]), st.sampled_from("<>")).flatmap(
        lambda pair: numbers.map(lambda number: f"{pair[0]}{pair[1]}={number}")
    ),
    st.lists(prefixes, min_size=1, max_size=4, unique=True).map(lambda p: f"hs={'|'.join(p)}"),
    st.sampled_from(["laden=empty", "hazard!=3|9", "owner=carrier", "pool=GE", "month=1"]),
)


def cells(found):
    """One cell of conditions, no fact bound twice in one sense."""
    return "; ".join({text.split("=")[0]: text for text in found}.values())


@given(st.lists(texts, max_size=4).map(cells))
def test_conditions_are_written_back_as_they_were_read(cell):
    read = parse_conditions(cell)

    assert render_conditions(read) == cell
    assert parse_conditions(render_conditions(read)) == read


@given(prefixes, st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_goods_are_found_by_prefix_and_by_range_of_prefixes(prefix, code):
    (by_prefix,) = parse_conditions(f"hs={prefix}")
    (by_range,) = parse_conditions(f"hs={prefix}-{prefix}")

    assert by_prefix.holds({"hs": code}) is code.startswith(prefix)
    assert by_range.holds({"hs": code}) is code.startswith(prefix)


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_numbers_are_compared_exactly(have, wanted):
    facts = {"gross_t": have}
    answers = [
        parse_conditions(f"gross_t{sign}{wanted}")[0].holds(facts)
        for sign in ("<", "<=", "=", ">=", ">", "!=")
    ]

    assert answers == [
        have < wanted,
        have <= wanted,
        have == wanted,
        have >= wanted,
        have > wanted,
        have != wanted,
    ]


def test_what_nobody_said_fulfils_no_condition_but_the_opposite():
    (asked, refused) = parse_conditions("hazard=3; pool!=GE")

    assert not asked.holds({})
    assert refused.holds({})
    assert not refused.holds({"pool": "GE"})


@pytest.mark.parametrize(
    "wrong",
    [
        "weight<3",
        "laden",
        "laden=full",
        "laden<empty",
        "gross_t<=light",
        "gross_t<=NaN",
        "gross_t<=1|2",
        "hs=1",
        "hs=7x",
        "hs=76-72",
        "hs=72-7612",
        "hazard=3; hazard=9",
        "laden=empty;;month=1",
        "month=",
    ],
)
def test_a_condition_no_cargo_can_have_is_refused(wrong):
    with pytest.raises(TariffError):
        parse_conditions(wrong)


def test_an_old_range_of_chapters_holds_its_ends():
    (metals,) = parse_conditions("hs=72-76")

    held = [code for code in ("720000", "761699", "710000", "770000") if metals.holds({"hs": code})]
    assert held == ["720000", "761699"]
