r"""Prices of the rows by a first-order method: quick, never exact, a start for `sifting`.

The primal-dual hybrid gradient method walks from a pair (x, y) to

    x' = x - step_x (cost - matrix' y),      kept between 0 and `most`
    y' = y + step_y (what limits ask for - matrix (2 x' - x)),  kept to the sign of its side

and needs nothing but products with the matrix. Each step goes twice as far as that and is drawn
back to an anchor, less the longer it walks (Halpern); when what a step moves has fallen to a fifth,
the anchor is set anew and the weight between x and y follows the distances walked.
Source: H. Lu and J. Yang, "Restarted Halpern PDHG for Linear Programming", 2024; steps by the sums
of rows and columns: T. Pock and A. Chambolle, "Diagonal preconditioning", 2011.

**Bands.** In a plan an entry of the matrix repeats from period to period: the same number, one row
and one column on. A run of such entries is kept as one band (row, column, length, number), so that
a product reads no index an entry, and the compiler takes several entries at once. Numbers have 32
bits: what comes out is a guess that others must prove.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats

Single = NDArray[np.float32]
Numbers = NDArray[np.int32]

#: Steps after which the walk ends wherever it is.
MOST_STEPS: Final = 3_000
#: The walk ends when a step moves less than this share of what the first one moved.
ENOUGH: Final = 3e-4

_FELL: Final = 0.2
_FELL_SLOWLY: Final = 0.8
_LONGEST_SHARE: Final = 0.36
_STEP: Final = 0.998

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def _compiled(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    made = njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz", "nnan"})(function)
    return cast("Callable[Parameters, Result]", made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What the walk came to: `values` (columns,), `row_prices` (rows,), and its steps.

    `weight` between the two is what it had come to as well, 0 where that is not known.
    """

    values: Floats
    row_prices: Floats
    steps: int
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class _Side:
    """Bands by the block of columns, or of rows, that they write to.

    `block` first of each block and the end; `first` (blocks + 1,) its bands; `to`, `source`,
    `count` and `value` of each band.
    """

    block: Numbers
    first: Numbers
    to: Numbers
    source: Numbers
    count: Numbers
    value: Single


def estimate(
    model: Model, *, most_steps: int = MOST_STEPS, near: Estimate | None = None
) -> Estimate:
    """Walk towards the cheapest plan and its prices.

    Parameters
    ----------
    near
        Where to begin, the plan and prices of a model with other limits; from nothing without it.
    """
    walk = _Walk(model)
    if near is not None:
        walk.begin(near, model.matrix @ near.values)
    return walk.go(most_steps)


class _Walk:
    """The state of a walk; arrays of columns, then of rows."""

    def __init__(self, model: Model) -> None:
        def single(array: Floats) -> Single:
            return array.astype(np.float32)

        size = abs(model.matrix)
        step_x = 1.0 / np.maximum(np.asarray(size.sum(axis=0), np.float64), 1e-9)
        step_y = 1.0 / np.maximum(np.asarray(size.sum(axis=1), np.float64), 1e-9)
        limits = np.maximum(_finite(model.row_lower), _finite(model.row_upper))
        cost_size = float(np.linalg.norm(model.cost * np.sqrt(step_x)))
        limit_size = float(np.linalg.norm(limits * np.sqrt(step_y)))
        self.weight = (cost_size + 1.0) / (limit_size + 1.0)
        self.columns, self.rows = _sides(model)
        self.cost, self.most, self.step_x = single(model.cost), single(model.most), single(step_x)
        self.lower, self.upper = single(model.row_lower), single(model.row_upper)
        self.step_y = single(step_y)
        self.x, self.x_anchor, self.mirrored = (np.zeros_like(self.cost) for _ in range(3))
        self.y, self.y_anchor, self.carried, self.carried_anchor, self.work = (
            np.zeros_like(self.lower) for _ in range(5)
        )
        self.error_sum = 0.0

    def begin(self, near: Estimate, carried: Floats) -> None:
        """Stand where a walk or a plan ended; `carried` (rows,) is what its values take."""
        for place in (self.x, self.x_anchor, self.mirrored):
            place[:] = near.values
        for place in (self.y, self.y_anchor):
            place[:] = near.row_prices
        for place in (self.carried, self.carried_anchor):
            place[:] = carried
        self.weight = near.weight or self.weight

    def go(self, most_steps: int) -> Estimate:
        """Walk until a step moves little enough."""
        first = start = before = 0.0
        since = steps = 0
        restart = done = False
        while steps < most_steps:
            done = done or steps == most_steps - 1
            whole = restart or done
            ahead = (since + 1) / (since + 2)
            moved = self._step(0.5, 0.5, 0.0) if whole else self._step(ahead, 0.0, 1 - ahead)
            steps += 1
            if done:
                break
            if restart:
                self._set_anchor()
                since, restart = 0, False
                continue
            since += 1
            if since == 1:
                start, first = moved, first or moved
            else:
                restart = (
                    moved <= _FELL * start
                    or (moved <= _FELL_SLOWLY * start and moved > before)
                    or since >= _LONGEST_SHARE * steps
                )
            before = moved
            done = moved <= ENOUGH * first
        return Estimate(
            values=self.x.astype(np.float64),
            row_prices=self.y.astype(np.float64),
            steps=steps,
            weight=self.weight,
        )

    def _step(self, new: float, old: float, anchor: float) -> float:
        """Go on with these shares of the mirrored step, the place and the anchor."""
        shares = np.float32(new), np.float32(old), np.float32(anchor)
        columns, rows = self.columns, self.rows
        moved_x = _over_columns(
            columns.block, columns.first, columns.to, columns.source, columns.count,
            columns.value, self.cost, self.most, self.step_x, np.float32(_STEP / self.weight),
            self.y, self.x, self.x_anchor, self.mirrored, *shares,
        )  # fmt: skip
        moved_y, crossed = _over_rows(
            rows.block, rows.first, rows.to, rows.source, rows.count, rows.value,
            self.lower, self.upper, self.step_y, np.float32(_STEP * self.weight),
            self.mirrored, self.y, self.y_anchor, self.carried, self.carried_anchor, self.work,
            *shares,
        )  # fmt: skip
        return float(np.sqrt(max(0.0, moved_x + moved_y - 2.0 * crossed)))

    def _set_anchor(self) -> None:
        """Start anew here, with a weight that makes both walks equally long."""
        walked_x = float(np.sqrt(((self.x - self.x_anchor) ** 2 / self.step_x).sum()))
        walked_y = float(np.sqrt(((self.y - self.y_anchor) ** 2 / self.step_y).sum()))
        if min(walked_x, walked_y) > 1e-10:
            error = float(np.log(self.weight * walked_x / walked_y))
            self.error_sum = 0.3 * self.error_sum + error
            self.weight *= float(np.exp(-0.99 * error - 0.01 * self.error_sum))
        self.x_anchor[:] = self.x
        self.y_anchor[:] = self.y
        self.carried_anchor[:] = self.carried


def _finite(limits: Floats) -> Floats:
    return np.where(np.isfinite(limits), np.abs(limits), 0.0)


def _sides(model: Model) -> tuple[_Side, _Side]:
    """Bands of the matrix by columns and by rows; none goes over the end of a row of periods."""
    entries, periods = model.matrix.tocoo(), model.columns.periods
    rows, columns = model.matrix.shape
    row, column = entries.row.astype(np.int64), entries.col.astype(np.int64)
    key = (column - row + rows) * rows + row
    order = np.argsort(key, kind="stable")
    row, column, value, key = row[order], column[order], entries.data[order], key[order]
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(key) != 1) | (value[1:] != value[:-1])
    new |= (row % periods == 0) | (column % periods == 0)
    start = np.flatnonzero(new)
    count = np.diff(np.append(start, len(order)))
    row, column, value = row[start], column[start], value[start]
    return (
        _side(column, row, count, value, columns, periods),
        _side(row, column, count, value, rows, periods),
    )


def _side(
    to: NDArray[np.int64],
    source: NDArray[np.int64],
    count: NDArray[np.int64],
    value: Floats,
    size: int,
    periods: int,
) -> _Side:
    block = np.append(np.arange(0, size, periods), size)
    order = np.argsort(to, kind="stable")
    return _Side(
        block.astype(np.int32),
        np.searchsorted(to[order], block).astype(np.int32),
        to[order].astype(np.int32),
        source[order].astype(np.int32),
        count[order].astype(np.int32),
        value[order].astype(np.float32),
    )


@_compiled
def _over_columns(
    block: Numbers,
    first: Numbers,
    to: Numbers,
    source: Numbers,
    count: Numbers,
    value: Single,
    cost: Single,
    most: Single,
    step: Single,
    scale: np.float32,
    y: Single,
    x: Single,
    anchor: Single,
    mirrored: Single,
    share_new: np.float32,
    share_old: np.float32,
    share_anchor: np.float32,
) -> float:
    """Move x in place, put 2 x' - x into `mirrored`, give the squared length of the move."""
    zero = np.float32(0.0)
    total = 0.0
    for b in range(len(block) - 1):
        start, end = block[b], block[b + 1]
        gradient, price = mirrored[start:end], cost[start:end]
        for i in range(end - start):
            gradient[i] = price[i]
        for e in range(first[b], first[b + 1]):
            band = mirrored[to[e] : to[e] + count[e]]
            prices = y[source[e] : source[e] + count[e]]
            number = value[e]
            for i in range(count[e]):
                band[i] -= number * prices[i]
        place, home = x[start:end], anchor[start:end]
        steps, limit = step[start:end], most[start:end]
        length = zero
        for i in range(end - start):
            old = place[i]
            by = scale * steps[i]
            new = old - by * gradient[i]
            new = max(zero, new)
            new = min(limit[i], new)
            move = new - old
            length += move * move / by
            gradient[i] = new + move
            place[i] = share_new * (new + move) + share_old * old + share_anchor * home[i]
        total += float(length)
    return total


@_compiled
def _over_rows(
    block: Numbers,
    first: Numbers,
    to: Numbers,
    source: Numbers,
    count: Numbers,
    value: Single,
    lower: Single,
    upper: Single,
    step: Single,
    scale: np.float32,
    mirrored: Single,
    y: Single,
    anchor: Single,
    carried: Single,
    carried_anchor: Single,
    work: Single,
    share_new: np.float32,
    share_old: np.float32,
    share_anchor: np.float32,
) -> tuple[float, float]:
    """Move y in place, and what rows carry with it; give its squared length and the cross term."""
    zero, half = np.float32(0.0), np.float32(0.5)
    total = crossed = 0.0
    for b in range(len(block) - 1):
        start, end = block[b], block[b + 1]
        ahead = work[start:end]
        for i in range(end - start):
            ahead[i] = zero
        for e in range(first[b], first[b + 1]):
            band = work[to[e] : to[e] + count[e]]
            amounts = mirrored[source[e] : source[e] + count[e]]
            number = value[e]
            for i in range(count[e]):
                band[i] += number * amounts[i]
        place, home, steps = y[start:end], anchor[start:end], step[start:end]
        least, limit = lower[start:end], upper[start:end]
        now, then = carried[start:end], carried_anchor[start:end]
        length, cross = zero, zero
        for i in range(end - start):
            old = place[i]
            by = scale * steps[i]
            wanted = ahead[i] - old / by
            kept = max(least[i], wanted)
            kept = min(limit[i], kept)
            new = by * (kept - wanted)
            move = new - old
            length += move * move / by
            cross += move * (ahead[i] - now[i]) * half
            place[i] = share_new * (new + move) + share_old * old + share_anchor * home[i]
            now[i] = share_new * ahead[i] + share_old * now[i] + share_anchor * then[i]
        total += float(length)
        crossed += float(cross)
    return total, crossed
