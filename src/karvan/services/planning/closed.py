"""The situation laid over a scenario: what is closed takes capacity from the oil, as events do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from karvan.domain.instants import from_minutes, minutes_since_epoch
from karvan.network.links import LinkId, Mode
from karvan.network.network import Network
from karvan.network.situation import DatedClosure, Situation, ids_closed
from karvan.services.planning.oil import rail_paths
from karvan.services.planning.scenario import Event, Scenario, bounds_of
from karvan.services.planning.tracks import line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A situation and what it takes from a scenario.

    Attributes
    ----------
    without_effect
        Ids of closures that touch no oil, or none of the months.
    """

    hash: str
    events: tuple[Event, ...]
    without_effect: tuple[str, ...]

    def as_json(self) -> Mapping[str, object]:
        """As it is told beside a study."""
        return {
            "hash": self.hash,
            "events": [
                {
                    "closure": event.id,
                    "asset": event.asset,
                    "first_day": event.first_day.isoformat(),
                    "last_day": event.last_day.isoformat(),
                    "share_lost": event.share_lost,
                    "cause": event.cause,
                }
                for event in self.events
            ],
            "without_effect": list(self.without_effect),
        }


def lay(
    scenario: Scenario, situation: Situation, network: Network, now: datetime
) -> tuple[Scenario, Laid]:
    """Add an event for each asset that a closure takes capacity from.

    A day that a closure touches, on the clocks there, counts whole. It lasts until the likely
    reopening as it is seen at `now`, until further notice to the end of the months.
    """
    months = bounds_of(scenario)
    first, last = months[0], months[-1] - timedelta(days=1)
    events: list[Event] = []
    idle: list[str] = []
    for closure in situation.closures:
        begin, end = _days(closure, now, last, _zone(network, closure.target))
        assets = tuple(_assets(scenario, network, closure.target))
        if not assets or begin > min(end, last) or end < first:
            idle.append(closure.id)
            continue
        events += [
            Event(
                id=closure.id,
                asset=asset,
                first_day=begin,
                last_day=end,
                share_lost=closure.share_lost,
                cause=closure.cause,
                source=f"closure {closure.id}",
            )
            for asset in assets
        ]
    laid = Laid(hash=situation.hash, events=tuple(events), without_effect=tuple(idle))
    return replace(scenario, event=(*scenario.event, *events)), laid


def _days(closure: DatedClosure, now: datetime, last: date, zone: ZoneInfo) -> tuple[date, date]:
    """First and last day on the clocks of what is closed."""
    begin = from_minutes(closure.from_min).astimezone(zone).date()
    if closure.reopening is None:
        return begin, max(begin, last)
    likely = closure.reopening.seen_at(minutes_since_epoch(now)).likely_min
    return begin, from_minutes(likely - 1).astimezone(zone).date()


def _zone(network: Network, target: str) -> ZoneInfo:
    link = network.links.get(LinkId(target))
    place = target if link is None else str(link.from_place)
    zones = {str(each.id): each.time_zone for each in network.places.values()}
    return ZoneInfo(zones.get(place, "UTC"))


def _assets(scenario: Scenario, network: Network, target: str) -> Iterator[str]:
    """What of the oil a closure takes from, by the id that an event would name.

    A place loses its terminals, so that pipes fill what tanks it has; one without terminals loses
    the links from and to it.
    """
    terminals = [each.id for each in scenario.base.terminal if each.place == target]
    if terminals:
        # The room of some shippers in a terminal is lost with it.
        parts = {name for name in terminals for other in terminals if name.startswith(f"{other}, ")}
        yield from (name for name in terminals if name not in parts)
        return
    closed = ids_closed(network, target)
    paths = rail_paths(network, scenario, scenario.first_day)
    on_rail = {line_of(link) for path in paths for link in path}
    for link in sorted(network.links.values(), key=lambda each: each.id):
        of_oil = link.mode in {Mode.PIPELINE, Mode.TANKER} and link.tariff_usd_t is not None
        of_oil = of_oil or (link.mode is Mode.RAIL and str(link.id) in on_rail)
        if of_oil and closed & {str(link.id), str(link.from_place), str(link.to_place)}:
            yield str(link.id)
