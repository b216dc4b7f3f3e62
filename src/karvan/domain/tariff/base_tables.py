"""Base tables: an amount by distance belt or by load.

Three ways to read one. *Belt*: the amount of the belt into which the value falls. *Taper*: each
part of the value is charged at the amount of its own belt, and the parts add up. *Points*:
straight lines between points, flat outside. A table need not grow: sourced ones do not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from karvan.domain.errors import NoRate, TariffError


class Axis(StrEnum):
    """What a table is entered with."""

    DISTANCE_KM = "distance_km"
    NET_T = "net_t"


class Reading(StrEnum):
    """How a table is read between its rows."""

    BELT = "belt"
    TAPER = "taper"
    POINTS = "points"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEntry:
    """One row: the amount up to and including `upto` (or at `upto` of a table of points)."""

    upto: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseTable:
    """One table; `entries` ascend by `upto`.

    Attributes
    ----------
    begins
        Value above which the table begins, 0 included; before it there is no amount. Points
        are flat outside.
    """

    id: str
    axis: Axis
    reading: Reading
    begins: Decimal
    entries: tuple[TableEntry, ...]
    _ends: Sequence[Decimal] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ends = [entry.upto for entry in self.entries]
        if not ends or sorted(set(ends)) != ends or not self.begins <= ends[0]:
            raise TariffError("a table ascends and begins no later than it ends", table=self.id)
        if any(not entry.amount.is_finite() or entry.amount < 0 for entry in self.entries):
            raise TariffError("a table holds numbers >= 0", table=self.id)
        object.__setattr__(self, "_ends", ends)

    def amount(self, value: Decimal) -> Decimal:
        """Give the amount for a distance or load.

        Raises
        ------
        NoRate
            The value lies outside the table.
        """
        if self.reading is Reading.POINTS:
            return self._between(value)
        i = bisect_left(self._ends, value)
        outside = value <= self.begins if self.begins else value < 0
        if outside or i == len(self.entries):
            raise NoRate("the value lies outside the base table", table=self.id, value=str(value))
        if self.reading is Reading.BELT:
            return self.entries[i].amount
        whole, start = Decimal(0), Decimal(0)
        for entry in self.entries[: i + 1]:
            whole += (min(entry.upto, value) - start) * entry.amount
            start = entry.upto
        return whole

    def _between(self, value: Decimal) -> Decimal:
        i = bisect_left(self._ends, value)
        if i == 0:
            return self.entries[0].amount
        if i == len(self.entries):
            return self.entries[-1].amount
        left, right = self.entries[i - 1], self.entries[i]
        share = (value - left.upto) / (right.upto - left.upto)
        return left.amount + share * (right.amount - left.amount)

    @property
    def falls(self) -> bool:
        """Whether a larger value can cost less; told when a book is checked, never assumed."""
        if self.reading is Reading.TAPER:
            return False
        return any(b.amount < a.amount for a, b in pairwise(self.entries))


def tables_of(
    rows: Iterable[tuple[str, Axis, Reading, Decimal, Decimal, Decimal]],
) -> tuple[BaseTable, ...]:
    """Make tables of rows (table, axis, reading, from, to, amount), in any order.

    Raises
    ------
    TariffError
        A table has two axes or readings, or its belts leave a gap or overlap.
    """
    grouped: dict[str, list[tuple[Axis, Reading, Decimal, Decimal, Decimal]]] = {}
    for name, axis, reading, start, end, amount in rows:
        grouped.setdefault(name, []).append((axis, reading, start, end, amount))
    return tuple(_table(name, found) for name, found in sorted(grouped.items()))


def _table(
    name: str, found: Sequence[tuple[Axis, Reading, Decimal, Decimal, Decimal]]
) -> BaseTable:
    if len({(axis, reading) for axis, reading, *_ in found}) > 1:
        raise TariffError("a table has one axis and one reading", table=name)
    ordered = sorted(found, key=lambda row: row[3])
    axis, reading = ordered[0][:2]
    if reading is not Reading.POINTS:
        for before, after in pairwise(ordered):
            if after[2] != before[3]:
                raise TariffError("belts follow each other without gap or overlap", table=name)
    return BaseTable(
        id=name,
        axis=axis,
        reading=reading,
        begins=ordered[0][2],
        entries=tuple(TableEntry(upto=row[3], amount=row[4]) for row in ordered),
    )
