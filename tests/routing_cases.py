"""Small random corridors for the search, and two independent ways of checking an answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from hypothesis import strategies as st

from karvan.engines.routing.front import Front, FrontQuery, Itinerary
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes, FootprintArrays
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.regimes import CLOSED, FORBIDDEN, RegimeAutomaton
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS, TariffArrays

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
    systems: int = 1  # tariff systems; each beyond the first adds a zone of its own


@st.composite
def cases(draw, *, plain: bool = False):
    """A corridor; `plain` has one zone without charges, one regime and no families."""
    systems = 1 if plain else draw(st.sampled_from([1, 2, 3, 4]), label="systems")
    sizes = Sizes(
        places=draw(st.integers(3, 6), label="places"),
        modes=draw(st.integers(1, 3), label="modes"),
        zones=1 if plain else draw(st.integers(1, 3), label="zones"),
        regimes=1 if plain else draw(st.integers(1, 3), label="regimes"),
        services=draw(st.integers(1, 10), label="services"),
        departures=draw(st.integers(1, 5), label="departures"),
        families=0 if plain else draw(st.integers(0, 2), label="families"),
        systems=systems,
        connections=at_most(systems),
    )
    seed = draw(st.integers(0, 2**32 - 1), label="seed")
    return build_case(np.random.default_rng(seed), sizes)


@st.composite
def cases_with_wishes(draw) -> Case:
    """A corridor with segments that nobody wants, closed though rules are lifted."""
    case = draw(cases())
    refusal = case.regimes.refusal.copy()
    unwanted = draw(st.sets(st.integers(0, refusal.size - 1), max_size=2), label="unwanted")
    refusal[list(unwanted)] = CLOSED
    return replace(case, regimes=replace(case.regimes, refusal=refusal))


def at_most(systems: int) -> int:
    """Connections of a corridor whose ways can still be enumerated under all systems."""
    return {1: 25, 2: 18, 3: 14}.get(systems, 12)


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
    systems = int(rng.integers(1, 5))
    return Sizes(
        places=int(rng.integers(3, 7)),
        modes=int(rng.integers(1, 4)),
        zones=int(rng.integers(1, 4)),
        regimes=int(rng.integers(1, 4)),
        services=int(rng.integers(1, 11)),
        departures=int(rng.integers(1, 6)),
        families=int(rng.integers(0, 3)),
        systems=systems,
        connections=at_most(systems),
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
    national = TariffArrays(
        leaves_zone=leaves[np.newaxis],
        exit_place=np.where(stays, STAYS, border).astype(INT32)[np.newaxis],
        through_price=rng.integers(0, 4, (1, n), INT64),
        enters_zone=enters[np.newaxis],
        entry_place=np.where(stays, -1, border).astype(INT32)[np.newaxis],
        charge=charge,
        transfer_price=rng.integers(0, 3, (1, *_at_transfers(sizes)), INT64),
        system_of_zone=np.zeros(sizes.zones, INT32),
    )
    book = national
    for _ in range(1, sizes.systems):
        book = with_joint_tariff(rng, book)
    if sizes.systems > 1 and rng.random() < 0.3:
        book.through_price[rng.random(book.through_price.shape) < 0.2] = NO_RATE
    return book


def with_joint_tariff(rng: np.random.Generator, book: TariffArrays) -> TariffArrays:
    """Add the joint tariff of some zones: for few pairs of stations or many, cheap or dear.

    Borders between members lie inside its zone; some segments go out and come back, and some
    have a charge on board or a transfer that it includes.
    """
    n, system = book.leaves_zone.shape[1], len(book.leaves_zone)
    zone, n_national = len(book.charge), int((book.system_of_zone == NATIONAL).sum())
    member = np.zeros(zone, bool)
    member[:n_national] = rng.random(n_national) < 0.7
    leaves, enters = (
        np.where(member[national[0]], zone, national[0]).astype(INT32)
        for national in (book.leaves_zone, book.enters_zone)
    )
    inside = (leaves == zone) & (enters == zone)
    crosses = (book.exit_place[0] != STAYS) & (~inside | (rng.random(n) < 0.2))
    charge = rng.integers(0, rng.choice([5, 12, 25]), (1, *book.charge.shape[1:]), INT64)
    charge[rng.random(charge.shape) < rng.choice([0.0, 0.3, 0.7])] = NO_RATE
    through = book.through_price[0] * (rng.random(n) < 0.5)
    transfer = book.transfer_price[0] * (rng.random(book.transfer_price[0].shape) < 0.5)
    if rng.random() < 0.2:  # It asks for them more than others do.
        through, transfer = through + 1, transfer + 1

    def and_row(rows, row):
        return np.concatenate([rows, row[np.newaxis]])

    return TariffArrays(
        leaves_zone=and_row(book.leaves_zone, leaves),
        exit_place=and_row(book.exit_place, np.where(crosses, book.exit_place[0], STAYS)),
        through_price=and_row(book.through_price, through),
        enters_zone=and_row(book.enters_zone, enters),
        entry_place=and_row(book.entry_place, np.where(crosses, book.entry_place[0], -1)),
        charge=np.concatenate([book.charge, charge]),
        transfer_price=and_row(book.transfer_price, transfer),
        system_of_zone=np.append(book.system_of_zone, INT32(system)),
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


def charge_lines(
    tariffs: TariffArrays, segments: SegmentArrays, ways: Sequence[int], systems: Sequence[int]
) -> tuple[list[tuple[int, int, int]], list[int]]:
    """Give (zone, entry, exit) of every charge, and whose charge is open before each segment.

    Each segment is one stretch in a zone, or one up to where it leaves its first zone and one
    from where it enters its last. Where a stretch goes on in the zone of the one before, the
    two are one.
    """
    lines: list[tuple[int, int, int]] = []
    open_system = []
    for s, f in zip(ways, systems, strict=True):
        begin, end = int(segments.from_place[s]), int(segments.to_place[s])
        zones = int(tariffs.leaves_zone[f, s]), int(tariffs.enters_zone[f, s])
        stretches = [(zones[0], begin, end)]
        if tariffs.exit_place[f, s] != STAYS:
            stretches = [
                (zones[0], begin, int(tariffs.exit_place[f, s])),
                (zones[1], int(tariffs.entry_place[f, s]), end),
            ]
        goes_on = bool(lines) and lines[-1][0] == zones[0]
        open_system.append(int(tariffs.system_of_zone[zones[0]]) if goes_on else NATIONAL)
        if goes_on:
            zone, entry, _ = lines.pop()
            stretches[0] = (zone, entry, stretches[0][2])
        lines += stretches
    return lines, open_system


def replay(
    case: Case,
    connections: tuple[int, ...],
    systems: tuple[int, ...],
    *,
    lift_rules: bool = False,
    stays: bool = True,
) -> Itinerary:
    """Walk the connections under the given systems and add everything up from the beginning.

    Raises AssertionError where the way cannot be gone. `stays` false: everybody alights at
    every call, also where they could stay on board.
    """
    itinerary, handled = _unpriced(case, connections, lift_rules=lift_rules, stays=stays)
    price = _price(case, connections, systems, handled, lift_rules=lift_rules)
    assert price is not None
    return replace(itinerary, systems=systems, price_micro=itinerary.price_micro + price)


Handled = list[tuple[int, int, int, int]]
"""(which segment follows, place, mode, mode)."""


def _unpriced(
    case: Case, connections: tuple[int, ...], *, lift_rules: bool, stays: bool
) -> tuple[Itinerary, Handled]:
    """All that does not depend on the tariff; the price is that of the regimes alone."""
    table, times, query = case.connections, case.times, case.query
    ways = [int(table.segment[c]) for c in connections]
    origin = int(case.segments.from_place[ways[0]])
    destination = int(case.segments.to_place[ways[-1]])
    gate = times.transfer_min.shape[1] - 1
    assert origin in query.origins
    assert destination in query.destinations

    handled: Handled = []
    spread, minute, place, mode = 0, query.ready_min, origin, gate
    last = -1
    for i, (c, s) in enumerate(zip(connections, ways, strict=True)):
        assert case.segments.from_place[s] == place
        if not (stays and last >= 0 and table.previous[c] == last):
            onward = int(case.segments.mode[s])
            service = case.segments.service[s]
            handled.append((i, place, mode, onward))
            assert times.transfer_min[place, mode, onward] != NO_TRANSFER
            minute += int(times.transfer_min[place, mode, onward])
            assert minute + times.cutoff_min[service] <= table.departs_min[c]
            spread += int(times.board_spread_min[service])
        assert minute <= table.departs_min[c] <= query.latest_departure_min
        refusal = case.regimes.refusal[s]
        assert refusal == 0 or (lift_rules and refusal != CLOSED)
        minute = int(table.arrives_min[c])
        place, mode, last = int(case.segments.to_place[s]), int(case.segments.mode[s]), c
    handled.append((len(ways), place, mode, gate))
    assert times.transfer_min[place, mode, gate] != NO_TRANSFER
    minute += int(times.transfer_min[place, mode, gate])

    regime, regime_price = _regime(case, origin, ways, lift_rules=lift_rules)
    at = tuple(np.array(handled)[:, 1:].T)
    itinerary = Itinerary(
        connections=connections,
        systems=(),
        origin=origin,
        destination=destination,
        arrives_min=minute,
        price_micro=regime_price,
        co2e_g=int(case.footprints.segment_g[ways].sum() + case.footprints.transfer_g[at].sum()),
        spread_min=spread
        + int(times.segment_spread_min[ways].sum() + times.transfer_spread_min[at].sum()),
        family=int(np.bitwise_or.reduce(case.segments.family[ways])),
        regime=regime,
    )
    return itinerary, handled


def _price(
    case: Case,
    connections: tuple[int, ...],
    systems: tuple[int, ...],
    handled: Handled,
    *,
    lift_rules: bool,
) -> int | None:
    """Charges, what is due on board and transfers; `None` where a rate is missing."""
    tariffs = case.tariffs
    ways = [int(case.connections.segment[c]) for c in connections]
    lines, open_system = charge_lines(tariffs, case.segments, ways, systems)
    amounts = [int(tariffs.charge[line]) for line in lines]
    amounts += [int(tariffs.through_price[f, s]) for f, s in zip(systems, ways, strict=True)]
    if NO_RATE in amounts and not lift_rules:
        return None
    open_system.append(NATIONAL)  # at the gate of the destination
    transfers = [int(tariffs.transfer_price[open_system[i], *at]) for i, *at in handled]
    return sum(amount for amount in amounts if amount != NO_RATE) + sum(transfers)


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
    """Replay every sequence under all systems and keep, of each family, what no other beats."""
    found: dict[int, dict[tuple[int, ...], Itinerary]] = {}
    for way in sequences(case):
        for stays in (True, False):
            try:
                plain, handled = _unpriced(case, way, lift_rules=lift_rules, stays=stays)
            except AssertionError:
                continue
            alike = found.setdefault(plain.family, {})
            for systems in product(range(len(case.tariffs.leaves_zone)), repeat=len(way)):
                price = _price(case, way, systems, handled, lift_rules=lift_rules)
                if price is None:
                    continue
                itinerary = replace(plain, systems=systems, price_micro=plain.price_micro + price)
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


def tie(itinerary: Itinerary) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """Order among equals: fewest connections, then the smaller sequence, then systems."""
    return len(itinerary.connections), itinerary.connections, itinerary.systems


def beats(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))
