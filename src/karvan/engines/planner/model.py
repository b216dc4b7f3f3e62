"""The linear programme of a planning problem: the rows of all families stacked, in one matrix."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.checks import checked
from karvan.engines.planner.constraints import (
    arc_capacity,
    arriving,
    balance,
    blending,
    contracts,
    fleet_hours,
    joint_capacity,
    line_fill,
    minimum_throughput,
    ramps,
    tank_room,
)
from karvan.engines.planner.layout import Columns, costs, most
from karvan.engines.planner.problem import Floats, PlanningProblem
from karvan.engines.planner.rows import RowName, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Minimise `cost x` with `row_lower <= matrix x <= row_upper` and `0 <= x <= most`.

    Attributes
    ----------
    families, first_row
        The families in the order of their rows, and the first row of each.
    matrix
        (rows, columns), compressed by rows, indices of 32 bits.
    """

    problem: PlanningProblem
    columns: Columns
    families: tuple[Rows, ...]
    first_row: tuple[int, ...]
    matrix: csr_array
    row_lower: Floats
    row_upper: Floats
    cost: Floats
    most: Floats

    def name(self, row: int) -> RowName:
        """Name a row by family, asset and period."""
        family = bisect_right(self.first_row, row) - 1
        while len(self.families[family].lower) == 0:
            family -= 1
        return self.families[family].name(row - self.first_row[family], self.problem.period_ids)

    def rows_of(self, family: str, asset: str) -> NDArray[np.int32]:
        """Rows of an asset in a family, one a period.

        Raises
        ------
        InvalidInput
            The family has no such asset, for instance an arc that nothing limits.
        """
        for rows, first in zip(self.families, self.first_row, strict=True):
            if rows.family == family and asset in rows.assets:
                each = len(rows.lower) // len(rows.assets)
                start = first + rows.assets.index(asset) * each
                return np.arange(start, start + each, dtype=np.int32)
        raise InvalidInput("no limit of this kind on this asset", family=family, asset=asset)


def build(problem: PlanningProblem) -> Model:
    """Stack the rows of all families.

    Raises
    ------
    InvalidInput
        The problem contradicts itself; every fault is named.

    Notes
    -----
    Work and memory grow with the entries of the matrix, about three a flow variable.
    """
    columns = Columns.of(checked(problem))
    families = (
        balance.rows(problem, columns),
        arc_capacity.rows(problem, columns),
        joint_capacity.rows(problem, columns),
        fleet_hours.rows(problem, columns),
        tank_room.rows(problem, columns),
        minimum_throughput.rows(problem, columns),
        ramps.rows(problem, columns),
        *contracts.rows(problem, columns),
        blending.rows(problem, columns),
        *line_fill.rows(problem, columns),
        arriving.rows(problem, columns),
    )
    counts = [len(family.lower) for family in families]
    first = np.concatenate([[0], np.cumsum(counts)])
    row = np.concatenate(
        [family.row + start for family, start in zip(families, first[:-1], strict=True)]
    ).astype(np.int32)
    column = np.concatenate([family.column for family in families]).astype(np.int32)
    value = np.concatenate([family.value for family in families])
    shape = (int(first[-1]), columns.count)
    return Model(
        problem=problem,
        columns=columns,
        families=families,
        first_row=tuple(first[:-1].tolist()),
        matrix=coo_array((value, (row, column)), shape=shape).tocsr(),
        row_lower=np.concatenate([family.lower for family in families]),
        row_upper=np.concatenate([family.upper for family in families]),
        cost=costs(problem, columns),
        most=most(problem, columns),
    )
