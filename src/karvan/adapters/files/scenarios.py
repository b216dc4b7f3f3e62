"""Scenarios from TOML, with every fault of a file told at once; studies as CSV.

A scenario is laid on the oil of a year (`base`) or on another scenario (`extends`), whose events
and changes it keeps. An event of the table of disruptions is a scenario of its own, `event-D08`:
in its year where the oil of that year is shipped, else moved to the oil of 2024.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from karvan.adapters.files.disruptions import shipped_disruptions
from karvan.adapters.files.event_scenarios import event_names, event_table
from karvan.adapters.files.freight_scenarios import read_asked, read_parts
from karvan.adapters.files.oil_tables import read_oil_tables
from karvan.adapters.files.scenario_changes import read_changes
from karvan.adapters.files.scenario_names import named_in
from karvan.adapters.files.toml_rows import (
    Reader,
    parse_toml,
    read_row,
    read_rows,
    read_text,
    toml_table,
)
from karvan.adapters.files.toml_text import render_toml
from karvan.domain.errors import InvalidTables, KarvanError, NotFound, TableFault
from karvan.services.planning.base import OIL_YEARS, YEARS, oil_base
from karvan.services.planning.disruptions import outages_between
from karvan.services.planning.naming import nearest
from karvan.services.planning.scenario import (
    FREIGHT,
    Change,
    Event,
    OilBase,
    PeriodLength,
    RailWay,
    RouteContract,
    Scenario,
    bounds_of,
)

#: The most periods of each length: ten years of months, five of weeks, a year and a month of days.
_MOST: Final = {PeriodLength.MONTH: 120, PeriodLength.WEEK: 260, PeriodLength.DAY: 400}
_DAYS: Final = {"first_day", "last_day", "expected_until", "from", "until"}
_KEYS: Final = (
    *("title", "text", "base", "extends", "first_month", "months"),
    *(
        "first_day",
        "period",
        "periods",
        "events",
        "event",
        "change",
        "contract",
        "rail",
        "parts",
        "freight",
    ),
)
#: Years in which a scenario may begin.
_YEARS: Final = range(1900, 2200)
ALL: Final = "all"
#: File name of a scenario that was sent as an object.
SENT: Final = "scenario.toml"


class FileScenarios:
    """The `Scenarios` port on the shipped files and on files of the user."""

    def known(self) -> tuple[str, ...]:
        """Names of the shipped scenarios; those others are laid on are none."""
        return _known()

    def titles(self) -> tuple[tuple[str, str], ...]:
        """Names and titles of the shipped scenarios."""
        told: dict[str, Mapping[str, Any]] = {name: parse_toml(_path(name)) for name in _shipped()}
        told |= {name: event_table(name, YEARS) for name in event_names()}
        return tuple((name, str(table.get("title", ""))) for name, table in told.items())

    def read(self, given: str) -> Scenario:
        """Read a shipped scenario, or a file whose name ends in `.toml`.

        Raises
        ------
        NotFound
            No such scenario or file.
        InvalidTables
            With every fault.
        """
        if not given.endswith(".toml"):
            return _found(f"{given}.toml", _table(given), (), None)
        path = Path(given)
        return _found(path.name, parse_toml(path), (), path.parent)

    def parse(self, given: Mapping[str, object]) -> Scenario:
        """Read a scenario sent as an object, as if it were a file `scenario.toml`.

        Days are texts like 2025-11-29, for JSON has none.

        Raises
        ------
        InvalidTables
            With every fault.
        """
        return _found(SENT, _as_in_files(given), (), None)

    def naming(self, given: str | Mapping[str, object]) -> Scenario | None:
        """What a file or an object with faults names, as far as it goes; never to be planned."""
        if not isinstance(given, str):
            return named_in(_as_in_files(given), lambda table: _found(SENT, table, (), None))
        if not given.endswith(".toml"):
            return None
        path = Path(given)
        try:
            table = parse_toml(path)
        except KarvanError:
            return None
        return named_in(table, lambda each: _found(path.name, each, (), path.parent))

    def text(self, given: str) -> tuple[str, str]:
        """Name and text of a file that can be kept elsewhere and reads as `read` reads it.

        A scenario that extends another holds it.

        Raises
        ------
        NotFound, InvalidTables
            As `read`.
        """
        if not given.endswith(".toml"):
            return f"{given}.toml", _whole_text(given, None)
        path = Path(given)
        return path.name, _whole_text(given, path.parent)

    def text_of(self, given: Mapping[str, object]) -> tuple[str, str]:
        """Name and text of a scenario that was sent, and that `parse` reads without a fault."""
        return SENT, render_toml(_whole(_as_in_files(given), None))

    def read_text(self, file: str, text: str) -> Scenario:
        """Read the text of a scenario file kept elsewhere; raises `InvalidTables`."""
        return _found(file, toml_table(file, text), (), None)


def _folder() -> Traversable:
    return files("karvan") / "data" / "scenarios"


def _path(name: str) -> Traversable:
    return _folder() / f"{name}.toml"


def _shipped() -> tuple[str, ...]:
    """Names of the files."""
    names = (each.name for each in _folder().iterdir() if each.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in names))


def _known() -> tuple[str, ...]:
    return (*_shipped(), *event_names())


def _table(name: str) -> Mapping[str, Any]:
    """Give a shipped scenario as its file holds it; raises `NotFound`."""
    if name in _shipped():
        return parse_toml(_path(name))
    if name in event_names():
        return event_table(name, YEARS)
    raise NotFound(
        "no scenario has this name",
        given=name,
        suggestions=get_close_matches(name, _known(), 3),
        known=_names(),
    )


def _names() -> tuple[str, ...]:
    """Names to choose from, those of the events in short."""
    events = event_names()
    return (*_shipped(), f"{events[0]} to {events[-1]}")


def _whole_text(given: str, folder: Path | None) -> str:
    """Text of a scenario with all that it extends in it."""
    if folder is not None and given.endswith(".toml"):
        path = Path(given)
        table, text = parse_toml(path), read_text(path)
    elif given in _shipped():
        table, text = parse_toml(_path(given)), read_text(_path(given))
    else:
        table, text = dict(_table(given)), ""
    if "extends" not in table and text:
        return text
    return render_toml(_whole(table, folder))


def _whole(table: Mapping[str, Any], folder: Path | None) -> Mapping[str, Any]:
    name = table.get("extends")
    if not isinstance(name, str):
        return table
    if folder is not None and name.endswith(".toml"):
        path = folder / name
        under, file, beside = parse_toml(path), path.name, path.parent
        return {**table, "extends": {**_whole(under, beside), "file": file}}
    return {**table, "extends": {**_whole(_table(name), None), "file": f"{name}.toml"}}


def _as_in_files(given: Mapping[str, object]) -> Mapping[str, object]:
    """What was sent as a file would hold it: days are days."""
    rows = {name: _with_days(given[name]) for name in ("event", "change") if name in given}
    day = {"first_day": _day(given["first_day"])} if "first_day" in given else {}
    return {**given, **rows, **day}


def _with_days(rows: object) -> object:
    """Events and changes whose days are days, as far as their texts are such."""
    if not isinstance(rows, list):
        return rows
    return [
        {name: _day(value) if name in _DAYS else value for name, value in row.items()}
        if isinstance(row, Mapping)
        else row
        for row in rows
    ]


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _found(
    file: str, table: Mapping[str, Any], chain: tuple[str, ...], folder: Path | None
) -> Scenario:
    """Read a scenario that others in the `chain` are laid on; raises `InvalidTables`."""
    faults: list[TableFault] = []
    head = Reader(file, table, faults)
    head.only(_KEYS)
    under = _under(head, (*chain, file), folder)
    found = _scenario(head, under)
    if found is None or faults:
        raise InvalidTables(faults)
    return found


def _under(head: Reader, chain: tuple[str, ...], folder: Path | None) -> Scenario | None:
    """Read the scenario that this one extends."""
    if "extends" not in head.table:
        return None
    if isinstance(head.table["extends"], Mapping):
        # As `text` writes it: the whole of the other file, and its name.
        held = dict(head.table["extends"])
        file = str(held.pop("file", head.file))
        return _tried(head, lambda: _found(file, held, (), None))
    name = head.text("extends")
    if not name:
        return None
    file = name if name.endswith(".toml") else f"{name}.toml"
    if file in chain:
        head.fault("extends", "circle", "a scenario cannot extend itself")
        return None
    if folder is not None and name.endswith(".toml"):
        path = folder / name
        return _tried(head, lambda: _found(path.name, parse_toml(path), chain, path.parent))
    return _tried(head, lambda: _found(file, _table(name), chain, None))


def _tried(head: Reader, read: Callable[[], Scenario]) -> Scenario | None:
    """Read what a scenario extends, its faults told with those of the scenario."""
    try:
        return read()
    except NotFound:
        words = f"no scenario has this name{nearest(str(head.table['extends']), _known())}"
        head.fault("extends", "unknown-scenario", words)
    except InvalidTables as error:
        head.faults.extend(error.faults)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _When:
    """Which periods."""

    period: PeriodLength
    first_day: date
    periods: int


def _scenario(head: Reader, under: Scenario | None) -> Scenario | None:
    title, when = head.text("title"), _when(head, under)
    if "title" in head.table and not title.strip():
        head.fault("title", "missing", "a title is expected")
    base_file, base = _oil(head, under)
    rail = tuple(read_rows(head, "rail", RailWay))
    contract = tuple(_contracts(head))
    change = (*(under.change if under else ()), *read_changes(head))
    own = tuple(_events(head))
    parts = read_parts(head, under)
    if "freight" in head.table and FREIGHT not in parts:
        head.fault("freight", "not-planned", 'freight is not among the parts; parts = ["freight"]')
    if when is None or base is None:
        return None
    found = Scenario(
        name=head.file.removesuffix(".toml"),
        file=head.file,
        title=title,
        base=base,
        base_file=base_file,
        first_day=when.first_day,
        periods=when.periods,
        period=when.period,
        event=(),
        change=change,
        contract=(*(under.contract if under else ()), *contract),
        rail=(*(under.rail if under else ()), *rail),
        extends=under.name if under else "",
        text=head.text("text", ""),
        parts=parts,
        freight=read_asked(head, under, when.first_day.year) if FREIGHT in parts else None,
    )
    bounds = bounds_of(found)
    chosen = _chosen(head, under, bounds[0], bounds[-1])
    _within(head, change, own, bounds[0], bounds[-1])
    above = {
        "event": len(chosen),
        "contract": len(found.contract) - len(contract),
        "rail": len(found.rail) - len(rail),
    }
    return replace(found, event=(*chosen, *own), above=above)


def _oil(head: Reader, under: Scenario | None) -> tuple[str, OilBase | None]:
    if under is not None and "base" not in head.table:
        return under.base_file, under.base
    if "extends" in head.table and "base" not in head.table:
        return "", None
    name = head.text("base")
    if name in OIL_YEARS:
        return name, oil_base(read_oil_tables(), OIL_YEARS[name])
    if name:
        message = f"no base year has this name{nearest(name, OIL_YEARS)}"
        head.fault("base", "unknown-base", message)
    return "", None


def _when(head: Reader, under: Scenario | None) -> _When | None:
    """Read the periods; those of the scenario under it where none are told."""
    keys = {"first_month", "months", "first_day", "periods", "period"}
    if under is not None and not keys & set(head.table):
        return _When(period=under.period, first_day=under.first_day, periods=under.periods)
    if "extends" in head.table and not keys & set(head.table):
        return None
    period = head.word("period", PeriodLength, PeriodLength.MONTH)
    months = period is not PeriodLength.WEEK and period is not PeriodLength.DAY
    start, count = ("first_month", "months") if months else ("first_day", "periods")
    for key in sorted(keys - {start, count, "period"}):
        if key in head.table and months:
            head.fault(key, "unknown-key", "months have first_month and months")
        elif key in head.table:
            head.fault(key, "unknown-key", "weeks and days have first_day and periods")
    first = _first(head, start)
    periods = head.number(count)
    most = _MOST[period or PeriodLength.MONTH]
    if periods is not None and not (1 <= periods <= most and periods == int(periods)):
        head.fault(count, "out-of-range", f"a whole number from 1 to {most} is expected")
        periods = None
    if first is not None and first.year not in _YEARS:
        head.fault(start, "out-of-range", "a month from 1900-01 to 2199-12 is expected")
        first = None
    if period is None or first is None or periods is None:
        return None
    return _When(period=period, first_day=first, periods=int(periods))


def _first(head: Reader, key: str) -> date | None:
    if key == "first_day":
        if key not in head.table:
            head.fault(key, "missing", "the key is missing")
        return head.day(key)
    month = head.text(key)
    try:
        return date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        head.fault(key, "not-a-month", "a month is written like 2025-11")
    return None


def _events(head: Reader) -> list[Event]:
    found = []
    rows = {row.id: row for row in shipped_disruptions()}
    for reader in head.rows("event"):
        before = len(head.faults)
        event = read_row(reader, Event)
        if event is not None and event.source == f"disruptions:{event.id}":
            row = rows.get(event.id)
            if row is None:
                words = f"the table of disruptions has no {event.id}{nearest(event.id, rows)}"
                reader.fault("source", "unknown-event", words)
            elif event.asset not in row.assets:
                words = f"{event.id} took {', '.join(row.assets)}; for another, tell another source"
                reader.fault("asset", "unknown-asset", words)
        reader.in_order("first_day", "last_day", "it ends before it begins")
        reader.in_order("first_day", "expected_until", "it ends before it begins")
        if event is not None and len(head.faults) == before:
            found.append(event)
    return found


def _chosen(head: Reader, under: Scenario | None, first: date, beyond: date) -> tuple[Event, ...]:
    """Events of the table that `events` names; those of the scenario under it where it is not."""
    if "events" not in head.table:
        return under.event if under else ()
    given = head.table["events"]
    rows = {row.id: row for row in shipped_disruptions() if row.is_outage}
    if given == ALL:
        return tuple(outages_between(rows.values(), first, beyond))
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        head.fault("events", "wrong-type", 'a list of ids like ["D08"], or "all", is expected')
        return ()
    found: list[Event] = []
    for number, each in enumerate(given):
        if each in given[:number]:
            head.fault("events", "told-twice", f"{each} is named twice")
            continue
        if each not in rows:
            words = f"no event that takes capacity has the id {each}{nearest(each, rows)}"
            head.fault("events", "unknown-event", words)
            continue
        touched = tuple(outages_between([rows[each]], first, beyond, idle=True))
        if not touched:
            head.fault("events", "out-of-range", f"{each} touches none of the periods")
        found += touched
    return tuple(found)


def _within(
    head: Reader, changes: Sequence[Change], events: Sequence[Event], first: date, beyond: date
) -> None:
    """Refuse a change or an event of this file none of whose days is planned."""
    for number, event in enumerate(events, 1):
        late = event.first_day >= beyond
        if late or event.last_day < first:
            key = f"event {number}, {'first' if late else 'last'}_day"
            head.fault(key, "out-of-range", "it touches none of the periods")
    for change in changes:
        late = change.first_day is not None and change.first_day >= beyond
        early = change.last_day is not None and change.last_day < first
        if change.file == head.file and (late or early):
            key = f"change {change.number}, {'from' if late else 'until'}"
            head.fault(key, "out-of-range", "it touches none of the periods")


def _contracts(head: Reader) -> list[RouteContract]:
    found = []
    for reader in head.rows("contract"):
        contract = read_row(reader, RouteContract)
        if contract is None:
            continue
        if contract.most_kt is not None and contract.least_kt > contract.most_kt:
            reader.fault("least_kt", "contradiction", "the least is above the most")
        found.append(contract)
    return found
