"""What happens to cargo along an itinerary, in order, as the transit-time engine samples it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

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
from karvan.network.places import PlaceId
from karvan.services.quoting.corridor import GATE_INDEX, MODE_INDEX, Corridor, TimedElement
from karvan.services.quoting.times import transfer_duration
from karvan.services.quoting.trace import Leg

_EVENT_KIND = {"gauge-change": HoursKind.HANDLING, "stop": HoursKind.HANDLING}


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
