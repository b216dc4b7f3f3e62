"""The corridor as columns: what engines read instead of entities.

Letters used in every module that reads these arrays: P places, M modes of transport
(index M, one past the last, is the *gate*: the terminal's own yard, where a quote begins
and ends), V scheduled services, S segments, C connections.

A *segment* is a scheduled service between two neighbouring calls, without a date. A
*connection* is a segment on a date. Connections of one departure follow each other through
`previous`, so cargo that stays on board pays no transfer.

Times are whole minutes since 1970-01-01T00:00Z.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentArrays:
    """S segments.

    Attributes
    ----------
    service
        (S,) index of the scheduled service, 0..V-1.
    from_place, to_place
        (S,) place indices.
    mode
        (S,) index of the mode, 0..M-1: the "platform" at which the service is boarded.
    family
        (S,) bit set of the corridor families this segment commits a route to; 0 is neutral.
    """

    service: NDArray[np.int32]
    from_place: NDArray[np.int32]
    to_place: NDArray[np.int32]
    mode: NDArray[np.int32]
    family: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionArrays:
    """C connections, ascending by `departs_min`.

    Of one departure the earlier connection always has the smaller index.

    Attributes
    ----------
    segment
        (C,) segment index.
    departs_min, arrives_min
        (C,) planned minutes; `arrives_min > departs_min`.
    previous
        (C,) index of the connection of the same departure just before this one, or -1.
    """

    segment: NDArray[np.int32]
    departs_min: NDArray[np.int64]
    arrives_min: NDArray[np.int64]
    previous: NDArray[np.int32]
