"""Checks of what is known of lines beside their length, against places, links and services.

Like `consistency`: pure functions over entries, all faults, stable codes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Final, TypeVar

from karvan.domain.errors import TableFault
from karvan.network.entries import Entry
from karvan.network.link_attributes import (
    KNOWN_VALUES,
    LIMITS,
    Derating,
    Electrification,
    Electrified,
    Permission,
    PermissionRule,
    RouteLength,
    SeaLevel,
    ServiceCapacity,
)
from karvan.network.links import Link, LinkId, Mode
from karvan.network.patterns import ScheduledService
from karvan.network.places import Place

_AMOUNT: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
_UNITS: Final = {"TEU": "teu", "wagons": "wagons"}

Dated = TypeVar("Dated", Electrification, Permission)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAttributeEntries:
    """The tables these checks look at."""

    electrification: Sequence[Entry[Electrification]] = ()
    permissions: Sequence[Entry[Permission]] = ()
    service_capacities: Sequence[Entry[ServiceCapacity]] = ()
    sea_levels: Sequence[Entry[SeaLevel]] = ()
    deratings: Sequence[Entry[Derating]] = ()
    route_lengths: Sequence[Entry[RouteLength]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the tables may name; `source_keys` are those of `sources.toml`."""

    places: Collection[str]
    links: Sequence[Link]
    services: Sequence[ScheduledService]
    source_keys: Collection[str]
    link_ids: frozenset[LinkId] = field(init=False)
    service_ids: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "link_ids", frozenset(link.id for link in self.links))
        object.__setattr__(self, "service_ids", frozenset(str(s.id) for s in self.services))


Check = Callable[[LinkAttributeEntries, Surroundings], Iterable[TableFault]]


def surroundings(
    places: Iterable[Entry[Place]],
    links: Iterable[Entry[Link]],
    services: Iterable[Entry[ScheduledService]],
    source_keys: Collection[str],
) -> Surroundings:
    """Gather what the tables may name."""
    return Surroundings(
        places=frozenset(str(entry.value.id) for entry in places),
        links=tuple(entry.value for entry in links),
        services=tuple(entry.value for entry in services),
        source_keys=source_keys,
    )


def find_link_errors(tables: LinkAttributeEntries, around: Surroundings) -> tuple[TableFault, ...]:
    """Give every fault of every check."""
    return tuple(fault for check in CHECKS for fault in check(tables, around))


def check_ids(tables: LinkAttributeEntries, _: Surroundings) -> Iterator[TableFault]:
    """`duplicate-id`: two rows of a table with one id, or one unit of a service told twice."""
    with_ids: Sequence[Sequence[Entry[object]]] = (
        tables.electrification,
        tables.permissions,
        tables.sea_levels,
        tables.deratings,
        tables.route_lengths,
    )
    for table in with_ids:
        seen: set[object] = set()
        for entry in table:
            name = getattr(entry.value, "id", "")
            if name in seen:
                yield entry.fault("id", "duplicate-id", f"{name} stands above already")
            seen.add(name)
    units: set[tuple[str, str]] = set()
    for row in tables.service_capacities:
        key = (row.value.service, row.value.unit)
        if key in units:
            yield row.fault("unit", "duplicate-id", "this unit of the service stands above already")
        units.add(key)


def check_wires(tables: LinkAttributeEntries, around: Surroundings) -> Iterator[TableFault]:
    """`missing-value`, `unknown-link`, `unknown-operator`: which line, and which system."""
    operators = {link.operator for link in around.links if link.mode is Mode.RAIL}
    for entry in tables.electrification:
        row = entry.value
        if (row.link is None) == (not row.operator):
            yield entry.fault("link", "missing-value", "name a link or an operator, not both")
        elif row.link is not None and row.link not in around.link_ids:
            yield entry.fault("link", "unknown-link", "there is no such link")
        elif row.operator and row.operator not in operators:
            yield entry.fault("operator", "unknown-operator", "no railway link has this operator")
        if (row.electrified is not Electrified.NO) != bool(row.system):
            yield entry.fault("system", "missing-value", "wires have a system, no wires none")


def check_permissions(tables: LinkAttributeEntries, around: Surroundings) -> Iterator[TableFault]:
    """`unknown-subject`, `unknown-value`: of nothing, or in words nobody knows."""
    ids = {*around.places, *around.link_ids, *around.service_ids, *(mode.value for mode in Mode)}
    ids |= {str(place).partition("-")[0] for place in around.places}
    for entry in tables.permissions:
        kind, values = entry.value.kind, entry.value.values
        if entry.value.subject not in ids:
            yield entry.fault(
                "subject", "unknown-subject", "no link, place, service, mode or country"
            )
        if kind in LIMITS:
            if len(values) != 1 or _AMOUNT.fullmatch(values[0]) is None:
                yield entry.fault("value", "unknown-value", "must be one number")
        elif unknown := sorted(set(values) - KNOWN_VALUES[kind]):
            yield entry.fault("value", "unknown-value", f"not known: {', '.join(unknown)}")


def check_capacities(tables: LinkAttributeEntries, around: Surroundings) -> Iterator[TableFault]:
    """`unknown-service`, `out-of-range`, `capacity-mismatch` (services.csv says otherwise)."""
    told = {str(service.id): service for service in around.services}
    for entry in tables.service_capacities:
        service = told.get(entry.value.service)
        if entry.value.amount < 0:
            yield entry.fault("amount", "out-of-range", "must not be below 0")
        if service is None:
            yield entry.fault("service", "unknown-service", "there is no such service")
        elif service.capacity is not None:
            same = _UNITS.get(service.capacity_unit) == entry.value.unit
            if same and service.capacity != entry.value.amount:
                message = f"services.csv has {service.capacity:g}"
                yield entry.fault("amount", "capacity-mismatch", message)


def check_levels(tables: LinkAttributeEntries, _: Surroundings) -> Iterator[TableFault]:
    """`datum-mismatch`, `duplicate-id`, `out-of-range`: one datum a sea, one level a day."""
    datums: dict[str, str] = {}
    days: set[tuple[str, date]] = set()
    for entry in tables.sea_levels:
        row = entry.value
        if not row.low_m <= row.level_m <= row.high_m:
            yield entry.fault("level_m", "out-of-range", "must lie between low and high")
        if datums.setdefault(row.sea, row.datum) != row.datum:
            yield entry.fault("datum", "datum-mismatch", "other levels have another datum")
        if (row.sea, row.day) in days:
            yield entry.fault("day", "duplicate-id", "this day stands above already")
        days.add((row.sea, row.day))


def check_deratings(tables: LinkAttributeEntries, around: Surroundings) -> Iterator[TableFault]:
    """`unknown-subject`, `out-of-range`: of nothing, or more than the ship takes."""
    ids = {*around.places, *around.service_ids}
    for entry in tables.deratings:
        row = entry.value
        if row.subject not in ids:
            yield entry.fault("subject", "unknown-subject", "no place or service")
        if not 0 <= row.low <= row.carried <= row.high <= row.design or not row.design:
            yield entry.fault("carried", "out-of-range", "must be low to high, at most design")
        if row.at_level_m >= row.full_level_m:
            yield entry.fault("at_level_m", "out-of-range", "must be below full_level_m")


def check_route_lengths(tables: LinkAttributeEntries, around: Surroundings) -> Iterator[TableFault]:
    """`unknown-place`, `out-of-range`, `unknown-value`: ways and modes there are not."""
    known = {mode.value for mode in Mode}
    for entry in tables.route_lengths:
        row = entry.value
        ends = (("from_place", row.from_place), ("to_place", row.to_place))
        for column, place in (*ends, *(("via", passed) for passed in row.via)):
            if place not in around.places:
                yield entry.fault(column, "unknown-place", f"there is no place {place}")
        if row.published_km <= 0:
            yield entry.fault("published_km", "out-of-range", "must be above 0")
        if not set(row.modes) <= known:
            yield entry.fault("modes", "unknown-value", "no such mode")
        if not set(row.counted) <= set(row.modes):
            yield entry.fault("counted", "unknown-value", "must be among modes")


def check_dates(tables: LinkAttributeEntries, _: Surroundings) -> Iterator[TableFault]:
    """`dates-reversed`: a period ends after it begins."""
    dated: list[Entry[Electrification] | Entry[Permission]]
    dated = [*tables.electrification, *tables.permissions]
    for entry in dated:
        first, beyond = entry.value.valid_from, entry.value.valid_to
        if first is not None and beyond is not None and beyond <= first:
            yield entry.fault("valid_to", "dates-reversed", "ends before it begins")


def check_overlaps(tables: LinkAttributeEntries, _: Surroundings) -> Iterator[TableFault]:
    """`periods-overlap`, `contradiction`: one row at a time, and none against another."""
    wires: dict[tuple[str, ...], list[Entry[Electrification]]] = defaultdict(list)
    for row in tables.electrification:
        ends = str(row.value.link or "").partition(":")[0].split("--")
        wires[row.value.operator, *sorted(ends)].append(row)
    for rows in wires.values():
        for earlier, later in combinations(rows, 2):
            if _overlap(earlier.value, later.value):
                yield later.fault("valid_from", "periods-overlap", "another row still holds")
    said: dict[tuple[str, str], list[Entry[Permission]]] = defaultdict(list)
    for permission in tables.permissions:
        said[permission.value.subject, permission.value.kind].append(permission)
    for permissions in said.values():
        for one, other in combinations(permissions, 2):
            if _overlap(one.value, other.value):
                yield from _against(one.value, other)


def _against(one: Permission, other: Entry[Permission]) -> Iterator[TableFault]:
    """Two permissions of one subject and kind that hold on the same day."""
    shared = set(one.values) & set(other.value.values)
    if one.rule is other.value.rule:
        if shared or one.rule is PermissionRule.ALLOW:
            yield other.fault("valid_from", "periods-overlap", "another row still holds")
    elif shared and one.kind not in LIMITS:
        yield other.fault("rule", "contradiction", "another row says otherwise")


def _overlap(one: Dated, other: Dated) -> bool:
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return begins < min(one.valid_to or date.max, other.valid_to or date.max)


def check_sources(tables: LinkAttributeEntries, around: Surroundings) -> Iterator[TableFault]:
    """`missing-source`, `unknown-source`: every figure has a source with an entry."""
    rows: list[Entry[object]] = [
        *tables.electrification,
        *tables.permissions,
        *tables.service_capacities,
        *tables.sea_levels,
        *tables.deratings,
        *tables.route_lengths,
    ]
    for entry in rows:
        named: tuple[str, ...] = getattr(entry.value, "source", ())
        if not named:
            yield entry.fault("source", "missing-source", "no source is named")
        for key in named:
            if key not in around.source_keys:
                yield entry.fault("source", "unknown-source", f"no entry in sources.toml: {key}")


CHECKS: Final[tuple[Check, ...]] = (
    check_ids,
    check_wires,
    check_permissions,
    check_capacities,
    check_levels,
    check_deratings,
    check_route_lengths,
    check_dates,
    check_overlaps,
    check_sources,
)
