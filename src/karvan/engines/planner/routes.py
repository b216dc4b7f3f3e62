"""Routes: a plan's flows told as ways from where goods come from to where they end.

Flows over the time-expanded network are taken apart commodity by commodity (Ahuja, Magnanti and
Orlin, *Network Flows*, 1993, theorem 3.5): follow what leaves a source forward, always along the
largest flow that is left, until a sink, take the least amount along the way off all of it, again.
What then remains runs in circles and is told as such. What is lost on an arc is lost of each way
over it alike. What the routes enter an arc with in a period adds up to its flow. Taken apart in
another order the routes may differ; their sums do not.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import mul

import numpy as np

from karvan.engines.planner import transit
from karvan.engines.planner.plan import Plan

#: Amounts below this share of the largest of a commodity are rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An amount that goes one way.

    Attributes
    ----------
    origin, destination
        Ids of a supply and a demand, or `stock NODE`, `line ARC` for what fills a line, or `under
        way ARC` at the start or the end; both '' for a circle.
    arcs, departures
        Arc ids in order, and the period in which each is entered.
    entering
        Amount that enters each arc.
    amount, arriving
        At the origin, and at the destination: less what is lost between.
    """

    commodity: str
    origin: str
    destination: str
    arcs: tuple[str, ...]
    departures: tuple[str, ...]
    entering: tuple[float, ...]
    amount: float
    arriving: float


#: A node at a period, or a place where goods begin or end.
_Point = tuple[int, int] | str


@dataclass(slots=True)
class _Step:
    """An amount from one point to the next; `arc` is -1 for waiting, beginning and ending.

    Of the amount the share `kept` comes to the next point.
    """

    to: _Point
    arc: int
    period: int
    amount: float
    kept: float = 1.0


def routes(plan: Plan, *, periods: int | None = None) -> tuple[Route, ...]:
    """Take a plan's flows apart; the largest first within a commodity.

    Parameters
    ----------
    periods
        Of the first periods only, 1..T; what then waits ends in its stock. All unless told.
    """
    told = range(plan.problem.periods if periods is None else periods)
    found: list[Route] = []
    for commodity in range(len(plan.problem.commodity_ids)):
        found.extend(_routes_of(plan, commodity, told))
    return tuple(found)


def _routes_of(plan: Plan, commodity: int, periods: range) -> list[Route]:
    steps = _steps(plan, commodity, periods)
    largest = max((step.amount for out in steps.values() for step in out), default=0.0)
    least = _ROUNDING * max(1.0, largest)
    for point in steps:
        steps[point] = [step for step in steps[point] if step.amount > least]
    made: list[Route] = []
    for source in [point for point in steps if isinstance(point, str)]:
        while any(step.amount > least for step in steps[source]):
            made.append(_taken(plan, commodity, source, steps, least))
    for point in list(steps):
        while any(step.amount > least for step in steps[point]):
            made.append(_taken(plan, commodity, point, steps, least))
    joined: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], Route] = {}
    for way in made:
        key = way.origin, way.destination, way.arcs, way.departures
        joined[key] = _together(joined[key], way) if key in joined else way
    return sorted(
        joined.values(),
        key=lambda way: (-way.amount, way.origin, way.destination, way.arcs, way.departures),
    )


def _together(one: Route, other: Route) -> Route:
    return replace(
        one,
        entering=tuple(a + b for a, b in zip(one.entering, other.entering, strict=True)),
        amount=one.amount + other.amount,
        arriving=one.arriving + other.arriving,
    )


def _steps(plan: Plan, commodity: int, periods: range) -> dict[_Point, list[_Step]]:
    """Everything that moves, waits, begins or ends of one commodity."""
    steps: dict[_Point, list[_Step]] = defaultdict(list)
    _add_moves(plan, commodity, periods, steps)
    _add_under_way(plan, commodity, periods, steps)
    _add_stocks(plan, commodity, periods, steps)
    supplies, demands = plan.problem.supplies, plan.problem.demands
    for u in np.flatnonzero(supplies.commodity == commodity):
        node, made = int(supplies.node[u]), supplies.amount[u] - plan.shut_in[u]
        steps[f"<{supplies.ids[u]}"] += [_Step((node, t), -1, t, float(made[t])) for t in periods]
    for d in np.flatnonzero(demands.commodity == commodity):
        node, served = int(demands.node[d]), demands.amount[d] - plan.unserved[d]
        for t in periods:
            steps[node, t].append(_Step(demands.ids[d], -1, t, float(served[t])))
    return steps


def _add_moves(
    plan: Plan, commodity: int, periods: range, steps: dict[_Point, list[_Step]]
) -> None:
    arcs, permissions = plan.problem.arcs, plan.problem.permissions
    kept, filled, found = permissions.kept, plan.filled, transit.of(plan.problem)
    shares: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    of = np.flatnonzero((permissions.commodity == commodity)[found.item])
    entries = (each[of].tolist() for each in (found.item, found.departs, found.arrives))
    for p, t, arrives, part in zip(*entries, found.share[of].tolist(), strict=True):
        shares[p, t].append((arrives, part))
    for p in np.flatnonzero(permissions.commodity == commodity).tolist():
        a = int(permissions.arc[p])
        line, share = f"line {arcs.ids[a]}", float(kept[p])
        tail, head = int(arcs.tail[a]), int(arcs.head[a])
        stay, flows = filled[p].tolist(), plan.flow[p].tolist()
        for t in periods:
            stays, flow, out = stay[t], flows[t], steps[tail, t]
            if stays == flow == 0.0:
                continue
            if stays > 0:
                out.append(_Step(line, a, t, stays))
            for arrives, part in shares[p, t]:
                inside = arrives in periods
                to: _Point = (head, arrives) if inside else f"under way {arcs.ids[a]}"
                out.append(_Step(to, a, t, (flow - max(0.0, stays)) * part, share))
                if stays < 0:
                    steps[f"<{line}"].append(_Step(to, -1, t, -stays * part, share))


def _add_under_way(
    plan: Plan, commodity: int, periods: range, steps: dict[_Point, list[_Step]]
) -> None:
    """What was under way at the start, and what of it still is at the end."""
    problem, under_way = plan.problem, plan.problem.under_way
    for w, p in enumerate(under_way.permission.tolist()):
        if problem.permissions.commodity[p] != commodity:
            continue
        a = int(problem.permissions.arc[p])
        name, before = f"under way {problem.arcs.ids[a]}", 0.0
        out = steps[f"<{name}"]
        for t in periods:
            now = float(plan.waiting[w, t])
            taken = float(under_way.amount[w, t]) + before - now
            out.append(_Step((int(problem.arcs.head[a]), t), -1, t, taken))
            before = now
        late = float(under_way.after[w] + under_way.amount[w, len(periods) :].sum())
        out.append(_Step(name, -1, periods[-1], before + late))


def _add_stocks(
    plan: Plan, commodity: int, periods: range, steps: dict[_Point, list[_Step]]
) -> None:
    stocks = plan.problem.stocks
    for s in np.flatnonzero(stocks.commodity == commodity):
        n = int(stocks.node[s])
        name = f"stock {plan.problem.node_ids[n]}"
        steps[f"<{name}"].append(_Step((n, 0), -1, 0, float(stocks.initial[s])))
        for t in periods:
            end: _Point = (n, t + 1) if t + 1 in periods else name
            steps[n, t].append(_Step(end, -1, t, float(plan.stock[s, t])))


def _taken(
    plan: Plan,
    commodity: int,
    start: _Point,
    steps: dict[_Point, list[_Step]],
    least: float,
) -> Route:
    """Follow the largest flow from a point to a sink, or round a circle, and take it off."""
    way: list[_Step] = []
    seen: dict[_Point, int] = {start: 0}
    at = start
    circle = False
    while True:
        out = [step for step in steps.get(at, ()) if step.amount > least]
        if not out:
            break
        step = max(out, key=lambda each: each.amount)
        way.append(step)
        at = step.to
        if isinstance(at, str):
            break
        if at in seen:
            way = way[seen[at] :]
            circle = True
            break
        seen[at] = len(way)
    shares = list(accumulate((step.kept for step in way), mul, initial=1.0))
    amount = min(step.amount / share for step, share in zip(way, shares, strict=False))
    for step, share in zip(way, shares, strict=False):
        step.amount -= amount * share
    problem = plan.problem
    on_arcs = [(step, share) for step, share in zip(way, shares, strict=False) if step.arc >= 0]
    begins = isinstance(start, str) and not circle
    return Route(
        commodity=problem.commodity_ids[commodity],
        origin=str(start)[1:] if begins else "",
        destination=at if isinstance(at, str) and not circle else "",
        arcs=tuple(problem.arcs.ids[step.arc] for step, _ in on_arcs),
        departures=tuple(problem.period_ids[step.period] for step, _ in on_arcs),
        entering=tuple(amount * share for _, share in on_arcs),
        amount=amount,
        arriving=amount * shares[-1],
    )
