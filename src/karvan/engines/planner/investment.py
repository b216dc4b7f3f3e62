"""Which projects to build and when, so that what is saved in operation is worth most.

Minimise over plans x and whole numbers y of starts (`constraints.project_choice`)::

    sum over periods t   weight[t] x operating cost of t      +  sum over starts o   price[o] y[o]

where the weight of a period is how often it comes times the discount factor of its step, and the
price of a start is discounted too. A line that stood empty is filled when its project first works,
and what is in it comes back at the end (`filling`). What doing nothing costs less this least sum is
the **net present value** of the choice: without any project it is 0, so it is never negative.

What HiGHS calls the best choice is not believed. The whole numbers are rounded; the problem is
made anew with the limits that the chosen projects give, without the matrix that chose; it is
solved as a linear programme, read a second time and proven by its prices; and its cost with the
prices of the starts, added up again in plain Python, must be what HiGHS found. That no other
choice is better rests on the bound of its branch and bound, which is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import EngineError
from karvan.engines.planner.case import Case
from karvan.engines.planner.cases import solve_cases
from karvan.engines.planner.filling import Filling, with_ways_into_lines
from karvan.engines.planner.investment_model import (
    GAP,
    Found,
    discounted,
    run_whole,
    with_starts,
    within,
)
from karvan.engines.planner.investment_reading import (
    FirstWorking,
    Working,
    discounted_cost,
    first_working,
    in_lines,
    paid,
    widened,
    widened_tanks,
)
from karvan.engines.planner.layout import costs, period_of
from karvan.engines.planner.model import Model, build
from karvan.engines.planner.plan import Plan, read
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.projects import InvestmentProblem, Starts, checked
from karvan.engines.planner.solving import SolverOptions, hand_over, solve

#: Difference, over the whole cost, that is rounding between two ways to reckon it.
AGREES = 1e-8
#: How far from whole a number of units may be.
WHOLE = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Units of a project that begin in a step, work from another, and their outlay in all."""

    project: str
    units: int
    begins: str
    works_from: str
    outlay: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """The best choice within a budget.

    Attributes
    ----------
    saved_by_step
        (Y,) operating cost that the projects save, by how often each period comes, not discounted.
    filled_by_step
        (Y,) value of what goes into lines and stays there, not discounted.
    spent_by_step, running_by_step
        (Y,) outlay and running cost, not discounted.
    left_at_end
        Discounted worth of what the projects still last after the last step.
    brought_back
        Discounted worth of what is in lines when their projects or the steps end.
    operating_saving
        Discounted sum of what is saved.
    npv
        That, less all that is paid and goes into lines, plus what is left and comes back.
    npv_bound
        No choice within the budget is worth more.
    proven
        Whether the bound was reached; otherwise the limit of time came first.
    plan
        The plan with the projects, its cost discounted.
    """

    chosen: tuple[Chosen, ...]
    saved_by_step: Floats
    filled_by_step: Floats
    spent_by_step: Floats
    running_by_step: Floats
    left_at_end: float
    brought_back: float
    operating_saving: float
    npv: float
    npv_bound: float
    proven: bool
    plan: Plan
    nodes: int
    solver: str

    @property
    def spent(self) -> float:
        """Outlay in all, not discounted."""
        return float(self.spent_by_step.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What all questions about one set of projects share: made once, asked often.

    Attributes
    ----------
    model
        The plan's columns, then one for each start.
    nothing
        The plan without any project, its cost discounted.
    """

    filling: Filling
    starts: Starts
    model: Model
    nothing: Plan

    @property
    def asked(self) -> InvestmentProblem:
        """The question, with ways into lines that are filled."""
        return self.filling.asked


def prepare(asked: InvestmentProblem, options: SolverOptions | None = None) -> Prepared:
    """Make the model of the choice, and plan what happens without any project.

    Raises
    ------
    InvalidInput
        The problem contradicts itself; every fault is named.
    LimitReached
        The time limit came before the plan without projects.
    """
    starts = Starts.of(checked(asked).projects, asked.horizon)
    filling = with_ways_into_lines(asked)
    model = build(filling.asked.problem)
    return Prepared(
        filling=filling,
        starts=starts,
        model=with_starts(discounted(model, filling), filling, starts),
        nothing=_planned(model, filling, options or SolverOptions()),
    )


def invest(asked: InvestmentProblem, options: SolverOptions | None = None) -> Investment:
    """Find the best choice; raises as `prepare` and `choose` do."""
    return choose(prepare(asked, options), options)


def choose(
    prepared: Prepared, options: SolverOptions | None = None, *, budget: float | None = None
) -> Investment:
    """Find the best choice within the budget, or another one.

    Raises
    ------
    LimitReached
        The time limit came before any choice was found; one that is not proven is given back and
        says so.
    EngineError
        The solver failed, or what it found does not hold.
    """
    options = options or SolverOptions()
    model = prepared.model if budget is None else within(prepared.model, budget)
    first = prepared.nothing.model.columns.count
    highs = hand_over(model, options, whole=np.arange(first, model.matrix.shape[1]))
    found = run_whole(highs, options)
    units = np.round(found.values[first:])
    if np.abs(found.values[first:] - units).max(initial=0.0) > WHOLE:
        raise EngineError("a project is not built as a whole", units=found.values[first:].tolist())
    limit = prepared.asked.budget if budget is None else budget
    return _read(prepared, found, units.astype(np.int64), limit, options)


def worth_alone(prepared: Prepared, options: SolverOptions | None = None) -> Mapping[str, Floats]:
    """Give what one unit of each project alone would save in each step (Y,), working in all.

    Not discounted, before any cost of the project: the difference of two plans, with and without,
    the one with solved as a case of the other and proven as such.
    """
    asked, options = prepared.asked, options or SolverOptions()
    base = prepared.nothing.model
    cases = [_alone(base, asked, j) for j in range(len(asked.projects.ids))]
    _, results = solve_cases(base, cases, replace(options, method="simplex"))
    without = by_step(prepared.nothing, asked)
    return {each.id: without - _by_step(base, each.values, asked) for each in results}


def cost_of_filling(prepared: Prepared, options: SolverOptions | None = None) -> Floats:
    """Give what filling its lines costs each project (J,) that is built alone, at once.

    Discounted; less what comes back. The difference of two plans, with the lines full and filled.
    """
    filling, asked, starts = prepared.filling, prepared.asked, prepared.starts
    options, cost = options or SolverOptions(), np.zeros(len(asked.projects.ids))
    for j in sorted(set(asked.projects.fills.project.tolist())):
        units = np.zeros(len(starts.project), np.int64)
        units[np.flatnonzero(starts.project == j)[:1]] = 1
        working = _working(prepared, units)
        first = first_working(asked, [(j, int(asked.projects.earliest[j]), 1)])
        filled = _with_projects(filling, working, first, options)
        full = _with_projects(filling, working, np.zeros_like(first), options)
        cost[j] = filled.cost - full.cost
    return cost


def _alone(base: Model, asked: InvestmentProblem, project: int) -> Case:
    """The limits that one unit of a project alone would give, working in all steps."""
    working = np.zeros((len(asked.projects.ids), asked.horizon.steps), np.int64)
    working[project] = 1
    wide = widened_tanks(build(widened(asked, working)), asked, working)
    rows = np.flatnonzero(wide.row_upper != base.row_upper).astype(np.int32)
    columns = np.flatnonzero(wide.most != base.most).astype(np.int32)
    return Case(
        id=asked.projects.ids[project],
        rows=rows,
        upper=wide.row_upper[rows],
        columns=columns,
        most=wide.most[columns],
    )


def by_step(plan: Plan, asked: InvestmentProblem) -> Floats:
    """Operating cost (Y,) of each step, by how often its periods come, not discounted."""
    return _by_step(plan.model, plan.values, asked)


def _by_step(model: Model, values: Floats, asked: InvestmentProblem) -> Floats:
    columns, problem = model.columns, model.problem
    each = costs(problem, columns) * values
    periods = np.bincount(period_of(problem, columns), weights=each, minlength=columns.periods)
    total: Floats = np.zeros(asked.horizon.steps)
    np.add.at(total, asked.horizon.step, periods * asked.horizon.share)
    return total


def _read(
    prepared: Prepared,
    found: Found,
    units: NDArray[np.int64],
    budget: float,
    options: SolverOptions,
) -> Investment:
    asked, starts = prepared.asked, prepared.starts
    begun = _begun(starts, units)
    working = _working(prepared, units)
    plan = _with_projects(prepared.filling, working, first_working(asked, begun), options)
    spent = paid(replace(asked, budget=budget), begun)
    total = plan.cost + spent.discounted
    scale = max(1.0, abs(prepared.nothing.cost))
    if found.proven and abs(total - found.objective) > AGREES * scale:
        raise EngineError(
            "the plan with the projects costs something else", said=found.objective, is_=total
        )
    npv = prepared.nothing.cost - plan.cost - spent.discounted
    lines = in_lines(prepared.filling, plan.flow.tolist())
    filled = np.array(lines.value)
    saved = by_step(prepared.nothing, asked) - by_step(plan, asked) + filled
    return Investment(
        chosen=_chosen(asked, begun),
        saved_by_step=saved,
        filled_by_step=filled,
        spent_by_step=np.array(spent.outlay),
        running_by_step=np.array(spent.running),
        left_at_end=spent.left_at_end,
        brought_back=lines.brought_back,
        operating_saving=float(saved @ asked.horizon.discount),
        npv=npv,
        npv_bound=max(npv, prepared.nothing.cost - found.bound),
        proven=found.proven,
        plan=plan,
        nodes=found.nodes,
        solver=found.solver,
    )


def worth_of(
    prepared: Prepared, chosen: Sequence[Chosen], options: SolverOptions | None = None
) -> float:
    """Give the net present value of a choice, made of these projects and steps elsewhere.

    What is not offered is not built; a budget is not asked about.

    Raises
    ------
    EngineError
        What the solver calls optimal does not hold.
    """
    asked, starts = prepared.asked, prepared.starts
    at = {
        (asked.projects.ids[int(j)], asked.horizon.step_ids[int(begin)]): o
        for o, (j, begin) in enumerate(zip(starts.project, starts.begins, strict=True))
    }
    units = np.zeros(len(starts.project), np.int64)
    for each in chosen:
        if (each.project, each.begins) in at:
            units[at[each.project, each.begins]] = each.units
    begun = _begun(starts, units)
    working, first = _working(prepared, units), first_working(asked, begun)
    plan = _with_projects(prepared.filling, working, first, options or SolverOptions())
    spent = paid(replace(asked, budget=np.inf, budget_by_step=None), begun)
    return prepared.nothing.cost - plan.cost - spent.discounted


def _begun(starts: Starts, units: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Project, step and units of what begins."""
    return [
        (int(starts.project[o]), int(starts.begins[o]), int(units[o]))
        for o in np.flatnonzero(units)
    ]


def _chosen(asked: InvestmentProblem, begun: list[tuple[int, int, int]]) -> tuple[Chosen, ...]:
    projects, names = asked.projects, asked.horizon.step_ids
    return tuple(
        Chosen(
            project=projects.ids[j],
            units=units,
            begins=names[begin],
            works_from=names[begin + int(projects.building[j])],
            outlay=float(projects.outlay[j]) * units,
        )
        for j, begin, units in sorted(begun, key=lambda each: (each[1], each[0]))
    )


def _working(prepared: Prepared, units: NDArray[np.int64]) -> Working:
    """Units (J, Y) that work in each step when so many (O,) begin."""
    asked, starts = prepared.asked, prepared.starts
    working = np.zeros((len(asked.projects.ids), asked.horizon.steps), np.int64)
    np.add.at(working, starts.project, starts.works * units[:, None])
    return working


def _with_projects(
    filling: Filling, working: Working, first: FirstWorking, options: SolverOptions
) -> Plan:
    """Plan with the units that work in each step, as if they had always been there."""
    model = build(widened(filling.asked, working, filling=filling, first=first))
    return _planned(widened_tanks(model, filling.asked, working), filling, options)


def _planned(model: Model, filling: Filling, options: SolverOptions) -> Plan:
    """Plan at discounted cost, proven more closely than a plan alone must be."""
    dated = discounted(model, filling)
    plan = read(dated, solve(dated, options), plain_cost=costs(model.problem, model.columns))
    again = discounted_cost(
        filling,
        plan.problem,
        flow=plan.flow.tolist(),
        stock=plan.stock.tolist(),
        shut_in=plan.shut_in.tolist(),
        unserved=plan.unserved.tolist(),
    )
    off = abs(again - plan.cost) / max(1.0, abs(plan.cost))
    if abs(plan.certificate.gap) > GAP or off > AGREES:
        raise EngineError("a plan is not proven closely enough", gap=plan.certificate.gap, off=off)
    return plan
