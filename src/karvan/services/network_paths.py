"""The shortest ways over the links of the network, by length or by time in motion.

What a planner asks before any timetable: how could one go at all, and how much longer is the
second way? Handling, borders, waits and tariffs are not in it; a quote has them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final

import numpy as np

from karvan.domain.errors import InvalidInput, NoRoute
from karvan.engines.routing.cheapest_paths import cheapest_paths, compile_graph
from karvan.network.links import Link, Mode
from karvan.network.network import Network
from karvan.network.places import PlaceId

METRES_PER_KM: Final = 1_000
SECONDS_PER_H: Final = 3_600


class Measure(StrEnum):
    """What is to be short."""

    KM = "km"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class LinkPath:
    """A way over links, in order; the sums are of its links."""

    links: tuple[Link, ...]

    @property
    def length_km(self) -> float:
        """Along the lines."""
        return sum(link.length_km for link in self.links)

    @property
    def running_h(self) -> float | None:
        """Time in motion; `None` where a link has none, like a pipeline."""
        hours = [link.running_h for link in self.links]
        known = [each for each in hours if each is not None]
        return sum(known) if len(known) == len(hours) else None

    def stages(self) -> list[LinkPath]:
        """The same way, cut where the mode changes."""
        return [LinkPath(tuple(run)) for _, run in groupby(self.links, key=lambda link: link.mode)]


def find_paths(
    network: Network,
    origins: Sequence[PlaceId],
    destinations: Sequence[PlaceId],
    *,
    day: date,
    measure: Measure,
    k: int,
    modes: Collection[Mode] = (),
) -> tuple[LinkPath, ...]:
    """Find the k shortest ways from one of some places to one of others.

    No way visits a place twice, and none passes another of the places it may begin or end at.

    Parameters
    ----------
    day
        Only links in service on this day.
    modes
        Only links of these; all but pipelines where none is named.

    Raises
    ------
    InvalidInput
        The two share a place, or k is out of range.
    NoRoute
        No way joins them.
    """
    shared = sorted(set(origins) & set(destinations))
    if shared:
        raise InvalidInput("from and to are the same place", places=shared)
    usable = set(modes) or set(Mode) - {Mode.PIPELINE}
    links = [
        link
        for _, link in sorted(network.links.items())
        if link.mode in usable
        and link.is_open_on(day)
        and link.to_place not in origins
        and link.from_place not in destinations
        and (measure is Measure.KM or link.running_h is not None)
    ]
    index = {place: n for n, place in enumerate(sorted(network.places))}
    source, target = len(index), len(index) + 1
    ends = [
        (index[link.from_place], index[link.to_place], _weight(link, measure)) for link in links
    ]
    ends += [(source, index[place], 0) for place in origins]
    ends += [(index[place], target, 0) for place in destinations]
    columns = np.array(ends, np.int64)
    graph = compile_graph(
        len(index) + 2,
        columns[:, 0].astype(np.int32),
        columns[:, 1].astype(np.int32),
        columns[:, 2],
    )
    found = cheapest_paths(graph, source, target, k)
    if not found:
        raise NoRoute(
            "no way over open links joins the two",
            origins=list(origins),
            destinations=list(destinations),
            day=day,
            modes=sorted(usable),
        )
    return tuple(LinkPath(tuple(links[link] for link in path.links[1:-1])) for path in found)


def _weight(link: Link, measure: Measure) -> int:
    """Whole metres or seconds: sums are exact, and ties are ties."""
    if measure is Measure.KM:
        return round(link.length_km * METRES_PER_KM)
    assert link.running_h is not None
    return round(link.running_h * SECONDS_PER_H)
