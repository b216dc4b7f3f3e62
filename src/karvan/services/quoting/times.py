"""Activity times and footprints of the compiled corridor, as the search reads them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from karvan.domain.quantities import Mass
from karvan.engines.emissions.factors import EmissionFactor, HubFactor
from karvan.engines.emissions.footprint import hub_co2e_g, leg_co2e_g
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes, FootprintArrays
from karvan.network.passages import Segment
from karvan.services.quoting.corridor import Corridor

#: Mean of a uniform wait in a gap of one headway, and its 80th percentile, in headways.
_WAIT_MEDIAN, _WAIT_P80 = 0.5, 0.8


def fill_times(corridor: Corridor, closed: NDArray[np.bool_]) -> ActivityTimes:
    """Planned minutes and spreads of transfers, boardings and segments.

    Parameters
    ----------
    closed
        (P, M + 1, M + 1) hand-overs that are not to be made.
    """
    shape = (len(corridor.places), corridor.gate + 1, corridor.gate + 1)
    minutes = np.full(shape, NO_TRANSFER, dtype=np.int64)
    spread = np.zeros(shape, dtype=np.int64)
    for handover, row in corridor.handovers.items():
        if row is not None and not closed[handover]:
            minutes[handover] = round(60 * row.duration.median_h)
            spread[handover] = round(60 * row.duration.spread_h)
    wait = (_WAIT_P80 - _WAIT_MEDIAN) * 60
    return ActivityTimes(
        transfer_min=minutes,
        transfer_spread_min=spread,
        cutoff_min=np.array([round(60 * s.cutoff_h) for s in corridor.services], dtype=np.int64),
        board_spread_min=np.array(
            [round(wait * (s.headway_h or 0.0)) for s in corridor.services], dtype=np.int64
        ),
        segment_spread_min=np.array(
            [round(60 * sum(e.duration.spread_h for e in timed)) for timed in corridor.timed],
            dtype=np.int64,
        ),
    )


def segment_co2e_g(segment: Segment, mass: Mass, factors: Mapping[str, EmissionFactor]) -> int:
    """Grams of CO2e of one cargo over a segment, run by run."""
    return sum(
        leg_co2e_g(mass.kg, run.distance_km, factors[run.mode.value]) for run in segment.runs
    )


def fill_footprints(
    corridor: Corridor, mass: Mass, factors: Mapping[str, EmissionFactor], hub: HubFactor
) -> FootprintArrays:
    """Grams of CO2e by segment and by handling."""
    shape = (len(corridor.places), corridor.gate + 1, corridor.gate + 1)
    transfer = np.zeros(shape, dtype=np.int64)
    grams = hub_co2e_g(mass.kg, hub)
    for handover in corridor.handovers:
        transfer[handover] = grams
    return FootprintArrays(
        segment_g=np.array(
            [segment_co2e_g(segment, mass, factors) for segment in corridor.segments],
            dtype=np.int64,
        ),
        transfer_g=transfer,
    )
