"""Cells of a spreadsheet as text, read without trust in what the file says of itself.

The archive is unpacked under a limit and its XML walked through once. Room is made for cells that
are there, never for those a file announces. A formula is a fault and not its last value.

Source: ECMA-376 part 1, sections 18.3.1.4 (cell), 18.3.1.40 (formula), 18.18.11 (cell types).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from karvan.adapters.formats.archives import unpack
from karvan.adapters.formats.workbook import RefusedError, Workbook, date_text, open_workbook, walk
from karvan.domain.errors import TableFault

Faults = tuple[TableFault, ...]
Rows = list[list[str]]

#: The most cells of a sheet, counted as rows times columns up to the last filled one.
MAX_CELLS: Final = 2_000_000
#: The most formulas told of a sheet; the number of all is told with the last.
MAX_TOLD: Final = 20
#: Up to here a number without decimals is written without a point: a float holds it exactly.
_LARGEST_WHOLE: Final = 1e15

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_TEXTS: Final = ("v", "t")


@dataclass
class _Sheet:
    """What a walk through a sheet gathers."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    formulas: list[tuple[int, str]] = field(default_factory=list)
    rows: int = 0
    columns: int = 0


def read_sheets(
    file: str, data: bytes, *, stored_values: bool = False
) -> tuple[Mapping[str, Rows], Faults]:
    """Read every sheet of a spreadsheet.

    Parameters
    ----------
    stored_values
        Take a formula for the value that was stored with it, where the file is one of ours.

    Returns
    -------
    The rows of each sheet by name, up to the last filled row and column, and all faults: those of
    the archive, `not-a-spreadsheet`, `too-large`, and `formula` with sheet, row and column. With a
    fault there are no rows.
    """
    members, faults = unpack(file, data)
    if faults:
        return {}, faults
    try:
        book = open_workbook(members)
        sheets = {name: _gather(book, members[part]) for name, part in book.parts.items()}
    except (RefusedError, LookupError, ValueError, OverflowError, expat.ExpatError) as error:
        message = f"it is no spreadsheet of the kind .xlsx: {error}"
        return {}, (TableFault(file, None, "", "not-a-spreadsheet", message),)
    if stored_values:
        for sheet in sheets.values():
            sheet.formulas.clear()
    told = [fault for name, sheet in sheets.items() for fault in _faults(f"{file}#{name}", sheet)]
    if told:
        return {}, tuple(told)
    return {name: _rows(sheet) for name, sheet in sheets.items()}, ()


def number_text(text: str) -> str:
    """Give a number as people write it; a spreadsheet may store 382.69999999999999 for 382.7.

    >>> [number_text(each) for each in ("382.69999999999999", "40", "1E-7", "-3.0")]
    ['382.7', '40', '1e-07', '-3']
    """
    number = float(text)
    if number.is_integer() and abs(number) < _LARGEST_WHOLE:
        return str(int(number))
    return repr(number)


def _faults(where: str, sheet: _Sheet) -> list[TableFault]:
    if sheet.rows * sheet.columns > MAX_CELLS:
        message = f"its last cell is beyond the {MAX_CELLS} cells a sheet may have"
        return [TableFault(where, None, "", "too-large", message)]
    told = [
        TableFault(where, row, column, "formula", "is a formula; put its value in its place")
        for row, column in sheet.formulas[:MAX_TOLD]
    ]
    more = len(sheet.formulas) - MAX_TOLD
    if more > 0:
        told.append(TableFault(where, None, "", "formula", f"has {more} more formulas"))
    return told


def _rows(sheet: _Sheet) -> Rows:
    rows = [[""] * sheet.columns for _ in range(sheet.rows)]
    for (row, column), text in sheet.cells.items():
        rows[row - 1][column - 1] = text
    return rows


def _gather(book: Workbook, data: bytes) -> _Sheet:
    sheet = _Sheet()
    pieces: list[str] = []
    within: list[str] = []
    cell: dict[str, str] = {}

    def start(tag: str, attributes: dict[str, str]) -> None:
        within.append(tag)
        if tag == "c":
            cell.clear()
            cell.update(attributes)
            pieces.clear()
        elif tag == "f":
            letters, row = _place(cell)
            sheet.formulas.append((row, letters))

    def end(tag: str) -> None:
        within.pop()
        if tag == "c" and pieces:
            _keep(sheet, cell, _value(book, cell, "".join(pieces)))

    def text(piece: str) -> None:
        if within and within[-1] in _TEXTS and "c" in within and "rPh" not in within:
            pieces.append(piece)

    walk(data, start, end, text)
    return sheet


def _keep(sheet: _Sheet, cell: Mapping[str, str], text: str) -> None:
    letters, row = _place(cell)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    if text:
        sheet.cells[row, column] = text
        sheet.rows = max(sheet.rows, row)
        sheet.columns = max(sheet.columns, column)


def _place(cell: Mapping[str, str]) -> tuple[str, int]:
    match = _REFERENCE.fullmatch(cell.get("r", ""))
    if match is None:
        raise RefusedError("a cell has no place")
    return match[1], int(match[2])


def _value(book: Workbook, cell: Mapping[str, str], text: str) -> str:
    kind = cell.get("t", "n")
    if kind == "s":
        number = int(text)
        if not 0 <= number < len(book.strings):
            raise RefusedError("a cell has a text that is not there")
        return book.strings[number]
    if kind == "b":
        return "TRUE" if text == "1" else "FALSE"
    if kind != "n":
        return text
    style = int(cell.get("s", "0"))
    if 0 <= style < len(book.dates) and book.dates[style]:
        return date_text(book, float(text))
    return number_text(text)
