"""What happens to cargo along an itinerary, in order, as the transit-time engine samples it.

A plan has a planned clock: each element is reached on some planned day, and it is this day
that says which storm or which crowd it shares with other cargo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from karvan.network.activities import (
    Activity,
    ClosureWait,
    Duration,
    Element,
    HoursKind,
    ItineraryPlan,
    Note,
    OfficeWait,
    ReopeningWait,
    Shared,
    Wait,
)
from karvan.network.opening_hours import HoursActivity
from karvan.network.openings import Openings
from karvan.network.passages import AT_SEA, Event, Run, Segment
from karvan.network.performance import FactorKind
from karvan.network.places import PlaceId, PlaceKind
from karvan.network.timetable import Departure
from karvan.services.quoting.corridor import Corridor, TimedElement
from karvan.services.quoting.reopenings import Reopenings, is_certain
from karvan.services.quoting.trace import Leg

_EVENT_KIND: Final = {"gauge-change": HoursKind.HANDLING, "stop": HoursKind.HANDLING}

#: Places whose customs office is that of the border or the port, and keeps its hours.
_ON_THE_BORDER: Final = frozenset({PlaceKind.BORDER, PlaceKind.SEAPORT})

#: Parts of plans kept by a planner: legs, and what happens between them.
_KEPT_PARTS: Final = 4_096

Step = tuple[Element, bool]
HasRoom = Callable[[Departure], bool]


def everything_has_room(_: Departure) -> bool:
    """Say that a departure has room: nothing is known of bookings yet."""
    return True


@dataclass(slots=True)
class _Part:
    """Elements in the making, with whether each is an estimate, and the planned clock."""

    at_min: float
    steps: list[Step]

    def add(self, element: Element, *, estimate: bool, median_h: float = 0.0) -> None:
        self.steps.append((element, estimate))
        self.at_min += 60 * median_h

    def wait_for(self, place: str, office: str, openings: Openings | None) -> None:
        """Wait for an office, if it is ever shut."""
        if openings is None:
            return
        element = OfficeWait(place=place, office=office, openings=openings)
        self.add(element, estimate=openings.estimate)
        self.at_min = openings.next_min(self.at_min)

    def wait_until_open(self, waits: Sequence[ReopeningWait]) -> None:
        """Wait for what is closed for a time; as planned it is open again."""
        for each in waits:
            self.add(each, estimate=not is_certain(each))


class Planner:
    """Makes the plans of one corridor; what legs have in common is made once.

    Parameters
    ----------
    has_room
        Whether a published departure still takes this cargo. A full one is passed over, so a
        missed departure means the next one with room.
    closed
        What is closed or restricted for a time; None where nothing is.
    """

    def __init__(
        self,
        corridor: Corridor,
        has_room: HasRoom = everything_has_room,
        closed: Reopenings | None = None,
    ) -> None:
        self._corridor = corridor
        self._has_room = has_room
        self._closed = closed
        self._parts: dict[tuple[object, ...], tuple[Step, ...]] = {}

    def plan(self, legs: Sequence[Leg], ready_min: int, *, plants: bool = False) -> ItineraryPlan:
        """Give everything that happens from the gate of the origin to that of the destination.

        Parameters
        ----------
        plants
            Whether the goods are inspected as plants, on the way and where they begin.
        """
        steps: list[Step] = []
        notes: list[Note] = []
        at_min, arriving = ready_min, self._corridor.gate
        abroad = any(segment.entered for leg in legs for segment in leg.segments)
        for number, leg in enumerate(legs):
            mode = self._corridor.mode_index[leg.service.mode]
            made = [
                *(self._origin(leg.from_place, at_min, plants=plants) if abroad else ()),
                *self._transfer(leg.from_place, arriving, mode, leg.departure.id, at_min),
                *self._leg(leg, plants=plants),
            ]
            abroad = False
            at_min, arriving = leg.arrives_min, mode
            if leg is legs[-1]:
                end = leg.to_place
                made += self._transfer(end, arriving, self._corridor.gate, leg.departure.id, at_min)
            steps += made
            notes += [Note(leg=number, estimate=estimate) for _, estimate in made]
        return ItineraryPlan(
            ready_min=ready_min, elements=tuple(e for e, _ in steps), notes=tuple(notes)
        )

    def _origin(self, place: PlaceId, at_min: int, *, plants: bool) -> list[Step]:
        """Seal and declaration of goods that leave their customs territory.

        On the border and in a port the control of the border does it.
        """
        if self._corridor.network.places[place].kind in _ON_THE_BORDER:
            return []
        part = _Part(at_min, [])
        for office in (HoursActivity.PHYTO,) * plants + (HoursActivity.CUSTOMS,):
            part.wait_for(place, office.value, self._corridor.offices.find(place, office))
        return part.steps

    def _transfer(self, place: PlaceId, a: int, b: int, unit: str, at_min: int) -> tuple[Step, ...]:
        """Handling from mode a to mode b; where one of them is at sea, when the port works."""
        port = None
        modes = self._corridor.modes
        if any(mode < len(modes) and modes[mode] in AT_SEA for mode in (a, b)):
            port = self._corridor.offices.find(place, HoursActivity.PORT)
        # Without a port the planned clock matters by its day alone.
        key = (place, a, b, unit, at_min // (24 * 60) if port is None else at_min)
        found = self._parts.get(key)
        return found or self._keep(key, self._handling(place, a, b, unit, at_min, port))

    def _handling(
        self, place: PlaceId, a: int, b: int, unit: str, at_min: int, port: Openings | None
    ) -> tuple[Step, ...]:
        part = _Part(at_min, [])
        part.wait_for(place, HoursActivity.PORT.value, port)
        row = self._corridor.handovers[self._corridor.index[place], a, b]
        activity = Activity(
            name="transfer",
            place=place,
            kind=HoursKind.HANDLING,
            duration=Duration(median_h=0.0, sigma=0.0) if row is None else row.duration,
            unit=unit,
            shared=self._common(FactorKind.PLACE, place, part.at_min),
        )
        part.add(activity, estimate=row is None or row.estimate)
        return tuple(part.steps)

    def _leg(self, leg: Leg, *, plants: bool) -> tuple[Step, ...]:
        ends = (leg.segments[0].ordinal, leg.segments[-1].ordinal)
        key = (leg.departure.id, *ends, plants)
        found = self._parts.get(key)
        if found is not None:
            return found
        part = _Part(leg.departs_min, [])
        self._boarding(part, leg)
        for i, (segment, timed) in enumerate(zip(leg.segments, leg.timed, strict=True)):
            if i:
                self._stop(part, leg, segment, i)
            for k, each in enumerate(timed):
                unit = f"{leg.departure.id}#{segment.ordinal}.{k}"
                if self._closed is not None:
                    part.wait_until_open(self._closed.before(each.element, leg.from_place))
                if isinstance(each.element, Run):
                    self._run(part, leg, segment, each, each.element, unit)
                else:
                    self._event(part, each, each.element, unit, plants=plants)
        return self._keep(key, tuple(part.steps))

    def _boarding(self, part: _Part, leg: Leg) -> None:
        service = leg.service
        offset = leg.departs_min - leg.departure.departs_min
        planned: tuple[int, ...] = (leg.departs_min,)
        # What a carrier published has its times, whatever the pattern of its service.
        nominal = leg.departure.nominal
        if not nominal:
            planned = tuple(
                d.departs_min + offset
                for d in self._corridor.departures_by[service.id]
                if d.departs_min >= leg.departure.departs_min
                and (d.id == leg.departure.id or self._takes(d))
            )
        shut: tuple[ReopeningWait, ...] = ()
        seldom = 1.0
        if self._closed is not None:
            shut = self._closed.waits((service.id, leg.from_place), leg.from_place)
            seldom = self._closed.times_as_seldom(leg)
        wait = Wait(
            place=leg.from_place,
            service=service.id,
            cutoff_h=service.cutoff_h,
            departs_min=planned,
            headway_h=service.headway_h * seldom if nominal and service.headway_h else None,
            headway_cv=service.headway_cv,
            unit=leg.departure.id,
        )
        # Before the departure that is waited for, and again when that one is to leave.
        part.wait_until_open(shut)
        part.add(wait, estimate=service.estimate)
        part.wait_until_open(shut)
        if service.mode in AT_SEA:
            self._closure(part, leg.from_place, leg.departs_min)

    def _takes(self, departure: Departure) -> bool:
        goes = self._closed is None or self._closed.goes(departure)
        return goes and self._has_room(departure)

    def _closure(self, part: _Part, place: PlaceId, minute: int) -> None:
        performance = self._corridor.network.performance
        row = performance.find_weather(place)
        if row is None:
            return
        day = datetime.fromtimestamp(minute * 60, tz=UTC).date().isoformat()
        common = performance.find_factor(FactorKind.WEATHER, place)
        closure = ClosureWait(
            place=place,
            closed_share=row.closed_share,
            duration=row.duration,
            unit=f"{row.id}:{day}",
            # Ports of one region are closed by the same storm, whatever the ships suffer of it.
            shared=None if common is None else common.on(place, minute, share=1.0),
        )
        part.add(closure, estimate=row.estimate)

    def _stop(self, part: _Part, leg: Leg, segment: Segment, number: int) -> None:
        stop = self._corridor.stop[leg.service.mode]
        activity = Activity(
            name="stop",
            place=segment.from_place,
            kind=HoursKind.HANDLING,
            duration=stop,
            unit=f"{leg.departure.id}#{number}",
            shared=self._common(FactorKind.PLACE, segment.from_place, part.at_min),
        )
        part.add(activity, estimate=True, median_h=stop.median_h)

    def _run(
        self, part: _Part, leg: Leg, segment: Segment, timed: TimedElement, run: Run, unit: str
    ) -> None:
        activity = Activity(
            name="run",
            place=run.to_place,
            kind=HoursKind.MOVING,
            duration=timed.duration,
            unit=unit,
            shared=self._crossing(segment, part.at_min),
        )
        part.add(activity, estimate=timed.estimate, median_h=timed.duration.median_h)
        if segment.mode in AT_SEA and run.to_place == segment.to_place:
            self._closure(part, segment.to_place, leg.arrives_min)

    def _event(
        self, part: _Part, timed: TimedElement, event: Event, unit: str, *, plants: bool
    ) -> None:
        name, place = event.activity, event.place
        part.wait_for(place, timed.office, timed.openings)
        if plants and name in {"border-exit", "border-entry"}:
            office = HoursActivity.PHYTO
            own = self._corridor.offices.find(place, office, own=True)
            part.wait_for(place, office.value, own)
        if name == "slot" and timed.openings is not None:
            return
        activity = Activity(
            name=name,
            place=place,
            kind=_EVENT_KIND.get(name, HoursKind.WAITING),
            duration=timed.duration,
            unit=unit,
            shared=self._common(FactorKind.PLACE, place, part.at_min),
        )
        part.add(activity, estimate=timed.estimate, median_h=timed.duration.median_h)

    def _crossing(self, segment: Segment, at_min: float) -> Shared | None:
        """The weather of the port a ship leaves; where that has none, of the port it makes for."""
        if segment.mode not in AT_SEA:
            return None
        leaving = self._common(FactorKind.WEATHER, segment.from_place, at_min)
        return leaving or self._common(FactorKind.WEATHER, segment.to_place, at_min)

    def _common(self, kind: FactorKind, place: PlaceId, at_min: float) -> Shared | None:
        row = self._corridor.network.performance.find_factor(kind, place)
        return None if row is None else row.on(place, int(at_min))

    def _keep(self, key: tuple[object, ...], steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if len(self._parts) >= _KEPT_PARTS:
            self._parts.clear()
        self._parts[key] = steps
        return steps
