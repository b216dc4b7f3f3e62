r"""Primal and dual residuals of an answer, and the bound that any row prices prove.

For row prices y the reduced costs are `d = cost - matrix' y`, and every feasible x costs at least

    sum of y[i] x (row_lower[i] if y[i] > 0 else row_upper[i])
  + sum of d[j] x (0            if d[j] > 0 else most[j])

so the bound holds whoever made y. An answer is right when it meets all limits and its cost is
that bound: no claim of a solver is needed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats

#: A price on a side without limit proves nothing; smaller ones are the solver's rounding.
_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How far an answer is from proven.

    Attributes
    ----------
    beyond_limits
        Largest excess of a row or a column over its limit, in its own unit, over the larger of
        1 and the limit.
    wrong_prices
        Largest price, over the larger of 1 and the greatest cost, that points at a side without
        limit.
    cost, bound
        Of the answer, and proven by the prices.
    """

    beyond_limits: float
    wrong_prices: float
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """Cost above the proven bound, over the larger of 1 and the cost."""
        return (self.cost - self.bound) / max(1.0, abs(self.cost))

    def holds(self, *, limits: float = 1e-6, prices: float = 1e-6, gap: float = 1e-6) -> bool:
        """Whether the answer is proven to these tolerances."""
        return self.beyond_limits <= limits and self.wrong_prices <= prices and abs(self.gap) <= gap


def certify(
    model: Model,
    values: Floats,
    row_prices: Floats,
    *,
    row_upper: Floats | None = None,
) -> Certificate:
    """Compute what is left between an answer and its proof.

    Parameters
    ----------
    values, row_prices
        (columns,) and (rows,).
    row_upper
        (rows,) limits of a case in place of the model's.
    """
    upper = model.row_upper if row_upper is None else row_upper
    carried = model.matrix @ values
    scale, reduced = _reduced(model, row_prices)
    return Certificate(
        beyond_limits=max(
            _excess(carried, model.row_lower, upper),
            _excess(values, np.zeros_like(values), model.most),
        ),
        wrong_prices=max(
            float(row_prices[np.isneginf(model.row_lower)].max(initial=0.0)),
            float((-row_prices[np.isposinf(upper)]).max(initial=0.0)),
            float((-reduced[np.isposinf(model.most)]).max(initial=0.0)),
        )
        / scale,
        cost=_dot(model.cost, values),
        bound=_bound(model, row_prices, reduced, upper, scale),
    )


def lower_bound(model: Model, row_prices: Floats, *, row_upper: Floats | None = None) -> float:
    """Give the least cost that these row prices prove.

    A price that points at a side without limit counts as rounding of the solver, which
    `Certificate.wrong_prices` tells, when it is below a millionth of the greatest cost; a
    greater one proves minus infinity.
    """
    upper = model.row_upper if row_upper is None else row_upper
    scale, reduced = _reduced(model, row_prices)
    return _bound(model, row_prices, reduced, upper, scale)


def _reduced(model: Model, row_prices: Floats) -> tuple[float, Floats]:
    """The greatest cost, at least 1, and the reduced costs (columns,)."""
    scale = max(1.0, float(np.abs(model.cost).max(initial=0.0)))
    return scale, model.cost - model.matrix.T @ row_prices


def _bound(
    model: Model, row_prices: Floats, reduced: Floats, row_upper: Floats, scale: float
) -> float:
    rows = _side(row_prices, model.row_lower, row_upper, scale)
    return rows + _side(reduced, np.zeros_like(reduced), model.most, scale)


def _side(price: Floats, lower: Floats, upper: Floats, scale: float) -> float:
    limit = np.where(price > 0, lower, upper)
    open_side = np.isinf(limit)
    if (np.abs(price[open_side]) > _ROUNDING * scale).any():
        return -np.inf
    return _dot(price, np.where(open_side, 0.0, limit))


def _dot(one: Floats, other: Floats) -> float:
    """Sum of the products, on this thread: a BLAS would wake others for it."""
    return float((one * other).sum())


def _excess(value: Floats, lower: Floats, upper: Floats) -> float:
    over = np.maximum(value - upper, lower - value)
    limit = np.where(value > upper, upper, lower)
    size = np.maximum(1.0, np.abs(np.where(np.isfinite(limit), limit, 0.0)))
    return float((over / size).max(initial=0.0))
