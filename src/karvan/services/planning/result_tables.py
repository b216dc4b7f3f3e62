"""Results as tables of cells and back, for files of any kind; each table with a hash."""

from __future__ import annotations

import csv
import io
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from math import isfinite
from typing import Any, Union, get_args, get_origin, get_type_hints

from karvan.domain.errors import InvalidInput
from karvan.network.hashing import content_hash
from karvan.services.planning.results import KINDS, About, Checks, Results, Row

Cell = str | float | bool | None

_FLAGS = {"yes": True, "no": False}


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "yes or no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column; `optional` where cells may be empty."""

    name: str
    kind: CellKind
    optional: bool
    about: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, its cells in the order of its columns."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def hash(self) -> str:
        """SHA-256 of what the table says, in whatever order of its rows."""
        names = [column.name for column in self.columns]
        return content_hash(dict(zip(names, row, strict=True)) for row in self.rows)


def columns_of(kind: type[Any]) -> tuple[Column, ...]:
    """Columns of a kind of row."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(_column(each.name, hints[each.name]) for each in fields(kind))


def _column(name: str, hint: Any) -> Column:
    told, about = get_args(hint)
    optional = get_origin(told) in {Union, types.UnionType}
    (plain,) = {each for each in get_args(told) if each is not type(None)} if optional else {told}
    assert isinstance(about, About), "every column says what it is"
    kinds = {str: CellKind.TEXT, float: CellKind.NUMBER, bool: CellKind.FLAG}
    return Column(
        name=name, kind=kinds[plain], optional=optional, about=about.text, unit=about.unit
    )


def table_of(name: str, kind: type[Any], rows: Sequence[Any]) -> Table:
    """A table of rows of one kind."""
    columns = columns_of(kind)
    cells = tuple(tuple(getattr(row, column.name) for column in columns) for row in rows)
    return Table(name=name, columns=columns, rows=cells)


def tables_of(results: Results) -> tuple[Table, ...]:
    """All tables of results, in the order of `KINDS`."""
    return tuple(table_of(name, kind, getattr(results, name)) for name, kind in KINDS.items())


def results_from(tables: Mapping[str, Table], months: Sequence[str], checks: Checks) -> Results:
    """Put results together again; the tables are whole, as `parse_csv` gives them."""
    found: dict[str, Any] = {name: tuple(_rows(tables[name], KINDS[name])) for name in KINDS}
    return Results(months=tuple(months), checks=checks, **found)


def _rows(table: Table, kind: type[Row]) -> Iterator[Row]:
    names = [column.name for column in table.columns]
    for cells in table.rows:
        values: dict[str, Any] = dict(zip(names, cells, strict=True))
        yield kind(**values)


def render_csv(table: Table) -> str:
    """A table as CSV: numbers with all their digits, yes and no, nothing where nothing is known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_text(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def parse_csv(name: str, kind: type[Any], text: str) -> Table:
    """Read a table back; raises `InvalidInput` where it is not one of ours."""
    columns = columns_of(kind)
    header, *lines = list(csv.reader(io.StringIO(text))) or [[]]
    if header != [column.name for column in columns]:
        raise InvalidInput("a table has other columns", table=name, columns=header)
    rows: list[tuple[Cell, ...]] = []
    for number, line in enumerate(lines, 2):
        if len(line) != len(columns):
            raise InvalidInput("a row has another number of cells", table=name, line=number)
        try:
            rows.append(tuple(map(_cell, columns, line)))
        except ValueError:
            raise InvalidInput("a cell cannot be read", table=name, line=number) from None
    return Table(name=name, columns=columns, rows=tuple(rows))


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        return next(text for text, flag in _FLAGS.items() if flag is cell)
    return "" if cell is None else str(cell)


def _cell(column: Column, text: str) -> Cell:
    if column.kind is CellKind.TEXT:
        return text
    if not text and column.optional:
        return None
    if column.kind is CellKind.FLAG:
        if text not in _FLAGS:
            raise ValueError(text)
        return _FLAGS[text]
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number
