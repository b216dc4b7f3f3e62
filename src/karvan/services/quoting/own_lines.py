"""Distances over the lines of a carrier, worked out when asked for and then remembered.

They hang on the network and its services, never on one cargo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from karvan.engines.pricing.distances import Line, distance_table
from karvan.network.links import LinkStatus, Mode
from karvan.network.network import Network
from karvan.network.passages import Segment
from karvan.network.patterns import CarrierId, ScheduledService

#: Kilometres from one place to another; absent where no line joins them.
Distances = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class OwnLines:
    """The lines of each carrier in a corridor.

    Several threads may ask at once: what is remembered is never changed.
    """

    network: Network
    services: Sequence[ScheduledService]
    segments: Sequence[Segment]
    _tables: dict[tuple[frozenset[str], frozenset[str]], Distances] = field(default_factory=dict)

    def distances(self, carriers: frozenset[str], points: frozenset[str]) -> Distances:
        """Shortest distances in km between points over the lines of these carriers together."""
        key = (carriers, points)
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = distance_table(self._lines(carriers), sorted(points))
        return found

    def _lines(self, carriers: frozenset[str]) -> Iterable[Line]:
        network = self.network
        carrier_of = network.carrier_of_operator()
        members = carriers | {
            track
            for service in self.services
            for track, shared in service.joint_rate.items()
            if shared in carriers
        }
        by_track = {
            member
            for member in members
            if member in network.carriers and network.carriers[CarrierId(member)].kind == "railway"
        }
        used = {
            link
            for segment in self.segments
            for run in segment.runs
            if run.carrier in carriers
            for link in run.links
        }
        for link in network.links.values():
            on_track = link.mode is Mode.RAIL and carrier_of.get(link.operator) in by_track
            if link.status is LinkStatus.OPEN and (link.id in used or on_track):
                yield (link.from_place, link.to_place, link.length_km)
