"""HiGHS: one model handed over at once, solved within limits, its status told as ours.

Nothing the solver says is believed here: `verification` looks at every answer again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from karvan.domain.errors import EngineError, InvalidInput, LimitReached
from karvan.engines.planner.certificate import lower_bound
from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats

#: What HiGHS is asked for by `SolverOptions.method`, and its own name of it.
METHODS = {"choose": "simplex", "simplex": "simplex", "interior": "ipx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SolverOptions:
    """How HiGHS is run: one thread and a seed, so that a run can be repeated.

    Attributes
    ----------
    method
        `simplex`, `interior`, `sifting` (see that module; not for what HiGHS is handed whole), or
        `choose`: sifting for a large model that is solved once, otherwise the simplex.
    crossover
        After the interior method go to a vertex; without it the answer has no basis.
    presolve
        Off for a series of cases, whose basis it would drop.
    """

    method: str = "choose"
    time_limit_s: float = 600.0
    seed: int = 0
    crossover: bool = True
    presolve: bool = True
    tolerance: float = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What HiGHS gave back for one model.

    Attributes
    ----------
    values
        (columns,) amounts.
    row_prices, reduced_costs
        (rows,) and (columns,) duals: cost of one more on the right side, and of one more of it.
    ran
        `simplex`, `interior` or `presolve` (which left nothing to do), as the counts of
        iterations say, not as was asked; `sifting` where that was proven.
    """

    values: Floats
    row_prices: Floats
    reduced_costs: Floats
    objective: float
    iterations: int
    ran: str
    solver: str


def hand_over(
    model: Model, options: SolverOptions, *, whole: NDArray[np.int64] | None = None
) -> highspy.Highs:
    """Give HiGHS the whole model in one call.

    Parameters
    ----------
    whole
        Columns that take whole numbers only.

    Raises
    ------
    InvalidInput
        The method is none that HiGHS runs on a whole model.
    EngineError
        HiGHS refuses an option or the model.
    """
    return pass_model(
        model.matrix,
        options,
        cost=model.cost,
        most=model.most,
        lower=model.row_lower,
        upper=model.row_upper,
        whole=whole,
    )


def pass_model(
    matrix: csr_array,
    options: SolverOptions,
    *,
    cost: Floats,
    most: Floats,
    lower: Floats,
    upper: Floats,
    whole: NDArray[np.int64] | None = None,
) -> highspy.Highs:
    """Give HiGHS a matrix (rows, columns) with its limits; the least of each column is 0.

    Raises
    ------
    InvalidInput
        The method is none that HiGHS runs on a whole model.
    EngineError
        HiGHS refuses an option or the model.
    """
    if options.method not in METHODS:
        raise InvalidInput("not a method for a whole model", method=options.method)
    made: Callable[[], highspy.Highs] = highspy.Highs
    highs = made()
    settings: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": options.seed,
        "solver": METHODS[options.method],
        "presolve": "choose" if options.presolve else "off",
        "run_crossover": "on" if options.crossover else "off",
        "primal_feasibility_tolerance": options.tolerance,
        "dual_feasibility_tolerance": options.tolerance,
    }
    for name, value in settings.items():
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise EngineError("the solver refuses an option", option=name, value=value)
    rows, columns = matrix.shape
    kinds = np.zeros(columns, np.int32)
    kinds[whole if whole is not None else []] = int(highspy.HighsVarType.kInteger)
    status = highs.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        cost,
        np.zeros(columns),
        most,
        lower,
        upper,
        matrix.indptr.astype(np.int32, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data,
        kinds,
    )
    if status == highspy.HighsStatus.kError:
        raise EngineError("the solver refuses the model", rows=rows, columns=columns)
    return highs


def solve(model: Model, options: SolverOptions) -> Answer:
    """Solve a model once.

    Raises
    ------
    LimitReached
        The time limit came first; the facts hold the bound reached and the gap to doing
        nothing, as far as HiGHS left one.
    EngineError
        HiGHS ended in another way, or another solver ran than the one asked for.
    """
    return run(hand_over(model, options), model, options)


def run(highs: highspy.Highs, model: Model, options: SolverOptions) -> Answer:
    """Solve what HiGHS holds; as `solve`, which it serves."""
    # HiGHS counts the time of all runs on a model; the limit is for this one.
    highs.setOptionValue("time_limit", highs.getRunTime() + options.time_limit_s)
    highs.run()
    status = highs.getModelStatus()
    found = highs.getSolution()
    row_prices: NDArray[np.float64] = np.asarray(found.row_dual, np.float64)
    if status in {
        highspy.HighsModelStatus.kTimeLimit,
        highspy.HighsModelStatus.kIterationLimit,
    }:
        raise limit_reached(model, row_prices, options)
    if status != highspy.HighsModelStatus.kOptimal:
        raise EngineError("the solver gave no answer", status=highs.modelStatusToString(status))
    info = highs.getInfo()
    interior, simplex = int(info.ipm_iteration_count), int(info.simplex_iteration_count)
    ran = "interior" if interior > 0 else "simplex" if simplex > 0 else "presolve"
    asked = "simplex" if options.method == "choose" else options.method
    if ran not in {asked, "presolve"}:
        raise EngineError("another solver ran than was asked for", asked=asked, ran=ran)
    return Answer(
        values=np.asarray(found.col_value, np.float64),
        row_prices=row_prices,
        reduced_costs=np.asarray(found.col_dual, np.float64),
        objective=float(info.objective_function_value),
        iterations=interior or simplex,
        ran=ran,
        solver=f"HiGHS {highs.version()}",
    )


def limit_reached(model: Model, row_prices: Floats, options: SolverOptions) -> LimitReached:
    """Tell how far it came: a proven lower bound, and what doing nothing would cost."""
    nothing = cost_of_doing_nothing(model)
    usable = row_prices.shape == model.row_lower.shape
    prices = row_prices if usable else np.zeros_like(model.row_lower)
    bound = lower_bound(model, prices)
    gap = (nothing - bound) / max(1.0, abs(nothing))
    return LimitReached(
        "the solver came to its time limit",
        time_limit_s=options.time_limit_s,
        lower_bound=bound,
        cost_of_doing_nothing=nothing,
        gap=gap,
    )


def cost_of_doing_nothing(model: Model) -> float:
    """Cost of the plan that always exists: all shut in, nobody served, what is there waits."""
    columns = model.columns
    values = model.most.copy()
    values[: columns.stock] = 0.0
    stock = np.repeat(model.problem.stocks.initial, columns.periods)
    values[columns.stock : columns.shut_in] = stock
    filled = np.repeat(model.problem.line_fills.initial, columns.periods)
    values[columns.fill : columns.short] = filled
    values[columns.below : columns.fill] = model.problem.minima.least.ravel()
    values[columns.short : columns.waiting] = model.problem.contracts.least
    return float(model.cost @ values)
