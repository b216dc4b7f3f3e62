"""Spreadsheets: one sheet a table, written so that no cell is ever a formula.

A figure is a number where the spreadsheet can hold it exactly, text is text: what begins with
`=`, `+`, `-` or `@` is stored as a string, whoever typed it. On the way in a formula is a fault,
for its value is whatever the last program thought it was.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from karvan.adapters.files import catalogue
from karvan.adapters.files.raw_tables import RawTable, check_shape, join_table
from karvan.adapters.files.source_keys import FILE as SOURCES
from karvan.adapters.files.source_keys import Sources, render_sources
from karvan.adapters.formats.gmns import SOURCE_COLUMNS, parse_source_rows
from karvan.adapters.formats.sheets import number_text, read_sheets
from karvan.domain.errors import TableFault

Faults = tuple[TableFault, ...]

SOURCE_SHEET: Final = "sources"
#: Files are made on this day, or the same rows would give another file each time.
CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet knows no zones
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NUMERIC: Final = ("int", "float", "decimal")
_WIDEST: Final = 40


def sheet_name(path: str) -> str:
    """Give the sheet of a table: `links` for network/links.csv."""
    return path.rpartition("/")[2].removesuffix(".csv")


def render_xlsx(tables: Mapping[str, RawTable], sources: Sources) -> bytes:
    """Give a workbook of all tables, by path, and their sources."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, dict(_OPTIONS)) as book:
        book.set_properties({"title": "Karvan corridor", "created": CREATED})
        bold = book.add_format({"bold": True})
        for path, table in tables.items():
            types = {column.name: column.type for column in catalogue.columns(path)}
            sheet = book.add_worksheet(sheet_name(path))
            _fill(sheet, table, [types[name] in _NUMERIC for name in table.header], bold)
        records = [{"key": key, **entry} for key, entry in sorted(sources.items())]
        sheet = book.add_worksheet(SOURCE_SHEET)
        _fill(sheet, RawTable.of(SOURCE_COLUMNS, records), [False] * len(SOURCE_COLUMNS), bold)
    return buffer.getvalue()


def _fill(sheet: object, table: RawTable, numeric: Sequence[bool], bold: object) -> None:
    from xlsxwriter.worksheet import Worksheet

    assert isinstance(sheet, Worksheet)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(table.header):
        sheet.write_string(0, column, name, bold)
        longest = max((len(row[column]) for row in table.rows), default=0)
        sheet.set_column(column, column, min(_WIDEST, max(len(name), longest) + 2))
    for number, row in enumerate(table.rows, start=1):
        for column, cell in enumerate(row):
            if numeric[column] and _is_exact(cell):
                sheet.write_number(number, column, float(cell))
            elif cell:
                sheet.write_string(number, column, cell)


def _is_exact(cell: str) -> bool:
    """Whether a spreadsheet keeps every digit: it stores 16 of them."""
    try:
        return bool(cell) and cell == number_text(f"{float(cell):.16G}")
    except (ValueError, OverflowError):
        return False


def parse_xlsx(file: str, data: bytes) -> tuple[Mapping[str, bytes], Faults]:
    """Turn a workbook into our tables.

    Parameters
    ----------
    file
        Name used in faults, with the sheet behind it: `corridor.xlsx#links`.

    Returns
    -------
    Our files by path, and all faults: those of the archive, `formula`, `unknown-sheet`,
    `too-large`, and those of the shape of a table.
    """
    sheets, told = read_sheets(file, data)
    faults = list(told)
    paths = {sheet_name(path): path for path in catalogue.TABLES}
    files: dict[str, bytes] = {}
    for name, rows in sheets.items():
        where = f"{file}#{name}"
        if name not in paths and name != SOURCE_SHEET:
            faults.append(TableFault(where, None, "", "unknown-sheet", "there is no such table"))
            continue
        table, told = check_shape(where, rows)
        faults.extend(told)
        if table is None:
            continue
        if name == SOURCE_SHEET:
            sources, told = parse_source_rows(where, join_table(table))
            faults.extend(told)
            files[SOURCES] = render_sources(sources)
        else:
            files[paths[name]] = join_table(table)
    return files, tuple(faults)
