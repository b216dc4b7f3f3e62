"""Tables in other formats and against each other: what is asked for, and the port."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Format(StrEnum):
    """What the network can be written as; GeoJSON and GTFS cannot be read back."""

    GMNS = "gmns"
    GEOJSON = "geojson"
    GTFS = "gtfs"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """What a set of tables says, by content."""

    network: str
    places_and_links: str
    patterns: str
    performance: str
    rules: str
    tariff_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days whose departures are written."""

    first_day: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchanged:
    """What was written or read: rows of each file or table, and the hashes of the tables."""

    path: Path
    rows: Mapping[str, int]
    hashes: Hashes


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that says something else; '' is an empty one."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row that both have and that differs, with its key."""

    key: tuple[str, ...]
    cells: tuple[ChangedCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDifference:
    """How a table differs: keys of rows that came and went, and rows that changed."""

    table: str
    key: tuple[str, ...]
    added: tuple[tuple[str, ...], ...]
    removed: tuple[tuple[str, ...], ...]
    changed: tuple[ChangedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sets of tables; tables that do not differ are left out."""

    old: Hashes
    new: Hashes
    tables: tuple[TableDifference, ...]


class Exchange(Protocol):
    """Tables in other formats; a folder is laid over the shipped tables, `None` is those alone.

    Every method raises `InvalidTables` with all faults, and writes nothing then.
    """

    def export(
        self, what: Format, target: Path, period: Period, folder: Path | None = None
    ) -> Exchanged:
        """Write the network in a format, all of it or nothing."""

    def read(self, what: Format, source: Path, target: Path) -> Exchanged:
        """Read a package of ours back into a folder of tables, all of it or nothing."""

    def compare(self, old: Path | None, new: Path | None) -> Comparison:
        """Tell how two sets of tables differ."""

    def write_templates(self, target: Path) -> tuple[str, ...]:
        """Write empty tables to fill in, examples and a page on the columns; gives the files."""
