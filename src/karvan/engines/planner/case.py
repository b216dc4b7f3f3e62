"""A case of a model: limits that replace its own, and how closely its answer is proven."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats

#: Gap to which a warm answer of the simplex is proven, over its cost; a thousandth of what `plan`
#: asks for.
GAP: Final = 1e-9
#: The same for an answer found by parts, whose interior method ends near an end and not at it.
GAP_OF_PARTS: Final = 1e-8
#: Difference, over the cost, beyond which a cold answer contradicts a warm one.
AGREES: Final = 1e-7


def _none() -> NDArray[np.int32]:
    return np.zeros(0, np.int32)


def _nothing() -> Floats:
    return np.zeros(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Limits that replace those of the model.

    Attributes
    ----------
    rows, upper
        (n,) rows and their upper limits.
    columns, most
        (m,) columns and their greatest values.
    """

    id: str
    rows: NDArray[np.int32] = field(default_factory=_none)
    upper: Floats = field(default_factory=_nothing)
    columns: NDArray[np.int32] = field(default_factory=_none)
    most: Floats = field(default_factory=_nothing)

    def applied(self, model: Model) -> Model:
        """Give the model with the limits of the case."""
        row_upper, most = model.row_upper.copy(), model.most.copy()
        row_upper[self.rows] = self.upper
        most[self.columns] = self.most
        return replace(model, row_upper=row_upper, most=most)
