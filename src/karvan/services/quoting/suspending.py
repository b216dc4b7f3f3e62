"""Which departures a situation suspends: rows of the compiled corridor, which stays as it is.

A departure that would pass something while it is closed does not go there, nor on from there;
of those that pass something restricted the share of capacity that is lost is left out, evenly.
Whatever is closed more keeps no departure that less had suspended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.network.links import LinkId
from karvan.network.network import Network
from karvan.network.passages import Segment
from karvan.network.situation import DatedClosure, Situation, ids_closed
from karvan.services.quoting.corridor import Corridor, TimedElement

#: The golden section: multiples of it fall evenly between 0 and 1, whatever share is taken.
_EVENLY: Final = 0.6180339887498949
_DAY_MIN: Final = 24 * 60
_NEVER: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """What a situation does to a corridor.

    Attributes
    ----------
    closures
        Those that touch the corridor.
    by
        (C,) number of the closure that suspends a connection, counted from 1; 0 where it goes.
    """

    closures: tuple[DatedClosure, ...]
    by: NDArray[np.int32]

    @property
    def count(self) -> int:
        """Connections that do not go."""
        return int(np.count_nonzero(self.by))


def suspend(corridor: Corridor, situation: Situation, now_min: int) -> Suspension:
    """Find what does not go, as planned: things open again at the likely minute.

    Parameters
    ----------
    now_min
        Since when the intervals of reopening are looked at, minutes since the epoch.
    """
    connections = corridor.connections
    by = np.zeros(connections.segment.size, dtype=np.int32)
    chosen: list[DatedClosure] = []
    # What is closed altogether counts before what is restricted.
    for closure in sorted(situation.closures, key=lambda each: (-each.share_lost, each.id)):
        spans = _spans(corridor, closure)
        if not spans:
            continue
        chosen.append(closure)
        hit = _hit(corridor, closure, spans, now_min)
        if not closure.is_closed:
            hit &= _left_out(corridor, closure.share_lost)
        by[hit & (by == 0)] = len(chosen)
    return Suspension(closures=tuple(chosen), by=_onward(connections.previous, by))


def without(corridor: Corridor, gone: NDArray[np.bool_]) -> Corridor:
    """Give the corridor without some of its connections (C,); whoever rode on boards anew."""
    connections = corridor.connections
    kept = np.flatnonzero(~gone)
    number = np.full(gone.size + 1, -1, dtype=np.int32)
    number[kept] = np.arange(kept.size, dtype=np.int32)
    return replace(
        corridor,
        connections=replace(
            connections,
            segment=connections.segment[kept],
            departs_min=connections.departs_min[kept],
            arrives_min=connections.arrives_min[kept],
            previous=number[connections.previous[kept]],
        ),
        departure_of=corridor.departure_of[kept],
    )


def end_min(closure: DatedClosure, now_min: int) -> int:
    """The minute at which it is planned to be over."""
    if closure.reopening is None:
        return _NEVER
    return closure.reopening.seen_at(max(now_min, closure.from_min)).likely_min


def touches(network: Network, closure: DatedClosure, segment: Segment) -> bool:
    """Say whether a segment passes what is closed."""
    ids = ids_closed(network, closure.target)
    return bool(ids & {*segment.passes, str(segment.service)})


def _hit(
    corridor: Corridor,
    closure: DatedClosure,
    spans: Mapping[int, tuple[float, float]],
    now_min: int,
) -> NDArray[np.bool_]:
    """(C,) whether a connection passes the closed thing while it is closed."""
    connections = corridor.connections
    begins = np.full(len(corridor.segments), np.nan)
    ends = np.full(len(corridor.segments), np.nan)
    for s, (first, last) in spans.items():
        begins[s], ends[s] = first, last
    departs, took = connections.departs_min, connections.arrives_min - connections.departs_min
    enters = departs + begins[connections.segment] * took
    leaves = departs + ends[connections.segment] * took
    # Whoever passes at the very minute of the reopening goes.
    found: NDArray[np.bool_] = (leaves >= closure.from_min) & (enters < end_min(closure, now_min))
    return found


def _left_out(corridor: Corridor, share: float) -> NDArray[np.bool_]:
    """(C,) departures that are left out of those of their service, evenly."""
    gaps = {
        service.id: 60.0 * service.headway_h if service.headway_h else float(_DAY_MIN)
        for service in corridor.services
    }
    turns = np.array(
        [each.departs_min // max(gaps[each.service], 1.0) for each in corridor.departures]
    )
    drawn = np.mod(turns * _EVENLY, 1.0) < share
    chosen: NDArray[np.bool_] = drawn[corridor.departure_of]
    return chosen


def _onward(previous: NDArray[np.int32], by: NDArray[np.int32]) -> NDArray[np.int32]:
    """A departure that is stopped does not go on: later connections are suspended with it."""
    if not by.any():
        return by
    out = by.copy()
    for c in np.flatnonzero(previous >= 0):
        if out[c] == 0:
            out[c] = out[previous[c]]
    return out


def _spans(corridor: Corridor, closure: DatedClosure) -> dict[int, tuple[float, float]]:
    """For each segment that passes the closed thing, between which shares of its time."""
    network = corridor.network
    ids = ids_closed(network, closure.target)
    out: dict[int, tuple[float, float]] = {}
    for s, segment in enumerate(corridor.segments):
        if str(segment.service) in ids:
            out[s] = (0.0, 0.0)
        elif ids & segment.passes:
            out[s] = span_of(network, segment, corridor.timed[s], ids)
    return out


def span_of(
    network: Network,
    segment: Segment,
    timed: Sequence[TimedElement],
    ids: frozenset[str],
) -> tuple[float, float]:
    """Shares of a segment's time between which it is at places or on links that are named."""
    at, found = 0.0, [0.0] if segment.from_place in ids else []
    for each in timed:
        element, begin = each.element, at
        at += each.duration.median_h
        place = getattr(element, "place", None)
        if place is not None:
            found += [begin, at] if place in ids else []
            continue
        links = [network.links[LinkId(link)] for link in getattr(element, "links", ())]
        hours = [link.running_h or 0.0 for link in links]
        scale = (at - begin) / sum(hours) if sum(hours) > 0 else 0.0
        passed = begin
        for link, took in zip(links, hours, strict=True):
            after = passed + took * scale
            if link.id in ids:
                found += [passed, after]
            if link.to_place in ids:
                found.append(after)
            passed = after
    if segment.to_place in ids:
        found.append(at)
    if not found or at <= 0:
        return 0.0, 1.0
    return min(found) / at, max(found) / at
