"""A quote as the program holds it; `rendering` makes JSON of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from karvan.domain.money import Money
from karvan.engines.compliance.documents import Advice, RequiredDocument
from karvan.engines.pricing.lines import Price
from karvan.engines.transit_time.summary import TransitTimes
from karvan.network.activities import Element
from karvan.network.situation import Situation
from karvan.services.quoting.cargo import QuoteRequest
from karvan.services.quoting.sharing import Sharing
from karvan.services.quoting.trace import Leg


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way, before and after ranking.

    Attributes
    ----------
    on_time
        Share of samples that arrive by the wished date, or by `arrives_min` without one.
    sharing
        Who is paid what of the price.
    planned_price_micro
        Price as the search saw it; equals the sum of the lines before rounding.
    dominated_by
        Index, among the alternatives of the quote, of one that is no worse in arrival and
        price and better in one; None on the front.
    leg_co2e_g, hub_co2e_g
        Grams by leg, and of all handling together.
    """

    family: str
    family_name: str
    legs: tuple[Leg, ...]
    elements: tuple[Element, ...]
    departs_min: int
    arrives_min: int
    times: TransitTimes
    on_time: float
    price: Price
    sharing: Sharing
    planned_price_micro: int
    co2e_g: int
    leg_co2e_g: tuple[int, ...]
    hub_co2e_g: int
    documents: tuple[RequiredDocument, ...]
    advice: tuple[Advice, ...]
    labels: tuple[str, ...] = ()
    dominated_by: int | None = None

    @property
    def on_request(self) -> bool:
        """Whether somebody's price is on request: the price is a "from"."""
        return any(line.charge.on_request for line in self.price.lines)

    @property
    def countries(self) -> frozenset[str]:
        """Countries the way touches."""
        return frozenset(
            country
            for leg in self.legs
            for segment in leg.segments
            for country in segment.countries
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A way that would be on the front without the rule that stops it."""

    rule: str
    message: str
    corridor: str
    places: tuple[str, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """What a quote was made from."""

    network_hash: str
    tariff_version: str
    timetable_hash: str
    engine_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The answer to one request; alternatives in rank order.

    Attributes
    ----------
    late
        Ways left out because they are planned to arrive after the wished date.
    situation
        What was closed when it was made; None where nobody knew.
    """

    quote_id: str
    created_at: datetime
    expires_at: datetime
    versions: Versions
    request: QuoteRequest
    alternatives: tuple[Alternative, ...]
    refused: tuple[Refused, ...]
    bounded: bool
    late: int
    situation: Situation | None = None
    place_names: Mapping[str, str]
    carrier_names: Mapping[str, str]
    zones: Mapping[str, str]

    @property
    def cheapest(self) -> Money:
        """Lowest price among the alternatives."""
        return min(alternative.price.total for alternative in self.alternatives)
