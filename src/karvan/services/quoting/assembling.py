"""From an itinerary of the search to an alternative: lines, times, grams, documents."""

from __future__ import annotations

from dataclasses import dataclass

from karvan.domain.instants import minutes_since_epoch
from karvan.engines.routing.front import Itinerary
from karvan.engines.transit_time.sampling import Sampler
from karvan.engines.transit_time.summary import share_by, summarise
from karvan.services.quoting.answer import Alternative
from karvan.services.quoting.cargo import QuoteRequest
from karvan.services.quoting.prepared import Prepared
from karvan.services.quoting.unit_advice import unit_advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembler:
    """Makes the alternatives of one quote; draws are shared between them."""

    made: Prepared
    request: QuoteRequest
    sampler: Sampler

    def alternative(self, itinerary: Itinerary) -> Alternative:
        """Make one alternative.

        Raises
        ------
        EngineError
            The lines do not add up to the price of the search: a fault of ours.
        """
        made, request = self.made, self.request
        legs, route = made.routes.of(itinerary)
        plan = made.planner.plan(legs, minutes_since_epoch(request.ready), plants=route.plants)
        sampled = self.sampler.sample(plan)
        deadline = (
            itinerary.arrives_min
            if request.latest_arrival is None
            else minutes_since_epoch(request.latest_arrival)
        )
        family = made.corridor.family_of(itinerary.family)
        return Alternative(
            family=family.id if family else "regional",
            family_name=family.name if family else "Within the region",
            legs=legs,
            elements=plan.elements,
            departs_min=legs[0].departs_min,
            arrives_min=itinerary.arrives_min,
            times=summarise(sampled),
            on_time=share_by(sampled, deadline),
            price=route.price,
            sharing=route.sharing,
            planned_price_micro=itinerary.price_micro,
            co2e_g=itinerary.co2e_g,
            leg_co2e_g=route.leg_co2e_g,
            hub_co2e_g=itinerary.co2e_g - sum(route.leg_co2e_g),
            documents=route.documents,
            advice=(
                *route.advice,
                *unit_advice(request, made.corridor.network.rules),
                *(made.closed.advice(made.corridor.network, legs) if made.closed else ()),
            ),
        )
