"""What an asset that loses capacity stands for in the freight: ways, ports and fleets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from karvan.services.planning.freight import Freight
from karvan.services.planning.freight_network import BY_LAND
from karvan.services.planning.scenario import Event, Takes


def told(freight: Freight | None, events: Sequence[Event]) -> tuple[Event, ...]:
    """Tell each event again for what its asset stands for in the freight.

    A link closes each way it is a part of; a place, each way that touches it and all it handles,
    but for what comes by land to its yard; a fleet, its voyages both ways.
    """
    if freight is None:
        return tuple(events)
    more = [
        replace(event, asset=name)
        for event in events
        if event.takes != Takes.OUTPUT
        for name in sorted(set(_of(freight, event.asset)) - {event.asset})
    ]
    return (*events, *more)


def _of(freight: Freight, asset: str) -> Iterator[str]:
    ways = {way.id for way in freight.part.ways}
    has_yard = any(stock.tank and stock.place == asset for stock in freight.part.stocks)
    for name, chain in freight.chains.items():
        links = {str(link.id) for link in chain.links}
        into_yard = has_yard and chain.head == asset and chain.mode in BY_LAND
        if name in ways and not into_yard and (asset in chain.places or asset in links):
            yield name
    limits = [joint.id for joint in freight.part.joints]
    for limit in (*limits, *(fleet.id for fleet in freight.part.fleets)):
        if limit.startswith(f"{asset}, "):
            yield limit
