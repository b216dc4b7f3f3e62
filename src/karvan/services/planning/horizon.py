"""Months of a horizon put together: a calm year is one period, the months of an event others.

A year is planned as one period: what its months can carry together, and what is there to carry.
Tanks, ramps and days under way have no meaning then and are left out. So is the filling of lines
that the scenario itself opens; those that projects open are filled by them (`investment_lines`).
The months of an event stand beside the calm year as periods of their own, each coming as often as
the event does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.problem import (
    Contracts,
    Floats,
    Indices,
    LineFills,
    PlanningProblem,
    Ramps,
    Stocks,
    Tanks,
    UnderWay,
    Uses,
)

#: Share of the days of a group that an agreement covers, from which it binds the group.
_MOST_OF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Periods that are planned as one, under a name."""

    name: str
    periods: tuple[int, ...]


def grouped(problem: PlanningProblem, groups: Sequence[Group]) -> PlanningProblem:
    """Plan groups of periods as one each: capacities, amounts and hours add up, costs are means.

    Stocks, tanks, ramps, days under way and the filling of lines are left out. An agreement over
    many periods becomes one for each group of which it covers half of the days, with its share of
    the days; `agreed` names it.
    """
    member = np.zeros((problem.periods, len(groups)))
    for g, group in enumerate(groups):
        member[list(group.periods), g] = 1.0
    days = problem.period_days @ member
    mean = (problem.permissions.cost * problem.period_days) @ member / days

    def summed(table: Floats) -> Floats:
        infinite = np.isinf(table)
        added = np.where(infinite, 0.0, table) @ member
        return np.where(infinite.astype(float) @ member > 0, np.inf, added)

    return replace(
        problem,
        period_ids=tuple(group.name for group in groups),
        period_days=days,
        arcs=replace(
            problem.arcs,
            capacity=summed(problem.arcs.capacity),
            travel_d=np.zeros_like(problem.arcs.travel_d),
        ),
        permissions=replace(problem.permissions, cost=mean, cost_at_end=np.zeros(0)),
        supplies=replace(problem.supplies, amount=_if_any(problem.supplies.amount, summed)),
        demands=replace(problem.demands, amount=_if_any(problem.demands.amount, summed)),
        joints=replace(problem.joints, capacity=_if_any(problem.joints.capacity, summed)),
        fleets=replace(problem.fleets, hours=_if_any(problem.fleets.hours, summed)),
        minima=replace(problem.minima, least=_if_any(problem.minima.least, summed)),
        stocks=Stocks(),
        tanks=Tanks(),
        ramps=Ramps(),
        line_fills=LineFills(),
        under_way=UnderWay(),
        contracts=_contracts(problem, groups),
    )


def _if_any(table: Floats, summed: Callable[[Floats], Floats]) -> Floats:
    return summed(table) if len(table) else table


def agreed(name: str, period: str) -> str:
    """Name an agreement in a period of a horizon."""
    return f"{name} {period}"


def _contracts(problem: PlanningProblem, groups: Sequence[Group]) -> Contracts:
    given, days = problem.contracts, problem.period_days
    number: list[int] = []
    at: list[int] = []
    share: list[float] = []
    for g, group in enumerate(groups):
        inside = np.array(group.periods)
        for c, (first, last) in enumerate(zip(given.first, given.last, strict=True)):
            covered = days[inside[(inside >= first) & (inside <= last)]].sum()
            if covered >= _MOST_OF * days[inside].sum():
                number.append(c)
                at.append(g)
                share.append(float(covered / days[first : last + 1].sum()))
    shares, period = np.array(share), np.array(at, np.int64)
    uses = [
        (row, permission, per_unit)
        for row, c in enumerate(number)
        for of, permission, per_unit in zip(
            given.uses.row.tolist(),
            given.uses.permission.tolist(),
            given.uses.per_unit.tolist(),
            strict=True,
        )
        if of == c
    ]
    return Contracts(
        ids=tuple(agreed(given.ids[c], groups[g].name) for c, g in zip(number, at, strict=True)),
        unit=tuple(given.unit[c] for c in number),
        first=period,
        last=period,
        least=given.least[number] * shares,
        price=given.price[number],
        most=given.most[number] * shares,
        uses=Uses(
            row=np.array([row for row, _, _ in uses], np.int64),
            permission=np.array([permission for _, permission, _ in uses], np.int64),
            per_unit=np.array([each for _, _, each in uses]),
        ),
    )


def beside(one: PlanningProblem, other: PlanningProblem) -> PlanningProblem:
    """Put the periods of another problem behind those of one; both have the same ways and limits.

    Raises
    ------
    InvalidInput
        They have not, or one of them has stocks or ramps.
    """
    if _shape(one) != _shape(other) or len(one.stocks.node) or len(one.ramps.arc):
        raise InvalidInput("the two states of a year have other ways or limits")

    def both(first: Floats, second: Floats) -> Floats:
        return np.concatenate([first, second], axis=1) if len(first) else first

    rows = len(one.contracts.ids)
    return replace(
        one,
        period_ids=(*one.period_ids, *other.period_ids),
        period_days=np.concatenate([one.period_days, other.period_days]),
        arcs=replace(one.arcs, capacity=both(one.arcs.capacity, other.arcs.capacity)),
        permissions=replace(
            one.permissions, cost=both(one.permissions.cost, other.permissions.cost)
        ),
        supplies=replace(one.supplies, amount=both(one.supplies.amount, other.supplies.amount)),
        demands=replace(one.demands, amount=both(one.demands.amount, other.demands.amount)),
        joints=replace(one.joints, capacity=both(one.joints.capacity, other.joints.capacity)),
        fleets=replace(one.fleets, hours=both(one.fleets.hours, other.fleets.hours)),
        minima=replace(one.minima, least=both(one.minima.least, other.minima.least)),
        contracts=Contracts(
            ids=(*one.contracts.ids, *other.contracts.ids),
            unit=(*one.contracts.unit, *other.contracts.unit),
            first=np.concatenate([one.contracts.first, other.contracts.first + one.periods]),
            last=np.concatenate([one.contracts.last, other.contracts.last + one.periods]),
            least=np.concatenate([one.contracts.least, other.contracts.least]),
            price=np.concatenate([one.contracts.price, other.contracts.price]),
            most=np.concatenate([one.contracts.most, other.contracts.most]),
            uses=Uses(
                row=np.concatenate([one.contracts.uses.row, other.contracts.uses.row + rows]),
                permission=np.concatenate(
                    [one.contracts.uses.permission, other.contracts.uses.permission]
                ),
                per_unit=np.concatenate(
                    [one.contracts.uses.per_unit, other.contracts.uses.per_unit]
                ),
            ),
        ),
    )


def _shape(problem: PlanningProblem) -> tuple[object, ...]:
    return (
        problem.node_ids,
        problem.commodity_ids,
        problem.arcs.ids,
        problem.supplies.ids,
        problem.demands.ids,
        problem.joints.ids,
        problem.fleets.ids,
        problem.minima.arc.tolist(),
        problem.permissions.arc.tolist(),
        problem.permissions.commodity.tolist(),
    )


def in_order(problem: PlanningProblem, order: Indices) -> PlanningProblem:
    """Put the periods (T,) of a problem without stocks and ramps in another order."""

    def moved(table: Floats) -> Floats:
        return table[:, order] if len(table) else table

    place = np.argsort(order)
    return replace(
        problem,
        period_ids=tuple(problem.period_ids[t] for t in order),
        period_days=problem.period_days[order],
        arcs=replace(problem.arcs, capacity=moved(problem.arcs.capacity)),
        permissions=replace(problem.permissions, cost=moved(problem.permissions.cost)),
        supplies=replace(problem.supplies, amount=moved(problem.supplies.amount)),
        demands=replace(problem.demands, amount=moved(problem.demands.amount)),
        joints=replace(problem.joints, capacity=moved(problem.joints.capacity)),
        fleets=replace(problem.fleets, hours=moved(problem.fleets.hours)),
        minima=replace(problem.minima, least=moved(problem.minima.least)),
        contracts=replace(
            problem.contracts,
            first=place[problem.contracts.first],
            last=place[problem.contracts.last],
        ),
    )


def grown(problem: PlanningProblem, factor: Floats, *, fixed: Collection[str]) -> PlanningProblem:
    """Scale by period (T,) what is there to be moved and what is asked for.

    Parameters
    ----------
    fixed
        Commodities of which what is asked for at a price stays: refineries do not grow with fields.
    """
    stays = np.array([name in fixed for name in problem.commodity_ids], bool)
    stays = stays[problem.demands.commodity] & (problem.demands.price > 0)
    amount = problem.demands.amount.copy()
    amount[~stays] *= factor
    return replace(
        problem,
        supplies=replace(problem.supplies, amount=problem.supplies.amount * factor),
        demands=replace(problem.demands, amount=amount),
    )
