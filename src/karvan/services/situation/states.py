"""The state of places, links, services and carriers, as every interface tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from karvan.domain.instants import render_instant
from karvan.network.links import LinkId
from karvan.network.network import Network
from karvan.network.patterns import CarrierId, ServiceId
from karvan.network.places import PlaceId
from karvan.services.situation.closures import ESTIMATE, Closure, Interval, TargetKind
from karvan.services.situation.watch import Known

Json = Mapping[str, object]

_HOUR_S: Final = 3600.0


def situation_json(network: Network, known: Known, now: datetime) -> Json:
    """What is not as usual at a clock, and what is announced, as `GET /v1/situation` gives it."""
    chosen = [each for each in known.closures.values() if not each.is_over(now)]
    in_force = [each for each in chosen if each.is_in_force(now)]
    by_target: dict[str, list[Closure]] = {}
    for each in in_force:
        by_target.setdefault(each.target, []).append(each)
    return {
        "as_of": render_instant(now),
        "version": known.version,
        "hash": known.situation(now, network).hash,
        "items": [_state(network, several, now) for _, several in sorted(by_target.items())],
        "announced": [closure_json(network, each, now) for each in chosen if each.since > now],
    }


def worst(closures: Sequence[Closure]) -> Closure:
    """Of several closures of one thing the one that counts: the largest loss, then the latest."""
    return max(
        closures,
        key=lambda each: (
            each.share_lost_pct,
            each.reopening is None,
            "" if each.reopening is None else render_instant(each.reopening.high),
            each.id,
        ),
    )


def _state(network: Network, closures: Sequence[Closure], now: datetime) -> Json:
    counts = worst(closures)
    return {
        **_where(network, counts),
        "state": "closed" if counts.is_closed else "restricted",
        "cause": counts.cause,
        "cause_name": cause_name(network, counts.cause),
        "since": render_instant(min(each.since for each in closures)),
        "reopen": interval_json(counts.reopening),
        "share_lost": counts.share_lost_pct / 100,
        "means": _means(counts, now),
        "closures": [each.id for each in closures],
        "note": counts.note,
        "source": counts.source,
        "estimate": counts.source == ESTIMATE,
    }


def closure_json(network: Network, closure: Closure, now: datetime) -> Json:
    """One version of a closure."""
    return {
        "id": closure.id,
        "version": closure.version,
        "seq": closure.seq,
        "deed": closure.deed.value,
        "recorded_at": render_instant(closure.recorded_at),
        "actor": closure.actor,
        "target": closure.target,
        **{name: value for name, value in _where(network, closure).items() if name != "id"},
        "state": _word(closure, now),
        "cause": closure.cause,
        "cause_name": cause_name(network, closure.cause),
        "since": render_instant(closure.since),
        "reopen": interval_json(closure.reopening),
        "share_lost": closure.share_lost_pct / 100,
        "note": closure.note,
        "source": closure.source,
        "estimate": closure.source == ESTIMATE,
    }


def interval_json(reopening: Interval | None) -> Json | None:
    """An interval of reopening; None until further notice."""
    if reopening is None:
        return None
    return {
        "low": render_instant(reopening.low),
        "likely": render_instant(reopening.likely),
        "high": render_instant(reopening.high),
    }


def cause_name(network: Network, cause: str) -> str:
    """What people call a cause."""
    row = network.rules.causes.get(cause)
    return cause if row is None else row.name


def name_of(network: Network, closure: Closure) -> str:
    """What people call what is closed."""
    target = closure.target
    place = network.places.get(PlaceId(target))
    service = network.services.get(ServiceId(target))
    carrier = network.carriers.get(CarrierId(target))
    named = place or service or carrier
    if named is not None:
        return named.name
    link = network.links.get(LinkId(target))
    if link is None:
        return target
    ends = (network.places[each].name for each in (link.from_place, link.to_place))
    return f"{' - '.join(ends)}, {link.mode.value.replace('_', ' ')}"


def _where(network: Network, closure: Closure) -> dict[str, object]:
    place = network.places.get(PlaceId(closure.target))
    link = network.links.get(LinkId(closure.target))
    return {
        "id": closure.target,
        "kind": closure.kind.value,
        "name": name_of(network, closure),
        "lon_deg": None if place is None else place.lon_deg,
        "lat_deg": None if place is None else place.lat_deg,
        "from": None if link is None else link.from_place,
        "to": None if link is None else link.to_place,
        "links": _links(network, closure),
    }


def _links(network: Network, closure: Closure) -> list[str]:
    """Links of the map that are touched: those at the place, or the link both ways."""
    if closure.kind is TargetKind.PLACE:
        return sorted(
            link.id
            for link in network.links.values()
            if closure.target in (link.from_place, link.to_place)
        )
    link = network.links.get(LinkId(closure.target))
    if link is None:
        return []
    return sorted({link.id, *((link.reverse_of,) if link.reverse_of else ())})


def _word(closure: Closure, now: datetime) -> str:
    if closure.is_over(now):
        return "over"
    if closure.since > now:
        return "announced"
    return "closed" if closure.is_closed else "restricted"


def _means(closure: Closure, now: datetime) -> Json:
    """What it is to a shipment that comes now."""
    if not closure.is_closed:
        times = round(1 / (1 - closure.share_lost_pct / 100), 1)
        text = f"departures leave {times:g} times as seldom"
        return {"wait_h": None, "times_as_seldom": times, "text": text}
    if closure.reopening is None:
        text = "nothing goes until further notice"
        return {"wait_h": None, "times_as_seldom": None, "text": text}
    end = closure.reopening
    low, likely, high = (
        max(round((each - now).total_seconds() / _HOUR_S), 0)
        for each in (end.low, end.likely, end.high)
    )
    days = "about " + _days(likely) if low == high else f"{_days(low)} to {_days(high)}"
    return {
        "wait_h": {"low": low, "likely": likely, "high": high},
        "times_as_seldom": None,
        "text": f"who comes now waits {days}",
    }


def _days(hours: int) -> str:
    if hours < 48:
        return f"{hours} h"
    return f"{hours / 24:.0f} days"
