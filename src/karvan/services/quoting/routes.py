"""What a way is to one cargo whenever it departs: its price, its grams, its documents.

Alternatives of one quote often go the same way with other trains, and so do those of the next
quote of the same cargo; a route is worked out once and kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from karvan.domain.errors import EngineError
from karvan.engines.compliance.documents import Advice, RequiredDocument, required_documents
from karvan.engines.compliance.goods import warnings_for, words_of
from karvan.engines.pricing.lines import Price, price
from karvan.engines.routing.front import Itinerary
from karvan.network.activity_times import FootprintArrays
from karvan.network.rules import RegimeRule
from karvan.services.quoting.corridor import Corridor
from karvan.services.quoting.restrictions import Restrictions, agreements
from karvan.services.quoting.sharing import Sharing, share_out
from karvan.services.quoting.tariffs import Tariffs
from karvan.services.quoting.trace import Leg, charges_of, legs_of, trace_of

#: Routes kept for one cargo.
KEPT_ROUTES: Final = 1_024

#: For each leg the segments it rides and the tariff systems it rides them under.
Signature = tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way of one cargo, departures left out.

    Attributes
    ----------
    micro
        Exact sum of its charges in micro-units.
    leg_co2e_g
        Grams by leg.
    plants
        Whether the goods are inspected as plants on it.
    """

    micro: int
    price: Price
    sharing: Sharing
    leg_co2e_g: tuple[int, ...]
    documents: tuple[RequiredDocument, ...]
    advice: tuple[Advice, ...]
    plants: bool


@dataclass(slots=True, kw_only=True)
class Routes:
    """The routes of one cargo on one day. Several threads may ask at once."""

    corridor: Corridor
    tariffs: Tariffs
    regime_rules: Mapping[str, RegimeRule]
    restrictions: Restrictions
    footprints: FootprintArrays
    _kept: dict[Signature, Route] = field(default_factory=dict)

    def of(self, itinerary: Itinerary) -> tuple[tuple[Leg, ...], Route]:
        """Give the legs of an itinerary, and what its route is to the cargo.

        Raises
        ------
        EngineError
            The lines do not add up to the price of the search: a fault of ours.
        """
        legs = legs_of(self.corridor, itinerary)
        signature = tuple((leg.indices, leg.systems) for leg in legs)
        route = self._kept.get(signature)
        if route is None:
            route = self._work_out(legs)
            if len(self._kept) >= KEPT_ROUTES:
                self._kept.clear()
            self._kept[signature] = route
        if route.micro != itinerary.price_micro:
            raise EngineError(
                "the lines do not add up to the price of the search",
                lines_micro=route.micro,
                search_micro=itinerary.price_micro,
            )
        return legs, route

    def _work_out(self, legs: Sequence[Leg]) -> Route:
        tariffs = self.tariffs
        charges, lacking, opened = charges_of(legs, tariffs, self.regime_rules)
        if lacking:
            raise EngineError("the search used a way without a rate", lacking=str(lacking[0]))
        made = price(charges, tariffs.currency)
        trace = trace_of(self.corridor, legs, opened)
        rules = self.corridor.network.rules
        cargo, day = tariffs.cargo, tariffs.accepted
        advice = warnings_for(rules, cargo.hs, trace, day, cargo.hazard)
        used = (s for leg in legs for s in leg.indices)
        return Route(
            micro=sum(each.micro for each in charges),
            price=made,
            sharing=share_out(made, legs, tariffs, self.regime_rules),
            leg_co2e_g=tuple(
                int(self.footprints.segment_g[list(leg.indices)].sum()) for leg in legs
            ),
            documents=required_documents(rules.documents, trace, day, words_of(cargo, advice)),
            advice=(*advice, *agreements(self.restrictions, used)),
            plants=any(each.code == "phytosanitary" for each in advice),
        )
