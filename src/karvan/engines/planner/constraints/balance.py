r"""Conservation: what comes to a node leaves it, is used there, or waits.

For each node n, commodity k and period t that anything touches::

    sum over arcs into n and periods s   kept[a, k] x share[a, s, t] x out[a, k, s]
  - sum over arcs out of n flow[a, k, t]
  + stock[n, k, t - 1] - stock[n, k, t]
  + sum arriving[t] + waiting[t - 1] - waiting[t]  of what was under way at the start
  + sum supply[t] - shut_in[t]  =  sum demand[t] - unserved[t]

with `stock[n, k, -1]` the stock before the first period, `kept` one less the share that is lost on
the way, `share[a, s, t]` what of a departure in period s arrives in period t (see `transit`), and
`out` what goes in, `flow`, but for what stays in a line to fill it::

    out[a, k, t] = flow[a, k, t] - fill[a, k, t] + fill[a, k, t - 1]

The shadow price is what one more unit
asked for at the node would cost.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner import transit
from karvan.engines.planner.layout import Columns, over_periods
from karvan.engines.planner.problem import Floats, Indices, PlanningProblem
from karvan.engines.planner.rows import Rows, joined

FAMILY = "balance"


def rows(problem: PlanningProblem, columns: Columns) -> Rows:
    """One row a node, commodity and period."""
    arcs, permissions, stocks = problem.arcs, problem.permissions, problem.stocks
    supplies, demands, periods = problem.supplies, problem.demands, problem.periods
    kinds, fills, under_way = len(problem.commodity_ids), problem.line_fills, problem.under_way
    ends = {
        "tail": arcs.tail[permissions.arc] * kinds + permissions.commodity,
        "head": arcs.head[permissions.arc] * kinds + permissions.commodity,
        "stock": stocks.node * kinds + stocks.commodity,
        "supply": supplies.node * kinds + supplies.commodity,
        "demand": demands.node * kinds + demands.commodity,
    }
    keys = np.unique(np.concatenate(list(ends.values())))
    at = {name: np.searchsorted(keys, key) for name, key in ends.items()}
    parts = [
        (over_periods(at["tail"], periods), _block(0, len(permissions.arc), periods), _MINUS),
        _arriving(at["head"], problem),
        *_filling(at["head"], problem, columns),
        *_held(at["stock"], columns.stock, periods),
        *_held(at["head"][under_way.permission], columns.waiting, periods),
        (
            over_periods(at["supply"], periods),
            _block(columns.shut_in, len(supplies.node), periods),
            _MINUS,
        ),
        (
            over_periods(at["demand"], periods),
            _block(columns.unserved, len(demands.node), periods),
            _PLUS,
        ),
    ]
    row, column, value = joined(parts)
    asked = np.zeros((len(keys), periods))
    if len(demands.node):
        np.add.at(asked, at["demand"], demands.amount)
    if len(supplies.node):
        np.subtract.at(asked, at["supply"], supplies.amount)
    np.subtract.at(asked[:, 0], at["stock"], stocks.initial)
    if len(under_way.permission):
        np.subtract.at(asked, at["head"][under_way.permission], under_way.amount)
    before = permissions.kept[fills.permission] * fills.initial
    np.subtract.at(asked[:, 0], at["head"][fills.permission], before)
    named = [divmod(int(key), kinds) for key in keys]
    return Rows(
        family=FAMILY,
        assets=tuple(f"{problem.node_ids[n]} {problem.commodity_ids[k]}" for n, k in named),
        units=tuple(problem.commodity_units[k] for _, k in named),
        row=row,
        column=column,
        value=value,
        lower=asked.ravel(),
        upper=asked.ravel(),
    )


_PLUS: Floats = np.ones(1)
_MINUS: Floats = -_PLUS


def _block(first: int, items: int, periods: int) -> Indices:
    """Columns (items, T) of a block."""
    return first + np.arange(items * periods).reshape(items, periods)


def _arriving(head: Indices, problem: PlanningProblem) -> tuple[Indices, Indices, Floats]:
    """What comes out of each way, in the periods in which it does."""
    found, periods = transit.of(problem), problem.periods
    inside = found.arrives < periods
    item = found.item[inside]
    row = head[item] * periods + found.arrives[inside]
    column = item * periods + found.departs[inside]
    return row, column, problem.permissions.kept[item] * found.share[inside]


def _filling(
    head: Indices, problem: PlanningProblem, columns: Columns
) -> list[tuple[Indices, Indices, Floats]]:
    """What stays in a line does not come out of it."""
    of = problem.line_fills.permission
    row = over_periods(head[of], columns.periods)
    column = _block(columns.fill, len(of), columns.periods)
    kept = problem.permissions.kept[of, None]
    return [(row, column, -kept), (row[:, 1:], column[:, :-1], kept)]


def _held(at: Indices, first: int, periods: int) -> list[tuple[Indices, Indices, Floats]]:
    """What waits from one period to the next, in columns from `first` on."""
    row, column = over_periods(at, periods), _block(first, len(at), periods)
    return [(row, column, _MINUS), (row[:, 1:], column[:, :-1], _PLUS)]
