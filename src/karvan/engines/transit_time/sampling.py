"""Many possible courses of one itinerary, sample by sample.

Letters: N samples, E elements of the plan. Times inside are minutes since the cargo was
ready, as floats; instants that leave are minutes since 1970-01-01T00:00Z.

What the model assumes: a missed departure means the next one of the same service, nothing is
re-routed inside a sample, and every departure has room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.transit_time.renewal import residual_gamma, residual_lognormal
from karvan.engines.transit_time.streams import normals, uniforms
from karvan.network.activities import (
    Activity,
    ClosureWait,
    Duration,
    Element,
    HoursKind,
    ItineraryPlan,
    Wait,
)

MAX_SAMPLES: Final = 100_000

_MINUTES_PER_HOUR: Final = 60.0
_MONTHS: Final = 12

#: Gap assumed after the last departure when a service has only one: a week, the slowest
#: published pattern of a regular service.
_LONE_GAP_MIN: Final = 7 * 24 * 60.0

#: Cargo that is ready this much too late by rounding alone is in time: 6 microseconds.
_ROUNDING_MIN: Final = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledItinerary:
    """N courses of an itinerary of E elements. The arrays are read-only.

    Attributes
    ----------
    ready_min
        When the cargo was ready, minutes since the epoch.
    arrival_min
        (N,) when the last element ended, minutes since the epoch.
    hours
        (E, N) hours each element took, >= 0. A column adds up to arrival less ready.
    kinds
        (E,) how each element counts.
    beyond_timetable
        (N,) whether the sample ran past the last known departure of a service, where the
        timetable is continued at its mean gap.
    """

    ready_min: int
    arrival_min: NDArray[np.float64]
    hours: NDArray[np.float64]
    kinds: tuple[HoursKind, ...]
    beyond_timetable: NDArray[np.bool_]


def sample(plan: ItineraryPlan, *, samples: int, seed: int) -> SampledItinerary:
    """Draw `samples` courses of a plan.

    Parameters
    ----------
    plan
        Ready time and E elements in order; E may be 0.
    samples
        N, from 1 to `MAX_SAMPLES`.
    seed
        Any integer. Equal input gives equal bytes.

    Returns
    -------
    SampledItinerary
        Arrivals (N,) and hours (E, N).

    Raises
    ------
    InvalidInput
        N is out of range, or an element makes no sense: a time that is negative or not
        finite, departures that are missing or not ascending, a share outside [0, 1].

    Notes
    -----
    With t the time reached so far and all draws from `streams`:

    - an activity takes ``median * exp(sigma * z)``;
    - a wait with a timetable ends at the first departure d with ``t + cutoff <= d``;
    - a wait with a headway takes the cutoff and then what is left of the interval between
      two departures, gamma with that mean and coefficient of variation;
    - a port is closed with the share of the month (UTC) of t; then the wait is what is left
      of a lognormal closure, otherwise 0.

    Draws depend on name, place and unit of an element, not on what comes before it. So later
    cargo never overtakes earlier cargo, with one exception: where closed shares differ by
    month, who comes a minute later may find the port open that was closed before midnight.
    """
    if not 1 <= samples <= MAX_SAMPLES:
        raise InvalidInput("number of samples out of range", samples=samples, most=MAX_SAMPLES)
    elapsed = np.zeros(samples)
    beyond = np.zeros(samples, dtype=np.bool_)
    minutes = np.empty((len(plan.elements), samples))
    for row, element in zip(minutes, plan.elements, strict=True):
        match element:
            case Activity():
                row[:] = _activity_min(element, samples, seed)
            case Wait(headway_h=None):
                row[:], late = _timetable_wait_min(element, plan.ready_min, elapsed)
                beyond |= late
            case Wait():
                row[:] = _headway_wait_min(element, samples, seed)
            case ClosureWait():
                row[:] = _closure_wait_min(element, plan.ready_min + elapsed, seed)
        elapsed += row
    minutes /= _MINUTES_PER_HOUR
    arrival_min = plan.ready_min + elapsed
    for array in (minutes, arrival_min, beyond):
        array.flags.writeable = False
    return SampledItinerary(
        ready_min=plan.ready_min,
        arrival_min=arrival_min,
        hours=minutes,
        kinds=tuple(_kind(element) for element in plan.elements),
        beyond_timetable=beyond,
    )


def _kind(element: Element) -> HoursKind:
    return element.kind if isinstance(element, Activity) else HoursKind.WAITING


def _activity_min(activity: Activity, samples: int, seed: int) -> NDArray[np.float64]:
    _check_duration(activity.duration, activity.place)
    median_min = activity.duration.median_h * _MINUTES_PER_HOUR
    unit = f"{activity.place}|{activity.unit}"
    z = normals(seed, f"activity:{activity.name}", unit, samples)
    return np.exp(activity.duration.sigma * z) * median_min


def _timetable_wait_min(
    wait: Wait, ready_min: int, elapsed: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Wait for the first departure whose cutoff is not over.

    After the last known departure the service goes on at the mean gap of the list, or at a
    week's gap where that is not defined.
    """
    departs = np.array(wait.departs_min, dtype=np.int64) - ready_min
    if departs.size == 0 or (np.diff(departs) < 0).any():
        raise InvalidInput(
            "departures must be known and ascending", place=wait.place, service=wait.service
        )
    needed = elapsed + (_cutoff_min(wait) - _ROUNDING_MIN)
    index = np.searchsorted(departs, needed)
    late = index == departs.size
    caught = departs[np.minimum(index, departs.size - 1)].astype(np.float64)
    if late.any():
        last = float(departs[-1])
        gap = (last - float(departs[0])) / (departs.size - 1) if departs.size > 1 else 0.0
        gap = gap if gap > 0 else _LONE_GAP_MIN
        caught[late] = last + np.ceil((needed[late] - last) / gap) * gap
    return np.maximum(caught - elapsed, 0.0), late


def _headway_wait_min(wait: Wait, samples: int, seed: int) -> NDArray[np.float64]:
    mean_h, cv = wait.headway_h, wait.headway_cv
    if mean_h is None or cv is None or not (0 < mean_h < math.inf and 0 <= cv < math.inf):
        raise InvalidInput(
            "a headway needs a mean > 0 and a coefficient of variation >= 0",
            service=wait.service,
            headway_h=mean_h,
            headway_cv=cv,
        )
    share = uniforms(seed, f"headway-share:{wait.service}", wait.unit, samples)
    level = uniforms(seed, f"headway-interval:{wait.service}", wait.unit, samples)
    residual = residual_gamma(share, level, mean=mean_h * _MINUTES_PER_HOUR, cv=cv)
    return residual + _cutoff_min(wait)


def _closure_wait_min(
    closure: ClosureWait, at_min: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    _check_duration(closure.duration, closure.place)
    shares = np.array(closure.closed_share, dtype=np.float64)
    if shares.shape != (_MONTHS,) or not ((shares >= 0) & (shares <= 1)).all():
        raise InvalidInput("closed shares are twelve numbers in [0, 1]", place=closure.place)
    samples = at_min.size
    closed = uniforms(seed, "closure", closure.unit, samples) < shares[_month(at_min)]
    left = residual_lognormal(
        uniforms(seed, "closure-share", closure.unit, samples),
        normals(seed, "closure-length", closure.unit, samples),
        median=closure.duration.median_h * _MINUTES_PER_HOUR,
        sigma=closure.duration.sigma,
    )
    return np.where(closed, left, 0.0)


def _month(at_min: NDArray[np.float64]) -> NDArray[np.int64]:
    """Month of each instant in UTC, 0 for January; (N,)."""
    minutes = np.floor(at_min).astype("datetime64[m]")
    months: NDArray[np.int64] = minutes.astype("datetime64[M]").astype(np.int64) % _MONTHS
    return months


def _cutoff_min(wait: Wait) -> float:
    if not 0 <= wait.cutoff_h < math.inf:
        raise InvalidInput("cutoff must be >= 0", service=wait.service, cutoff_h=wait.cutoff_h)
    return wait.cutoff_h * _MINUTES_PER_HOUR


def _check_duration(duration: Duration, place: str) -> None:
    if not (0 <= duration.median_h < math.inf and 0 <= duration.sigma < math.inf):
        raise InvalidInput(
            "a duration needs a median >= 0 and a sigma >= 0",
            place=place,
            median_h=duration.median_h,
            sigma=duration.sigma,
        )
