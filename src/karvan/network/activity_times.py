"""Planned times and spreads of what happens between trains and ships.

The search reads planned minutes and, as a surrogate of reliability, *spreads*: the 80th
percentile of an activity less its median. Spreads are added along a route; the reliability
a quote reports is always sampled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: In `transfer_min`: these two modes do not meet at this place.
NO_TRANSFER: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTimes:
    """Times of transfers and boardings, in whole minutes.

    Attributes
    ----------
    transfer_min
        (P, M+1, M+1) planned handling from arriving mode to departing mode, or `NO_TRANSFER`;
        index M is the gate (origin as first index, destination as second).
    transfer_spread_min
        (P, M+1, M+1) P80 - P50 of the same, >= 0.
    cutoff_min
        (V,) how long before departure a service closes for cargo, >= 0.
    board_spread_min
        (V,) P80 - P50 of the wait for a service, >= 0.
    segment_spread_min
        (S,) sum of P80 - P50 over what happens on board, >= 0.
    """

    transfer_min: NDArray[np.int64]
    transfer_spread_min: NDArray[np.int64]
    cutoff_min: NDArray[np.int64]
    board_spread_min: NDArray[np.int64]
    segment_spread_min: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintArrays:
    """Grams of CO2e of this cargo: (S,) by segment and (P, M+1, M+1) by transfer."""

    segment_g: NDArray[np.int64]
    transfer_g: NDArray[np.int64]
