"""Trade figures in the public CSV format of UN Comtrade.

Columns are found by their names, those of today (`refYear`, `reporterISO`, ...) and those of the
files until 2022 (`Year`, `Reporter ISO`, ...); others are passed over. Only exports (`X`) and
imports (`M`) are read, and of a row that is told by customs procedure, means of transport or second
partner only the total. Figures of other countries are counted and left out.

Source: UN Comtrade, *Data items of the public CSV download* (column names and codes).
"""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from karvan.adapters.files.bounded import read_bounded
from karvan.domain.errors import InvalidTables, NotFound, TableFault
from karvan.network.trade import ChapterValue, Flow, TradeValue, ValueKind
from karvan.services.trade.importing import ImportedTrade

#: A longer file is no table of two countries.
LONGEST_BYTES: Final = 256 * 1024 * 1024
#: Alpha-3 codes of the countries of the network. Source: ISO 3166-1.
ALPHA2: Final[Mapping[str, str]] = {
    "ARM": "AM", "AUT": "AT", "AZE": "AZ", "BEL": "BE", "BGR": "BG", "BLR": "BY", "CAN": "CA",
    "CHN": "CN", "CZE": "CZ", "DEU": "DE", "EGY": "EG", "EUR": "EU", "FRA": "FR", "GEO": "GE",
    "GRC": "GR", "HUN": "HU", "IRN": "IR", "ITA": "IT", "KAZ": "KZ", "KGZ": "KG", "NLD": "NL",
    "POL": "PL", "ROU": "RO", "RUS": "RU", "SGP": "SG", "SRB": "RS", "TJK": "TJ", "TKM": "TM",
    "TUR": "TR", "UKR": "UA", "USA": "US", "UZB": "UZ", "YEM": "YE", "ZAF": "ZA",
}  # fmt: skip
#: Names of each column, in order of preference, compared without case and blanks.
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "year": ("refyear", "year"),
    "reporter": ("reporteriso", "reporteriso3"),
    "partner": ("partneriso", "partneriso3"),
    "flow": ("flowcode", "tradeflow"),
    "code": ("cmdcode", "commoditycode"),
    "value": ("primaryvalue", "tradevalue(us$)"),
    "month": ("refmonth",),
    "mass": ("netwgt", "netweight(kg)"),
    "customs": ("customscode",),
    "transport": ("motcode",),
    "second": ("partner2iso", "2ndpartneriso"),
}
_REQUIRED: Final = ("year", "reporter", "partner", "flow", "code", "value")
_TOTALS: Final[Mapping[str, frozenset[str]]] = {
    "customs": frozenset({"", "C00"}),
    "transport": frozenset({"", "0"}),
    "second": frozenset({"", "W00", "WLD"}),
}
_EXPORT, _IMPORT = frozenset({"x", "export", "exports"}), frozenset({"m", "import", "imports"})
#: Month of a figure of a whole year.
_YEAR_MONTH: Final = 52
_WHOLE: Final = 0
#: Dollars or kilograms in a row; all trade of the world is some 3e13 dollars a year.
_MOST: Final = 1e15

#: Reporter, partner, export or not, year, month, commodity code.
Key = tuple[str, str, bool, int, int, str]


@dataclass(frozen=True, slots=True)
class _Figure:
    row: int
    usd: float
    kg: float | None


def read_comtrade(path: Path) -> ImportedTrade:
    """Read a file.

    Raises
    ------
    NotFound
        There is none.
    InvalidTables
        It is no plain file, not readable or longer than any table of trade; or it has faults, told
        by row and column: a column that is missing or twice there, a cell that is
        no year, code or amount, two rows that say different things of the same.
    """
    name = path.name
    data, faults = read_bounded(path, name, LONGEST_BYTES)
    if any(fault.code == "no-file" for fault in faults):
        raise NotFound("no such file", file=str(path))
    if data is None:
        raise InvalidTables(faults)
    try:
        reader = _read_rows(name, decoded(data))
    except csv.Error as error:
        raise InvalidTables([TableFault(name, None, "", "not-csv", f"not CSV: {error}")]) from None
    if not reader.count:
        reader.faults.append(TableFault(name, None, "", "empty-table", "no row of figures"))
    if reader.faults:
        raise InvalidTables(reader.faults)
    return _imported(name, reader)


def decoded(data: bytes) -> str:
    """Give the text of a file: by its mark, as UTF-8, or else as Windows wrote it."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Codes and figures are ASCII; only names of countries and goods differ.
        return data.decode("cp1252", "replace")


def _read_rows(name: str, text: str) -> _Rows:
    header, rows = _cells(text)
    at, faults = _found_columns(name, header)
    if faults:
        raise InvalidTables(faults)
    reader = _Rows(name, header, at)
    for number, row in rows:
        reader.read(number, row)
    return reader


def _cells(text: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = next(reader, [])
    return header, ((reader.line_num, row) for row in reader if any(cell.strip() for cell in row))


def _found_columns(name: str, header: Sequence[str]) -> tuple[Mapping[str, int], list[TableFault]]:
    plain = ["".join(cell.lower().split()) for cell in header]
    at: dict[str, int] = {}
    faults = []
    for column, names in _COLUMNS.items():
        known = next((each for each in names if each in plain), None)
        if known is not None:
            at[column] = plain.index(known)
            if plain.count(known) > 1:
                words = "the column is there twice"
                faults.append(TableFault(name, 1, header[at[column]], "duplicate-column", words))
        elif column in _REQUIRED:
            words = "the column is missing"
            faults.append(TableFault(name, 1, names[0], "missing-column", words))
    return at, faults


class _Rows:
    """Rows turned into figures, each key once."""

    def __init__(self, file: str, header: Sequence[str], at: Mapping[str, int]) -> None:
        self.file, self.header, self.at = file, header, at
        self.figures: dict[Key, _Figure] = {}
        self.faults: list[TableFault] = []
        self.count = self.elsewhere = self.twice = 0

    def read(self, number: int, row: Sequence[str]) -> None:
        """Take one row, or tell what is wrong with it."""
        self.count += 1
        before = len(self.faults)
        flow = self._cell(row, "flow").lower()
        if any(self._cell(row, name) not in totals for name, totals in _TOTALS.items()):
            return
        if flow and flow not in _EXPORT | _IMPORT:
            return
        if not flow:
            self._fault(number, "flow", "missing", "the cell is empty")
        year = self._whole(number, row, "year", 1962, 2100)
        month = self._month(number, row)
        code = self._code(number, row)
        usd = self._amount(number, row, "value")
        kg = self._amount(number, row, "mass") if self._cell(row, "mass") else None
        ends = [self._country(number, row, column) for column in ("reporter", "partner")]
        if len(self.faults) > before or year is None or usd is None:
            return
        if not all(ends):
            self.elsewhere += 1
            return
        self._keep((ends[0], ends[1], flow in _EXPORT, year, month, code), number, usd, kg)

    def _keep(self, key: Key, number: int, usd: float, kg: float | None) -> None:
        old = self.figures.get(key)
        if old is None:
            self.figures[key] = _Figure(number, usd, kg or None)
        elif old.usd == usd:
            self.twice += 1
        else:
            words = f"row {old.row} says otherwise of the same"
            self._fault(number, "value", "contradicting-rows", words)

    def _cell(self, row: Sequence[str], column: str) -> str:
        at = self.at.get(column)
        return row[at].strip() if at is not None and at < len(row) else ""

    def _fault(self, number: int, column: str, code: str, message: str) -> None:
        name = self.header[self.at[column]]
        self.faults.append(TableFault(self.file, number, name, code, message))

    def _country(self, number: int, row: Sequence[str], column: str) -> str:
        code = self._cell(row, column).upper()
        if len(code) != 3:
            self._fault(number, column, "unknown-country", "a code of three letters is expected")
        return ALPHA2.get(code, "")

    def _code(self, number: int, row: Sequence[str]) -> str:
        code = self._cell(row, "code").upper()
        if code != "TOTAL" and not (code.isdecimal() and code.isascii() and len(code) in {2, 4, 6}):
            words = "TOTAL or 2, 4 or 6 digits are expected"
            self._fault(number, "code", "malformed-hs", words)
        return code

    def _whole(
        self, number: int, row: Sequence[str], column: str, least: int, most: int
    ) -> int | None:
        cell = self._cell(row, column)
        if cell.isdecimal() and cell.isascii() and least <= int(cell[:9]) <= most:
            return int(cell)
        words = f"a whole number from {least} to {most} is expected"
        self._fault(number, column, "out-of-range", words)
        return None

    def _month(self, number: int, row: Sequence[str]) -> int:
        if self._cell(row, "month") in {"", str(_YEAR_MONTH), "0"}:
            return _WHOLE
        return self._whole(number, row, "month", 1, 12) or _WHOLE

    def _amount(self, number: int, row: Sequence[str], column: str) -> float | None:
        cell = self._cell(row, column)
        try:
            amount = float(cell)
        except ValueError:
            amount = math.nan
        if 0 <= amount <= _MOST and cell.isascii():
            return amount
        words = f"a number from 0 to {_MOST:.0e} is expected"
        self._fault(number, column, "out-of-range", words)
        return None


def _imported(name: str, reader: _Rows) -> ImportedTrade:
    """Years of each pair, way and reporter: the total as told, else what its goods add up to."""
    years: dict[tuple[str, str, bool, int], dict[int, dict[str, _Figure]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for (reporter, partner, export, year, month, code), figure in reader.figures.items():
        years[reporter, partner, export, year][month][code] = figure
    values, chapters = [], []
    for (reporter, partner, export, year), by_month in sorted(years.items()):
        # A figure of the whole year counts before its months.
        months = {_WHOLE: by_month[_WHOLE]} if _WHOLE in by_month else by_month
        origin, destination = (reporter, partner) if export else (partner, reporter)
        first, last = (1, 12) if _WHOLE in months else (min(months), max(months))
        sums = _by_chapter(months)
        usd, kg = _total(months)
        values.append(
            TradeValue(
                id=f"{name}#{reporter}-{origin}-{destination}-{year}",
                reporter=reporter,
                origin=origin,
                destination=destination,
                flow=Flow.GOODS,
                year=year,
                first_month=first,
                last_month=last,
                kind=ValueKind.COUNTED,
                scope="all goods",
                value=usd / 1e6,
                unit="M USD",
                low=None,
                high=None,
                fact=(),
                source=(name,),
                estimate=False,
                note=""
                if last - first + 1 in {len(months), 12}
                else f"{len(months)} months of them",
                net_kg=kg,
                imported=True,
            )
        )
        chapters += [
            ChapterValue(
                reporter=reporter,
                origin=origin,
                destination=destination,
                year=year,
                months=12 if _WHOLE in months else len(months),
                chapter=chapter,
                value_usd=amount,
                net_kg=mass,
            )
            for chapter, (amount, mass) in sorted(sums.items())
        ]
    return ImportedTrade(
        file=name,
        values=tuple(values),
        by_chapter=tuple(chapters),
        rows=reader.count,
        elsewhere=reader.elsewhere,
        twice=reader.twice,
    )


def _by_chapter(
    months: Mapping[int, Mapping[str, _Figure]],
) -> Mapping[str, tuple[float, float | None]]:
    """US dollars and kilograms by chapter, each month from the coarsest level that it tells."""
    usd: dict[str, float] = defaultdict(float)
    kg: dict[str, float | None] = {}
    for figures in months.values():
        coded = {code: figure for code, figure in figures.items() if code != "TOTAL"}
        for chapter in {code[:2] for code in coded}:
            mine = {code: each for code, each in coded.items() if code[:2] == chapter}
            level = min(map(len, mine))
            for code, figure in mine.items():
                if len(code) == level:
                    usd[chapter] += figure.usd
                    before = kg.get(chapter, 0.0)
                    known = before is not None and figure.kg is not None
                    kg[chapter] = (before or 0.0) + (figure.kg or 0.0) if known else None
    return {chapter: (usd[chapter], kg[chapter]) for chapter in usd}


def _total(months: Mapping[int, Mapping[str, _Figure]]) -> tuple[float, float | None]:
    """US dollars and kilograms of all goods; no mass where a part of it is not told."""
    usd, kg = 0.0, 0.0
    whole = True
    for number, figures in months.items():
        total = figures.get("TOTAL")
        sums = _by_chapter({number: figures}).values()
        masses = [mass for _, mass in sums]
        usd += total.usd if total is not None else sum(amount for amount, _ in sums)
        mass = total.kg if total is not None else None
        if mass is None and masses and None not in masses:
            mass = sum(each for each in masses if each is not None)
        whole = whole and mass is not None
        kg += mass or 0.0
    return usd, kg if whole else None
