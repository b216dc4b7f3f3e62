"""Which ways can be on a route that is cheaper than leaving the cargo: the others need no column.

Costs are never below 0, so a way over which even the cheapest route costs more than the price of
what is not carried is in no cheapest plan.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping

from karvan.services.planning.freight_network import Chain


def useful(
    chains: Mapping[str, Chain],
    costs: Mapping[str, float],
    *,
    begins: Collection[str],
    ends: Collection[str],
    most: float,
) -> frozenset[str]:
    """Give the chains on some route from a begin to an end that costs no more than `most`."""
    there = _least({name: (chains[name].tail, chains[name].head) for name in costs}, costs, begins)
    back = _least({name: (chains[name].head, chains[name].tail) for name in costs}, costs, ends)
    infinite = float("inf")
    return frozenset(
        name
        for name, cost in costs.items()
        if there.get(chains[name].tail, infinite) + cost + back.get(chains[name].head, infinite)
        <= most
    )


def _least(
    ends: Mapping[str, tuple[str, str]], costs: Mapping[str, float], begins: Collection[str]
) -> Mapping[str, float]:
    """Least cost from any of `begins` to each place."""
    beyond: dict[str, list[tuple[str, float]]] = {}
    for name, (tail, head) in ends.items():
        beyond.setdefault(tail, []).append((head, costs[name]))
    best = dict.fromkeys(begins, 0.0)
    queue = [(0.0, place) for place in sorted(begins)]
    while queue:
        cost, at = heapq.heappop(queue)
        if cost > best[at]:
            continue
        for to, more in beyond.get(at, ()):
            if cost + more < best.get(to, float("inf")):
                best[to] = cost + more
                heapq.heappush(queue, (cost + more, to))
    return best
