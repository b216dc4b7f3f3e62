"""Cells and headings of tables for people: names for ids, words for codes, money in millions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from karvan.adapters.reports.telling import number
from karvan.services.planning.naming import Names
from karvan.services.planning.reporting import ListReport
from karvan.services.planning.result_tables import Cell, CellKind, Column
from karvan.services.planning.wording import OUTAGES, unit
from karvan.services.words import Labels, phrase, tell_message

#: Headings by the names of columns.
HEADINGS: Final = Labels(
    "study-column",
    {
        "rank": "Rank",
        "kind": "Kind",
        "asset": "What is out",
        "other_kind": "Kind of the other",
        "other_asset": "What is out with it",
        "extra_cost": "Extra cost",
        "extra_cost_kusd": "Extra cost",
        "left_behind": "Worth left behind",
        "begins": "Begins",
        "recovered": "Recovered from",
        "periods_to_recover": "Periods until recovered",
        "worst_period": "Worst period",
        "unit": "Unit",
        "shut_in": "Shut in",
        "unserved": "Not served",
        "delayed": "Delayed",
        "worst_short": "Short in the worst",
        "peak_stock": "Waits at most",
        "peak_place": "Waits at",
        "peak_period": "Waits in",
        "project": "Project",
        "units": "How many",
        "works_from": "Works from",
        "outlay": "Outlay",
        "year": "Year",
        "saved": "Saved",
        "running": "Running cost",
        "in_lines": "Into lines",
        "filling": "Filling its line",
        "npv": "Net present value",
        "npv_low": "At its highest cost",
        "npv_high": "At its lowest cost",
        "projects": "What is built",
        "proven": "Proven",
    },
)

#: Titles by the names of tables.
TITLES: Final = Labels(
    "study-table",
    {
        "outages": "What each outage costs, and why",
        "pairs": "Two at once",
        "recovery": "How long it takes to recover",
        "chosen": "What to build",
        "years": "What that saves and costs by year, not discounted",
        "alone": "One of each alone",
        "alone_by_year": "What one of each alone saves by year, not discounted",
        "frontier": "What each budget buys",
    },
)

#: Columns whose cells are ids of places, ways or fleets; of projects; of kinds of outages.
_ASSETS: Final = {"asset", "other_asset", "of", "peak_place"}
_KINDS: Final = {"kind", "other_kind"}
#: Told in the cell beside them.
_UNSEEN: Final = {"left_is_sure"}
_THOUSANDS: Final = "1000 USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A table that can be told: its headings, its cells, and which columns are numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


class Cells:
    """Tells cells of the tables of one report."""

    def __init__(self, report: ListReport) -> None:
        self.names = Names(report.network)
        self.projects = report.names

    def table(self, columns: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...]) -> Told:
        """A table as people read it."""
        seen = [at for at, column in enumerate(columns) if column.name not in _UNSEEN]
        sure = next((at for at, each in enumerate(columns) if each.name == "left_is_sure"), None)
        tellers = {at: self._teller(columns[at], [row[at] for row in rows]) for at in seen}
        told = []
        for row in rows:
            cells = {at: tellers[at](row[at]) for at in seen}
            if sure is not None and row[sure] is False:
                left = next(at for at in seen if columns[at].name == "left_behind")
                cells[left] = f"\N{GREATER-THAN OR EQUAL TO} {cells[left]}"
            told.append(tuple(cells.values()))
        numbers = tuple(
            place for place, at in enumerate(seen) if columns[at].kind is CellKind.NUMBER
        )
        return Told(
            heads=tuple(heading(columns[at]) for at in seen), rows=tuple(told), numbers=numbers
        )

    def asset(self, of: str) -> str:
        """A place, way, fleet or limit by its name; all together where there is none."""
        return self.names.limit(of) or phrase("All together")

    def project(self, of: str) -> str:
        """A project by its name."""
        return tell_message(self.projects.get(of, of))

    def built(self, told: str) -> str:
        """Projects of a point of the frontier: `id x units @ year`, with ; between."""
        parts = []
        for each in filter(None, told.split("; ")):
            which, _, year = each.partition(" @ ")
            name, _, count = which.partition(" x ")
            times = f" \N{MULTIPLICATION SIGN} {count}" if count else ""
            parts.append(f"{self.project(name)}{times}, {year}")
        return "; ".join(parts) or phrase("nothing")

    def _teller(self, column: Column, cells: list[Cell]) -> Callable[[Cell], str]:
        if column.kind is CellKind.NUMBER:
            return _number(column, cells)
        if column.kind is CellKind.FLAG:
            return lambda cell: phrase("yes") if cell else phrase("no")
        special: Mapping[str, Callable[[str], str]] = {
            **dict.fromkeys(_ASSETS, self.asset),
            **dict.fromkeys(_KINDS, lambda cell: OUTAGES.get(cell, cell)),
            "unit": unit,
            "project": self.project,
            "projects": self.built,
        }
        tell = special.get(column.name, str)
        return lambda cell: tell(str(cell)) if cell or column.name == "projects" else "-"


def heading(column: Column) -> str:
    """The heading of a column, with its unit where all cells have the same."""
    name = HEADINGS.get(column.name, column.name.replace("_", " "))
    if not column.unit or "`" in column.unit:
        return name
    return f"{name}, {unit('M USD' if column.unit == _THOUSANDS else column.unit)}"


def _number(column: Column, cells: list[Cell]) -> Callable[[Cell], str]:
    """Numbers of a column with the same decimals; thousands of dollars in millions."""
    factor = 1e-3 if column.unit == _THOUSANDS else 1.0
    whole = all(float(cell).is_integer() for cell in cells if isinstance(cell, (int, float)))
    money = factor != 1.0 or column.unit.startswith("M ")
    decimals = 1 if money or not whole else 0

    def tell(cell: Cell) -> str:
        return number(float(cell) * factor, decimals) if isinstance(cell, (int, float)) else "-"

    return tell
