r"""Lines that stand empty until a project opens them: what fills them, bound to the choice.

What fills a line is let in, pays its way like all that goes through, and stays. So it is taken
where the line ends, on a way of its own into a place that nothing leaves. For each line l that
project j fills, in the first period t of each step k, with `often` how often t comes in k, so that
over the states of the step the line is filled once::

    in[i, t]                                 <=  kept[i] x flow[i, t]        for each commodity i
    sum over i   use[i] / kept[i] x in[i, t]
        + lacking                            >=  volume / often x y[o]
    sum over i   use[i] / kept[i] x in[i, t] <=  volume / often x y[o]

where o is the start of j that first works in k: the line is filled then, once. What nobody can
supply lacks, at a price, so that a choice can always be made. A unit that stays costs what it would
have brought, `value`, in the step in which it goes in, and brings `back` in the last step in which
the project works, or of the horizon::

    sum over i and t   often[t] x (discount[k] x value[i] - discount[last] x back[i]) x in[i, t]

These are ways, outlets, blends and contracts of a planning problem. So a plan with a given choice
is read a second time and proven like any other, and only `y` is new: see `project_choice`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from karvan.engines.planner.layout import Columns
from karvan.engines.planner.problem import (
    Amounts,
    Arcs,
    Blends,
    Contracts,
    Floats,
    Indices,
    Permissions,
    PlanningProblem,
    Uses,
)
from karvan.engines.planner.projects import InvestmentProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A question with the ways into its lines.

    L lines, I commodities in them, as in `Fills`, whose order is kept.

    Attributes
    ----------
    asked
        The question, its problem with the ways into lines behind all others.
    period
        (Y,) first period of each step.
    contract
        (L, Y) contract that says how much goes into the line in the step.
    amount
        (L, Y) how much that is when the line is filled then, in its unit.
    permission
        (I,) of the way into the line.
    """

    asked: InvestmentProblem
    period: Indices
    contract: Indices
    amount: Floats
    permission: Indices

    def last_step(self, line: int, step: int) -> int:
        """Step in which what went into a line in a step comes back."""
        projects, horizon = self.asked.projects, self.asked.horizon
        life = int(projects.life[projects.fills.project[line]])
        return min(horizon.steps, step + life) - 1

    def brought_back(self, columns: Columns) -> Floats:
        """What a unit in each column (columns,) brings back, discounted."""
        fills, horizon = self.asked.projects.fills, self.asked.horizon
        found = np.zeros(columns.count)
        for i, (line, permission) in enumerate(zip(fills.line, self.permission, strict=True)):
            for step, period in enumerate(self.period.tolist()):
                later = horizon.discount[self.last_step(int(line), step)]
                column = permission * columns.periods + period
                found[column] = horizon.share[period] * later * fills.back[i]
        return found


def with_ways_into_lines(asked: InvestmentProblem) -> Filling:
    """Put the ways into lines behind those of the problem; nothing goes that way by itself."""
    problem, horizon, fills = asked.problem, asked.horizon, asked.projects.fills
    lines, steps = len(fills.arc), horizon.steps
    period = np.searchsorted(horizon.step, np.arange(steps))
    if lines == 0:
        none = np.zeros((0, steps))
        return Filling(
            asked=asked,
            period=period,
            contract=none.astype(np.int64),
            amount=none,
            permission=np.zeros(0, np.int64),
        )
    amount = fills.volume[:, None] / horizon.share[period]
    names = [
        f"{problem.arcs.ids[a]}, {asked.projects.ids[j]}"
        for a, j in zip(fills.arc, fills.project, strict=True)
    ]
    agreed = len(problem.contracts.ids) + np.arange(lines * steps).reshape(lines, steps)
    permission = len(problem.permissions.arc) + np.arange(len(fills.line))
    made = replace(
        problem,
        node_ids=(*problem.node_ids, *(f"in {name}" for name in names)),
        arcs=_ways(problem, fills.arc, names),
        permissions=_permissions(asked),
        demands=_outlets(asked, names, period, amount),
        blends=_no_more_than_comes(asked, names, permission),
        contracts=_contracts(asked, names, period, permission),
    )
    return Filling(
        asked=replace(asked, problem=made),
        period=period,
        contract=agreed,
        amount=amount,
        permission=permission,
    )


def _ways(problem: PlanningProblem, lines: Indices, names: list[str]) -> Arcs:
    arcs, count = problem.arcs, len(lines)
    return Arcs(
        ids=(*arcs.ids, *(f"into {name}" for name in names)),
        tail=np.concatenate([arcs.tail, arcs.head[lines]]),
        head=np.concatenate([arcs.head, len(problem.node_ids) + np.arange(count)]),
        travel_d=np.concatenate([arcs.travel_d, np.zeros(count)]),
        capacity=np.concatenate([arcs.capacity, np.full((count, problem.periods), np.inf)]),
        unit=(*arcs.unit, *(arcs.unit[a] for a in lines)),
        carrier=(*arcs.carrier, *(arcs.carrier[a] for a in lines)),
        country=(*arcs.country, *(arcs.country[a] for a in lines)),
    )


def _permissions(asked: InvestmentProblem) -> Permissions:
    given, fills, problem = asked.problem.permissions, asked.projects.fills, asked.problem
    of = fills.permission
    value = np.repeat(fills.value[:, None], problem.periods, axis=1)
    return Permissions(
        arc=np.concatenate([given.arc, len(problem.arcs.ids) + fills.line]),
        commodity=np.concatenate([given.commodity, given.commodity[of]]),
        cost=np.concatenate([given.cost, value]),
        use=np.concatenate([given.use, given.use[of] / given.kept[of]]),
        loss=np.concatenate([1.0 - given.kept, np.zeros(len(of))]),
    )


def _outlets(
    asked: InvestmentProblem, names: list[str], period: Indices, amount: Floats
) -> Amounts:
    """What is in a line is at rest: an outlet of each commodity, as wide as the line holds."""
    problem, fills = asked.problem, asked.projects.fills
    given, of = problem.demands, fills.permission
    room = np.zeros((len(of), problem.periods))
    each = problem.permissions.kept[of] / problem.permissions.use[of]
    room[:, period] = amount[fills.line] * each[:, None]
    commodity = problem.permissions.commodity[of]
    kinds = [problem.commodity_ids[k] for k in commodity]
    ids = [f"in {names[n]}, {kind}" for n, kind in zip(fills.line, kinds, strict=True)]
    table = given.amount if len(given.amount) else np.zeros((0, problem.periods))
    return Amounts(
        ids=(*given.ids, *ids),
        node=np.concatenate([given.node, len(problem.node_ids) + fills.line]),
        commodity=np.concatenate([given.commodity, commodity]),
        amount=np.concatenate([table, room]),
        price=np.concatenate([given.price, np.zeros(len(of))]),
    )


def _no_more_than_comes(asked: InvestmentProblem, names: list[str], permission: Indices) -> Blends:
    problem, fills = asked.problem, asked.projects.fills
    given, of = problem.blends, fills.permission
    row = len(given.ids) + np.arange(len(of))
    kept = problem.permissions.kept[of]
    kinds = [problem.commodity_ids[k] for k in problem.permissions.commodity[of]]
    units = [problem.commodity_units[k] for k in problem.permissions.commodity[of]]
    return Blends(
        ids=(
            *given.ids,
            *(f"into {names[n]}, {kind}" for n, kind in zip(fills.line, kinds, strict=True)),
        ),
        unit=(*given.unit, *units),
        uses=Uses(
            row=np.concatenate([given.uses.row, row, row]),
            permission=np.concatenate([given.uses.permission, permission, of]),
            per_unit=np.concatenate([given.uses.per_unit, np.ones(len(of)), -kept]),
        ),
    )


def _contracts(
    asked: InvestmentProblem, names: list[str], period: Indices, permission: Indices
) -> Contracts:
    """How much goes into a line in a step, by line and step: nothing, until a choice says so."""
    problem, fills, given = asked.problem, asked.projects.fills, asked.problem.contracts
    lines, steps = len(names), len(period)
    use = problem.permissions.use[fills.permission]
    each = use / problem.permissions.kept[fills.permission]
    rows = len(given.ids) + fills.line[:, None] * steps + np.arange(steps)
    none, first = np.zeros(lines * steps), np.tile(period, lines)
    return Contracts(
        ids=(*given.ids, *(f"into {name} {k}" for name in names for k in asked.horizon.step_ids)),
        unit=(*given.unit, *(problem.arcs.unit[a] for a in fills.arc for _ in range(steps))),
        first=np.concatenate([given.first, first]),
        last=np.concatenate([given.last, first]),
        least=np.concatenate([given.least, none]),
        price=np.concatenate([given.price, np.repeat(fills.price, steps)]),
        most=np.concatenate([given.most, none]),
        uses=Uses(
            row=np.concatenate([given.uses.row, rows.ravel()]),
            permission=np.concatenate([given.uses.permission, np.repeat(permission, steps)]),
            per_unit=np.concatenate([given.uses.per_unit, np.repeat(each, steps)]),
        ),
    )
