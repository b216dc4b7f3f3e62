"""The searches behind one quote.

One search over everything gives the exact front; corridor families do not count in it, so
what is found early rules out most of the rest. Then one search for each family, over the
segments that belong to it or to none, gives the family's best. A way that belongs to several
families (north to Moscow and back to the Caspian) is nobody's best, though it may be on the
front.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from karvan.engines.routing.front import Front, FrontQuery, Itinerary, search_front
from karvan.network.activity_times import ActivityTimes, FootprintArrays
from karvan.network.regimes import RegimeAutomaton
from karvan.network.tariff_arrays import TariffArrays
from karvan.services.quoting.corridor import Corridor

#: How far past the ready date departures are looked for.
SEARCH_MIN: Final = 100 * 24 * 60

_NO_FRONT: Final = Front(itineraries=(), bounded=False, labels=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArrays:
    """What a search reads for one cargo: the compiled corridor with prices, rules and grams."""

    corridor: Corridor
    tariffs: TariffArrays
    regimes: RegimeAutomaton
    times: ActivityTimes
    footprints: FootprintArrays


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What was found.

    Attributes
    ----------
    itineraries
        Every feasible way is matched or beaten on arrival, price, CO2e and spread by one of
        these.
    by_family
        For each corridor family open to the cargo its ways that no other of it beats on
        arrival and price.
    bounded
        A label limit was reached: ways may be missing.
    """

    itineraries: tuple[Itinerary, ...]
    by_family: Mapping[str, tuple[Itinerary, ...]]
    bounded: bool


def search_ways(
    arrays: SearchArrays, origins: tuple[int, ...], destinations: tuple[int, ...], ready_min: int
) -> Ways:
    """Search for the front, and for the best of each family."""
    query = _query(origins, destinations, ready_min, criteria=4)
    front = _search(arrays, query)
    by_family: dict[str, tuple[Itinerary, ...]] = {}
    bounded = front.bounded
    for i, family in enumerate(arrays.corridor.families):
        found = _search_family(arrays, replace(query, criteria=2), 1 << i)
        bounded |= found.bounded
        if found.itineraries:
            by_family[family.id] = found.itineraries
    return Ways(itineraries=front.itineraries, by_family=by_family, bounded=bounded)


def search_lifted(
    arrays: SearchArrays, origins: tuple[int, ...], destinations: tuple[int, ...], ready_min: int
) -> tuple[Itinerary, ...]:
    """Search for the front on arrival and price as if this cargo had no rules.

    Joint tariffs are left out: where no rule counts a joint price without a rate would.
    """
    query = _query(origins, destinations, ready_min, criteria=2)
    plain = replace(arrays, tariffs=national_alone(arrays.tariffs))
    return _search(plain, replace(query, lift_rules=True)).itineraries


def beats(way: Itinerary, other: Itinerary) -> bool:
    """Say whether `other` is no later and no dearer than `way`."""
    return other.arrives_min <= way.arrives_min and other.price_micro <= way.price_micro


def national_alone(tariffs: TariffArrays) -> TariffArrays:
    """The same arrays without the joint tariffs."""
    return replace(
        tariffs,
        leaves_zone=tariffs.leaves_zone[:1],
        exit_place=tariffs.exit_place[:1],
        through_price=tariffs.through_price[:1],
        enters_zone=tariffs.enters_zone[:1],
        entry_place=tariffs.entry_place[:1],
        transfer_price=tariffs.transfer_price[:1],
        system_of_zone=np.zeros_like(tariffs.system_of_zone),
    )


def _query(
    origins: tuple[int, ...], destinations: tuple[int, ...], ready_min: int, *, criteria: int
) -> FrontQuery:
    return FrontQuery(
        origins=origins,
        destinations=destinations,
        ready_min=ready_min,
        latest_departure_min=ready_min + SEARCH_MIN,
        criteria=criteria,
    )


def _search(arrays: SearchArrays, query: FrontQuery) -> Front:
    """Search over everything; the families of each way are told afterwards."""
    if not query.origins or not query.destinations:
        return _NO_FRONT
    segments = arrays.corridor.segment_arrays
    plain = replace(segments, family=np.zeros_like(segments.family))
    front = search_front(
        plain,
        arrays.corridor.connections,
        arrays.tariffs,
        arrays.regimes,
        arrays.times,
        arrays.footprints,
        query,
    )
    return _with_families(arrays.corridor, front)


def _search_family(arrays: SearchArrays, query: FrontQuery, bit: int) -> Front:
    """Search over the segments of one family and of none; the way must use the family."""
    if not query.origins or not query.destinations:
        return _NO_FRONT
    segments = arrays.corridor.segment_arrays
    foreign = (segments.family & ~bit) != 0
    refusal = np.where(foreign, 1, arrays.regimes.refusal).astype(np.int32)
    front = search_front(
        replace(segments, family=np.sign(segments.family & bit)),
        arrays.corridor.connections,
        arrays.tariffs,
        replace(arrays.regimes, refusal=refusal),
        arrays.times,
        arrays.footprints,
        replace(query, required_families=1),
    )
    return _with_families(arrays.corridor, front)


def _with_families(corridor: Corridor, front: Front) -> Front:
    families = corridor.segment_arrays.family[corridor.connections.segment]
    return replace(
        front,
        itineraries=tuple(
            replace(
                itinerary,
                family=int(np.bitwise_or.reduce(families[list(itinerary.connections)])),
            )
            for itinerary in front.itineraries
        ),
    )
