"""Months in which fields lift at another rate than over the year, and what that leaves the others.

A row says the rate of some months, of one field or of all of a country. The other months of the
year share what is left, so that the year stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from karvan.services.planning.scenario import Source

MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRate(Source):
    """Mt a year that a field, or all of a country, lifts in some months."""

    place: str
    months: tuple[str, ...]
    mt_per_y: float


def of_months(
    rates: Iterable[MonthRate], places: Iterable[tuple[str, float]], year: int
) -> tuple[tuple[str, float], ...]:
    """Give months of a year with their rate over that of the year; none where no row says more.

    Parameters
    ----------
    places
        Whose rows may say it, the nearest first, each with Mt that it lifts in the year.
    """
    ids = [f"{year}-{month:02d}" for month in range(1, MONTHS + 1)]
    days = np.array([(_first(year, m + 1) - _first(year, m)).days for m in range(1, MONTHS + 1)])
    for place, mt in places:
        told = {
            month: row.mt_per_y / mt
            for row in rates
            if row.place == place
            for month in row.months
            if month in ids
        }
        if told:
            known = np.array([month in told for month in ids])
            factor = np.array([told.get(month, 0.0) for month in ids])
            factor[~known] = (days.sum() - (factor * days).sum()) / days[~known].sum()
            return tuple(zip(ids, factor.tolist(), strict=True))
    return ()


def _first(year: int, month: int) -> date:
    return date(year + (month - 1) // MONTHS, (month - 1) % MONTHS + 1, 1)
