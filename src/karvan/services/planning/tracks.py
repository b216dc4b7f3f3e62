"""Tracks of the freight network: paths over them, and the capacity that all trades share.

A line is both directions of a link. Its published capacity counts both together, except train
pairs, which are trains each way. A line without a published capacity has no limit, but can be
closed. What counts containers alone (TEU, and the block trains of Azerbaijan) binds containers
alone.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from karvan.network.links import CapacityUnit, Link, LinkId, Mode, find_capacity
from karvan.network.network import Network
from karvan.services.planning.parts import Joint, Take
from karvan.services.planning.periods import Periods

#: Kilotonnes a day of one million tonnes a year.
KT_PER_D: Final = 1000 / 365
DAYS_PER_Y: Final = 365
#: Wagons and TEU of a train, and net tonnes of a wagon. Source: freight:F218; energy_trade:E317.
WAGONS_PER_TRAIN, TEU_PER_TRAIN, T_PER_WAGON = 52, 104, 60.0
#: What one kilotonne in wagons is in each unit of a joint.
KT_IN: Final[Mapping[str, float]] = {
    "kt": 1.0,
    "train": 1000 / (WAGONS_PER_TRAIN * T_PER_WAGON),
}

_OF_CONTAINERS = {CapacityUnit.TEU_PER_Y, CapacityUnit.TRAINS_PER_Y}


def shortest_path(
    network: Network, origin: str, destination: str, day: date, modes: Collection[Mode]
) -> tuple[Link, ...]:
    """Find the shortest way by length over links of these modes, empty where there is none."""
    beyond: dict[str, list[Link]] = {}
    for _, link in sorted(network.links.items()):
        if link.mode in modes and link.is_open_on(day):
            beyond.setdefault(str(link.from_place), []).append(link)
    best: dict[str, float] = {origin: 0.0}
    by: dict[str, Link] = {}
    queue = [(0.0, origin)]
    while queue:
        km, at = heapq.heappop(queue)
        if at == destination:
            break
        if km > best[at]:
            continue
        for link in beyond.get(at, ()):
            to, length = str(link.to_place), km + link.length_km
            if length < best.get(to, float("inf")):
                best[to], by[to] = length, link
                heapq.heappush(queue, (length, to))
    path: list[Link] = []
    while destination in by:
        path.append(by[destination])
        destination = str(path[-1].from_place)
    return tuple(reversed(path))


def line_of(link: Link) -> str:
    """Id of the line a link is a direction of."""
    return min(str(link.id), str(link.reverse_of or link.id))


def line_joints(network: Network, links: Iterable[Link], periods: Periods) -> Iterator[Joint]:
    """Give what the trains of all trades share on these links: one joint a line."""
    unique = {link.id: link for link in links}
    lines: dict[str, list[Link]] = {}
    for link in unique.values():
        lines.setdefault(line_of(link), []).append(link)
    for line, directions in sorted(lines.items()):
        found = [
            find_capacity(directions[0], network.capacities, day) for day in periods.first_days
        ]
        units = {each[1] for each in found if each} - _OF_CONTAINERS
        unit = "kt" if units <= {CapacityUnit.MT_PER_Y} else "train"
        for link in directions if CapacityUnit.TRAIN_PAIRS_PER_DAY in units else directions[:1]:
            one_way = CapacityUnit.TRAIN_PAIRS_PER_DAY in units
            yield Joint(
                id=str(link.id) if one_way else line,
                unit=unit,
                per_day=tuple(_per_day(each, unit) for each in found),
            )


def _per_day(found: tuple[float, CapacityUnit] | None, unit: str) -> float:
    """Kilotonnes or trains a day, as the joint counts."""
    if found is None or found[1] in _OF_CONTAINERS:
        return float("inf")
    if found[1] is CapacityUnit.MT_PER_Y:
        return found[0] * KT_PER_D * KT_IN[unit]
    return found[0]


def links_of(network: Network, asset: str) -> frozenset[str]:
    """Ids of the links that a link or place stands for: both directions of a track, all at a place.

    What is neither stands for itself.
    """
    link = network.links.get(LinkId(asset))
    if link is not None:
        both = {str(link.id), str(link.reverse_of or link.id)}
        return frozenset(both if link.mode is Mode.RAIL else {asset})
    at = (
        str(each.id)
        for each in network.links.values()
        if asset in {str(each.from_place), str(each.to_place)}
    )
    return frozenset((asset, *at))


def line_takes(
    joints: Mapping[str, Joint], links: Iterable[Link], way: str, in_units: Mapping[str, float]
) -> Iterator[Take]:
    """Give what a way over these links takes of their lines.

    Parameters
    ----------
    joints
        By id, as `line_joints` makes them.
    in_units
        What one unit of what the way carries is in the unit of a joint.
    """
    for link in links:
        joint = joints.get(str(link.id)) or joints.get(line_of(link))
        if joint is not None:
            yield Take(of=joint.id, way=way, per_unit=in_units[joint.unit])
