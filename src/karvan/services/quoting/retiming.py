"""Published departures laid over the compiled corridor: rows are replaced, nothing is compiled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from karvan.domain.instants import from_minutes
from karvan.network.indexed import ConnectionArrays
from karvan.network.patterns import ScheduledService
from karvan.network.situation import PublishedTimes
from karvan.network.timetable import Departure, DepartureId
from karvan.services.quoting.corridor import Corridor, connect, timetable_hash_of


def retime(corridor: Corridor, timetable: Sequence[PublishedTimes]) -> Corridor:
    """Give the corridor with what carriers published in place of their patterns.

    Parameters
    ----------
    timetable
        For each service windows in which nothing leaves but the departures named.
    """
    windows: dict[str, list[PublishedTimes]] = {}
    for each in timetable:
        windows.setdefault(each.service, []).append(each)
    known = {str(service.id) for service in corridor.services}
    if not known & windows.keys():
        return corridor
    arrives: dict[str, int] = {}
    dated: list[Departure] = []
    for service in corridor.services:
        usual = corridor.departures_by.get(service.id, ())
        mine = windows.get(service.id, [])
        dated.extend(_replaced(corridor, service, usual, mine, arrives))
    connections, departure_of, by_service = connect(corridor, dated)
    return replace(
        corridor,
        connections=_arriving(corridor, connections, departure_of, dated, arrives),
        departures=tuple(dated),
        departure_of=departure_of,
        departures_by=by_service,
        timetable_hash=timetable_hash_of(dated),
    )


def _replaced(
    corridor: Corridor,
    service: ScheduledService,
    usual: Sequence[Departure],
    windows: Sequence[PublishedTimes],
    arrives: dict[str, int],
) -> list[Departure]:
    """Departures of a service, those in a window replaced; notes published arrivals by id."""
    kept = [
        each
        for each in usual
        if not any(w.from_min <= each.departs_min < w.to_min for w in windows)
    ]
    zone = ZoneInfo(corridor.network.places[service.calls[0].place].time_zone)
    runs = dict(run for window in windows for run in window.runs)
    count: dict[str, int] = {}
    for departs_min, arrives_min in sorted(runs.items()):
        day = from_minutes(departs_min).astimezone(zone).date().isoformat()
        count[day] = count.get(day, 0) + 1
        name = f"{service.id}@{day}.{count[day]}"
        if arrives_min is not None:
            arrives[name] = arrives_min
        kept.append(
            Departure(
                id=DepartureId(name),
                service=service.id,
                departs_min=departs_min,
                nominal=False,
            )
        )
    return sorted(kept, key=lambda each: (each.departs_min, each.id))


def _arriving(
    corridor: Corridor,
    connections: ConnectionArrays,
    departure_of: NDArray[np.int32],
    dated: Sequence[Departure],
    arrives: Mapping[str, int],
) -> ConnectionArrays:
    """The same with published arrivals at last calls."""
    last = {
        segment.service: s for s, segment in enumerate(corridor.segments)
    }  # the later segment of a service counts
    arrives_min = connections.arrives_min.copy()
    for c, s in enumerate(connections.segment.tolist()):
        departure = dated[int(departure_of[c])]
        told = arrives.get(departure.id)
        if told is not None and last[departure.service] == s:
            arrives_min[c] = max(told, int(connections.departs_min[c]) + 1)
    return replace(connections, arrives_min=arrives_min)
