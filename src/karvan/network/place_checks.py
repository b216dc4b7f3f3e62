"""Checks of the names of places, the hours of their offices and the holidays.

Like `consistency`: pure functions over entries, all faults, stable codes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from karvan.domain.errors import TableFault
from karvan.network.consistency import CorridorEntries
from karvan.network.entries import Entry
from karvan.network.opening_hours import ANYWHERE, OWN, Holiday, OpeningHours
from karvan.network.place_names import (
    COMMON_LANGUAGES,
    LANGUAGES,
    LOCAL_LANGUAGES,
    PlaceName,
)
from karvan.network.places import City, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceEntries:
    """Everything these checks look at."""

    corridor: CorridorEntries
    names: Sequence[Entry[PlaceName]] = ()
    hours: Sequence[Entry[OpeningHours]] = ()
    holidays: Sequence[Entry[Holiday]] = ()


Check = Callable[[PlaceEntries], Iterable[TableFault]]


def find_place_errors(entries: PlaceEntries) -> tuple[TableFault, ...]:
    """Give every fault of every check, by file and row."""
    checks: tuple[Check, ...] = (
        check_names,
        check_missing_names,
        check_hours,
        check_overlaps,
        check_holidays,
    )
    faults = [fault for check in checks for fault in check(entries)]
    return tuple(sorted(faults, key=lambda fault: (fault.file, fault.row or 0)))


def check_names(entries: PlaceEntries) -> Iterator[TableFault]:
    """`unknown-place`, `unknown-language`, `duplicate-id`, `missing-value`."""
    known = _located(entries)
    seen = set()
    for entry in entries.names:
        name = entry.value
        if str(name.place) not in known:
            yield entry.fault("place", "unknown-place", f"no place or city {name.place}")
        if name.language not in LANGUAGES:
            yield entry.fault("language", "unknown-language", f"not of ISO 639-1: {name.language}")
        if name.name != name.name.strip():
            yield entry.fault("name", "missing-value", "begins or ends with a space")
        if (name.place, name.language) in seen:
            message = f"{name.place} has a name in {name.language} above already"
            yield entry.fault("language", "duplicate-id", message)
        seen.add((name.place, name.language))


def check_missing_names(entries: PlaceEntries) -> Iterator[TableFault]:
    """`missing-name`: a place without an English, a Russian or a local name.

    Told at the first row of the place, or at the table where it has none.
    """
    rows: dict[str, list[Entry[PlaceName]]] = defaultdict(list)
    for entry in entries.names:
        rows[str(entry.value.place)].append(entry)
    for place in _located(entries).values():
        found = rows.get(str(place.id), [])
        languages = {entry.value.language for entry in found}
        wanted: list[tuple[str, ...]] = [(language,) for language in COMMON_LANGUAGES]
        if place.country in LOCAL_LANGUAGES:
            wanted.append(LOCAL_LANGUAGES[place.country])
        for choice in wanted:
            if languages.isdisjoint(choice):
                message = f"{place.id} has no name in {' or '.join(choice)}"
                file = found[0].file if found else "place_names.csv"
                row = found[0].row if found else None
                yield TableFault(file, row, "language", "missing-name", message)


def check_hours(entries: PlaceEntries) -> Iterator[TableFault]:
    """`unknown-place`, `unknown-country`, `hours-reversed`, `dates-reversed`."""
    places = {str(entry.value.id) for entry in entries.corridor.places}
    countries = _countries(entries)
    with_holidays = {entry.value.country for entry in entries.holidays}
    for entry in entries.hours:
        row = entry.value
        if row.place not in places | countries | {ANYWHERE}:
            yield entry.fault("place", "unknown-place", f"no place or country {row.place}")
        for name in row.holidays:
            if name != OWN and name not in with_holidays:
                yield entry.fault("holidays", "unknown-country", f"no holidays of {name}")
        if row.closes_min <= row.opens_min:
            message = "closes before it opens; hours over midnight are two rows"
            yield entry.fault("closes", "hours-reversed", message)
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            yield entry.fault("valid_to", "dates-reversed", "ends before it begins")


def check_overlaps(entries: PlaceEntries) -> Iterator[TableFault]:
    """`hours-overlap`: two rows of one place and activity hold at the same hour."""
    groups: dict[tuple[str, str], list[Entry[OpeningHours]]] = defaultdict(list)
    for entry in entries.hours:
        groups[entry.value.place, entry.value.activity].append(entry)
    for rows in groups.values():
        for earlier, later in combinations(rows, 2):
            if _overlap(earlier.value, later.value):
                message = f"holds at the same hour as row {earlier.row}"
                yield later.fault("opens", "hours-overlap", message)


def check_holidays(entries: PlaceEntries) -> Iterator[TableFault]:
    """`unknown-country`, `duplicate-id`, `out-of-range`."""
    countries = _countries(entries)
    seen = set()
    for entry in entries.holidays:
        row = entry.value
        if row.country not in countries:
            yield entry.fault("country", "unknown-country", f"no country {row.country}")
        if not 1 <= row.days <= 31:
            yield entry.fault("days", "out-of-range", "must lie in 1 to 31")
        key = (row.country, row.year, row.month, row.day, row.name)
        if key in seen:
            yield entry.fault("date", "duplicate-id", "the holiday stands above already")
        seen.add(key)


def _located(entries: PlaceEntries) -> dict[str, Place | City]:
    located: list[Entry[Place] | Entry[City]] = [*entries.corridor.places, *entries.corridor.cities]
    return {str(entry.value.id): entry.value for entry in located}


def _countries(entries: PlaceEntries) -> set[str]:
    return {entry.value.country for entry in entries.corridor.countries}


def _overlap(one: OpeningHours, other: OpeningHours) -> bool:
    days = not set(one.days).isdisjoint(other.days)
    times = one.opens_min < other.closes_min and other.opens_min < one.closes_min
    begins = max(one.valid_from or date.min, other.valid_from or date.min)
    return days and times and begins <= min(one.valid_to or date.max, other.valid_to or date.max)
