"""The clear way to sample an itinerary, one element after the other, in plain numpy.

It is the oracle of `sampling`, which gives the same bits faster; nothing else uses it. The
draws themselves (`durations`) are the same, everything made of them is written twice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from karvan.engines.transit_time.durations import (
    LONE_GAP_MIN,
    ROUNDING_MIN,
    activity_min,
    closure_left_min,
    closure_level,
    cutoff_min,
    headway_wait_min,
    reopening_min,
)
from karvan.engines.transit_time.sampled import SampledItinerary
from karvan.network.activities import (
    Activity,
    ClosureWait,
    ItineraryPlan,
    OfficeWait,
    ReopeningWait,
    Wait,
)

_MONTHS = 12


def sample_plainly(plan: ItineraryPlan, *, samples: int, seed: int) -> SampledItinerary:
    """As `sampling.sample`, bit for bit, element by element."""
    elapsed = np.zeros(samples)
    beyond = np.zeros(samples, dtype=np.bool_)
    minutes = np.empty((len(plan.elements), samples))
    for row, element in zip(minutes, plan.elements, strict=True):
        match element:
            case Activity():
                row[:] = activity_min(element, samples, seed)
            case Wait(headway_h=None):
                row[:], late = _timetable_wait_min(element, plan.ready_min, elapsed)
                beyond |= late
            case Wait():
                row[:] = headway_wait_min(element, samples, seed)
            case ClosureWait():
                row[:] = _closure_wait_min(element, plan.ready_min + elapsed, seed)
            case OfficeWait():
                row[:] = element.openings.wait_min(plan.ready_min + elapsed)
            case ReopeningWait():
                row[:] = _reopening_wait_min(element, plan.ready_min + elapsed, seed)
        elapsed += row
    return SampledItinerary(
        ready_min=plan.ready_min,
        elements=plan.elements,
        elapsed_min=elapsed,
        drawn=minutes,
        rows=np.arange(len(plan.elements), dtype=np.int64),
        median_min=tuple(np.sort(row)[(samples - 1) // 2] for row in minutes),
        mean_min=tuple(row.mean() for row in minutes),
        notes=plan.notes,
        beyond_timetable=beyond,
    )


def _timetable_wait_min(
    wait: Wait, ready_min: int, elapsed: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Wait for the first departure whose cutoff is not over.

    After the last known departure the service goes on at the mean gap of the list, or at a
    week's gap where that is not defined.
    """
    departs = np.array(wait.departs_min, dtype=np.int64) - ready_min
    needed = elapsed + (cutoff_min(wait) - ROUNDING_MIN)
    index = np.searchsorted(departs, needed)
    late = index == departs.size
    caught = departs[np.minimum(index, departs.size - 1)].astype(np.float64)
    if late.any():
        last = float(departs[-1])
        gap = (last - float(departs[0])) / (departs.size - 1) if departs.size > 1 else 0.0
        gap = gap if gap > 0 else LONE_GAP_MIN
        caught[late] = last + np.ceil((needed[late] - last) / gap) * gap
    return np.maximum(caught - elapsed, 0.0), late


def _closure_wait_min(
    closure: ClosureWait, at_min: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    shares = np.array(closure.closed_share, dtype=np.float64)[_month(at_min)]
    closed = closure_level(closure, at_min.size, seed) < shares
    return np.where(closed, closure_left_min(closure, at_min.size, seed), 0.0)


def _reopening_wait_min(
    closed: ReopeningWait, at_min: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    opens = reopening_min(closed, at_min.size, seed)
    return np.where((at_min >= closed.from_min) & (at_min < opens), opens - at_min, 0.0)


def _month(at_min: NDArray[np.float64]) -> NDArray[np.int64]:
    """Month of each instant in UTC, 0 for January; (N,)."""
    minutes = np.floor(at_min).astype("datetime64[m]")
    months: NDArray[np.int64] = minutes.astype("datetime64[M]").astype(np.int64) % _MONTHS
    return months
