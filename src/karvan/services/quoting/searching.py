"""The searches behind one quote.

One search over everything gives the exact front; corridor families do not count in it, so
what is found early rules out most of the rest. Then one search for each family, over the
segments that belong to it or to none, gives the family's best. A way that belongs to several
families (north to Moscow and back to the Caspian) is nobody's best, though it may be on the
front.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.engines.routing.front import (
    Front,
    FrontQuery,
    Itinerary,
    SearchNetwork,
    compile_search,
)
from karvan.network.activity_times import ActivityTimes, FootprintArrays
from karvan.network.regimes import RegimeAutomaton
from karvan.network.tariff_arrays import TariffArrays
from karvan.services.quoting.corridor import Corridor

#: How far past the ready date departures are looked for.
SEARCH_MIN: Final = 100 * 24 * 60


class Networks:
    """Networks laid out for one cargo, kept under their names while their columns are the same.

    Several threads may ask at once.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[object, ...], SearchNetwork]] = {}

    def get(
        self, name: str, columns: tuple[object, ...], make: Callable[[], SearchNetwork]
    ) -> SearchNetwork:
        """Give the network of these very columns, laid out now if it has to be."""
        found = self._kept.get(name)
        if found is not None and all(map(operator.is_, found[0], columns)):
            return found[1]
        network = make()
        self._kept[name] = (columns, network)
        return network


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArrays:
    """What a search reads for one cargo: the compiled corridor with prices, rules and grams.

    Attributes
    ----------
    via
        (S,) bit i where a segment uses the i-th thing that every way must use.
    networks
        Where the networks of these arrays are kept, for as long as `via` is the same.
    """

    corridor: Corridor
    tariffs: TariffArrays
    regimes: RegimeAutomaton
    times: ActivityTimes
    footprints: FootprintArrays
    via: NDArray[np.int64]
    networks: Networks = field(default_factory=Networks)

    @property
    def columns(self) -> tuple[object, ...]:
        """What a network is laid out from, beside the corridor and `via`."""
        return (self.tariffs, self.regimes, self.times, self.footprints)

    @property
    def required(self) -> int:
        """Bits of everything that every way must use."""
        return int(np.bitwise_or.reduce(self.via, initial=0))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Where and when a way begins and ends: place indices, and minutes since the epoch."""

    origins: tuple[int, ...]
    destinations: tuple[int, ...]
    ready_min: int

    @property
    def known(self) -> bool:
        """Whether any service calls at both ends."""
        return bool(self.origins and self.destinations)


def search_ways(arrays: SearchArrays, ends: Ends) -> Ways:
    """Search for the front, and for the best of each family."""
    if not ends.known:
        return Ways(itineraries=(), by_family={}, bounded=False)
    network = _network(arrays, "all")
    front = _search(arrays, network, _query(ends, criteria=4))
    by_family: dict[str, tuple[Itinerary, ...]] = {}
    bounded = front.bounded
    for i, family in enumerate(arrays.corridor.families):
        found = _search_family(arrays, network, _query(ends, criteria=2), i)
        bounded |= found.bounded
        if found.itineraries:
            by_family[family.id] = found.itineraries
    return Ways(itineraries=front.itineraries, by_family=by_family, bounded=bounded)


def search_lifted(arrays: SearchArrays, ends: Ends) -> tuple[Itinerary, ...]:
    """Search for the front on arrival and price as if this cargo had no rules.

    Joint tariffs are left out: where no rule counts a joint price without a rate would.
    """
    if not ends.known:
        return ()
    query = replace(_query(ends, criteria=2), lift_rules=True)
    network = arrays.networks.get(
        "lifted",
        arrays.columns,
        lambda: _compiled(replace(arrays, tariffs=national_alone(arrays.tariffs))),
    )
    return _search(arrays, network, query).itineraries


def search_cheaply(arrays: SearchArrays, ends: Ends) -> tuple[Itinerary, ...]:
    """Search for the front on arrival and price alone."""
    if not ends.known:
        return ()
    network = _network(arrays, "cheaply")
    return _search(arrays, network, _query(ends, criteria=2)).itineraries


def in_time(ways: Ways, latest_min: int) -> tuple[Ways, int]:
    """Keep the ways planned to arrive in time, if there are any; says how many were left out."""
    kept = tuple(way for way in ways.itineraries if way.arrives_min <= latest_min)
    if not kept:
        return ways, 0
    families = {
        name: tuple(way for way in found if way.arrives_min <= latest_min)
        for name, found in ways.by_family.items()
    }
    return (
        replace(
            ways,
            itineraries=kept,
            by_family={name: found for name, found in families.items() if found},
        ),
        len(ways.itineraries) - len(kept),
    )


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


def _query(ends: Ends, *, criteria: int) -> FrontQuery:
    return FrontQuery(
        origins=ends.origins,
        destinations=ends.destinations,
        ready_min=ends.ready_min,
        latest_departure_min=ends.ready_min + SEARCH_MIN,
        criteria=criteria,
    )


def _network(arrays: SearchArrays, name: str) -> SearchNetwork:
    return arrays.networks.get(name, arrays.columns, lambda: _compiled(arrays))


def _compiled(arrays: SearchArrays) -> SearchNetwork:
    """Lay the arrays out; the families of segments are what every way must use."""
    return compile_search(
        replace(arrays.corridor.segment_arrays, family=arrays.via),
        arrays.corridor.connections,
        arrays.tariffs,
        arrays.regimes,
        arrays.times,
        arrays.footprints,
    )


def _search(arrays: SearchArrays, network: SearchNetwork, query: FrontQuery) -> Front:
    """Search over everything; the families of each way are told afterwards."""
    front = network.front(replace(query, required_families=arrays.required))
    return _with_families(arrays.corridor, front)


def _search_family(
    arrays: SearchArrays, network: SearchNetwork, query: FrontQuery, i: int
) -> Front:
    """Search over the segments of one family and of none; the way must use the family."""
    narrowed = arrays.networks.get(
        f"family-{i}", arrays.columns, lambda: _narrowed(arrays, network, 1 << i)
    )
    front = narrowed.front(replace(query, required_families=1 | arrays.required << 1))
    return _with_families(arrays.corridor, front)


def _narrowed(arrays: SearchArrays, network: SearchNetwork, bit: int) -> SearchNetwork:
    family = arrays.corridor.segment_arrays.family
    foreign = (family & ~bit) != 0
    open_refusal = np.where(foreign & (arrays.regimes.refusal == 0), 1, arrays.regimes.refusal)
    return network.changed(
        family=np.sign(family & bit) | arrays.via << 1,
        regimes=replace(arrays.regimes, refusal=open_refusal.astype(np.int32)),
    )


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
