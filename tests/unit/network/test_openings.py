"""Openings as arrays say the same as the rows of hours, minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.network.opening_hours import (
    DAY_MIN,
    Holiday,
    HoursActivity,
    OpeningHours,
    is_open,
    next_opening,
)
from karvan.network.openings import Offices, Openings, compile_openings
from miniature import places

CUSTOMS = HoursActivity.CUSTOMS
ZONES = ["Asia/Almaty", "Europe/Berlin", "America/Toronto", "Asia/Tehran", "Africa/Cairo"]

spans = st.tuples(st.integers(0, DAY_MIN - 1), st.integers(1, DAY_MIN)).filter(
    lambda ends: ends[0] < ends[1]
)
rows = st.builds(
    lambda place, days, span, holidays, begins: OpeningHours(
        place=place,
        activity=CUSTOMS,
        days=tuple(sorted(days)),
        opens_min=span[0],
        closes_min=span[1],
        holidays=holidays,
        valid_from=begins,
    ),
    place=st.sampled_from(["*", "KZ", "KZ-ALM"]),
    days=st.sets(st.integers(0, 6), min_size=1),
    span=spans | st.just((0, DAY_MIN)),
    holidays=st.sampled_from([(), ("own",), ("CN",)]),
    begins=st.none() | st.dates(date(2026, 3, 20), date(2026, 4, 10)),
)
feasts = st.builds(
    lambda country, day, days: Holiday(
        country=country,
        year=2026,
        month=day.month,
        day=day.day,
        days=days,
        name="Feast",
        closes=frozenset({CUSTOMS}),
    ),
    country=st.sampled_from(["KZ", "CN"]),
    day=st.dates(date(2026, 3, 20), date(2026, 4, 10)),
    days=st.integers(1, 3),
)


def compiled(hours, holidays, zone, first_day=date(2026, 3, 20), days=20):
    return compile_openings(
        hours, holidays, "KZ-ALM", "KZ", CUSTOMS, ZoneInfo(zone), first_day, days
    )


def instant(minute):
    return datetime.fromtimestamp(minute * 60, tz=UTC)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(rows, max_size=4),
    st.lists(feasts, max_size=3),
    st.sampled_from(ZONES),
    st.sampled_from([date(2026, 3, 20), date(2026, 10, 20)]),
    st.lists(st.integers(0, 20 * DAY_MIN - 180), max_size=25),
)
def test_arrays_say_what_the_rows_say(hours, holidays, zone, first_day, offsets):
    """Weeks with both changes of the clock; unknown hours and unknown days count as open."""
    found = compiled(hours, holidays, zone, first_day)
    begin = int(datetime.combine(first_day, datetime.min.time(), ZoneInfo(zone)).timestamp()) // 60

    for offset in offsets:
        minute = begin + offset
        try:
            told = is_open(
                hours, holidays, "KZ-ALM", "KZ", CUSTOMS, instant(minute), ZoneInfo(zone)
            )
        except InvalidInput:
            told = True
        waits = 0.0 if found is None else found.wait_min(np.array([minute]))[0]
        assert bool(waits == 0) is told


@settings(max_examples=40, deadline=None)
@given(
    st.lists(rows.filter(lambda row: row.valid_from is None), min_size=1, max_size=3),
    st.lists(feasts, max_size=2),
    st.sampled_from(ZONES),
    st.integers(0, 9 * DAY_MIN),
)
def test_the_wait_ends_at_the_next_opening(hours, holidays, zone, offset):
    first_day = date(2026, 3, 20)
    begin = int(datetime.combine(first_day, datetime.min.time(), ZoneInfo(zone)).timestamp()) // 60
    found = compiled(hours, holidays, zone, first_day, days=40)

    opens = next_opening(
        hours, holidays, "KZ-ALM", "KZ", CUSTOMS, instant(begin + offset), ZoneInfo(zone)
    )

    if found is None:
        assert opens == instant(begin + offset)
    else:
        expected = found.until_min if opens is None else int(opens.timestamp()) // 60
        assert found.next_min(begin + offset) == min(expected, found.until_min)


def test_half_a_minute_before_closing_is_open_and_closing_is_shut():
    office = Openings(
        opens_min=np.array([540, 1980]), closes_min=np.array([1080, 2520]), until_min=2880
    )

    waits = office.wait_min(np.array([0.0, 539.5, 540.0, 1079.5, 1080.0, 2520.0, 2879.0, 9999.0]))

    assert waits.tolist() == [540.0, 0.5, 0.0, 0.0, 900.0, 360.0, 1.0, 0.0]


def test_what_is_never_shut_has_no_openings():
    always = OpeningHours(
        place="*", activity=CUSTOMS, days=tuple(range(7)), opens_min=0, closes_min=DAY_MIN
    )

    assert compiled([always], [], "Europe/Berlin") is None
    assert compiled([], [], "Europe/Berlin") is None


@pytest.mark.parametrize(
    ("opens", "closes"), [([10, 20], [20, 30]), ([10], [10]), ([30, 10], [40, 20]), ([0], [99])]
)
def test_openings_that_touch_or_run_back_or_over_are_refused(opens, closes):
    with pytest.raises(InvalidInput):
        Openings(opens_min=np.array(opens), closes_min=np.array(closes), until_min=50)


def test_offices_are_found_by_place_and_can_be_asked_for_rows_of_their_own():
    everywhere = OpeningHours(
        place="*", activity=CUSTOMS, days=(0,), opens_min=0, closes_min=DAY_MIN
    )
    offices = Offices([everywhere], [], places(), date(2026, 3, 20), 20)

    assert offices.find("KZ-BRD", CUSTOMS) is offices.find("KZ-BRD", CUSTOMS) is not None
    assert offices.find("KZ-BRD", CUSTOMS, own=True) is None
    local = datetime.combine(date(2026, 3, 23), datetime.min.time(), ZoneInfo("Asia/Shanghai"))
    monday = int(local.timestamp()) // 60
    assert offices.find("CN-BRD", CUSTOMS).opens_min[0] == monday
    assert timedelta(minutes=int(offices.find("CN-BRD", CUSTOMS).closes_min[0]) - monday) == (
        timedelta(days=1)
    )


@pytest.mark.parametrize(
    ("day", "spans"),
    [
        # 02:00 becomes 03:00 at 01:00 UTC: half past two never comes, it opens at three.
        (date(2026, 3, 29), [("01:00", "02:00")]),
        # 03:00 becomes 02:00 at 01:00 UTC: half past two comes twice, and two in between.
        (date(2026, 10, 25), [("00:30", "01:00"), ("01:30", "03:00")]),
        (date(2026, 10, 26), [("01:30", "03:00")]),
    ],
)
def test_on_the_days_the_clock_is_changed_the_clock_on_the_wall_counts(day, spans):
    """Open from 02:30 to 04:00 in Berlin."""
    row = OpeningHours(
        place="*", activity=CUSTOMS, days=tuple(range(7)), opens_min=150, closes_min=240
    )

    found = compiled([row], [], "Europe/Berlin", day, days=1)

    told = [
        tuple(f"{instant(int(end)):%H:%M}" for end in ends)
        for ends in zip(found.opens_min, found.closes_min, strict=True)
    ]
    assert told == spans
