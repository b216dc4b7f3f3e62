"""Electrification, permissions, capacities of departures, sea level and route lengths, from CSV."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from importlib.resources.abc import Traversable
from typing import TypeVar

from karvan.adapters.files.cells import Cells, build, values
from karvan.adapters.files.corridor_tables import read_file, shipped_attributes
from karvan.domain.errors import TableFault
from karvan.network.consistency import CorridorEntries
from karvan.network.entries import Entry
from karvan.network.link_attributes import (
    DepartureUnit,
    Derating,
    Electrification,
    Electrified,
    LinkAttributes,
    Permission,
    PermissionKind,
    PermissionRule,
    RouteLength,
    SeaLevel,
    ServiceCapacity,
)
from karvan.network.link_checks import LinkAttributeEntries, find_link_errors, surroundings
from karvan.network.links import LinkId
from karvan.network.patterns import ScheduledService, ServiceId
from karvan.network.places import PlaceId

T = TypeVar("T")
Read = tuple[tuple[Entry[T], ...], tuple[TableFault, ...]]

#: Tables of lines and departures that belong to the patterns hash, with their attribute files.
LINK_TABLES = {
    "electrification.csv": "electrification",
    "permissions.csv": "permission",
    "service_capacities.csv": "service_capacity",
    "sea_level.csv": "sea_level",
    "derating.csv": "derating",
}
#: A table that only checks the others; no result depends on it, so no hash holds it.
CHECK_TABLES = {"route_lengths.csv": "route_length"}


def read_link_tables(
    directory: Traversable,
    corridor: CorridorEntries,
    services: Sequence[Entry[ScheduledService]],
    source_keys: Collection[str],
) -> tuple[LinkAttributes, tuple[TableFault, ...]]:
    """Read the tables of `LINK_TABLES` and `CHECK_TABLES` and check them with the others.

    Returns
    -------
    What a network carries, and all faults: of reading, and where there are none, of the checks.
    """
    tables, faults = read_link_entries(directory)
    around = surroundings(corridor.places, corridor.links, services, source_keys)
    carried = LinkAttributes(
        electrification=values(tables.electrification),
        permissions=values(tables.permissions),
        service_capacities=values(tables.service_capacities),
        sea_levels=values(tables.sea_levels),
        deratings=values(tables.deratings),
    )
    return carried, faults or find_link_errors(tables, around)


def read_link_entries(
    directory: Traversable,
) -> tuple[LinkAttributeEntries, tuple[TableFault, ...]]:
    """Read the tables without checking them against others."""
    electrification, faults_e = _read(directory, "electrification.csv", _electrification)
    permissions, faults_p = _read(directory, "permissions.csv", _permission)
    capacities, faults_c = _read(directory, "service_capacities.csv", _service_capacity)
    levels, faults_s = _read(directory, "sea_level.csv", _sea_level)
    deratings, faults_d = _read(directory, "derating.csv", _derating)
    lengths, faults_l = read_route_lengths(directory)
    found = LinkAttributeEntries(
        electrification=electrification,
        permissions=permissions,
        service_capacities=capacities,
        sea_levels=levels,
        deratings=deratings,
        route_lengths=lengths,
    )
    return found, (*faults_e, *faults_p, *faults_c, *faults_s, *faults_d, *faults_l)


def read_route_lengths(directory: Traversable) -> Read[RouteLength]:
    """Read route_lengths.csv."""
    return _read(directory, "route_lengths.csv", _route_length)


def _read(directory: Traversable, name: str, make: Callable[[Cells], T]) -> Read[T]:
    entity = (LINK_TABLES | CHECK_TABLES)[name]
    rows, faults = read_file(directory, name, shipped_attributes(entity))
    made, more = build(rows, make)
    return made, (*faults, *more)


def _electrification(cells: Cells) -> Electrification:
    link = cells.text("link")
    return Electrification(
        id=cells.text("id"),
        link=LinkId(link) if link else None,
        operator=cells.text("operator"),
        electrified=Electrified(cells.text("electrified")),
        system=cells.text("system"),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        source=cells.parts("source"),
        fact=cells.parts("fact"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _permission(cells: Cells) -> Permission:
    return Permission(
        id=cells.text("id"),
        subject=cells.text("subject"),
        kind=PermissionKind(cells.text("kind")),
        rule=PermissionRule(cells.text("rule")),
        values=cells.parts("value"),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        source=cells.parts("source"),
        fact=cells.parts("fact"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _service_capacity(cells: Cells) -> ServiceCapacity:
    return ServiceCapacity(
        service=ServiceId(cells.text("service")),
        unit=DepartureUnit(cells.text("unit")),
        amount=cells.number("amount"),
        source=cells.parts("source"),
        fact=cells.parts("fact"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _sea_level(cells: Cells) -> SeaLevel:
    return SeaLevel(
        id=cells.text("id"),
        sea=cells.text("sea"),
        datum=cells.text("datum"),
        day=cells.day("day"),
        level_m=cells.number("level_m"),
        low_m=cells.number("low_m"),
        high_m=cells.number("high_m"),
        source=cells.parts("source"),
        fact=cells.parts("fact"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _derating(cells: Cells) -> Derating:
    return Derating(
        id=cells.text("id"),
        subject=cells.text("subject"),
        ship=cells.text("ship"),
        quantity=DepartureUnit(cells.text("quantity")),
        design=cells.number("design"),
        carried=cells.number("carried"),
        low=cells.number("low"),
        high=cells.number("high"),
        full_level_m=cells.number("full_level_m"),
        at_level_m=cells.number("at_level_m"),
        source=cells.parts("source"),
        fact=cells.parts("fact"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _route_length(cells: Cells) -> RouteLength:
    return RouteLength(
        id=cells.text("id"),
        from_place=PlaceId(cells.text("from_place")),
        to_place=PlaceId(cells.text("to_place")),
        via=tuple(PlaceId(part) for part in cells.parts("via")),
        modes=cells.parts("modes"),
        counted=cells.parts("counted") or cells.parts("modes"),
        published_km=cells.number("published_km"),
        source=cells.parts("source"),
        fact=cells.parts("fact"),
        used_to_set_a_link=cells.flag("used_to_set_a_link"),
        explanation=cells.text("explanation"),
    )
