"""Small questions of investment, told as rows."""

from dataclasses import replace
from itertools import product

import numpy as np

from karvan.engines.planner.investment_reading import widened
from karvan.engines.planner.plan import plan
from karvan.engines.planner.project_fills import Fills
from karvan.engines.planner.projects import (
    Additions,
    Horizon,
    InvestmentProblem,
    Projects,
    Starts,
)
from planner_cases import indices


def asked_of(problem, projects, adds, *, rate=0.1, steps=None, share=None, **more):
    """A question from rows.

    `projects`: (id, outlay) with what may follow as a mapping: most, earliest, building, running,
    life. `adds`: (project, family, asset, unit, amount).
    """
    rows = [(*row, {}) if len(row) == 2 else row for row in projects]
    names = [row[0] for row in rows]
    step = np.arange(problem.periods) if steps is None else indices(steps)

    def each(key, default):
        return indices(row[2].get(key, default) for row in rows)

    return InvestmentProblem(
        problem=problem,
        horizon=Horizon(
            step_ids=tuple(f"y{k + 1}" for k in range(step.max() + 1)),
            step=step,
            share=np.ones(problem.periods) if share is None else np.array(share, float),
            discount=(1 + rate) ** -np.arange(step.max() + 1.0),
        ),
        projects=Projects(
            ids=tuple(names),
            most=each("most", 1),
            earliest=each("earliest", 0),
            building=each("building", 1),
            outlay=np.array([float(row[1]) for row in rows]),
            running=np.array([float(row[2].get("running", 0)) for row in rows]),
            life=each("life", 10),
            adds=Additions(
                project=indices(names.index(row[0]) for row in adds),
                family=tuple(row[1] for row in adds),
                asset=tuple(row[2] for row in adds),
                unit=tuple(row[3] for row in adds),
                amount=np.array([np.full(problem.periods, float(row[4])) for row in adds]).reshape(
                    len(adds), problem.periods
                ),
            ),
            exclusive=tuple(
                tuple(names.index(name) for name in group) for group in more.pop("exclusive", ())
            ),
            needs=tuple(
                (names.index(later), names.index(first)) for later, first in more.pop("needs", ())
            ),
        ),
        **more,
    )


def every_choice(asked):
    """All choices that are allowed, each with units by start, and what each is worth: the oracle.

    Each is planned alone, step by step and without discount, so that neither the weights nor the
    matrix of the choice is used.
    """
    projects, horizon = asked.projects, asked.horizon
    starts = Starts.of(projects, horizon)
    known = {}
    nothing = _costs(asked, np.zeros((len(projects.ids), horizon.steps), int), known)
    found = {}
    ranges = [range(int(projects.most[j]) + 1) for j in starts.project]
    for units in product(*ranges):
        if not _allowed(asked, starts, units):
            continue
        working = np.zeros((len(projects.ids), horizon.steps), int)
        net = 0.0
        for o, count in enumerate(units):
            j, begin = int(starts.project[o]), int(starts.begins[o])
            ready = begin + int(projects.building[j])
            end = min(horizon.steps, ready + int(projects.life[j]))
            working[j, ready:end] += count
            spread = max(1, int(projects.building[j]))
            for k in range(begin, begin + spread):
                net -= count * projects.outlay[j] / spread * horizon.discount[k]
            for k in range(ready, end):
                net -= count * projects.running[j] * horizon.discount[k]
            unused = int(projects.life[j]) - (end - ready)
            net += count * projects.outlay[j] * unused / projects.life[j] * horizon.discount[-1]
        saved = nothing - _costs(asked, working, known)
        found[units] = net + float(saved @ horizon.discount)
    return found


def _allowed(asked, starts, units):
    projects = asked.projects
    total = [
        sum(count for o, count in enumerate(units) if starts.project[o] == j)
        for j in range(len(projects.ids))
    ]
    if any(number > most for number, most in zip(total, projects.most, strict=True)):
        return False
    if any(sum(total[j] for j in group) > 1 for group in projects.exclusive):
        return False
    ready = [
        min(
            (
                int(starts.begins[o]) + int(projects.building[j])
                for o, count in enumerate(units)
                if count and starts.project[o] == j
            ),
            default=99,
        )
        for j in range(len(projects.ids))
    ]
    if any(ready[later] < ready[first] for later, first in projects.needs if total[later]):
        return False
    spent = np.array(units) @ starts.spends
    by_step = np.inf if asked.budget_by_step is None else asked.budget_by_step
    return spent.sum() <= asked.budget + 1e-9 and (spent <= by_step + 1e-9).all()


def _costs(asked, working, known):
    """Operating cost of each step, when the plans of its periods do not depend on others."""
    problem, horizon = widened(asked, working), asked.horizon
    spent = np.zeros(horizon.steps)
    for t in range(problem.periods):
        key = (t, *working[:, horizon.step[t]].tolist())
        if key not in known:
            known[key] = plan(one_period(problem, t)).cost
        spent[horizon.step[t]] += known[key] * horizon.share[t]
    return spent


def one_period(problem, t):
    """The problem of one period, of those that nothing joins."""
    arcs, joints, fleets = problem.arcs, problem.joints, problem.fleets
    cut = slice(t, t + 1)
    return replace(
        problem,
        period_ids=problem.period_ids[cut],
        period_days=problem.period_days[cut],
        arcs=replace(arcs, capacity=arcs.capacity[:, cut]),
        permissions=replace(problem.permissions, cost=problem.permissions.cost[:, cut]),
        supplies=replace(problem.supplies, amount=problem.supplies.amount[:, cut]),
        demands=replace(problem.demands, amount=problem.demands.amount[:, cut]),
        joints=replace(joints, capacity=joints.capacity[:, cut]),
        fleets=replace(fleets, hours=fleets.hours[:, cut]),
    )


def filled_by(asked, fills, *, value, back):
    """The question with lines that projects fill: (project, arc, volume, price of what lacks).

    `value` and `back` are told by commodity, of what goes in and of what comes back.
    """
    problem, projects = asked.problem, asked.projects
    lines = [
        (projects.ids.index(name), problem.arcs.ids.index(arc), volume, price)
        for name, arc, volume, price in fills
    ]
    items = [
        (line, p)
        for line, (_, arc, _, _) in enumerate(lines)
        for p in np.flatnonzero(problem.permissions.arc == arc)
    ]
    goods = [int(problem.permissions.commodity[p]) for _, p in items]
    return replace(
        asked,
        projects=replace(
            projects,
            fills=Fills(
                project=indices(project for project, *_ in lines),
                arc=indices(arc for _, arc, _, _ in lines),
                volume=np.array([float(volume) for _, _, volume, _ in lines]),
                price=np.array([float(price) for *_, price in lines]),
                line=indices(line for line, _ in items),
                permission=indices(p for _, p in items),
                value=np.array([float(value[k]) for k in goods]),
                back=np.array([float(back[k]) for k in goods]),
            ),
        ),
    )
