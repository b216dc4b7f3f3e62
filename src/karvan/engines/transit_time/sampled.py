"""The samples of one itinerary, as both ways of sampling give them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karvan.network.activities import Activity, Element, HoursKind, Note


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SampledItinerary:
    """N courses of an itinerary of E elements. The arrays are read-only.

    Attributes
    ----------
    ready_min
        When the cargo was ready, minutes since the epoch.
    elements
        What the plan has, in order (E,).
    elapsed_min
        (N,) minutes from ready to the end of the last element.
    drawn, rows
        (R, N) minutes, and for each element the row that is its own (E,). Alternatives of one
        quote share rows; each element took >= 0 minutes, and those of one sample add up to
        `elapsed_min`.
    median_min, mean_min
        Median of each element's row by nearest rank, and its mean (E,).
    notes
        Leg and estimate of each element (E,), or empty.
    beyond_timetable
        (N,) whether the sample ran past the last known departure of a service, where the
        timetable is continued at its mean gap.
    """

    ready_min: int
    elements: tuple[Element, ...]
    elapsed_min: NDArray[np.float64]
    drawn: NDArray[np.float64]
    rows: NDArray[np.int64]
    median_min: tuple[float, ...]
    mean_min: tuple[float, ...]
    beyond_timetable: NDArray[np.bool_]
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        for array in (self.elapsed_min, self.rows, self.beyond_timetable):
            array.flags.writeable = False

    @property
    def arrival_min(self) -> NDArray[np.float64]:
        """(N,) when the last element ended, minutes since the epoch; a copy."""
        return self.ready_min + self.elapsed_min

    @property
    def hours(self) -> NDArray[np.float64]:
        """(E, N) hours each element took; a copy."""
        taken: NDArray[np.float64] = self.drawn[self.rows] / 60.0
        return taken

    @property
    def kinds(self) -> tuple[HoursKind, ...]:
        """(E,) how each element counts."""
        return tuple(
            element.kind if isinstance(element, Activity) else HoursKind.WAITING
            for element in self.elements
        )
