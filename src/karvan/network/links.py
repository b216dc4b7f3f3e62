"""Links: the lines between places, one record a direction.

A link knows the ids of its ends, not the places: it can be built, compared, stored and sent
to a worker without the network around it. Pipelines have one direction; every other link
has a partner the other way, named by `reverse_of`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from karvan.network.places import PlaceId

#: `KZ-AKT--AZ-ALT:rail_ferry`: from, to and mode.
LinkId = NewType("LinkId", str)


class Mode(StrEnum):
    """How cargo moves along a link."""

    RAIL = "rail"
    ROAD = "road"
    RAIL_FERRY = "rail_ferry"
    RORO = "roro"
    FEEDER = "feeder"
    DEEP_SEA = "deep_sea"
    CANAL = "canal"
    BULK = "bulk"
    TANKER = "tanker"
    CHARTERED_SHIP = "chartered_ship"
    PIPELINE = "pipeline"


class LinkStatus(StrEnum):
    """Whether a link works on the day the tables were made; only `open` does."""

    OPEN = "open"
    PLANNED = "planned"
    SUSPENDED = "suspended"
    IDLE = "idle"
    CLOSED = "closed"


class CapacityUnit(StrEnum):
    """What a published capacity counts; no conversion is implied."""

    MT_PER_Y = "mt_per_y"
    TEU_PER_Y = "teu_per_y"
    TRAINS_PER_DAY = "trains_per_day"
    TRAIN_PAIRS_PER_DAY = "train_pairs_per_day"
    TRAINS_PER_Y = "trains_per_y"
    WAGONS_PER_VOYAGE = "wagons_per_voyage"
    TRUCKS_PER_VOYAGE = "trucks_per_voyage"
    CONTAINERS_PER_VOYAGE = "containers_per_voyage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A line between two places, in one direction.

    Attributes
    ----------
    length_km
        Along the line, not as the crow flies.
    running_h
        Time in motion, without border or port dwell; `None` for a pipeline nobody has a speed
        of, which no service can use.
    dwell_removed_h
        What the source's time held beyond running: an activity of a place, not of the link.
    gauges
        Track gauges in mm that both ends have; empty off the railway.
    capacity, capacity_unit
        As published, `None` where nobody says. Mt/y of a railway is both directions together.
    countries
        ISO codes of the country whose railway or road it is, or of those a pipeline joins;
        empty at sea.
    valid_from, valid_to
        First day of service and first day without; `None` is open-ended.
    reverse_of
        The same line the other way; `None` for a pipeline.
    tariff_usd_t
        Oil and uranium only, in US dollars a tonne: a mark for planning, not a rate.
    detour_reason
        Why the length exceeds 1.6 times the great circle.
    """

    id: LinkId
    from_place: PlaceId
    to_place: PlaceId
    mode: Mode
    length_km: float
    running_h: float | None
    dwell_removed_h: float = 0.0
    gauges: tuple[int, ...] = ()
    capacity: float | None = None
    capacity_unit: CapacityUnit | None = None
    capacity_from: date | None = None
    operator: str = ""
    countries: tuple[str, ...] = ()
    status: LinkStatus = LinkStatus.OPEN
    valid_from: date | None = None
    valid_to: date | None = None
    reverse_of: LinkId | None = None
    tariff_usd_t: Decimal | None = None
    detour_reason: str = ""
    note: str = ""
    fact: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    estimate: bool = True

    def is_open_on(self, day: date) -> bool:
        """Say whether the link is in service on a day.

        A link that is idle, suspended or closed was open before `valid_to`; without that
        date it never counts as open. A planned link never does.
        """
        if self.status is LinkStatus.PLANNED:
            return False
        if self.status is not LinkStatus.OPEN and self.valid_to is None:
            return False
        return _within(day, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCapacity:
    """The capacity of a link in a period; `valid_to` is the first day it no longer holds."""

    link: LinkId
    capacity: float
    capacity_unit: CapacityUnit
    valid_from: date | None = None
    valid_to: date | None = None
    fact: tuple[str, ...] = ()
    source: tuple[str, ...] = ()


def find_capacity(
    link: Link, capacities: Iterable[LinkCapacity], day: date
) -> tuple[float, CapacityUnit] | None:
    """Give the capacity in force on a day: the dated one, else the link's own, else `None`."""
    for dated in capacities:
        if dated.link == link.id and _within(day, dated.valid_from, dated.valid_to):
            return dated.capacity, dated.capacity_unit
    if link.capacity is None or link.capacity_unit is None:
        return None
    return link.capacity, link.capacity_unit


def _within(day: date, first: date | None, beyond: date | None) -> bool:
    return (first is None or first <= day) and (beyond is None or day < beyond)
