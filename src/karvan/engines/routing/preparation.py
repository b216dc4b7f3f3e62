"""From the columns of the network to the rows that the scan reads.

The rows are drawn in `karvan.engines.routing.layout`. What depends on the columns alone is laid
out once; what depends on where the cargo goes, once for each set of destinations.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.bounds import (
    LARGEST_AMOUNT,
    UNREACHABLE,
    Costs,
    charges_ahead,
    least,
)
from karvan.engines.routing.checks import Corridor, Sizes
from karvan.engines.routing.compiled import frozen
from karvan.engines.routing.layout import (
    BOARD_SPREAD,
    CALL,
    CHEAPEST,
    CUTOFF,
    END_RIDES,
    ENTERS,
    ENTRY,
    EXIT,
    FAMILY,
    FLOOR,
    FROM,
    HEAD,
    LARGEST_CUTOFF,
    LEAVES,
    MINUTE,
    MODE,
    PARENT,
    PLATFORM,
    PRICE,
    RIDE_CO2E,
    RIDE_SPREAD,
    RIDES,
    STATE,
    SYSTEM,
    THROUGH,
    TO,
    Ask,
    Flags,
    Goal,
    Int64s,
    Rates,
)
from karvan.engines.routing.query import FrontQuery
from karvan.engines.routing.timetable import SortedTimetable
from karvan.network.activity_times import NO_TRANSFER
from karvan.network.regimes import CLOSED
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS, TariffArrays

_LATER_THAN_ALL: Final = 2**62
_STATE_BITS: Final = 62


class Laid(NamedTuple):
    """What all searches share that lift the rules, or do not.

    Attributes
    ----------
    open
        (S,) neither refused nor without a ride or a departure.
    departs
        (F, P, M+1) as `useful` of `Goal`, whatever the destination.
    least_handling
        (P, M+1, M+1, 4) handling at the least price any tariff system asks.
    possible
        (P, M+1, M+1) the transfer exists.
    """

    rates: Rates
    rides: Rides
    open: Flags
    departs: Flags
    least_handling: Int64s
    possible: Flags


class Target(NamedTuple):
    """What all searches to some destinations share.

    Attributes
    ----------
    criteria
        How many of the bounds are known.
    price_from
        (P,) least price from the gate of each place.
    """

    goal: Goal
    criteria: int
    price_from: Int64s


def lay(corridor: Corridor, sizes: Sizes, timetable: SortedTimetable, *, lift_rules: bool) -> Laid:
    """Lay out checked columns."""
    _, _, tariffs, regimes, times, footprints = corridor
    rides = _rides(tariffs, lift_rules=lift_rules)
    ways = _ways(corridor, sizes, rides)
    refused = (regimes.refusal != 0) & (not lift_rules)
    closed = refused | (regimes.refusal == CLOSED) | (timetable.minutes == UNREACHABLE)
    is_open = ~closed & (ways[:, RIDES] < ways[:, END_RIDES])
    handling = np.stack(
        [
            times.transfer_min,
            tariffs.transfer_price[NATIONAL],
            footprints.transfer_g,
            times.transfer_spread_min,
        ],
        axis=3,
    )
    departs = _departs(tariffs, sizes, ways, rides, is_open)
    return Laid(
        rates=Rates(
            ways=frozen(ways),
            rides=frozen(rides.rows),
            rules=frozen(np.stack([regimes.step.astype(np.int64), regimes.price], axis=2)),
            charge=frozen(tariffs.charge),
            system=frozen(tariffs.system_of_zone.astype(np.int64)),
            handling=frozen(handling),
            carried=frozen(tariffs.transfer_price),
        ),
        rides=rides,
        open=frozen(is_open),
        departs=departs,
        least_handling=_least_handling(handling, tariffs.transfer_price, departs),
        possible=frozen(times.transfer_min != NO_TRANSFER),
    )


def aim(
    corridor: Corridor,
    sizes: Sizes,
    timetable: SortedTimetable,
    laid: Laid,
    ahead: Int64s,
    query: FrontQuery,
) -> Target:
    """Find what can be known of the ways to the destinations of a query."""
    at_end = _flags(query.destinations, sizes.places)
    ways, handling = laid.rates.ways, laid.rates.handling
    bounds = _bounds(timetable, laid, frozen(at_end), query.criteria)
    node = ways[:, TO] * sizes.modes + ways[:, MODE]
    leads_on = laid.open & (bounds[node, MINUTE] != UNREACHABLE)
    useful = _departs(corridor.tariffs, sizes, ways, laid.rides, leads_on)
    useful[NATIONAL, at_end, sizes.modes] = True
    price_from = np.full(sizes.places, LARGEST_AMOUNT, np.int64)
    leaving = ways[leads_on]
    start = handling[leaving[:, FROM], sizes.modes, leaving[:, MODE], PRICE]
    onward = bounds[node[leads_on], PRICE] + ahead[0, leaving[:, FROM]]
    np.minimum.at(price_from, leaving[:, FROM], start + leaving[:, FLOOR] + onward)
    goal = Goal(frozen(bounds), frozen(ahead), frozen(leads_on), frozen(useful))
    return Target(goal=goal, criteria=query.criteria, price_from=price_from)


def find_charges_ahead(tariffs: TariffArrays, sizes: Sizes, query: FrontQuery) -> Int64s:
    """Least charges still to come, (Z+1, P); none are sure where rules are lifted."""
    ahead = np.zeros((sizes.zones + 1, sizes.places), np.int64)
    if query.lift_rules or not tariffs.charge.any():
        return ahead
    has_rate = tariffs.charge != NO_RATE
    zone, entry = np.nonzero(has_rate.any(axis=2))
    due = np.where(has_rate[zone, entry], tariffs.charge[zone, entry], UNREACHABLE).T
    system, segment = np.nonzero(tariffs.exit_place != STAYS)
    hops = np.zeros((sizes.places, sizes.places), np.bool_)
    hops[tariffs.entry_place[system, segment], tariffs.exit_place[system, segment]] = True
    at_end = _flags(query.destinations, sizes.places)
    opened, closed = charges_ahead(frozen(due), frozen(entry), frozen(hops), frozen(at_end))
    ahead[1:] = UNREACHABLE
    ahead[zone + 1, entry] = opened
    ahead[0] = closed
    return ahead


class Rides(NamedTuple):
    """R rides, by segment, then by system."""

    rows: Int64s
    segment: NDArray[np.intp]


def _rides(tariffs: TariffArrays, *, lift_rules: bool) -> Rides:
    """Ways of charging each segment that differ from that of the national tariffs, and this."""
    n_systems, n_segments = tariffs.leaves_zone.shape
    columns = np.empty((n_systems, n_segments, 6), np.int64)
    columns[..., SYSTEM] = np.arange(n_systems)[:, np.newaxis]
    columns[..., LEAVES] = tariffs.leaves_zone
    columns[..., EXIT] = tariffs.exit_place
    columns[..., THROUGH] = tariffs.through_price
    columns[..., ENTERS] = tariffs.enters_zone
    columns[..., ENTRY] = tariffs.entry_place
    lacking = tariffs.through_price == NO_RATE
    if n_systems == 1 and not lacking.any():
        return Rides(columns[NATIONAL], np.arange(n_segments))
    tried = (columns != columns[NATIONAL])[..., LEAVES:].any(axis=2)
    tried[NATIONAL] = True
    if lift_rules:
        columns[lacking, THROUGH] = 0
    else:
        tried &= ~lacking
    segment, system = np.nonzero(tried.T)
    return Rides(columns[system, segment], segment)


def _flags(rows: tuple[int, ...], count: int) -> Flags:
    flags = np.zeros(count, np.bool_)
    flags[list(rows)] = True
    return flags


def _departs(
    tariffs: TariffArrays, sizes: Sizes, ways: Int64s, rides: Rides, is_open: Flags
) -> Flags:
    """Where open segments depart, whatever the system, and in the zone of each joint tariff."""
    departs = np.zeros((sizes.systems, sizes.places, sizes.modes + 1), np.bool_)
    leaving = ways[is_open]
    if sizes.systems > 1:
        ridden = is_open[rides.segment]
        onward = ways[rides.segment[ridden]]
        system = tariffs.system_of_zone[rides.rows[ridden, LEAVES]]
        departs[system, onward[:, FROM], onward[:, MODE]] = True
    departs[NATIONAL, leaving[:, FROM], leaving[:, MODE]] = True
    return departs


def _least_handling(handling: Int64s, carried: Int64s, departs: Flags) -> Int64s:
    """Handling at the least price any tariff system asks."""
    if len(carried) == 1:
        return handling
    cheapest = handling.copy()
    least_price = cheapest[..., PRICE]
    for prices, useful in zip(carried[NATIONAL + 1 :], departs[NATIONAL + 1 :], strict=True):
        lower = (prices != NO_RATE) & (prices < least_price) & useful[:, np.newaxis, :]
        least_price[lower] = prices[lower]
    return cheapest


def _ways(corridor: Corridor, sizes: Sizes, rides: Rides) -> Int64s:
    segments, _, _, regimes, times, footprints = corridor
    ways = np.empty((sizes.segments, 12), np.int64)
    ways[:, PLATFORM] = segments.from_place.astype(np.int64) * sizes.modes + segments.mode
    ways[:, FROM] = segments.from_place
    ways[:, TO] = segments.to_place
    ways[:, MODE] = segments.mode
    ways[:, FAMILY] = segments.family
    ways[:, CUTOFF] = times.cutoff_min[segments.service]
    ways[:, BOARD_SPREAD] = times.board_spread_min[segments.service]
    ways[:, RIDE_SPREAD] = times.segment_spread_min
    ways[:, RIDE_CO2E] = footprints.segment_g
    begin = np.searchsorted(rides.segment, np.arange(sizes.segments + 1))
    ways[:, RIDES] = begin[:-1]
    ways[:, END_RIDES] = begin[1:]
    ways[:, FLOOR] = _least_price(regimes.price) + _least_through(rides, sizes)
    return ways


def _least_through(rides: Rides, sizes: Sizes) -> Int64s:
    """Price of the cheapest ride of each segment, (S,)."""
    if len(rides.rows) == sizes.segments:
        return rides.rows[:, THROUGH]
    cheapest = np.full(sizes.segments, LARGEST_AMOUNT, np.int64)
    np.minimum.at(cheapest, rides.segment, rides.rows[:, THROUGH])
    return cheapest


def _least_price(price: Int64s) -> Int64s:
    """Cheapest regime of each segment, (S,); a loop over Q columns beats a reduction."""
    cheapest = price[:, 0]
    for q in range(1, price.shape[1]):
        cheapest = np.minimum(cheapest, price[:, q])
    return cheapest


def _bounds(timetable: SortedTimetable, laid: Laid, destinations: Flags, criteria: int) -> Int64s:
    """(P*M, 4); with two criteria the other two are 0."""
    ways, handling = laid.rates.ways, laid.least_handling
    nothing = np.zeros(len(ways), np.int64)
    costs = [
        (timetable.minutes, ways[:, CUTOFF]),
        (ways[:, FLOOR], nothing),
        (ways[:, RIDE_CO2E], nothing),
        (ways[:, RIDE_SPREAD], ways[:, BOARD_SPREAD]),
    ]
    n_nodes = handling.shape[0] * (handling.shape[1] - 1)
    bounds = np.zeros((n_nodes, 4), np.int64)
    for k, (riding, boarding) in enumerate(costs[:criteria]):
        usable = np.where(laid.open, riding, UNREACHABLE)
        cost = Costs(frozen(usable), frozen(boarding), frozen(handling[..., k]))
        bounds[:, k] = least(timetable.ends, cost, laid.possible, timetable.stays, destinations)
    return bounds


def lay_platforms(sizes: Sizes, ways: Int64s) -> Int64s:
    """Platforms on which nobody stands."""
    platforms = np.empty((2 * sizes.places * sizes.modes + 1, 3), np.int64)
    platforms[:, HEAD] = -1
    platforms[:, CHEAPEST] = _LATER_THAN_ALL
    platforms[:, LARGEST_CUTOFF] = 0
    np.maximum.at(platforms[:, LARGEST_CUTOFF], ways[:, PLATFORM], ways[:, CUTOFF])
    # Nothing at the gate is ever ripe: no departure follows.
    platforms[-1, LARGEST_CUTOFF] = _LATER_THAN_ALL
    return platforms


def roots_of(corridor: Corridor, query: FrontQuery, ask: Ask) -> Int64s:
    """Labels before the first connection, with their place in CALL."""
    roots = np.zeros((len(query.origins), 8), np.int64)
    for row, origin in enumerate(query.origins):
        roots[row, MINUTE] = query.ready_min
        roots[row, STATE] = int(corridor.regimes.start[origin]) << ask.regime_shift
        roots[row, CALL] = origin
        roots[row, PARENT] = -1
    return roots


def lay_state(corridor: Corridor, sizes: Sizes) -> Ask:
    """Lay out a state; all else is that of no query.

    Raises
    ------
    InvalidInput
        A state does not fit into one integer.
    """
    families = int(np.bitwise_or.reduce(corridor.segments.family, initial=0))
    # In the place of the entry a zone may stand too.
    entry_shift = sizes.zones.bit_length()
    regime_shift = entry_shift + max(sizes.places, sizes.zones).bit_length()
    family_shift = regime_shift + (sizes.regimes - 1).bit_length()
    if family_shift + families.bit_length() > _STATE_BITS:
        raise InvalidInput(
            "zones, places, regimes and families together need too many bits",
            zones=sizes.zones,
            places=sizes.places,
            regimes=sizes.regimes,
            families=families,
            bits=_STATE_BITS,
        )
    return Ask(
        first=0,
        stop=0,
        criteria=2,
        label_limit=1,
        lift_rules=False,
        families=families,
        required=0,
        least_price=-1,
        system_bits=(sizes.systems - 1).bit_length(),
        entry_shift=entry_shift,
        regime_shift=regime_shift,
        family_shift=family_shift,
    )


def ask_of(corridor: Corridor, state: Ask, target: Target, query: FrontQuery) -> Ask:
    """Cut the timetable, and say what ends the scan early.

    That is the least price from gate to gate, or -1 where arrival and price do not decide alone.
    """
    departs = corridor.connections.departs_min
    decided = query.criteria == 2 and not state.families & ~query.required_families
    return state._replace(
        first=int(departs.searchsorted(query.ready_min)),
        stop=int(departs.searchsorted(query.latest_departure_min, side="right")),
        criteria=query.criteria,
        label_limit=query.label_limit,
        lift_rules=query.lift_rules,
        required=query.required_families,
        least_price=min(target.price_from[list(query.origins)].tolist()) if decided else -1,
    )
