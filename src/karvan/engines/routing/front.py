"""All ways worth offering: the exact front of a request on dated departures.

Letters: P places, M modes (index M is the gate), V services, S segments, C connections,
Z tariff zones, Q regimes, F tariff systems.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.bounds import LARGEST_AMOUNT
from karvan.engines.routing.checks import Corridor, Sizes, check_columns
from karvan.engines.routing.layout import Ask, Found, Int64s
from karvan.engines.routing.preparation import prepare
from karvan.engines.routing.query import FrontQuery
from karvan.engines.routing.scan import (
    CALL,
    CO2E,
    HEAD,
    LABEL,
    MINUTE,
    NEXT,
    PARENT,
    PRICE,
    SIZE,
    SPREAD,
    START,
    STATE,
    scan,
)
from karvan.network.activity_times import ActivityTimes, FootprintArrays
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.regimes import RegimeAutomaton
from karvan.network.tariff_arrays import TariffArrays

__all__ = ["Front", "FrontQuery", "Itinerary", "pareto", "rank", "search_front"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Itinerary:
    """One way from gate to gate.

    Attributes
    ----------
    connections
        All connections in order. Where one is the `previous` of the next, the cargo stays on
        board between them.
    systems
        Tariff system each of them is ridden under; with the connections it says what every
        charge is (`TariffArrays`).
    arrives_min
        At the gate of `destination`, in minutes since 1970.
    price_micro, co2e_g, spread_min
        Sums over the way, the closing charge included.
    family
        Union of the bit sets of its segments.
    regime
        Index of the customs regime at the end.
    """

    connections: tuple[int, ...]
    systems: tuple[int, ...]
    origin: int
    destination: int
    arrives_min: int
    price_micro: int
    co2e_g: int
    spread_min: int
    family: int
    regime: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The answer, ascending by arrival, price, CO2e, spread, connections.

    Attributes
    ----------
    itineraries
        For every family bit set the Pareto set on the criteria asked for.
    bounded
        The label limit was reached: itineraries may be missing, those given are real.
    labels
        Labels kept, a measure of the work; depends on the implementation.
    """

    itineraries: tuple[Itinerary, ...]
    bounded: bool
    labels: int


def search_front(
    segments: SegmentArrays,
    connections: ConnectionArrays,
    tariffs: TariffArrays,
    regimes: RegimeAutomaton,
    times: ActivityTimes,
    footprints: FootprintArrays,
    query: FrontQuery,
) -> Front:
    """Find, for every set of corridor families, all itineraries that no other one beats.

    Parameters
    ----------
    segments, connections, tariffs, regimes, times, footprints
        The corridor for this cargo on this day; all amounts and times >= 0 (transfers and
        charges may be impossible). Nothing is changed.
    query
        What is asked.

    Returns
    -------
    Front
        Exact unless `bounded`; empty where no way exists.

    Raises
    ------
    InvalidInput
        A column has the wrong type, shape or range, the timetable is out of order, or the
        query names no place, a place outside the network, or one place twice.

    Notes
    -----
    An itinerary is a sequence of connections c1..cn from an origin o to a destination d, each
    starting where the one before ended. With T the minutes, A the price of a transfer
    (place, mode, mode), M the gate, s[i] the segment of ci, m[i] its mode, v[i] its service::

        ready[1]   = ready_min + T[o, M, m[1]]
        ready[i]   = arrives[c(i-1)] + T[from[s[i]], m[i-1], m[i]]
        boarding   : ready[i] + cutoff[v[i]] <= departs[ci]
        on board   : previous[ci] = c(i-1); no transfer, no cut-off, no wait
        arrival    = arrives[cn] + T[d, m[n], M]

        price  = sum A + sum through_price[s[i]] + sum regime_price[s[i], q[i]]
               + one charge (zone, entry, exit) for each tariff zone in turn,
                 A and through_price under the tariff systems f[1]..f[n] chosen
        CO2e   = sum over transfers and segments
        spread = sum over transfers, boardings and segments
        family = union over segments
        q[1] = start[o],  q[i+1] = step[s[i], q[i]]

    The charges follow the rule of `TariffArrays`: a transfer inside one zone keeps the charge
    open, boarding a segment of another zone at p closes it with charge[z, e, p], the
    destination with charge[z, e, d]. Who can stay on board does: leaving and boarding the
    same departure again is never better.

    *Tariff systems.* An itinerary is the connections and the systems they are ridden under.
    A label with the charge of a joint tariff open goes over a transfer in two forms: with the
    charge still open, at the price that this tariff leaves over, for boarding what is in its
    zone; or with the charge closed, after ordinary handling, for boarding anything else. So
    at every platform it is settled what the transfer costs, and the state is enough to go on.
    A system that charges a segment as the national tariffs do is not tried there.

    *Labels.* A label is a way up to some point, with its state (zone, entry, regime, family).
    Of two labels of one state at one platform (place, mode), the one that is ready no later
    and is no worse in price (and CO2e, spread) can copy whatever the other does next, since
    all that is added from there on depends on the state alone. So the other one is dropped.
    Ways of different families are never compared. At the gate all destinations are one, and
    the state no longer counts; a way may pass through a destination and go on to another.

    *Ties.* Of itineraries of one family with equal criteria, the one with the fewest
    connections is kept, and of these the lexicographically smallest sequence of connections,
    then of systems. This is exact: where two labels agree in price (and CO2e, spread), the
    later one stays if its way is the smaller in that order, for then a common departure would
    make it the answer; appending a connection keeps the order.

    *Bounds.* A label is dropped too when it cannot reach a destination, or when all families
    of the network are in it and its amounts plus the least that the rest costs are strictly
    worse than an itinerary found. That least is a static shortest path for each criterion,
    charges left out, each cost under the system cheapest for it; for the price a shortest path
    in charges alone, from zone to zone, is added. With two criteria and one family the scan
    ends when the least price there can be has arrived. This changes the work, not the answer.

    One pass over the connections in order of departure suffices, for an arrival is always
    later than its departure. With two criteria the work is O(C log E) for E entries of a
    bucket, times the states met at a platform; with more, each connection compares the
    entries ready for it.

    References
    ----------
    J. Dibbelt, T. Pajor, B. Strasser, D. Wagner, *Connection Scan Algorithm*, ACM Journal of
    Experimental Algorithmics 23 (2018), section 4 (profiles and Pareto sets). The state and
    the order of ties are our additions.
    """
    corridor = Corridor(segments, connections, tariffs, regimes, times, footprints)
    sizes = check_columns(corridor)
    _check_query(query, sizes)
    prepared = prepare(corridor, sizes, query)
    found = scan(*prepared)
    return _front(found, int(prepared.platforms[-1, HEAD]), corridor, prepared.ask)


def pareto(itineraries: Iterable[Itinerary], criteria: int = 2) -> tuple[Itinerary, ...]:
    """Drop what another itinerary matches or beats, whatever its corridor family.

    `criteria` as in `FrontQuery`. Of equal ones the fewest connections stay, then the
    lexicographically smallest connections, then systems. The order is that of `Front`.
    """
    _check_criteria(criteria)
    kept: list[tuple[tuple[int, ...], Itinerary]] = []
    ranked = sorted(
        ((_amounts(i)[:criteria], _tie(i), i) for i in itineraries),
        key=lambda row: row[:2],
    )
    for amounts, _, itinerary in ranked:
        # What covers an itinerary stands before it.
        if not any(all(a <= b for a, b in zip(other, amounts, strict=True)) for other, _ in kept):
            kept.append((amounts, itinerary))
    return tuple(sorted((itinerary for _, itinerary in kept), key=rank))


def rank(
    itinerary: Itinerary,
) -> tuple[int, int, int, int, tuple[int, ...], tuple[int, ...]]:
    """Order of the itineraries of a `Front`."""
    return (*_amounts(itinerary), itinerary.connections, itinerary.systems)


def _tie(itinerary: Itinerary) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """Order of itineraries with equal amounts."""
    return len(itinerary.connections), itinerary.connections, itinerary.systems


def _amounts(itinerary: Itinerary) -> tuple[int, int, int, int]:
    return (
        itinerary.arrives_min,
        itinerary.price_micro,
        itinerary.co2e_g,
        itinerary.spread_min,
    )


def _check_criteria(criteria: int) -> None:
    if criteria not in {2, 4}:
        raise InvalidInput("criteria are 2 or 4", criteria=criteria)


def _check_query(query: FrontQuery, sizes: Sizes) -> None:
    _check_criteria(query.criteria)
    places = query.origins + query.destinations
    if not query.origins or not query.destinations or len(set(places)) < len(places):
        raise InvalidInput(
            "origins and destinations are needed, none of them twice",
            origins=query.origins,
            destinations=query.destinations,
        )
    outside = [place for place in places if not 0 <= place < sizes.places]
    if outside:
        raise InvalidInput(
            "the query names a place outside the network", outside=outside, places=sizes.places
        )
    if not 0 <= query.required_families < 2**62:
        raise InvalidInput(
            "required families are a bit set", required_families=query.required_families
        )
    if query.label_limit < 1:
        raise InvalidInput("label limit must be >= 1", label_limit=query.label_limit)
    if max(abs(query.ready_min), abs(query.latest_departure_min)) > LARGEST_AMOUNT:
        raise InvalidInput(
            "no such instant",
            ready_min=query.ready_min,
            latest_departure_min=query.latest_departure_min,
        )


def _front(found: Found, bucket: int, corridor: Corridor, ask: Ask) -> Front:
    """Read what stands in the buckets at the gate, of which `bucket` is the first."""
    segments, segment = corridor.segments, corridor.connections.segment
    regime_bits = (1 << (ask.family_shift - ask.regime_shift)) - 1
    itineraries = []
    for entry in _at_gate(found, bucket):
        state = int(found.labels[entry[LABEL], STATE])
        way, systems = _way(found.labels, entry[LABEL], ask.system_bits)
        itineraries.append(
            Itinerary(
                connections=way,
                systems=systems,
                origin=int(segments.from_place[segment[way[0]]]),
                destination=int(segments.to_place[segment[way[-1]]]),
                arrives_min=entry[MINUTE],
                price_micro=entry[PRICE],
                co2e_g=entry[CO2E],
                spread_min=entry[SPREAD],
                family=state >> ask.family_shift,
                regime=(state >> ask.regime_shift) & regime_bits,
            )
        )
    return Front(
        itineraries=tuple(sorted(itineraries, key=rank)),
        bounded=found.bounded,
        labels=found.n_labels,
    )


def _at_gate(found: Found, bucket: int) -> Iterator[list[int]]:
    while bucket >= 0:
        start, size = found.buckets[bucket, START], found.buckets[bucket, SIZE]
        yield from found.entries[start : start + size].tolist()
        bucket = int(found.buckets[bucket, NEXT])


def _way(labels: Int64s, label: int, bits: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Connections and systems of the way that ends in a label."""
    backwards = []
    while labels[label, PARENT] >= 0:
        backwards.append(int(labels[label, CALL]))
        label = int(labels[label, PARENT])
    calls = backwards[::-1]
    return tuple(call >> bits for call in calls), tuple(call & ((1 << bits) - 1) for call in calls)
