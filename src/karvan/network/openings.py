"""Opening hours of one office over a stretch of days, compiled to intervals of minutes.

`opening_hours` answers for one instant and reads rows each time; a thousand samples that come
to a border on a thousand different minutes need arrays. Both say the same, minute by minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.domain.instants import minutes_since_epoch
from karvan.network.opening_hours import (
    ANYWHERE,
    DAY_MIN,
    OWN,
    Holiday,
    HoursActivity,
    OpeningHours,
    rows_of_day,
    works,
)
from karvan.network.places import Place, PlaceId

Span = tuple[int, int]

#: Days for which hours are compiled: a timetable of 180, and the longest journeys after it.
COMPILED_DAYS: Final = 400


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Openings:
    """When one office is open; all in minutes since 1970-01-01T00:00Z.

    Attributes
    ----------
    opens_min, closes_min
        (K,) beginnings and ends of the times it is open: ascending, apart from each other;
        at its end it is shut. K may be 0.
    until_min
        End of the days that were compiled. Nothing is known from here on: it counts as open.
    estimate
        Whether a row of hours that was used is an estimate.
    """

    opens_min: NDArray[np.int64]
    closes_min: NDArray[np.int64]
    until_min: int
    estimate: bool = True

    def __post_init__(self) -> None:
        ends = np.stack([self.opens_min, self.closes_min], axis=1).reshape(-1)
        if (np.diff(ends) <= 0).any() or (ends.size and int(ends[-1]) > self.until_min):
            raise InvalidInput("openings must ascend, be apart, and end with the days compiled")
        self.opens_min.flags.writeable = False
        self.closes_min.flags.writeable = False

    def wait_min(self, at_min: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the minutes until it is open, from each instant (N,); 0 where it is open."""
        following = np.searchsorted(self.closes_min, at_min, side="right")
        opens = np.append(self.opens_min, self.until_min)[following].astype(np.float64)
        waits: NDArray[np.float64] = np.maximum(opens - at_min, 0.0)
        return waits

    def next_min(self, at_min: float) -> float:
        """Give the first minute from `at_min` on at which it is open."""
        return at_min + float(self.wait_min(np.array([at_min]))[0])


def compile_openings(
    hours: Iterable[OpeningHours],
    holidays: Iterable[Holiday],
    place: str,
    country: str,
    activity: HoursActivity,
    zone: tzinfo,
    first_day: date,
    days: int,
) -> Openings | None:
    """Compile the hours of an activity at a place for `days` local days from `first_day` on.

    Parameters
    ----------
    hours, holidays
        Rows as in the tables; those of other places and activities are passed over.
    country, zone
        Of the place.

    Returns
    -------
    Openings or None
        None where it is never shut on these days, or where no row of hours is known.
    """
    narrow = [
        row for row in hours if row.activity is activity and row.place in (place, country, ANYWHERE)
    ]
    if not narrow:
        return None
    names = {country if name == OWN else name for row in narrow for name in row.holidays}
    rests = [each for each in holidays if each.country in names and activity in each.closes]
    found: list[list[int]] = []
    estimate = False
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        rows = rows_of_day(narrow, place, country, activity, day)
        estimate = estimate or any(row.estimate for row in rows)
        for opens, closes in _spans(rows, rests, country, day, zone):
            if found and found[-1][1] >= opens:
                found[-1][1] = max(found[-1][1], closes)
            else:
                found.append([opens, closes])
    start, until = (_midnight(first_day + timedelta(days=n), zone) for n in (0, days))
    if found == [[start, until]]:
        return None
    table = np.array(found, dtype=np.int64).reshape(-1, 2)
    return Openings(
        opens_min=table[:, 0].copy(),
        closes_min=table[:, 1].copy(),
        until_min=until,
        estimate=estimate,
    )


class Offices:
    """The openings of the offices of a network from a day on, each compiled when asked for."""

    def __init__(
        self,
        hours: Sequence[OpeningHours],
        holidays: Sequence[Holiday],
        places: Mapping[PlaceId, Place],
        first_day: date,
        days: int = COMPILED_DAYS,
    ) -> None:
        self._hours = hours
        self._holidays = holidays
        self._places = places
        self._first_day = first_day
        self._days = days
        self._known: dict[tuple[PlaceId, HoursActivity, bool], Openings | None] = {}

    def find(
        self, place: PlaceId, activity: HoursActivity, *, own: bool = False
    ) -> Openings | None:
        """Give the openings, None where it is never shut; `own` reads rows of the place alone."""
        key = (place, activity, own)
        if key not in self._known:
            where = self._places[place]
            self._known[key] = compile_openings(
                [row for row in self._hours if not own or row.place == place],
                self._holidays,
                place,
                where.country,
                activity,
                ZoneInfo(where.time_zone),
                self._first_day,
                self._days,
            )
        return self._known[key]


def _spans(
    rows: Sequence[OpeningHours],
    rests: Sequence[Holiday],
    country: str,
    day: date,
    zone: tzinfo,
) -> Iterable[Span]:
    """Times of one local day at which it is open, ascending; without known rows all of it."""
    begin, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    if not rows:
        return [(begin, end)]
    local = sorted(
        (row.opens_min, row.closes_min) for row in rows if works(row, rests, country, day)
    )
    noon = minutes_since_epoch(datetime.combine(day, time(12), tzinfo=zone).astimezone(UTC))
    if end - begin == DAY_MIN and noon - begin == DAY_MIN // 2:
        return [(begin + opens, begin + closes) for opens, closes in local]
    return _by_minute(local, begin, end, zone)


def _by_minute(local: Sequence[Span], begin: int, end: int, zone: tzinfo) -> list[Span]:
    """The day on which the clock changes: two of them a year, looked at minute by minute."""
    out: list[Span] = []
    for minute in range(begin, end):
        clock = datetime.fromtimestamp(minute * 60, tz=UTC).astimezone(zone)
        at = clock.hour * 60 + clock.minute
        if any(opens <= at < closes for opens, closes in local):
            if out and out[-1][1] == minute:
                out[-1] = (out[-1][0], minute + 1)
            else:
                out.append((minute, minute + 1))
    return out


def _midnight(day: date, zone: tzinfo) -> int:
    """Minute at which a local day begins."""
    return minutes_since_epoch(datetime.combine(day, time(), tzinfo=zone).astimezone(UTC))
