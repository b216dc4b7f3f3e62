"""Which ways can be on a route that is cheaper than leaving the cargo: the others need no column.

Costs are never below 0, so a way over which even the cheapest route costs more than the price of
what is not carried is in no cheapest plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from karvan.services.planning.freight_network import Chain
from karvan.services.planning.onward import Leg, least


def useful(
    chains: Mapping[str, Chain],
    costs: Mapping[str, float],
    *,
    begins: Collection[str],
    ends: Collection[str],
    most: float,
) -> frozenset[str]:
    """Give the chains on some route from a begin to an end that costs no more than `most`."""
    legs = [Leg(chains[name].tail, chains[name].head, cost) for name, cost in costs.items()]
    there = least(legs, dict.fromkeys(begins, 0.0))
    back = least((leg.back for leg in legs), dict.fromkeys(ends, 0.0))
    infinite = float("inf")
    return frozenset(
        name
        for name, cost in costs.items()
        if there.get(chains[name].tail, infinite) + cost + back.get(chains[name].head, infinite)
        <= most
    )
