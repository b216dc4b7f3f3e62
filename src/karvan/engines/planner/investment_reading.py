"""A second reading of a choice of projects: what it pays, what it may do, what it widens.

Written apart from the matrix, in plain Python over plain lists where it adds up, so that a mistake
there does not hide itself.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import EngineError
from karvan.engines.planner.constraints import (
    arc_capacity,
    contracts,
    fleet_hours,
    joint_capacity,
    tank_room,
)
from karvan.engines.planner.filling import Filling
from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats, PlanningProblem
from karvan.engines.planner.projects import InvestmentProblem

#: A project, the step in which units of it begin, and how many.
Begun = tuple[int, int, int]
#: Units (J, Y) of each project that work in each step.
Working = NDArray[np.int64]
#: Whether each line (L, Y) is filled in a step.
FirstWorking = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What a choice pays: lists by step, not discounted; `discounted` is all of it, less the end.

    Attributes
    ----------
    left_at_end
        Discounted worth of the steps that projects last beyond the horizon.
    """

    outlay: list[float]
    running: list[float]
    left_at_end: float
    discounted: float


def paid(asked: InvestmentProblem, begun: Sequence[Begun]) -> Paid:
    """Add up what a choice pays, and see that it may be chosen.

    Raises
    ------
    EngineError
        It spends more than the budget, builds too many units, two of a group, or something
        before what it needs.
    """
    projects, steps = asked.projects, asked.horizon.steps
    outlay, running = [0.0] * steps, [0.0] * steps
    left = 0.0
    units: dict[int, int] = defaultdict(int)
    ready: dict[int, list[int]] = defaultdict(list)
    for j, begin, number in begun:
        building, life = int(projects.building[j]), int(projects.life[j])
        units[j] += number
        ready[j].append(begin + building)
        for step in range(begin, begin + max(1, building)):
            outlay[step] += number * float(projects.outlay[j]) / max(1, building)
        end = min(steps, begin + building + life)
        for step in range(begin + building, end):
            running[step] += number * float(projects.running[j])
        worked = end - begin - building
        left += number * float(projects.outlay[j]) * (life - worked) / life
    _see(asked, units, ready, outlay)
    factors = asked.horizon.discount.tolist()
    left *= factors[-1]
    spent = math.fsum(
        factor * (once + year) for factor, once, year in zip(factors, outlay, running, strict=True)
    )
    return Paid(outlay=outlay, running=running, left_at_end=left, discounted=spent - left)


def _see(
    asked: InvestmentProblem,
    units: dict[int, int],
    ready: dict[int, list[int]],
    outlay: list[float],
) -> None:
    projects, room = asked.projects, 1 + 1e-9
    faults = [
        f"{projects.ids[j]}: more units than there may be"
        for j, number in units.items()
        if number > projects.most[j]
    ]
    faults += [
        "two of a group: " + " and ".join(projects.ids[j] for j in group if units[j])
        for group in projects.exclusive
        if sum(units[j] for j in group) > 1
    ]
    faults += [
        f"{projects.ids[later]} before {projects.ids[needed]}"
        for later, needed in projects.needs
        if units[later] and min(ready[later]) < min(ready[needed], default=math.inf)
    ]
    if sum(outlay) > asked.budget * room + 1e-6:
        faults.append("the budget is overspent")
    if asked.budget_by_step is not None:
        limits = zip(asked.horizon.step_ids, outlay, asked.budget_by_step.tolist(), strict=True)
        faults += [
            f"the budget of {name} is overspent"
            for name, spent, limit in limits
            if spent > limit * room + 1e-6
        ]
    if faults:
        raise EngineError("the choice of projects does not hold", faults=faults)


def first_working(asked: InvestmentProblem, begun: Sequence[Begun]) -> FirstWorking:
    """Tell in which step each line (L, Y) is filled: in the first in which its project works."""
    fills = asked.projects.fills
    found = np.zeros((len(fills.arc), asked.horizon.steps), np.int64)
    for line, project in enumerate(fills.project.tolist()):
        for j, begin, number in begun:
            if j == project:
                found[line, begin + int(asked.projects.building[j])] += number
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class InLines:
    """Oil that stays in lines: its value by step when it goes in, and discounted what it brings."""

    value: list[float]
    brought_back: float


def in_lines(filling: Filling, flow: Sequence[Sequence[float]]) -> InLines:
    """Add up what fills lines, by how often each period comes."""
    fills, horizon = filling.asked.projects.fills, filling.asked.horizon
    lives = [int(filling.asked.projects.life[j]) for j in fills.project.tolist()]
    step, share = horizon.step.tolist(), horizon.share.tolist()
    value, back = [0.0] * horizon.steps, 0.0
    items = zip(filling.permission.tolist(), fills.line.tolist(), strict=True)
    for i, (permission, line) in enumerate(items):
        for t, amount in enumerate(flow[permission]):
            value[step[t]] += share[t] * float(fills.value[i]) * amount
            last = min(horizon.steps - 1, step[t] + lives[line] - 1)
            back += share[t] * float(horizon.discount[last]) * float(fills.back[i]) * amount
    return InLines(value=value, brought_back=back)


def widened(
    asked: InvestmentProblem,
    working: Working,
    *,
    filling: Filling | None = None,
    first: FirstWorking | None = None,
) -> PlanningProblem:
    """The planning problem with the limits that working units give, and lines filled in `first`.

    A tank has one limit for all periods here: the widest it comes to; `widened_tanks` lowers it
    in the periods before.
    """
    problem, adds, step = asked.problem, asked.projects.adds, asked.horizon.step
    capacity, shared = problem.arcs.capacity.copy(), problem.joints.capacity.copy()
    hours, most = problem.fleets.hours.copy(), problem.contracts.most.copy()
    tanks, stocks = problem.tanks.limit.copy(), problem.stocks.limit.copy()
    for e, (family, asset) in enumerate(zip(adds.family, adds.asset, strict=True)):
        added = adds.amount[e] * working[adds.project[e], step]
        if family == arc_capacity.FAMILY:
            capacity[problem.arcs.ids.index(asset)] += added
        elif family == joint_capacity.FAMILY:
            shared[problem.joints.ids.index(asset)] += added
        elif family == fleet_hours.FAMILY:
            hours[problem.fleets.ids.index(asset)] += added
        elif family == contracts.MOST:
            c = problem.contracts.ids.index(asset)
            most[c] += added[problem.contracts.first[c]]
    least = problem.contracts.least.copy()
    if filling is not None and first is not None:
        for line, steps in enumerate(filling.contract.tolist()):
            for k, c in enumerate(steps):
                least[c] += filling.amount[line, k] * first[line, k]
                most[c] += filling.amount[line, k] * first[line, k]
    for g, added in _tanks(asked, working).items():
        tanks[g] += added.max()
        for s in np.flatnonzero(problem.stocks.tank == g):
            stocks[s] += added.max() / (problem.stocks.room[s] or 1.0)
    return replace(
        problem,
        arcs=replace(problem.arcs, capacity=capacity),
        joints=replace(problem.joints, capacity=shared),
        fleets=replace(problem.fleets, hours=hours),
        contracts=replace(problem.contracts, least=least, most=most),
        tanks=replace(problem.tanks, limit=tanks),
        stocks=replace(problem.stocks, limit=stocks),
    )


def widened_tanks(model: Model, asked: InvestmentProblem, working: Working) -> Model:
    """Lower the room of tanks, and of the stocks in them, to what there is in each period."""
    upper, most = model.row_upper.copy(), model.most.copy()
    problem, periods = asked.problem, model.columns.periods
    for g, added in _tanks(asked, working).items():
        upper[model.rows_of(tank_room.FAMILY, problem.tanks.ids[g])] = (
            problem.tanks.limit[g] + added
        )
        for s in np.flatnonzero(problem.stocks.tank == g):
            first = model.columns.stock + int(s) * periods
            room = problem.stocks.room[s] or 1.0
            most[first : first + periods] = problem.stocks.limit[s] + added / room
    return replace(model, row_upper=upper, most=most)


def _tanks(asked: InvestmentProblem, working: Working) -> dict[int, Floats]:
    """What is added (T,) to each tank that is widened."""
    adds, found = asked.projects.adds, dict[int, Floats]()
    for e, (family, asset) in enumerate(zip(adds.family, adds.asset, strict=True)):
        if family == tank_room.FAMILY:
            g = asked.problem.tanks.ids.index(asset)
            added = adds.amount[e] * working[adds.project[e], asked.horizon.step]
            found[g] = found.get(g, np.zeros(asked.problem.periods)) + added
    return found


def discounted_cost(
    filling: Filling,
    problem: PlanningProblem,
    *,
    flow: Sequence[Sequence[float]],
    stock: Sequence[Sequence[float]],
    shut_in: Sequence[Sequence[float]],
    unserved: Sequence[Sequence[float]],
) -> float:
    """Add up what a plan costs, each period at its share and the discount of its step.

    What comes back out of lines is taken off.
    """
    spent = [0.0] * problem.periods
    carried = [[0.0] * problem.periods for _ in problem.arcs.ids]
    prices, use = problem.permissions.cost.tolist(), problem.permissions.use.tolist()
    for p, a in enumerate(problem.permissions.arc.tolist()):
        for t, amount in enumerate(flow[p]):
            spent[t] += prices[p][t] * amount
            carried[a][t] += use[p] * amount
    for s, (holding, worth) in enumerate(
        zip(problem.stocks.cost.tolist(), problem.stocks.worth_at_end.tolist(), strict=True)
    ):
        for t, held in enumerate(stock[s]):
            spent[t] += holding * held
        spent[-1] -= worth * stock[s][-1]
    for amounts, left in ((problem.supplies, shut_in), (problem.demands, unserved)):
        for u, price in enumerate(amounts.price.tolist()):
            for t, amount in enumerate(left[u]):
                spent[t] += price * amount
    minima = problem.minima
    for m, a in enumerate(minima.arc.tolist()):
        for t, least in enumerate(minima.least[m].tolist()):
            spent[t] += float(minima.price[m]) * max(0.0, least - carried[a][t])
    _add_contracts(problem, flow, spent)
    horizon = filling.asked.horizon
    step, share, factors = horizon.step.tolist(), horizon.share.tolist(), horizon.discount.tolist()
    weighed = math.fsum(
        cost * often * factors[k] for cost, often, k in zip(spent, share, step, strict=True)
    )
    return weighed - in_lines(filling, flow).brought_back


def _add_contracts(
    problem: PlanningProblem, flow: Sequence[Sequence[float]], spent: list[float]
) -> None:
    """What contracts lack is paid for in their last period."""
    agreed = problem.contracts
    moved = [0.0] * len(agreed.ids)
    entries = (agreed.uses.row, agreed.uses.permission, agreed.uses.per_unit)
    for c, p, per_unit in zip(*(each.tolist() for each in entries), strict=True):
        moved[c] += per_unit * sum(flow[p][int(agreed.first[c]) : int(agreed.last[c]) + 1])
    for c, amount in enumerate(moved):
        lacking = max(0.0, float(agreed.least[c]) - amount)
        spent[int(agreed.last[c])] += float(agreed.price[c]) * lacking
