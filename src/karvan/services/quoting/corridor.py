"""The corridor compiled for the search: segments, connections, and how long each takes.

Depends on the network and the first day of the timetable only, never on a cargo; made once
and kept by its hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.network.activities import Duration
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.network.passages import Event, Run, Segment, Tracks, compile_segments
from karvan.network.patterns import CorridorFamily, ScheduledService, ServiceStatus
from karvan.network.performance import Performance
from karvan.network.places import PlaceId
from karvan.network.timetable import Departure, departures

#: Modes a container travels on; the index of a mode is its platform at every place.
MODES: Final = (
    Mode.RAIL,
    Mode.ROAD,
    Mode.RAIL_FERRY,
    Mode.RORO,
    Mode.FEEDER,
    Mode.DEEP_SEA,
)
MODE_INDEX: Final[Mapping[Mode, int]] = {mode: i for i, mode in enumerate(MODES)}
GATE_INDEX: Final = len(MODES)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedElement:
    """A run or event of a segment with how long it takes."""

    element: Run | Event
    duration: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """The compiled corridor.

    Attributes
    ----------
    places
        Places that services touch, by index (P,); `index` is the inverse.
    segments, timed
        Segments by index (S,), and the timed elements of each.
    stop
        How long each service stands at a cargo call in between, by mode.
    departures, departure_of
        All departures, and for each connection (C,) the index of its departure.
    families
        Corridor families; the bit of family i is `1 << i`.
    """

    network: Network
    places: tuple[PlaceId, ...]
    index: Mapping[PlaceId, int]
    services: tuple[ScheduledService, ...]
    segments: tuple[Segment, ...]
    timed: tuple[tuple[TimedElement, ...], ...]
    first_segment: Mapping[str, int]
    stop: Mapping[Mode, Duration]
    segment_arrays: SegmentArrays
    connections: ConnectionArrays
    departures: tuple[Departure, ...]
    departure_of: NDArray[np.int32]
    families: tuple[CorridorFamily, ...]
    timetable_hash: str

    def family_of(self, bits: int) -> CorridorFamily | None:
        """The family a set of bits counts for; None for ways that belong to none."""
        chosen = [f for i, f in enumerate(self.families) if bits >> i & 1]
        return min(chosen, key=lambda family: family.priority) if chosen else None


def compile_corridor(network: Network, first_day: date) -> Corridor:
    """Compile a network and the timetable of 180 days from `first_day`.

    Raises
    ------
    NetworkError
        A service calls at places that no open links join, or a time is missing.
    """
    tracks = Tracks(network.links.values())
    carrier_of = network.carrier_of_operator()
    services = tuple(
        service
        for _, service in sorted(network.services.items())
        if service.status is ServiceStatus.OPEN and service.mode in MODE_INDEX
    )
    segments: list[Segment] = []
    first_segment: dict[str, int] = {}
    for service in services:
        first_segment[service.id] = len(segments)
        segments.extend(compile_segments(service, tracks, network.places, carrier_of))
    places = _touched(segments)
    index = {place: i for i, place in enumerate(places)}
    timed = tuple(_timed(segment, network.performance) for segment in segments)
    stop = {mode: network.performance.get("stop", mode_from=mode.value).duration for mode in MODES}
    dated = departures(services, network.places, first_day)
    connections, departure_of = _connect(services, segments, timed, stop, first_segment, dated)
    return Corridor(
        network=network,
        places=places,
        index=index,
        services=services,
        segments=tuple(segments),
        timed=timed,
        first_segment=first_segment,
        stop=stop,
        segment_arrays=_segment_arrays(services, segments, index, network.families),
        connections=connections,
        departures=dated,
        departure_of=departure_of,
        families=network.families,
        timetable_hash=_hash(dated),
    )


def _touched(segments: Sequence[Segment]) -> tuple[PlaceId, ...]:
    places: set[PlaceId] = set()
    for segment in segments:
        places.update((segment.from_place, segment.to_place))
        for run in segment.runs:
            places.update((run.from_place, run.to_place))
        places.update(e.place for e in segment.elements if isinstance(e, Event))
    return tuple(sorted(places))


def _timed(segment: Segment, performance: Performance) -> tuple[TimedElement, ...]:
    out = []
    for element in segment.elements:
        if isinstance(element, Run):
            sigma = performance.get("run", mode_from=element.mode.value).sigma
            duration = Duration(median_h=element.running_h, sigma=sigma)
        else:
            duration = performance.get(
                element.activity,
                place=element.place,
                country=element.country,
                mode_from=element.mode.value,
            ).duration
        out.append(TimedElement(element=element, duration=duration))
    return tuple(out)


def planned_min(timed: Sequence[TimedElement]) -> int:
    """Planned time of a segment: the sum of medians, in whole minutes, at least one."""
    return max(1, round(60 * sum(each.duration.median_h for each in timed)))


def _connect(
    services: Sequence[ScheduledService],
    segments: Sequence[Segment],
    timed: Sequence[Sequence[TimedElement]],
    stop: Mapping[Mode, Duration],
    first_segment: Mapping[str, int],
    dated: Sequence[Departure],
) -> tuple[ConnectionArrays, NDArray[np.int32]]:
    """Put every segment of every departure on its dates, in order of departure."""
    by_service: dict[str, list[int]] = {}
    for i, departure in enumerate(dated):
        by_service.setdefault(departure.service, []).append(i)
    columns: list[NDArray[np.int64]] = []
    for service in services:
        chosen = np.array(by_service.get(service.id, []), dtype=np.int64)
        start = np.array([dated[i].departs_min for i in chosen], dtype=np.int64)
        offset = 0
        s = first_segment[service.id]
        while s < len(segments) and segments[s].service == service.id:
            leave = start + offset
            offset += planned_min(timed[s])
            arrive = start + offset
            offset += round(60 * stop[service.mode].median_h)
            segment = np.full_like(start, s)
            columns.append(np.stack([leave, arrive, segment, chosen]))
            s += 1
    table = np.concatenate(columns, axis=1) if columns else np.zeros((4, 0), dtype=np.int64)
    order = np.lexsort((table[3], table[2], table[0]))
    table = table[:, order]
    return (
        ConnectionArrays(
            segment=table[2].astype(np.int32),
            departs_min=table[0],
            arrives_min=table[1],
            previous=_previous(table[2], table[3]),
        ),
        table[3].astype(np.int32),
    )


def _previous(segment: NDArray[np.int64], departure: NDArray[np.int64]) -> NDArray[np.int32]:
    """Index of the same departure's connection just before, or -1."""
    order = np.lexsort((segment, departure))
    same = departure[order][1:] == departure[order][:-1]
    previous = np.full(segment.size, -1, dtype=np.int32)
    previous[order[1:][same]] = order[:-1][same]
    return previous


def _segment_arrays(
    services: Sequence[ScheduledService],
    segments: Sequence[Segment],
    index: Mapping[PlaceId, int],
    families: Sequence[CorridorFamily],
) -> SegmentArrays:
    number = {service.id: i for i, service in enumerate(services)}
    return SegmentArrays(
        service=np.array([number[s.service] for s in segments], dtype=np.int32),
        from_place=np.array([index[s.from_place] for s in segments], dtype=np.int32),
        to_place=np.array([index[s.to_place] for s in segments], dtype=np.int32),
        mode=np.array([MODE_INDEX[s.mode] for s in segments], dtype=np.int32),
        family=np.array([_bits(s, families) for s in segments], dtype=np.int64),
    )


def _bits(segment: Segment, families: Sequence[CorridorFamily]) -> int:
    crossing = frozenset((str(segment.from_place), str(segment.to_place)))
    link_modes = {run.mode.value for run in segment.runs}
    bits = 0
    for i, family in enumerate(families):
        if (
            family.countries & set(segment.countries)
            or family.modes & link_modes
            or crossing in family.crossings
        ):
            bits |= 1 << i
    return bits


def _hash(dated: Sequence[Departure]) -> str:
    digest = hashlib.sha256()
    for departure in dated:
        digest.update(f"{departure.id} {departure.departs_min}\n".encode())
    return digest.hexdigest()
