"""Checks of services, performance and rates against places and links.

Like `consistency`: pure functions over entries, all faults, stable codes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from karvan.domain.errors import KarvanError, TableFault
from karvan.domain.tariff import ANY as ANY_PLACE
from karvan.domain.tariff import BookRow, JointTariff, Rate, TariffDistance
from karvan.network.consistency import CorridorEntries
from karvan.network.entries import Entry
from karvan.network.links import LinkStatus
from karvan.network.passages import RUNS_ON, Event, Run, Segment, Tracks, compile_segments
from karvan.network.patterns import Carrier, CorridorFamily, ScheduledService, ServiceStatus
from karvan.network.performance import (
    ANY,
    CommonFactor,
    Performance,
    PerformanceRow,
    WeatherRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntries:
    """Everything these checks look at; `factor_modes` are modes with an emission factor."""

    corridor: CorridorEntries
    carriers: Sequence[Entry[Carrier]]
    services: Sequence[Entry[ScheduledService]]
    families: Sequence[Entry[CorridorFamily]]
    performance_rows: Sequence[Entry[PerformanceRow]]
    weather: Sequence[Entry[WeatherRow]]
    common_factors: Sequence[Entry[CommonFactor]]
    rates: Sequence[Entry[Rate]]
    book_rows: Sequence[Entry[BookRow]] = ()
    joints: Sequence[Entry[JointTariff]] = ()
    distances: Sequence[Entry[TariffDistance]] = ()
    performance: Performance
    factor_modes: Collection[str]


Check = Callable[[ServiceEntries], Iterable[TableFault]]


def find_reference_errors(entries: ServiceEntries) -> tuple[TableFault, ...]:
    """All faults of names and ids."""
    checks: Sequence[Check] = (check_duplicates, check_references, check_performance)
    return tuple(fault for check in checks for fault in check(entries))


def find_way_errors(entries: ServiceEntries) -> tuple[TableFault, ...]:
    """All faults of ways and times; asks for references that are right."""
    return tuple(check_ways(entries))


def check_duplicates(entries: ServiceEntries) -> Iterator[TableFault]:
    """`duplicate-id`: two rows of a table with one id."""
    tables: Sequence[Sequence[Entry[object]]] = (
        entries.carriers,
        entries.services,
        entries.families,
        entries.performance_rows,
        entries.weather,
        entries.common_factors,
        entries.rates,
        entries.book_rows,
        entries.joints,
        entries.distances,
    )
    for table in tables:
        seen: set[str] = set()
        for entry in table:
            name = str(getattr(entry.value, "id", ""))
            if name in seen:
                yield entry.fault("id", "duplicate-id", f"{name} stands above already")
            seen.add(name)


def check_references(entries: ServiceEntries) -> Iterator[TableFault]:
    """`unknown-place`, `unknown-carrier`, `unknown-country`, `unknown-service`: of nothing."""
    places = {str(entry.value.id) for entry in entries.corridor.places}
    countries = {entry.value.country for entry in entries.corridor.places}
    carriers = {str(entry.value.id) for entry in entries.carriers}
    services = {str(entry.value.id) for entry in entries.services}
    for entry in entries.services:
        yield from _unknown(entry, "calls", (c.place for c in entry.value.calls), places, "place")
        named = (entry.value.operator, *entry.value.joint_rate, *entry.value.joint_rate.values())
        yield from _unknown(entry, "operator", named, carriers, "carrier")
    for family in entries.families:
        ends = (place for crossing in family.value.crossings for place in crossing)
        yield from _unknown(family, "crossings", ends, places, "place")
        yield from _unknown(family, "countries", family.value.countries, countries, "country")
        yield from _unknown(family, "services", sorted(family.value.services), services, "service")
    for row in entries.performance_rows:
        yield from _unknown(row, "place", (row.value.place,), {*places, ANY}, "place")
        yield from _unknown(row, "country", (row.value.country,), {*countries, ANY}, "country")
    for weather in entries.weather:
        yield from _unknown(weather, "places", weather.value.places, places, "place")
    for common in entries.common_factors:
        yield from _unknown(common, "places", common.value.places, {*places, ANY}, "place")
    yield from _check_book(entries, places, countries, carriers)


def _check_book(
    entries: ServiceEntries, places: set[str], countries: set[str], carriers: set[str]
) -> Iterator[TableFault]:
    known = {*places, *countries, ANY_PLACE}
    asking = {*carriers, *(joint.value.id for joint in entries.joints), ANY_PLACE, ""}
    for row in (*entries.rates, *entries.book_rows):
        yield from _unknown(row, "carrier", (row.value.carrier,), asking, "carrier")
        yield from _unknown(row, "from_places", row.value.from_places, known, "place")
        yield from _unknown(row, "to_places", row.value.to_places, known, "place")
    for joint in entries.joints:
        yield from _unknown(joint, "members", joint.value.members, carriers, "carrier")
        if joint.value.id in carriers:
            yield joint.fault("id", "duplicate-id", f"{joint.value.id} is a carrier already")
    for distance in entries.distances:
        yield from _unknown(distance, "carrier", (distance.value.carrier,), carriers, "carrier")
        yield from _unknown(distance, "from_place", (distance.value.from_place,), places, "place")
        yield from _unknown(distance, "to_place", (distance.value.to_place,), places, "place")


def _unknown(
    entry: Entry[object], column: str, names: Iterable[str], known: Collection[str], what: str
) -> Iterator[TableFault]:
    for name in names:
        if name not in known:
            yield entry.fault(column, f"unknown-{what}", f"no {what} {name}")


def check_performance(entries: ServiceEntries) -> Iterator[TableFault]:
    """`no-mode-time`: a mode of a service without running spread, stop time or gate time."""
    for entry in entries.services:
        mode = entry.value.mode
        for link_mode in sorted(RUNS_ON.get(mode, ())):
            if entries.performance.find("run", mode_from=link_mode.value) is None:
                yield entry.fault("mode", "no-mode-time", f"no spread of running by {link_mode}")
            if link_mode.value not in entries.factor_modes:
                yield entry.fault("mode", "no-emission-factor", f"no factor for {link_mode}")
        if entries.performance.find("stop", mode_from=mode.value) is None:
            yield entry.fault("mode", "no-mode-time", f"no time of a stop by {mode}")


def check_ways(entries: ServiceEntries) -> Iterator[TableFault]:
    """`no-way`: calls that no open links join. `no-time`: an event without a time."""
    tracks = Tracks(entry.value for entry in entries.corridor.links)
    places = {entry.value.id: entry.value for entry in entries.corridor.places}
    carrier_of = {
        operator: entry.value.id for entry in entries.carriers for operator in entry.value.operators
    }
    for entry in entries.services:
        if entry.value.status is not ServiceStatus.OPEN:
            continue
        try:
            segments = compile_segments(entry.value, tracks, places, carrier_of)
        except KarvanError as error:
            facts = ", ".join(f"{name} {value}" for name, value in error.facts.items())
            yield entry.fault("calls", "no-way", f"{error.message} ({facts})")
            continue
        for segment in segments:
            yield from _untimed(entry, segment, entries.performance)


def _untimed(
    entry: Entry[ScheduledService], segment: Segment, performance: Performance
) -> Iterator[TableFault]:
    for element in segment.elements:
        if isinstance(element, Run):
            continue
        assert isinstance(element, Event)
        row = performance.find(
            element.activity,
            place=element.place,
            country=element.country,
            mode_from=element.mode.value,
        )
        if row is None or row.basis == "cv":
            yield entry.fault(
                "calls", "no-time", f"no time for {element.activity} at {element.place}"
            )


def open_links(corridor: CorridorEntries) -> int:
    """How many links are open, one direction each."""
    return sum(entry.value.status is LinkStatus.OPEN for entry in corridor.links)
