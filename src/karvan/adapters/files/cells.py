"""Cells of a row by type, and rows turned into entities with every fault kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from karvan.adapters.files.tables import TableRow
from karvan.domain.errors import KarvanError, TableFault
from karvan.network.entries import Entry

T = TypeVar("T")


class Cells:
    """Cells of one row by the type the attribute file promises.

    What an attribute file cannot say (a list whose parts must be known words, say) is told
    with `fault` and kept in `faults`.
    """

    def __init__(self, row: TableRow) -> None:
        self._row = row
        self.faults: list[TableFault] = []

    def text(self, column: str) -> str:
        """Text, '' where empty."""
        value = self._row.values[column]
        return value if isinstance(value, str) else ""

    def number(self, column: str) -> float:
        """A number, 0 where empty."""
        value = self._row.values[column]
        return float(value) if isinstance(value, (int, float)) else 0.0

    def maybe_number(self, column: str) -> float | None:
        """A number, or None where empty."""
        value = self._row.values[column]
        return value if isinstance(value, float) else None

    def whole(self, column: str) -> int:
        """A whole number, 0 where empty."""
        value = self._row.values[column]
        return value if isinstance(value, int) else 0

    def decimal(self, column: str) -> Decimal:
        """An exact number, 0 where empty."""
        value = self._row.values[column]
        return value if isinstance(value, Decimal) else Decimal(0)

    def maybe_decimal(self, column: str) -> Decimal | None:
        """An exact number, or None where empty."""
        value = self._row.values[column]
        return value if isinstance(value, Decimal) else None

    def day(self, column: str) -> date:
        """A date; `date.min` where empty."""
        return self.maybe_date(column) or date.min

    def maybe_date(self, column: str) -> date | None:
        """A date, or None where empty."""
        value = self._row.values[column]
        return value if isinstance(value, date) else None

    def flag(self, column: str) -> bool:
        """Whether the cell says yes."""
        return self._row.values[column] is True

    def parts(self, column: str) -> tuple[str, ...]:
        """Parts of a list, () where empty."""
        value = self._row.values[column]
        return value if isinstance(value, tuple) else ()

    def fault(self, column: str, code: str, message: str) -> None:
        """Tell a fault of this row."""
        self.faults.append(TableFault(self._row.file, self._row.row, column, code, message))


def build(
    rows: Iterable[TableRow], make: Callable[[Cells], T]
) -> tuple[tuple[Entry[T], ...], tuple[TableFault, ...]]:
    """Make an entity of each row; a refusal of the entity is a fault of its row."""
    made: list[Entry[T]] = []
    faults: list[TableFault] = []
    for row in rows:
        cells = Cells(row)
        try:
            entity = make(cells)
        except KarvanError as error:
            cells.fault("", error.code, error.message)
        if cells.faults:
            faults.extend(cells.faults)
        else:
            made.append(Entry(entity, row.file, row.row))
    return tuple(made), tuple(faults)


def values(entries: Sequence[Entry[T]]) -> tuple[T, ...]:
    """Entities without the rows they stand in."""
    return tuple(entry.value for entry in entries)
