"""A quote in plain Python: the same use case with the engines as they are written for reading.

What the search asks is answered by its reference, an itinerary is sampled element by element,
and nothing is remembered between quotes but the compiled corridor and the filled tariffs, which
both programs are given before the clock starts. Lines, documents and text are the same code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest import mock

from karvan.engines.routing.front import Front, FrontQuery
from karvan.engines.routing.reference import search_front_reference
from karvan.engines.transit_time import durations, streams
from karvan.engines.transit_time.reference import sample_plainly
from karvan.engines.transit_time.sampled import SampledItinerary
from karvan.network.activities import ItineraryPlan
from karvan.services.fixed_json import FixedLists
from karvan.services.quoting import quote as asking
from karvan.services.quoting import rendering, searching
from karvan.services.quoting.plans import Planner
from karvan.services.quoting.prepared import Prepared
from karvan.services.quoting.quote import Quoting

NO_LIMIT = 10**12


class PlainNetwork:
    """What `SearchNetwork` answers, by the reference, however many labels that takes it."""

    def __init__(self, *columns: Any) -> None:
        self._columns = columns

    def front(self, query: FrontQuery) -> Front:
        return search_front_reference(*self._columns, replace(query, label_limit=NO_LIMIT))

    def changed(self, *, family: Any = None, regimes: Any = None) -> PlainNetwork:
        segments, connections, tariffs, old, times, footprints = self._columns
        return PlainNetwork(
            segments if family is None else replace(segments, family=family),
            connections,
            tariffs,
            old if regimes is None else regimes,
            times,
            footprints,
        )


class PlainSampler:
    """What `Sampler` samples, by the reference."""

    def __init__(self, *, samples: int, seed: int) -> None:
        self._samples = samples
        self._seed = seed

    def sample(self, plan: ItineraryPlan) -> SampledItinerary:
        return sample_plainly(plan, samples=self._samples, seed=self._seed)


@contextmanager
def plainly(quoting: Quoting) -> Iterator[None]:
    """Let a program of its own answer in plain Python; what it remembers is forgotten first."""
    for made in quoting._filled.values():
        forget(made)
    for kept in (streams._kept, durations.factor):
        kept.cache_clear()
    with (
        mock.patch.object(searching, "compile_search", PlainNetwork),
        mock.patch.object(asking, "Sampler", PlainSampler),
        mock.patch.object(rendering, "_FIXED", FixedLists(1)),
    ):
        yield


def forget(made: Prepared) -> None:
    """Forget what quotes of one cargo have in common, beside its tariffs."""
    for kept in (
        made.routes._kept,
        made.networks._kept,
        made.tariffs._of_segments,
        made.tariffs._at_places,
        made.tariffs._hauls,
    ):
        kept.clear()
    object.__setattr__(made, "planner", Planner(made.corridor))


def plain_text(answer: object) -> str:
    """What `render_json` writes, by the standard library."""
    return json.dumps(answer, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
