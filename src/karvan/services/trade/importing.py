"""Figures of trade from outside, laid over the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from karvan.network.trade import ChapterValue, TradeTables, TradeValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedTrade:
    """What a file says.

    Attributes
    ----------
    rows
        Rows of figures in the file.
    elsewhere
        Rows of other countries, left out.
    twice
        Rows that say again what another says.
    """

    file: str
    values: tuple[TradeValue, ...]
    by_chapter: tuple[ChapterValue, ...]
    rows: int
    elsewhere: int
    twice: int


class TradeSource(Protocol):
    """The port to the tables of trade, and to files of others."""

    def load(self, folder: Path | None = None) -> TradeTables:
        """Read the tables; raises `InvalidTables` with every fault."""
        ...

    def read(self, file: Path) -> ImportedTrade:
        """Read a file of UN Comtrade; raises `NotFound`, `InvalidTables`."""
        ...


def laid_over(tables: TradeTables, imported: ImportedTrade) -> TradeTables:
    """Add imported figures; of one year, way and reporter they stand for the shipped one."""
    said = {_what(each) for each in imported.values}
    return replace(
        tables,
        values=(*(each for each in tables.values if _what(each) not in said), *imported.values),
        by_chapter=(*tables.by_chapter, *imported.by_chapter),
    )


def _what(value: TradeValue) -> tuple[object, ...]:
    return (
        value.reporter,
        value.origin,
        value.destination,
        value.flow,
        value.year,
        value.first_month,
        value.last_month,
        value.kind,
        value.scope,
    )
