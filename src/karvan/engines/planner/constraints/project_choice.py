"""Which projects begin when: whole numbers y[o] of units for each start o, and what they widen.

A start o is a project j(o) that begins in a step and works in the steps W(o). For each limit i of
a family that projects widen, in period t of step k::

    what uses it  -  sum over o with k in W(o)   amount[j(o), i, t] y[o]   <=   limit[i, t]

and the limit of one stock in a tank that is widened grows with the tank. What a start fills is
asked of the contract on the way into the line in the step k in which it first works, at least and
at most (`filling` says how much)::

    into the line + what lacks  -  amount[l, k] y[o]   >=  0
    into the line               -  amount[l, k] y[o]   <=  0

For the choices::

    sum over starts of j                y[o]                        <=  most[j]
    sum over starts of a group          y[o]                        <=  1
    sum over starts of j ready by k     y[o]                        <=  most[j] x the same sum of
                                                                        what j needs
    sum over all starts                 outlay[o] y[o]              <=  budget
    sum over all starts                 spent[o, k] y[o]            <=  budget of step k

The rows of the choices are here; `widening` and `filled` give the entries that stand in rows of
others.
"""

from __future__ import annotations

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.constraints import contracts, tank_room
from karvan.engines.planner.filling import Filling
from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats, Indices
from karvan.engines.planner.projects import InvestmentProblem, Projects, Starts
from karvan.engines.planner.rows import Rows, joined

ONCE, EXCLUSIVE, NEEDS, BUDGET = "project", "one of", "needs", "budget"
STOCK_ROOM = "stock room"

#: Entries: rows, columns and values of the same length.
Entries = tuple[Indices, Indices, Floats]


def widening(model: Model, asked: InvestmentProblem, starts: Starts) -> Entries:
    """Entries of the starts in the limits that they widen; the first start is column `count`.

    Raises
    ------
    InvalidInput
        Nothing limits what a project widens, its unit is another, or it widens a contract whose
        periods lie in several steps.
    """
    adds, step = asked.projects.adds, asked.horizon.step
    parts: list[Entries] = []
    for e, (family, asset) in enumerate(zip(adds.family, adds.asset, strict=True)):
        rows = model.rows_of(family, asset)
        unit = model.name(int(rows[0])).unit
        if unit != adds.unit[e]:
            raise InvalidInput(
                "a project adds in another unit than its limit has",
                asset=asset,
                given=adds.unit[e],
                expected=unit,
            )
        period = _periods_of(asked, family, asset)
        for o in np.flatnonzero(starts.project == adds.project[e]):
            value = np.where(starts.works[o, step[period]], -adds.amount[e, period], 0.0)
            column = np.full(len(rows), model.columns.count + o)
            parts.append((rows.astype(np.int64), column, value))
    return joined(parts)


def filled(model: Model, filling: Filling, starts: Starts) -> Entries:
    """Entries of the starts in the contracts that say how much goes into a line."""
    projects = filling.asked.projects
    ids = model.problem.contracts.ids
    ready = starts.begins + projects.building[starts.project]
    parts: list[Entries] = []
    for line, project in enumerate(projects.fills.project.tolist()):
        for o in np.flatnonzero(starts.project == project):
            agreed = ids[filling.contract[line, ready[o]]]
            for family in (contracts.LEAST, contracts.MOST):
                row = model.rows_of(family, agreed).astype(np.int64)
                column = np.full(1, model.columns.count + o)
                parts.append((row, column, np.full(1, -filling.amount[line, ready[o]])))
    return joined(parts)


def _periods_of(asked: InvestmentProblem, family: str, asset: str) -> Indices:
    """The period whose step and amount count for each row of a limit."""
    if family != contracts.MOST:
        return np.arange(asked.problem.periods)
    agreed = asked.problem.contracts
    c = agreed.ids.index(asset)
    first, last = int(agreed.first[c]), int(agreed.last[c])
    if asked.horizon.step[first] != asked.horizon.step[last]:
        raise InvalidInput("a contract that is widened lies in one step", contract=asset)
    return np.array([first], np.int64)


def rows(asked: InvestmentProblem, starts: Starts, first_column: int) -> tuple[Rows, ...]:
    """Rows of the choices: units, groups, what is needed first, and the budget."""
    projects = asked.projects
    return (
        _once(projects, starts, first_column),
        _exclusive(projects, starts, first_column),
        _needs(asked, starts, first_column),
        _budget(asked, starts, first_column),
    )


def stock_room(model: Model, asked: InvestmentProblem, starts: Starts) -> Rows:
    """What a stock may hold in a tank that projects widen, one row a stock and period."""
    problem, adds, step = asked.problem, asked.projects.adds, asked.horizon.step
    periods = np.arange(problem.periods)
    widened = {
        problem.tanks.ids.index(asset)
        for family, asset in zip(adds.family, adds.asset, strict=True)
        if family == tank_room.FAMILY
    }
    stocks = [s for s, g in enumerate(problem.stocks.tank.tolist()) if g in widened]
    parts: list[Entries] = []
    for number, s in enumerate(stocks):
        row = number * problem.periods + periods
        column = model.columns.stock + s * problem.periods + periods
        room = float(problem.stocks.room[s]) or 1.0
        parts.append((row, column, np.ones(problem.periods)))
        tank = problem.tanks.ids[problem.stocks.tank[s]]
        for e, (family, asset) in enumerate(zip(adds.family, adds.asset, strict=True)):
            if family == tank_room.FAMILY and asset == tank:
                for o in np.flatnonzero(starts.project == adds.project[e]):
                    value = np.where(starts.works[o, step], -adds.amount[e] / room, 0.0)
                    parts.append((row, np.full(len(row), model.columns.count + o), value))
    row, column, value = joined(parts)
    names = [(problem.stocks.node[s], problem.stocks.commodity[s]) for s in stocks]
    limit = np.repeat(problem.stocks.limit[stocks], problem.periods)
    return Rows(
        family=STOCK_ROOM,
        assets=tuple(f"{problem.node_ids[n]} {problem.commodity_ids[k]}" for n, k in names),
        units=tuple(problem.commodity_units[k] for _, k in names),
        row=row,
        column=column,
        value=value,
        lower=np.full(len(limit), -np.inf),
        upper=limit,
    )


def _once(projects: Projects, starts: Starts, first_column: int) -> Rows:
    chosen = first_column + np.arange(len(starts.project))
    entries = joined([(starts.project, chosen, np.ones(1))])
    return _rows(ONCE, projects.ids, "unit", entries, projects.most.astype(np.float64))


def _exclusive(projects: Projects, starts: Starts, first_column: int) -> Rows:
    parts: list[Entries] = []
    for number, group in enumerate(projects.exclusive):
        mine = np.flatnonzero(np.isin(starts.project, group))
        parts.append((np.full(len(mine), number), first_column + mine, np.ones(len(mine))))
    names = tuple(" or ".join(projects.ids[j] for j in group) for group in projects.exclusive)
    return _rows(EXCLUSIVE, names, "unit", joined(parts), np.ones(len(names)))


def _needs(asked: InvestmentProblem, starts: Starts, first_column: int) -> Rows:
    projects, horizon = asked.projects, asked.horizon
    parts: list[Entries] = []
    names: list[str] = []
    ready = starts.begins + projects.building[starts.project]
    for later, needed in projects.needs:
        for step, step_id in enumerate(horizon.step_ids):
            for project, value in ((later, 1.0), (needed, -float(projects.most[later]))):
                mine = np.flatnonzero((starts.project == project) & (ready <= step))
                row = np.full(len(mine), len(names))
                parts.append((row, first_column + mine, np.full(len(mine), value)))
            names.append(f"{projects.ids[later]} {projects.ids[needed]} {step_id}")
    return _rows(NEEDS, tuple(names), "unit", joined(parts), np.zeros(len(names)))


def _budget(asked: InvestmentProblem, starts: Starts, first_column: int) -> Rows:
    chosen = first_column + np.arange(len(starts.project))
    horizon = asked.horizon
    parts: list[Entries] = [(np.zeros(1, np.int64), chosen, starts.spends.sum(axis=1))]
    names, limits = ["in all"], [asked.budget]
    if asked.budget_by_step is not None:
        for step, step_id in enumerate(horizon.step_ids):
            row = np.full(1, step + 1)
            parts.append((row, chosen, starts.spends[:, step]))
            names.append(step_id)
        limits += asked.budget_by_step.tolist()
    unit = asked.problem.currency
    return _rows(BUDGET, tuple(names), unit, joined(parts), np.array(limits))


def _rows(family: str, names: tuple[str, ...], unit: str, entries: Entries, upper: Floats) -> Rows:
    row, column, value = entries
    return Rows(
        family=family,
        assets=names,
        units=(unit,) * len(names),
        row=row,
        column=column,
        value=value,
        lower=np.full(len(names), -np.inf),
        upper=upper,
        by_period=False,
    )
