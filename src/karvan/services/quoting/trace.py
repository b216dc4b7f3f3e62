"""An itinerary of the search as people know it: legs, charges, and what happens in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from karvan.engines.compliance.documents import LegTrace, RouteTrace
from karvan.engines.compliance.regimes import ORIGIN, Opening, openings
from karvan.engines.pricing.charging import Charge
from karvan.engines.routing.itinerary import Itinerary
from karvan.network.passages import AT_SEA, Run, Segment
from karvan.network.patterns import ScheduledService
from karvan.network.places import PlaceId
from karvan.network.rules import RegimeRule
from karvan.network.tariff_arrays import NATIONAL
from karvan.network.timetable import Departure
from karvan.services.quoting.corridor import Corridor, TimedElement
from karvan.services.quoting.tariffs import NoRateFound, Tariffs, Zone, missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What one departure carries the cargo over, without changing trains or ships.

    `indices` are those of its segments in the corridor, `systems` the tariff systems that they
    are charged under.
    """

    service: ScheduledService
    departure: Departure
    segments: tuple[Segment, ...]
    indices: tuple[int, ...]
    timed: tuple[tuple[TimedElement, ...], ...]
    systems: tuple[int, ...]
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
    groups: list[list[tuple[int, int]]] = []
    for c, system in zip(itinerary.connections, itinerary.systems, strict=True):
        previous = int(corridor.connections.previous[c])
        if groups and previous >= 0 and groups[-1][-1][0] == previous:
            groups[-1].append((c, system))
        else:
            groups.append([(c, system)])
    return tuple(_leg(corridor, group) for group in groups)


def _leg(corridor: Corridor, ridden: Sequence[tuple[int, int]]) -> Leg:
    group = [c for c, _ in ridden]
    indices = tuple(corridor.connections.segment[group].tolist())
    departure = corridor.departures[int(corridor.departure_of[group[0]])]
    return Leg(
        service=corridor.network.services[departure.service],
        departure=departure,
        segments=tuple(corridor.segments[s] for s in indices),
        indices=indices,
        timed=tuple(corridor.timed[s] for s in indices),
        systems=tuple(system for _, system in ridden),
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

    def add(self, found: Iterable[Charge] | None, place: str) -> None:
        """Add charges that are due at once; None where the book has no rate for them."""
        if found is None:
            self.lacking.append(self._tariffs.missing_at(place))
            return
        for each in found:
            self._lines.append((2 * len(self._lines) + 1, each))

    def close(self, end: str) -> None:
        """Leave the open zone at `end`: its charge falls due."""
        if self._zone is None:
            return
        found = self._tariffs.haul(self._zone, self._entry, end)
        if found is None:
            self.lacking.append(missing(self._zone, self._entry, end))
        else:
            self._lines.extend((self._position, each) for each in found)

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
    corridor = tariffs.corridor
    arriving = corridor.gate
    for leg in legs:
        mode = corridor.mode_index[leg.service.mode]
        ridden = zip(leg.segments, leg.systems, strict=True)
        for ordinal, (segment, system) in enumerate(ridden):
            first, *rest = tariffs.stretches(segment, system)
            joins = walk.is_in(first.zone)
            if not joins:
                walk.close(segment.from_place)
            if ordinal == 0:
                open_joint = system if joins and first.zone.is_joint else NATIONAL
                walk.add(
                    tariffs.handling(leg.from_place, arriving, mode, open_joint), leg.from_place
                )
            if not joins:
                walk.enter(first.zone, segment.from_place)
            for part in rest:
                walk.close(part.from_place)
                walk.enter(part.zone, part.from_place)
            walk.add(tariffs.on_board(segment, system), segment.from_place)
            state, new = openings(state, segment, corridor.network.places, rules)
            opened.extend(new)
            for opening in new:
                walk.add(tariffs.declaration(opening.place), opening.place)
        arriving = mode
    if legs:
        walk.close(legs[-1].to_place)
        walk.add(tariffs.handling(legs[-1].to_place, arriving, corridor.gate), legs[-1].to_place)
    return walk.charges(), tuple(walk.lacking), tuple(opened)


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
