"""What a situation does to the times of a way: waits for reopenings, departures more seldom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from karvan.domain.instants import from_minutes
from karvan.engines.compliance.documents import Advice
from karvan.network.activities import ReopeningWait
from karvan.network.links import LinkId
from karvan.network.network import Network
from karvan.network.passages import Event, Run
from karvan.network.patterns import CarrierId, ServiceId
from karvan.network.places import PlaceId
from karvan.network.situation import DatedClosure, ids_closed
from karvan.network.timetable import HORIZON_DAYS, Departure
from karvan.services.quoting.corridor import Corridor
from karvan.services.quoting.suspending import Suspension, end_min
from karvan.services.quoting.trace import Leg

#: Until further notice is as long as a timetable.
_LONGEST_MIN: Final = HORIZON_DAYS * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopenings:
    """The closures that touch a corridor, for whoever plans a way over it.

    Attributes
    ----------
    closures
        Each with the ids that it closes.
    left_out
        Departures that do not go because capacity is lost.
    now_min
        Since when the intervals are looked at.
    """

    closures: tuple[tuple[DatedClosure, frozenset[str]], ...]
    left_out: frozenset[str]
    now_min: int

    @classmethod
    def of(cls, corridor: Corridor, suspension: Suspension, now_min: int) -> Reopenings:
        """Take them from what is suspended of a corridor that is whole."""
        lost = [i for i, each in enumerate(suspension.closures, start=1) if not each.is_closed]
        gone = corridor.departure_of[np.isin(suspension.by, lost)]
        network = corridor.network
        return cls(
            closures=tuple(
                (each, ids_closed(network, each.target)) for each in suspension.closures
            ),
            left_out=frozenset(corridor.departures[int(d)].id for d in gone),
            now_min=now_min,
        )

    def goes(self, departure: Departure) -> bool:
        """Say whether a departure goes, as far as capacity is lost."""
        return departure.id not in self.left_out

    def waits(self, ids: Collection[str], place: str) -> tuple[ReopeningWait, ...]:
        """Waits of who comes to `place` to go by things with these ids."""
        return tuple(
            self._wait(closure, place)
            for closure, closed in self.closures
            if closure.is_closed and not closed.isdisjoint(ids)
        )

    def before(self, element: Run | Event, origin: str) -> tuple[ReopeningWait, ...]:
        """Waits before a part of a leg that begins at `origin`, which was waited for."""
        if isinstance(element, Event):
            return self.waits({element.place} - {origin}, element.place)
        ends = {end for link in element.links for end in link.partition(":")[0].split("--")}
        return self.waits({*element.links, *ends} - {origin}, element.from_place)

    def times_as_seldom(self, leg: Leg) -> float:
        """How much longer the gaps between departures are when a leg departs; 1 as usual."""
        lost = [
            closure.share_lost
            for closure, closed in self.closures
            if not closure.is_closed
            and closure.from_min <= leg.departs_min < end_min(closure, self.now_min)
            and not closed.isdisjoint(_passed(leg))
        ]
        return 1 / (1 - max(lost, default=0.0))

    def advice(self, network: Network, legs: Sequence[Leg]) -> tuple[Advice, ...]:
        """What to know about closures on a way."""
        ids = {each for leg in legs for each in _passed(leg)}
        return tuple(
            Advice(
                code="closed" if closure.is_closed else "restricted",
                message=closure_in_words(network, closure),
                rule=closure.id,
                source=("situation",),
            )
            for closure, closed in self.closures
            if not closed.isdisjoint(ids)
        )

    def _wait(self, closure: DatedClosure, place: str) -> ReopeningWait:
        if closure.reopening is None:
            late = max(self.now_min, closure.from_min) + _LONGEST_MIN
            low = likely = high = late
        else:
            seen = closure.reopening.seen_at(max(self.now_min, closure.from_min))
            low, likely, high = seen.low_min, seen.likely_min, seen.high_min
        return ReopeningWait(
            place=place,
            from_min=closure.from_min,
            low_min=low,
            likely_min=likely,
            high_min=high,
            unit=closure.id,
        )


def is_certain(wait: ReopeningWait) -> bool:
    """Say whether the reopening is known to the minute."""
    return wait.low_min == wait.high_min


def closure_in_words(network: Network, closure: DatedClosure) -> str:
    """A closure in one sentence, times in UTC."""
    row = network.rules.causes.get(closure.cause)
    cause = closure.cause if row is None else row.name
    lost = "closed" if closure.is_closed else f"at {1 - closure.share_lost:.0%} of its capacity"
    end = closure.reopening
    if end is None:
        opens = "until further notice"
    elif end.low_min == end.high_min:
        opens = f"until {_told(end.high_min)} UTC"
    else:
        opens = f"opens again between {_told(end.low_min)} and {_told(end.high_min)} UTC"
    name = _name(network, closure.target)
    return f"{name} is {lost}: {cause}, since {_told(closure.from_min)} UTC, {opens}"


def _told(minutes: int) -> str:
    return f"{from_minutes(minutes):%Y-%m-%d %H:%M}"


def _name(network: Network, target: str) -> str:
    named = (
        network.places.get(PlaceId(target))
        or network.services.get(ServiceId(target))
        or network.carriers.get(CarrierId(target))
    )
    if named is not None:
        return named.name
    link = network.links.get(LinkId(target))
    if link is None:
        return target
    ends = (network.places[each].name for each in (link.from_place, link.to_place))
    return " - ".join(ends)


def _passed(leg: Leg) -> set[str]:
    ids = {str(leg.service.id)}
    for segment in leg.segments:
        ids |= segment.passes
    return ids
