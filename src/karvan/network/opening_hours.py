"""When a customs office, a border post or a port works, on the clock of the place.

A row of hours holds for a place, for a country or everywhere; of an activity the narrowest
rows in force that day count and the wider ones do not add to them. A holiday closes what its
own row names, in every row of hours that observes the holidays of its country; a country
without rows of holidays has none here. Nothing here knows the clock: the instant is an
argument, and so is the zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from karvan.domain.errors import InvalidInput
from karvan.domain.instants import to_utc
from karvan.network.patterns import WEEKDAYS

ANYWHERE: Final = "*"
#: In `holidays`: those of the country the place lies in.
OWN: Final = "own"
DAY_MIN: Final = 24 * 60
#: Days looked ahead for the next opening: more than a year, so that a yearly day is found.
LOOK_AHEAD_DAYS: Final = 400


class HoursActivity(StrEnum):
    """What has hours."""

    CUSTOMS = "customs"
    BORDER_RAIL = "border_rail"
    BORDER_ROAD = "border_road"
    PORT = "port"
    PHYTO = "phyto"
    TUNNEL = "tunnel"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """One stretch of the day on some weekdays.

    Attributes
    ----------
    place
        A place, a country, or `ANYWHERE`.
    days
        Weekday numbers, Monday 0.
    opens_min, closes_min
        Minutes after midnight on the clock of the place; it closes at most at 1440.
    holidays
        Countries whose holidays close it, `OWN` for the country of the place.
    valid_from, valid_to
        First and last day; both count.
    """

    place: str
    activity: HoursActivity
    days: tuple[int, ...]
    opens_min: int
    closes_min: int
    holidays: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: tuple[str, ...] = ()
    fact: tuple[str, ...] = ()
    estimate: bool = True
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Say whether the row holds on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Days on which a country rests, every year or in one; `closes` says what."""

    country: str
    year: int | None
    month: int
    day: int
    days: int
    name: str
    closes: frozenset[HoursActivity]
    source: tuple[str, ...] = ()
    fact: tuple[str, ...] = ()
    estimate: bool = True
    note: str = ""

    def covers(self, day: date) -> bool:
        """Say whether a day is one of these; a leap day only exists in leap years."""
        years = (day.year, day.year - 1) if self.year is None else (self.year,)
        for year in years:
            try:
                first = date(year, self.month, self.day)
            except ValueError:
                continue
            if 0 <= (day - first).days < self.days:
                return True
        return False


def is_open(
    hours: Sequence[OpeningHours],
    holidays: Sequence[Holiday],
    place: str,
    country: str,
    activity: HoursActivity,
    instant: datetime,
    zone: tzinfo,
) -> bool:
    """Say whether an activity goes on at a place at an instant.

    Raises
    ------
    InvalidInput
        No row holds for the activity there on that day, or the instant has no zone.
    """
    local = to_utc(instant).astimezone(zone)
    rows = rows_of_day(hours, place, country, activity, local.date())
    if not rows:
        raise InvalidInput("no opening hours are known", place=place, activity=str(activity))
    at_min = local.hour * 60 + local.minute
    return any(
        row.opens_min <= at_min < row.closes_min and works(row, holidays, country, local.date())
        for row in rows
    )


def next_opening(
    hours: Sequence[OpeningHours],
    holidays: Sequence[Holiday],
    place: str,
    country: str,
    activity: HoursActivity,
    instant: datetime,
    zone: tzinfo,
) -> datetime | None:
    """Give the first instant, not before the one asked, at which the activity goes on.

    Notes
    -----
    What is closed opens at an opening time of the clock, either of the two where the clock
    is put back, or at the change of the clock itself; those instants are tried, in order.

    Returns
    -------
    The instant in UTC, `instant` itself where it is open; `None` when it stays closed, or
    nothing is known, for `LOOK_AHEAD_DAYS` days.
    """
    asked = to_utc(instant)
    first = asked.astimezone(zone).date()
    for offset in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=offset)
        rows = [
            row
            for row in rows_of_day(hours, place, country, activity, day)
            if works(row, holidays, country, day)
        ]
        moments = sorted({asked, *_moments(rows, day, zone)} if rows else ())
        for moment in moments:
            local = moment.astimezone(zone)
            at_min = local.hour * 60 + local.minute
            if (
                moment >= asked
                and local.date() == day
                and any(row.opens_min <= at_min < row.closes_min for row in rows)
            ):
                return moment
    return None


def rows_of_day(
    hours: Iterable[OpeningHours], place: str, country: str, activity: HoursActivity, day: date
) -> tuple[OpeningHours, ...]:
    """Give the rows that count on a day: those of the place, else the country, else of all."""
    found: dict[str, list[OpeningHours]] = {place: [], country: [], ANYWHERE: []}
    for row in hours:
        if row.activity is activity and row.place in found and row.in_force(day):
            found[row.place].append(row)
    return tuple(found[place] or found[country] or found[ANYWHERE])


def describe_hours(
    hours: Iterable[OpeningHours],
    place: str,
    country: str,
    activity: HoursActivity,
    day: date,
) -> tuple[str, ...]:
    """Tell the hours in force on a day in words, one sentence a row.

    >>> row = OpeningHours(place="*", activity=HoursActivity.CUSTOMS, days=(0, 1, 2, 3, 4),
    ...                    opens_min=540, closes_min=1080, holidays=("own",))
    >>> describe_hours([row], "KZ-ALM", "KZ", HoursActivity.CUSTOMS, date(2026, 12, 1))
    ('Mon-Fri 09:00-18:00, closed on public holidays of KZ',)
    """
    told = []
    for row in rows_of_day(hours, place, country, activity, day):
        whole = (row.opens_min, row.closes_min) == (0, DAY_MIN)
        if whole and len(row.days) == len(WEEKDAYS):
            text = "round the clock"
        else:
            span = f"{clock(row.opens_min)}-{clock(row.closes_min)}"
            text = f"{_days(row.days)} {'all day' if whole else span}"
        observed = sorted({country if name == OWN else name for name in row.holidays})
        if observed:
            text += f", closed on public holidays of {' and '.join(observed)}"
        told.append(text)
    return tuple(told)


def clock(minutes: int) -> str:
    """Write minutes after midnight as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _days(days: tuple[int, ...]) -> str:
    if len(days) == len(WEEKDAYS):
        return "daily"
    names = [WEEKDAYS[day].capitalize() for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]}-{names[-1]}"
    return ", ".join(names)


def works(row: OpeningHours, holidays: Sequence[Holiday], country: str, day: date) -> bool:
    """Say whether a row counts on a day: its weekday, and no holiday it observes."""
    if day.weekday() not in row.days:
        return False
    observed = {country if name == OWN else name for name in row.holidays}
    return not any(
        holiday.country in observed and row.activity in holiday.closes and holiday.covers(day)
        for holiday in holidays
    )


def _moments(rows: Iterable[OpeningHours], day: date, zone: tzinfo) -> set[datetime]:
    """Instants of a day at which something may open; a few too many do no harm."""
    found = set()
    for minutes in {row.opens_min for row in rows}:
        local = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)
        found.update({local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)})
    early = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) - timedelta(hours=2)
    late = early + timedelta(hours=28)
    if early.astimezone(zone).utcoffset() != late.astimezone(zone).utcoffset():
        found.add(_clock_change(early, late, zone))
    return found


def _clock_change(early: datetime, late: datetime, zone: tzinfo) -> datetime:
    """Give the minute at which the offset changes between two instants, by halving."""
    before = early.astimezone(zone).utcoffset()
    low, high = 0, int((late - early).total_seconds()) // 60
    while high - low > 1:
        middle = (low + high) // 2
        moment = early + timedelta(minutes=middle)
        if moment.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return early + timedelta(minutes=high)
