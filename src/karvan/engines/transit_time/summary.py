"""What the samples of an itinerary say: quantiles, the likeliest day, where the hours go.

Letters: N samples, E elements. Every figure in hours is rounded to 0.1 h, the precision at
which a quote must be the same on any machine.

Quantiles are the inverse of the empirical distribution, nearest rank: of N sorted samples
the quantile of p percent is number ``ceil(p N / 100)``, counted from 1. It is always one of
the samples, and monotone in p.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.engines.transit_time.breakdown import TENTHS, Part, break_down, rank
from karvan.engines.transit_time.sampled import SampledItinerary
from karvan.network.activities import HoursKind

#: Mid-points of fifty equal parts, in percent: one dot of the arrival chart each.
DOT_PERCENTS: Final = tuple(range(1, 100, 2))

_HOURS_PER_DAY: Final = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursByKind:
    """Hours of a median course by what happens in them, each to 0.1."""

    moving: float
    handling: float
    waiting: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitTimes:
    """Hours from ready to arrival.

    Attributes
    ----------
    samples
        N.
    p10_h, p50_h, p80_h, p90_h, p95_h, mean_h
        Quantiles and mean, to 0.1 h.
    quantiles_h
        Fifty quantiles, at 1 %, 3 %, ... 99 %.
    mode_days
        The fullest whole day: bins are centred on whole days, so 26 stands for 25.5 days up
        to but not including 26.5; of equally full ones the earliest.
    hours
        What the median is made of; the three add up to `p50_h` in tenths of an hour.
    parts
        What mean, median and 95 % quantile are made of, by leg, place and cause.
    estimates_h
        How much of `p50_h` rests on estimates.
    element_p50_h
        (E,) median hours of each element. Medians do not add up.
    beyond_timetable
        Number of samples, 0..N, that ran past the last known departure of a service.
    """

    samples: int
    p10_h: float
    p50_h: float
    p80_h: float
    p90_h: float
    p95_h: float
    mean_h: float
    quantiles_h: tuple[float, ...]
    mode_days: int
    hours: HoursByKind
    parts: tuple[Part, ...]
    estimates_h: float
    element_p50_h: tuple[float, ...]
    beyond_timetable: int


def summarise(sampled: SampledItinerary) -> TransitTimes:
    """Reduce N samples to what a quote shows.

    Parameters
    ----------
    sampled
        Arrivals (N,) and hours (E, N), N >= 1.

    Returns
    -------
    TransitTimes
        Figures in hours, each rounded once, from the samples.

    Notes
    -----
    What a figure is made of is told in `breakdown`. Tenths lost by rounding go to the largest
    remainders, ties to moving before handling before waiting.
    """
    total_h = sampled.elapsed_min / 60.0
    order = np.argsort(total_h, kind="stable")
    ascending_h = total_h[order]
    mean_h, p50_h, p95_h = (
        _rounded(hours)
        for hours in (
            float(ascending_h.mean()),
            _quantile(ascending_h, 50),
            _quantile(ascending_h, 95),
        )
    )
    parts = break_down(sampled, order, mean_h, p50_h, p95_h)
    return TransitTimes(
        samples=total_h.size,
        p10_h=_rounded(_quantile(ascending_h, 10)),
        p50_h=p50_h,
        p80_h=_rounded(_quantile(ascending_h, 80)),
        p90_h=_rounded(_quantile(ascending_h, 90)),
        p95_h=p95_h,
        mean_h=mean_h,
        quantiles_h=_all_rounded(ascending_h[_ranks(total_h.size)]),
        mode_days=_mode_days(ascending_h),
        hours=_by_kind(parts),
        parts=parts,
        estimates_h=sum(_tenths(part.p50_h) for part in parts if part.estimate) / TENTHS,
        element_p50_h=_all_rounded(np.array(sampled.median_min) / 60.0),
        beyond_timetable=int(np.count_nonzero(sampled.beyond_timetable)),
    )


def share_by(sampled: SampledItinerary, deadline_min: float) -> float:
    """Give the share of samples, 0..1, that arrive at or before `deadline_min`.

    `deadline_min` is in minutes since the epoch, like the arrivals.
    """
    in_time = np.count_nonzero(sampled.arrival_min <= deadline_min)
    return float(in_time) / sampled.arrival_min.size


def _quantile(ascending: NDArray[np.float64], percent: int) -> float:
    return float(ascending[rank(percent, ascending.size)])


@lru_cache(maxsize=64)
def _ranks(samples: int) -> NDArray[np.intp]:
    return np.array([rank(percent, samples) for percent in DOT_PERCENTS], dtype=np.intp)


def _mode_days(ascending_h: NDArray[np.float64]) -> int:
    days = np.floor(ascending_h / _HOURS_PER_DAY + 0.5).astype(np.int64)
    first = int(days[0])
    return first + int(np.bincount(days - first).argmax())


def _by_kind(parts: tuple[Part, ...]) -> HoursByKind:
    tenths = dict.fromkeys(HoursKind, 0)
    for part in parts:
        tenths[part.kind] += _tenths(part.p50_h)
    return HoursByKind(
        moving=tenths[HoursKind.MOVING] / TENTHS,
        handling=tenths[HoursKind.HANDLING] / TENTHS,
        waiting=tenths[HoursKind.WAITING] / TENTHS,
    )


def _tenths(hours: float) -> int:
    return round(hours * TENTHS)


def _rounded(hours: float) -> float:
    return _tenths(hours) / TENTHS


def _all_rounded(hours: NDArray[np.float64]) -> tuple[float, ...]:
    """As `_rounded`, each: both round half to even."""
    rounded: list[float] = (np.rint(hours * TENTHS) / TENTHS).tolist()
    return tuple(rounded)
