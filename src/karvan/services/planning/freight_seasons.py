"""What of a year's demand falls in each period: even by the day, or by the season of a good.

A season gives each day of a month a weight; a period has the weights of its days over those of its
year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from karvan.services.planning.periods import Periods

EVEN = (1.0,) * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """Weights of the months for what comes of a good from some places, from all where none is."""

    good: str
    origins: frozenset[str]
    months: tuple[float, ...]


def shares_of(
    seasons: Iterable[Season], good: str, origin: str, periods: Periods
) -> tuple[float, ...]:
    """Share of a year's amount that falls in each period (T,); over a year they add up to 1."""
    weights = next(
        (
            each.months
            for each in seasons
            if each.good == good and (not each.origins or origin in each.origins)
        ),
        EVEN,
    )
    return tuple(_share(weights, first, beyond) for first, beyond in periods.spans)


@lru_cache(maxsize=4096)
def _share(weights: tuple[float, ...], first: date, beyond: date) -> float:
    """Weights of the days from one to before another, over those of the first day's year."""
    year = _sum(weights, date(first.year, 1, 1), date(first.year + 1, 1, 1))
    return _sum(weights, first, beyond) / year


def _sum(weights: tuple[float, ...], first: date, beyond: date) -> float:
    days = (beyond - first).days
    return sum(weights[(first + timedelta(days=n)).month - 1] for n in range(days))
