"""A quote as a spreadsheet: figures as numbers, instants as dates, sums as formulas.

Text is stored as text whatever it begins with, so that a name such as `=HYPERLINK(...)` is a name.
The only formulas are ours: the sum of the lines of each way, which stands beside its total.

Source: ECMA-376 part 1, 18.3.1.40 (formula), 18.8.30 (number formats).
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from karvan.adapters.documents.answers import instant, text
from karvan.adapters.documents.names import Names
from karvan.adapters.documents.workbook_rows import (
    WAY,
    Cell,
    Row,
    Sheets,
    request_row,
    sheets_of,
    value_row,
)
from karvan.services.exporting import QuoteDocument, QuoteFile
from karvan.services.quoting.checking import check_code
from karvan.services.words import Labels, phrase

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LINES_SUM: Final = "sum of lines"
_ALTERNATIVES: Final = "Alternatives"
_LINES: Final = "Price lines"
#: Names of the sheets; one of a newer version has the name of its list.
SHEETS: Final = Labels(
    "sheet",
    {
        "Summary": "Summary",
        "Alternatives": "Alternatives",
        "Price lines": "Price lines",
        "Legs": "Legs",
        "Calls": "Calls",
        "Documents": "Documents",
        "Refused": "Refused",
        "Payees": "Payees",
        "Warnings": "Warnings",
        "Where the days go": "Where the days go",
        "Hours by cause": "Hours by cause",
        "Versions": "Versions",
    },
)
_VERSIONS: Final = ("network_hash", "tariff_version", "timetable_hash", "engine_version")
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_UNDATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet knows no zones
_INSTANT_FORMAT: Final = "yyyy-mm-dd hh:mm:ss"
_DATE_FORMAT: Final = "yyyy-mm-dd"
_FIRST_DAY: Final = date(1900, 3, 1)
_WIDEST: Final = 48
#: A cell holds 32,767 characters.
_LONGEST: Final = 32_000
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
_CURRENCY = re.compile(r"[A-Z]{3}")
#: Characters that XML 1.0 cannot hold and that are no controls, which the writer escapes.
_NO_XML = re.compile("[\ufffe\uffff]")


class XlsxQuotes:
    """Writes quotes as workbooks."""

    def write(self, document: QuoteDocument) -> QuoteFile:
        """Write a quote; the same document gives the same bytes."""
        import xlsxwriter

        answer = document.answer
        names = Names(document)
        sheets = sheets_of(answer, names)
        versions: list[Row] = [
            {"what": Cell(key), "value": Cell(text(answer, key))} for key in _VERSIONS
        ]
        made = instant(answer, "created_at")
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, dict(_OPTIONS)) as book:
            created = made.replace(tzinfo=None) if made else _UNDATED
            title = "".join(c for c in f"Quote {text(answer, 'quote_id')}" if c.isprintable())
            book.set_properties({"title": title[:200], "author": "Karvan", "created": created})
            writer = _Writer(book)
            writer.summary(self._summary(document, names), sheets)
            for name, rows in sheets.items():
                writer.sheet(name, rows, sheets)
            writer.sheet("Versions", versions, sheets)
        return QuoteFile(data=buffer.getvalue())

    def _summary(self, document: QuoteDocument, names: Names) -> list[tuple[str, Cell]]:
        answer = document.answer
        rows = {**value_row(answer, names), **request_row(answer, names)}
        told = [(key, cell) for key, cell in rows.items() if key not in _VERSIONS]
        goods = [("goods", Cell(document.goods))] if document.goods else []
        return [*told, *goods, ("check code", Cell(check_code(answer)))]


class _Writer:
    """Writes sheets into a workbook and knows its formats."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[str, Format] = {}
        self._bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": False})
        self._text = book.add_format({"quote_prefix": True})
        self._taken: set[str] = set()

    def summary(self, rows: list[tuple[str, Cell]], sheets: Sheets) -> None:
        """Write names and values below each other, then the total beside the sum of its lines."""
        sheet = self._add("Summary")
        sheet.write_row(0, 0, (phrase("what"), phrase("value")), self._bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, _WIDEST)
        at = 1
        for name, cell in rows:
            sheet.write_string(at, 0, _fit(_heading(name, cell)))
            self._write(sheet, at, 1, cell)
            at += 1
        first = next(iter(sheets[_ALTERNATIVES]), None)
        if first is not None:
            sheet.write_string(at, 0, phrase("total of way 1"))
            self._write(sheet, at, 1, first.get("price.amount", Cell(None)))
            sheet.write_string(at + 1, 0, phrase("sum of lines of way 1"))
            self._sum(sheet, at + 1, 1, first, "rank", sheets[_LINES])

    def sheet(self, name: str, rows: list[Row], sheets: Sheets) -> None:
        """Write rows under a frozen header."""
        sheet = self._add(name)
        columns = list(dict.fromkeys(key for row in rows for key in row))
        if name == _ALTERNATIVES and rows:
            columns.insert(
                columns.index("price.amount") + 1 if "price.amount" in columns else 0, LINES_SUM
            )
        sheet.freeze_panes(1, 0)
        for column, key in enumerate(columns):
            cells = [row[key] for row in rows if key in row]
            heading = _heading(key, *cells)
            sheet.write_string(0, column, _fit(heading), self._bold)
            longest = max((_width(cell) for cell in cells), default=0)
            sheet.set_column(column, column, min(_WIDEST, max(len(heading), longest, 6) + 2))
            for at, row in enumerate(rows, start=1):
                if key == LINES_SUM and name == _ALTERNATIVES:
                    self._sum(sheet, at, column, row, "rank", sheets[_LINES])
                elif key in row:
                    self._write(sheet, at, column, row[key])
        if rows:
            sheet.autofilter(0, 0, len(rows), len(columns) - 1)

    def _add(self, name: str) -> Worksheet:
        """Add a sheet under a name that no other has, whatever its letters' size."""
        told = SHEETS.get(name, name)
        free, number = told, 2
        while free.lower() in self._taken:
            free, number = f"{told[:27]} {number}", number + 1
        self._taken.add(free.lower())
        sheet = self._book.add_worksheet(free)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet

    def _sum(
        self, sheet: Worksheet, at: int, column: int, way: Row, key: str, lines: list[Row]
    ) -> None:
        """Write the sum of the lines of a way as a formula with its value."""
        from xlsxwriter.utility import xl_col_to_name

        rank = way.get(key, Cell(None)).value
        of_way = [row for row in lines if row[WAY].value == rank]
        values = [row.get("amount_quoted", Cell(None)).value for row in of_way]
        money = [value for value in values if isinstance(value, Decimal)]
        columns = list(dict.fromkeys(name for row in lines for name in row))
        if not money or not isinstance(rank, float):
            return
        digits = max(_decimals(each) for each in money)
        letters = [xl_col_to_name(columns.index(name)) for name in (WAY, "amount_quoted")]
        ways, amounts = (f"'{SHEETS[_LINES]}'!${c}$2:${c}${len(lines) + 1}" for c in letters)
        formula = f"=ROUND(SUMIF({ways},{rank:.0f},{amounts}),{digits})"
        currency = next(row["amount_quoted"].currency for row in of_way if "amount_quoted" in row)
        shape = self._format(_money_format(digits, currency))
        sheet.write_formula(at, column, formula, shape, float(sum(money, Decimal(0))))

    def _write(self, sheet: Worksheet, at: int, column: int, cell: Cell) -> None:
        value = cell.value
        if value is None or value == "":
            return
        if isinstance(value, bool):
            sheet.write_boolean(at, column, value)
        elif isinstance(value, Decimal):
            shape = _money_format(_decimals(value), cell.currency)
            sheet.write_number(at, column, float(value), self._format(shape))
        elif isinstance(value, float):
            sheet.write_number(at, column, value)
        elif isinstance(value, date):
            self._write_date(sheet, at, column, value)
        else:
            told = _fit(value)
            sheet.write_string(at, column, told, self._text if told[0] in _DANGEROUS else None)

    def _write_date(self, sheet: Worksheet, at: int, column: int, value: date) -> None:
        exact = isinstance(value, datetime)
        day = value.date() if isinstance(value, datetime) else value
        if day < _FIRST_DAY:
            sheet.write_string(at, column, value.isoformat())
            return
        clock = value.time() if isinstance(value, datetime) else time()
        shape = self._format(_INSTANT_FORMAT if exact else _DATE_FORMAT)
        sheet.write_datetime(at, column, datetime.combine(day, clock), shape)

    def _format(self, code: str) -> Format:
        if code not in self._formats:
            self._formats[code] = self._book.add_format({"num_format": code})
        return self._formats[code]


def _heading(key: str, *cells: Cell) -> str:
    """A column of instants names their zone."""
    return f"{key} (UTC)" if any(isinstance(cell.value, datetime) for cell in cells) else key


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _money_format(digits: int, currency: str) -> str:
    """Thousands grouped, as many decimals as the figure has, the currency behind it.

    >>> _money_format(2, "EUR"), _money_format(0, "")
    ('#,##0.00 [$EUR]', '#,##0')
    """
    number = "#,##0" + ("." + "0" * min(digits, 15) if digits else "")
    return f"{number} [${currency}]" if _CURRENCY.fullmatch(currency) else number


def _width(cell: Cell) -> int:
    if isinstance(cell.value, date):
        return 19 if isinstance(cell.value, datetime) else 10
    if isinstance(cell.value, Decimal):
        return len(f"{cell.value:,f}") + (4 if cell.currency else 0)
    return len(str(cell.value if cell.value is not None else ""))


def _fit(told: str) -> str:
    """A text that a cell can hold."""
    told = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", told)
    return told if len(told) <= _LONGEST else told[:_LONGEST] + "..."
