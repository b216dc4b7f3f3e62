"""When something is open, and when it opens next: examples by hand, then properties."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.network.consistency import CorridorEntries
from karvan.network.entries import Entry, entries
from karvan.network.opening_hours import (
    DAY_MIN,
    Holiday,
    HoursActivity,
    OpeningHours,
    describe_hours,
    is_open,
    next_opening,
    rows_of_day,
)
from karvan.network.place_checks import PlaceEntries, find_place_errors
from karvan.network.places import KnownCountry

ALMATY = ZoneInfo("Asia/Almaty")
BERLIN = ZoneInfo("Europe/Berlin")
CUSTOMS, PORT = HoursActivity.CUSTOMS, HoursActivity.PORT
WORKDAYS = (0, 1, 2, 3, 4)
DAILY = (0, 1, 2, 3, 4, 5, 6)


def row(place="*", days=WORKDAYS, opens=9 * 60, closes=18 * 60, **more):
    values = {"activity": CUSTOMS, "holidays": ("own",)} | more
    return OpeningHours(place=place, days=days, opens_min=opens, closes_min=closes, **values)


def feast(country="KZ", year=None, month=3, day=21, days=3, closes=(CUSTOMS,)):
    return Holiday(
        country=country,
        year=year,
        month=month,
        day=day,
        days=days,
        name="Feast",
        closes=frozenset(closes),
    )


def at(text, zone=ALMATY):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


OFFICE, NAURYZ = row(), feast()


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("2026-03-18T08:59", False),  # a Wednesday
        ("2026-03-18T09:00", True),
        ("2026-03-18T17:59", True),
        ("2026-03-18T18:00", False),
        ("2026-03-21T12:00", False),  # a Saturday, and the feast
        ("2026-03-23T12:00", False),  # a Monday, last day of the feast
        ("2026-03-24T12:00", True),
    ],
)
def test_an_office_keeps_its_hours(local, expected):
    assert is_open([OFFICE], [NAURYZ], "KZ-ALM", "KZ", CUSTOMS, at(local), ALMATY) is expected


def test_the_clock_is_that_of_the_place():
    instant = at("2026-03-18T08:30")
    rows = [row(days=DAILY, opens=9 * 60)]
    assert not is_open(rows, [], "KZ-ALM", "KZ", CUSTOMS, instant, ALMATY)
    assert is_open(rows, [], "CN-HOR", "CN", CUSTOMS, instant, ZoneInfo("Asia/Shanghai"))


def test_the_narrowest_rows_count_alone():
    wide, country, own = row(), row("KZ", days=(5,)), row("KZ-AKT", days=(6,))
    day = date(2026, 3, 18)
    assert rows_of_day([wide, country, own], "KZ-AKT", "KZ", CUSTOMS, day) == (own,)
    assert rows_of_day([wide, country, own], "KZ-KUR", "KZ", CUSTOMS, day) == (country,)
    assert rows_of_day([wide, country, own], "AZ-ALT", "AZ", CUSTOMS, day) == (wide,)
    ended = row("KZ-AKT", valid_to=date(2026, 3, 17))
    assert rows_of_day([wide, ended], "KZ-AKT", "KZ", CUSTOMS, day) == (wide,)


def test_a_holiday_closes_what_it_names_where_it_is_kept():
    noon = at("2026-03-21T12:00")
    port = row("KZ-AKT", days=DAILY, activity=PORT, opens=0, closes=DAY_MIN)
    assert is_open([port], [NAURYZ], "KZ-AKT", "KZ", PORT, noon, ALMATY)
    both = feast(closes=(CUSTOMS, PORT))
    assert not is_open([port], [both], "KZ-AKT", "KZ", PORT, noon, ALMATY)
    whatever = row("KZ-AKT", days=DAILY, activity=PORT, opens=0, closes=DAY_MIN, holidays=())
    assert is_open([whatever], [both], "KZ-AKT", "KZ", PORT, noon, ALMATY)
    abroad = row("CN-HOR", days=DAILY, holidays=("CN", "KZ"))
    assert not is_open([abroad], [NAURYZ], "CN-HOR", "CN", CUSTOMS, noon, ALMATY)


def test_holidays_of_one_year_of_every_year_and_over_new_year():
    assert feast(year=2026).covers(date(2026, 3, 23))
    assert not feast(year=2026).covers(date(2026, 3, 24))
    assert not feast(year=2026).covers(date(2027, 3, 21))
    assert feast(month=12, day=31, days=2).covers(date(2027, 1, 1))
    assert feast(month=2, day=29, days=1).covers(date(2028, 2, 29))
    assert not feast(month=2, day=29, days=1).covers(date(2027, 3, 1))


def test_unknown_hours_are_refused_and_have_no_next_opening():
    with pytest.raises(InvalidInput):
        is_open([OFFICE], [], "KZ-ALM", "KZ", PORT, at("2026-03-18T12:00"), ALMATY)
    assert next_opening([OFFICE], [], "KZ-ALM", "KZ", PORT, at("2026-03-18T12:00"), ALMATY) is None


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-03-18T12:00", "2026-03-18T12:00"),
        ("2026-03-18T03:00", "2026-03-18T09:00"),
        ("2026-03-18T18:00", "2026-03-19T09:00"),
        ("2026-03-20T18:00", "2026-03-24T09:00"),  # over the weekend and the feast
    ],
)
def test_the_next_opening(asked, opens):
    found = next_opening([OFFICE], [NAURYZ], "KZ-ALM", "KZ", CUSTOMS, at(asked), ALMATY)
    assert found == at(opens)


@pytest.mark.parametrize(
    ("opens", "asked", "expected"),
    [
        # 29 March 2026: 02:00 becomes 03:00, at 01:00 UTC.
        (2 * 60 + 30, "2026-03-29T00:00+00:00", "2026-03-29T01:00+00:00"),
        # 25 October 2026: 03:00 becomes 02:00, at 01:00 UTC; 02:30 comes twice.
        (2 * 60 + 30, "2026-10-25T00:00+00:00", "2026-10-25T00:30+00:00"),
        (2 * 60 + 30, "2026-10-25T01:00+00:00", "2026-10-25T01:30+00:00"),
    ],
)
def test_the_clock_is_put_forward_and_back(opens, asked, expected):
    rows = [row(days=DAILY, opens=opens, closes=4 * 60)]
    found = next_opening(rows, [], "DE-DUI", "DE", CUSTOMS, datetime.fromisoformat(asked), BERLIN)
    assert found == datetime.fromisoformat(expected)


ZONES = ["Asia/Almaty", "Europe/Berlin", "America/Toronto", "Asia/Tehran", "Africa/Cairo"]
spans = st.tuples(
    st.integers(0, DAY_MIN - 1), st.integers(1, DAY_MIN)
).filter(lambda span: span[0] < span[1])  # fmt: skip
some_hours = st.lists(
    st.builds(
        lambda place, days, span, holidays: row(
            place, tuple(sorted(days)), span[0], span[1], holidays=holidays
        ),
        st.sampled_from(["*", "KZ", "KZ-ALM"]),
        st.sets(st.integers(0, 6), min_size=1),
        spans,
        st.sampled_from([(), ("own",), ("CN", "own")]),
    ),
    min_size=1,
    max_size=4,
)
some_holidays = st.lists(
    st.builds(
        feast,
        country=st.sampled_from(["KZ", "CN"]),
        month=st.integers(1, 12),
        day=st.integers(1, 28),
        days=st.integers(1, 9),
    ),
    max_size=3,
)
# Around the days on which clocks change, and any others.
instants = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 zone comes below
    st.datetimes(datetime(2026, 3, 28), datetime(2026, 3, 31)),  # noqa: DTZ001 zone comes below
    st.datetimes(datetime(2026, 10, 24), datetime(2026, 11, 2)),  # noqa: DTZ001 zone comes below
).map(lambda naive: naive.replace(tzinfo=UTC))


@settings(max_examples=200, deadline=None)
@given(hours=some_hours, holidays=some_holidays, instant=instants, zone=st.sampled_from(ZONES))
def test_the_next_opening_is_open_not_earlier_and_the_first(hours, holidays, instant, zone):
    where = ("KZ-ALM", "KZ", CUSTOMS)
    found = next_opening(hours, holidays, *where, instant, ZoneInfo(zone))
    if found is None:
        return
    assert found >= instant
    assert rows_of_day(hours, "KZ-ALM", "KZ", CUSTOMS, found.astimezone(ZoneInfo(zone)).date())
    assert is_open(hours, holidays, *where, found, ZoneInfo(zone))
    assert next_opening(hours, holidays, *where, found, ZoneInfo(zone)) == found
    if found > instant:
        last = found - timedelta(microseconds=1)
        for moment in (
            instant,
            instant + (found - instant) / 3,
            found - timedelta(minutes=1),
            last,
        ):
            if instant <= moment < found:
                assert not is_open(hours, holidays, *where, moment, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (row(), "Mon-Fri 09:00-18:00, closed on public holidays of KZ"),
        (row(days=DAILY, opens=0, closes=DAY_MIN, holidays=()), "round the clock"),
        (row(days=DAILY, opens=0, closes=300, holidays=()), "daily 00:00-05:00"),
        (row(days=(0, 3), holidays=()), "Mon, Thu 09:00-18:00"),
        (row(days=(5, 6), opens=0, closes=DAY_MIN, holidays=()), "Sat, Sun all day"),
        (
            row(holidays=("own", "CN")),
            "Mon-Fri 09:00-18:00, closed on public holidays of CN and KZ",
        ),
    ],
)
def test_hours_in_words(hours, expected):
    assert describe_hours([hours], "KZ-ALM", "KZ", CUSTOMS, date(2026, 12, 1)) == (expected,)


def faults(hours=(), holidays=()):
    corridor = CorridorEntries(
        places=(),
        links=(),
        countries=entries(
            [KnownCountry(country="KZ", customs_territory="EAEU", time_zone="Asia/Almaty")], "c.csv"
        ),
    )
    both = PlaceEntries(
        corridor=corridor,
        hours=[Entry(each, "h.csv", number) for number, each in enumerate(hours, start=2)],
        holidays=[Entry(each, "f.csv", number) for number, each in enumerate(holidays, start=2)],
    )
    return [(fault.file, fault.row, fault.column, fault.code) for fault in find_place_errors(both)]


@pytest.mark.parametrize(
    ("hours", "holidays", "expected"),
    [
        ([row(), row(days=(5, 6))], [feast()], []),
        ([row(opens=600, closes=600)], [], [("h.csv", 2, "closes", "hours-reversed")]),
        ([row("XX")], [], [("h.csv", 2, "place", "unknown-place")]),
        ([row(holidays=("CN",))], [], [("h.csv", 2, "holidays", "unknown-country")]),
        ([row(), row(opens=17 * 60)], [], [("h.csv", 3, "opens", "hours-overlap")]),
        ([row(), row(opens=18 * 60, closes=DAY_MIN)], [], []),
        (
            [row(valid_to=date(2026, 5, 1)), row(valid_from=date(2026, 5, 2))],
            [],
            [],
        ),
        (
            [row(valid_from=date(2026, 5, 2), valid_to=date(2026, 5, 1))],
            [],
            [("h.csv", 2, "valid_to", "dates-reversed")],
        ),
        ([], [feast("XX")], [("f.csv", 2, "country", "unknown-country")]),
        ([], [feast(days=0)], [("f.csv", 2, "days", "out-of-range")]),
        ([], [feast(), feast()], [("f.csv", 3, "date", "duplicate-id")]),
    ],
)
def test_faults_of_hours_and_holidays(hours, holidays, expected):
    assert faults(hours, holidays) == expected
