"""A scenario for each disruption that takes capacity, named `event-` and its id."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, Final

from karvan.adapters.files.disruptions import shipped_disruptions
from karvan.services.planning.disruptions import Disruption

PREFIX: Final = "event-"
#: The year whose oil stands for the years that none is shipped of.
_USUAL: Final = 2024
#: Months before an event and after it, and the fewest and the most in all.
_BEFORE, _AFTER, _FEWEST, _MOST = 1, 4, 6, 24


def event_names() -> tuple[str, ...]:
    """Names of these scenarios."""
    return tuple(f"{PREFIX}{row.id}" for row in shipped_disruptions() if row.is_outage)


def event_table(name: str, years: Collection[int]) -> Mapping[str, Any]:
    """Give the scenario of an event as a file of it would hold it.

    Parameters
    ----------
    years
        Whose oil is shipped; an event of another year is moved to 2024.
    """
    (row,) = (each for each in shipped_disruptions() if f"{PREFIX}{each.id}" == name)
    year = row.first_day.year if row.first_day.year in years else _USUAL
    shift, first = _moved(row, year)
    last = row.last_day + shift if row.last_day is not None else row.first_day + shift
    months = _months(first, last) + _AFTER
    if row.last_day is None:
        months = 12
    count = min(_MOST, max(_FEWEST, months))
    beyond = _later(first, count)
    told = f"{row.title} ({row.id}, {row.first_day:%Y-%m})"
    table: dict[str, Any] = {
        "title": told if year == row.first_day.year else f"{told}, on the oil of {year}",
        "text": row.note,
        "base": f"oil-{year}",
        "first_month": f"{first:%Y-%m}",
        "months": count,
        "event": [
            {
                "id": event.id,
                "asset": event.asset,
                "first_day": event.first_day,
                "last_day": event.last_day,
                "share_lost": event.share_lost,
                "cause": event.cause,
                "source": event.source,
                "commodity": event.commodity,
                "takes": event.takes,
                **_told("expected_until", event.expected_until),
                **_told("low", event.low),
                **_told("high", event.high),
                "text": event.text,
            }
            for event in row.events(beyond, shift)
        ],
    }
    if row.parts:
        table["parts"] = list(row.parts)
    if row.opened_mt_y is not None:
        table["change"] = [
            {
                "link": asset,
                "what": "open",
                "value": row.opened_mt_y,
                "unit": "Mt/y",
                "source": "a what-if: the line is idle, and has to run to be lost",
            }
            for asset in row.assets
        ]
    return table


def _told(key: str, value: object) -> Mapping[str, object]:
    return {} if value is None else {key: value}


def _moved(row: Disruption, year: int) -> tuple[timedelta, date]:
    """How much later it is made to happen, and the first month of the scenario.

    An event of January is moved to the January after, so that a month comes before it.
    """
    begun = row.first_day
    if begun.year != year:
        year += 1 if begun.month == 1 else 0
        begun = date(year, begun.month, begun.day)
    before = begun.year * 12 + begun.month - 1 - _BEFORE
    return begun - row.first_day, date(before // 12, before % 12 + 1, 1)


def _months(first: date, last: date) -> int:
    """Months from one day's to another's, both included."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _later(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
