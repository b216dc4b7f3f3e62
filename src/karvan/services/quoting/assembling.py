"""From an itinerary of the search to an alternative: lines, times, grams, documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karvan.domain.errors import EngineError
from karvan.domain.instants import minutes_since_epoch
from karvan.engines.compliance.documents import required_documents
from karvan.engines.compliance.goods import warnings_for, words_of
from karvan.engines.emissions.factors import EmissionFactor
from karvan.engines.pricing.lines import price
from karvan.engines.routing.front import Itinerary
from karvan.engines.transit_time.sampling import Sampler
from karvan.engines.transit_time.summary import share_by, summarise
from karvan.services.quoting.answer import Alternative
from karvan.services.quoting.cargo import QuoteRequest
from karvan.services.quoting.prepared import Prepared
from karvan.services.quoting.restrictions import agreements
from karvan.services.quoting.sharing import share_out
from karvan.services.quoting.times import segment_co2e_g
from karvan.services.quoting.trace import charges_of, legs_of, trace_of
from karvan.services.quoting.unit_advice import unit_advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembler:
    """Makes the alternatives of one quote; draws are shared between them."""

    made: Prepared
    request: QuoteRequest
    factors: Mapping[str, EmissionFactor]
    sampler: Sampler

    def alternative(self, itinerary: Itinerary) -> Alternative:
        """Make one alternative.

        Raises
        ------
        EngineError
            The lines do not add up to the price of the search: a fault of ours.
        """
        made, request = self.made, self.request
        corridor = made.corridor
        legs = legs_of(corridor, itinerary)
        charges, lacking, opened = charges_of(legs, made.tariffs, made.regime_rules)
        if lacking or sum(each.micro for each in charges) != itinerary.price_micro:
            raise EngineError(
                "the lines do not add up to the price of the search",
                lines_micro=sum(each.micro for each in charges),
                search_micro=itinerary.price_micro,
            )
        made_price = price(charges, request.currency)
        trace = trace_of(corridor, legs, opened)
        rules = corridor.network.rules
        day = made.tariffs.accepted
        advice = warnings_for(rules, request.cargo.hs, trace, day, request.cargo.hazard)
        used = (int(corridor.connections.segment[c]) for c in itinerary.connections)
        plants = any(each.code == "phytosanitary" for each in advice)
        plan = made.planner.plan(legs, minutes_since_epoch(request.ready), plants=plants)
        sampled = self.sampler.sample(plan)
        deadline = (
            itinerary.arrives_min
            if request.latest_arrival is None
            else minutes_since_epoch(request.latest_arrival)
        )
        family = corridor.family_of(itinerary.family)
        by_leg = tuple(
            sum(
                segment_co2e_g(segment, request.cargo.total, self.factors)
                for segment in leg.segments
            )
            for leg in legs
        )
        return Alternative(
            family=family.id if family else "regional",
            family_name=family.name if family else "Within the region",
            legs=legs,
            elements=plan.elements,
            departs_min=legs[0].departs_min,
            arrives_min=itinerary.arrives_min,
            times=summarise(sampled),
            on_time=share_by(sampled, deadline),
            price=made_price,
            sharing=share_out(made_price, legs, made.tariffs, made.regime_rules),
            planned_price_micro=itinerary.price_micro,
            co2e_g=itinerary.co2e_g,
            leg_co2e_g=by_leg,
            hub_co2e_g=itinerary.co2e_g - sum(by_leg),
            documents=required_documents(
                rules.documents, trace, day, words_of(request.cargo, advice)
            ),
            advice=(
                *advice,
                *agreements(made.restrictions, used),
                *unit_advice(request, rules),
            ),
        )
