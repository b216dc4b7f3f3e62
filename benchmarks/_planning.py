"""Random planning problems of a given size, shared by the benchmarks of the planner.

Ports on a strip with two neighbours each way on average, an arc between near ones, commodities
that enter at some nodes and are asked for at others, stocks at a third of the nodes that share a
tank, one fleet on a tenth of the arcs. Whole numbers, so that costs can be compared closely.
"""

from __future__ import annotations

import numpy as np

from karvan.engines.planner.problem import (
    Amounts,
    Arcs,
    Fleets,
    Permissions,
    PlanningProblem,
    Stocks,
    Tanks,
    Uses,
)


def random_problem(
    nodes: int, arcs: int, commodities: int, periods: int, seed: int = 11
) -> PlanningProblem:
    rng = np.random.default_rng(seed)
    place = np.sort(rng.uniform(0, 9_000, nodes))
    pairs: set[tuple[int, int]] = {(i, i + 1) for i in range(nodes - 1)}
    while len(pairs) < arcs:
        tail = int(rng.integers(nodes))
        head = int(np.abs(place - place[tail] - rng.normal(600, 500)).argmin())
        if head != tail:
            pairs.add((tail, head))
    ends = np.array(sorted(pairs), np.int64)
    kilometres = np.abs(place[ends[:, 0]] - place[ends[:, 1]]) + 20
    unit_cost = np.round(kilometres * rng.uniform(0.02, 0.06, arcs), 2)
    arc = np.repeat(np.arange(arcs), commodities)
    commodity = np.tile(np.arange(commodities), arcs)
    cost = np.repeat(np.round(unit_cost[arc] * rng.uniform(0.9, 1.2, len(arc)), 2)[:, None],
                     periods, axis=1)  # fmt: skip
    supply = _amounts(rng, "s", nodes // 2, 0, nodes, commodities, periods, 2_000)
    demand = _amounts(rng, "d", nodes - nodes // 2, nodes // 2, nodes, commodities, periods, 2_000)
    tanks = np.arange(0, nodes, 3)
    held = len(tanks) * commodities
    on_ships = np.flatnonzero(arc % 10 == 0)
    return PlanningProblem(
        node_ids=tuple(f"n{i}" for i in range(nodes)),
        commodity_ids=tuple(f"k{i}" for i in range(commodities)),
        commodity_units=("t",) * commodities,
        period_ids=tuple(f"p{i}" for i in range(periods)),
        period_days=np.full(periods, 7.0),
        currency="USD",
        arcs=Arcs(
            ids=tuple(f"a{i}" for i in range(arcs)),
            tail=ends[:, 0],
            head=ends[:, 1],
            travel_d=np.zeros(arcs),
            capacity=np.repeat(rng.integers(200, 900, (arcs, 1)).astype(float), periods, axis=1),
            unit=("t",) * arcs,
            carrier=("",) * arcs,
            country=("",) * arcs,
        ),
        permissions=Permissions(arc=arc, commodity=commodity, cost=cost, use=np.ones(len(arc))),
        supplies=supply,
        demands=demand,
        stocks=Stocks(
            node=np.repeat(tanks, commodities),
            commodity=np.tile(np.arange(commodities), len(tanks)),
            limit=np.full(held, 500.0),
            initial=np.zeros(held),
            cost=np.full(held, 1.0),
            worth_at_end=np.zeros(held),
            tank=np.repeat(np.arange(len(tanks)), commodities),
            room=np.ones(held),
        ),
        tanks=Tanks(
            ids=tuple(f"n{i}" for i in tanks),
            unit=("t",) * len(tanks),
            limit=np.full(len(tanks), 800.0),
        ),
        fleets=Fleets(
            ids=("ships",),
            hours=np.full((1, periods), 60.0 * len(on_ships)),
            uses=Uses(
                row=np.zeros(len(on_ships), np.int64),
                permission=on_ships,
                per_unit=rng.uniform(1, 4, len(on_ships)),
            ),
        ),
    )


def _amounts(
    rng: np.random.Generator,
    name: str,
    count: int,
    first: int,
    nodes: int,
    commodities: int,
    periods: int,
    price: float,
) -> Amounts:
    """`count` nodes from `first` on, each with one commodity."""
    node = (first + np.arange(count)) % nodes
    kind = np.arange(count) % commodities
    level = rng.integers(100, 500, (count, 1)) * rng.uniform(0.7, 1.3, (count, periods))
    return Amounts(
        ids=tuple(f"{name}{i}" for i in range(count)),
        node=node,
        commodity=kind,
        amount=np.round(level),
        price=np.full(count, price if name == "d" else 0.0),
    )
