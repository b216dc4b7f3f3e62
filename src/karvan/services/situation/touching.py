"""What a closure would touch: places, links, services, departures, quotes that still hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from karvan.domain.instants import minutes_since_epoch, render_instant
from karvan.network.network import Network
from karvan.network.passages import Tracks, compile_segments
from karvan.network.patterns import ScheduledService, ServiceId, ServiceStatus
from karvan.network.situation import Situation, ids_closed
from karvan.services.quoting.carriage import TAKEN_BY, Carriage
from karvan.services.quoting.corridor import compile_corridor
from karvan.services.quoting.store import StoredQuote
from karvan.services.quoting.suspending import suspend
from karvan.services.situation.closures import Closure

#: The most stored quotes that are looked through, the newest first.
MOST_QUOTES: Final = 1_000
#: Days before a closure at which a train that passes it may have left its first call.
LONGEST_RUN: Final = timedelta(days=60)

_MOST_NAMED: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What a closure touches.

    Attributes
    ----------
    departures
        Dated departures that it would suspend within the 180 days of a timetable.
    quotes
        Ids of stored quotes that still hold and have a way over it in that time.
    overlaps
        Other closures of the same things in the same time; the largest loss counts.
    """

    places: tuple[str, ...]
    links: tuple[str, ...]
    services: tuple[str, ...]
    departures: tuple[str, ...]
    quotes: tuple[str, ...]
    overlaps: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """Counts, and names up to a limit."""
        return {
            "places": list(self.places),
            "links": list(self.links),
            "services": list(self.services),
            "departures": {
                "count": len(self.departures),
                "first": list(self.departures[:_MOST_NAMED]),
            },
            "quotes": list(self.quotes),
            "overlaps": list(self.overlaps),
        }


def touched_by(
    network: Network,
    closure: Closure,
    others: Iterable[Closure],
    quotes: Sequence[StoredQuote],
    now: datetime,
) -> Touched:
    """Find what a closure touches, whether it is entered or not."""
    ids = ids_closed(network, closure.target)
    links = sorted(
        link.id
        for link in network.links.values()
        if ids & {str(link.id), str(link.from_place), str(link.to_place)}
    )
    services, departures = _departures(network, closure, now)
    return Touched(
        places=tuple(sorted(ids & set(map(str, network.places)))),
        links=tuple(links),
        services=services,
        departures=departures,
        quotes=tuple(
            each.quote_id for each in quotes if each.holds_at(now) and _uses(each, set(departures))
        ),
        overlaps=tuple(
            each.id
            for each in others
            if each.id != closure.id
            and not each.is_over(now)
            and ids & ids_closed(network, each.target)
            and _overlap(each, closure)
        ),
    )


def _departures(
    network: Network, closure: Closure, now: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Services that pass what is closed, and their departures that would not go."""
    first = max(closure.since, now).astimezone(UTC) - LONGEST_RUN
    chosen = _passing(network, closure)
    narrowed = replace(network, services=chosen)
    found: dict[str, int] = {}
    situation = Situation.of([closure.change()])
    now_min = minutes_since_epoch(now)
    for kind, modes in TAKEN_BY.items():
        carriage = Carriage(kind, modes)
        if not any(carriage.takes(service) for service in chosen.values()):
            continue
        corridor = compile_corridor(narrowed, first.date(), carriage)
        for c in suspend(corridor, situation, now_min).by.nonzero()[0].tolist():
            if corridor.connections.arrives_min[c] >= now_min:
                departure = corridor.departures[int(corridor.departure_of[c])]
                found[departure.id] = departure.departs_min
    ordered = sorted(found, key=lambda each: (found[each], each))
    return tuple(map(str, sorted(chosen))), tuple(ordered)


def _passing(network: Network, closure: Closure) -> dict[ServiceId, ScheduledService]:
    """The open services that pass what is closed."""
    ids = ids_closed(network, closure.target)
    tracks, carrier_of = Tracks(network.links.values()), network.carrier_of_operator()
    found: dict[ServiceId, ScheduledService] = {}
    for service in network.services.values():
        if service.status is not ServiceStatus.OPEN:
            continue
        segments = compile_segments(service, tracks, network.places, carrier_of)
        if service.id in ids or any(ids & segment.passes for segment in segments):
            found[service.id] = service
    return found


def _uses(quote: StoredQuote, departures: set[str]) -> bool:
    """Say whether a stored answer has a way by one of the departures."""
    ways = quote.body.get("alternatives")
    for way in ways if isinstance(ways, list) else ():
        if any(leg.get("departure_id") in departures for leg in way.get("legs", ())):
            return True
    return False


def _overlap(one: Closure, other: Closure) -> bool:
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: Closure, other: Closure) -> bool:
    end = other.reopening
    return end is None or render_instant(one.since) < render_instant(end.high)
