"""Checks of a whole network: what its tables contradict each other in.

A check is a pure function over entries that yields faults; it never stops at the first.
`find_errors` runs those that make a network unusable, `find_warnings` those a person should
look at. The codes are stable: people filter by them.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from karvan.domain.errors import InvalidInput, TableFault
from karvan.domain.instants import get_zone
from karvan.network.entries import Entry
from karvan.network.geometry import great_circle_km
from karvan.network.links import Link, LinkCapacity, LinkId, LinkStatus, Mode
from karvan.network.places import City, CodeScheme, KnownCountry, Place, PlaceCode, PlaceId

#: Coordinates are approximate to a few kilometres: a length may fall so far below the circle.
SHORT_SHARE, SHORT_KM = 0.02, 2.0
#: Above this many times the great circle, and more than these km, a length needs a reason.
DETOUR_FACTOR, DETOUR_KM = 1.6, 10.0
#: Lowest and highest speed in km/h believed of a link. Assumed: wide around the facts' own.
SPEED_BOUNDS_KM_H = {
    Mode.RAIL: (10.0, 100.0),
    Mode.ROAD: (10.0, 90.0),
    Mode.RAIL_FERRY: (10.0, 45.0),
    Mode.RORO: (10.0, 50.0),
    Mode.FEEDER: (10.0, 45.0),
    Mode.DEEP_SEA: (15.0, 50.0),
    Mode.CANAL: (5.0, 25.0),
    Mode.BULK: (10.0, 35.0),
    Mode.TANKER: (10.0, 35.0),
    Mode.CHARTERED_SHIP: (10.0, 40.0),
    Mode.PIPELINE: (1.0, 15.0),
}
#: Allowed beside ISO codes in a link's countries: hauliers of the Union are in none of it.
UNION = "EU"

_PLACE_ID = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,6}")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorEntries:
    """Everything the checks look at.

    `source_keys` are the keys of `data/sources.toml`; `None` leaves sources unchecked.
    """

    places: Sequence[Entry[Place]]
    links: Sequence[Entry[Link]]
    cities: Sequence[Entry[City]] = ()
    codes: Sequence[Entry[PlaceCode]] = ()
    capacities: Sequence[Entry[LinkCapacity]] = ()
    countries: Sequence[Entry[KnownCountry]] = ()
    source_keys: Collection[str] | None = None


Check = Callable[[CorridorEntries], Iterator[TableFault]]


def find_errors(corridor: CorridorEntries) -> tuple[TableFault, ...]:
    """Give every error of every check, by file and row."""
    return _run(ERRORS, corridor)


def find_warnings(corridor: CorridorEntries) -> tuple[TableFault, ...]:
    """Give what is no error but wants a look: places without links, and cut-off parts."""
    return _run(WARNINGS, corridor)


def check_duplicates(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`duplicate-id`: one id for two; a city counts among the places; codes by any case."""
    located: list[Entry[Place | City]] = [*corridor.places, *corridor.cities]
    yield from _repeated(located, lambda place: str(place.id), "id")
    yield from _repeated(corridor.links, lambda link: str(link.id), "id")
    yield from _repeated(
        corridor.codes, lambda code: (str(code.scheme), code.code.casefold()), "code"
    )
    yield from _repeated(corridor.capacities, lambda row: (row.link, row.valid_from), "link")
    yield from _repeated(corridor.countries, lambda row: row.country, "country")


def check_references(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`unknown-place`, `unknown-link`, `self-loop`: what an id stands for must exist."""
    places = {str(entry.value.id) for entry in corridor.places}
    cities = {str(entry.value.id) for entry in corridor.cities}
    links = {entry.value.id for entry in corridor.links}
    for link in corridor.links:
        for column in ("from_place", "to_place"):
            if getattr(link.value, column) not in places:
                yield link.fault(column, "unknown-place", "there is no such place")
        if link.value.from_place == link.value.to_place:
            yield link.fault("to_place", "self-loop", "a link must join two places")
    for city in corridor.cities:
        if not city.value.members or not set(map(str, city.value.members)) <= places:
            yield city.fault("members", "unknown-place", "a member is no place")
    for code in corridor.codes:
        if str(code.value.place) not in places | cities:
            yield code.fault("place", "unknown-place", "there is no such place or city")
    for row in corridor.capacities:
        if row.value.link not in links:
            yield row.fault("link", "unknown-link", "there is no such link")


def check_reverses(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`unknown-reverse`, `missing-reverse`, `reverse-mismatch`, `reverse-cycle`."""
    links = {entry.value.id: entry.value for entry in corridor.links}
    for entry in corridor.links:
        link = entry.value
        if link.reverse_of is None:
            if link.mode is not Mode.PIPELINE:
                yield entry.fault("reverse_of", "missing-reverse", "the other direction is missing")
            continue
        back = links.get(link.reverse_of)
        if back is None:
            yield entry.fault("reverse_of", "unknown-reverse", "there is no such link")
        elif link.mode is Mode.PIPELINE:
            yield entry.fault("reverse_of", "reverse-mismatch", "a pipeline has one direction")
        elif back.reverse_of != link.id:
            if _comes_round(link, links):
                yield entry.fault("reverse_of", "reverse-cycle", "reverses form a ring")
            else:
                yield entry.fault("reverse_of", "reverse-mismatch", "the other names another")
        elif back is link:
            yield entry.fault("reverse_of", "reverse-cycle", "a link is its own reverse")
        elif (back.from_place, back.to_place, back.mode) != (
            link.to_place,
            link.from_place,
            link.mode,
        ):
            yield entry.fault("reverse_of", "reverse-mismatch", "the other joins other places")


def check_numbers(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`not-finite`, `out-of-range`: coordinates, lengths, times, capacities."""
    for place in corridor.places:
        for column, limit in (("lat_deg", 90.0), ("lon_deg", 180.0)):
            yield from _number(place, column, -limit, limit)
    for link in corridor.links:
        yield from _number(link, "length_km", 0.1, 50_000.0)
        yield from _number(link, "running_h", 0.0, 10_000.0)
        yield from _number(link, "dwell_removed_h", 0.0, 1_000.0)
        yield from _number(link, "capacity", 0.0, 1e12)
        yield from _number(link, "tariff_usd_t", 0.0, 1e6)
        if (link.value.capacity is None) != (link.value.capacity_unit is None):
            yield link.fault("capacity_unit", "missing-value", "capacity and unit go together")
        if link.value.running_h is None and link.value.mode is not Mode.PIPELINE:
            yield link.fault("running_h", "missing-value", "all but pipelines have a running time")
    for row in corridor.capacities:
        yield from _number(row, "capacity", 0.0, 1e12)


def check_countries(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`unknown-country`, `unknown-time-zone`, `customs-mismatch`."""
    known = {entry.value.country: entry.value for entry in corridor.countries}
    for place in corridor.places:
        country = known.get(place.value.country)
        if country is None:
            yield place.fault("country", "unknown-country", "not in the table of countries")
        elif country.customs_territory != place.value.customs_territory:
            message = "differs from the table of countries"
            yield place.fault("customs_territory", "customs-mismatch", message)
    for city in corridor.cities:
        if city.value.country not in known:
            yield city.fault("country", "unknown-country", "not in the table of countries")
    for link in corridor.links:
        if not set(link.value.countries) <= known.keys() | {UNION}:
            yield link.fault("country", "unknown-country", "not in the table of countries")
    zoned: list[Entry[Place] | Entry[KnownCountry]] = [*corridor.places, *corridor.countries]
    for entry in zoned:
        if not _is_zone(entry.value.time_zone):
            yield entry.fault("time_zone", "unknown-time-zone", "no name of the IANA list")


def check_lengths(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`too-short`, `detour`, `speed`: length against the great circle, time against length."""
    places = {entry.value.id: entry.value for entry in corridor.places}
    for entry in corridor.links:
        link = entry.value
        start, end = places.get(link.from_place), places.get(link.to_place)
        if not _finite(link.length_km) or start is None or end is None:
            continue  # Told by another check.
        ends = (start.lat_deg, start.lon_deg, end.lat_deg, end.lon_deg)
        if not all(map(_finite, ends)):
            continue
        circle_km = great_circle_km(*ends)
        if link.length_km < circle_km * (1 - SHORT_SHARE) - SHORT_KM:
            message = f"shorter than the great circle of {circle_km:.0f} km"
            yield entry.fault("length_km", "too-short", message)
        if link.length_km > circle_km * DETOUR_FACTOR + DETOUR_KM and not link.detour_reason:
            message = f"far above the great circle of {circle_km:.0f} km, without a reason"
            yield entry.fault("length_km", "detour", message)
        bounds = SPEED_BOUNDS_KM_H.get(link.mode)
        if bounds and link.running_h is not None and _finite(link.running_h):
            low, high = bounds
            if not low * link.running_h <= link.length_km <= high * link.running_h:
                message = f"gives a speed outside {low:g} to {high:g} km/h"
                yield entry.fault("running_h", "speed", message)


def check_gauges(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`gauge-mismatch`: track runs between ends that share a gauge; planned track may not."""
    gauges = {entry.value.id: set(entry.value.gauges) for entry in corridor.places}
    for entry in corridor.links:
        link = entry.value
        shared = gauges.get(link.from_place, set()) & gauges.get(link.to_place, set())
        if not set(link.gauges) <= shared:
            yield entry.fault("gauges", "gauge-mismatch", "an end has not this gauge")
        elif link.mode is Mode.RAIL and not link.gauges and link.status is not LinkStatus.PLANNED:
            yield entry.fault("gauges", "gauge-mismatch", "the ends share no gauge")


def check_dates(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`dates-reversed`, `periods-overlap`: a period ends after it begins, one at a time."""
    dated: list[Entry[Link] | Entry[LinkCapacity]] = [*corridor.links, *corridor.capacities]
    for entry in dated:
        first, beyond = entry.value.valid_from, entry.value.valid_to
        if first is not None and beyond is not None and beyond <= first:
            yield entry.fault("valid_to", "dates-reversed", "ends before it begins")
    by_link: dict[str, list[Entry[LinkCapacity]]] = defaultdict(list)
    for row in corridor.capacities:
        by_link[row.value.link].append(row)
    for rows in by_link.values():
        rows.sort(key=lambda row: row.value.valid_from or date.min)
        for earlier, later in pairwise(rows):
            begins = later.value.valid_from or date.min
            if (earlier.value.valid_to or date.max) > begins:
                yield later.fault("valid_from", "periods-overlap", "the period before still runs")


def check_sources(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`unknown-source`, `missing-source`: every figure has a source with an entry."""
    if corridor.source_keys is None:
        return
    known = set(corridor.source_keys)
    sourced: list[Entry[Place] | Entry[City] | Entry[PlaceCode] | Entry[Link] | Entry[LinkCapacity]]
    sourced = [*corridor.places, *corridor.cities, *corridor.codes]
    sourced += [*corridor.links, *corridor.capacities]
    for entry in sourced:
        if not entry.value.source:
            yield entry.fault("source", "missing-source", "no source is named")
        for key in entry.value.source:
            if key not in known:
                yield entry.fault("source", "unknown-source", f"no entry in sources.toml: {key}")


def check_ids(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`oil-id`, `malformed-id`: one id scheme; codes of the oil facts are codes only."""
    oil = {entry.value.code for entry in corridor.codes if entry.value.scheme is CodeScheme.OIL}
    located: list[Entry[Place] | Entry[City]] = [*corridor.places, *corridor.cities]
    for entry in located:
        yield from _place_id(entry, "id", str(entry.value.id), oil)
    for link in corridor.links:
        value = link.value
        for column, end in (("from_place", value.from_place), ("to_place", value.to_place)):
            if end in oil:
                yield link.fault(column, "oil-id", "a code of the oil facts, not an id")
        if value.id != f"{value.from_place}--{value.to_place}:{value.mode}":
            yield link.fault("id", "malformed-id", "is not from--to:mode")


def warn_no_link(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`no-link`: a place no link touches."""
    ends = {e for entry in corridor.links for e in (entry.value.from_place, entry.value.to_place)}
    for entry in corridor.places:
        if entry.value.id not in ends:
            yield entry.fault("id", "no-link", "no link touches the place")


def warn_disconnected(corridor: CorridorEntries) -> Iterator[TableFault]:
    """`disconnected`: places with links, but none that leads to the main part of the network.

    Directions and status are ignored: what is cut off here no opening can reach.
    """
    neighbours: dict[PlaceId, set[PlaceId]] = defaultdict(set)
    for entry in corridor.links:
        neighbours[entry.value.from_place].add(entry.value.to_place)
        neighbours[entry.value.to_place].add(entry.value.from_place)
    parts: list[set[PlaceId]] = []
    for start in sorted(neighbours):
        if not any(start in part for part in parts):
            parts.append(_reached(start, neighbours))
    main = max(parts, key=len, default=set())
    for place in corridor.places:
        if place.value.id in neighbours and place.value.id not in main:
            yield place.fault("id", "disconnected", "no link leads to the main network")


def _reached(start: PlaceId, neighbours: Mapping[PlaceId, Collection[PlaceId]]) -> set[PlaceId]:
    reached, waiting = {start}, [start]
    while waiting:
        new = set(neighbours[waiting.pop()]) - reached
        reached |= new
        waiting.extend(new)
    return reached


ERRORS: tuple[Check, ...] = (
    check_duplicates,
    check_references,
    check_reverses,
    check_numbers,
    check_countries,
    check_lengths,
    check_gauges,
    check_dates,
    check_sources,
    check_ids,
)
WARNINGS: tuple[Check, ...] = (warn_no_link, warn_disconnected)


def _run(checks: Iterable[Check], corridor: CorridorEntries) -> tuple[TableFault, ...]:
    faults = [fault for check in checks for fault in check(corridor)]
    return tuple(sorted(faults, key=lambda fault: (fault.file, fault.row or 0)))


def _repeated(
    rows: Sequence[Entry[T]], key: Callable[[T], object], column: str
) -> Iterator[TableFault]:
    seen = set()
    for row in rows:
        name = key(row.value)
        if name in seen:
            yield row.fault(column, "duplicate-id", "stands twice")
        seen.add(name)


def _number(entry: Entry[object], column: str, low: float, high: float) -> Iterator[TableFault]:
    value = getattr(entry.value, column)
    if value is None:
        return
    if not math.isfinite(value):
        yield entry.fault(column, "not-finite", "must be a finite number")
    elif not low <= value <= high:
        yield entry.fault(column, "out-of-range", f"must lie in {low:g} to {high:g}")


def _place_id(
    entry: Entry[Place] | Entry[City], column: str, name: str, oil: Collection[str]
) -> Iterator[TableFault]:
    if name in oil:
        yield entry.fault(column, "oil-id", "a code of the oil facts, not an id")
    elif _PLACE_ID.fullmatch(name) is None:
        yield entry.fault(column, "malformed-id", "is not country, hyphen, 1 to 6 characters")


def _comes_round(link: Link, links: Mapping[LinkId, Link]) -> bool:
    seen = {link.id}
    here: Link | None = link
    while here is not None and here.reverse_of is not None:
        here = links.get(here.reverse_of)
        if here is not None and here.id == link.id:
            return True
        if here is None or here.id in seen:
            return False
        seen.add(here.id)
    return False


def _is_zone(name: str) -> bool:
    try:
        get_zone(name)
    except InvalidInput:
        return False
    return True


def _finite(value: float) -> bool:
    return math.isfinite(value)
