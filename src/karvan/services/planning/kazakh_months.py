"""Kazakh oil by period, read from plans: what leaves by which way, and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from karvan.engines.planner.plan import Plan
from karvan.engines.planner.problem import Floats
from karvan.network.network import Network
from karvan.services.planning.oil import COMMODITIES
from karvan.services.planning.oil_lines import MARKET
from karvan.services.planning.scenario import covers
from karvan.services.planning.stages import Stage

#: Whose oil is told, and the country it leaves.
TOLD, COUNTRY = "kazakh", "KZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """Thousand tonnes by period (T,) of Kazakh oil: what leaves by which way, and what does not.

    Attributes
    ----------
    tanks
        All oil in tanks, Kazakh or not: whose of two it is that waits costs the same.
    under_way
        By link, at the end of the period.
    lost, filled
        On the way; and what went into lines to fill them, by link, all oil alike.
    """

    leaves: Mapping[str, Floats]
    refined: Floats
    sold: Mapping[str, Floats]
    shut_in: Mapping[str, Floats]
    in_tanks: Mapping[str, Floats]
    tanks: Mapping[str, Floats]
    under_way: Mapping[str, Floats]
    lost: Floats
    filled: Mapping[str, Floats]


def months_of_stages(network: Network, stages: Sequence[Stage]) -> Months:
    """Put the periods together that each plan decided."""
    each = [(_of_plan(network, stage.plan), stage.periods) for stage in stages]

    def rows(name: str) -> Mapping[str, Floats]:
        tables: list[tuple[Mapping[str, Floats], int]] = [
            (getattr(told, name), periods) for told, periods in each
        ]
        ways = dict.fromkeys(way for table, _ in tables for way in table)
        return {
            way: np.concatenate(
                [table.get(way, np.zeros(periods))[:periods] for table, periods in tables]
            )
            for way in ways
        }

    return Months(
        leaves=rows("leaves"),
        refined=np.concatenate([told.refined[:periods] for told, periods in each]),
        sold=rows("sold"),
        shut_in=rows("shut_in"),
        in_tanks=rows("in_tanks"),
        tanks=rows("tanks"),
        under_way=rows("under_way"),
        lost=np.concatenate([told.lost[:periods] for told, periods in each]),
        filled=rows("filled"),
    )


def _of_plan(network: Network, found: Plan) -> Months:
    problem = found.problem
    told = np.array([covers(TOLD, each) for each in problem.commodity_ids])
    none = np.zeros(problem.periods)
    leaves: dict[str, Floats] = {}
    sold: dict[str, Floats] = {}
    countries = {str(each.id): each.country for each in network.places.values()}
    for p in np.flatnonzero(told[problem.permissions.commodity]):
        arc = problem.permissions.arc[p]
        tail = problem.node_ids[problem.arcs.tail[arc]]
        head = problem.node_ids[problem.arcs.head[arc]]
        if countries.get(tail) == COUNTRY != countries.get(head):
            way = problem.arcs.ids[arc]
            leaves[way] = leaves.get(way, none) + found.flow[p]
        if head == MARKET:
            sold[tail] = sold.get(tail, none) + found.flow[p]
    moving: dict[str, Floats] = {}
    level = found.under_way
    travels = problem.arcs.travel_d[problem.permissions.arc] > 0
    for p in np.flatnonzero(told[problem.permissions.commodity] & travels):
        way = problem.arcs.ids[problem.permissions.arc[p]]
        moving[way] = moving.get(way, none) + level[p]
    supplies, demands, stocks = problem.supplies, problem.demands, problem.stocks
    inland = told[demands.commodity] & (demands.price > 0)
    in_tanks: dict[str, Floats] = {}
    tanks: dict[str, Floats] = {}
    for s, node in enumerate(stocks.node):
        place = problem.node_ids[node]
        if problem.commodity_ids[stocks.commodity[s]] in COMMODITIES:
            tanks[place] = tanks.get(place, none) + found.stock[s]
        if told[stocks.commodity[s]]:
            in_tanks[place] = in_tanks.get(place, none) + found.stock[s]
    return Months(
        leaves=leaves,
        refined=(demands.amount - found.unserved)[inland].sum(axis=0),
        sold=sold,
        shut_in={
            supplies.ids[u]: found.shut_in[u] for u in np.flatnonzero(told[supplies.commodity])
        },
        in_tanks=in_tanks,
        tanks=tanks,
        under_way=moving,
        lost=found.lost[told[problem.permissions.commodity]].sum(axis=0),
        filled={
            problem.arcs.ids[a]: found.filled[problem.permissions.arc == a].sum(axis=0)
            for a in problem.line_fills.arc
        },
    )
