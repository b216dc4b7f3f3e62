r"""A large plan solved by parts of its columns, and proven on all of them.

Of the ways that could carry something in some period few do: one in twenty in the benchmark. The
interior method is asked about those alone that look cheap, and answers many times sooner.

1. `first_order` guesses the prices of all rows. Columns with the least reduced costs are *known*.
2. The interior method solves the plan of the known columns. The price of every shared limit stays
   within a *width* of the guess: beyond it more of the limit can be bought, or given back. Without
   that, columns that are not asked about would leave these prices free.
3. `potentials` moves the prices at the nodes, where the answer leaves them free, so that few
   columns look cheap for no reason. A way that still does pays with the price of its own capacity,
   which makes the bound hold for all columns.
4. If the certificate of plan and prices holds, for the whole problem, the plan is taken. Otherwise
   columns that look cheap become known, the width doubles, and it goes on from 2.

Whatever fails ends in the interior method on the whole problem. Nothing here is believed: the
certificate does not know where the prices come from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, hstack

from karvan.engines.planner.certificate import Certificate, certify
from karvan.engines.planner.first_order import Estimate, estimate
from karvan.engines.planner.model import Model
from karvan.engines.planner.potentials import Flags, Ways, settled
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.solving import Answer, SolverOptions, limit_reached, pass_model, solve

#: Columns known at first, over the number of rows. Measured, see docs/explanation/speed.md.
KNOWN_SHARE: Final = 0.6
#: Rounds before the whole problem is solved; the benchmark needs three or four.
ROUNDS: Final = 12
#: To what it must be proven: half of what a plan is asked for.
CLOSE: Final = 5e-7

#: To what HiGHS proves a part, at most.
_CLOSEST: Final = 1e-8

#: Width over the largest reduced cost of a column known at first.
_WIDTH: Final = 5.0
#: Width over that of a start from nothing: where limits are others, prices are too.
_WIDER: Final = 10.0
#: How many times further prices may move after each part of such a start.
_WIDENING: Final = 8.0
#: Share of the largest reduced cost of a column known at first below which others join later.
_NEAR: Final = 0.3
#: Steps of a walk that looks ahead.
_STEPS_AHEAD: Final = 300
#: Least width, and the reduced cost that counts as cheap, over the greatest cost.
_LEAST_WIDTH: Final = 5e-4
_CHEAP: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Where sifting begins.

    Attributes
    ----------
    row_prices
        (rows,) a guess.
    known
        (columns,) those asked about first.
    width, widening
        How far from the guess the price of a shared limit may be, and how many times further after
        each part.
    rounds
        Parts to solve at most.
    close
        Gap, over the cost, to which it must be proven.
    near
        A column joins the part when its reduced cost is below this.
    never
        (columns,) those that can carry nothing: no part asks about them.
    weight
        Of the walk that made the guess, see `first_order`.
    """

    row_prices: Floats
    known: Flags
    width: float
    rounds: int
    close: float = CLOSE
    near: float = 0.0
    widening: float = 2.0
    never: Flags | None = None
    weight: float = 0.0


def sift(model: Model, options: SolverOptions) -> Answer:
    """Solve a model by parts of its columns.

    The time limit counts what HiGHS takes; the guess before it takes a fraction of that.

    Raises
    ------
    LimitReached
        The time limit came first.
    EngineError
        HiGHS refuses a model or an option, or fails on the whole problem.
    """
    found, left_s = sifted(model, options, begin(model))
    if found is not None:
        return found
    return solve(model, replace(options, method="interior", time_limit_s=left_s))


def begin(model: Model) -> Begin:
    """Begin from nothing: a guess, and what looks cheap by it."""
    guess = estimate(model)
    prices = priced_in(model, guess.row_prices)
    known, width = _first_known(model, prices)
    return Begin(row_prices=prices, known=known, width=width, rounds=ROUNDS, weight=guess.weight)


def eager(start: Begin, *, close: float) -> Begin:
    """Let prices move further and more columns join: fewer parts, for a closer proof."""
    return replace(
        start,
        close=close,
        near=_NEAR * start.width / _WIDTH,
        width=_WIDER * start.width,
        widening=_WIDENING,
    )


def begin_at(base: Model, found: Answer, weight: float, *, close: float) -> Begin:
    """Begin where a model ended: for models that differ from it in limits alone."""
    known, width = _first_known(base, found.row_prices)
    return Begin(
        row_prices=found.row_prices,
        known=known | (found.values > 0.0),
        width=_WIDER * width,
        rounds=ROUNDS,
        close=close,
        near=_NEAR * width / _WIDTH,
        weight=weight,
    )


def ahead(changed: Model, start: Begin, values: Floats, never: Flags) -> Begin:
    """Look where the prices of a changed model go from a start, by some steps of a walk.

    What looks cheap there is known from the first part on.

    Parameters
    ----------
    values
        (columns,) the plan that belongs to the start.
    never
        (columns,) those that can carry nothing in the changed model.
    """
    near = Estimate(
        values=np.where(never, 0.0, values),
        row_prices=start.row_prices,
        steps=0,
        weight=start.weight,
    )
    guess = estimate(changed, most_steps=_STEPS_AHEAD, near=near)
    reduced = changed.cost - changed.matrix.T @ guess.row_prices
    return replace(start, known=start.known | (reduced < start.near / _NEAR), never=never)


def sifted(model: Model, options: SolverOptions, start: Begin) -> tuple[Answer | None, float]:
    """Solve parts until one proves the whole; None where none does, and the seconds left.

    Raises
    ------
    LimitReached
        The time limit came first.
    EngineError
        HiGHS refuses a model or an option.
    """
    ways, scale = Ways.of(model), _scale(model)
    prices, known, width = start.row_prices, start.known, start.width
    left_s, iterations = options.time_limit_s, 0
    for _ in range(start.rounds):
        if start.never is not None:
            known = known & ~start.never
        asked = replace(options, time_limit_s=left_s, tolerance=min(options.tolerance, start.close))
        part = _solve_part(model, known, prices, width, asked)
        left_s, iterations = left_s - part.took_s, iterations + part.iterations
        if left_s <= 0 or part.status == highspy.HighsModelStatus.kTimeLimit:
            raise limit_reached(model, priced_in(model, prices), options)
        if part.status not in _USABLE:
            break
        prices = settled(model, ways, part.values, part.row_prices, prices, known)
        proven = priced_in(model, prices)
        if _close(certify(model, part.values, proven), start.close):
            values = _without_dust(model, part.values, proven, start.close)
            return Answer(
                values=values,
                row_prices=proven,
                reduced_costs=model.cost - model.matrix.T @ proven,
                objective=float(model.cost @ values),
                iterations=iterations,
                ran="sifting",
                solver=part.solver,
            ), left_s
        known = known | (model.cost - model.matrix.T @ prices < start.near - _CHEAP * scale)
        width *= start.widening
    return None, left_s


def _scale(model: Model) -> float:
    return max(1.0, float(np.abs(model.cost).max(initial=0.0)))


#: HiGHS says `unknown` when its own tolerances are missed by a little; the certificate decides.
_USABLE: Final = frozenset({highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnknown})


def _close(certificate: Certificate, gap: float) -> bool:
    return certificate.holds(limits=CLOSE, prices=CLOSE, gap=gap)


def _without_dust(model: Model, values: Floats, row_prices: Floats, gap: float) -> Floats:
    """Leave out the little that the interior method leaves everywhere, if the proof holds then."""
    for least in (1e-5, 1e-6, 1e-7):
        clean = np.where(values < least, 0.0, values)
        if _close(certify(model, clean, row_prices), gap):
            return clean
    return values


def priced_in(model: Model, row_prices: Floats) -> Floats:
    """Give prices at which no way with a capacity looks cheap: its capacity costs the rest.

    A reduced cost below 0 on a column without a limit proves no bound at all. Where the arc has a
    capacity, its price takes what is missing; lower prices there are always allowed.
    """
    family = 1
    first = model.first_row[family]
    rows = slice(first, first + len(model.families[family].lower))
    entries = model.matrix[rows].tocoo()
    takes = entries.data > 0
    reduced = model.cost - model.matrix.T @ row_prices
    missing = np.zeros(rows.stop - rows.start)
    np.maximum.at(missing, entries.row[takes], -reduced[entries.col[takes]] / entries.data[takes])
    found = row_prices.copy()
    found[rows] = np.minimum(0.0, found[rows] - missing)
    return found


def _first_known(model: Model, prices: Floats) -> tuple[Flags, float]:
    """Columns to begin with: what doing nothing needs, and the cheapest; and the width."""
    columns = model.columns
    known = np.zeros(columns.count, np.bool_)
    known[columns.shut_in :] = True
    full = np.repeat(model.problem.stocks.initial > 0, columns.periods)
    known[columns.stock : columns.shut_in] = full
    reduced = (model.cost - model.matrix.T @ prices)[: columns.shut_in]
    count = min(len(reduced), int(KNOWN_SHARE * len(prices))) - 1
    limit = float(np.partition(reduced, count)[count]) if count >= 0 else 0.0
    known[: columns.shut_in] |= reduced <= limit
    return known, _WIDTH * max(limit, _LEAST_WIDTH * _scale(model) / _WIDTH)


@dataclass(frozen=True, slots=True)
class _Part:
    """Answer (columns,), (rows,) to a part of the columns."""

    values: Floats
    row_prices: Floats
    status: highspy.HighsModelStatus
    iterations: int
    took_s: float
    solver: str


def _solve_part(
    model: Model, known: Flags, prices: Floats, width: float, options: SolverOptions
) -> _Part:
    """Ask the interior method about known columns, prices of shared limits within a width."""
    columns = np.flatnonzero(known)
    matrix = model.matrix[:, columns]
    touched = np.diff(matrix.indptr) > 0
    rows = np.flatnonzero(touched)
    bought, buying, buying_cost = _bought(model, rows, prices, width)
    highs = pass_model(
        hstack([matrix[rows], bought], format="csr"),
        replace(options, method="interior", crossover=False),
        cost=np.concatenate([model.cost[columns], buying_cost]),
        most=np.concatenate([model.most[columns], np.full(buying, np.inf)]),
        lower=model.row_lower[rows],
        upper=model.row_upper[rows],
    )
    highs.setOptionValue("time_limit", options.time_limit_s)
    highs.setOptionValue("ipm_optimality_tolerance", min(_CLOSEST, options.tolerance / 10))
    highs.run()
    found, info = highs.getSolution(), highs.getInfo()
    values, row_prices = np.zeros(len(known)), np.zeros(len(prices))
    row_prices[: model.first_row[1]] = prices[: model.first_row[1]]
    if len(found.col_value) == len(columns) + buying:
        amounts = np.asarray(found.col_value, np.float64)[: len(columns)]
        values[columns] = np.clip(amounts, 0.0, model.most[columns])
        row_prices[rows] = np.asarray(found.row_dual, np.float64)
    return _Part(
        values=values,
        row_prices=row_prices,
        status=highs.getModelStatus(),
        iterations=int(info.ipm_iteration_count) + int(info.simplex_iteration_count),
        took_s=highs.getRunTime(),
        solver=f"HiGHS {highs.version()}",
    )


def _bought(
    model: Model, rows: NDArray[np.int64], prices: Floats, width: float
) -> tuple[coo_array, int, Floats]:
    """Columns that buy or give back some of a limit: matrix (rows, n), n, and cost (n,).

    A price between -inf and 0, or 0 and inf, needs no column at the side of 0.
    """
    shared = np.flatnonzero(rows >= model.first_row[1])
    price, row = prices[rows[shared]], rows[shared]
    no_least, no_most = np.isneginf(model.row_lower[row]), np.isposinf(model.row_upper[row])
    most, least = price + width, price - width
    from_above = ~no_most & ~(no_least & (most >= 0.0))
    from_above |= no_most & ~no_least
    from_below = ~no_least & ~(no_most & (least <= 0.0))
    from_below |= no_least & ~no_most
    row_of = np.concatenate([shared[from_above], shared[from_below]])
    count = len(row_of)
    sign = np.repeat([1.0, -1.0], [int(from_above.sum()), int(from_below.sum())])
    cost = np.concatenate(
        [
            np.where(no_least, np.minimum(most, 0.0), most)[from_above],
            -np.where(no_most, np.maximum(least, 0.0), least)[from_below],
        ]
    )
    matrix = coo_array((sign, (row_of, np.arange(count))), shape=(len(rows), count))
    return matrix, count, cost
