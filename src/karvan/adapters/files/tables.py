"""Tables from outside: CSV text becomes typed rows, or a list of everything wrong with it.

Nothing here knows what a table is about; its attribute file does. All faults are told, with
file, row (the header is row 1) and column, never the first only.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from karvan.domain.errors import InvalidTables, TableFault
from karvan.network.attributes import Attribute

Value = str | int | float | Decimal | bool | date | tuple[str, ...] | None

#: The largest table read, in bytes of UTF-8. The shipped ones are below 1 MiB.
MAX_TABLE_BYTES = 64 * 1024 * 1024
#: The largest cell, in characters.
MAX_CELL = 20_000

#: Faults of a header that leave the cells of its other columns readable.
MISSING: Final = "missing-column"
READABLE: Final = frozenset({"unknown-column", MISSING})

_BOM = "\ufeff"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+\-]{0,119}")
_INT = re.compile(r"[+-]?[0-9]{1,18}")
_FLOAT = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_ATTRIBUTE_TABLE = (
    Attribute(name="attribute", type="id", required=True),
    Attribute(name="type", type="string", required=True),
    Attribute(name="unit", type="string"),
    Attribute(name="default", type="string"),
    Attribute(name="required", type="bool", required=True),
    Attribute(name="description", type="string", required=True),
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row whose every cell could be read.

    Attributes
    ----------
    row
        Counted as a spreadsheet does: the header is row 1, a quoted line break is no new row.
    values
        Every attribute of the table; `None` (for a list: `()`) where an optional cell is
        empty and the attribute has no default.
    """

    file: str
    row: int
    values: Mapping[str, Value]


class _CellError(Exception):
    """A cell cannot be read; becomes a fault of its row and column."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def decode_table(file: str, data: bytes) -> tuple[str | None, tuple[TableFault, ...]]:
    """Read bytes as UTF-8, with or without a byte order mark.

    Returns
    -------
    The text and no fault, or `None` and why not: `too-large`, `wrong-encoding`.
    """
    if len(data) > MAX_TABLE_BYTES:
        return None, (_too_large(file),)
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        return None, (TableFault(file, row, "", "wrong-encoding", "the file is not UTF-8"),)


def read_table(
    file: str, text: str, attributes: Sequence[Attribute]
) -> tuple[tuple[TableRow, ...], tuple[TableFault, ...]]:
    """Read a table against its attributes.

    Parameters
    ----------
    file
        Name used in faults.
    text
        CSV with a header, comma separated, quoted by `"`; a byte order mark is tolerated.
    attributes
        The columns there may be, and what each may hold.

    Returns
    -------
    The rows that could be read whole, and all faults. With a column that stands twice or a
    fault in the quoting no cell could be trusted, so none is looked at. A column that is
    unknown or missing leaves the others readable: their faults are told too, and with a
    missing column no row is whole.
    """
    if len(text) > MAX_TABLE_BYTES or len(text.encode("utf-8", "replace")) > MAX_TABLE_BYTES:
        return (), (_too_large(file),)
    records, faults = _records(file, text.removeprefix(_BOM))
    if not records:
        return (), (*faults, TableFault(file, 1, "", "no-header", "the table has no header"))
    header = records[0]
    faults.extend(_header_faults(file, header, attributes))
    codes = {fault.code for fault in faults}
    if codes - READABLE:
        return (), tuple(faults)
    readable = [a for a in attributes if a.name in header or not a.required]
    # A column that is not there is read from the empty cell behind the last one.
    places = [header.index(a.name) if a.name in header else -1 for a in readable]
    columns = [(a.name, place, _Column(a)) for a, place in zip(readable, places, strict=True)]
    rows = []
    for number, cells in enumerate(records[1:], start=2):
        if len(cells) != len(header):
            code = "short-row" if len(cells) < len(header) else "long-row"
            message = f"the row has {len(cells)} cells, the header {len(header)}"
            faults.append(TableFault(file, number, "", code, message))
            continue
        cells.append("")
        try:
            rows.append(TableRow(file, number, {name: of[cells[at]] for name, at, of in columns}))
        except _CellError:
            faults.extend(_cell_faults(file, number, cells, columns))
    return (() if MISSING in codes else tuple(rows)), tuple(faults)


def read_attributes(text: str, file: str = "attributes.csv") -> tuple[Attribute, ...]:
    """Read an attribute table.

    Raises
    ------
    InvalidTables
        The table has a fault, an attribute stands twice, a type is unknown, or a default
        does not fit its type.
    """
    rows, faults = read_table(file, text, _ATTRIBUTE_TABLE)
    found: dict[str, Attribute] = {}
    more: list[TableFault] = []
    for row in rows:
        name, of_type, default = (_text(row, key) for key in ("attribute", "type", "default"))
        attribute = Attribute(
            name=name,
            type=of_type,
            unit=_text(row, "unit"),
            default=default,
            required=row.values["required"] is True,
            description=_text(row, "description"),
        )
        report = partial(TableFault, file, row.row)
        if name in found:
            more.append(report("attribute", "duplicate-id", "the attribute stands twice"))
        found[name] = attribute
        if not attribute.is_known_type:
            more.append(report("type", "unknown-type", "there is no such type"))
            continue
        if not default:
            continue
        try:
            _read_cell(default, attribute)
        except _CellError as bad:
            more.append(report("default", bad.code, bad.message))
    if faults or more:
        raise InvalidTables((*faults, *more))
    return tuple(found.values())


def _text(row: TableRow, column: str) -> str:
    value = row.values[column]
    return value if isinstance(value, str) else ""


def _too_large(file: str) -> TableFault:
    limit = MAX_TABLE_BYTES // (1024 * 1024)
    return TableFault(file, None, "", "too-large", f"the file is larger than {limit} MiB")


def _records(file: str, text: str) -> tuple[list[list[str]], list[TableFault]]:
    """Split into cells. The reader cannot go on after a fault of quoting, so one is all."""
    records: list[list[str]] = []
    reader: Iterator[list[str]] = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        records.extend(reader)
    except csv.Error as error:
        row = len(records) + 1
        return records, [TableFault(file, row, "", "not-csv", f"cannot be split: {error}")]
    return records, []


def _header_faults(
    file: str, header: Sequence[str], attributes: Sequence[Attribute]
) -> Iterator[TableFault]:
    known = {attribute.name for attribute in attributes}
    report = partial(TableFault, file, 1)
    for position, name in enumerate(header):
        if name in header[:position]:
            yield report(name, "duplicate-column", "the column stands twice")
        elif name not in known:
            yield report(name, "unknown-column", "the table has no such column")
    for attribute in attributes:
        if attribute.required and attribute.name not in header:
            yield report(attribute.name, MISSING, "the column is missing")


class _Column(dict[str, Value]):
    """Cells of a column by their text, each read once: most stand in it many times."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__()
        self._attribute = attribute

    def __missing__(self, text: str) -> Value:
        value = self[text] = _read_cell(text, self._attribute)
        return value


def _cell_faults(
    file: str, number: int, cells: Sequence[str], columns: Iterable[tuple[str, int, _Column]]
) -> Iterator[TableFault]:
    for name, place, column in columns:
        try:
            column[cells[place]]
        except _CellError as bad:
            yield TableFault(file, number, name, bad.code, bad.message)


def _read_cell(text: str, attribute: Attribute) -> Value:
    """Read a cell; an empty one gives the default, `None`, or `()` for a list."""
    if _CONTROL.search(text):
        raise _CellError("control-character", "the cell holds a control character")
    if len(text) > MAX_CELL:
        raise _CellError("too-long", f"the cell is longer than {MAX_CELL} characters")
    if text != text.strip():
        raise _CellError("surrounding-space", "the cell begins or ends with a space")
    if not text and attribute.required:
        raise _CellError("missing-value", "the cell must be filled")
    text = text or attribute.default
    if attribute.choices:
        return _enum(text, attribute.choices)
    if not text:
        return () if attribute.type == "list" else None
    return _READERS[attribute.type](text)


def _enum(text: str, choices: Sequence[str]) -> str | None:
    if text and text not in choices:
        raise _CellError("not-in-list", f"must be one of {', '.join(choices)}")
    return text or None


def _id(text: str) -> str:
    if _ID.fullmatch(text) is None:
        raise _CellError("not-an-id", "an id has letters, digits and . _ : @ / + - only")
    return text


def _int(text: str) -> int:
    if _INT.fullmatch(text) is None:
        raise _CellError("not-an-integer", "must be a whole number of at most 18 digits")
    return int(text)


def _float(text: str) -> float:
    _refuse_not_finite(text)
    if _FLOAT.fullmatch(text) is None:
        raise _CellError("not-a-number", "must be a number, with a point for decimals")
    value = float(text)
    if not math.isfinite(value):
        raise _CellError("not-finite", "the number is too large")
    return value


def _decimal(text: str) -> Decimal:
    _refuse_not_finite(text)
    if _DECIMAL.fullmatch(text) is None:
        raise _CellError("not-a-number", "must be a number, with a point for decimals")
    return Decimal(text)


def _refuse_not_finite(text: str) -> None:
    if _NOT_FINITE.fullmatch(text):
        raise _CellError("not-finite", "must be a finite number")


def _bool(text: str) -> bool:
    if text not in ("yes", "no"):
        raise _CellError("not-yes-or-no", "must be yes or no")
    return text == "yes"


def _date(text: str) -> date:
    if _DATE.fullmatch(text) is None:
        raise _CellError("not-a-date", "must be a date, YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _CellError("not-a-date", "there is no such day") from None


def _list(text: str) -> tuple[str, ...]:
    parts = tuple(text.split(";"))
    if any(not part or part != part.strip() for part in parts):
        raise _CellError("not-a-list", "parts are separated by ; alone, and none is empty")
    if len(set(parts)) != len(parts):
        raise _CellError("repeated-part", "a part of the list stands twice")
    return parts


def _string(text: str) -> str:
    return text


_READERS: Mapping[str, Callable[[str], Value]] = {
    "id": _id,
    "string": _string,
    "int": _int,
    "float": _float,
    "decimal": _decimal,
    "bool": _bool,
    "date": _date,
    "list": _list,
}
