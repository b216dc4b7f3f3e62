"""An instant is one point in time, however it was written."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.domain.instants import (
    from_minutes,
    get_zone,
    minutes_since_epoch,
    parse_date,
    parse_instant,
    render_instant,
    render_local,
    to_utc,
)

AWARE = st.datetimes(
    min_value=datetime.fromisoformat("1973-01-01"),
    max_value=datetime.fromisoformat("9000-01-01"),
    timezones=st.sampled_from(
        [UTC, get_zone("Asia/Almaty"), get_zone("Europe/Istanbul"), timezone(timedelta(hours=-12))]
    ),
)
# Compared in UTC: to Python no instant equals a clock reading that summer time skips or repeats.
ZONES = st.sampled_from(["Asia/Aqtau", "Asia/Baku", "Asia/Tbilisi", "Asia/Shanghai", "UTC"])


@given(AWARE)
def test_writing_and_reading_agree(instant):
    assert parse_instant(render_instant(instant)) == instant.astimezone(UTC)
    assert parse_instant(render_instant(instant)).tzinfo is UTC


@given(AWARE, ZONES)
def test_a_local_clock_shows_the_same_instant(instant, zone):
    assert parse_instant(render_local(instant, get_zone(zone))) == instant.astimezone(UTC)


@given(AWARE)
def test_minutes_are_rounded_down(instant):
    floor = from_minutes(minutes_since_epoch(instant))
    assert timedelta(0) <= instant.astimezone(UTC) - floor < timedelta(minutes=1)


@given(st.integers(-(10**8), 10**9))
def test_minutes_read_back(minutes):
    assert minutes_since_epoch(from_minutes(minutes)) == minutes


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-12-01T10:00:00+05:00", "2026-12-01T05:00:00Z"),
        ("2026-12-01t10:00:00z", "2026-12-01T10:00:00Z"),
        ("2026-12-01 10:00:00-00:00", "2026-12-01T10:00:00Z"),
        ("2026-12-31T23:30:00-05:30", "2027-01-01T05:00:00Z"),
        ("2026-12-01T10:00:00.25Z", "2026-12-01T10:00:00.250000Z"),
        ("2026-12-01T10:00:00.123456789Z", "2026-12-01T10:00:00.123456Z"),
    ],
)
def test_usual_spellings_of_an_instant_are_read(text, written):
    assert render_instant(parse_instant(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-12-01",
        "2026-12-01T10:00:00",
        "2026-12-01T10:00Z",
        "2026-12-01T10:00:00+0500",
        "2026-12-01T10:00:00+05:60",
        "2026-12-01T10:00:00+24:00",
        "2026-12-01T24:00:00Z",
        "2026-12-01T10:00:60Z",
        "2026-02-29T10:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "0000-01-01T00:00:00Z",
        "2026-12-01T10:00:00Z\n",
        "٢٠٢٦-12-01T10:00:00Z",
    ],
)
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(InvalidInput):
        parse_instant(text)


@given(st.text() | st.from_regex(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z))?"))
def test_any_text_is_a_time_or_our_error(text):
    for read in (parse_instant, parse_date):
        try:
            read(text)
        except InvalidInput:
            continue
        assert text.isascii()


@given(st.dates())
def test_dates_read_back(day):
    assert parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["20261201", "2026-12-1", "2026-13-01", "2026-12-01\n", "1.12.2026"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(InvalidInput):
        parse_date(text)


def test_a_clock_without_a_zone_is_refused():
    naive = datetime.fromisoformat("2026-12-01T10:00:00")
    for use in (to_utc, render_instant, minutes_since_epoch, lambda t: render_local(t, UTC)):
        with pytest.raises(InvalidInput, match="needs a zone"):
            use(naive)


@pytest.mark.parametrize(
    "name", ["", "Asia/Atlantis", "Europe", "../etc/passwd", "/etc", "a\0b", "é"]
)
def test_unknown_zones_are_refused(name):
    with pytest.raises(InvalidInput, match="unknown time zone"):
        get_zone(name)


def test_the_ends_of_the_calendar_are_refused():
    east, west = timezone(timedelta(hours=5)), timezone(timedelta(hours=-5))
    with pytest.raises(InvalidInput):
        to_utc(datetime(1, 1, 1, tzinfo=east))
    with pytest.raises(InvalidInput):
        render_local(datetime(9999, 12, 31, 23, tzinfo=UTC), east)
    with pytest.raises(InvalidInput):
        render_local(datetime(1, 1, 1, tzinfo=UTC), west)
    for minutes in (10**12, -(10**12), 10**400):
        with pytest.raises(InvalidInput):
            from_minutes(minutes)


def test_an_offset_in_seconds_cannot_be_written():
    with pytest.raises(InvalidInput, match="whole minutes"):
        render_local(datetime(1900, 1, 1, tzinfo=UTC), get_zone("Asia/Almaty"))


def test_a_zone_without_offsets_cannot_be_written():
    class Nowhere(tzinfo):
        def utcoffset(self, moment):
            return None

        def fromutc(self, moment):
            return moment

    with pytest.raises(InvalidInput, match="whole minutes"):
        render_local(datetime(2026, 1, 1, tzinfo=UTC), Nowhere())


def test_one_zone_in_kazakhstan_since_march_2024():
    summer_2023, summer_2024 = datetime(2023, 7, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)
    assert render_local(summer_2023, get_zone("Asia/Almaty")) == "2023-07-01T06:00:00+06:00"
    assert render_local(summer_2024, get_zone("Asia/Almaty")) == "2024-07-01T05:00:00+05:00"
    assert parse_date("2024-03-01") == date(2024, 3, 1)
