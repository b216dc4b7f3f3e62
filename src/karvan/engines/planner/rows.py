"""Rows of a constraint family: sparse, named, with their unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karvan.engines.planner.problem import Floats, Indices


@dataclass(frozen=True, slots=True)
class RowName:
    """Which limit a row is: its family, the asset it limits, the period and the unit.

    `period` is '' where a row covers several.
    """

    family: str
    asset: str
    period: str
    unit: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.family, self.asset, self.period) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """n rows of one family, `lower <= entries x columns <= upper`.

    Attributes
    ----------
    assets, units
        What is limited, and in which unit; n is their number times the periods, the period
        running fastest, or their number alone where a row covers several periods.
    row, column, value
        (E,) entries, rows counted from 0; entries of the same row and column add up.
    """

    family: str
    assets: tuple[str, ...]
    units: tuple[str, ...]
    row: Indices
    column: Indices
    value: Floats
    lower: Floats
    upper: Floats
    by_period: bool = True

    def name(self, row: int, period_ids: tuple[str, ...]) -> RowName:
        """Name a row."""
        if not self.by_period:
            return RowName(self.family, self.assets[row], "", self.units[row])
        asset, period = divmod(row, len(period_ids))
        return RowName(self.family, self.assets[asset], period_ids[period], self.units[asset])


def joined(
    parts: list[tuple[Indices, Indices, Floats]],
) -> tuple[Indices, Indices, Floats]:
    """Put entries together; each part is broadcast to one shape and made flat."""
    flat = [tuple(array.ravel() for array in np.broadcast_arrays(*part)) for part in parts]
    if not flat:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    row, column, value = (np.concatenate(arrays) for arrays in zip(*flat, strict=True))
    return row, column, value
