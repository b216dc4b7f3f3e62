"""Routes of a plan priced exactly: what a quote asks for the way the plan takes, and the gap.

The plan adds up what the tariff book asks on average for a link; a quote has its own distances,
steps and minima. Of the ways that are quoted for the lane the one that shares most of its length
with the route is taken, if that is most of both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from karvan.domain.errors import InvalidRequest, NotFound
from karvan.network.links import Link
from karvan.services.planning.book_costs import links_of
from karvan.services.planning.freight import EMPTIES, Cargo, Freight
from karvan.services.planning.freight_base import FreightBase
from karvan.services.planning.freight_telling import WITHIN, FreightTold, corridor_of
from karvan.services.quoting.answer import Alternative
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.request import RequestReader

#: Share of the length that a quoted way has in common with a route that it prices.
ALIKE: Final = 0.6
#: Days from now on which the cargo is ready.
READY_D: Final = 12
#: Draws of the travel time of a quote, of which the price needs none.
_SAMPLES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePrice:
    """A route in US dollars a unit: as the plan counts it without time, and as it is quoted.

    Attributes
    ----------
    quoted
        None where no quote runs there; `why` says so.
    """

    good: str
    unit: str
    origin: str
    destination: str
    corridor: str
    amount: float
    planned: float
    quoted: float | None
    why: str = ""

    @property
    def gap(self) -> float | None:
        """Share by which the plan's figure differs from the quoted one."""
        return None if not self.quoted else self.planned / self.quoted - 1


def priced_routes(
    quoting: Quoting,
    freight: Freight,
    base: FreightBase,
    told: FreightTold,
    *,
    now: datetime,
    most: int = 8,
) -> tuple[RoutePrice, ...]:
    """Price the routes that carry most; boxes that go back empty are not quoted."""
    amounts: dict[tuple[str, str, tuple[str, ...]], float] = defaultdict(float)
    for route in told.routes:
        if freight.cargoes[route.commodity].good.id != EMPTIES:
            amounts[route.commodity, route.destination, route.arcs] += route.amount
    network = quoting.published.network

    def kt(key: tuple[str, str, tuple[str, ...]]) -> float:
        return amounts[key] * freight.cargoes[key[0]].good.t_per_unit / 1000

    corridors = {(r.commodity, r.arcs): corridor_of(network, freight, r) for r in told.routes}
    found = []
    for key in sorted(amounts, key=lambda each: (-kt(each), each))[:most]:
        commodity, at, arcs = key
        cargo = freight.cargoes[commodity]
        links = [link for way in arcs for link in freight.chains[way].links]
        quoted, why = _quoted(quoting, cargo, links, corridors[commodity, arcs], now)
        found.append(
            RoutePrice(
                good=cargo.good.id,
                unit=cargo.good.unit,
                origin=cargo.origin,
                destination=at.rpartition(" at ")[2],
                corridor=corridors[commodity, arcs],
                amount=amounts[key],
                planned=sum(base.costs[str(link.id), cargo.good.id].usd for link in links),
                quoted=quoted,
                why=why,
            )
        )
    return tuple(found)


def _quoted(
    quoting: Quoting, cargo: Cargo, links: Sequence[Link], corridor: str, now: datetime
) -> tuple[float | None, str]:
    """US dollars a unit on the quoted way that is most like these links, else why there is none."""
    good = cargo.good
    kind, _, unit = good.quote_unit.partition(":")
    body: dict[str, object] = {
        "from": str(links[0].from_place),
        "to": str(links[-1].to_place),
        kind: unit,
        "mass_kg": str(round(good.quote_t * 1000)),
        "hs": good.hs,
        "ready": (now + timedelta(days=READY_D)).date().isoformat(),
        "samples": _SAMPLES,
        "currency": "USD",
    }
    if good.hazard_class:
        body["un"] = "UN2912"
    network = quoting.published.network
    reader = RequestReader(network, quoting.published.book)
    try:
        quote = quoting.quote(reader.read(body, now), now)
    except (InvalidRequest, NotFound) as error:
        return None, error.message
    lengths = {str(link.id): link.length_km for link in links}

    def alike(way: Alternative) -> float:
        return _alike(lengths, {str(e.id): e.length_km for e in links_of(network, way)})

    ways = [way for way in quote.alternatives if corridor in {WITHIN, way.family_name}]
    best = max(ways, key=alike, default=None)
    if best is None or alike(best) < ALIKE:
        return None, "no quoted way runs there"
    if best.on_request:
        return None, "a part of the price is on request"
    return float(best.price.total.to_decimal()) / (good.quote_t / good.t_per_unit), ""


def _alike(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Length in common over the length of both."""
    both = {**first, **second}
    common = sum(both[link] for link in first.keys() & second.keys())
    return common / max(sum(both.values()), 1e-9)


def prices_json(found: Sequence[RoutePrice]) -> list[Mapping[str, object]]:
    """As it is printed with `--json`."""
    return [
        {
            "good": row.good,
            "unit": row.unit,
            "origin": row.origin,
            "destination": row.destination,
            "corridor": row.corridor,
            "amount": round(row.amount, 1),
            "planned_usd": round(row.planned, 2),
            "quoted_usd": None if row.quoted is None else round(row.quoted, 2),
            "gap": None if row.gap is None else round(row.gap, 4),
            "why": row.why,
        }
        for row in found
    ]
