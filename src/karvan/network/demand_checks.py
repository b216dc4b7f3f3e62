"""Checks of demand, supply, commodities and observations against the network.

Like `consistency`: pure functions over entries, all faults, stable codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from karvan.domain.errors import TableFault
from karvan.network.demand import (
    ANYWHERE,
    Commodity,
    DemandKind,
    DemandRow,
    SupplyRow,
    find_unit,
)
from karvan.network.entries import Entry
from karvan.network.observations import Observation

#: Years a row may be of; beyond them a digit was lost.
FIRST_YEAR, LAST_YEAR = 1990, 2100

_FACT = re.compile(r"[a-z_]+:[A-Za-z0-9][A-Za-z0-9_./-]*(:[a-z_/]+)?")
#: HS chapter, heading or subheading, or two headings and all between them.
_HS = re.compile(r"[0-9]{2}([0-9]{2}){0,2}(-[0-9]{4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """What the rows may name.

    Attributes
    ----------
    areas
        Countries and customs territories.
    facts
        Every row of facts/, as file:row; `None` where the facts are not at hand, and then
        only the form of a reference is checked.
    """

    places: Collection[str]
    areas: Collection[str]
    links: Collection[str]
    services: Collection[str]
    routes: Collection[str]
    sources: Collection[str]
    facts: Collection[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandEntries:
    """Everything these checks look at."""

    demand: Sequence[Entry[DemandRow]]
    supply: Sequence[Entry[SupplyRow]]
    commodities: Sequence[Entry[Commodity]]
    observations: Sequence[Entry[Observation]]
    known: KnownNames


class Sourced(Protocol):
    """A row that says where it comes from."""

    @property
    def source(self) -> tuple[str, ...]:
        """Keys of sources.toml."""
        ...

    @property
    def fact(self) -> tuple[str, ...]:
        """Rows of facts/."""
        ...


Check = Callable[[DemandEntries], Iterable[TableFault]]


def find_demand_errors(entries: DemandEntries) -> tuple[TableFault, ...]:
    """All faults of all checks, in the order of the checks."""
    checks: Sequence[Check] = (
        check_duplicates,
        check_sources,
        check_commodities,
        check_units,
        check_ranges,
        check_places,
        check_periods,
        check_observed_names,
    )
    return tuple(fault for check in checks for fault in check(entries))


def check_duplicates(entries: DemandEntries) -> Iterator[TableFault]:
    """`duplicate-id`: two rows of a table with one id."""
    tables: Sequence[Sequence[Entry[object]]] = (
        entries.demand,
        entries.supply,
        entries.commodities,
        entries.observations,
    )
    for table in tables:
        seen: set[str] = set()
        for entry in table:
            name = str(getattr(entry.value, "id", ""))
            if name in seen:
                yield entry.fault("id", "duplicate-id", f"{name} stands above already")
            seen.add(name)


def check_sources(entries: DemandEntries) -> Iterator[TableFault]:
    """`unknown-source`, `malformed-fact`, `unknown-fact`: where a figure comes from."""
    rows: Sequence[Entry[Sourced]] = (
        *entries.demand,
        *entries.supply,
        *entries.commodities,
        *entries.observations,
    )
    for entry in rows:
        for key in entry.value.source:
            if key not in entries.known.sources:
                yield entry.fault("source", "unknown-source", f"no such key: {key}")
        yield from _facts(entry, "fact", entry.value.fact, entries.known.facts)
    for seen in entries.observations:
        named = seen.value.conflicts_with
        yield from _facts(seen, "conflicts_with", named, entries.known.facts)


def _facts(
    entry: Entry[object], column: str, named: Iterable[str], known: Collection[str] | None
) -> Iterator[TableFault]:
    for fact in named:
        if _FACT.fullmatch(fact) is None:
            yield entry.fault(column, "malformed-fact", f"not file:row: {fact}")
        elif known is not None and fact not in known:
            yield entry.fault(column, "unknown-fact", f"no such row: {fact}")


def check_commodities(entries: DemandEntries) -> Iterator[TableFault]:
    """`unknown-commodity`, `malformed-hs`."""
    known = {str(entry.value.id) for entry in entries.commodities}
    rows: Sequence[Entry[DemandRow] | Entry[SupplyRow] | Entry[Observation]] = (
        *entries.demand,
        *entries.supply,
        *entries.observations,
    )
    for entry in rows:
        commodity = entry.value.commodity
        if commodity is not None and commodity not in known:
            yield entry.fault("commodity", "unknown-commodity", f"no commodity {commodity}")
    for row in entries.commodities:
        for code in row.value.hs:
            if _HS.fullmatch(code) is None:
                yield row.fault("hs", "malformed-hs", f"no HS code: {code}")


def check_units(entries: DemandEntries) -> Iterator[TableFault]:
    """`unknown-unit`: a unit that cannot be converted."""
    rows: Sequence[Entry[DemandRow] | Entry[SupplyRow] | Entry[Commodity] | Entry[Observation]] = (
        *entries.demand,
        *entries.supply,
        *entries.commodities,
        *entries.observations,
    )
    for entry in rows:
        if find_unit(entry.value.unit) is None:
            yield entry.fault("unit", "unknown-unit", f"no unit {entry.value.unit}")


def check_ranges(entries: DemandEntries) -> Iterator[TableFault]:
    """`negative-volume`, `range-reversed`, `out-of-range`."""
    rows: Sequence[Entry[DemandRow] | Entry[SupplyRow]] = (*entries.demand, *entries.supply)
    for entry in rows:
        row = entry.value
        if row.kind is not DemandKind.GROWTH and row.volume < 0:
            yield entry.fault("volume", "negative-volume", "only growth may be negative")
        if not FIRST_YEAR <= row.year <= LAST_YEAR:
            yield entry.fault("year", "out-of-range", f"must be {FIRST_YEAR} to {LAST_YEAR}")
        yield from _range(entry, row.low, row.volume, row.high)
    for seen in entries.observations:
        yield from _range(seen, seen.value.low, seen.value.value, seen.value.high)


def _range(
    entry: Entry[object], low: float | None, value: float, high: float | None
) -> Iterator[TableFault]:
    if low is not None and low > value:
        yield entry.fault("low", "range-reversed", f"{low:g} is above {value:g}")
    if high is not None and high < value:
        yield entry.fault("high", "range-reversed", f"{high:g} is below {value:g}")


def check_places(entries: DemandEntries) -> Iterator[TableFault]:
    """`unknown-place`: an end that is no place, country, customs territory or `*`."""
    areas = {*entries.known.places, *entries.known.areas}
    for entry in entries.demand:
        for column, name in (
            ("origin", entry.value.origin),
            ("destination", entry.value.destination),
        ):
            if name != ANYWHERE and name not in areas:
                yield entry.fault(column, "unknown-place", f"no place or country {name}")
    for field in entries.supply:
        if field.value.place not in areas:
            yield field.fault("place", "unknown-place", f"no place or country {field.value.place}")


def check_periods(entries: DemandEntries) -> Iterator[TableFault]:
    """`dates-reversed`: a period that ends before it begins."""
    for entry in entries.observations:
        first, last = entry.value.period_from, entry.value.period_to
        if first is not None and last is not None and last < first:
            yield entry.fault("period_to", "dates-reversed", f"{last} is before {first}")


def check_observed_names(entries: DemandEntries) -> Iterator[TableFault]:
    """`unknown-place`, `unknown-link`, `unknown-service`, `unknown-route`."""
    known = entries.known
    areas = {*known.places, *known.areas}
    for entry in entries.observations:
        row = entry.value
        named: Mapping[str, tuple[Iterable[str], Collection[str], str]] = {
            "places": (row.places, areas, "place"),
            "links": (row.links, known.links, "link"),
            "services": (row.services, known.services, "service"),
            "route": ((row.route,) if row.route else (), known.routes, "route"),
        }
        for column, (names, allowed, what) in named.items():
            for name in names:
                if name not in allowed:
                    yield entry.fault(column, f"unknown-{what}", f"no {what} {name}")
