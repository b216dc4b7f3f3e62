"""What came when, of what was asked for when: on time, later, not yet, or not at all.

A plan counts what comes late in a stock of its own at the place that asks (see `freight_yards`).
Here it is told again by what came in each period. What comes beyond what is asked for in a period
is for the first period in which something was missing; what still waits at the end is for the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from karvan.engines.planner.plan import Plan
from karvan.engines.planner.problem import Floats, Indices, PlanningProblem
from karvan.services.planning.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Of what was asked for in each period (T,): what came late, what waits, what is not served.

    Attributes
    ----------
    came
        In each period, for whichever was asked.
    """

    asked: Floats
    came: Floats
    late: Floats
    waits: Floats
    unserved: Floats


def late_stocks(problem: PlanningProblem) -> Indices:
    """Stock (D,) that counts what comes late for each demand, -1 for none."""
    stocks, demands = problem.stocks, problem.demands
    at = {
        (int(node), int(kind)): row
        for row, (node, kind, tank) in enumerate(
            zip(stocks.node, stocks.commodity, stocks.tank, strict=True)
        )
        if tank < 0
    }
    found = [
        at.get((int(node), int(kind)), -1) if price > 0 else -1
        for node, kind, price in zip(demands.node, demands.commodity, demands.price, strict=True)
    ]
    return np.array(found, np.int64)


def late(plan: Plan) -> Floats:
    """What each demand (D, T) is counted to get late in each period, below 0 where taken back."""
    rows, stock = late_stocks(plan.problem), plan.stock
    found = np.zeros(plan.unserved.shape)
    has = np.flatnonzero(rows >= 0)
    if len(has):
        before = np.column_stack([plan.problem.stocks.initial, stock[:, :-1]])
        found[has] = (stock - before)[rows[has]]
    return found


def came(plan: Plan) -> Floats:
    """What comes to each demand (D, T) in each period, whenever it was asked for."""
    found: Floats = plan.problem.demands.amount - plan.unserved + late(plan)
    return found


def served(stages: Sequence[Stage]) -> Mapping[str, Served]:
    """Tell each demand by its id over the periods that each plan decided."""
    asked: dict[str, list[Floats]] = defaultdict(list)
    arrived: dict[str, list[Floats]] = defaultdict(list)
    for stage in stages:
        demands, found = stage.plan.problem.demands, came(stage.plan)
        for row, name in enumerate(demands.ids):
            asked[name].append(demands.amount[row, : stage.periods])
            arrived[name].append(found[row, : stage.periods])
    last = stages[-1]
    waiting = waiting_at_end(last)
    kinds = last.plan.problem.demands.commodity
    left = {
        name: waiting.get(int(kind), 0.0)
        for name, kind in zip(last.plan.problem.demands.ids, kinds, strict=True)
    }
    return {
        name: _served(np.concatenate(asked[name]), np.concatenate(arrived[name]), left[name])
        for name in asked
    }


def waiting_at_end(stage: Stage) -> Mapping[int, float]:
    """What waits in yards and tanks at the end of a stage, by number of the commodity."""
    stocks, found = stage.plan.problem.stocks, defaultdict[int, float](float)
    for row in np.flatnonzero(stocks.tank >= 0):
        found[int(stocks.commodity[row])] += float(stage.plan.stock[row, stage.periods - 1])
    return found


def _served(asked: Floats, arrived: Floats, waiting: float) -> Served:
    missing = np.maximum(0.0, asked - arrived)
    late = _filled(missing, float(np.maximum(0.0, arrived - asked).sum()))
    waits = _filled((missing - late)[::-1], max(0.0, waiting))[::-1]
    return Served(
        asked=asked, came=arrived, late=late, waits=waits, unserved=missing - late - waits
    )


def _filled(room: Floats, amount: float) -> Floats:
    """An amount put into rooms, the first ones first.

    >>> _filled(np.array([2.0, 3.0, 4.0]), 4.0).tolist()
    [2.0, 2.0, 0.0]
    """
    before = np.cumsum(room) - room
    return np.minimum(room, np.maximum(0.0, amount - before))
