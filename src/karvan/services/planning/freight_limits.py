"""What limits freight: tracks, ports, fleets of ferries and feeders, and who refuses what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby, pairwise

from karvan.network.derating import load_share, sea_level_m
from karvan.network.link_attributes import PermissionKind, PermissionRule
from karvan.network.links import CapacityUnit, Link, Mode, find_capacity
from karvan.network.network import Network
from karvan.services.planning.freight_base import (
    FleetLine,
    FreightBase,
    FreightFleet,
    Good,
    PortLimit,
)
from karvan.services.planning.freight_network import Chain
from karvan.services.planning.parts import ByPeriod, Fleet, Joint, Take
from karvan.services.planning.periods import Periods
from karvan.services.planning.tracks import (
    DAYS_PER_Y,
    KT_PER_D,
    TEU_PER_TRAIN,
    line_joints,
    line_of,
)

BOXES = frozenset({"containers", "empties"})
SEA = "caspian"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Joints and fleets, and what each link takes of them, by way."""

    joints: tuple[Joint, ...]
    fleets: tuple[Fleet, ...]
    chains: Mapping[str, Chain]
    lines: Mapping[str, tuple[Joint, ...]]
    ports: tuple[tuple[Joint, PortLimit], ...]
    sailed: Mapping[str, tuple[tuple[str, FleetLine, float], ...]]

    def takes(self, way: str, commodity: str, good: Good) -> Iterator[Take]:
        """Give what a unit of a good on a way takes of each limit."""
        chain = self.chains[way]
        for of, per_unit in (
            *self._of_tracks(chain, good),
            *self._of_ports(chain, good),
            *self._of_fleets(chain, good),
        ):
            if per_unit > 0:
                yield Take(of=of, way=way, per_unit=per_unit, commodity=commodity)

    def _of_tracks(self, chain: Chain, good: Good) -> Iterator[tuple[str, float]]:
        for link in chain.links:
            for joint in self.lines.get(str(link.id), ()):
                of_boxes = joint.id.endswith(", containers")
                if of_boxes and good.id not in BOXES:
                    continue
                yield joint.id, _in_unit(good, joint.unit)

    def _of_ports(self, chain: Chain, good: Good) -> Iterator[tuple[str, float]]:
        lines, places = {line_of(link) for link in chain.links}, set(chain.places)
        for joint, port in self.ports:
            here = port.place in places and (chain.mode.value in port.modes or port.modes & lines)
            if not here:
                continue
            if "calls" in port.goods:
                for _, line, _hours in self._sailings(chain):
                    yield joint.id, _parcels(good, line) / 2
            elif "*" in port.goods or good.id in port.goods:
                yield joint.id, _in_unit(good, joint.unit)

    def _of_fleets(self, chain: Chain, good: Good) -> Iterator[tuple[str, float]]:
        for fleet, line, hours in self._sailings(chain):
            yield fleet, hours * _parcels(good, line)

    def _sailings(self, chain: Chain) -> Iterator[tuple[str, FleetLine, float]]:
        for link in chain.links:
            yield from self.sailed.get(str(link.id), ())


def _in_unit(good: Good, unit: str) -> float:
    """What one unit of a good is in the unit of a joint."""
    if unit == "train":
        return good.trains
    return 1.0 if unit == "TEU" else good.t_per_unit / 1000


def _parcels(good: Good, line: FleetLine) -> float:
    """Voyages of a line that one unit of a good takes."""
    in_line = {
        "wagons": good.wagons,
        "trucks": good.trucks,
        "teu": 1.0 if good.id in BOXES else good.t_per_unit / 22.0,
        "kt": good.t_per_unit / 1000,
    }
    return in_line[line.unit] / line.parcel


def refuses(network: Network, link: Link, good: Good) -> bool:
    """Whether a place, a country, the kind of ship or each ship of a link refuses a hazard class.

    What is agreed on request counts as taken.
    """
    if not good.hazard_class:
        return False
    denied = {
        row.subject
        for row in network.link_attributes.permissions
        if row.kind is PermissionKind.HAZARD_CLASS
        and row.rule is PermissionRule.DENY
        and row.valid_to is None
        and good.hazard_class in row.values
    }
    subjects = {str(link.id), link.mode.value, *link.countries}
    subjects |= {str(link.from_place), str(link.to_place)}
    if subjects & denied:
        return True
    serving = [
        str(service.id)
        for service in network.services.values()
        if service.mode is link.mode
        and service.calls[0].place == link.from_place
        and any(call.place == link.to_place for call in service.calls)
    ]
    return bool(serving) and set(serving) <= denied


def is_sailed(network: Network, link: Link) -> bool:
    """Whether a line calls at both ends of a leg by sea in a row; bulk and charter need none."""
    if link.mode not in {Mode.DEEP_SEA, Mode.FEEDER, Mode.RORO, Mode.RAIL_FERRY}:
        return True
    return any(
        (before.place, after.place) == (link.from_place, link.to_place)
        for service in network.services.values()
        for before, after in pairwise(service.calls)
    )


def own_capacity(network: Network, chain: Chain, periods: Periods) -> ByPeriod:
    """Kilotonnes a day of a chartered ship, else no limit; 0 while a link of it is closed."""
    found = []
    for day in periods.first_days:
        capacity = float("inf")
        for link in chain.links:
            told = find_capacity(link, network.capacities, day)
            by_sea = link.mode not in {Mode.RAIL, Mode.ROAD}
            if told and by_sea and told[1] is CapacityUnit.MT_PER_Y:
                capacity = min(capacity, told[0] * KT_PER_D)
            if not link.is_open_on(day):
                capacity = 0.0
        found.append(capacity)
    return tuple(found)


def limits_of(
    network: Network, base: FreightBase, periods: Periods, chains: Mapping[str, Chain]
) -> Limits:
    """Gather what limits these ways."""
    links = {link.id: link for chain in chains.values() for link in chain.links}
    rail = [link for link in links.values() if link.mode is Mode.RAIL]
    tracks = tuple(line_joints(network, rail, periods))
    of_boxes = tuple(_box_joints(network, rail, periods))
    lines = {
        str(link.id): tuple(
            joint
            for joint in (*tracks, *of_boxes)
            if joint.id in {str(link.id), line_of(link), f"{line_of(link)}, containers"}
        )
        for link in rail
    }
    ports = tuple(_port_joints(base, periods))
    fleets = tuple(_fleets(network, base, periods))
    return Limits(
        joints=(*tracks, *of_boxes, *(joint for joint, _ in ports)),
        fleets=fleets,
        chains=chains,
        lines=lines,
        ports=ports,
        sailed=dict(_sailed(network, base, {fleet.id for fleet in fleets})),
    )


def _box_joints(network: Network, rail: list[Link], periods: Periods) -> Iterator[Joint]:
    """Lines whose published capacity counts boxes or their block trains alone, both ways."""
    for line, found in groupby(sorted(rail, key=line_of), line_of):
        link = next(iter(found))
        told = [find_capacity(link, network.capacities, day) for day in periods.first_days]
        a_year = {CapacityUnit.TEU_PER_Y: 1.0, CapacityUnit.TRAINS_PER_Y: float(TEU_PER_TRAIN)}
        per_day = tuple(
            each[0] * a_year[each[1]] / DAYS_PER_Y if each and each[1] in a_year else float("inf")
            for each in told
        )
        if min(per_day) < float("inf"):
            yield Joint(id=f"{line}, containers", unit="TEU", per_day=per_day)


def _port_joints(base: FreightBase, periods: Periods) -> Iterator[tuple[Joint, PortLimit]]:
    """Capacity of ports; rows of one name follow each other in time."""

    def name(port: PortLimit) -> str:
        goods = "all cargo" if "*" in port.goods else " and ".join(sorted(port.goods))
        modes = " and ".join(sorted(port.modes)) if len(port.modes) < len(_ALL_SEA) else "sea"
        return f"{port.place}, {goods}, {modes}"

    for told, found in groupby(sorted(base.ports, key=name), name):
        rows = tuple(found)
        unit = {"mt": "kt", "teu": "TEU", "trains": "train", "calls": "call"}[rows[0].unit]
        factor = 1000.0 if unit == "kt" else 1.0
        per_day = tuple(
            min(
                (
                    row.per_y * factor / DAYS_PER_Y
                    for row in rows
                    if _holds(row.valid_from, row.valid_to, day)
                ),
                default=float("inf"),
            )
            for day in periods.first_days
        )
        yield Joint(id=told, unit=unit, per_day=per_day), rows[0]


_ALL_SEA = {"feeder", "rail_ferry", "roro", "bulk"}


def _holds(first: date | None, beyond: date | None, day: date) -> bool:
    return (first is None or first <= day) and (beyond is None or day < beyond)


def _directions(base: FreightBase, fleet: FreightFleet) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.direction for line in base.lines if line.fleet == fleet.id))


def _fleets(network: Network, base: FreightBase, periods: Periods) -> Iterator[Fleet]:
    """Hours of each fleet, once for each direction: a voyage out is a voyage back."""
    by_name = groupby(sorted(base.fleets, key=lambda each: each.name), lambda each: each.name)
    for name, found in by_name:
        rows = tuple(found)
        hours = tuple(
            sum(
                fleet_hours(network, row, *span)
                for row in rows
                if _holds(row.valid_from, row.valid_to, span[0])
            )
            for span in periods.spans
        )
        for direction in sorted({d for row in rows for d in _directions(base, row)}):
            yield Fleet(id=f"{name}, {direction}", hours=hours)


def fleet_hours(network: Network, fleet: FreightFleet, first: date, beyond: date) -> float:
    """Hours of a fleet in which its ships can work, less what weather and low water take."""
    hours, day = 0.0, first
    while day < beyond:
        open_share = 1.0
        for row in network.performance.weather:
            if set(row.places) & set(fleet.weather):
                open_share *= 1 - row.closed_share[day.month - 1]
        hours += 24 * open_share
        day += timedelta(days=1)
    load = 1.0
    for derating in network.link_attributes.deratings:
        if derating.id == fleet.derating:
            level = sea_level_m(network.link_attributes.sea_levels, SEA, first)
            load = 1 - fleet.derated_share * (1 - load_share(derating, level))
    return fleet.ships * hours * fleet.working_share * load


def _sailed(
    network: Network, base: FreightBase, fleets: set[str]
) -> Iterator[tuple[str, tuple[tuple[str, FleetLine, float], ...]]]:
    """By link: the fleet, the line, and the hours of a round trip."""
    known = {fleet.id: fleet for fleet in base.fleets}
    links = {str(link.id): link for link in network.links.values()}
    for link, found in groupby(sorted(base.lines, key=lambda each: each.link), lambda e: e.link):
        told: dict[str, tuple[str, FleetLine, float]] = {}
        for line in found:
            fleet = known[line.fleet]
            name = f"{fleet.name}, {line.direction}"
            running = links[link].running_h or 0.0
            hours = 2 * running + 2 * line.port_h + fleet.wait_h
            if name in fleets:
                told.setdefault(name, (name, replace(line), hours))
        yield link, tuple(told.values())
