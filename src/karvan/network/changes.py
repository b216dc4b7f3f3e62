"""Typed changes and `apply`: a closed port means the same to everyone who reads the network.

A scenario is a list of changes. `apply(network, changes)` is a pure function; the network it
gives carries the changes in its hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from karvan.domain.errors import InvalidInput, NotFound
from karvan.network.links import Link, LinkId, LinkStatus
from karvan.network.network import Network
from karvan.network.passages import RUNS_ON
from karvan.network.patterns import ScheduledService, ServiceId, ServiceStatus


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


@dataclass(frozen=True, slots=True)
class Opening:
    """A scheduled service that stands idle and is made to run, with the lines under it."""

    service: str

    def __str__(self) -> str:
        return f"open:{self.service}"


Change = Closure | HeadwayChange | Opening


def parse_change(text: str) -> Change:
    """Read `close:KZ-AKT`, `open:PIPE-WREP` or `headway:CASP-AKT-ALT-FEEDER:2`.

    Raises
    ------
    InvalidInput
        Another word, or a factor that is not a number above 0.
    """
    kind, _, rest = text.partition(":")
    if kind == "close" and rest:
        return Closure(rest)
    if kind == "open" and rest:
        return Opening(rest)
    if kind == "headway":
        service, _, number = rest.rpartition(":")
        try:
            factor = float(number)
        except ValueError:
            factor = 0.0
        if service and 0 < factor <= 1000:
            return HeadwayChange(service, factor)
    raise InvalidInput(
        "a change reads close:ID, open:SERVICE or headway:SERVICE:FACTOR with a factor above 0",
        change=text,
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
    links = dict(network.links)
    for change in changes:
        if isinstance(change, Closure):
            _require(network, change.target)
            closed[change.target] = change.reason
        elif isinstance(change, Opening):
            _require_service(network, change.service)
            service = services[ServiceId(change.service)]
            services[service.id] = replace(service, status=ServiceStatus.OPEN)
            links.update(_opened(service, links))
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
        links=links,
        hashes=replace(network.hashes, changes=hashlib.sha256(text.encode()).hexdigest()),
    )


def _opened(service: ScheduledService, links: Mapping[LinkId, Link]) -> dict[LinkId, Link]:
    """Lines that join neighbouring calls and stand idle, opened."""
    pairs = {(before.place, after.place) for before, after in pairwise(service.calls)}
    return {
        link.id: replace(link, status=LinkStatus.OPEN)
        for link in links.values()
        if (link.from_place, link.to_place) in pairs
        and link.mode in RUNS_ON[service.mode]
        and link.status is not LinkStatus.OPEN
    }


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
