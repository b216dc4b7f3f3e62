"""Dated departures from a place, as both interfaces tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from karvan.domain.instants import from_minutes, minutes_since_epoch, render_instant, render_local
from karvan.network.network import Network
from karvan.network.places import PlaceId
from karvan.network.situation import PublishedTimes
from karvan.services.quoting.corridor import Corridor, compile_corridor
from karvan.services.quoting.retiming import retime

#: A train that passes today may have left its first call so many days ago.
LONGEST_RUN_DAYS = 60


def first_day(now: datetime) -> date:
    """The day from which a corridor is compiled that holds every train of `now`."""
    return (now - timedelta(days=LONGEST_RUN_DAYS)).date()


def departures_from(
    network: Network,
    places: Sequence[PlaceId],
    now: datetime,
    days: int,
    corridor: Corridor | None = None,
    timetable: Sequence[PublishedTimes] = (),
) -> list[Mapping[str, object]]:
    """Departures from any of the places in the `days` days after `now`, by time.

    A departure whose service publishes no days is `nominal`: it leaves when full.

    Parameters
    ----------
    corridor
        The network compiled from `first_day` on; None to compile it, which takes seconds.
    timetable
        What carriers published, laid over what is compiled here.
    """
    if corridor is None:
        corridor = retime(compile_corridor(network, first_day(now)), timetable)
    wanted = {corridor.index[place] for place in places if place in corridor.index}
    begin, end = minutes_since_epoch(now), minutes_since_epoch(now + timedelta(days=days))
    leaves = corridor.connections.departs_min
    found: list[Mapping[str, object]] = []
    for c in ((leaves >= begin) & (leaves < end)).nonzero()[0]:
        segment_index = int(corridor.connections.segment[c])
        if int(corridor.segment_arrays.from_place[segment_index]) not in wanted:
            continue
        segment = corridor.segments[segment_index]
        departure = corridor.departures[int(corridor.departure_of[c])]
        service = network.services[departure.service]
        instant = from_minutes(int(leaves[c]))
        zone = ZoneInfo(network.places[segment.from_place].time_zone)
        found.append(
            {
                "departure_id": departure.id,
                "service": service.id,
                "name": service.name,
                "carrier": service.operator,
                "mode": service.mode.value,
                "from": segment.from_place,
                "next_call": segment.to_place,
                "last_call": service.boarding_calls[-1],
                "departs_at": render_instant(instant),
                "departs_local": render_local(instant, zone),
                "nominal": departure.nominal,
            }
        )
    return found
