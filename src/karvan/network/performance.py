"""How long things take: the published means and ranges, and how a row is chosen.

One rule turns a row into a distribution (`Duration`): a published *mean* of samples becomes a
lognormal with that mean and the row's coefficient of variation; a *median* with a range
becomes one whose 10th and 90th percentile are as far apart as the ends of the range; a row of
basis *cv* only gives the spread of times that come from elsewhere (link times).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from karvan.domain.errors import NetworkError
from karvan.network.activities import Z95, Duration, HoursKind, Shared

ANY: Final = "*"
GATE: Final = "gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceRow:
    """One row of `performance.csv`; hours, shares and `ANY` where a column does not bind."""

    id: str
    activity: str
    place: str
    country: str
    mode_from: str
    mode_to: str
    kind: HoursKind
    basis: str
    value_h: float | None
    low_h: float | None
    high_h: float | None
    cv: float | None
    as_of: date
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str

    def __post_init__(self) -> None:
        complete = {
            "mean": self.value_h is not None and self.cv is not None,
            "median": self.value_h is not None
            and self.low_h is not None
            and self.high_h is not None
            and 0 < self.low_h <= self.value_h <= self.high_h,
            "cv": self.cv is not None,
        }
        if not complete.get(self.basis, False):
            raise NetworkError("performance row lacks what its basis needs", row=self.id)

    @property
    def duration(self) -> Duration:
        """The distribution this row stands for.

        Raises
        ------
        NetworkError
            The row gives a spread only.
        """
        if self.basis == "mean" and self.value_h is not None and self.cv is not None:
            return Duration.from_mean(self.value_h, self.cv)
        if self.value_h is None or self.low_h is None or self.high_h is None:
            raise NetworkError("row gives a spread, not a time", row=self.id)
        return Duration.from_range(self.low_h, self.high_h, self.value_h)

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm, for times that come from link tables."""
        if self.cv is None:
            raise NetworkError("row gives no coefficient of variation", row=self.id)
        return math.sqrt(math.log1p(self.cv**2))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherRow:
    """Share of time some ports are closed by weather, by month, and how long a closure lasts."""

    id: str
    places: tuple[str, ...]
    closed_share: tuple[float, ...]
    duration: Duration
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool


class FactorKind(StrEnum):
    """What a common factor slows.

    `weather` closes ports and slows the ships that leave them or make for them; `place` slows
    all that is done at a place.
    """

    WEATHER = "weather"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonFactor:
    """Luck that all cargo at some places shares on the same days.

    Attributes
    ----------
    places
        Places under one factor; (`ANY`,) gives every place that no other row names one of its
        own.
    share, share_low, share_high
        Part of the variance of the logarithm of a time that is common, in [0, 1].
    period_days
        Days after which nothing is left of it.
    """

    id: str
    name: str
    kind: FactorKind
    places: tuple[str, ...]
    share: float
    share_low: float
    share_high: float
    period_days: int
    fact: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    estimate: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.share_low <= self.share <= self.share_high <= 1:
            raise NetworkError("shares must ascend within 0 to 100 %", factor=self.id)
        if not self.period_days > 0:
            raise NetworkError("a period must be a day or more", factor=self.id)

    def on(self, place: str, minute: int, share: float | None = None) -> Shared:
        """Give what an activity at a place shares on a day; `share` may be told otherwise."""
        return Shared(
            stream=f"{self.id}:{place}" if ANY in self.places else self.id,
            day=minute // (24 * 60),
            period_days=self.period_days,
            share=self.share if share is None else share,
        )


def closure_duration(median_h: float, p95_h: float) -> Duration:
    """Lognormal through a median and a 95th percentile."""
    return Duration(median_h=median_h, sigma=math.log(p95_h / median_h) / Z95)


@dataclass(frozen=True, slots=True)
class Performance:
    """The performance and weather tables, and the one way to look a row up."""

    rows: tuple[PerformanceRow, ...]
    weather: tuple[WeatherRow, ...]
    factors: tuple[CommonFactor, ...] = ()
    _by_activity: Mapping[str, Sequence[PerformanceRow]] = field(init=False, repr=False)
    _weather_by_place: Mapping[str, WeatherRow] = field(init=False, repr=False)
    _factors: Mapping[tuple[FactorKind, str], CommonFactor] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        grouped: dict[str, list[PerformanceRow]] = {}
        for row in self.rows:
            grouped.setdefault(row.activity, []).append(row)
        object.__setattr__(self, "_by_activity", grouped)
        object.__setattr__(
            self, "_weather_by_place", {p: row for row in self.weather for p in row.places}
        )
        object.__setattr__(
            self, "_factors", {(row.kind, p): row for row in self.factors for p in row.places}
        )

    def find(
        self,
        activity: str,
        *,
        place: str = ANY,
        country: str = ANY,
        mode_from: str = ANY,
        mode_to: str = ANY,
    ) -> PerformanceRow | None:
        """Most specific row: place before country before modes before none; then table order."""
        best: PerformanceRow | None = None
        best_rank = -1
        for row in self._by_activity.get(activity, ()):
            wanted = (
                (row.place, place, 8),
                (row.country, country, 4),
                (row.mode_from, mode_from, 2),
                (row.mode_to, mode_to, 1),
            )
            if all(have in (ANY, asked) for have, asked, _ in wanted):
                rank = sum(weight for have, _, weight in wanted if have != ANY)
                if rank > best_rank:
                    best, best_rank = row, rank
        return best

    def get(self, activity: str, **where: str) -> PerformanceRow:
        """Like `find`, but a missing row is a fault of the tables.

        Raises
        ------
        NetworkError
            No row covers this activity here.
        """
        row = self.find(activity, **where)
        if row is None:
            raise NetworkError("no performance row covers this", activity=activity, **where)
        return row

    def find_weather(self, place: str) -> WeatherRow | None:
        """Weather closures of a port, or None where none are known."""
        return self._weather_by_place.get(place)

    def find_factor(self, kind: FactorKind, place: str) -> CommonFactor | None:
        """The common factor a place is under: its own row, else that of any place, else None."""
        return self._factors.get((kind, place)) or self._factors.get((kind, ANY))
