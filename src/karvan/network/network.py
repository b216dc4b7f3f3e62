"""The network: places, links, patterns, performance and rules, frozen, with their hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from karvan.network.link_attributes import NOTHING_KNOWN, LinkAttributes
from karvan.network.links import Link, LinkCapacity, LinkId
from karvan.network.opening_hours import Holiday, OpeningHours
from karvan.network.patterns import (
    Carrier,
    CarrierId,
    CorridorFamily,
    ScheduledService,
    ServiceId,
)
from karvan.network.performance import Performance
from karvan.network.place_names import PlaceName
from karvan.network.places import City, CityId, Place, PlaceCode, PlaceId
from karvan.network.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkHashes:
    """Content hashes (sha256, hex) of the four parts; `changes` is '' for the published network."""

    places_and_links: str
    patterns: str
    performance: str
    rules: str
    changes: str = ""

    @property
    def network(self) -> str:
        """The one hash a result names."""
        parts = (
            self.places_and_links,
            self.patterns,
            self.performance,
            self.rules,
            self.changes,
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The corridor as data. Holds no result and no method that computes one.

    Attributes
    ----------
    capacities
        Dated capacities of links; `links.find_capacity` gives the one in force on a day.
    closed
        Ids of places, links and services that a change has closed; '' reasons are allowed.
    """

    places: Mapping[PlaceId, Place]
    cities: Mapping[CityId, City]
    codes: tuple[PlaceCode, ...]
    links: Mapping[LinkId, Link]
    carriers: Mapping[CarrierId, Carrier]
    services: Mapping[ServiceId, ScheduledService]
    families: tuple[CorridorFamily, ...]
    performance: Performance
    rules: Rules
    hashes: NetworkHashes
    closed: Mapping[str, str]
    capacities: tuple[LinkCapacity, ...] = ()
    names: tuple[PlaceName, ...] = ()
    hours: tuple[OpeningHours, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    link_attributes: LinkAttributes = NOTHING_KNOWN

    def carrier_of_operator(self) -> Mapping[str, CarrierId]:
        """Carrier that each operator name of the link table is paid through."""
        return {
            operator: carrier.id
            for carrier in self.carriers.values()
            for operator in carrier.operators
        }
