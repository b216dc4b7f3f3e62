"""GTFS: the departures of some days as a timetable that journey planners read.

An agency is a carrier, a stop a place at which cargo boards, a route a scheduled service, a trip
one departure on its one day. All times are UTC, for a feed has one time zone. GTFS knows no
freight: a lorry service has the route type of a bus, and nothing says what fits on board; cut-off
and capacity are in `karvan_departures.txt`, which other readers pass over.

Hardly any service publishes days. The others leave when full; their departures are *nominal*,
made from the mean headway. `frequencies.txt` would promise an even beat, so each is a trip of its
own, marked where GTFS has a mark: `timepoint` 0, the times are approximate. The same file says
`nominal` in a word.

Source: GTFS Schedule Reference, files and field definitions, revision of 2025.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from karvan.adapters.files.raw_tables import RawTable, join_table
from karvan.adapters.formats.archives import pack
from karvan.domain.instants import from_minutes, render_instant
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.network.patterns import ScheduledService
from karvan.network.places import PlaceId
from karvan.network.timetable import Departure
from karvan.services.exchange import Period
from karvan.services.quoting.corridor import Corridor, arrivals_min, compile_corridor

#: Source: route_type of routes.txt: 2 rail, 3 bus, 4 ferry.
ROUTE_TYPES: Final[Mapping[Mode, str]] = {
    Mode.RAIL: "2",
    Mode.ROAD: "3",
    Mode.RAIL_FERRY: "4",
    Mode.RORO: "4",
    Mode.FEEDER: "4",
    Mode.DEEP_SEA: "4",
}
#: Agencies and feeds must have an address; `.invalid` is reserved for addresses that lead
#: nowhere. Source: RFC 2606, section 2.
NO_ADDRESS: Final = "https://karvan.invalid/"
#: The extra file with what GTFS has no field for.
DEPARTURES: Final = "karvan_departures.txt"

_MINUTES_A_DAY: Final = 24 * 60
_Records = list[dict[str, str]]


def render_gtfs(network: Network, period: Period) -> tuple[bytes, Mapping[str, int]]:
    """Give the zip archive of a feed, and the rows of each of its files."""
    corridor = compile_corridor(network, period.first_day)
    last = period.first_day + timedelta(days=period.days)
    dated = [each for each in corridor.departures if _local_day(each) < last]
    used = {departure.service for departure in dated}
    services = [service for service in corridor.services if service.id in used]
    days = sorted({_utc_day(departure) for departure in dated})
    tables = {
        "agency.txt": _agencies(network, services),
        "stops.txt": _stops(network, services),
        "routes.txt": _routes(services),
        "trips.txt": _trips(network, dated),
        "stop_times.txt": _stop_times(corridor, dated),
        "calendar_dates.txt": [
            {"service_id": _calendar(day), "date": _compact(day), "exception_type": "1"}
            for day in days
        ],
        "feed_info.txt": [_feed(network, days, period)],
        DEPARTURES: _departures(network, dated),
    }
    files = {name: _file(records) for name, records in tables.items() if records}
    return pack(files), {name: len(records) for name, records in tables.items()}


def _file(records: _Records) -> bytes:
    return join_table(RawTable.of(tuple(records[0]), records))


def _agencies(network: Network, services: Sequence[ScheduledService]) -> _Records:
    return [
        {
            "agency_id": carrier.id,
            "agency_name": carrier.name,
            "agency_url": f"{NO_ADDRESS}carriers/{carrier.id}",
            "agency_timezone": "UTC",
            "agency_lang": "en",
        }
        for _, carrier in sorted(network.carriers.items())
        if carrier.id in {service.operator for service in services}
    ]


def _stops(network: Network, services: Sequence[ScheduledService]) -> _Records:
    called = sorted({place for service in services for place in service.boarding_calls})
    return [
        {
            "stop_id": place.id,
            "stop_name": place.name,
            "stop_lat": f"{place.lat_deg:.5f}",
            "stop_lon": f"{place.lon_deg:.5f}",
            "location_type": "0",
            "stop_timezone": place.time_zone,
        }
        for place in (network.places[each] for each in called)
    ]


def _routes(services: Sequence[ScheduledService]) -> _Records:
    return [
        {
            "route_id": service.id,
            "agency_id": service.operator,
            "route_long_name": service.name,
            "route_type": ROUTE_TYPES[service.mode],
        }
        for service in services
    ]


def _trips(network: Network, dated: Sequence[Departure]) -> _Records:
    return [
        {
            "route_id": departure.service,
            "service_id": _calendar(_utc_day(departure)),
            "trip_id": departure.id,
            "trip_headsign": network.places[
                network.services[departure.service].boarding_calls[-1]
            ].name,
            "bikes_allowed": "2",
        }
        for departure in dated
    ]


def _stop_times(corridor: Corridor, dated: Sequence[Departure]) -> _Records:
    services = {service.id: service for service in corridor.services}
    out: _Records = []
    for departure in dated:
        begin = departure.departs_min % _MINUTES_A_DAY
        calls = _calls(corridor, services[departure.service], departure.departs_min)
        for sequence, (place, arrives, departs) in enumerate(calls, start=1):
            out.append(
                {
                    "trip_id": departure.id,
                    "arrival_time": _clock(begin + arrives),
                    "departure_time": _clock(begin + departs),
                    "stop_id": place,
                    "stop_sequence": str(sequence),
                    "timepoint": "0" if departure.nominal else "1",
                }
            )
    return out


def _calls(
    corridor: Corridor, service: ScheduledService, departs_min: int
) -> list[tuple[PlaceId, int, int]]:
    """Cargo calls with planned arrival and departure, in minutes from the first departure."""
    stop_min = round(60 * corridor.stop[service.mode].median_h)
    calls: list[tuple[PlaceId, int, int]] = [(service.boarding_calls[0], 0, 0)]
    at = 0
    first = corridor.first_segment[service.id]
    for i, place in enumerate(service.boarding_calls[1:]):
        leaves = np.array([departs_min + at], dtype=np.int64)
        arrives = int(arrivals_min(corridor.timed[first + i], leaves)[0]) - departs_min
        is_last = i + 2 == len(service.boarding_calls)
        at = arrives if is_last else arrives + stop_min
        calls.append((place, arrives, at))
    return calls


def _departures(network: Network, dated: Sequence[Departure]) -> _Records:
    out = []
    for departure in dated:
        service = network.services[departure.service]
        out.append(
            {
                "trip_id": departure.id,
                "nominal": "yes" if departure.nominal else "no",
                "mean_headway_h": _figure(service.headway_h),
                "departs_at": render_instant(from_minutes(departure.departs_min)),
                "cutoff_h": _figure(service.cutoff_h),
                "capacity": _figure(service.capacity),
                "capacity_unit": service.capacity_unit,
            }
        )
    return out


def _feed(network: Network, days: Sequence[date], period: Period) -> dict[str, str]:
    end = period.first_day + timedelta(days=period.days - 1)
    return {
        "feed_publisher_name": "Karvan",
        "feed_publisher_url": NO_ADDRESS,
        "feed_lang": "en",
        "feed_start_date": _compact(min([*days, period.first_day])),
        "feed_end_date": _compact(max([*days, end])),
        "feed_version": network.hashes.network[:16],
    }


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _local_day(departure: Departure) -> date:
    """The local day of the first call, which the id of a departure tells."""
    return date.fromisoformat(departure.id.rpartition("@")[2].partition(".")[0])


def _utc_day(departure: Departure) -> date:
    instant: datetime = from_minutes(departure.departs_min)
    return instant.date()


def _calendar(day: date) -> str:
    return f"day-{_compact(day)}"


def _compact(day: date) -> str:
    return day.strftime("%Y%m%d")


def _clock(minutes: int) -> str:
    """A time of day as GTFS has it: it goes on beyond 24:00:00 on a trip of several days."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"
