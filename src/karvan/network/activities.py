"""What happens to cargo on its way: activities, waits, closures, offices that are shut.

An itinerary, from any point of it on, is a sequence of these four; the transit-time engine
samples the sequence, whoever asks: a quote before departure or an ETA half-way.

Every duration is lognormal, given by its median and by sigma, the standard deviation of its
logarithm: crossing and handling times are right-skewed, and two numbers are all that
published means and ranges can fix.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from karvan.network.openings import Openings

#: Standard normal quantiles. Source: any table of the normal distribution.
Z80: Final = 0.8416212335729143
Z90: Final = 1.2815515655446004
Z95: Final = 1.6448536269514722


class HoursKind(StrEnum):
    """How an hour counts in a quote."""

    MOVING = "moving"
    HANDLING = "handling"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A lognormal time: median in hours (>= 0) and sigma of the logarithm (>= 0)."""

    median_h: float
    sigma: float

    @classmethod
    def from_mean(cls, mean_h: float, cv: float) -> Duration:
        """Fit to a published mean and a coefficient of variation."""
        variance = math.log1p(cv * cv)
        return cls(median_h=mean_h * math.exp(-variance / 2), sigma=math.sqrt(variance))

    @classmethod
    def from_range(cls, low_h: float, high_h: float, median_h: float | None = None) -> Duration:
        """Fit to a published range, read as the 10th and 90th percentile.

        Without a value inside the range the median is their geometric mean.
        """
        middle = math.sqrt(low_h * high_h) if median_h is None else median_h
        return cls(median_h=middle, sigma=math.log(high_h / low_h) / (2 * Z90))

    @property
    def mean_h(self) -> float:
        """Expected value in hours."""
        return self.median_h * math.exp(self.sigma**2 / 2)

    def quantile_h(self, z: float) -> float:
        """Time in hours at the standard normal quantile `z`."""
        return self.median_h * math.exp(self.sigma * z)

    @property
    def spread_h(self) -> float:
        """P80 - P50 in hours, the search's surrogate of unreliability."""
        return self.quantile_h(Z80) - self.median_h


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The part of an activity's luck that it shares with all that happens there on these days.

    Attributes
    ----------
    stream
        Name of the common factor: a weather region, or a place.
    day
        Planned day, counted from 1970-01-01.
    period_days
        Days (> 0) after which nothing is left of the factor: of two days that lie d apart
        within one period, the factors correlate by cos(90 degrees x d / period).
    share
        Part of the variance of the logarithm that is common, in [0, 1].
    """

    stream: str
    day: int
    period_days: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that takes a random time: a run, a border, a gauge change, a transfer.

    Attributes
    ----------
    name
        What is done: `run`, `border`, `gauge-change`, `transfer`...
    place
        Where; of a run, where it ends.
    unit
        Name of the random stream's unit. Activities with the same name, place and unit get
        the same draws, so that alternatives which share a train share its luck.
    shared
        The common factor it is under; None for luck of its own alone.
    """

    name: str
    place: str
    kind: HoursKind
    duration: Duration
    unit: str
    shared: Shared | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Waiting at `place` for a departure of one scheduled service.

    Attributes
    ----------
    departs_min
        Planned departures of the service in minutes since the epoch, ascending, beginning
        no later than the planned one. A departure is caught when the cargo is ready
        `cutoff_h` before it; a missed one means the next in the list.
    headway_h, headway_cv
        For a service without timetable (it leaves when full): mean and coefficient of
        variation of the time between departures; then `departs_min` is not used and the
        wait is drawn anew. None for a service with published times.
    """

    place: str
    service: str
    cutoff_h: float
    departs_min: tuple[int, ...]
    headway_h: float | None
    headway_cv: float | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureWait:
    """A port that may be closed by weather at the moment the cargo gets there.

    Attributes
    ----------
    closed_share
        Twelve shares of time closed, January first, each in [0, 1].
    duration
        Length of one closure; who comes upon it waits for what is left of it.
    unit
        Ports with the same unit are closed together.
    shared
        The common factor of the weather that closes it and slows the ships; with `share` 1
        ports under the same factor on the same day are closed together.
    """

    place: str
    closed_share: tuple[float, ...]
    duration: Duration
    unit: str
    shared: Shared | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeWait:
    """An office, a post, a port or a tunnel that may be shut when the cargo gets there.

    `office` says which: `customs`, `border_rail`, `border_road`, `port`, `phyto`, `tunnel`.
    """

    place: str
    office: str
    openings: Openings


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopeningWait:
    """Something on the way that is closed for a time whose end nobody knows exactly.

    Who comes upon it from `from_min` on and before it opens waits until it opens. When it opens
    is drawn once for all that wait for it, from a triangle over the interval.

    Attributes
    ----------
    from_min
        First minute of the closure since the epoch.
    low_min, likely_min, high_min
        The earliest, the most likely and the latest reopening, in the same minutes; ascending.
    unit
        Name of the closure.
    """

    place: str
    from_min: int
    low_min: int
    likely_min: int
    high_min: int
    unit: str


Element = Activity | Wait | ClosureWait | OfficeWait | ReopeningWait


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Where an element belongs: number of its leg from 0, and whether its time is an estimate."""

    leg: int
    estimate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItineraryPlan:
    """Cargo ready at `ready_min` (minutes since the epoch), and what happens to it in order.

    `notes` has one entry an element, or is empty where nobody asks.
    """

    ready_min: int
    elements: tuple[Element, ...]
    notes: tuple[Note, ...] = ()
