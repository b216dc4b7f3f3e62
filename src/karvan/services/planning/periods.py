"""Periods to plan over: months, weeks or days that follow each other."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.rows import RowName
from karvan.services.planning.scenario import PeriodLength, Scenario

#: Mean length of a month.
DAYS_A_MONTH = 365 / 12
_OF_PERIOD = re.compile(r"(.+), (?:least|most) of (\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Spans of days without a gap.

    Attributes
    ----------
    bounds
        First day of each period, and the day after the last: one more than there are periods.
    ids
        What each is called: `2024-01` for a month, its first day for a week or a day.
    """

    bounds: tuple[date, ...]
    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.ids) < 1 or len(self.bounds) != len(self.ids) + 1:
            raise InvalidInput("periods need a first day each and a day after the last")
        if any(first >= beyond for first, beyond in self.spans):
            raise InvalidInput("periods follow each other", days=[str(d) for d in self.bounds])

    @classmethod
    def months(cls, first: date, count: int) -> Periods:
        """Calendar months from the one that begins on `first`."""
        bounds = [first]
        for _ in range(count):
            last = bounds[-1]
            bounds.append(date(last.year + last.month // 12, last.month % 12 + 1, 1))
        return cls(bounds=tuple(bounds), ids=tuple(f"{day:%Y-%m}" for day in bounds[:-1]))

    @classmethod
    def of_days(cls, first: date, count: int, *, length: int = 1) -> Periods:
        """Spans of `length` days: 1 for days, 7 for weeks."""
        bounds = tuple(first + timedelta(days=length * n) for n in range(count + 1))
        return cls(bounds=bounds, ids=tuple(day.isoformat() for day in bounds[:-1]))

    @property
    def count(self) -> int:
        """T."""
        return len(self.ids)

    @property
    def first_days(self) -> tuple[date, ...]:
        """First day of each."""
        return self.bounds[:-1]

    @property
    def spans(self) -> tuple[tuple[date, date], ...]:
        """First day of each, and the day after its last."""
        return tuple(pairwise(self.bounds))

    @property
    def days(self) -> Floats:
        """(T,) how long each is."""
        return np.diff([day.toordinal() for day in self.bounds]).astype(np.float64)

    def after(self, skip: int) -> Periods:
        """Give the periods without the first `skip` of them."""
        return Periods(bounds=self.bounds[skip:], ids=self.ids[skip:])


def periods_of(scenario: Scenario) -> Periods:
    """Give the periods of a scenario."""
    if scenario.period is PeriodLength.MONTH:
        return Periods.months(scenario.first_day, scenario.periods)
    length = 7 if scenario.period is PeriodLength.WEEK else 1
    return Periods.of_days(scenario.first_day, scenario.periods, length=length)


def months_a_period(scenario: Scenario, periods: Periods) -> float:
    """How many months a period is."""
    if scenario.period is PeriodLength.MONTH:
        return 1.0
    return float(periods.days[0]) / DAYS_A_MONTH


def least_of(name: str, period: str) -> str:
    """The id of a contract for the least of one period, one of several of a name."""
    return f"{name}, least of {period}"


def most_of(name: str, period: str) -> str:
    """The same for the most of one period."""
    return f"{name}, most of {period}"


def with_period(row: RowName, ids: Collection[str]) -> RowName:
    """A limit by its name and its period, where its period stands in the id of its contract.

    >>> limit = RowName("contract cap", most_of("oil to Germany", "2024-05"), "", "kt")
    >>> with_period(limit, ["2024-05"])
    RowName(family='contract cap', asset='oil to Germany', period='2024-05', unit='kt')
    """
    found = _OF_PERIOD.fullmatch(row.asset)
    if row.period or found is None or found[2] not in ids:
        return row
    return replace(row, asset=found[1], period=found[2])
