"""What is under way when a plan begins and ends: where from, and what a unit of it costs.

Ways know how long they take (`Way.travel_h`). Before the first day the first period alone had
always been so, without the events to come; a plan that goes on from an earlier one takes what that
one has sent. At the end a unit is charged the way from where it comes to on to where it is used;
freight is worth what not serving it would cost, less that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from karvan.engines.planner import transit
from karvan.engines.planner.plan import Plan, plan
from karvan.engines.planner.problem import Floats, Indices, PlanningProblem, UnderWay
from karvan.engines.planner.steady import before, first_alone
from karvan.services.planning.freight_yards import ONWARD
from karvan.services.planning.onward import Leg, least
from karvan.services.planning.parts import Way
from karvan.services.planning.timed_demand import Returns, Timed, timed

H_PER_D = 24

#: What is under way by way and commodity: what arrives in each period, and after the last.
ByWay = Mapping[tuple[str, str], tuple[float, ...]]
NOTHING = Timed(demands={}, supplies={}, at_end={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A problem in which ways take as long as they do, and when its freight is asked for."""

    problem: PlanningProblem
    timed: Timed


def travelling(
    problem: PlanningProblem,
    ways: Sequence[Way],
    *,
    waits: Mapping[str, float],
    sold: Collection[str],
    returns: Returns,
    sent: ByWay | None = None,
    asked: Timed = NOTHING,
) -> Moving:
    """Give the problem in which ways take as long as they do.

    Parameters
    ----------
    waits
        Cost of a unit of each commodity that waits over the end of a period.
    sold
        Commodities that are worth nothing until they are where they are used, whenever they come:
        they are charged the way there. All others are worth the price of not serving them.
    returns
        Where boxes are unloaded that go back.
    sent, asked
        What an earlier plan has sent, and when it found freight to be asked for; without `sent`
        the first period goes before.
    """
    hours = {way.id: way.travel_h for way in ways}
    travel = np.array([hours.get(name, 0.0) for name in problem.arcs.ids]) / H_PER_D
    if not travel.any():
        return Moving(problem=problem, timed=NOTHING)
    made = replace(
        problem,
        arcs=replace(problem.arcs, travel_d=travel),
    )
    cost = _aboard(made, waits)
    if sent is not None:
        made = replace(made, under_way=_sent(made, sent, cost))
        return Moving(problem=asked.applied(made), timed=asked)
    alone = plan(first_alone(made))
    found = replace(
        timed(made, alone, sold=sold, returns=returns),
        at_end=costs_at_end(made, alone, sold, waits),
    )
    made = replace(made, under_way=before(made, alone, cost))
    return Moving(problem=found.applied(made), timed=found)


def _aboard(problem: PlanningProblem, waits: Mapping[str, float]) -> Floats:
    """Cost (P,) of a unit that waits aboard over the end of a period: a last resort.

    As much as one left behind, so that sending what nobody can take is no way round a full tank:
    a plan that knows of an outage could not have done it.
    """
    dearest = np.array([waits[kind] for kind in problem.commodity_ids])
    for amounts in (problem.supplies, problem.demands):
        np.maximum.at(dearest, amounts.commodity, amounts.price)
    cost: Floats = dearest[problem.permissions.commodity]
    return cost


def costs_at_end(
    problem: PlanningProblem, alone: Plan, sold: Collection[str], waits: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """Give what a unit costs on from the head of a way, by way and commodity.

    Of what is sold it is the price of the place in the plan of the first period alone: the way on,
    and what limits on it cost that bind. All else is worth what a yard there would be credited:
    the price where it is asked for, less twice the cheapest way on and a day. Where one origin
    serves several places it is worth no more than at its origin, plus the way it has come; there,
    half of what serving the dearest place gains. Otherwise a plan would keep cargo until the end,
    and count it as gone to the nearest place. Where no way leads on, it is worth nothing.
    """
    permissions, arcs, nodes = problem.permissions, problem.arcs, problem.node_ids
    cost = permissions.cost[:, -1].tolist()
    heads = [nodes[arcs.head[a]] for a in permissions.arc]
    tails = [nodes[arcs.tail[a]] for a in permissions.arc]
    prices = dict(zip(alone.model.families[0].assets, alone.row_prices.tolist(), strict=False))
    found = {}
    for k, kind in enumerate(problem.commodity_ids):
        mine = np.flatnonzero(permissions.commodity == k).tolist()
        if kind in sold:
            on = {heads[p]: -prices[f"{heads[p]} {kind}"] for p in mine}
        else:
            legs = [Leg(tails[p], heads[p], cost[p]) for p in mine]
            on = _onward(problem, k, legs, waits[kind] / float(problem.period_days[0]))
        for p in mine:
            found[arcs.ids[permissions.arc[p]], kind] = on.get(heads[p], 0.0)
    return found


def _onward(
    problem: PlanningProblem, commodity: int, legs: Sequence[Leg], day: float
) -> dict[str, float]:
    """Cost on from each place of what is worth its price where it is asked for."""
    asked, supplies = _prices(problem, commodity), problem.supplies
    on = least([leg.back for leg in legs], {place: -each for place, each in asked.items()})
    price = max(asked.values(), default=0.0)
    if price <= 0:
        return on
    left = {place: price - ONWARD * (price + each) - day for place, each in on.items()}
    if len(asked) > 1:
        begins = [problem.node_ids[n] for n in supplies.node[supplies.commodity == commodity]]
        spent = least(legs, dict.fromkeys(begins, 0.0))
        gains = [each - spent[at] for at, each in asked.items() if at in spent]
        at_first = min((each for each in gains if each >= 0), default=0.0) / 2
        left = {place: min(each, at_first + spent.get(place, 0.0)) for place, each in left.items()}
    return {place: -each for place, each in left.items()}


def _prices(problem: PlanningProblem, commodity: int) -> dict[str, float]:
    """The most that a place pays for the commodity not to be missed, by place."""
    demands = problem.demands
    found: dict[str, float] = {}
    for d in np.flatnonzero(demands.commodity == commodity):
        place, price = problem.node_ids[demands.node[d]], float(demands.price[d])
        found[place] = max(price, found.get(place, price))
    return found


def sent_by(found: Plan, periods: int) -> dict[tuple[str, str], tuple[float, ...]]:
    """What is under way when the first `periods` of a plan have passed, by when it arrives.

    What waits aboard by then arrives in the first period.
    """
    problem = found.problem
    permissions, under_way = problem.permissions, problem.under_way
    rest = problem.periods - periods
    comes: Floats = np.zeros((len(permissions.arc), rest + 1))
    arriving = transit.of(problem)
    later = (arriving.departs < periods) & (arriving.arrives >= periods)
    item, departs = arriving.item[later], arriving.departs[later]
    amounts = found.flow[item, departs] * permissions.kept[item] * arriving.share[later]
    np.add.at(comes, (item, arriving.arrives[later] - periods), amounts)
    if len(under_way.permission):
        comes[under_way.permission, :rest] += under_way.amount[:, periods:]
        comes[under_way.permission, rest] += under_way.after
        comes[under_way.permission, 0] += found.waiting[:, periods - 1]
    ids, kinds = problem.arcs.ids, problem.commodity_ids
    return {
        (ids[permissions.arc[p]], kinds[permissions.commodity[p]]): tuple(comes[p].tolist())
        for p in np.flatnonzero(comes.any(axis=1))
    }


def _sent(problem: PlanningProblem, sent: ByWay, cost: Floats) -> UnderWay:
    ids, kinds = problem.arcs.ids, problem.commodity_ids
    pairs = {
        (ids[a], kinds[k]): p
        for p, (a, k) in enumerate(
            zip(problem.permissions.arc, problem.permissions.commodity, strict=True)
        )
    }
    rows: Indices = np.array([pairs[pair] for pair in sent], np.int64)
    table = np.array(list(sent.values())).reshape(len(rows), problem.periods + 1)
    table = np.maximum(table, 0.0)  # What a solver leaves below 0 is rounding.
    return UnderWay(permission=rows, amount=table[:, :-1], after=table[:, -1], cost=cost[rows])
