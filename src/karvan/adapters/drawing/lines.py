"""Lines of the map: links joined to one line for both directions, with capacity and state.

Capacity is drawn as million tonnes a year, so that a railway, a ferry and a pipeline can be
compared by eye. What is published in trains, containers or voyages is converted with the loads
below; they serve the width of a line and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from karvan.network.links import CapacityUnit, Link, LinkId, Mode
from karvan.network.network import Network
from karvan.network.patterns import ScheduledService, ServiceStatus
from karvan.network.places import PlaceId
from karvan.services.drawing import LOOK_OF, Look

#: Tonnes of cargo of one full unit. Source: assumed, round figures for a line's width.
TRAIN_T: Final = 1500.0
LOAD_T: Final = {"train": TRAIN_T, "TEU": 10.0, "wagons": 60.0, "trucks": 20.0}

#: Upper limits of the classes in Mt a year; the sixth has none. Widths: one more than limits.
CLASS_LIMITS_MT: Final = (1.0, 3.0, 10.0, 25.0, 60.0)
CLASS_WIDTHS_PX: Final = (1.5, 2.5, 4.0, 6.0, 9.0, 13.0)
UNKNOWN_WIDTH_PX: Final = 1.2

HOURS_A_YEAR = 8760.0

_MT: Final[Mapping[CapacityUnit, float]] = {
    CapacityUnit.MT_PER_Y: 1.0,
    CapacityUnit.TEU_PER_Y: LOAD_T["TEU"] / 1e6,
    CapacityUnit.TRAINS_PER_DAY: 2 * 365 * TRAIN_T / 1e6,
    CapacityUnit.TRAIN_PAIRS_PER_DAY: 2 * 365 * TRAIN_T / 1e6,
    CapacityUnit.TRAINS_PER_Y: 2 * TRAIN_T / 1e6,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the map.

    Attributes
    ----------
    links
        The link, and the one the other way where there is one; sorted.
    start, end
        The western end first, so that lines side by side keep their sides.
    open
        False for what is planned, suspended, idle or closed on the day.
    capacity_mt_per_y
        Both directions of a railway and a ferry, the fuller one of a tanker line; None where
        nobody says.
    """

    links: tuple[LinkId, ...]
    start: PlaceId
    end: PlaceId
    mode: Mode
    open: bool
    capacity_mt_per_y: float | None

    @property
    def look(self) -> Look:
        """How its mode is drawn."""
        return LOOK_OF[self.mode]

    @property
    def width_px(self) -> float:
        """Width of its class."""
        if self.capacity_mt_per_y is None:
            return UNKNOWN_WIDTH_PX
        return CLASS_WIDTHS_PX[width_class(self.capacity_mt_per_y)]


def width_class(mt_per_y: float) -> int:
    """Give the class 0..5 of a capacity; a limit belongs to the class above it."""
    return sum(mt_per_y >= limit for limit in CLASS_LIMITS_MT)


def lines_of(network: Network, modes: Iterable[Mode], day: date) -> tuple[Line, ...]:
    """Join the links of some modes to lines, each link in exactly one; sorted by id."""
    wanted = frozenset(modes)
    groups: dict[tuple[frozenset[PlaceId], Mode], list[Link]] = {}
    for _, link in sorted(network.links.items()):
        if link.mode in wanted:
            ends = frozenset((link.from_place, link.to_place))
            groups.setdefault((ends, link.mode), []).append(link)
    offered = _offered_mt(network, day)
    return tuple(_line(network, links, offered.get(key), day) for key, links in _in_order(groups))


def _in_order(
    groups: Mapping[tuple[frozenset[PlaceId], Mode], list[Link]],
) -> list[tuple[tuple[frozenset[PlaceId], Mode], list[Link]]]:
    """Give groups by the id of their first link: the order of a set never shows."""
    return sorted(groups.items(), key=lambda item: item[1][0].id)


def _line(network: Network, links: list[Link], offered: float | None, day: date) -> Line:
    ends = sorted(
        (links[0].from_place, links[0].to_place),
        key=lambda place: (network.places[place].lon_deg, place),
    )
    working = [link for link in links if link.is_open_on(day) and link.id not in network.closed]
    known = [mt for link in working or links if (mt := _link_mt(link)) is not None]
    return Line(
        links=tuple(sorted(link.id for link in links)),
        start=ends[0],
        end=ends[1],
        mode=links[0].mode,
        open=bool(working),
        capacity_mt_per_y=max(known) if known else offered,
    )


def _link_mt(link: Link) -> float | None:
    if link.capacity is None or link.capacity_unit is None or link.capacity_unit not in _MT:
        return None
    return link.capacity * _MT[link.capacity_unit]


def _offered_mt(network: Network, day: date) -> dict[tuple[frozenset[PlaceId], Mode], float]:
    """Give what ships with a published size carry between two ports, both ways together.

    A train's size says nothing about the railway it runs on, so rail is left out.
    """
    total: dict[tuple[frozenset[PlaceId], Mode], float] = {}
    for _, service in sorted(network.services.items()):
        mt = _service_mt(service, day)
        if mt is None or LOOK_OF[service.mode] not in {Look.FERRY, Look.SEA}:
            continue
        for before, after in pairwise(service.calls):
            key = (frozenset((before.place, after.place)), service.mode)
            total[key] = total.get(key, 0.0) + mt
    return total


def _service_mt(service: ScheduledService, day: date) -> float | None:
    begun = service.valid_from is None or service.valid_from <= day
    over = service.valid_to is not None and service.valid_to <= day
    if service.status is not ServiceStatus.OPEN or not begun or over:
        return None
    if service.capacity is None or service.capacity_unit not in LOAD_T:
        return None
    if service.headway_h is None:
        voyages = len(service.days) * 365 / 7
    else:
        voyages = HOURS_A_YEAR / service.headway_h
    return voyages * service.capacity * LOAD_T[service.capacity_unit] / 1e6
