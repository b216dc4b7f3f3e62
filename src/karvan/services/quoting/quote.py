"""The use case: one request, one clock, one set of tables, one answer.

The same request, clock and versions give the same bytes: nothing here reads a clock, a file
or a global generator.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from karvan import __version__
from karvan.domain.errors import EngineError, NoRate, NoRoute
from karvan.domain.instants import minutes_since_epoch
from karvan.engines.compliance.documents import required_documents, warnings_for
from karvan.engines.compliance.regimes import compile_automaton, rules_on
from karvan.engines.pricing.lines import price
from karvan.engines.routing.front import Itinerary
from karvan.engines.transit_time.sampling import Sampler
from karvan.engines.transit_time.summary import share_by, summarise
from karvan.network.activity_times import ActivityTimes
from karvan.network.changes import apply
from karvan.network.network import Network
from karvan.network.patterns import ServiceStatus
from karvan.network.regimes import RegimeAutomaton
from karvan.network.rules import RegimeRule
from karvan.services.quoting.answer import Alternative, Quote, Refused, Versions
from karvan.services.quoting.cargo import QuoteRequest
from karvan.services.quoting.carriage import CONTAINERS, Carriage, carriage_of
from karvan.services.quoting.corridor import Corridor, compile_corridor
from karvan.services.quoting.filling import FilledTariffs, fill_tariffs
from karvan.services.quoting.plans import Planner
from karvan.services.quoting.published import Published
from karvan.services.quoting.ranking import rank
from karvan.services.quoting.refusals import refused_routes, segment_rules
from karvan.services.quoting.refused import Rule
from karvan.services.quoting.restrictions import Restrictions, agreements, restrict
from karvan.services.quoting.searching import SearchArrays, beats, search_lifted, search_ways
from karvan.services.quoting.selection import select
from karvan.services.quoting.sharing import share_out
from karvan.services.quoting.tariffs import Tariffs, total_of
from karvan.services.quoting.times import fill_footprints, fill_times, segment_co2e_g
from karvan.services.quoting.trace import charges_of, legs_of, trace_of

K = TypeVar("K")
V = TypeVar("V")

#: How long the prices of a quote are kept.
VALID_FOR: Final = timedelta(days=7)

#: Compiled corridors and tariff fillings kept in memory by one `Quoting`.
KEPT: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """Everything the search reads for one kind of cargo on one day.

    `times` lacks the hand-overs that nobody has a rate for; `open_times` has them.
    """

    corridor: Corridor
    planner: Planner
    tariffs: Tariffs
    filled: FilledTariffs
    regime_rules: Mapping[str, RegimeRule]
    automaton: RegimeAutomaton
    times: ActivityTimes
    open_times: ActivityTimes
    rules: tuple[Rule, ...]
    numbers: tuple[int, ...]
    restrictions: Restrictions


class Quoting:
    """Answers quotes from one set of published tables, keeping what it has compiled."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._corridors: OrderedDict[tuple[str, date, Carriage], Corridor] = OrderedDict()
        self._filled: OrderedDict[tuple[object, ...], _Filled] = OrderedDict()

    @property
    def published(self) -> Published:
        """The tables quotes are made from."""
        return self._published

    def corridor(
        self, network: Network, first_day: date, carriage: Carriage = CONTAINERS
    ) -> Corridor:
        """The corridor compiled for a kind of cargo and a first day, from memory if possible."""
        key = (network.hashes.network, first_day, carriage)
        if key not in self._corridors:
            self._corridors[key] = compile_corridor(network, first_day, carriage)
        return _kept(self._corridors, key)

    def quote(self, request: QuoteRequest, now: datetime) -> Quote:
        """Answer a request.

        Parameters
        ----------
        now
            The clock: rates of the day of acceptance at origin, exchange rates of this day.

        Raises
        ------
        NoRoute
            No chain of departures joins the two places, whatever the cargo.
        NoRate
            Ways exist, and the book or another rule closes all of them to this cargo.
        NotFound, InvalidInput
            A change in the request names nothing of the network.
        """
        network = apply(self._published.network, request.changes)
        corridor = self.corridor(network, now.astimezone(UTC).date(), carriage_of(request.cargo))
        made = self._fill(corridor, request, now)
        arrays = self.search_arrays(corridor, request, now)
        origins, destinations = (
            tuple(corridor.index[p] for p in named.members if p in corridor.index)
            for named in (request.origin, request.destination)
        )
        ready_min = minutes_since_epoch(request.ready)
        ways = search_ways(arrays, origins, destinations, ready_min)
        lifted = search_lifted(
            replace(arrays, times=made.open_times), origins, destinations, ready_min
        )
        better = [way for way in lifted if not any(map(partial(beats, way), ways.itineraries))]
        refused = self._refused(made, request, better, found=bool(ways.itineraries))
        chosen = select(ways)
        sampler = Sampler(samples=request.samples, seed=request.seed)
        alternatives = rank(
            [self._alternative(made, request, itinerary, sampler) for itinerary in chosen],
            self._published.book.exchange("USD", request.currency, now.date()),
        )
        versions = Versions(
            network_hash=network.hashes.network,
            tariff_version=self._published.book.version,
            timetable_hash=corridor.timetable_hash,
            engine_version=__version__,
        )
        return Quote(
            quote_id=quote_id(request, now, versions),
            created_at=now,
            expires_at=now + VALID_FOR,
            versions=versions,
            request=request,
            alternatives=alternatives,
            refused=refused,
            bounded=ways.bounded,
            place_names={p.id: p.name for p in network.places.values()},
            carrier_names={c.id: c.name for c in network.carriers.values()},
            zones={p.id: p.time_zone for p in network.places.values()},
        )

    def search_arrays(
        self, corridor: Corridor, request: QuoteRequest, now: datetime
    ) -> SearchArrays:
        """What the search reads for the cargo of a request."""
        made = self._fill(corridor, request, now)
        return SearchArrays(
            corridor=corridor,
            tariffs=made.filled.arrays,
            regimes=made.automaton,
            times=made.times,
            footprints=fill_footprints(
                corridor, request.cargo.total, self._published.factors, self._published.hub
            ),
        )

    def _fill(self, corridor: Corridor, request: QuoteRequest, now: datetime) -> _Filled:
        zone = ZoneInfo(corridor.network.places[request.origin.members[0]].time_zone)
        accepted = request.ready.astimezone(zone).date()
        key = (
            corridor.network.hashes.network,
            corridor.timetable_hash,
            request.cargo,
            _countries(corridor, request),
            request.currency,
            accepted,
            now.date(),
        )
        if key not in self._filled:
            tariffs = Tariffs(
                corridor=corridor,
                book=self._published.book,
                cargo=request.cargo,
                currency=request.currency,
                accepted=accepted,
                quoted=now.date(),
                ends=_countries(corridor, request),
            )
            self._filled[key] = _compile(tariffs)
        return _kept(self._filled, key)

    def _refused(
        self, made: _Filled, request: QuoteRequest, lifted: Sequence[Itinerary], *, found: bool
    ) -> tuple[Refused, ...]:
        accepted = made.tariffs.accepted.isoformat()
        refused = refused_routes(
            made.corridor,
            lifted,
            made.tariffs,
            made.regime_rules,
            made.rules,
            made.numbers,
            accepted,
        )
        if found:
            return refused
        facts = {"origin": request.origin.id, "destination": request.destination.id}
        if refused:
            raise NoRate(
                "no way is open to this cargo",
                **facts,
                refused=[{"rule": r.rule, "message": r.message, **r.facts} for r in refused],
            )
        idle = _idle(made.corridor.network, request)
        raise NoRoute(
            "no chain of departures joins these places", **facts, **({"idle": idle} if idle else {})
        )

    def _alternative(
        self, made: _Filled, request: QuoteRequest, itinerary: Itinerary, sampler: Sampler
    ) -> Alternative:
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
        advice = warnings_for(rules, request.cargo.hs, trace, day)
        used = (int(corridor.connections.segment[c]) for c in itinerary.connections)
        plants = any(each.code == "phytosanitary" for each in advice)
        plan = made.planner.plan(legs, minutes_since_epoch(request.ready), plants=plants)
        sampled = sampler.sample(plan)
        deadline = (
            itinerary.arrives_min
            if request.latest_arrival is None
            else minutes_since_epoch(request.latest_arrival)
        )
        family = corridor.family_of(itinerary.family)
        by_leg = tuple(
            sum(
                segment_co2e_g(segment, request.cargo.total, self._published.factors)
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
            documents=required_documents(rules.documents, trace, day),
            advice=(*advice, *agreements(made.restrictions, used)),
        )


def _compile(tariffs: Tariffs) -> _Filled:
    corridor = tariffs.corridor
    filled = fill_tariffs(tariffs)
    restrictions = restrict(corridor, tariffs.cargo, tariffs.accepted)
    rules, numbers = segment_rules(
        corridor, filled, restrictions.denied, tariffs.accepted.isoformat()
    )
    regime_rules = rules_on(corridor.network.rules.regimes, tariffs.accepted)
    return _Filled(
        corridor=corridor,
        planner=Planner(corridor),
        tariffs=tariffs,
        filled=filled,
        regime_rules=regime_rules,
        automaton=compile_automaton(
            corridor.segments,
            len(corridor.places),
            corridor.network.places,
            regime_rules,
            lambda place: total_of(tariffs.declaration(place)),
            numbers,
        ),
        times=fill_times(corridor, filled.no_handling),
        open_times=fill_times(corridor, np.zeros_like(filled.no_handling)),
        rules=rules,
        numbers=numbers,
        restrictions=restrictions,
    )


def _idle(network: Network, request: QuoteRequest) -> list[str]:
    """Services of the two ends that would take the cargo and do not run, with the reason."""
    ends = {*request.origin.members, *request.destination.members}
    carriage = carriage_of(request.cargo)
    return [
        f"{service.id}: {service.note or service.status.value}"
        for service in network.services.values()
        if service.status is not ServiceStatus.OPEN
        and carriage.takes(service)
        and ends & set(service.boarding_calls)
    ]


def _countries(corridor: Corridor, request: QuoteRequest) -> tuple[str, str]:
    places = corridor.network.places
    return (
        places[request.origin.members[0]].country,
        places[request.destination.members[0]].country,
    )


def quote_id(request: QuoteRequest, now: datetime, versions: Versions) -> str:
    """Name a quote by the hash of all it depends on."""
    text = json.dumps(
        {
            "request": dict(request.as_given),
            "now": now.astimezone(UTC).isoformat(),
            "versions": [
                versions.network_hash,
                versions.tariff_version,
                versions.timetable_hash,
                versions.engine_version,
            ],
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    return "Q-" + hashlib.sha256(text.encode()).hexdigest()[:16].upper()


def _kept(kept: OrderedDict[K, V], key: K) -> V:
    kept.move_to_end(key)
    while len(kept) > KEPT:
        kept.popitem(last=False)
    return kept[key]
