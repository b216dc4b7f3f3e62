"""From the columns of the network to the rows that the scan reads, for one query.

The rows are drawn in `karvan.engines.routing.layout`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.routing import scan as rows
from karvan.engines.routing.bounds import (
    FAULTS,
    LARGEST_AMOUNT,
    UNREACHABLE,
    Calls,
    Costs,
    Ends,
    Survey,
    charges_ahead,
    least,
    survey,
)
from karvan.engines.routing.checks import Corridor, Sizes, frozen
from karvan.engines.routing.layout import Ask, Int64s, Rates, Timetable
from karvan.engines.routing.query import FrontQuery
from karvan.network.activity_times import NO_TRANSFER
from karvan.network.regimes import CLOSED
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS, TariffArrays

_LATER_THAN_ALL: Final = 2**62
_STATE_BITS: Final = 62


class Prepared(NamedTuple):
    """The arguments of `scan`, in order."""

    timetable: Timetable
    rates: Rates
    platforms: Int64s
    roots: Int64s
    ask: Ask


def prepare(corridor: Corridor, sizes: Sizes, query: FrontQuery) -> Prepared:
    """Lay out checked columns.

    Raises
    ------
    InvalidInput
        The timetable is out of order, or a state does not fit into one integer.
    """
    segments, connections, tariffs, regimes, _, _ = corridor
    calls = Calls(
        frozen(connections.segment),
        frozen(connections.departs_min),
        frozen(connections.arrives_min),
        frozen(connections.previous),
    )
    ends = Ends(
        frozen(segments.service),
        frozen(segments.from_place),
        frozen(segments.to_place),
        frozen(segments.mode),
    )
    seen = survey(calls, ends, sizes.places, sizes.modes)
    if seen.fault:
        raise InvalidInput(FAULTS[seen.fault], connection=seen.at)
    ask = _ask(corridor, sizes, query)
    rides = _rides(tariffs, lift_rules=query.lift_rules)
    ways = _ways(corridor, sizes, query, seen, rides)
    handling = _handling(corridor, sizes, query, ways)
    carried = _carried(tariffs, sizes, ways, rides)
    bounds = _bounds(ends, ways, _least_handling(handling, carried), seen, query.criteria)
    ahead = _ahead(tariffs, sizes, query)
    to_node = ways[:, rows.TO] * sizes.modes + ways[:, rows.MODE]
    ways[:, rows.CLOSED] |= bounds[to_node, rows.MINUTE] == UNREACHABLE
    return Prepared(
        timetable=Timetable(*calls, frozen(seen.continues)),
        rates=Rates(
            ways=frozen(ways),
            rides=frozen(rides.rows),
            rules=frozen(np.stack([regimes.step.astype(np.int64), regimes.price], axis=2)),
            charge=frozen(tariffs.charge),
            system=frozen(tariffs.system_of_zone.astype(np.int64)),
            handling=frozen(handling),
            carried=frozen(carried),
            bounds=frozen(bounds),
            ahead=frozen(ahead),
        ),
        platforms=_platforms(ways, sizes),
        roots=_roots(corridor, query, ask),
        ask=ask._replace(least_price=_least_total(query, ask, ways, handling, bounds, ahead)),
    )


def _least_total(
    query: FrontQuery, ask: Ask, ways: Int64s, handling: Int64s, bounds: Int64s, ahead: Int64s
) -> int:
    """Least price from gate to gate, or -1 where arrival and price do not decide alone."""
    if query.criteria != 2 or ask.families & ~ask.required:
        return -1
    n_modes = handling.shape[1] - 1
    leaving = ways[np.isin(ways[:, rows.FROM], query.origins) & (ways[:, rows.CLOSED] == 0)]
    start = handling[leaving[:, rows.FROM], n_modes, leaving[:, rows.MODE], rows.PRICE]
    onward = bounds[leaving[:, rows.TO] * n_modes + leaving[:, rows.MODE], rows.PRICE]
    charges = ahead[0, leaving[:, rows.FROM]]
    return int((start + leaving[:, rows.FLOOR] + onward + charges).min(initial=LARGEST_AMOUNT))


def _ahead(tariffs: TariffArrays, sizes: Sizes, query: FrontQuery) -> Int64s:
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
    destinations = np.isin(np.arange(sizes.places), query.destinations)
    opened, closed = charges_ahead(frozen(due), frozen(entry), frozen(hops), destinations)
    ahead[1:] = UNREACHABLE
    ahead[zone + 1, entry] = opened
    ahead[0] = closed
    return ahead


class _Rides(NamedTuple):
    """R rides, by segment, then by system."""

    rows: Int64s
    segment: NDArray[np.intp]


def _rides(tariffs: TariffArrays, *, lift_rules: bool) -> _Rides:
    """Ways of charging each segment that differ from that of the national tariffs, and this."""
    n_systems, n_segments = tariffs.leaves_zone.shape
    columns = np.empty((n_systems, n_segments, 6), np.int64)
    columns[..., rows.SYSTEM] = np.arange(n_systems)[:, np.newaxis]
    columns[..., rows.LEAVES] = tariffs.leaves_zone
    columns[..., rows.EXIT] = tariffs.exit_place
    columns[..., rows.THROUGH] = tariffs.through_price
    columns[..., rows.ENTERS] = tariffs.enters_zone
    columns[..., rows.ENTRY] = tariffs.entry_place
    lacking = tariffs.through_price == NO_RATE
    if n_systems == 1 and not lacking.any():
        return _Rides(columns[NATIONAL], np.arange(n_segments))
    tried = (columns != columns[NATIONAL])[..., rows.LEAVES :].any(axis=2)
    tried[NATIONAL] = True
    if lift_rules:
        columns[lacking, rows.THROUGH] = 0
    else:
        tried &= ~lacking
    segment, system = np.nonzero(tried.T)
    return _Rides(columns[system, segment], segment)


def _carried(tariffs: TariffArrays, sizes: Sizes, ways: Int64s, rides: _Rides) -> Int64s:
    """Prices of transfers that keep a joint charge open, where something of it departs."""
    if sizes.systems == 1:
        return tariffs.transfer_price
    useful = np.zeros((sizes.systems, sizes.places, sizes.modes + 1), np.bool_)
    onward = ways[rides.segment]
    is_open = onward[:, rows.CLOSED] == 0
    system = tariffs.system_of_zone[rides.rows[is_open, rows.LEAVES]]
    useful[system, onward[is_open, rows.FROM], onward[is_open, rows.MODE]] = True
    return np.where(useful[:, :, np.newaxis, :], tariffs.transfer_price, NO_RATE)


def _least_handling(handling: Int64s, carried: Int64s) -> Int64s:
    """Handling at the least price any tariff system asks."""
    if len(carried) == 1:
        return handling
    cheapest = handling.copy()
    for prices in carried[NATIONAL + 1 :]:
        lower = (prices != NO_RATE) & (prices < cheapest[..., rows.PRICE])
        cheapest[..., rows.PRICE][lower] = prices[lower]
    return cheapest


def _ways(
    corridor: Corridor, sizes: Sizes, query: FrontQuery, seen: Survey, rides: _Rides
) -> Int64s:
    segments, _, _, regimes, times, footprints = corridor
    refused = (regimes.refusal != 0) & (not query.lift_rules)
    closed = refused | (regimes.refusal == CLOSED)
    ways = np.empty((sizes.segments, 14), np.int64)
    ways[:, rows.PLATFORM] = segments.from_place.astype(np.int64) * sizes.modes + segments.mode
    ways[:, rows.FROM] = segments.from_place
    ways[:, rows.TO] = segments.to_place
    ways[:, rows.MODE] = segments.mode
    ways[:, rows.FAMILY] = segments.family
    ways[:, rows.CUTOFF] = times.cutoff_min[segments.service]
    ways[:, rows.BOARD_SPREAD] = times.board_spread_min[segments.service]
    ways[:, rows.RIDE_SPREAD] = times.segment_spread_min
    ways[:, rows.RIDE_CO2E] = footprints.segment_g
    begin = np.searchsorted(rides.segment, np.arange(sizes.segments + 1))
    ways[:, rows.RIDES] = begin[:-1]
    ways[:, rows.END_RIDES] = begin[1:]
    without = begin[:-1] == begin[1:]
    ways[:, rows.CLOSED] = closed | without | (seen.minutes == UNREACHABLE)
    ways[:, rows.FLOOR] = _least_price(regimes.price) + _least_through(rides, sizes)
    return ways


def _least_through(rides: _Rides, sizes: Sizes) -> Int64s:
    """Price of the cheapest ride of each segment, (S,)."""
    if len(rides.rows) == sizes.segments:
        return rides.rows[:, rows.THROUGH]
    cheapest = np.full(sizes.segments, LARGEST_AMOUNT, np.int64)
    np.minimum.at(cheapest, rides.segment, rides.rows[:, rows.THROUGH])
    return cheapest


def _least_price(price: Int64s) -> Int64s:
    """Cheapest regime of each segment, (S,); a loop over Q columns beats a reduction."""
    cheapest = price[:, 0]
    for q in range(1, price.shape[1]):
        cheapest = np.minimum(cheapest, price[:, q])
    return cheapest


def _handling(corridor: Corridor, sizes: Sizes, query: FrontQuery, ways: Int64s) -> Int64s:
    """Transfers of use: to platforms where something departs, to the gate of a destination."""
    _, _, tariffs, _, times, footprints = corridor
    useful = np.zeros((sizes.places, sizes.modes + 1), np.bool_)
    open_ways = ways[ways[:, rows.CLOSED] == 0]
    useful[open_ways[:, rows.FROM], open_ways[:, rows.MODE]] = True
    useful[list(query.destinations), sizes.modes] = True
    handling = np.stack(
        [
            times.transfer_min,
            tariffs.transfer_price[NATIONAL],
            footprints.transfer_g,
            times.transfer_spread_min,
        ],
        axis=3,
    )
    handling[..., rows.MINUTE] = np.where(useful[:, None, :], times.transfer_min, NO_TRANSFER)
    return handling


def _bounds(ends: Ends, ways: Int64s, handling: Int64s, seen: Survey, criteria: int) -> Int64s:
    """(P*M, 4); with two criteria the other two are 0."""
    closed = ways[:, rows.CLOSED] != 0
    possible = frozen(handling[..., rows.MINUTE] != NO_TRANSFER)
    stays = frozen(seen.stays)
    nothing = np.zeros(len(ways), np.int64)
    costs = [
        (seen.minutes, ways[:, rows.CUTOFF]),
        (ways[:, rows.FLOOR], nothing),
        (ways[:, rows.RIDE_CO2E], nothing),
        (ways[:, rows.RIDE_SPREAD], ways[:, rows.BOARD_SPREAD]),
    ]
    bounds = np.zeros((possible.shape[0] * (possible.shape[1] - 1), 4), np.int64)
    for k, (riding, boarding) in enumerate(costs[:criteria]):
        usable = np.where(closed, UNREACHABLE, riding)
        cost = Costs(frozen(usable), frozen(boarding), frozen(handling[..., k]))
        bounds[:, k] = least(ends, cost, possible, stays)
    return bounds


def _platforms(ways: Int64s, sizes: Sizes) -> Int64s:
    platforms = np.empty((2 * sizes.places * sizes.modes + 1, 4), np.int64)
    platforms[:, rows.HEAD] = -1
    platforms[:, rows.EARLIEST] = _LATER_THAN_ALL
    platforms[:, rows.CHEAPEST] = _LATER_THAN_ALL
    platforms[:, rows.LARGEST_CUTOFF] = 0
    np.maximum.at(platforms[:, rows.LARGEST_CUTOFF], ways[:, rows.PLATFORM], ways[:, rows.CUTOFF])
    # Nothing at the gate is ever ripe: no departure follows.
    platforms[-1, rows.LARGEST_CUTOFF] = _LATER_THAN_ALL
    return platforms


def _roots(corridor: Corridor, query: FrontQuery, ask: Ask) -> Int64s:
    """Labels before the first connection, with their place in CALL."""
    origins = np.array(query.origins)
    roots = np.zeros((origins.size, 8), np.int64)
    roots[:, rows.MINUTE] = query.ready_min
    roots[:, rows.STATE] = corridor.regimes.start[origins].astype(np.int64) << ask.regime_shift
    roots[:, rows.CALL] = origins
    roots[:, rows.PARENT] = -1
    return roots


def _ask(corridor: Corridor, sizes: Sizes, query: FrontQuery) -> Ask:
    """Cut the timetable, and lay out a state."""
    departs = corridor.connections.departs_min
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
        first=int(np.searchsorted(departs, query.ready_min)),
        stop=int(np.searchsorted(departs, query.latest_departure_min, side="right")),
        criteria=query.criteria,
        label_limit=query.label_limit,
        lift_rules=query.lift_rules,
        families=families,
        required=query.required_families,
        least_price=-1,
        system_bits=(sizes.systems - 1).bit_length(),
        entry_shift=entry_shift,
        regime_shift=regime_shift,
        family_shift=family_shift,
    )
