"""Entries: an entity and where it stands, so that a fault can name file and row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from karvan.domain.errors import TableFault

Entity_co = TypeVar("Entity_co", covariant=True)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry(Generic[Entity_co]):
    """An entity with the table and row it was read from; `row` is `None` when it was not."""

    value: Entity_co
    file: str
    row: int | None = None

    def fault(self, column: str, code: str, message: str) -> TableFault:
        """Tell a fault of this entity."""
        return TableFault(self.file, self.row, column, code, message)


def entries(values: Iterable[T], file: str) -> tuple[Entry[T], ...]:
    """Wrap entities that come from no table, so that the same checks can read them."""
    return tuple(Entry(value, file) for value in values)
