"""Segments and what happens on board: runs, borders, gauge changes, slots.

A service names its calls; the track between two calls is the fastest chain of open links of
its mode. Walking that chain gives, mechanically, every border crossed, every gauge change and
every carrier whose track is used. Borders are activities of places, never of links, and a
gauge change happens once: westbound at the 1520 side, eastbound at the 1435 side.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from karvan.domain.errors import NetworkError
from karvan.network.links import Link, LinkStatus, Mode
from karvan.network.patterns import CarrierId, ScheduledService, ServiceId
from karvan.network.places import Place, PlaceId

#: Link modes a service of each mode may run on.
RUNS_ON: Final[Mapping[Mode, frozenset[Mode]]] = {
    Mode.RAIL: frozenset({Mode.RAIL}),
    Mode.ROAD: frozenset({Mode.ROAD}),
    Mode.RAIL_FERRY: frozenset({Mode.RAIL_FERRY}),
    Mode.RORO: frozenset({Mode.RORO}),
    Mode.FEEDER: frozenset({Mode.FEEDER}),
    Mode.DEEP_SEA: frozenset({Mode.DEEP_SEA, Mode.CANAL}),
    Mode.TANKER: frozenset({Mode.TANKER}),
    Mode.BULK: frozenset({Mode.BULK}),
    Mode.CHARTERED_SHIP: frozenset({Mode.CHARTERED_SHIP}),
    Mode.PIPELINE: frozenset({Mode.PIPELINE}),
}

#: Modes on which the goods are at sea between their calls.
AT_SEA: Final = frozenset(
    {
        Mode.RAIL_FERRY,
        Mode.RORO,
        Mode.FEEDER,
        Mode.DEEP_SEA,
        Mode.CANAL,
        Mode.TANKER,
        Mode.BULK,
        Mode.CHARTERED_SHIP,
    }
)

BROAD_MM: Final = 1520

#: Kind of place at which a train or ship of a mode waits for its turn: the tunnel under the
#: Bosphorus, and the strait for tankers, whose large ships pass by daylight.
_NARROWS: Final[Mapping[Mode, str]] = {
    Mode.RAIL: "rail_bottleneck",
    Mode.TANKER: "chokepoint",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Moving from place to place under one carrier without anything in between.

    `carrier` is whose tariff applies (a railway by its track, else the operator).
    """

    from_place: PlaceId
    to_place: PlaceId
    carrier: CarrierId
    mode: Mode
    distance_km: float
    running_h: float
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something done to the train or ship at a place while the cargo stays on board.

    Attributes
    ----------
    activity
        `border-exit`, `border-entry`, `union-border`, `gauge-change` or `slot`.
    country
        Whose side of a border it is; the place's country otherwise.
    """

    activity: str
    place: PlaceId
    country: str
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A service between two neighbouring cargo calls.

    Attributes
    ----------
    countries, entered
        Countries touched in order, and customs territories entered over a border in order.
    """

    service: ServiceId
    ordinal: int
    from_place: PlaceId
    to_place: PlaceId
    mode: Mode
    elements: tuple[Run | Event, ...]
    distance_km: float
    countries: tuple[str, ...]
    entered: tuple[str, ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The moving parts, in order."""
        return tuple(e for e in self.elements if isinstance(e, Run))

    @property
    def passes(self) -> frozenset[str]:
        """Ids of every place and link on the way."""
        ids = {str(self.from_place), str(self.to_place)}
        for element in self.elements:
            if isinstance(element, Run):
                ids.update(element.links)
                for link in element.links:
                    ends, _, _ = link.partition(":")
                    ids.update(ends.split("--"))
            else:
                ids.add(element.place)
        return frozenset(ids)


class Tracks:
    """Open links as a graph by mode, with fastest chains remembered."""

    def __init__(self, links: Iterable[Link]) -> None:
        self._out: dict[tuple[Mode, PlaceId], list[Link]] = {}
        for link in sorted(links, key=lambda each: each.id):
            if link.status is LinkStatus.OPEN and link.running_h is not None:
                self._out.setdefault((link.mode, link.from_place), []).append(link)
        self._known: dict[tuple[PlaceId, PlaceId, Mode], tuple[Link, ...]] = {}

    def chain(self, start: PlaceId, end: PlaceId, mode: Mode) -> tuple[Link, ...]:
        """Fastest chain of open links for a service of this mode.

        A train may also use a train ferry that joins the two calls directly.

        Raises
        ------
        NetworkError
            No chain of open links joins them.
        """
        key = (start, end, mode)
        if key not in self._known:
            found = self._direct_ferry(start, end) if mode is Mode.RAIL else None
            self._known[key] = found or self._fastest(start, end, RUNS_ON[mode])
        return self._known[key]

    def _direct_ferry(self, start: PlaceId, end: PlaceId) -> tuple[Link, ...] | None:
        for link in self._out.get((Mode.RAIL_FERRY, start), ()):
            if link.to_place == end:
                return (link,)
        return None

    def _fastest(self, start: PlaceId, end: PlaceId, modes: frozenset[Mode]) -> tuple[Link, ...]:
        came: dict[PlaceId, Link | None] = {}
        queue: list[tuple[float, PlaceId, Link | None]] = [(0.0, start, None)]
        order = sorted(modes)
        while queue:
            hours, place, link = heapq.heappop(queue)
            if place in came:
                continue
            came[place] = link
            if place == end:
                break
            for mode in order:
                for onward in self._out.get((mode, place), ()):
                    if onward.to_place not in came and onward.running_h is not None:
                        heapq.heappush(queue, (hours + onward.running_h, onward.to_place, onward))
        if end not in came:
            raise NetworkError("no open links join two calls", from_place=start, to_place=end)
        back: list[Link] = []
        at = end
        while (step := came[at]) is not None:
            back.append(step)
            at = step.from_place
        return tuple(reversed(back))


def compile_segments(
    service: ScheduledService,
    tracks: Tracks,
    places: Mapping[PlaceId, Place],
    carrier_of: Mapping[str, CarrierId],
) -> tuple[Segment, ...]:
    """Cut a service into segments with everything that happens on board.

    Parameters
    ----------
    tracks
        The open links.
    carrier_of
        Carrier of each operator name in the link table; railways are charged by track.

    Raises
    ------
    NetworkError
        Two calls are not joined, or an operator is unknown.
    """
    chain: list[Link] = []
    stops = [0]
    for before, after in pairwise(service.calls):
        chain.extend(tracks.chain(before.place, after.place, service.mode))
        if after.boards:
            stops.append(len(chain))
    arriving, leaving = _events(service, chain, places)
    segments = []
    for ordinal, (i, j) in enumerate(pairwise(stops)):
        elements: list[Run | Event] = list(leaving[i])
        for k in range(i, j):
            elements.append(_run(service, chain[k], carrier_of))
            elements.extend(arriving[k + 1])
            if k + 1 < j:
                elements.extend(leaving[k + 1])
        segments.append(_segment(service, ordinal, _joined(elements), chain[i:j], places))
    return tuple(segments)


def _run(service: ScheduledService, link: Link, carrier_of: Mapping[str, CarrierId]) -> Run:
    if service.mode is Mode.RAIL:
        if link.operator not in carrier_of:
            raise NetworkError("no carrier for this operator", link=link.id, operator=link.operator)
        track = carrier_of[link.operator]
        carrier = service.joint_rate.get(track, track)
    else:
        carrier = service.operator
    return Run(
        from_place=link.from_place,
        to_place=link.to_place,
        carrier=carrier,
        mode=link.mode,
        distance_km=link.length_km,
        running_h=link.running_h or 0.0,
        links=(link.id,),
    )


def _joined(elements: Sequence[Run | Event]) -> tuple[Run | Event, ...]:
    """Join neighbouring runs of one carrier and mode."""
    out: list[Run | Event] = []
    for element in elements:
        last = out[-1] if out else None
        if (
            isinstance(element, Run)
            and isinstance(last, Run)
            and (last.carrier, last.mode) == (element.carrier, element.mode)
        ):
            out[-1] = Run(
                from_place=last.from_place,
                to_place=element.to_place,
                carrier=last.carrier,
                mode=last.mode,
                distance_km=last.distance_km + element.distance_km,
                running_h=last.running_h + element.running_h,
                links=last.links + element.links,
            )
        else:
            out.append(element)
    return tuple(out)


def _segment(
    service: ScheduledService,
    ordinal: int,
    elements: tuple[Run | Event, ...],
    chain: Sequence[Link],
    places: Mapping[PlaceId, Place],
) -> Segment:
    start, end = chain[0].from_place, chain[-1].to_place
    at = [start, *(link.to_place for link in chain)]
    if service.mode in AT_SEA:
        at = [start, end]
    countries = tuple(dict.fromkeys(places[p].country for p in at))
    published = service.running_h.get((start, end))
    if published is not None:
        total = sum(e.running_h for e in elements if isinstance(e, Run))
        elements = tuple(
            _scaled(e, published / total) if isinstance(e, Run) else e for e in elements
        )
    return Segment(
        service=service.id,
        ordinal=ordinal,
        from_place=start,
        to_place=end,
        mode=service.mode,
        elements=elements,
        distance_km=sum(link.length_km for link in chain),
        countries=countries,
        entered=tuple(
            places[e.place].customs_territory
            for e in elements
            if isinstance(e, Event) and e.activity == "border-entry"
        ),
    )


def _scaled(run: Run, factor: float) -> Run:
    return Run(
        from_place=run.from_place,
        to_place=run.to_place,
        carrier=run.carrier,
        mode=run.mode,
        distance_km=run.distance_km,
        running_h=run.running_h * factor,
        links=run.links,
    )


EventLists = dict[int, list[Event]]


def _events(
    service: ScheduledService, chain: Sequence[Link], places: Mapping[PlaceId, Place]
) -> tuple[EventLists, EventLists]:
    """Events by node of the chain: on arriving at it, and on leaving it."""
    nodes = range(len(chain) + 1)
    arriving: EventLists = {i: [] for i in nodes}
    leaving: EventLists = {i: [] for i in nodes}

    def event(activity: str, place: PlaceId) -> Event:
        return Event(
            activity=activity, place=place, country=places[place].country, mode=service.mode
        )

    ends = [(k, k + 1, link.from_place, link.to_place) for k, link in enumerate(chain)]
    if service.mode in AT_SEA:
        ends = _sea_passages(service, chain)
    for i, j, start, end in ends:
        a, b = places[start], places[end]
        if a.country == b.country:
            continue
        if a.customs_territory == b.customs_territory:
            arriving[j].append(event("union-border", end))
        else:
            leaving[i].append(event("border-exit", start))
            arriving[j].append(event("border-entry", end))
    if service.mode is Mode.RAIL:
        for node, on_arrival in _gauge_changes(chain, places):
            place = chain[node - 1].to_place if node else chain[0].from_place
            (arriving if on_arrival else leaving)[node].append(event("gauge-change", place))
    narrow = _NARROWS.get(service.mode)
    for k, link in enumerate(chain[:-1]):
        if narrow is not None and places[link.to_place].kind == narrow:
            leaving[k + 1].append(event("slot", link.to_place))
    return arriving, leaving


def _sea_passages(
    service: ScheduledService, chain: Sequence[Link]
) -> list[tuple[int, int, PlaceId, PlaceId]]:
    """A ship crosses borders at its calls only, whatever straits it passes."""
    boards = {call.place for call in service.calls if call.boards}
    out: list[tuple[int, int, PlaceId, PlaceId]] = []
    start = 0
    for k, link in enumerate(chain):
        if link.to_place in boards:
            out.append((start, k + 1, chain[start].from_place, link.to_place))
            start = k + 1
    return out


def _gauge_changes(
    chain: Sequence[Link], places: Mapping[PlaceId, Place]
) -> list[tuple[int, bool]]:
    """Nodes of the chain at which the gauge changes, and whether on arrival there.

    Over a border with both gauges the change is at the 1520 side westbound and at the 1435
    side eastbound.
    """
    changes: list[tuple[int, bool]] = []
    current = set(chain[0].gauges) if chain else set()
    for k in range(1, len(chain)):
        onward = set(chain[k].gauges)
        if not onward or not current or current & onward:
            current = (current & onward) or onward or current
            continue
        node, on_arrival = k, True
        before = chain[k - 1]
        if len(before.gauges) > 1:
            west = places[before.to_place].lon_deg < places[before.from_place].lon_deg
            if (BROAD_MM in current) == west:
                node, on_arrival = k - 1, False
        changes.append((node, on_arrival))
        current = onward
    return changes
