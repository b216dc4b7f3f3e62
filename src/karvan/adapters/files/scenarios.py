"""Scenarios from TOML, with every fault of a file told at once; studies as CSV.

A fault names the file, the table with its number, and the key; a key that nobody knows names the
nearest one.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from karvan.adapters.files.oil_tables import read_oil_tables
from karvan.domain.errors import InvalidTables, NotFound, TableFault
from karvan.services.planning.base import OIL_YEARS, oil_base
from karvan.services.planning.scenario import Event, OilBase, Scenario

_SHARES = {"share_lost", "working_share"}
_MONTHS = 120
_DAYS = {"first_day", "last_day"}
#: Years in which a scenario may begin.
_YEARS = range(1900, 2200)


class FileScenarios:
    """The `Scenarios` port on the shipped files and on files of the user."""

    def known(self) -> tuple[str, ...]:
        """Names of the shipped scenarios."""
        return tuple(sorted(each.name.removesuffix(".toml") for each in _folder().iterdir()))

    def read(self, given: str) -> Scenario:
        """Read a shipped scenario, or a file whose name ends in `.toml`.

        Raises
        ------
        NotFound
            No such scenario or file.
        InvalidTables
            With every fault.
        """
        path = self._path(given)
        return _found(path.name, _parsed(path))

    def parse(self, given: Mapping[str, object]) -> Scenario:
        """Read a scenario sent as an object, as if it were a file `scenario.toml`.

        Days are texts like 2025-11-29, for JSON has none.

        Raises
        ------
        InvalidTables
            With every fault.
        """
        return _found("scenario.toml", {**given, "event": _with_days(given.get("event", []))})

    def text(self, given: str) -> tuple[str, str]:
        """Name and text of the file that `read` would read; raises `NotFound`, `InvalidTables`."""
        path = self._path(given)
        return path.name, _text(path)

    def read_text(self, file: str, text: str) -> Scenario:
        """Read the text of a scenario file kept elsewhere; raises `InvalidTables`."""
        return _found(file, _toml(file, text))

    def _path(self, given: str) -> Traversable:
        if given.endswith(".toml"):
            return Path(given)
        if given in self.known():
            return _folder() / f"{given}.toml"
        raise NotFound("no scenario has this name", given=given, known=self.known())


def _folder() -> Traversable:
    return files("karvan") / "data" / "scenarios"


def _parsed(path: Traversable) -> dict[str, Any]:
    return _toml(path.name, _text(path))


def _text(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound("no such file", file=path.name) from None
    except UnicodeDecodeError as error:
        raise InvalidTables([_no_toml(path.name, error)]) from None


def _toml(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidTables([_no_toml(file, error)]) from None


def _no_toml(file: str, error: ValueError) -> TableFault:
    return TableFault(file, None, "", "not-toml", f"not TOML: {error}")


def _found(file: str, table: Mapping[str, Any]) -> Scenario:
    faults: list[TableFault] = []
    head = _Reader(file, table, faults)
    name, base = head.text("base"), None
    if name in OIL_YEARS:
        base = oil_base(read_oil_tables(), OIL_YEARS[name])
    else:
        near = get_close_matches(name, OIL_YEARS, 1)
        hint = f"; {near[0]} is meant?" if near else ""
        head.fault("base", "unknown-base", f"no base year has this name{hint}")
    found = _scenario(file, head, base, name)
    if found is None or faults:
        raise InvalidTables(faults)
    return found


def _with_days(events: object) -> object:
    """Events whose days are days, as far as their texts are such."""
    if not isinstance(events, list):
        return events
    return [
        {name: _day(value) if name in _DAYS else value for name, value in event.items()}
        if isinstance(event, Mapping)
        else event
        for event in events
    ]


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _scenario(file: str, head: _Reader, base: OilBase | None, base_file: str) -> Scenario | None:
    title, month = head.text("title"), head.text("first_month")
    months = head.number("months")
    head.only({"title", "base", "first_month", "months", "event"})
    if months is not None and not (1 <= months <= _MONTHS and months == int(months)):
        head.fault("months", "out-of-range", f"a whole number from 1 to {_MONTHS} is expected")
    first = None
    try:
        first = date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        head.fault("first_month", "not-a-month", "a month is written like 2025-11")
    if first is not None and first.year not in _YEARS:
        head.fault("first_month", "out-of-range", "a month from 1900-01 to 2199-12 is expected")
    events = tuple(_rows(head, "event", Event))
    for number, event in enumerate(events, 1):
        if event.last_day < event.first_day:
            head.fault(f"event {number}, last_day", "out-of-order", "it ends before it begins")
    if base is None or first is None or months is None or head.faults:
        return None
    return Scenario(
        name=file.removesuffix(".toml"),
        file=file,
        title=title,
        base=base,
        base_file=base_file,
        first_month=first,
        months=int(months),
        event=events,
    )


def _rows(head: _Reader, name: str, kind: type) -> Iterator[Any]:
    given = head.table.get(name, [])
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        head.fault(name, "not-a-table", f"[[{name}]] tables are expected")
        return
    for number, row in enumerate(given, 1):
        found = _row(_Reader(head.file, row, head.faults, f"{name} {number}"), kind)
        if found is not None:
            yield found


def _row(reader: _Reader, kind: type) -> Any | None:
    """Make one entry of a table; `None` when it has a fault."""
    before = len(reader.faults)
    wanted: tuple[Field[Any], ...] = fields(kind)
    reader.only({each.name for each in wanted})
    values: dict[str, Any] = {}
    for each in wanted:
        if each.name not in reader.table and each.default is not MISSING:
            continue
        if each.type == "str":
            values[each.name] = reader.text(each.name)
        elif each.type == "bool":
            values[each.name] = reader.of_type(each.name, bool, "true or false")
        elif each.type == "date":
            values[each.name] = reader.of_type(each.name, date, "a day like 2025-11-29")
        else:
            values[each.name] = reader.number(each.name)
    low, high = values.get("low"), values.get("high")
    if low is not None and high is not None and low > high:
        reader.fault("low", "out-of-order", "low is above high")
    return kind(**values) if len(reader.faults) == before else None


class _Reader:
    """One table of a file, whose faults are collected under its name."""

    def __init__(
        self, file: str, table: Mapping[str, Any], faults: list[TableFault], where: str = ""
    ) -> None:
        self.file, self.table, self.faults, self.where = file, table, faults, where

    def fault(self, key: str, code: str, message: str) -> None:
        where = f"{self.where}, {key}" if self.where else key
        self.faults.append(TableFault(self.file, None, where, code, message))

    def only(self, known: set[str]) -> None:
        for key in self.table:
            if key not in known:
                near = get_close_matches(key, sorted(known), 1)
                hint = f"; {near[0]} is meant?" if near else ""
                self.fault(key, "unknown-key", f"nobody knows this key{hint}")

    def of_type(self, key: str, kind: type | tuple[type, ...], words: str) -> Any:
        value = self.table.get(key)
        if value is None:
            self.fault(key, "missing", "the key is missing")
        elif not isinstance(value, kind):
            self.fault(key, "wrong-type", f"{words} is expected")
        return value

    def text(self, key: str) -> str:
        value = self.of_type(key, str, "a text")
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> float | None:
        value = self.of_type(key, (int, float), "a number")
        if isinstance(value, bool):
            self.fault(key, "wrong-type", "a number is expected")
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        if not 0 <= value <= sys.float_info.max:
            self.fault(key, "out-of-range", "a number from 0 on is expected")
        elif key in _SHARES and value > 1:
            self.fault(key, "out-of-range", "a share from 0 to 1 is expected")
        elif key in {"parcel_kt", "ships", "rail_and_tanker_months_to_full"} and value == 0:
            self.fault(key, "out-of-range", "a number above 0 is expected")
        return float(value) if 0 <= value <= sys.float_info.max else None
