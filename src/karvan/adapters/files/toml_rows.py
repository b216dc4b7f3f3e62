"""Tables of a TOML file read into dataclasses, with every fault of the file told at once.

A fault names the file, the table with its number, and the key; a word that nobody knows names
the nearest one.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from karvan.adapters.files.bounded import read_bounded
from karvan.domain.errors import InvalidTables, NotFound, TableFault
from karvan.services.planning.naming import nearest

E = TypeVar("E", bound=StrEnum)

_SHARES = {"share_lost", "working_share"}
_ABOVE_ZERO = {"parcel_kt", "ships", "rail_and_tanker_months_to_full"}


def read_text(path: Traversable) -> str:
    """Read a file of ours, or one of a user, which may be anything.

    Raises
    ------
    NotFound
        There is none.
    InvalidTables
        It is a folder or a device, too large, not readable, or no UTF-8.
    """
    data, faults = read_bounded(path) if isinstance(path, Path) else (path.read_bytes(), ())
    if any(fault.code == "no-file" for fault in faults):
        raise NotFound("no such file", file=str(path))
    if data is None:
        raise InvalidTables(faults)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = error.start + 1
        words = f"it is not UTF-8 from byte {byte} on"
        raise InvalidTables([TableFault(path.name, None, "", "not-utf-8", words)]) from None


def toml_table(file: str, text: str) -> dict[str, Any]:
    """Parse the text of a file; raises `InvalidTables` where it is not TOML."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise InvalidTables([_no_toml(file, "lists in lists beyond reason")]) from None
    except ValueError as error:
        # Also what tomllib leaves to int(): a number of thousands of digits.
        raise InvalidTables([_no_toml(file, error)]) from None


def parse_toml(path: Traversable) -> dict[str, Any]:
    """Read a file; raises `NotFound`, and `InvalidTables` where it is not TOML."""
    return toml_table(path.name, read_text(path))


def _no_toml(file: str, error: ValueError | str) -> TableFault:
    return TableFault(file, None, "", "not-toml", f"not TOML: {error}")


class Reader:
    """One table of a file, whose faults are collected under its name."""

    def __init__(
        self, file: str, table: Mapping[str, Any], faults: list[TableFault], where: str = ""
    ) -> None:
        self.file, self.table, self.faults, self.where = file, table, faults, where

    def fault(self, key: str, code: str, message: str) -> None:
        """Tell a fault of a key."""
        where = ", ".join(filter(None, (self.where, key)))
        self.faults.append(TableFault(self.file, None, where, code, message))

    def only(self, known: Collection[str]) -> None:
        """Refuse every other key."""
        for key in self.table:
            if key not in known:
                self.fault(key, "unknown-key", f"nobody knows this key{nearest(key, known)}")

    def of_type(self, key: str, kind: type | tuple[type, ...], words: str) -> Any:
        """Give a value of a type; None after a fault."""
        value = self.table.get(key)
        if value is None:
            self.fault(key, "missing", "the key is missing")
        elif not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(key, "wrong-type", f"{words} is expected")
            return None
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Give a text, '' after a fault."""
        if default is not None and key not in self.table:
            return default
        value = self.of_type(key, str, "a text")
        return value if isinstance(value, str) else ""

    def flag(self, key: str, *, default: bool) -> bool:
        """Give true or false; `default` where it is not told, and after a fault."""
        value = self.of_type(key, bool, "true or false") if key in self.table else default
        return default if value is None else bool(value)

    def day(self, key: str) -> date | None:
        """Give a day; None where the key is not there, or after a fault."""
        if key not in self.table:
            return None
        words = "a day like 2025-11-29"
        value = self.of_type(key, date, words)
        if isinstance(value, datetime):
            self.fault(key, "wrong-type", f"{words} is expected, without a time")
            return None
        return value if isinstance(value, date) else None

    def word(self, key: str, words: type[E], default: E | None = None) -> E | None:
        """Give one of a few words; `default`, or None after a fault, where there is none."""
        if default is not None and key not in self.table:
            return default
        given = self.text(key)
        known = [each.value for each in words]
        if given and given not in known:
            listed = ", ".join(known)
            message = f"one of {listed} is expected{nearest(given, known)}"
            self.fault(key, "unknown-word", message)
        return words(given) if given in known else None

    def number(self, key: str, *, low: float = 0.0) -> float | None:
        """Give a number from `low` on; None after a fault that leaves none."""
        value = self.of_type(key, (int, float), "a number")
        if value is None:
            return None
        if not low <= value <= sys.float_info.max:
            if low == 0:
                self.fault(key, "out-of-range", "a number from 0 on is expected")
            else:
                self.fault(key, "out-of-range", "a finite number is expected")
            return None
        if key in _SHARES and value > 1:
            self.fault(key, "out-of-range", "a share from 0 to 1 is expected")
        elif key in _ABOVE_ZERO and value == 0:
            self.fault(key, "out-of-range", "a number above 0 is expected")
        return float(value)

    def rows(self, name: str) -> Iterator[Reader]:
        """Give each table of a list of tables."""
        given = self.table.get(name, [])
        if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
            self.fault(name, "not-a-table", f"[[{name}]] tables are expected")
            return
        for number, row in enumerate(given, 1):
            yield Reader(self.file, row, self.faults, f"{name} {number}")

    def in_order(self, first: str, last: str, message: str) -> None:
        """Refuse a last day before the first."""
        begin, end = self.table.get(first), self.table.get(last)
        if type(begin) is date and type(end) is date and end < begin:
            self.fault(last, "out-of-order", message)


def read_row(reader: Reader, kind: type) -> Any | None:
    """Make one entry of a table by the fields of its dataclass; `None` when it has a fault."""
    before = len(reader.faults)
    wanted: tuple[Field[Any], ...] = fields(kind)
    reader.only({each.name for each in wanted})
    values: dict[str, Any] = {}
    for each in wanted:
        if each.name not in reader.table and each.default is not MISSING:
            continue
        read = _OF_TYPE.get(str(each.type), Reader.number)
        values[each.name] = read(reader, each.name)
    low, high = values.get("low"), values.get("high")
    if low is not None and high is not None and low > high:
        reader.fault("low", "out-of-order", "low is above high")
    return kind(**values) if len(reader.faults) == before else None


def _bool(reader: Reader, key: str) -> Any:
    return reader.of_type(key, bool, "true or false")


def _day(reader: Reader, key: str) -> Any:
    if key not in reader.table:
        reader.fault(key, "missing", "the key is missing")
    return reader.day(key)


_OF_TYPE: Mapping[str, Callable[[Reader, str], Any]] = {
    "str": Reader.text,
    "bool": _bool,
    "date": _day,
    "date | None": _day,
}


def read_rows(reader: Reader, name: str, kind: type) -> Iterator[Any]:
    """Make the entries of a list of tables, those without a fault."""
    for each in reader.rows(name):
        found = read_row(each, kind)
        if found is not None:
            yield found
