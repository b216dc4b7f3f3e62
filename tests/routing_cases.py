"""Small random corridors for the search, and two independent ways of checking an answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from karvan.engines.routing.front import Front, FrontQuery, Itinerary
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes, FootprintArrays
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.regimes import FORBIDDEN, RegimeAutomaton
from karvan.network.tariff_arrays import NO_RATE, STAYS, TariffArrays

Search = Callable[..., Front]

INT32 = np.int32
INT64 = np.int64


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All arguments of a search."""

    segments: SegmentArrays
    connections: ConnectionArrays
    tariffs: TariffArrays
    regimes: RegimeAutomaton
    times: ActivityTimes
    footprints: FootprintArrays
    query: FrontQuery

    def answer(self, search: Search, **changes: object) -> Front:
        return search(
            self.segments,
            self.connections,
            self.tariffs,
            self.regimes,
            self.times,
            self.footprints,
            replace(self.query, **changes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    places: int = 4
    modes: int = 2
    zones: int = 2
    regimes: int = 2
    services: int = 5
    departures: int = 3  # of each service, at most
    connections: int = 25  # at most
    families: int = 2  # bits


@st.composite
def cases(draw, *, plain: bool = False):
    """A corridor; `plain` has one zone without charges, one regime and no families."""
    sizes = Sizes(
        places=draw(st.integers(3, 6), label="places"),
        modes=draw(st.integers(1, 3), label="modes"),
        zones=1 if plain else draw(st.integers(1, 3), label="zones"),
        regimes=1 if plain else draw(st.integers(1, 3), label="regimes"),
        services=draw(st.integers(1, 10), label="services"),
        departures=draw(st.integers(1, 5), label="departures"),
        families=0 if plain else draw(st.integers(0, 2), label="families"),
    )
    seed = draw(st.integers(0, 2**32 - 1), label="seed")
    return build_case(np.random.default_rng(seed), sizes)


def build_case(rng: np.random.Generator, sizes: Sizes) -> Case:
    """Numbers are small, so that ties are frequent."""
    chains = [_chain(rng, sizes) for _ in range(sizes.services)]
    segments = _segments(rng, sizes, chains)
    return Case(
        segments=segments,
        connections=_connections(rng, sizes, chains),
        tariffs=_tariffs(rng, sizes, segments),
        regimes=_regimes(rng, sizes, segments.service.size),
        times=_times(rng, sizes, segments.service.size),
        footprints=FootprintArrays(
            segment_g=rng.integers(0, 4, segments.service.size, INT64),
            transfer_g=rng.integers(0, 2, _at_transfers(sizes), INT64),
        ),
        query=_query(rng, sizes),
    )


def any_sizes(rng: np.random.Generator) -> Sizes:
    """The sizes of `cases`, for proofs that do not go through hypothesis."""
    return Sizes(
        places=int(rng.integers(3, 7)),
        modes=int(rng.integers(1, 4)),
        zones=int(rng.integers(1, 4)),
        regimes=int(rng.integers(1, 4)),
        services=int(rng.integers(1, 11)),
        departures=int(rng.integers(1, 6)),
        families=int(rng.integers(0, 3)),
    )


def _at_transfers(sizes: Sizes) -> tuple[int, int, int]:
    return sizes.places, sizes.modes + 1, sizes.modes + 1


def _chain(rng: np.random.Generator, sizes: Sizes) -> list[int]:
    """Call at two to four places, no two neighbours equal."""
    chain = [int(rng.integers(sizes.places))]
    for _ in range(rng.integers(1, 4)):
        chain.append(int((chain[-1] + rng.integers(1, sizes.places)) % sizes.places))
    return chain


def _segments(rng, sizes, chains) -> SegmentArrays:
    service = [v for v, chain in enumerate(chains) for _ in chain[1:]]
    # A service keeps its mode, save for a few oddities.
    mode = rng.integers(0, sizes.modes, len(chains))[service]
    odd = rng.random(mode.size) < 0.1
    mode[odd] = rng.integers(0, sizes.modes, odd.sum())
    family = rng.integers(0, 2**sizes.families, mode.size, INT64)
    family[rng.random(mode.size) < 0.6] = 0
    return SegmentArrays(
        service=np.array(service, INT32),
        from_place=np.array([p for chain in chains for p in chain[:-1]], INT32),
        to_place=np.array([p for chain in chains for p in chain[1:]], INT32),
        mode=mode.astype(INT32),
        family=family,
    )


def _connections(rng, sizes, chains) -> ConnectionArrays:
    rows = []  # departs, random, trip, position, segment, arrives
    first = 0
    for v, chain in enumerate(chains):
        for n in range(rng.integers(1, sizes.departures + 1)):
            minute = int(rng.integers(0, 30))
            start = int(rng.integers(0, len(chain) - 1))
            for position in range(start, len(chain) - 1):
                arrives = minute + int(rng.integers(1, 4))
                trip = (v, n)
                rows.append((minute, rng.random(), trip, position, first + position, arrives))
                minute = arrives + int(rng.integers(0, 3))
        first += len(chain) - 1
    rows = sorted(rows)[: sizes.connections]
    at = {(trip, position): c for c, (_, _, trip, position, _, _) in enumerate(rows)}
    return ConnectionArrays(
        segment=np.array([row[4] for row in rows], INT32),
        departs_min=np.array([row[0] for row in rows], INT64),
        arrives_min=np.array([row[5] for row in rows], INT64),
        previous=np.array([at.get((row[2], row[3] - 1), -1) for row in rows], INT32),
    )


def _tariffs(rng, sizes, segments) -> TariffArrays:
    n = segments.service.size
    zone_of_place = rng.integers(0, sizes.zones, sizes.places)
    leaves = zone_of_place[segments.from_place].astype(INT32)
    enters = zone_of_place[segments.to_place].astype(INT32)
    odd = rng.random(n) < 0.2
    leaves[odd] = rng.integers(0, sizes.zones, odd.sum())
    stays = (leaves == enters) & (rng.random(n) < 0.8)
    border = np.where(rng.random(n) < 0.5, segments.from_place, segments.to_place)
    charge = rng.integers(0, 7, (sizes.zones, sizes.places, sizes.places), INT64)
    charge[rng.random(charge.shape) < rng.choice([0.0, 0.15])] = NO_RATE
    if sizes.zones == sizes.regimes == 1 and not sizes.families:
        charge[:] = 0
    return TariffArrays(
        leaves_zone=leaves,
        exit_place=np.where(stays, STAYS, border).astype(INT32),
        through_price=rng.integers(0, 4, n, INT64),
        enters_zone=enters,
        entry_place=np.where(stays, -1, border).astype(INT32),
        charge=charge,
        transfer_price=rng.integers(0, 3, _at_transfers(sizes), INT64),
    )


def _regimes(rng, sizes, n) -> RegimeAutomaton:
    step = rng.integers(0, sizes.regimes, (n, sizes.regimes), INT32)
    step[rng.random(step.shape) < rng.choice([0.0, 0.15])] = FORBIDDEN
    refusal = rng.integers(1, 4, n, INT32)
    refusal[rng.random(n) < rng.choice([0.85, 1.0])] = 0
    return RegimeAutomaton(
        states=tuple(f"R{q}" for q in range(sizes.regimes)),
        start=rng.integers(0, sizes.regimes, sizes.places, INT32),
        step=step,
        price=rng.integers(0, 3, (n, sizes.regimes), INT64),
        refusal=refusal,
    )


def _times(rng, sizes, n) -> ActivityTimes:
    transfer = rng.integers(0, 3, _at_transfers(sizes), INT64)
    transfer[rng.random(transfer.shape) < rng.choice([0.0, 0.15])] = NO_TRANSFER
    return ActivityTimes(
        transfer_min=transfer,
        transfer_spread_min=rng.integers(0, 2, _at_transfers(sizes), INT64),
        cutoff_min=rng.integers(0, 3, sizes.services, INT64),
        board_spread_min=rng.integers(0, 3, sizes.services, INT64),
        segment_spread_min=rng.integers(0, 3, n, INT64),
    )


def _query(rng, sizes) -> FrontQuery:
    places = rng.permutation(sizes.places).tolist()
    n_origins = int(rng.integers(1, min(3, sizes.places - 1)))
    n_destinations = int(rng.integers(1, min(3, sizes.places - n_origins + 1)))
    return FrontQuery(
        origins=tuple(places[:n_origins]),
        destinations=tuple(places[n_origins : n_origins + n_destinations]),
        ready_min=int(rng.integers(0, 4)),
        latest_departure_min=int(rng.choice([15, 60, 60])),
    )


# -- A second opinion on one itinerary ------------------------------------------------------


def charge_lines(case: Case, ways: list[int], destination: int) -> list[tuple[int, int, int]]:
    """Give (zone, entry, exit) for every zone that a list of segments runs through."""
    tariffs, segments = case.tariffs, case.segments
    lines = []
    open_charge = None
    for s in ways:
        here, zone = int(segments.from_place[s]), int(tariffs.leaves_zone[s])
        if open_charge is not None and open_charge[0] != zone:
            lines.append((*open_charge, here))
            open_charge = None
        if open_charge is None:
            open_charge = (zone, here)
        if tariffs.exit_place[s] != STAYS:
            lines.append((*open_charge, int(tariffs.exit_place[s])))
            open_charge = (int(tariffs.enters_zone[s]), int(tariffs.entry_place[s]))
    assert open_charge is not None
    return [*lines, (*open_charge, destination)]


def replay(
    case: Case, connections: tuple[int, ...], *, lift_rules: bool = False, stays: bool = True
) -> Itinerary:
    """Walk the connections and add everything up from the beginning.

    Raises AssertionError where the way cannot be gone. `stays` false: everybody alights at
    every call, also where they could stay on board.
    """
    table, times, query = case.connections, case.times, case.query
    ways = [int(table.segment[c]) for c in connections]
    origin = int(case.segments.from_place[ways[0]])
    destination = int(case.segments.to_place[ways[-1]])
    gate = times.transfer_min.shape[1] - 1
    assert origin in query.origins
    assert destination in query.destinations

    handled = []  # (place, mode, mode)
    spread, minute, place, mode = 0, query.ready_min, origin, gate
    last = -1
    for c, s in zip(connections, ways, strict=True):
        assert case.segments.from_place[s] == place
        if not (stays and last >= 0 and table.previous[c] == last):
            onward = int(case.segments.mode[s])
            service = case.segments.service[s]
            handled.append((place, mode, onward))
            assert times.transfer_min[handled[-1]] != NO_TRANSFER
            minute += int(times.transfer_min[handled[-1]])
            assert minute + times.cutoff_min[service] <= table.departs_min[c]
            spread += int(times.board_spread_min[service])
        assert minute <= table.departs_min[c] <= query.latest_departure_min
        assert lift_rules or case.regimes.refusal[s] == 0
        minute = int(table.arrives_min[c])
        place, mode, last = int(case.segments.to_place[s]), int(case.segments.mode[s]), c
    handled.append((place, mode, gate))
    assert times.transfer_min[handled[-1]] != NO_TRANSFER
    minute += int(times.transfer_min[handled[-1]])

    charges = [int(case.tariffs.charge[line]) for line in charge_lines(case, ways, destination)]
    assert lift_rules or NO_RATE not in charges
    regime, regime_price = _regime(case, origin, ways, lift_rules=lift_rules)
    return Itinerary(
        connections=connections,
        origin=origin,
        destination=destination,
        arrives_min=minute,
        price_micro=sum(charge for charge in charges if charge != NO_RATE)
        + regime_price
        + int(case.tariffs.through_price[ways].sum())
        + sum(int(case.tariffs.transfer_price[at]) for at in handled),
        co2e_g=int(case.footprints.segment_g[ways].sum())
        + sum(int(case.footprints.transfer_g[at]) for at in handled),
        spread_min=spread
        + int(times.segment_spread_min[ways].sum())
        + sum(int(times.transfer_spread_min[at]) for at in handled),
        family=int(np.bitwise_or.reduce(case.segments.family[ways])),
        regime=regime,
    )


def _regime(case: Case, origin: int, ways: list[int], *, lift_rules: bool) -> tuple[int, int]:
    regime, price = int(case.regimes.start[origin]), 0
    for s in ways:
        price += int(case.regimes.price[s, regime])
        after = int(case.regimes.step[s, regime])
        assert lift_rules or after != FORBIDDEN
        regime = regime if after == FORBIDDEN else after
    return regime, price


# -- Every way there is ---------------------------------------------------------------------


def sequences(case: Case) -> Iterator[tuple[int, ...]]:
    """Every sequence of connections that joins in space and time, from origin to destination."""
    table = case.connections
    start = [int(case.segments.from_place[s]) for s in table.segment]
    end = [int(case.segments.to_place[s]) for s in table.segment]
    departs, arrives = table.departs_min.tolist(), table.arrives_min.tolist()

    def onward(way: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if end[way[-1]] in case.query.destinations:
            yield way
        for c in range(way[-1] + 1, len(start)):
            if start[c] == end[way[-1]] and departs[c] >= arrives[way[-1]]:
                yield from onward((*way, c))

    for c in range(len(start)):
        if start[c] in case.query.origins:
            yield from onward((c,))


def brute_force(case: Case, criteria: int, *, lift_rules: bool = False) -> list[Itinerary]:
    """Replay every sequence and keep, of each family, what no other beats."""
    found: dict[int, dict[tuple[int, ...], Itinerary]] = {}
    for way in sequences(case):
        for stays in (True, False):
            try:
                itinerary = replay(case, way, lift_rules=lift_rules, stays=stays)
            except AssertionError:
                continue
            alike = found.setdefault(itinerary.family, {})
            rival = alike.setdefault(amounts(itinerary)[:criteria], itinerary)
            if tie(itinerary) < tie(rival):
                alike[amounts(itinerary)[:criteria]] = itinerary
    front = [
        itinerary
        for alike in found.values()
        for vector, itinerary in alike.items()
        if not any(other != vector and beats(other, vector) for other in alike)
    ]
    return sorted(front, key=lambda i: (amounts(i), i.connections))


def amounts(itinerary: Itinerary) -> tuple[int, int, int, int]:
    return (
        itinerary.arrives_min,
        itinerary.price_micro,
        itinerary.co2e_g,
        itinerary.spread_min,
    )


def tie(itinerary: Itinerary) -> tuple[int, tuple[int, ...]]:
    """Order among equals: fewest connections, then the smaller sequence."""
    return len(itinerary.connections), itinerary.connections


def beats(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))
