"""When freight is asked for: as much later than it leaves as its usual way takes.

The demand of a year is what sets out, by its season. Where it goes it is asked for when it comes:
by the ways that the first period takes alone, which is the state before the plan. What goes by a
longer way in an outage comes late, and what nobody asks for any more is not served.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from karvan.engines.planner import transit
from karvan.engines.planner.plan import Plan
from karvan.engines.planner.problem import Floats, PlanningProblem
from karvan.engines.planner.routes import Route, routes

#: Share of the laden boxes of a cargo that come back, by cargo of empties and place.
Returns = Mapping[tuple[str, str], Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """What the calm before a plan says of it, for all stages of a study.

    Attributes
    ----------
    demands, supplies
        Amounts (T,) asked for by demand, and of boxes to send back by supply.
    at_end
        Cost of a unit under way after the last period, by way and commodity.
    """

    demands: Mapping[str, Floats]
    supplies: Mapping[str, Floats]
    at_end: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def after(self, periods: int) -> Timed:
        """Without the first periods."""
        return replace(
            self,
            demands={name: each[periods:] for name, each in self.demands.items()},
            supplies={name: each[periods:] for name, each in self.supplies.items()},
        )

    def applied(self, problem: PlanningProblem) -> PlanningProblem:
        """Give the problem with these amounts and costs."""
        permissions, ids = problem.permissions, problem.arcs.ids
        kinds = [problem.commodity_ids[k] for k in permissions.commodity]
        pairs = zip(permissions.arc, kinds, strict=True)
        at_end = np.array([self.at_end.get((ids[a], kind), 0.0) for a, kind in pairs])
        demands, supplies = problem.demands.amount.copy(), problem.supplies.amount.copy()
        for table, names, of in (
            (demands, problem.demands.ids, self.demands),
            (supplies, problem.supplies.ids, self.supplies),
        ):
            for row, name in enumerate(names):
                if name in of:
                    table[row] = of[name]
        return replace(
            problem,
            permissions=replace(permissions, cost_at_end=at_end),
            demands=replace(problem.demands, amount=demands),
            supplies=replace(problem.supplies, amount=supplies),
        )


def timed(
    problem: PlanningProblem, alone: Plan, *, sold: Collection[str], returns: Returns
) -> Timed:
    """Give when freight is asked for.

    Parameters
    ----------
    alone
        The plan of the first period alone.
    sold
        Commodities that are used whenever they come.
    returns
        Where boxes are unloaded that go back: they do when they have come.
    """
    later = _Later(problem)
    made = dict(zip(problem.supplies.ids, problem.supplies.amount, strict=True))
    asked = dict(zip(problem.demands.ids, problem.demands.amount, strict=True))
    ways: dict[str, list[Route]] = defaultdict(list)
    for way in routes(alone):
        if way.origin in made and way.destination in asked and way.commodity not in sold:
            ways[way.destination].append(way)
    empty = {kind for kind, _ in returns}
    demands = {
        name: later.arriving(asked[name], made, found)
        for name, found in ways.items()
        if found[0].commodity not in empty
    }
    supplies = dict(_come_back(problem, later, made, ways, returns))
    back = {**made, **supplies}
    demands |= {
        name: later.arriving(asked[name], back, found)
        for name, found in ways.items()
        if found[0].commodity in empty
    }
    return Timed(demands=demands, supplies=supplies)


class _Later:
    """Amounts by period, as they are after some ways."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.days = problem.period_days
        travel = zip(problem.arcs.ids, problem.arcs.travel_d.tolist(), strict=True)
        self.travel = {arc: days for arc, days in travel if days > 0}
        self.tables: dict[float, tuple[Floats, Floats]] = {}

    def after(self, amounts: Floats, arcs: Sequence[str]) -> Floats:
        """What arrives by period (T,) of amounts that leave, and left before at the first rate."""
        for arc in arcs:
            if arc in self.travel:
                share, before = self._table(self.travel[arc])
                amounts = share @ amounts + before * amounts[0] / self.days[0]
        return amounts

    def arriving(self, asked: Floats, made: Mapping[str, Floats], ways: Sequence[Route]) -> Floats:
        """What is asked for (T,), by the ways that serve it; what they do not, as it is told."""
        served: Floats = np.zeros_like(asked)
        share = 0.0
        for way in ways:
            of = made[way.origin]
            if of[0] > 0 and asked[0] > 0:
                served += way.arriving / of[0] * self.after(of, way.arcs)
                share += way.arriving / asked[0]
        return served + max(0.0, 1.0 - share) * asked

    def _table(self, travel_d: float) -> tuple[Floats, Floats]:
        if travel_d not in self.tables:
            count, found = len(self.days), transit.arrivals(self.days, np.array([travel_d]))
            share: Floats = np.zeros((count + 1, count))
            share[found.arrives, found.departs] = found.share
            before = transit.steady_days(self.days, np.array([travel_d]))[0]
            self.tables[travel_d] = share[:count], before[:count]
        return self.tables[travel_d]


def _come_back(
    problem: PlanningProblem,
    later: _Later,
    made: Mapping[str, Floats],
    ways: Mapping[str, Sequence[Route]],
    returns: Returns,
) -> dict[str, Floats]:
    """Empty boxes by supply: as much later as the laden ones that bring them to the place."""
    supplies, found = problem.supplies, dict[str, Floats]()
    for name, node, k in zip(supplies.ids, supplies.node, supplies.commodity, strict=True):
        place = problem.node_ids[node]
        shares = returns.get((problem.commodity_ids[k], place), {})
        came = [
            (share * way.arriving, way)
            for cargo, share in shares.items()
            for way in ways.get(f"{cargo} at {place}", ())
        ]
        whole = sum(weight for weight, _ in came)
        if whole > 0:
            parts = [weight / whole * later.after(made[name], way.arcs) for weight, way in came]
            found[name] = np.sum(parts, axis=0)
    return found
