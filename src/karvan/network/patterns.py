"""Service patterns: what runs between which places, and how often.

A *scheduled service* is a train, ferry or ship that keeps calling at the same places; one of
its sailings or runs is a *departure* (`timetable.py`). Hardly any service of the corridor
publishes days and times. The others have a headway, the mean time between departures, with
its spread: they leave when full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import NewType

from karvan.domain.cargo import UnitKind
from karvan.domain.errors import NetworkError
from karvan.network.links import Mode
from karvan.network.places import PlaceId

ServiceId = NewType("ServiceId", str)
CarrierId = NewType("CarrierId", str)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ServiceStatus(StrEnum):
    """Whether a pattern runs."""

    OPEN = "open"
    SUSPENDED = "suspended"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Who runs trains or ships, or owns the track they pay for.

    Attributes
    ----------
    operators
        Names under which the link table knows this carrier's track.
    """

    id: CarrierId
    name: str
    kind: str
    country: str
    operators: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Call:
    """A place on the way; cargo can board and alight only where `boards`."""

    place: PlaceId
    boards: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledService:
    """A pattern of departures along one chain of calls, in one direction.

    Attributes
    ----------
    headway_h, headway_cv
        Mean hours between departures and the coefficient of variation; None for a service
        with published days.
    days, departs_local
        Weekday numbers (Monday 0) and the time at the first call, in its own zone.
    cutoff_h
        Hours before departure at which the service closes for cargo.
    running_h
        Published running times that replace the sum of link times, by (from, to) of two
        neighbouring calls at which cargo boards.
    months
        Months in which it runs, 1 to 12; empty for all.
    as_of, stale_after_months
        Day the figures are of, and the age in months after which they count as stale.
    joint_rate
        Carriers whose track this service pays at the joint rate of another:
        {"KTZ": "UTLC"} charges the way over KTZ to UTLC.
    units
        Kinds of unit it takes; empty for all its mode takes, oil on rails apart.
    """

    id: ServiceId
    name: str
    operator: CarrierId
    mode: Mode
    calls: tuple[Call, ...]
    headway_h: float | None
    headway_low_h: float | None
    headway_high_h: float | None
    headway_cv: float | None
    days: tuple[int, ...]
    departs_local: time | None
    cutoff_h: float
    running_h: Mapping[tuple[PlaceId, PlaceId], float]
    joint_rate: Mapping[CarrierId, CarrierId]
    valid_from: date | None
    valid_to: date | None
    months: tuple[int, ...]
    as_of: date
    stale_after_months: int
    status: ServiceStatus
    capacity: float | None
    capacity_unit: str
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str
    units: frozenset[UnitKind] = frozenset()

    def __post_init__(self) -> None:
        boarding = [call for call in self.calls if call.boards]
        if len(boarding) < 2 or not (self.calls[0].boards and self.calls[-1].boards):
            raise NetworkError("a service needs cargo calls at both ends", service=self.id)
        if (self.headway_h is None) == (not self.days):
            raise NetworkError("a service has either a headway or days", service=self.id)
        if self.days and self.departs_local is None:
            raise NetworkError("published days need a time of departure", service=self.id)
        if self.headway_h is not None and not (self.headway_h > 0 and self.headway_cv is not None):
            raise NetworkError("headway must be > 0 and have a spread", service=self.id)

    @property
    def boarding_calls(self) -> tuple[PlaceId, ...]:
        """Places at which cargo boards or alights, in order."""
        return tuple(call.place for call in self.calls if call.boards)

    @property
    def nominal(self) -> bool:
        """True where departures are made from a headway and not from a published timetable."""
        return self.headway_h is not None


def parse_calls(items: tuple[str, ...]) -> tuple[Call, ...]:
    """Read `CN-XIA`, `~CN-HOR` (passed without a cargo stop), ..."""
    return tuple(Call(PlaceId(item.removeprefix("~")), not item.startswith("~")) for item in items)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorFamily:
    """A way round the world that a quote always shows beside the others.

    A segment belongs to the family when it passes one of `countries`, runs on one of `modes`,
    makes one of the `crossings` (pairs of places, either direction) or is of one of the
    `services`. A route that belongs to several counts for the one with the smallest
    `priority`. A family with `units` is one of those kinds of cargo only.
    """

    id: str
    name: str
    priority: int
    countries: frozenset[str]
    modes: frozenset[str]
    crossings: frozenset[frozenset[str]]
    services: frozenset[str] = frozenset()
    units: frozenset[UnitKind] = frozenset()
