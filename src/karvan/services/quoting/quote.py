"""The use case: one request, one clock, one set of tables, one answer.

The same request, clock and versions give the same bytes: nothing here reads a clock, a file
or a global generator.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from karvan import __version__
from karvan.domain.errors import NoRate, NoRoute
from karvan.domain.instants import minutes_since_epoch
from karvan.domain.tariff import TariffBook
from karvan.engines.routing.front import Itinerary
from karvan.engines.transit_time.sampling import Sampler
from karvan.network.changes import apply
from karvan.network.network import Network
from karvan.network.patterns import ServiceStatus
from karvan.network.regimes import CLOSED
from karvan.network.situation import NORMAL, Situation
from karvan.services.quoting.answer import Quote, Refused, Versions
from karvan.services.quoting.assembling import Assembler
from karvan.services.quoting.cargo import QuoteRequest
from karvan.services.quoting.carriage import CONTAINERS, Carriage, carriage_of
from karvan.services.quoting.corridor import Corridor, compile_corridor
from karvan.services.quoting.prepared import Prepared, prepare
from karvan.services.quoting.published import Published
from karvan.services.quoting.ranking import rank
from karvan.services.quoting.refusals import refused_routes
from karvan.services.quoting.reopenings import Reopenings
from karvan.services.quoting.retiming import retime
from karvan.services.quoting.searching import (
    Ends,
    Networks,
    SearchArrays,
    beats,
    in_time,
    search_cheaply,
    search_lifted,
    search_ways,
)
from karvan.services.quoting.selection import select
from karvan.services.quoting.suspending import Suspension, end_min, suspend, without
from karvan.services.quoting.tariffs import Tariffs
from karvan.services.quoting.trace import charges_of, legs_of

K = TypeVar("K")
V = TypeVar("V")

#: How long the prices of a quote are kept.
VALID_FOR: Final = timedelta(days=7)

#: Most ways told whose price is on request.
MOST_ON_REQUEST: Final = 5

LATER_THAN_ALL: Final = 2**62

#: Compiled corridors and tariff fillings kept in memory by one `Quoting`.
KEPT: Final = 8


#: What a situation was laid over, that with all departures, with those that go, and which not.
_Laid = tuple[Prepared, Prepared, Prepared, Suspension]


class Quoting:
    """Answers quotes from one set of published tables, keeping what it has compiled.

    Several threads may ask at once; what is compiled is compiled by one of them.
    """

    def __init__(self, published: Published) -> None:
        self._published = published
        self._corridors: OrderedDict[tuple[str, date, Carriage], Corridor] = OrderedDict()
        self._filled: OrderedDict[tuple[object, ...], Prepared] = OrderedDict()
        self._closed: OrderedDict[tuple[object, ...], _Laid] = OrderedDict()
        self._compiling = threading.Lock()

    @property
    def published(self) -> Published:
        """The tables quotes are made from."""
        return self._published

    def with_book(self, book: TariffBook) -> Quoting:
        """Quotes from another tariff book on the same network; compiled corridors are shared."""
        other = Quoting(replace(self._published, book=book))
        other._corridors = self._corridors
        return other

    def corridor(
        self, network: Network, first_day: date, carriage: Carriage = CONTAINERS
    ) -> Corridor:
        """The corridor compiled for a kind of cargo and a first day, from memory if possible."""
        key = (network.hashes.network, first_day, carriage)
        return self._kept(
            self._corridors, key, lambda: compile_corridor(network, first_day, carriage)
        )

    def quote(
        self, request: QuoteRequest, now: datetime, situation: Situation | None = NORMAL
    ) -> Quote:
        """Answer a request.

        Parameters
        ----------
        now
            The clock: rates of the day of acceptance at origin, exchange rates of this day.
        situation
            What is closed; None where nobody knows, which is answered as if nothing were.

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
        whole = self.corridor(network, now.astimezone(UTC).date(), carriage_of(request.cargo))
        prepared = self._prepare(whole, request, now)
        seen = None if situation is None else situation.at(minutes_since_epoch(now))
        # What is open again before the cargo is ready cannot matter to it.
        matters = (seen or NORMAL).at(minutes_since_epoch(request.ready))
        prepared, made, suspension = self._under(prepared, matters, minutes_since_epoch(now))
        corridor = made.corridor
        arrays = self._arrays(made, request)
        ends = _ends(corridor, request)
        ways, late = in_time(search_ways(arrays, ends), _latest_min(request))
        asked = self._on_request(made, arrays, ends)
        open_arrays = self._arrays(prepared, request)
        lifted = search_lifted(replace(open_arrays, times=prepared.open_times), ends)
        offered = (*ways.itineraries, *asked)
        better = [way for way in lifted if not any(map(partial(beats, way), offered))]
        refused = self._refused(prepared, request, better, suspension, found=bool(offered))
        assembler = Assembler(
            made=made,
            request=request,
            sampler=Sampler(samples=request.samples, seed=request.seed),
        )
        alternatives = rank(
            [assembler.alternative(itinerary) for itinerary in (*select(ways), *asked)],
            self._published.book.exchange("USD", request.currency, now.date()),
            request.wishes,
        )
        versions = Versions(
            network_hash=network.hashes.network,
            tariff_version=self._published.book.version,
            timetable_hash=corridor.timetable_hash,
            engine_version=__version__,
        )
        return Quote(
            quote_id=quote_id(request, now, versions, seen or NORMAL),
            created_at=now,
            expires_at=now + VALID_FOR,
            versions=versions,
            request=request,
            alternatives=alternatives,
            refused=refused,
            bounded=ways.bounded,
            late=late,
            situation=seen,
            place_names={p.id: p.name for p in network.places.values()},
            carrier_names={c.id: c.name for c in network.carriers.values()},
            zones={p.id: p.time_zone for p in network.places.values()},
        )

    def search_arrays(
        self, corridor: Corridor, request: QuoteRequest, now: datetime
    ) -> SearchArrays:
        """What the search reads for the cargo and the wishes of a request."""
        return self._arrays(self._prepare(corridor, request, now), request)

    def _arrays(self, made: Prepared, request: QuoteRequest) -> SearchArrays:
        corridor = made.corridor
        via = request.wishes.via_bits(corridor)
        closed = request.wishes.closed(corridor)
        regimes = made.automaton
        if closed.any():
            refusal = np.where(closed, CLOSED, regimes.refusal).astype(np.int32)
            regimes = replace(regimes, refusal=refusal)
        return SearchArrays(
            corridor=corridor,
            tariffs=made.filled.arrays,
            regimes=regimes,
            times=made.times,
            footprints=made.footprints,
            via=via,
            networks=Networks() if closed.any() or via.any() else made.networks,
        )

    def _under(
        self, made: Prepared, situation: Situation, now_min: int
    ) -> tuple[Prepared, Prepared, Suspension | None]:
        """Lay a situation over what is prepared; nothing is compiled anew.

        Returns
        -------
        The same over all departures that carriers published, and over those of them that go.
        """
        if not situation.hash:
            return made, made, None
        ends = tuple(end_min(each, now_min) for each in situation.closures)
        key = (id(made), situation.hash, ends)

        def lay() -> _Laid:
            corridor = retime(made.corridor, situation.timetable)
            whole = made if corridor is made.corridor else made.under(corridor, None, same=False)
            suspension = suspend(corridor, situation, now_min)
            rest = without(corridor, suspension.by > 0) if suspension.count else corridor
            closed = Reopenings.of(corridor, suspension, now_min)
            # What it is made of is held, so that nothing else gets its address meanwhile.
            return made, whole, whole.under(rest, closed, same=rest is corridor), suspension

        _, whole, under, suspension = self._kept(self._closed, key, lay)
        return whole, under, suspension

    def _on_request(
        self, made: Prepared, arrays: SearchArrays, ends: Ends
    ) -> tuple[Itinerary, ...]:
        """Ways on which somebody's price is on request; the others are found without them."""
        if made.requests is None:
            return ()
        asked = replace(arrays, tariffs=made.requests.arrays, times=made.request_times)
        found = search_cheaply(asked, ends)
        asking = [
            way
            for way in found
            if any(
                charge.on_request
                for charge in charges_of(
                    legs_of(made.corridor, way), made.tariffs, made.regime_rules
                )[0]
            )
        ]
        return tuple(asking[:MOST_ON_REQUEST])

    def _prepare(self, corridor: Corridor, request: QuoteRequest, now: datetime) -> Prepared:
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
        published = self._published
        return self._kept(
            self._filled,
            key,
            lambda: prepare(
                Tariffs(
                    corridor=corridor,
                    book=published.book,
                    cargo=request.cargo,
                    currency=request.currency,
                    accepted=accepted,
                    quoted=now.date(),
                    ends=_countries(corridor, request),
                ),
                published.factors,
                published.hub,
            ),
        )

    def _kept(self, kept: OrderedDict[K, V], key: K, make: Callable[[], V]) -> V:
        """Give what is kept under a key, made now if it has to be; the oldest goes."""
        with self._compiling:
            if key not in kept:
                kept[key] = make()
            kept.move_to_end(key)
            while len(kept) > KEPT:
                kept.popitem(last=False)
            return kept[key]

    def _refused(
        self,
        made: Prepared,
        request: QuoteRequest,
        lifted: Sequence[Itinerary],
        suspension: Suspension | None,
        *,
        found: bool,
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
            suspension,
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


def _ends(corridor: Corridor, request: QuoteRequest) -> Ends:
    origins, destinations = (
        tuple(corridor.index[p] for p in named.members if p in corridor.index)
        for named in (request.origin, request.destination)
    )
    return Ends(
        origins=origins,
        destinations=destinations,
        ready_min=minutes_since_epoch(request.ready),
    )


def _latest_min(request: QuoteRequest) -> int:
    if request.latest_arrival is None:
        return LATER_THAN_ALL
    return minutes_since_epoch(request.latest_arrival)


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


def quote_id(
    request: QuoteRequest, now: datetime, versions: Versions, situation: Situation = NORMAL
) -> str:
    """Name a quote by the hash of all it depends on."""
    closed = {"situation": situation.hash} if situation.hash else {}
    text = json.dumps(
        {
            **closed,
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
