"""The age of a figure counts from the last day it was said to be right."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import TableFault
from karvan.network.ageing import (
    STALE_AFTER_MONTHS,
    DatedFigure,
    age_months,
    find_stale,
    in_use,
    summarize_ages,
)

TODAY = date(2026, 11, 21)


def figure(first, last=None, subject="x", kind="rate", row=2):
    return DatedFigure(
        kind=kind,
        subject=subject,
        where=TableFault("rates.csv", row, "valid_from", "stale", ""),
        first=first,
        last=last,
        stale_after_months=STALE_AFTER_MONTHS[kind],
    )


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 11, 21), None, 0),
        (date(2026, 10, 22), None, 0),
        (date(2026, 10, 21), None, 1),
        (date(2025, 11, 21), None, 12),
        (date(2020, 1, 1), date(2025, 12, 31), 10),
        (date(2026, 1, 1), date(2027, 12, 31), 10),
        (None, date(2026, 5, 21), 6),
        (None, None, None),
        (None, date(2030, 1, 1), None),
        (date(2027, 1, 1), None, 0),
    ],
)
def test_age_counts_from_the_end_of_the_period_or_its_beginning(first, last, months):
    assert age_months(figure(first, last), TODAY) == months


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 4000))
def test_a_figure_never_gets_younger(first, days):
    today = first + timedelta(days=days)
    age, later = (age_months(figure(first), day) for day in (today, today + timedelta(days=1)))
    assert 0 <= age <= later <= age + 1


def test_only_the_newest_figure_of_a_thing_that_has_begun_counts():
    old, new = figure(date(2019, 1, 1), date(2019, 12, 31)), figure(date(2026, 1, 1))
    coming, other = figure(date(2027, 1, 1)), figure(date(2018, 1, 1), subject="y")
    assert in_use([old, new, coming, other], TODAY) == (new, other)
    assert in_use([new, old], TODAY) == (new,)


def test_a_stale_figure_is_told_with_its_age_and_row():
    (fault,) = find_stale([figure(date(2023, 3, 1), row=55), figure(TODAY, subject="y")], TODAY)
    assert str(fault) == (
        "rates.csv, row 55, valid_from: 44 months old (of 2023-03-01); stale after 24"
    )
    assert fault.code == "stale"


def test_a_figure_is_stale_a_month_after_its_limit_and_not_before():
    whole = replace(figure(date(2024, 11, 21)), stale_after_months=24)
    assert find_stale([whole], TODAY) == ()
    assert len(find_stale([whole], date(2026, 12, 21))) == 1


def test_ages_are_summed_up_by_kind():
    figures = [figure(date(2023, 3, 1)), figure(None, subject="y"), figure(TODAY, kind="service")]
    ages = {each.kind: each for each in summarize_ages(figures, TODAY)}
    assert set(ages) == set(STALE_AFTER_MONTHS)
    rates = ages["rate"]
    assert (rates.figures, rates.undated, rates.stale, rates.oldest_months) == (2, 1, 1, 44)
    assert ages["exchange_rate"].oldest_months is None
