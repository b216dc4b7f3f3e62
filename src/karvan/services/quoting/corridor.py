"""The corridor compiled for the search: segments, connections, and how long each takes.

Depends on the network, the first day of the timetable and the modes that a kind of cargo may
use, never on one cargo; made once and kept by its hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.network.activities import Duration
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.links import LinkId, Mode
from karvan.network.network import Network
from karvan.network.opening_hours import HoursActivity
from karvan.network.openings import Offices, Openings
from karvan.network.passages import AT_SEA, Event, Run, Segment, Tracks, compile_segments
from karvan.network.patterns import CorridorFamily, ScheduledService, ServiceId, ServiceStatus
from karvan.network.performance import PerformanceRow
from karvan.network.places import PlaceId
from karvan.network.timetable import Departure, departures
from karvan.services.quoting.carriage import CONTAINERS, Carriage
from karvan.services.quoting.handovers import Handover, find_handovers
from karvan.services.quoting.own_lines import OwnLines

#: Modes of scheduled services, in the order in which a corridor numbers those it holds.
ORDER: Final[tuple[Mode, ...]] = (
    Mode.RAIL,
    Mode.ROAD,
    Mode.RAIL_FERRY,
    Mode.RORO,
    Mode.FEEDER,
    Mode.DEEP_SEA,
    Mode.TANKER,
    Mode.BULK,
    Mode.CHARTERED_SHIP,
    Mode.PIPELINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedElement:
    """A run or event of a segment with how long it takes.

    Attributes
    ----------
    estimate
        Whether its time is an estimate.
    office, openings
        The office that has to be open when it begins; `openings` is None where it always is.
    """

    element: Run | Event
    duration: Duration
    estimate: bool = True
    office: str = ""
    openings: Openings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """The compiled corridor.

    Attributes
    ----------
    modes
        Modes of its services; the index of a mode is its platform at every place, and the
        index past the last, `gate`, that of the gate.
    places
        Places that services touch, by index (P,); `index` is the inverse.
    segments, timed
        Segments by index (S,), and the timed elements of each.
    handovers
        Hand-overs that can occur, with how long each takes; None where two modes do not meet.
    own_lines
        The lines of each carrier, and the distances over them.
    stop
        How long each service stands at a cargo call in between, by mode.
    departures, departure_of
        All departures, and for each connection (C,) the index of its departure.
    departures_by
        The same departures by service, ascending.
    offices
        When offices, posts and ports are open.
    families
        Corridor families; the bit of family i is `1 << i`.
    """

    network: Network
    modes: tuple[Mode, ...]
    mode_index: Mapping[Mode, int]
    places: tuple[PlaceId, ...]
    index: Mapping[PlaceId, int]
    services: tuple[ScheduledService, ...]
    segments: tuple[Segment, ...]
    timed: tuple[tuple[TimedElement, ...], ...]
    first_segment: Mapping[str, int]
    handovers: Mapping[Handover, PerformanceRow | None]
    own_lines: OwnLines
    stop: Mapping[Mode, Duration]
    segment_arrays: SegmentArrays
    connections: ConnectionArrays
    departures: tuple[Departure, ...]
    departure_of: NDArray[np.int32]
    departures_by: Mapping[ServiceId, tuple[Departure, ...]]
    offices: Offices
    families: tuple[CorridorFamily, ...]
    timetable_hash: str

    @property
    def gate(self) -> int:
        """Index of the gate, where cargo comes and goes by other means."""
        return len(self.modes)

    def family_of(self, bits: int) -> CorridorFamily | None:
        """The family a set of bits counts for; None for ways that belong to none."""
        chosen = [f for i, f in enumerate(self.families) if bits >> i & 1]
        return min(chosen, key=lambda family: family.priority) if chosen else None


def compile_corridor(
    network: Network, first_day: date, carriage: Carriage = CONTAINERS
) -> Corridor:
    """Compile what a kind of cargo can use of a network, with 180 days from `first_day`.

    Raises
    ------
    NetworkError
        A service calls at places that no open links join, or a time is missing.
    """
    tracks = Tracks(network.links.values())
    carrier_of = network.carrier_of_operator()
    modes = tuple(mode for mode in ORDER if mode in carriage.modes)
    mode_index = {mode: i for i, mode in enumerate(modes)}
    services = tuple(
        service
        for _, service in sorted(network.services.items())
        if service.status is ServiceStatus.OPEN and carriage.takes(service)
    )
    segments: list[Segment] = []
    first_segment: dict[str, int] = {}
    for service in services:
        first_segment[service.id] = len(segments)
        segments.extend(compile_segments(service, tracks, network.places, carrier_of))
    places = _touched(segments)
    index = {place: i for i, place in enumerate(places)}
    offices = Offices(
        network.hours, network.holidays, network.places, first_day - timedelta(days=1)
    )
    timed = tuple(_timed(segment, network, offices) for segment in segments)
    stop = {mode: network.performance.get("stop", mode_from=mode.value).duration for mode in modes}
    families = tuple(family for family in network.families if carriage.goes_by(family))
    dated = departures(services, network.places, first_day)
    by_service: dict[ServiceId, list[int]] = {}
    for i, departure in enumerate(dated):
        by_service.setdefault(departure.service, []).append(i)
    connections, departure_of = _connect(
        services, segments, timed, stop, first_segment, dated, by_service
    )
    segment_arrays = _segment_arrays(services, segments, index, mode_index, families)
    return Corridor(
        network=network,
        modes=modes,
        mode_index=mode_index,
        places=places,
        index=index,
        services=services,
        segments=tuple(segments),
        timed=timed,
        first_segment=first_segment,
        handovers=find_handovers(network, places, modes, segment_arrays),
        own_lines=OwnLines(network, services, segments),
        stop=stop,
        segment_arrays=segment_arrays,
        connections=connections,
        departures=dated,
        departure_of=departure_of,
        departures_by={
            service: tuple(dated[i] for i in chosen) for service, chosen in by_service.items()
        },
        offices=offices,
        families=families,
        timetable_hash=timetable_hash_of(dated),
    )


def _touched(segments: Sequence[Segment]) -> tuple[PlaceId, ...]:
    places: set[PlaceId] = set()
    for segment in segments:
        places.update((segment.from_place, segment.to_place))
        for run in segment.runs:
            places.update((run.from_place, run.to_place))
        places.update(e.place for e in segment.elements if isinstance(e, Event))
    return tuple(sorted(places))


def _timed(segment: Segment, network: Network, offices: Offices) -> tuple[TimedElement, ...]:
    out = []
    performance = network.performance
    for element in segment.elements:
        if isinstance(element, Run):
            sigma = performance.get("run", mode_from=element.mode.value).sigma
            service = network.services[segment.service]
            published = (segment.from_place, segment.to_place) in service.running_h
            estimate = (
                service.estimate
                if published
                else any(network.links[LinkId(link)].estimate for link in element.links)
            )
            duration = Duration(median_h=element.running_h, sigma=sigma)
            out.append(TimedElement(element=element, duration=duration, estimate=estimate))
        else:
            row = performance.get(
                element.activity,
                place=element.place,
                country=element.country,
                mode_from=element.mode.value,
            )
            office = office_of(element)
            openings = None if office is None else offices.find(element.place, office)
            # The row of a slot stands for the hours of a tunnel; where they are known, they count.
            waits = element.activity == "slot" and openings is not None
            out.append(
                TimedElement(
                    element=element,
                    duration=Duration(median_h=0.0, sigma=0.0) if waits else row.duration,
                    estimate=row.estimate,
                    office="" if office is None else office.value,
                    openings=openings,
                )
            )
    return tuple(out)


def office_of(event: Event) -> HoursActivity | None:
    """Give the office that has to be open for an event; None where nobody has to be there.

    The control of a ship is done at its berth, so it waits for the port.
    """
    if event.activity == "slot":
        return HoursActivity.TUNNEL
    if event.activity not in {"border-exit", "border-entry"}:
        return None
    if event.mode in AT_SEA:
        return HoursActivity.PORT
    return HoursActivity.BORDER_ROAD if event.mode is Mode.ROAD else HoursActivity.BORDER_RAIL


def arrivals_min(timed: Sequence[TimedElement], leaves_min: NDArray[np.int64]) -> NDArray[np.int64]:
    """Planned ends of a segment (D,) for departures that leave its first place then.

    Medians, in whole minutes from one closed office to the next, and the waits until those
    open; at least a minute.
    """
    at_min = leaves_min.astype(np.float64)
    hours = 0.0
    for each in timed:
        if each.openings is not None:
            at_min += round(60 * hours)
            at_min += each.openings.wait_min(at_min)
            hours = 0.0
        hours += each.duration.median_h
    at_min += round(60 * hours)
    return np.maximum(at_min.astype(np.int64), leaves_min + 1)


def connect(
    corridor: Corridor, dated: Sequence[Departure]
) -> tuple[ConnectionArrays, NDArray[np.int32], Mapping[ServiceId, tuple[Departure, ...]]]:
    """Put the segments of a corridor on other dates.

    Returns
    -------
    Connections, the index of the departure of each, and the departures by service.
    """
    by_service: dict[ServiceId, list[int]] = {}
    for i, departure in enumerate(dated):
        by_service.setdefault(departure.service, []).append(i)
    connections, departure_of = _connect(
        corridor.services,
        corridor.segments,
        corridor.timed,
        corridor.stop,
        corridor.first_segment,
        dated,
        by_service,
    )
    grouped = {name: tuple(dated[i] for i in chosen) for name, chosen in by_service.items()}
    return connections, departure_of, grouped


def _connect(
    services: Sequence[ScheduledService],
    segments: Sequence[Segment],
    timed: Sequence[Sequence[TimedElement]],
    stop: Mapping[Mode, Duration],
    first_segment: Mapping[str, int],
    dated: Sequence[Departure],
    by_service: Mapping[ServiceId, Sequence[int]],
) -> tuple[ConnectionArrays, NDArray[np.int32]]:
    """Put every segment of every departure on its dates, in order of departure."""
    columns: list[NDArray[np.int64]] = []
    for service in services:
        chosen = np.array(by_service.get(service.id, []), dtype=np.int64)
        leave = np.array([dated[i].departs_min for i in chosen], dtype=np.int64)
        s = first_segment[service.id]
        while s < len(segments) and segments[s].service == service.id:
            arrive = arrivals_min(timed[s], leave)
            columns.append(np.stack([leave, arrive, np.full_like(leave, s), chosen]))
            leave = arrive + round(60 * stop[service.mode].median_h)
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
    mode_index: Mapping[Mode, int],
    families: Sequence[CorridorFamily],
) -> SegmentArrays:
    number = {service.id: i for i, service in enumerate(services)}
    return SegmentArrays(
        service=np.array([number[s.service] for s in segments], dtype=np.int32),
        from_place=np.array([index[s.from_place] for s in segments], dtype=np.int32),
        to_place=np.array([index[s.to_place] for s in segments], dtype=np.int32),
        mode=np.array([mode_index[s.mode] for s in segments], dtype=np.int32),
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
            or str(segment.service) in family.services
        ):
            bits |= 1 << i
    return bits


def timetable_hash_of(dated: Sequence[Departure]) -> str:
    """Name a timetable by the hash of its departures."""
    digest = hashlib.sha256()
    for departure in dated:
        digest.update(f"{departure.id} {departure.departs_min}\n".encode())
    return digest.hexdigest()
