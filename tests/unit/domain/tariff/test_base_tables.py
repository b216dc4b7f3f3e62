"""Base tables: read as belts, tapers and points, against plain sums and interpolation."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import NoRate, TariffError
from karvan.domain.tariff import Axis, Reading, tables_of

belts = st.lists(
    st.tuples(st.integers(1, 300), st.decimals(0, 2_000, places=1)), min_size=1, max_size=8
)


def made(rows, reading):
    """A table of (width, amount) rows that follow each other from 0."""
    start, out = 0, []
    for width, amount in rows:
        ends = (start, start + width)
        if reading is Reading.POINTS:
            ends = (start + width, start + width)
        out.append(("T", Axis.DISTANCE_KM, reading, *map(Decimal, ends), Decimal(amount)))
        start += width
    (table,) = tables_of(reversed(out))
    return table, start


@given(belts, st.data())
def test_a_belt_has_one_amount_from_its_first_to_its_last_kilometre(rows, data):
    table, end = made(rows, Reading.BELT)
    km = data.draw(st.integers(1, end))

    reached, wanted = 0, None
    for width, amount in rows:
        reached += width
        if wanted is None and km <= reached:
            wanted = amount
    assert table.amount(Decimal(km)) == wanted
    with pytest.raises(NoRate):
        table.amount(Decimal(end + 1))


@given(belts, st.data())
def test_a_taper_is_the_sum_of_its_kilometres(rows, data):
    table, end = made(rows, Reading.TAPER)
    km = data.draw(st.integers(1, end))

    each = [amount for width, amount in rows for _ in range(width)]
    assert table.amount(Decimal(km)) == sum(each[:km])
    assert not table.falls


@given(belts, st.decimals(-10, 3_000, places=1))
def test_points_never_leave_the_range_of_their_neighbours(rows, value):
    table, end = made(rows, Reading.POINTS)
    amounts = [amount for _, amount in rows]

    got = table.amount(value)

    assert min(amounts) <= got <= max(amounts)
    if value >= end:
        assert got == amounts[-1]
    if value <= rows[0][0]:
        assert got == amounts[0]


@given(belts)
def test_a_table_says_whether_it_falls(rows):
    table, _ = made(rows, Reading.BELT)
    amounts = [amount for _, amount in rows]

    assert table.falls is (sorted(amounts) != amounts)


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 10, 1), (11, 20, 2)],
        [(0, 10, 1), (9, 20, 2)],
        [(0, 10, 1), (0, 10, 2)],
        [(0, 10, -1)],
        [(10, 5, 1)],
    ],
)
def test_a_table_with_a_gap_an_overlap_or_a_negative_amount_is_refused(rows):
    told = [("T", Axis.DISTANCE_KM, Reading.BELT, *map(Decimal, row)) for row in rows]

    with pytest.raises(TariffError):
        tables_of(told)
