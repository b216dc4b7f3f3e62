"""Where the days go: the parts of a mean, of a median and of a bad journey.

Letters: N samples, E elements. Quantiles do not add up, so the parts of a quantile are what the
journeys that take this long are expected to be made of: of the samples whose total lies within a
band of percents around the quantile a straight line through each element's hours against the
total, read at the quantile. Such lines add up to the total. Parts are in tenths of an hour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.engines.transit_time.sampled import SampledItinerary
from karvan.network.activities import (
    Activity,
    ClosureWait,
    Element,
    HoursKind,
    Note,
    OfficeWait,
    ReopeningWait,
)

#: The samples around the median and around the 95 % quantile, in percent.
BAND_50: Final = (45, 55)
BAND_95: Final = (92, 98)

TENTHS: Final = 10

_KINDS: Final = (HoursKind.MOVING, HoursKind.HANDLING, HoursKind.WAITING)


class Cause(StrEnum):
    """What the hours of a part go into."""

    MOVING = "moving"
    HANDLING = "handling"
    DEPARTURE = "departure"
    BORDER = "border"
    WEATHER = "weather"
    CLOSED = "closed"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Hours of one cause at one place on one leg, to 0.1.

    Attributes
    ----------
    leg
        Number of the leg from 0; what happens before boarding belongs to the leg boarded.
    place
        Where; of a run, where it ends.
    estimate
        Whether the time is an estimate.
    mean_h, p50_h, p95_h
        Share in the mean, the median and the 95 % quantile.
    """

    leg: int
    place: str
    kind: HoursKind
    cause: Cause
    estimate: bool
    mean_h: float
    p50_h: float
    p95_h: float


_BORDERS: Final = frozenset({"border-exit", "border-entry", "union-border"})
_CAUSE_OF: Final = {
    HoursKind.MOVING: Cause.MOVING,
    HoursKind.HANDLING: Cause.HANDLING,
    HoursKind.WAITING: Cause.QUEUE,
}


def cause_of(element: Element) -> Cause:
    """Say what the hours of an element go into.

    >>> from karvan.network.activities import Duration
    >>> crossing = Activity(
    ...     name="border-entry", place="KZ-ALT", kind=HoursKind.WAITING,
    ...     duration=Duration(median_h=40.0, sigma=0.8), unit="T1",
    ... )
    >>> cause_of(crossing).value
    'border'
    """
    if isinstance(element, Activity):
        if element.name in _BORDERS:
            return Cause.BORDER
        return _CAUSE_OF[element.kind]
    if isinstance(element, ClosureWait):
        return Cause.WEATHER
    shut = isinstance(element, OfficeWait | ReopeningWait)
    return Cause.CLOSED if shut else Cause.DEPARTURE


def break_down(
    sampled: SampledItinerary, order: NDArray[np.intp], mean_h: float, p50_h: float, p95_h: float
) -> tuple[Part, ...]:
    """Divide mean and quantiles among leg, place and cause, in the order of the way.

    Parameters
    ----------
    order
        (N,) samples by total, fastest first.
    mean_h, p50_h, p95_h
        What is divided, in whole tenths.

    Notes
    -----
    Tenths are divided among moving, handling and waiting first, then within each, largest
    remainders first: parts of one kind add up to the hours of that kind, and all to the whole.
    """
    keys: dict[tuple[int, str, HoursKind, Cause, bool], int] = {}
    group = []
    notes = sampled.notes or (Note(leg=0, estimate=True),) * len(sampled.elements)
    for element, note in zip(sampled.elements, notes, strict=True):
        kind = element.kind if isinstance(element, Activity) else HoursKind.WAITING
        key = (note.leg, element.place, kind, cause_of(element), note.estimate)
        group.append(keys.setdefault(key, len(keys)))
    bands = [_band(sampled, order, 50, *BAND_50), _band(sampled, order, 95, *BAND_95)]
    number = np.array(group, dtype=np.intp)
    weights = [
        np.bincount(number, weights=minutes, minlength=len(keys)).tolist()
        for minutes in (np.array(sampled.mean_min), *bands)
    ]
    kinds = [kind for _, _, kind, _, _ in keys]
    wholes = (round(hours * TENTHS) for hours in (mean_h, p50_h, p95_h))
    mean, p50, p95 = (
        _divide(whole, row, kinds) for whole, row in zip(wholes, weights, strict=True)
    )
    return tuple(
        Part(
            leg=leg,
            place=place,
            kind=kind,
            cause=cause,
            estimate=estimate,
            mean_h=mean[i] / TENTHS,
            p50_h=p50[i] / TENTHS,
            p95_h=p95[i] / TENTHS,
        )
        for i, (leg, place, kind, cause, estimate) in enumerate(keys)
    )


def rank(percent: int, samples: int) -> int:
    """Index from 0 of the nearest-rank quantile; in integers, so no rank is off by one."""
    return max(-(-percent * samples // 100), 1) - 1


def split_tenths(whole: int, weights: Sequence[float]) -> list[int]:
    """Divide whole tenths by weight, largest remainders first; all 0 where nothing weighs."""
    total = math.fsum(weights)
    if total <= 0:
        return [0] * len(weights)
    shares = [whole * weight / total for weight in weights]
    parts = [math.floor(share) for share in shares]
    left = whole - sum(parts)
    if left:
        by_need = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
        for i in by_need[:left]:
            parts[i] += 1
    return parts


def _band(
    sampled: SampledItinerary, order: NDArray[np.intp], percent: int, low: int, high: int
) -> NDArray[np.float64]:
    """Expected minutes of each element (E,) at a quantile."""
    totals = sampled.elapsed_min
    chosen = order[rank(low, order.size) : rank(high, order.size) + 1]
    at_min = float(totals[order[rank(percent, order.size)]])
    # The compiler comes with it, and a reader of breakdowns needs none.
    from karvan.engines.transit_time.walk import expected_at

    return expected_at(sampled.drawn, sampled.rows, chosen, totals, at_min)


def _divide(whole: int, weights: Sequence[float], kinds: Sequence[HoursKind]) -> list[int]:
    """Tenths of each part: by kind first, then within the kind."""
    members = [[i for i, kind in enumerate(kinds) if kind is each] for each in _KINDS]
    totals = [math.fsum(weights[i] for i in each) for each in members]
    out = [0] * len(weights)
    for each, tenths in zip(members, split_tenths(whole, totals), strict=True):
        for i, part in zip(each, split_tenths(tenths, [weights[i] for i in each]), strict=True):
            out[i] = part
    return out
