"""Names of places, opening hours and holidays, from CSV."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources.abc import Traversable

from karvan.adapters.files.cells import Cells, build
from karvan.adapters.files.corridor_tables import (
    CORRIDOR_TABLES,
    read_file,
    shipped_attributes,
    tables_hash,
)
from karvan.adapters.files.service_tables import Read
from karvan.domain.errors import TableFault
from karvan.network.consistency import CorridorEntries
from karvan.network.opening_hours import DAY_MIN, Holiday, HoursActivity, OpeningHours
from karvan.network.patterns import WEEKDAYS
from karvan.network.place_checks import PlaceEntries, find_place_errors
from karvan.network.place_names import PlaceName
from karvan.network.places import PlaceId

#: Tables about places beside those of `CORRIDOR_TABLES`, in the same hash.
PLACE_TABLES = {
    "place_names.csv": "place_name",
    "opening_hours.csv": "opening_hours",
    "holidays.csv": "holiday",
}

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_RULE = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})")
_LEAP_YEAR = 2024


def read_place_names(directory: Traversable) -> Read[PlaceName]:
    """Read place_names.csv."""
    rows, faults = read_file(directory, "place_names.csv", shipped_attributes("place_name"))
    made, more = build(rows, _place_name)
    return made, (*faults, *more)


def read_opening_hours(directory: Traversable) -> Read[OpeningHours]:
    """Read opening_hours.csv."""
    rows, faults = read_file(directory, "opening_hours.csv", shipped_attributes("opening_hours"))
    made, more = build(rows, _opening_hours)
    return made, (*faults, *more)


def read_holidays(directory: Traversable) -> Read[Holiday]:
    """Read holidays.csv."""
    rows, faults = read_file(directory, "holidays.csv", shipped_attributes("holiday"))
    made, more = build(rows, _holiday)
    return made, (*faults, *more)


def read_place_tables(
    directory: Traversable, corridor: CorridorEntries
) -> tuple[PlaceEntries, tuple[TableFault, ...]]:
    """Read the three tables and check them against places, cities and countries.

    Returns
    -------
    What could be read, and all faults: of reading, and where there are none, of the checks.
    """
    names, name_faults = read_place_names(directory)
    hours, hour_faults = read_opening_hours(directory)
    holidays, holiday_faults = read_holidays(directory)
    found = PlaceEntries(corridor=corridor, names=names, hours=hours, holidays=holidays)
    faults = (*name_faults, *hour_faults, *holiday_faults)
    return found, faults or find_place_errors(found)


def places_and_links_hash(directory: Traversable) -> str:
    """Give the one hash of places, links, names, hours and holidays."""
    return tables_hash(directory, {**CORRIDOR_TABLES, **PLACE_TABLES})


def _place_name(cells: Cells) -> PlaceName:
    return PlaceName(
        place=PlaceId(cells.text("place")),
        language=cells.text("language"),
        name=cells.text("name"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _opening_hours(cells: Cells) -> OpeningHours:
    days = cells.parts("days")
    if not set(days) <= set(WEEKDAYS):
        cells.fault("days", "not-in-list", f"must be of {', '.join(WEEKDAYS)}")
        days = ()
    return OpeningHours(
        place=cells.text("place"),
        activity=HoursActivity(cells.text("activity")),
        days=tuple(sorted(WEEKDAYS.index(day) for day in days)),
        opens_min=_minutes(cells, "opens"),
        closes_min=_minutes(cells, "closes"),
        holidays=cells.parts("holidays"),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        source=cells.parts("source"),
        fact=cells.parts("fact"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _minutes(cells: Cells, column: str) -> int:
    match = _CLOCK.fullmatch(cells.text(column))
    if match is None or (match[1] is None and column == "opens"):
        cells.fault(column, "not-a-time", "must be HH:MM")
        return 0
    return DAY_MIN if match[1] is None else int(match[1]) * 60 + int(match[2])


def _holiday(cells: Cells) -> Holiday:
    year, month, day = _rule(cells)
    closes, known = cells.parts("closes"), {str(word) for word in HoursActivity}
    if not set(closes) <= known:
        cells.fault("closes", "not-in-list", f"must be of {', '.join(sorted(known))}")
        closes = ()
    return Holiday(
        country=cells.text("country"),
        year=year,
        month=month,
        day=day,
        days=cells.whole("days"),
        name=cells.text("name"),
        closes=frozenset(HoursActivity(word) for word in closes),
        source=cells.parts("source"),
        fact=cells.parts("fact"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _rule(cells: Cells) -> tuple[int | None, int, int]:
    """Read `2026-03-20` or `03-20`; a day no leap year has is refused."""
    match = _RULE.fullmatch(cells.text("date"))
    if match is None:
        cells.fault("date", "not-a-date", "must read 2026-03-20 or 03-20")
        return None, 1, 1
    year = int(match[1]) if match[1] else None
    month, day = int(match[2]), int(match[3])
    try:
        date(_LEAP_YEAR if year is None else year, month, day)
    except ValueError:
        cells.fault("date", "not-a-date", "there is no such day")
        return None, 1, 1
    return year, month, day
