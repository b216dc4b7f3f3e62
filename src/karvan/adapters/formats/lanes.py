"""Tables of lanes: CSV or XLSX in, CSV or XLSX out, and no cell that a program would run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from karvan.adapters.files.bounded import read_bounded
from karvan.adapters.files.raw_tables import RawTable, check_shape, join_table, split_table
from karvan.adapters.formats.sheets import read_sheets
from karvan.adapters.formats.writing import write_file
from karvan.adapters.formats.xlsx import CREATED
from karvan.domain.errors import InvalidTables, TableFault

#: A cell that begins so is a formula to a spreadsheet that opens a CSV file.
#: Source: OWASP, CSV injection.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
SUFFIXES: Final = (".csv", ".xlsx")

_SHEET: Final = "lanes"
_LIMIT_BYTES: Final = 16 * 1024 * 1024


class FileLanes:
    """The `LaneFiles` port on files."""

    def read(self, source: Path) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Give header and rows."""
        data, faults = read_bounded(source, limit_bytes=_LIMIT_BYTES)
        if data is None:
            raise InvalidTables(faults)
        name = str(source)
        if source.suffix.lower() == ".xlsx":
            table, faults = _sheet(name, data)
        else:
            table, faults = split_table(name, data)
        if table is None:
            raise InvalidTables(faults)
        return table.header, table.rows

    def write(
        self,
        target: Path,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: frozenset[str],
    ) -> None:
        """Write a table whole or not at all."""
        if target.suffix.lower() == ".xlsx":
            write_file(target, _xlsx(header, rows, numeric))
            return
        guarded = tuple(tuple(guard(cell) for cell in row) for row in rows)
        write_file(target, join_table(RawTable(tuple(header), guarded)))


def guard(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula.

    >>> guard("=1+1"), guard("KZ-ALM")
    ("'=1+1", 'KZ-ALM')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _sheet(name: str, data: bytes) -> tuple[RawTable | None, tuple[TableFault, ...]]:
    """The first sheet of a workbook."""
    sheets, faults = read_sheets(name, data)
    if faults:
        return None, faults
    if not sheets:
        return None, (TableFault(name, None, "", "no-header", "the workbook has no sheet"),)
    return check_shape(name, next(iter(sheets.values())))


def _xlsx(header: Sequence[str], rows: Sequence[Sequence[str]], numeric: frozenset[str]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": "Quotes", "created": CREATED})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(_SHEET)
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
            longest = max((len(row[column]) for row in rows), default=0)
            sheet.set_column(column, column, min(40, max(len(name), longest) + 2))
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if cell and header[column] in numeric:
                    sheet.write_number(number, column, float(cell))
                elif cell:
                    sheet.write_string(number, column, cell)
    return buffer.getvalue()
