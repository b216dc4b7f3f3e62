from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.network.hashing import canonical_number, content_hash
from karvan.network.links import Mode

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=3),
    st.text(max_size=8),
    st.dates(),
    st.lists(st.text(max_size=4), max_size=3).map(tuple),
)
# Of one row, below: a change here changes every stored hash.
PINNED = "8b445d4fd10d1ae8edabd340df1ed7b75a899a084875c3405d528c962e7694d9"
TABLES = st.lists(st.dictionaries(st.text(max_size=5), CELLS, max_size=5), max_size=6)


@given(TABLES, st.randoms(use_true_random=False))
def test_order_of_rows_and_columns_does_not_matter(rows, random):
    shuffled = []
    for row in rows:
        items = list(row.items())
        random.shuffle(items)
        shuffled.append(dict(items))
    random.shuffle(shuffled)
    assert content_hash(shuffled) == content_hash(rows)


@given(TABLES, st.dictionaries(st.text(max_size=5), st.integers(), min_size=1, max_size=3))
def test_another_row_gives_another_hash(rows, row):
    assert content_hash([*rows, row]) != content_hash(rows)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1e9, max_value=1e9))
def test_a_number_has_one_text_however_it_is_spelled(number):
    text = canonical_number(number)
    assert canonical_number(Decimal(f"{number}000")) == text
    assert canonical_number(number.normalize()) == text
    assert Decimal(text) == number


def test_one_is_one_as_integer_float_and_decimal_and_not_as_text():
    same = {content_hash([{"a": one}]) for one in (1, 1.0, Decimal("1.00"))}
    assert len(same) == 1
    others = {content_hash([{"a": other}]) for other in ("1", True, ("1",), (1,))}
    assert len(others | same) == 5


def test_an_empty_cell_is_a_missing_column_and_an_enum_is_its_word():
    assert content_hash([{"a": 1, "b": None}]) == content_hash([{"a": 1}])
    assert content_hash([{"mode": Mode.RAIL}]) == content_hash([{"mode": "rail"}])
    assert content_hash([{"s": frozenset("ab")}]) == content_hash([{"s": frozenset("ba")}])


def test_texts_that_only_look_alike_when_joined_differ():
    assert content_hash([{"a": "b", "c": "d"}]) != content_hash([{"a": 'b"],["c"', "c": "d"}])
    assert content_hash([{"a": date(2024, 1, 1)}]) != content_hash([{"a": "2024-01-01"}])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), object(), 1j])
def test_what_no_table_holds_is_refused(value):
    with pytest.raises(InvalidInput):
        content_hash([{"a": value}])


def test_an_exponent_that_would_fill_the_memory_is_refused():
    with pytest.raises(InvalidInput):
        canonical_number(Decimal("1e999999"))


def test_the_hash_of_a_table_does_not_change_between_versions():
    rows = [{"id": "KZ-AKT", "lat_deg": 43.6, "gauges": ("1520",), "estimate": True}]
    assert content_hash(rows) == PINNED
