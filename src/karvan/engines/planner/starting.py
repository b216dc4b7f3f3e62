"""A start for the simplex: each period planned by itself, one after the other.

Columns and rows belong to periods; what spans several belongs to the last of them. A column of one
period has entries in the rows of its own and later periods alone, so the matrix is block lower
triangular, and the bases of the periods put together are a basis of the whole. The plan that goes
with it looks no further than its period: it lacks what waiting would have saved, and little else.
The primal simplex goes on from there in a fraction of the work of a solve from nothing.

Where goods travel, what a period leaves under way is charged as it is at the end, and what arrives
where the next period has no use for it is let go, at a great price; a limit that was broken so is
left open in the basis, and the simplex mends it. So is one over several periods that those before
the last have used up.

A stock that is worth something at the end is worth as much at the end of each period. Without that
the periods would not agree on the price of what can wait, and the simplex would move them all.

It is a start and claims nothing: the answer is proven by its own prices as any other.
"""

from __future__ import annotations

from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, hstack

from karvan.engines.planner import transit
from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats, Indices
from karvan.engines.planner.solving import Answer, SolverOptions, hand_over, pass_model, run

Booleans = NDArray[np.bool_]

_BASIC: Final = highspy.HighsBasisStatus.kBasic
#: Simplex strategies of HiGHS.
_DUAL: Final = 1
_PRIMAL: Final = 4
#: Price of letting go, over the greatest cost.
_DEAR: Final = 10.0


def solve_by_periods(
    model: Model, options: SolverOptions
) -> tuple[Answer, highspy.Highs, highspy.HighsBasis]:
    """Solve a model with the simplex from such a start, or from nothing where there is none.

    Gives the solver and its basis too.

    Raises
    ------
    LimitReached
        The time limit came first.
    EngineError
        HiGHS ended in another way.
    """
    highs = begun(model, options, strategy=_PRIMAL)
    answer = run(highs, model, options)
    return answer, highs, highs.getBasis()


def begun(model: Model, options: SolverOptions, *, strategy: int = _DUAL) -> highspy.Highs:
    """Hand a model over with such a start, or bare where there is none.

    Where it is only what waits that ties the periods together, the dual simplex needs the least.
    """
    highs = hand_over(model, options)
    start = basis_by_periods(model, options)
    if start is not None:
        for name, value in (("presolve", "off"), ("simplex_strategy", strategy)):
            highs.setOptionValue(name, value)
        highs.setBasis(start)
    return highs


def is_tied(model: Model) -> bool:
    """Whether what waits for a later period is worth something, which ties the periods together."""
    return model.columns.periods > 1 and bool((model.problem.stocks.worth_at_end > 0).any())


def basis_by_periods(model: Model, options: SolverOptions) -> highspy.HighsBasis | None:
    """Put the bases of the periods together.

    None with a single period, and where a period cannot be planned after those before it, which
    limits over several periods may bring about.
    """
    periods = model.columns.periods
    if periods == 1:
        return None
    row_period, column_period = periods_of(model)
    by_column: csc_array = model.matrix.tocsc()
    carried = np.zeros(model.matrix.shape[0])
    cost, broken = _charged(model), _may_break(model)
    rows = np.full(model.matrix.shape[0], _BASIC, object)
    columns = np.full(model.matrix.shape[1], highspy.HighsBasisStatus.kLower, object)
    before: highspy.HighsBasis | None = None
    shape = (0, 0)
    for period in range(periods):
        inside = np.flatnonzero(column_period == period)
        limits = np.flatnonzero(row_period == period)
        block = by_column[:, inside]
        freed = np.flatnonzero(broken[limits])
        highs = _block(model, options, block, cost[inside], inside, limits, carried[limits], freed)
        if before is not None and shape == (len(inside), len(limits)):
            highs.setBasis(before)
        shape = (len(inside), len(limits))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        before = highs.getBasis()
        carried += block @ np.asarray(highs.getSolution().col_value)[: len(inside)]
        columns[inside] = before.col_status[: len(inside)]
        rows[limits] = before.row_status
        let_go = np.array([each == _BASIC for each in before.col_status[len(inside) :]], bool)
        rows[limits[freed[let_go]]] = _BASIC
    found = highspy.HighsBasis()
    found.col_status, found.row_status = columns.tolist(), rows.tolist()
    found.valid, found.alien = True, False
    return found


def periods_of(model: Model) -> tuple[Indices, Indices]:
    """Number of the period of each row and column; those over several belong to the last."""
    periods, columns = model.columns.periods, model.columns
    column = np.full(columns.count, periods - 1)
    column[: columns.short] = np.arange(columns.short) % periods
    column[columns.waiting :] = np.arange(columns.count - columns.waiting) % periods
    row = np.concatenate(
        [
            np.arange(len(family.lower)) % periods
            if family.by_period
            else np.full(len(family.lower), periods - 1)
            for family in model.families
        ]
    )
    return row, column


def _charged(model: Model) -> Floats:
    """Costs (columns,) with what each period leaves charged as if it were the last.

    That is what is under way, and stocks that are worth something.
    """
    problem, columns = model.problem, model.columns
    permissions, found = problem.permissions, transit.of(problem)
    tied = is_tied(model)
    if not (permissions.at_end.any() or tied):
        return model.cost
    later = (found.arrives > found.departs) & (found.arrives < problem.periods)
    item = found.item[later]
    cost = model.cost.copy()
    charged = (permissions.at_end * permissions.kept)[item] * found.share[later]
    np.add.at(cost, item * problem.periods + found.departs[later], charged)
    if tied:
        held = cost[columns.stock : columns.shut_in].reshape(-1, columns.periods)
        held[:, :-1] -= np.maximum(0.0, problem.stocks.worth_at_end)[:, None]
    return cost


def _may_break(model: Model) -> Booleans:
    """Rows that a plan made period by period may break.

    Where goods travel, balances: they arrive when nobody asks for them. Where what waits ties the
    periods together, limits over several of them: the first ones take all.
    """
    found = np.zeros(model.matrix.shape[0], bool)
    if model.problem.arcs.travel_d.any():
        found[: model.first_row[1]] = True
    if is_tied(model):
        found |= np.concatenate(
            [np.full(len(family.lower), not family.by_period) for family in model.families]
        )
    return found


def _block(
    model: Model,
    options: SolverOptions,
    block: csc_array,
    cost: Floats,
    inside: Indices,
    limits: Indices,
    carried: Floats,
    freed: Indices,
) -> highspy.Highs:
    """One period, with what those before it have left in its rows.

    Of the rows at the positions `freed` more than is asked for may be let go, in columns after the
    others.
    """
    count = len(freed)
    let_go = csc_array((-np.ones(count), (freed, np.arange(count))), shape=(len(limits), count))
    dear = _DEAR * max(1.0, float(np.abs(model.cost).max(initial=0.0)))
    highs = pass_model(
        hstack([block.tocsr()[limits], let_go], format="csr"),
        options,
        cost=np.concatenate([cost, np.full(count, dear)]),
        most=np.concatenate([model.most[inside], np.full(count, np.inf)]),
        lower=model.row_lower[limits] - carried,
        upper=model.row_upper[limits] - carried,
    )
    highs.setOptionValue("time_limit", options.time_limit_s)
    return highs
