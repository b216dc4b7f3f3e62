r"""Prices at the nodes, moved where an answer leaves them free until few ways look cheap.

An answer fixes the price at a node only as far as goods move there. Where nothing moves, any of a
range of prices proves the same cost for what the answer was asked about, and a way that it was
not asked about may look cheap for no reason. The prices of all limits are kept as they are; then

- nodes between which something moves (more than nothing, less than the most) move together: they
  are one *island*, and those where something is shut in, missing or wasted in part are the ground;
- a way from island i to island j that carries nothing may not look cheap:
  `shift[j] <= shift[i] + d` with d its reduced cost; one that carries its most, the other way
  round.

That is a system of differences, as in the shortest-path problem: shifts are lowered until all ways
hold but those to the ground, then raised for these. A ring of ways that is cheaper than nothing can
never hold: then the ways the answer knows are made to hold and the others are left looking cheap,
which they are.

Prices at both ends of a way on which something is lost do not move alike, so nodes that such a way
touches are ground too: their prices stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats, Indices

Flags = NDArray[np.bool_]

#: An amount up to this share of the most that a node makes or asks for counts as nothing.
NOTHING: Final = 1e-6
#: Times a shift may change before a ring is taken for cheaper than nothing.
_CHANGES: Final = 30
_MANY_CHANGES: Final = 1_000

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def _compiled(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    return cast("Callable[Parameters, Result]", njit(cache=True, nogil=True)(function))


@dataclass(frozen=True, slots=True)
class Ways:
    """Row of balance that each column takes from and gives to, the number of rows for none.

    `leaky` are the rows that a column touches of which not all comes out.
    """

    tail: Indices
    head: Indices
    nodes: int
    leaky: Indices

    @classmethod
    def of(cls, model: Model) -> Ways:
        """Read them from the rows of balance, the first family."""
        nodes = model.first_row[1]
        entries = model.matrix[:nodes].tocoo()
        tail, head = (np.full(model.columns.count, nodes, np.int64) for _ in range(2))
        gives, takes = entries.data > 0, entries.data < 0
        head[entries.col[gives]] = entries.row[gives]
        tail[entries.col[takes]] = entries.row[takes]
        lossy = np.unique(entries.col[np.abs(entries.data) != 1.0])
        leaky = np.unique(entries.row[np.isin(entries.col, lossy)]).astype(np.int64)
        return cls(tail, head, nodes, leaky)


def settled(
    model: Model, ways: Ways, values: Floats, row_prices: Floats, wanted: Floats, known: Flags
) -> Floats:
    """Give row prices (rows,) that differ from those of the answer at the nodes alone.

    Parameters
    ----------
    values, row_prices
        The answer, (columns,) and (rows,).
    wanted
        (rows,) prices to stay near to, where there is a choice.
    known
        (columns,) whether the answer was asked about it.
    """
    nodes, tail, head = ways.nodes, ways.tail, ways.head
    at_nodes = (tail < nodes) | (head < nodes)
    nothing = NOTHING * max(1.0, float(np.abs(model.row_upper[:nodes]).max(initial=0.0)))
    moves = at_nodes & (values > nothing) & (values < model.most - nothing)
    ends = (
        np.concatenate([head[moves], ways.leaky]),
        np.concatenate([tail[moves], np.full(len(ways.leaky), nodes)]),
    )
    joined = coo_array(
        (np.ones(len(ends[0]), np.int8), ends),
        shape=(nodes + 1, nodes + 1),
    )
    count, island = connected_components(joined, directed=False)
    reduced = model.cost - model.matrix.T @ row_prices
    rest = at_nodes & ~moves & (model.most > 2 * nothing)
    empty, full = rest & (values <= nothing), rest & (values > nothing)
    start = island[np.concatenate([tail[empty], head[full]])]
    end = island[np.concatenate([head[empty], tail[full]])]
    slack = np.concatenate([reduced[empty], -reduced[full]])
    known = np.concatenate([known[empty], known[full]])
    between = start != end
    start, end, slack, known = (each[between] for each in (start, end, slack, known))
    ground = int(island[nodes])
    inside = island[:nodes]
    away = np.bincount(inside, (wanted - row_prices)[:nodes], minlength=count)
    shift: Floats = away / np.maximum(1, np.bincount(inside, minlength=count))
    shift[ground] = 0.0
    shift = _held(start, end, slack, shift, ground, _CHANGES)
    if (known & (slack + shift[start] - shift[end] < -_SMALL)).any():
        shift = _held(start[known], end[known], slack[known], shift, ground, _MANY_CHANGES)
    moved = row_prices.copy()
    moved[:nodes] += shift[inside]
    return moved


_SMALL: Final = 1e-9


def _held(
    start: Indices, end: Indices, slack: Floats, shift: Floats, ground: int, changes: int
) -> Floats:
    """Lower shifts until ways hold, then raise those from which a way leads to the ground."""
    lowered = _lowered(start, end, slack, shift, ground, changes)
    return -_lowered(end, start, slack, -lowered, ground, changes)


def _lowered(
    start: Indices, end: Indices, slack: Floats, shift: Floats, ground: int, changes: int
) -> Floats:
    order = np.argsort(start, kind="stable")
    first = np.searchsorted(start[order], np.arange(len(shift) + 1))
    found = shift.copy()
    _lower(first, end[order].astype(np.int64), slack[order], found, ground, changes)
    return found


@_compiled
def _lower(
    first: Indices, end: Indices, slack: Floats, shift: Floats, ground: int, changes: int
) -> None:
    """Lower shifts in place: label-correcting with a queue, each label at most `changes` times."""
    count = len(shift)
    queue = np.arange(count)
    waiting = np.ones(count, np.bool_)
    changed = np.zeros(count, np.int64)
    take, size = 0, count
    while size > 0:
        i = queue[take]
        take = (take + 1) % count
        size -= 1
        waiting[i] = False
        for e in range(first[i], first[i + 1]):
            j = end[e]
            lower = shift[i] + slack[e]
            if j == ground or lower >= shift[j] - 1e-9 or changed[j] >= changes:
                continue
            shift[j] = lower
            changed[j] += 1
            if not waiting[j]:
                waiting[j] = True
                queue[(take + size) % count] = j
                size += 1
