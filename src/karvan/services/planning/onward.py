"""What a unit costs from a place on, and what it is worth there: where it still has a way to go.

A unit in a yard, in a line or on a ship at the end of a plan is neither lost nor served. It is
worth what not serving it would cost, less the cheapest way from there to where it is asked for; the
best of these where several ask. Limits of ways are not looked at: the price is that of a calm day.
Nor is what is lost on ways, for the parts charge it with their costs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from karvan.services.planning.parts import Volume, Way


@dataclass(frozen=True, slots=True)
class Leg:
    """From a place to another at a cost that is never below 0."""

    tail: str
    head: str
    cost: float

    @property
    def back(self) -> Leg:
        """The same the other way."""
        return Leg(self.head, self.tail, self.cost)


def least(legs: Iterable[Leg], begins: Mapping[str, float]) -> dict[str, float]:
    """Least cost to each place that is reached, with what each begin costs at first.

    >>> least([Leg("a", "b", 2.0), Leg("b", "c", 1.0), Leg("a", "c", 4.0)], {"a": 0.0})
    {'a': 0.0, 'b': 2.0, 'c': 3.0}
    """
    beyond: dict[str, list[Leg]] = {}
    for leg in legs:
        beyond.setdefault(leg.tail, []).append(leg)
    best = dict(begins)
    queue = [(cost, place) for place, cost in sorted(begins.items())]
    heapq.heapify(queue)
    while queue:
        cost, here = heapq.heappop(queue)
        if cost > best[here]:
            continue
        for leg in beyond.get(here, ()):
            if cost + leg.cost < best.get(leg.head, float("inf")):
                best[leg.head] = cost + leg.cost
                heapq.heappush(queue, (best[leg.head], leg.head))
    return best


def onward(ways: Iterable[Way], commodity: str, ends: Mapping[str, float]) -> dict[str, float]:
    """Give the least cost of a unit from each place that a way leads on from to one of `ends`.

    Parameters
    ----------
    ends
        What a unit costs that is there, by place; below 0 where it is worth something.
    """
    back = (
        Leg(way.tail, way.head, each.cost).back
        for way in ways
        for each in way.carries
        if each.commodity == commodity
    )
    return least(back, ends)


def worth(ways: Sequence[Way], demands: Sequence[Volume]) -> dict[tuple[str, str], float]:
    """Give what a unit is worth by place and commodity; places with no way on are not in it.

    Below 0 where the way on costs more than not serving, as for all that is sold at price 0.
    """
    ends: dict[str, dict[str, float]] = {}
    for demand in demands:
        known = ends.setdefault(demand.commodity, {})
        known[demand.place] = min(-demand.price, known.get(demand.place, float("inf")))
    return {
        (place, commodity): -cost
        for commodity, places in ends.items()
        for place, cost in onward(ways, commodity, places).items()
    }
