"""What a row of the book is on a day, and how two books differ."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from karvan.services.rate_sheets import IN_USE, Change, State, Wanted, compare, rows_on, select
from tariff_rows import coefficient, made_book, rate

DAY = date(2026, 12, 3)


def states(book, day=DAY):
    return {each.row.id: each.state for each in rows_on(book, day)}


def test_a_rate_goes_on_and_a_coefficient_ends():
    last = date(2026, 11, 30)
    book = made_book([rate(valid_to=last)], coefficients=[coefficient("K1", "0.5", valid_to=last)])

    assert states(book) == {"R1": State.CARRIED_FORWARD, "K1": State.ENDED}


def test_of_rates_for_the_same_thing_the_newest_that_has_begun_is_in_use():
    book = made_book(
        [
            rate("old", valid_from=None, valid_to=date(2025, 12, 31)),
            rate("now"),
            rate("next", valid_from=date(2027, 1, 1)),
        ]
    )

    assert states(book) == {
        "old": State.REPLACED,
        "now": State.IN_FORCE,
        "next": State.LATER,
    }
    assert [r.row.id for r in select(rows_on(book, DAY), Wanted())] == ["now"]
    assert len(select(rows_on(book, DAY), Wanted(history=True))) == 3


def test_what_acts_on_a_part_without_a_rate_has_no_base_until_one_is_there():
    policy = coefficient("K1", "0.3", part="ett")

    assert states(made_book([rate()], coefficients=[policy]))["K1"] is State.NO_BASE
    with_base = made_book([rate(), rate("E", part="ett")], coefficients=[policy])
    assert states(with_base)["K1"] is State.IN_FORCE


def test_two_books_differ_in_percent_in_what_came_and_in_what_went():
    old = made_book([rate("a"), rate("b", carrier="GR"), rate("c", carrier="ADY")])
    new = made_book([rate("a2", "112.5"), rate("b", carrier="GR"), rate("d", carrier="UTY")])

    found = compare(rows_on(old, DAY), rows_on(new, DAY))

    assert [(f.change, (f.old or f.new).row.id, f.percent or None) for f in found] == [
        (Change.CHANGED, "a", Decimal("12.5")),
        (Change.APPEARED, "d", None),
        (Change.ENDED, "c", None),
    ]


def test_a_rate_whose_last_day_passed_between_two_days_has_ended_and_says_it_goes_on():
    book = made_book([rate(valid_to=date(2026, 12, 31))])

    (found,) = compare(rows_on(book, DAY), rows_on(book, date(2027, 1, 1)))

    assert found.change is Change.ENDED
    assert found.new.state is State.CARRIED_FORWARD


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.dates(date(2020, 1, 1))), max_size=8))
def test_a_book_does_not_differ_from_itself_and_one_row_of_a_key_is_in_use(rows):
    book = made_book(
        [rate(f"R{i}", carrier=c, valid_from=day) for i, (c, day) in enumerate(dict(rows).items())]
    )
    found = rows_on(book, DAY)

    assert compare(found, found) == ()
    used = [each.key for each in found if each.state in IN_USE]
    assert len(set(used)) == len(used)


def test_a_rate_in_other_units_changes_without_a_percentage():
    old = made_book([rate()])
    (found,) = compare(rows_on(old, DAY), rows_on(replace(old, rates=(rate(currency="EUR"),)), DAY))

    assert (found.change, found.percent) == (Change.CHANGED, None)
