"""What the samples of an itinerary say: quantiles, the likeliest day, where the hours go.

Letters: N samples, E elements. Every figure in hours is rounded to 0.1 h, the precision at
which a quote must be the same on any machine.

Quantiles are the inverse of the empirical distribution, nearest rank: of N sorted samples
the quantile of p percent is number ``ceil(p N / 100)``, counted from 1. It is always one of
the samples, and monotone in p.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.engines.transit_time.sampled import SampledItinerary
from karvan.network.activities import HoursKind

#: Mid-points of fifty equal parts, in percent: one dot of the arrival chart each.
DOT_PERCENTS: Final = tuple(range(1, 100, 2))

#: The samples around the median, in percent, whose mean composition stands for it.
_MEDIAN_BAND: Final = (45, 55)

_TENTHS: Final = 10
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
    The hours by kind are the mean over the samples between the 45 % and the 55 % quantile,
    both included, scaled to the median; tenths lost by rounding go to the largest remainders,
    ties to moving before handling before waiting.
    """
    total_h = sampled.elapsed_min / 60.0
    order = np.argsort(total_h, kind="stable")
    ascending_h = total_h[order]
    p50_tenths = _tenths(_quantile(ascending_h, 50))
    return TransitTimes(
        samples=total_h.size,
        p10_h=_rounded(_quantile(ascending_h, 10)),
        p50_h=p50_tenths / _TENTHS,
        p80_h=_rounded(_quantile(ascending_h, 80)),
        p90_h=_rounded(_quantile(ascending_h, 90)),
        p95_h=_rounded(_quantile(ascending_h, 95)),
        mean_h=_rounded(float(ascending_h.mean())),
        quantiles_h=tuple(_rounded(_quantile(ascending_h, p)) for p in DOT_PERCENTS),
        mode_days=_mode_days(ascending_h),
        hours=_composition(sampled, order, p50_tenths),
        element_p50_h=tuple(_rounded(minutes / 60.0) for minutes in sampled.median_min),
        beyond_timetable=int(np.count_nonzero(sampled.beyond_timetable)),
    )


def share_by(sampled: SampledItinerary, deadline_min: float) -> float:
    """Give the share of samples, 0..1, that arrive at or before `deadline_min`.

    `deadline_min` is in minutes since the epoch, like the arrivals.
    """
    in_time = np.count_nonzero(sampled.arrival_min <= deadline_min)
    return float(in_time) / sampled.arrival_min.size


def _rank(percent: int, samples: int) -> int:
    """Index from 0 of the nearest-rank quantile; in integers, so no rank is off by one."""
    return max(-(-percent * samples // 100), 1) - 1


def _quantile(ascending: NDArray[np.float64], percent: int) -> float:
    return float(ascending[_rank(percent, ascending.size)])


def _mode_days(ascending_h: NDArray[np.float64]) -> int:
    days = np.floor(ascending_h / _HOURS_PER_DAY + 0.5).astype(np.int64)
    first = int(days[0])
    return first + int(np.bincount(days - first).argmax())


def _composition(
    sampled: SampledItinerary, order: NDArray[np.intp], p50_tenths: int
) -> HoursByKind:
    low, high = (_rank(percent, order.size) for percent in _MEDIAN_BAND)
    band = order[low : high + 1]
    band_h = sampled.drawn[sampled.rows[:, np.newaxis], band].mean(axis=1) / 60.0  # (E,)
    by_kind = dict.fromkeys(HoursKind, 0.0)
    for kind, hours in zip(sampled.kinds, band_h.tolist(), strict=True):
        by_kind[kind] += hours
    kinds = (HoursKind.MOVING, HoursKind.HANDLING, HoursKind.WAITING)
    moving, handling, waiting = _split_tenths(p50_tenths, [by_kind[kind] for kind in kinds])
    return HoursByKind(
        moving=moving / _TENTHS, handling=handling / _TENTHS, waiting=waiting / _TENTHS
    )


def _split_tenths(whole: int, weights: list[float]) -> list[int]:
    """Divide whole tenths by weight, largest remainders first; all 0 where nothing weighs."""
    total = math.fsum(weights)
    if total <= 0:
        return [0] * len(weights)
    shares = [whole * weight / total for weight in weights]
    parts = [math.floor(share) for share in shares]
    by_need = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_need[: whole - sum(parts)]:
        parts[i] += 1
    return parts


def _tenths(hours: float) -> int:
    return round(hours * _TENTHS)


def _rounded(hours: float) -> float:
    return _tenths(hours) / _TENTHS
