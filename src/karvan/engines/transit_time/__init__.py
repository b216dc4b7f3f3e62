"""Door-to-door time by sampling, from any point of an itinerary on.

`sample` draws an `ItineraryPlan`, `summarise` says what the draws mean, `share_by` how many
of them arrive by a date. A quote asks before departure, an ETA half-way: the plan begins
where the cargo is.
"""

from __future__ import annotations

from karvan.engines.transit_time.breakdown import Cause, Part
from karvan.engines.transit_time.sampled import SampledItinerary
from karvan.engines.transit_time.sampling import Sampler, sample
from karvan.engines.transit_time.summary import HoursByKind, TransitTimes, share_by, summarise

__all__ = [
    "Cause",
    "HoursByKind",
    "Part",
    "SampledItinerary",
    "Sampler",
    "TransitTimes",
    "sample",
    "share_by",
    "summarise",
]
