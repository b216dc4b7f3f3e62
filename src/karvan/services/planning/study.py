"""A study: the plan of a scenario, its event hidden until its month, told month by month.

The months before the first event are planned as if nothing were to happen; from that month on
everything is planned again with the event, and with what had been decided: ships and rail slots
run at their rates of the month before, tanks hold what they held, caps are used as far.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from karvan.engines.planner.plan import Plan, ShadowPrice, plan
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.planning.oil import MARKET, Start, oil_problem
from karvan.services.planning.scenario import Scenario, bounds_of, covers, share_left
from karvan.services.planning.stages import Stage

#: Whose oil is told, and the country it leaves.
TOLD, COUNTRY = "kazakh", "KZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Thousand tonnes by month (T,) of Kazakh oil: what leaves by which way, and what does not."""

    leaves: Mapping[str, Floats]
    refined: Floats
    sold: Mapping[str, Floats]
    shut_in: Mapping[str, Floats]
    in_tanks: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The answer to a scenario.

    Attributes
    ----------
    told, without
        With the events, and as if there were none.
    limits
        Shadow prices of the months with the event, the dearest first, in 1000 USD a unit.
    gap, worst_residual
        The larger of the plans': how far from proven, and what a second reading found.
    stages, usual
        The plans behind `told`, one after the other, and the one behind `without`.
    """

    scenario: Scenario
    network_hash: str
    months: tuple[str, ...]
    event_from: str
    told: Months
    without: Months
    extra_cost_kusd: float
    limits: tuple[ShadowPrice, ...]
    gap: float
    worst_residual: float
    solver: str
    stages: tuple[Stage, ...]
    usual: Stage


def study(network: Network, scenario: Scenario, options: SolverOptions | None = None) -> Study:
    """Plan a scenario.

    Raises
    ------
    InvalidTables
        The scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    calm = plan(oil_problem(network, scenario, events=()), options)
    without = _months(network, [calm])
    first = _first_month(scenario)
    plans = [calm]
    if first is not None:
        start = _decided(calm, first) if first else None
        problem = oil_problem(network, scenario, events=scenario.event, skip=first, start=start)
        plans.append(plan(problem, options))
    told = without if first is None else _joined(without, _months(network, plans[1:]), first)
    months = calm.problem.period_ids
    return Study(
        scenario=scenario,
        network_hash=network.hashes.network,
        months=months,
        event_from="" if first is None else months[first],
        told=told,
        without=without,
        extra_cost_kusd=_extra_cost(calm, plans[-1], first),
        limits=plans[-1].shadow_prices(),
        gap=max(abs(each.certificate.gap) for each in plans),
        worst_residual=max(each.residuals.worst for each in plans),
        solver=calm.solver,
        stages=_stages(calm, plans[-1], first),
        usual=Stage(plan=calm, periods=len(months)),
    )


def _stages(calm: Plan, struck: Plan, first: int | None) -> tuple[Stage, ...]:
    """The months before the event as they were planned, the others as they were planned again."""
    months = calm.problem.periods
    if first is None:
        return (Stage(plan=calm, periods=months),)
    before = (Stage(plan=calm, periods=first),) if first else ()
    return (*before, Stage(plan=struck, periods=months - first))


def _first_month(scenario: Scenario) -> int | None:
    """Number of the first month in which an event takes capacity."""
    bounds = bounds_of(scenario)
    for month, (begin, end) in enumerate(pairwise(bounds)):
        for asset in {event.asset for event in scenario.event}:
            if share_left(scenario.event, asset, begin, end) < 1:
                return month
    return None


def _decided(calm: Plan, first: int) -> Start:
    """What had been decided when the month `first` begins."""
    problem, last = calm.problem, first - 1
    carried = np.zeros(len(problem.arcs.ids))
    np.add.at(carried, problem.permissions.arc, calm.flow[:, last])
    stocks = problem.stocks
    uses = problem.contracts.uses
    moved = np.zeros(len(problem.contracts.ids))
    np.add.at(moved, uses.row, calm.flow[uses.permission, :first].sum(axis=1))
    return Start(
        carried_kt_d=dict(
            zip(problem.arcs.ids, (carried / problem.period_days[last]).tolist(), strict=True)
        ),
        stock_kt={
            (problem.node_ids[n], problem.commodity_ids[k]): float(held)
            for n, k, held in zip(stocks.node, stocks.commodity, calm.stock[:, last], strict=True)
        },
        under_cap_kt=dict(zip(problem.contracts.ids, moved.tolist(), strict=True)),
    )


def _extra_cost(calm: Plan, struck: Plan, first: int | None) -> float:
    """Cost of the months from `first` on, less what they would have cost."""
    if first is None:
        return 0.0
    problem = calm.problem
    usual = sum(
        float((amounts[:, first:] * np.reshape(prices, (-1, 1))).sum())
        for amounts, prices in (
            (calm.stock, problem.stocks.cost),
            (calm.shut_in, problem.supplies.price),
            (calm.unserved, problem.demands.price),
        )
    )
    usual += float((calm.flow * problem.permissions.cost)[:, first:].sum())
    usual -= float(calm.stock[:, -1] @ problem.stocks.worth_at_end)
    return struck.cost - usual


def _months(network: Network, plans: Sequence[Plan]) -> Months:
    (found,) = plans
    problem = found.problem
    told = np.array([covers(TOLD, each) for each in problem.commodity_ids])
    none = np.zeros(problem.periods)
    leaves: dict[str, Floats] = {}
    sold: dict[str, Floats] = {}
    for p in np.flatnonzero(told[problem.permissions.commodity]):
        arc = problem.permissions.arc[p]
        tail = problem.node_ids[problem.arcs.tail[arc]]
        head = problem.node_ids[problem.arcs.head[arc]]
        if _country(network, tail) == COUNTRY != _country(network, head):
            way = problem.arcs.ids[arc]
            leaves[way] = leaves.get(way, none) + found.flow[p]
        if head == MARKET:
            sold[tail] = sold.get(tail, none) + found.flow[p]
    supplies, demands, stocks = problem.supplies, problem.demands, problem.stocks
    inland = told[demands.commodity] & (demands.price > 0)
    in_tanks: dict[str, Floats] = {}
    for s in np.flatnonzero(told[stocks.commodity]):
        place = problem.node_ids[stocks.node[s]]
        in_tanks[place] = in_tanks.get(place, none) + found.stock[s]
    return Months(
        leaves=leaves,
        refined=(demands.amount - found.unserved)[inland].sum(axis=0),
        sold=sold,
        shut_in={
            supplies.ids[u]: found.shut_in[u] for u in np.flatnonzero(told[supplies.commodity])
        },
        in_tanks=in_tanks,
    )


def _country(network: Network, place: str) -> str:
    found = {str(each.id): each.country for each in network.places.values()}.get(place)
    return found or ""


def _joined(before: Months, after: Months, first: int) -> Months:
    """The months before `first` of one, the others of the other."""

    def rows(old: Mapping[str, Floats], new: Mapping[str, Floats]) -> Mapping[str, Floats]:
        months = first + len(after.refined)
        none = np.zeros(months)
        return {
            name: np.concatenate([old.get(name, none)[:first], new.get(name, none[first:])])
            for name in dict.fromkeys((*old, *new))
        }

    return Months(
        leaves=rows(before.leaves, after.leaves),
        refined=np.concatenate([before.refined[:first], after.refined]),
        sold=rows(before.sold, after.sold),
        shut_in=rows(before.shut_in, after.shut_in),
        in_tanks=rows(before.in_tanks, after.in_tanks),
    )
