"""Observations: what was seen, said or planned about a place, a line, a carrier or a route.

They set nothing. A model is compared with those that count as observed; the rest stand beside
them so that a plan or a capacity is never taken for a flow.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NewType

from karvan.network.demand import CommodityId
from karvan.network.links import LinkId
from karvan.network.patterns import ServiceId

ObservationId = NewType("ObservationId", str)


class Tag(StrEnum):
    """What kind of statement a figure is.

    `observed` was counted or measured; `claim` was said without a count, recalled or worked
    out; `run_rate` is a pace of a day or a month, not the sum of a period.
    """

    OBSERVED = "observed"
    PLAN = "plan"
    TARGET = "target"
    CAPACITY = "capacity"
    FORECAST = "forecast"
    RUN_RATE = "run_rate"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One figure about something of the corridor.

    Attributes
    ----------
    places
        Places or countries.
    links
        One record of a pair stands for both directions; of several links in a row each
        carries the whole figure.
    route
        Id of a corridor family, '' for none.
    period_from, period_to
        First and last day, both counted; `None` where the words give none.
    conflicts_with
        Rows of facts that say otherwise.
    used_by
        Rows of tables that were made from the figure.
    """

    id: ObservationId
    subject: str
    places: tuple[str, ...]
    links: tuple[LinkId, ...]
    services: tuple[ServiceId, ...]
    route: str
    commodity: CommodityId | None
    quantity: str
    value: float
    unit: str
    low: float | None
    high: float | None
    period: str
    period_from: date | None
    period_to: date | None
    tag: Tag
    conflicts_with: tuple[str, ...]
    used_by: tuple[str, ...]
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str


def counts_as_observed(row: Observation, today: date) -> bool:
    """Say whether a model may be compared with a row as with something that happened.

    It must be tagged observed, its period must be over, and nothing of the model may have
    been made from it. A row without a last day is never over.
    """
    over = row.period_to is not None and row.period_to < today
    return row.tag is Tag.OBSERVED and over and not row.used_by


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of a period, both counted; `None` where it is open or unknown."""

    first: date | None
    last: date | None


UNKNOWN = Period(None, None)

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
#: Months of a season, as the grain trade and the ice services of the Caspian count them.
_SEASON_STARTS = 7
_SPRING = (3, 5)

#: Words beside a year that do not change its days.
_WORDS = re.compile(
    r"\b(plan|target|forecast|idea|design|order|estimate|part|run rate|increment|stock|concept"
    r"|season|about|table|three years)\b"
)
_OF_YEAR = re.compile(r"\b(plan|target|forecast) of [0-9]{4}\b")


def parse_period(text: str) -> Period:
    """Turn the words of a source into days.

    Parameters
    ----------
    text
        Such as `2023`, `Jan-Oct 2022`, `H1 2023`, `2024-03`, `2027 plan`, `2024-01..2024-10`,
        `Oct 2017-May 2023`, `from 2028`, `season 2024/25`.

    Returns
    -------
    The days; both ends `None` where the words name no year.

    Examples
    --------
    >>> parse_period("H1 2023").last
    datetime.date(2023, 6, 30)
    >>> parse_period("2027 plan").first
    datetime.date(2027, 1, 1)
    >>> parse_period("November (year not stated)")
    Period(first=None, last=None)
    """
    lowered = text.strip().lower()
    if "year not" in lowered or "year about" in lowered:
        return UNKNOWN
    plain = _WORDS.sub(" ", _OF_YEAR.sub(" ", lowered))
    plain = " ".join(re.sub(r"[()]|\bapprox\b", " ", plain).split())
    for pattern, read in _FORMS:
        match = pattern.fullmatch(plain)
        if match:
            try:
                return read(match.groups())
            except ValueError:
                return UNKNOWN
    return UNKNOWN


Groups = Sequence[str]


def _day(year: str | int, month: str | int, day: str | int) -> date:
    return date(int(year), int(month), int(day))


def _months(year: str | int, first: int, last_year: str | int, last: int) -> Period:
    end = monthrange(int(last_year), last)[1]
    return Period(_day(year, first, 1), _day(last_year, last, end))


def _years(groups: Groups) -> Period:
    return Period(_day(groups[0], 1, 1), _day(groups[-1], 12, 31))


def _year_month(groups: Groups) -> Period:
    return _months(groups[0], int(groups[1]), groups[0], int(groups[1]))


def _month_range(groups: Groups) -> Period:
    year, first, last_year, last = groups
    return _months(year, int(first), last_year or year, int(last))


def _day_range(groups: Groups) -> Period:
    year, month, first, last_month, last = groups
    return Period(_day(year, month, first), _day(year, last_month or month, last))


def _named(groups: Groups) -> Period:
    first, last, year = groups
    return _months(year, _MONTHS[first], year, _MONTHS[last or first])


def _named_after(groups: Groups) -> Period:
    year, month = groups
    return _months(year, _MONTHS[month[:3]], year, _MONTHS[month[:3]])


def _named_range(groups: Groups) -> Period:
    first, year, last, last_year = groups
    return _months(year, _MONTHS[first], last_year, 12 if last == "end" else _MONTHS[last])


def _part(year: str, kind: str, number: str) -> Period:
    length = 6 if kind == "h" else 3
    last = int(number) * length
    return _months(year, last - length + 1, year, last)


def _week(groups: Groups) -> Period:
    monday = date.fromisocalendar(int(groups[0]), int(groups[1]), 1)
    return Period(monday, monday + timedelta(days=6))


def _season(groups: Groups) -> Period:
    year = int(groups[0])
    return _months(year, _SEASON_STARTS, year + 1, _SEASON_STARTS - 1)


def _from(groups: Groups) -> Period:
    return Period(_day(groups[0], groups[1] or 1, 1), None)


def _from_day(groups: Groups) -> Period:
    return Period(_day(*groups), None)


def _until(groups: Groups) -> Period:
    word, year = groups
    return Period(None, _day(int(year) - (word == "before"), 12, 31))


_Y, _M, _D = "([0-9]{4})", "(0[1-9]|1[0-2])", "([0-3][0-9])"
_NAME = f"({'|'.join(_MONTHS)})"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[Groups], Period]], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (_Y, _years),
        (f"{_Y}(?:-|, |\\.\\.){_Y}", _years),
        (f"{_Y}-{_M}", _year_month),
        (f"{_Y}-{_M}-{_D}", lambda g: Period(_day(*g), _day(*g))),
        (f"{_Y}-{_M}(?:\\.\\.| to )(?:{_Y}-)?{_M}", _month_range),
        (f"{_Y}-{_M}-{_D}\\.\\.(?:{_M}-)?{_D}", _day_range),
        (f"{_Y}-([0-9]{{1,2}})/{_Y}", lambda g: _months(g[0], 1, g[2], int(g[1]))),
        (f"{_NAME}(?:-{_NAME})? {_Y}", _named),
        (f"{_NAME} {_Y}-(end|{'|'.join(_MONTHS)}) {_Y}", _named_range),
        (f"{_Y} ({'|'.join(_MONTHS)})[a-z]*", _named_after),
        (f"([hq])([1-4]) {_Y}", lambda g: _part(g[2], g[0], g[1])),
        (f"{_Y} ([hq])([1-4])", lambda g: _part(g[0], g[1], g[2])),
        (f"{_Y} week ([0-9]{{1,2}})", _week),
        (f"{_Y}/[0-9]{{2}}", _season),
        (f"spring {_Y}", lambda g: _months(g[0], _SPRING[0], g[0], _SPRING[1])),
        (f"{_Y}(?:-{_M})?\\+", _from),
        (f"(?:from )?{_Y}()(?: and after)", _from),
        (f"from {_Y}()", _from),
        (f"{_Y}-{_M}-{_D}\\+", _from_day),
        (f"(to|before) {_Y}", _until),
    )
)
