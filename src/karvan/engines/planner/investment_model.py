"""The choice of projects as one model: the columns of a plan, then one for each start.

HiGHS solves it by branch and bound, on one thread and with a seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, coo_array, csr_array

from karvan.domain.errors import EngineError, LimitReached
from karvan.engines.planner.constraints import project_choice, tank_room
from karvan.engines.planner.filling import Filling
from karvan.engines.planner.layout import period_of
from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.projects import InvestmentProblem, Starts
from karvan.engines.planner.rows import joined
from karvan.engines.planner.solving import SolverOptions

#: Gap, over the whole cost, to which a choice is proven, and to which a plan must be.
GAP = 1e-9


def discounted(model: Model, filling: Filling) -> Model:
    """The model with the cost of each period at its weight, less what comes back out of lines."""
    weight = filling.asked.horizon.weight[period_of(model.problem, model.columns)]
    return replace(model, cost=model.cost * weight - filling.brought_back(model.columns))


def with_starts(model: Model, filling: Filling, starts: Starts) -> Model:
    """Give the model with a column for each start after its own, and the rows of the choices.

    Raises
    ------
    InvalidInput
        A project widens what nothing limits, or in another unit.
    """
    asked, count, more = filling.asked, model.columns.count, len(starts.project)
    wider = project_choice.widening(model, asked, starts)
    row, column, value = joined([wider, project_choice.filled(model, filling, starts)])
    shape = (model.matrix.shape[0], more)
    wide = coo_array((value, (row, column - count)), shape=shape)
    families = [project_choice.stock_room(model, asked, starts)]
    families += project_choice.rows(asked, starts, count)
    below = [
        coo_array((each.value, (each.row, each.column)), shape=(len(each.lower), count + more))
        for each in families
    ]
    above = block_array([[model.matrix, wide]])
    matrix = csr_array(block_array([[above], *([each] for each in below if each.shape[0])]))
    first = np.cumsum([model.matrix.shape[0], *(len(each.lower) for each in families)])
    return replace(
        model,
        families=(*model.families, *families),
        first_row=(*model.first_row, *first[:-1].tolist()),
        matrix=matrix,
        row_lower=np.concatenate([model.row_lower, *(each.lower for each in families)]),
        row_upper=np.concatenate([model.row_upper, *(each.upper for each in families)]),
        cost=np.concatenate([model.cost, starts.price]),
        most=np.concatenate(
            [_roomier(model, asked), asked.projects.most[starts.project].astype(np.float64)]
        ),
    )


def _roomier(model: Model, asked: InvestmentProblem) -> Floats:
    """Bounds of the columns, open for stocks whose tank is widened: rows of their own bind them."""
    most, adds = model.most.copy(), asked.projects.adds
    widened_ones = {
        asset
        for family, asset in zip(adds.family, adds.asset, strict=True)
        if family == tank_room.FAMILY
    }
    stocks, tanks = asked.problem.stocks, asked.problem.tanks
    for s, g in enumerate(stocks.tank.tolist()):
        if g >= 0 and tanks.ids[g] in widened_ones:
            start = model.columns.stock + s * model.columns.periods
            most[start : start + model.columns.periods] = np.inf
    return most


def within(model: Model, budget: float) -> Model:
    """Give the model with another budget over all steps."""
    upper = model.row_upper.copy()
    family = next(
        f for f, each in enumerate(model.families) if each.family == project_choice.BUDGET
    )
    upper[model.first_row[family]] = budget
    return replace(model, row_upper=upper)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What branch and bound came to; `bound` is below what any choice costs."""

    values: Floats
    objective: float
    bound: float
    proven: bool
    nodes: int
    solver: str


def run_whole(highs: highspy.Highs, options: SolverOptions) -> Found:
    """Solve what HiGHS holds over whole numbers.

    Raises
    ------
    LimitReached
        The time limit came before any choice.
    EngineError
        HiGHS ended in another way.
    """
    for name, value in (
        ("mip_rel_gap", GAP),
        ("mip_abs_gap", 0.0),
        ("mip_feasibility_tolerance", options.tolerance),
        ("time_limit", options.time_limit_s),
    ):
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise EngineError("the solver refuses an option", option=name, value=value)
    highs.run()
    status, info = highs.getModelStatus(), highs.getInfo()
    stopped = status == highspy.HighsModelStatus.kTimeLimit
    usable = int(info.primal_solution_status) == int(highspy.SolutionStatus.kSolutionStatusFeasible)
    if stopped and not usable:
        raise LimitReached(
            "the solver came to its time limit before any choice of projects",
            time_limit_s=options.time_limit_s,
            lower_bound=float(info.mip_dual_bound),
            gap=1.0,
        )
    if not stopped and status != highspy.HighsModelStatus.kOptimal:
        raise EngineError("the solver gave no answer", status=highs.modelStatusToString(status))
    values: NDArray[np.float64] = np.asarray(highs.getSolution().col_value, np.float64)
    return Found(
        values=values,
        objective=float(info.objective_function_value),
        bound=float(info.mip_dual_bound),
        proven=not stopped,
        nodes=int(info.mip_node_count),
        solver=f"HiGHS {highs.version()}",
    )
