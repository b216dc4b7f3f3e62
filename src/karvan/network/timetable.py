"""Departures: service patterns turned into dates.

`departures` is a pure function of the patterns, a first day and a number of days. A
published timetable gives local days and times, read in the zone of the first call, so a clock
change moves the instant and not the time on the clock. A headway gives *nominal* departures,
evenly spaced from one fixed epoch whatever day is asked for; sampling replaces the wait for
them by a draw.

A departure has the id `SERVICE@DATE.n`, the date that of its first call in local time and n
counting from 1 on that day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, NewType
from zoneinfo import ZoneInfo

from karvan.network.patterns import ScheduledService, ServiceId, ServiceStatus
from karvan.network.places import Place, PlaceId

DepartureId = NewType("DepartureId", str)

#: Days for which a timetable is made.
HORIZON_DAYS: Final = 180

#: From here nominal departures are counted; a Thursday, long before any quote.
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One run of a service: when it leaves its first call, in minutes since 1970."""

    id: DepartureId
    service: ServiceId
    departs_min: int
    nominal: bool


def departures(
    services: Iterable[ScheduledService],
    places: Mapping[PlaceId, Place],
    first_day: date,
    days: int = HORIZON_DAYS,
) -> tuple[Departure, ...]:
    """Every departure whose local date lies in the `days` days from `first_day` on.

    Returns
    -------
    tuple of Departure
        By service in the order given, ascending in time within a service.
    """
    out: list[Departure] = []
    for service in services:
        if service.status is not ServiceStatus.OPEN:
            continue
        zone = ZoneInfo(places[service.calls[0].place].time_zone)
        times = (
            _nominal(service, zone, first_day, days)
            if service.nominal
            else _published(service, zone, first_day, days)
        )
        count: dict[date, int] = {}
        for instant in times:
            day = instant.astimezone(zone).date()
            if not _in_force(service, day):
                continue
            count[day] = count.get(day, 0) + 1
            out.append(
                Departure(
                    id=DepartureId(f"{service.id}@{day.isoformat()}.{count[day]}"),
                    service=service.id,
                    departs_min=int(instant.timestamp()) // 60,
                    nominal=service.nominal,
                )
            )
    return tuple(out)


def _in_force(service: ScheduledService, day: date) -> bool:
    begun = service.valid_from is None or service.valid_from <= day
    in_season = not service.months or day.month in service.months
    return begun and in_season and (service.valid_to is None or day <= service.valid_to)


def _published(
    service: ScheduledService, zone: ZoneInfo, first_day: date, days: int
) -> list[datetime]:
    out = []
    for offset in range(days):
        day = first_day + timedelta(days=offset)
        if day.weekday() in service.days and service.departs_local is not None:
            local = datetime.combine(day, service.departs_local, tzinfo=zone)
            out.append(local.astimezone(UTC))
    return out


def _nominal(
    service: ScheduledService, zone: ZoneInfo, first_day: date, days: int
) -> list[datetime]:
    step_min = (service.headway_h or 0.0) * 60.0
    begin = datetime(first_day.year, first_day.month, first_day.day, tzinfo=zone)
    end = begin.replace(tzinfo=None) + timedelta(days=days)
    end_utc = end.replace(tzinfo=zone).astimezone(UTC)
    phase_min = _phase(service.id) * step_min
    since_min = (begin.astimezone(UTC) - EPOCH).total_seconds() / 60.0
    k = int((since_min - phase_min) // step_min)
    out: list[datetime] = []
    while True:
        instant = EPOCH + timedelta(minutes=round(phase_min + k * step_min))
        if instant >= end_utc:
            return out
        if instant >= begin:
            out.append(instant)
        k += 1


def _phase(service: ServiceId) -> float:
    """Where in its headway a nominal service stands at the epoch: fixed by its name alone."""
    digest = hashlib.sha256(service.encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32
