"""Wagons of the freight as fleets: their hours go into loading, running, borders and the way back.

A wagon of 1520 mm runs on rails of its gauge and on rail ferries; elsewhere a load goes on by other
wagons or by ship. On a way of h hours with b hours at borders one unit takes

    wagons of a unit x (1 + share of the way that it runs back without a load) x (h + b)

and where it is loaded, the hours at both terminals besides: where it begins, and where it comes
back on the rails from a ship or another gauge. Empty boxes ride on platforms that go back anyway.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from karvan.network.links import Link, Mode
from karvan.network.network import Network
from karvan.network.performance import ANY
from karvan.network.places import PlaceId
from karvan.services.planning.freight_base import FreightBase, Good, WagonFleet
from karvan.services.planning.freight_network import Chain
from karvan.services.planning.parts import Fleet, Take, Way
from karvan.services.planning.periods import Periods

GAUGE_MM = 1520
H_PER_D = 24


def wagon_fleets(base: FreightBase, periods: Periods) -> Iterator[Fleet]:
    """Hours of each fleet of wagons."""
    for fleet in base.wagons:
        hours = fleet.wagons * H_PER_D * fleet.working_share * periods.days
        yield Fleet(id=fleet.name, hours=tuple(hours.tolist()))


def wagon_takes(
    network: Network,
    base: FreightBase,
    ways: Collection[Way],
    chains: Mapping[str, Chain],
    hours: Mapping[str, float],
    loads: Mapping[str, tuple[Good, str]],
) -> Iterator[Take]:
    """What each commodity on each way takes of the wagons that carry it.

    Parameters
    ----------
    hours
        By link: running, and half the time between ships.
    loads
        The good of each commodity, and the place where it begins.
    """
    by_wagon = {way.id: _runs(chains[way.id]) for way in ways}
    goes_on = {way.tail for way in ways if by_wagon[way.id]}
    run = {
        way.id: sum(hours[str(link.id)] + border_h(network, link) for link in chains[way.id].links)
        for way in ways
    }
    for way in ways:
        for each in way.carries:
            good, origin = loads[each.commodity]
            fleet = _fleet_for(network, base, good, origin, chains[way.id])
            if fleet is None:
                continue
            spent = (1 + fleet.back) * run[way.id] if by_wagon[way.id] else 0.0
            loaded = by_wagon[way.id] and way.tail == origin
            again = not by_wagon[way.id] and way.head in goes_on
            if loaded or again:
                spent += fleet.terminal_h
            if spent > 0:
                per_unit = spent * good.wagons
                yield Take(of=fleet.name, way=way.id, per_unit=per_unit, commodity=each.commodity)


def _runs(chain: Chain) -> bool:
    """Whether a wagon of the gauge runs all of it."""
    if chain.mode is Mode.RAIL:
        return all(GAUGE_MM in link.gauges for link in chain.links)
    return chain.mode is Mode.RAIL_FERRY


def _fleet_for(
    network: Network, base: FreightBase, good: Good, origin: str, chain: Chain
) -> WagonFleet | None:
    """The first fleet that carries the good from there; by ship, of where the ship comes to."""
    began = network.places[PlaceId(origin)].country
    there = {network.places[PlaceId(chain.head)].country}
    if _runs(chain):
        there |= {country for link in chain.links for country in link.countries}
    fits = (
        fleet
        for fleet in base.wagons
        if good.id in fleet.goods
        and (not fleet.origins or began in fleet.origins)
        and (not fleet.countries or there <= fleet.countries)
    )
    return next(fits, None)


def border_h(network: Network, link: Link) -> float:
    """Hours at the border that a link crosses by rail, on both sides; 0 within a country."""
    ends = [network.places[place].country for place in (link.from_place, link.to_place)]
    if link.mode is not Mode.RAIL or ends[0] == ends[1]:
        return 0.0
    mode = Mode.RAIL.value
    found = [
        network.performance.find(activity, country=country or ANY, mode_from=mode, mode_to=mode)
        for activity, country in zip(("border-exit", "border-entry"), ends, strict=True)
    ]
    return sum((row.value_h or 0.0) for row in found if row is not None)
