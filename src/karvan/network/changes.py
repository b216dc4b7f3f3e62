"""Typed changes and `apply`: a closed port means the same to everyone who reads the network.

A scenario is a list of changes. `apply(network, changes)` is a pure function; the network it
gives carries the changes in its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from karvan.domain.errors import InvalidInput, NotFound
from karvan.network.network import Network
from karvan.network.patterns import ScheduledService, ServiceId


@dataclass(frozen=True, slots=True)
class Closure:
    """A place, link or scheduled service that may not be used."""

    target: str
    reason: str = ""

    def __str__(self) -> str:
        return f"close:{self.target}"


@dataclass(frozen=True, slots=True)
class HeadwayChange:
    """A scheduled service that leaves `factor` times as seldom."""

    service: str
    factor: float

    def __str__(self) -> str:
        return f"headway:{self.service}:{self.factor!r}"


Change = Closure | HeadwayChange


def parse_change(text: str) -> Change:
    """Read `close:KZ-AKT` or `headway:CASP-AKT-ALT-FEEDER:2`.

    Raises
    ------
    InvalidInput
        Another word, or a factor that is not a number above 0.
    """
    kind, _, rest = text.partition(":")
    if kind == "close" and rest:
        return Closure(rest)
    if kind == "headway":
        service, _, number = rest.rpartition(":")
        try:
            factor = float(number)
        except ValueError:
            factor = 0.0
        if service and 0 < factor <= 1000:
            return HeadwayChange(service, factor)
    raise InvalidInput(
        "a change reads close:ID or headway:SERVICE:FACTOR with a factor above 0", change=text
    )


def apply(network: Network, changes: Sequence[Change]) -> Network:
    """Give the network with the changes made; the one passed in stays as it is.

    Raises
    ------
    NotFound
        A change names nothing of the network.
    """
    closed = dict(network.closed)
    services = dict(network.services)
    for change in changes:
        if isinstance(change, Closure):
            _require(network, change.target)
            closed[change.target] = change.reason
        else:
            _require_service(network, change.service)
            service_id = ServiceId(change.service)
            services[service_id] = _slowed(services[service_id], change.factor)
    if not changes:
        return network
    text = "\n".join([network.hashes.changes, *(str(change) for change in changes)])
    return replace(
        network,
        closed=closed,
        services=services,
        hashes=replace(network.hashes, changes=hashlib.sha256(text.encode()).hexdigest()),
    )


def _slowed(service: ScheduledService, factor: float) -> ScheduledService:
    if service.headway_h is None:
        raise InvalidInput("this service has published days, not a headway", service=service.id)
    return replace(service, headway_h=service.headway_h * factor)


def _require(network: Network, target: str) -> None:
    known = (network.places, network.links, network.services, network.cities)
    if not any(target in table for table in known):
        raise NotFound("no place, link or service has this id", id=target)


def _require_service(network: Network, service: str) -> None:
    if service not in network.services:
        raise NotFound("no scheduled service has this id", service=service)
