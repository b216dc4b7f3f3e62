"""Minutes that do not depend on when an element is reached: one row of draws each.

Letters: N samples. Two alternatives with the same element get the same row, so rows are made
once and kept. An element that makes no sense is refused here.
"""

from __future__ import annotations

import math
from functools import lru_cache
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
    ReopeningWait,
    Shared,
    Wait,
)

MINUTES_PER_HOUR: Final = 60.0

#: Gap assumed after the last departure when a service has only one: a week, the slowest
#: published pattern of a regular service.
LONE_GAP_MIN: Final = 7 * 24 * 60.0

#: Cargo that is ready this much too late by rounding alone is in time: 6 microseconds.
ROUNDING_MIN: Final = 1e-7

_MONTHS: Final = 12


def activity_min(activity: Activity, samples: int, seed: int) -> NDArray[np.float64]:
    """Give the minutes (N,) of an activity: ``median * exp(sigma * z)``."""
    _check_duration(activity.duration, activity.place)
    median_min = activity.duration.median_h * MINUTES_PER_HOUR
    unit = f"{activity.place}|{activity.unit}"
    own = normals(seed, f"activity:{activity.name}", unit, samples)
    return np.exp(activity.duration.sigma * under(activity.shared, own, seed)) * median_min


def headway_wait_min(wait: Wait, samples: int, seed: int) -> NDArray[np.float64]:
    """Give the minutes (N,) waited for a service that leaves when full, cutoff included."""
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
    residual = residual_gamma(share, level, mean=mean_h * MINUTES_PER_HOUR, cv=cv)
    return residual + cutoff_min(wait)


def closure_level(closure: ClosureWait, samples: int, seed: int) -> NDArray[np.float64]:
    """Give a uniform level (N,) below which, as a share of the month, the port is closed.

    Bad luck is a high normal draw and a low level: what slows the ships closes the port.
    """
    shares = np.array(closure.closed_share, dtype=np.float64)
    if shares.shape != (_MONTHS,) or not ((shares >= 0) & (shares <= 1)).all():
        raise InvalidInput("closed shares are twelve numbers in [0, 1]", place=closure.place)
    if closure.shared is None:
        return uniforms(seed, "closure", closure.unit, samples)
    own = normals(seed, "closure-luck", closure.unit, samples)
    return upper_tail(under(closure.shared, own, seed))


def closure_left_min(closure: ClosureWait, samples: int, seed: int) -> NDArray[np.float64]:
    """Give what is left of a closure (N,), in minutes, to who comes upon one."""
    _check_duration(closure.duration, closure.place)
    return residual_lognormal(
        uniforms(seed, "closure-share", closure.unit, samples),
        normals(seed, "closure-length", closure.unit, samples),
        median=closure.duration.median_h * MINUTES_PER_HOUR,
        sigma=closure.duration.sigma,
    )


def reopening_min(closed: ReopeningWait, samples: int, seed: int) -> NDArray[np.float64]:
    """Give when something opens again (N,), minutes since the epoch.

    Notes
    -----
    With a <= c <= b the interval and u uniform, the inverse of the triangular distribution::

        a + sqrt(u (b - a) (c - a))          where u < (c - a) / (b - a)
        b - sqrt((1 - u) (b - a) (b - c))    otherwise
    """
    a, c, b = float(closed.low_min), float(closed.likely_min), float(closed.high_min)
    if not a <= c <= b:
        raise InvalidInput("an interval of reopening must ascend", place=closed.place)
    if a == b:
        return np.full(samples, a)
    u = uniforms(seed, "reopening", closed.unit, samples)
    early = a + np.sqrt(u * ((b - a) * (c - a)))
    late = b - np.sqrt((1.0 - u) * ((b - a) * (b - c)))
    return np.where(u < (c - a) / (b - a), early, late)


def under(shared: Shared | None, own: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Mix luck of one's own (N,) with a common factor; standard normal again.

    Notes
    -----
    With F the factor and s the share of the variance that is common::

        z = sqrt(s) F + sqrt(1 - s) own

    so that two activities under one factor on one day correlate by sqrt(s s') in the
    logarithm, and each alone is distributed as before.
    """
    if shared is None or shared.share == 0:
        return own
    if not (0 <= shared.share <= 1 and shared.period_days > 0):
        raise InvalidInput(
            "a common factor needs a share in [0, 1] and a period > 0", stream=shared.stream
        )
    common = factor(shared.stream, shared.day, shared.period_days, own.size, seed)
    return math.sqrt(shared.share) * common + math.sqrt(1.0 - shared.share) * own


@lru_cache(maxsize=512)
def factor(stream: str, day: int, period_days: int, samples: int, seed: int) -> NDArray[np.float64]:
    """Give a common factor on a day: standard normal (N,), read-only.

    Notes
    -----
    Each period p has a draw X[p]; within it the factor turns from one to the next::

        F = cos(a) X[p] + sin(a) X[p + 1],   a = 90 degrees x share of the period that is over

    so it has no jumps and unit variance on every day.
    """
    period, days_in = divmod(day, period_days)
    angle = 0.5 * math.pi * days_in / period_days
    now, after = (normals(seed, f"common:{stream}", f"{period + i}", samples) for i in (0, 1))
    mixed = math.cos(angle) * now + math.sin(angle) * after
    mixed.flags.writeable = False
    return mixed


def cutoff_min(wait: Wait) -> float:
    """Minutes before departure at which a service closes for cargo."""
    if not 0 <= wait.cutoff_h < math.inf:
        raise InvalidInput("cutoff must be >= 0", service=wait.service, cutoff_h=wait.cutoff_h)
    return wait.cutoff_h * MINUTES_PER_HOUR


def upper_tail(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance (N,) that a standard normal draw is above each z."""
    return np.array([0.5 * math.erfc(each / math.sqrt(2.0)) for each in z.tolist()])


def _check_duration(duration: Duration, place: str) -> None:
    if not (0 <= duration.median_h < math.inf and 0 <= duration.sigma < math.inf):
        raise InvalidInput(
            "a duration needs a median >= 0 and a sigma >= 0",
            place=place,
            median_h=duration.median_h,
            sigma=duration.sigma,
        )
