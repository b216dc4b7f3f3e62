"""Which itineraries of the front a quote returns.

(a) the exact front on arrival and price; (b) of each corridor family open to the cargo the
cheapest and the fastest, dominated or not; (c) as many more as it takes that every itinerary
found is within 2 % in CO2e and 6 h in reliability of a returned one that is no worse in price
and arrival. CO2e and reliability add ways, never remove one.
"""

from __future__ import annotations

from typing import Final

from karvan.engines.routing.front import Itinerary, pareto, rank
from karvan.services.quoting.searching import Ways

#: Source: the project's own rule, docs/explanation/quotes.md.
CO2E_WITHIN: Final = 102
SPREAD_WITHIN_MIN: Final = 6 * 60


def select(ways: Ways) -> tuple[Itinerary, ...]:
    """Choose the itineraries to return, in order of arrival, then price."""
    chosen: dict[tuple[int, ...], Itinerary] = {}
    for itinerary in (*pareto(ways.itineraries), *_best_of_families(ways)):
        chosen.setdefault(itinerary.connections, itinerary)
    for itinerary in sorted(ways.itineraries, key=_by_price):
        if not any(covers(other, itinerary) for other in chosen.values()):
            chosen.setdefault(itinerary.connections, itinerary)
    return tuple(sorted(chosen.values(), key=rank))


def covers(other: Itinerary, itinerary: Itinerary) -> bool:
    """Say whether `other` stands for `itinerary`: no worse, and near enough in the rest."""
    return (
        other.arrives_min <= itinerary.arrives_min
        and other.price_micro <= itinerary.price_micro
        and other.co2e_g * 100 <= itinerary.co2e_g * CO2E_WITHIN
        and other.spread_min <= itinerary.spread_min + SPREAD_WITHIN_MIN
    )


def _best_of_families(ways: Ways) -> list[Itinerary]:
    best = []
    for name in sorted(ways.by_family):
        best.append(min(ways.by_family[name], key=_by_price))
        best.append(min(ways.by_family[name], key=rank))
    return best


def _by_price(i: Itinerary) -> tuple[int, int, int, int, tuple[int, ...]]:
    return (i.price_micro, i.arrives_min, i.co2e_g, i.spread_min, i.connections)
