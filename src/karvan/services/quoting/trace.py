"""An itinerary of the search as people know it: legs, charges, and what happens in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter

from karvan.engines.compliance.documents import LegTrace, RouteTrace
from karvan.engines.compliance.regimes import ORIGIN, Opening, openings
from karvan.engines.pricing.charging import Charge
from karvan.engines.routing.front import Itinerary
from karvan.network.activities import (
    Activity,
    ClosureWait,
    Duration,
    Element,
    HoursKind,
    ItineraryPlan,
    Wait,
)
from karvan.network.passages import AT_SEA, Run, Segment
from karvan.network.patterns import ScheduledService
from karvan.network.places import PlaceId
from karvan.network.rules import RegimeRule
from karvan.network.timetable import Departure
from karvan.services.quoting.corridor import GATE_INDEX, MODE_INDEX, Corridor, TimedElement
from karvan.services.quoting.tariffs import NoRateFound, Tariffs, Zone, missing
from karvan.services.quoting.times import transfer_duration

_EVENT_KIND = {"gauge-change": HoursKind.HANDLING, "stop": HoursKind.HANDLING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What one departure carries the cargo over, without changing trains or ships."""

    service: ScheduledService
    departure: Departure
    segments: tuple[Segment, ...]
    timed: tuple[tuple[TimedElement, ...], ...]
    departs_min: int
    arrives_min: int

    @property
    def from_place(self) -> PlaceId:
        """Where the cargo boards."""
        return self.segments[0].from_place

    @property
    def to_place(self) -> PlaceId:
        """Where it alights."""
        return self.segments[-1].to_place

    @property
    def distance_km(self) -> float:
        """Length of the way."""
        return sum(segment.distance_km for segment in self.segments)


def legs_of(corridor: Corridor, itinerary: Itinerary) -> tuple[Leg, ...]:
    """Group the connections of an itinerary by departure."""
    groups: list[list[int]] = []
    for c in itinerary.connections:
        previous = int(corridor.connections.previous[c])
        if groups and previous >= 0 and groups[-1][-1] == previous:
            groups[-1].append(c)
        else:
            groups.append([c])
    return tuple(_leg(corridor, group) for group in groups)


def _leg(corridor: Corridor, group: Sequence[int]) -> Leg:
    indices = [int(corridor.connections.segment[c]) for c in group]
    departure = corridor.departures[int(corridor.departure_of[group[0]])]
    return Leg(
        service=corridor.network.services[departure.service],
        departure=departure,
        segments=tuple(corridor.segments[s] for s in indices),
        timed=tuple(corridor.timed[s] for s in indices),
        departs_min=int(corridor.connections.departs_min[group[0]]),
        arrives_min=int(corridor.connections.arrives_min[group[-1]]),
    )


class _Walk:
    """Charges along a way, gathered as the search does (`TariffArrays`).

    A zone's charge stays open while trains of that zone follow each other and falls due where
    the zone is left; its line stands where the zone was entered.
    """

    def __init__(self, tariffs: Tariffs) -> None:
        self._tariffs = tariffs
        self._lines: list[tuple[int, Charge]] = []
        self._zone: Zone | None = None
        self._entry = ""
        self._position = 0
        self.lacking: list[NoRateFound] = []

    def add(self, found: Charge | None) -> None:
        """Add a charge that is due at once."""
        if found is not None:
            self._lines.append((2 * len(self._lines) + 1, found))

    def close(self, end: str) -> None:
        """Leave the open zone at `end`: its charge falls due."""
        if self._zone is None:
            return
        found = self._tariffs.haul(self._zone, self._entry, end)
        if found is None:
            self.lacking.append(missing(self._zone, self._entry, end))
        else:
            self._lines.append((self._position, found))

    def is_in(self, zone: Zone) -> bool:
        """Say whether a zone's charge is open."""
        return self._zone == zone

    def enter(self, zone: Zone, entry: str) -> None:
        """Open the charge of a zone at `entry`."""
        self._zone, self._entry, self._position = zone, entry, 2 * len(self._lines)

    def charges(self) -> tuple[Charge, ...]:
        """All charges in the order of the way."""
        return tuple(found for _, found in sorted(self._lines, key=itemgetter(0)))


def charges_of(
    legs: Sequence[Leg],
    tariffs: Tariffs,
    rules: Mapping[str, RegimeRule],
) -> tuple[tuple[Charge, ...], tuple[NoRateFound, ...], tuple[Opening, ...]]:
    """Every charge along the legs in the order of the way, what had no rate, what was opened."""
    walk = _Walk(tariffs)
    opened: list[Opening] = []
    state = ORIGIN
    arriving = GATE_INDEX
    for leg in legs:
        mode = MODE_INDEX[leg.service.mode]
        for ordinal, segment in enumerate(leg.segments):
            first, *rest = tariffs.stretches(segment)
            joins = walk.is_in(first.zone)
            if not joins:
                walk.close(segment.from_place)
            if ordinal == 0:
                walk.add(tariffs.handling(leg.from_place, arriving, mode))
            if not joins:
                walk.enter(first.zone, segment.from_place)
            for part in rest:
                walk.close(part.from_place)
                walk.enter(part.zone, part.from_place)
            for each in tariffs.on_board(segment):
                walk.add(each)
            state, new = openings(state, segment, tariffs.corridor.network.places, rules)
            opened.extend(new)
            for opening in new:
                walk.add(tariffs.declaration(opening.place))
        arriving = mode
    if legs:
        walk.close(legs[-1].to_place)
        walk.add(tariffs.handling(legs[-1].to_place, arriving, GATE_INDEX))
    return walk.charges(), tuple(walk.lacking), tuple(opened)


def plan_of(corridor: Corridor, legs: Sequence[Leg], ready_min: int) -> ItineraryPlan:
    """Everything that happens from the gate of the origin to that of the destination."""
    elements: list[Element] = []
    arriving = GATE_INDEX
    for leg in legs:
        mode = MODE_INDEX[leg.service.mode]
        elements.append(_transfer(corridor, leg.from_place, arriving, mode, leg.departure.id))
        elements.extend(_boarding(corridor, leg))
        for ordinal, (segment, timed) in enumerate(zip(leg.segments, leg.timed, strict=True)):
            if ordinal:
                elements.append(_stop(corridor, leg, segment, ordinal))
            elements.extend(_on_board(corridor, leg, segment, timed))
        arriving = mode
    if legs:
        last = legs[-1]
        elements.append(_transfer(corridor, last.to_place, arriving, GATE_INDEX, last.departure.id))
    return ItineraryPlan(ready_min=ready_min, elements=tuple(elements))


def _transfer(corridor: Corridor, place: PlaceId, a: int, b: int, unit: str) -> Activity:
    duration = transfer_duration(corridor, place, a, b)
    return Activity(
        name="transfer",
        place=place,
        kind=HoursKind.HANDLING,
        duration=duration or Duration(median_h=0.0, sigma=0.0),
        unit=unit,
    )


def _stop(corridor: Corridor, leg: Leg, segment: Segment, ordinal: int) -> Activity:
    return Activity(
        name="stop",
        place=segment.from_place,
        kind=HoursKind.HANDLING,
        duration=corridor.stop[leg.service.mode],
        unit=f"{leg.departure.id}#{ordinal}",
    )


def _boarding(corridor: Corridor, leg: Leg) -> list[Element]:
    service = leg.service
    offset = leg.departs_min - leg.departure.departs_min
    planned: tuple[int, ...] = (leg.departs_min,)
    if not service.nominal:
        planned = tuple(
            d.departs_min + offset
            for d in corridor.departures
            if d.service == service.id and d.departs_min >= leg.departure.departs_min
        )
    out: list[Element] = [
        Wait(
            place=leg.from_place,
            service=service.id,
            cutoff_h=service.cutoff_h,
            departs_min=planned,
            headway_h=service.headway_h,
            headway_cv=service.headway_cv,
            unit=leg.departure.id,
        )
    ]
    if service.mode in AT_SEA:
        out.extend(_closure(corridor, leg.from_place, leg.departs_min))
    return out


def _closure(corridor: Corridor, place: PlaceId, minute: int) -> list[Element]:
    row = corridor.network.performance.find_weather(place)
    if row is None:
        return []
    day = datetime.fromtimestamp(minute * 60, tz=UTC).date().isoformat()
    return [
        ClosureWait(
            place=place,
            closed_share=row.closed_share,
            duration=row.duration,
            unit=f"{row.id}:{day}",
        )
    ]


def _on_board(
    corridor: Corridor, leg: Leg, segment: Segment, timed: Sequence[TimedElement]
) -> list[Element]:
    out: list[Element] = []
    for i, each in enumerate(timed):
        element = each.element
        unit = f"{leg.departure.id}#{segment.ordinal}.{i}"
        if isinstance(element, Run):
            out.append(
                Activity(
                    name="run",
                    place=element.to_place,
                    kind=HoursKind.MOVING,
                    duration=each.duration,
                    unit=unit,
                )
            )
            if segment.mode in AT_SEA and element.to_place == segment.to_place:
                out.extend(_closure(corridor, segment.to_place, leg.arrives_min))
        else:
            out.append(
                Activity(
                    name=element.activity,
                    place=element.place,
                    kind=_EVENT_KIND.get(element.activity, HoursKind.WAITING),
                    duration=each.duration,
                    unit=unit,
                )
            )
    return out


def trace_of(corridor: Corridor, legs: Sequence[Leg], opened: Sequence[Opening]) -> RouteTrace:
    """The route as document rules see it."""
    places = corridor.network.places
    traces = tuple(
        LegTrace(
            mode=leg.service.mode.value,
            from_place=leg.from_place,
            to_place=leg.to_place,
            territories=tuple(
                dict.fromkeys(
                    territory
                    for segment in leg.segments
                    for territory in (
                        places[segment.from_place].customs_territory,
                        *segment.entered,
                        places[segment.to_place].customs_territory,
                    )
                )
            ),
            countries=tuple(
                dict.fromkeys(c for segment in leg.segments for c in segment.countries)
            ),
        )
        for leg in legs
    )
    return RouteTrace(
        origin=legs[0].from_place,
        places=_passed(legs),
        legs=traces,
        openings=tuple(opened),
        sea_entries=tuple(
            (segment.to_place, territory)
            for leg in legs
            if leg.service.mode in AT_SEA
            for segment in leg.segments
            for territory in segment.entered
        ),
        leaves_territory=any(segment.entered for leg in legs for segment in leg.segments),
    )


def _passed(legs: Sequence[Leg]) -> tuple[str, ...]:
    """Every place on the way, in order."""
    passed: list[str] = []
    for leg in legs:
        for segment in leg.segments:
            passed.append(segment.from_place)
            passed.extend(
                element.to_place if isinstance(element, Run) else element.place
                for element in segment.elements
            )
    return tuple(dict.fromkeys(passed))
