"""P1, exact front (arrival, price) on a large timetable: the compiled search against its peers.

The instance (seed 7): 250 terminals on a strip of 9,000 km, 2,000 directed services of one
segment each (rail, road, ship), about 150,000 connections in 60 days, 2 to 12 hours of paid
handling at each transfer, a trivial book (one zone without charges, one regime).

All programs load the timetable once and then answer one question after another; what is known
of the ways to a destination is kept, so the best of a few is the time without finding it. How
long loading and finding take stands beside.

Peers: pyraptor's McRAPTOR, in as many rounds as the answer needs, and a lean connection scan in
plain Python; both must give the same arrivals and prices. The project's own reference, which
carries all that the search does, must give the same itineraries. Then the compiled search alone
at 4 and 16 times the departures: the exponent is that of the number of departures.

    python -m benchmarks.front
"""

from __future__ import annotations

import gc
import math
import statistics
from collections.abc import Callable, Sequence

import numpy as np
from benchmarks._measure import Target, best_of, find_peer, ratio, spread, timed
from benchmarks._plain import PlainScan

from karvan.engines.routing.front import Front, FrontQuery, compile_search, search_front
from karvan.engines.routing.reference import search_front_reference
from karvan.network.activity_times import ActivityTimes, FootprintArrays
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.regimes import RegimeAutomaton
from karvan.network.tariff_arrays import MICRO_PER_UNIT, STAYS, TariffArrays

TERMINALS = 250
SERVICES = 2_000
DAYS = 60
DAY_MIN = 1_440
MODES = 3  # rail, road, ship
SPEED_KM_PER_H = np.array([30.0, 45.0, 22.0])
PRICE_PER_KM = np.array([0.9, 1.6, 0.5])
Corridor = tuple[
    SegmentArrays, ConnectionArrays, TariffArrays, RegimeAutomaton, ActivityTimes, FootprintArrays
]


def build(seed: int = 7, *, density: int = 1) -> Corridor:
    """Build the instance; `density` multiplies the departures."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 9_000, TERMINALS), rng.uniform(0, 600, TERMINALS)
    distance = np.hypot(x[:, None] - x, y[:, None] - y) * 1.2 + 5
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < SERVICES // 2:  # Hauls of 50 km and more, 650 km on average.
        a = int(rng.integers(TERMINALS))
        b = int(np.abs(distance[a] - 50 - rng.exponential(600)).argmin())
        if a != b:
            pairs.add((min(a, b), max(a, b)))
    one_way = np.array(sorted(pairs))
    from_place = np.concatenate([one_way[:, 0], one_way[:, 1]])
    to_place = np.concatenate([one_way[:, 1], one_way[:, 0]])
    mode = np.tile(rng.choice(MODES, SERVICES // 2, p=[0.5, 0.35, 0.15]), 2)
    length_km = distance[from_place, to_place]
    ride_min = (length_km / SPEED_KM_PER_H[mode] * 60).astype(np.int64) + 30
    price = length_km * PRICE_PER_KM[mode] * rng.uniform(0.7, 1.3, SERVICES) * MICRO_PER_UNIT
    segments = SegmentArrays(
        service=np.arange(SERVICES, dtype=np.int32),
        from_place=from_place.astype(np.int32),
        to_place=to_place.astype(np.int32),
        mode=mode.astype(np.int32),
        family=np.zeros(SERVICES, np.int64),
    )
    at_transfers = (TERMINALS, MODES + 1, MODES + 1)
    return (
        segments,
        _connections(rng, ride_min, 75 * density),
        TariffArrays(
            leaves_zone=np.zeros((1, SERVICES), np.int32),
            exit_place=np.full((1, SERVICES), STAYS, np.int32),
            through_price=price.astype(np.int64)[np.newaxis],
            enters_zone=np.zeros((1, SERVICES), np.int32),
            entry_place=np.full((1, SERVICES), -1, np.int32),
            charge=np.zeros((1, TERMINALS, TERMINALS), np.int64),
            transfer_price=rng.integers(20, 200, (1, *at_transfers)) * MICRO_PER_UNIT,
            system_of_zone=np.zeros(1, np.int32),
        ),
        RegimeAutomaton(
            states=("free",),
            start=np.zeros(TERMINALS, np.int32),
            step=np.zeros((SERVICES, 1), np.int32),
            price=np.zeros((SERVICES, 1), np.int64),
            refusal=np.zeros(SERVICES, np.int32),
        ),
        ActivityTimes(
            transfer_min=rng.integers(120, 721, at_transfers),
            transfer_spread_min=rng.integers(0, 240, at_transfers),
            cutoff_min=np.zeros(SERVICES, np.int64),
            board_spread_min=rng.integers(0, 720, SERVICES),
            segment_spread_min=ride_min // 10,
        ),
        FootprintArrays(
            segment_g=(length_km * 400).astype(np.int64),
            transfer_g=rng.integers(1_000, 5_000, at_transfers),
        ),
    )


def _connections(rng: np.random.Generator, ride_min: np.ndarray, trips: int) -> ConnectionArrays:
    """Every service departs `trips` times, about evenly, each run up to a tenth slower."""
    headway = DAYS * DAY_MIN / trips
    phase = rng.uniform(0, headway, (SERVICES, 1))
    jitter = rng.uniform(-0.2, 0.2, (SERVICES, trips)) * headway
    departs = np.abs(phase + np.arange(trips) * headway + jitter).astype(np.int64).ravel()
    segment = np.repeat(np.arange(SERVICES, dtype=np.int32), trips)
    arrives = departs + (ride_min[segment] * rng.uniform(1.0, 1.1, departs.size)).astype(np.int64)
    order = np.argsort(departs, kind="stable")
    return ConnectionArrays(
        segment=segment[order],
        departs_min=departs[order],
        arrives_min=arrives[order],
        previous=np.full(departs.size, -1, np.int32),
    )


def draw_queries(count: int, seed: int = 8, criteria: int = 2) -> list[FrontQuery]:
    """Draw origins, destinations and a minute of the first 20 days."""
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(count):
        origin, destination = rng.choice(TERMINALS, 2, replace=False).tolist()
        drawn.append(
            FrontQuery(
                origins=(origin,),
                destinations=(destination,),
                ready_min=int(rng.integers(20 * DAY_MIN)),
                latest_departure_min=DAYS * DAY_MIN,
                criteria=criteria,
                label_limit=5_000_000,
            )
        )
    return drawn


def point(front: Front) -> list[tuple[int, int]]:
    """What peers answer too: arrivals and prices."""
    return [(i.arrives_min, i.price_micro) for i in front.itineraries]


def growth(queries: int, densities: Sequence[int] = (1, 4, 16)) -> dict[str, object]:
    """The compiled search alone, at multiples of the departures."""
    figures: dict[str, object] = {}
    medians, sizes = [], []
    for density in densities:
        corridor = build(density=density)
        asked = draw_queries(queries)
        network = compile_search(*corridor)
        times_ms = [best_of(lambda q=q, n=network: n.front(q))[0] for q in asked]
        medians.append(statistics.median(times_ms))
        sizes.append(corridor[1].segment.size)
        figures[f"{sizes[-1]} connections"] = spread(times_ms, "kernel")
    exponent = math.log(medians[-1] / medians[0]) / math.log(sizes[-1] / sizes[0])
    return {**figures, "exponent": round(exponent, 2)}


def run(
    queries: int = 60, plain_queries: int = 20, reference_queries: int = 5, raptor_queries: int = 3
) -> dict[str, object]:
    """Measure all and compare their answers."""
    corridor = build()
    segments, connections, tariffs, _, times, _ = corridor
    asked = draw_queries(queries)
    search_front(*corridor, asked[0])  # compiles
    gc.collect()
    loading_ms, network = best_of(lambda: compile_search(*corridor))
    first_ms = [timed(lambda q=q: network.front(q))[0] for q in asked]
    fast = [best_of(lambda q=q: network.front(q)) for q in asked]
    assert not any(front.bounded for _, front in fast)
    fast_ms = [ms for ms, _ in fast]
    figures: dict[str, object] = {
        "connections": int(connections.segment.size),
        "queries": queries,
        **spread(fast_ms, "kernel"),
        "kernel_loading_ms": round(loading_ms, 1),
        **spread(first_ms, "kernel_new_destination"),
        "front_size_median": statistics.median(len(front.itineraries) for _, front in fast),
        "front_size_largest": max(len(front.itineraries) for _, front in fast),
        "labels_median": statistics.median(front.labels for _, front in fast),
    }
    book = (tariffs.through_price[0].tolist(), tariffs.transfer_price[0].tolist())
    plain = PlainScan(segments, connections, times, *book)
    plain_ms = _compare(plain.front, asked[:plain_queries], fast)
    figures |= {"plain_queries": plain_queries, **spread(plain_ms, "plain")}
    work = "exact front (arrival, price), 250 terminals, 2,000 services, 150,000 departures"
    targets = [
        Target(
            row="P1",
            work=work,
            peer="plain-Python connection scan",
            ratio=ratio(plain_ms, fast_ms[:plain_queries]),
            to_reach=40,
        ),
        Target(row="P1", work=work, peer="pyraptor McRAPTOR", ratio=None, to_reach=1000),
    ]
    if find_peer("pyraptor") is None:
        figures["pyraptor"] = "not installed"
    else:
        from benchmarks._pyraptor import Peer

        peer_loading_ms, peer = timed(lambda: Peer(segments, connections, times, *book))
        raptor_ms = _compare(peer.front, asked[:raptor_queries], fast)
        targets[1]["ratio"] = ratio(raptor_ms, fast_ms[:raptor_queries])
        figures["pyraptor_queries"] = raptor_queries
        figures["pyraptor_loading_s"] = round(peer_loading_ms / 1e3, 1)
        figures |= spread(raptor_ms, "pyraptor")
    reference_ms = []
    for query, (_, expected) in zip(asked[:reference_queries], fast, strict=False):
        ms, front = timed(lambda q=query: search_front_reference(*corridor, q))
        assert front.itineraries == expected.itineraries
        reference_ms.append(ms)
    if reference_ms:
        figures |= {"reference_queries": reference_queries, **spread(reference_ms, "reference")}
        figures["reference_ratio"] = ratio(reference_ms, fast_ms[:reference_queries])
    return {**figures, "growth": growth(min(queries, 20)), "targets": targets}


def _compare(
    search: Callable[[FrontQuery], list[tuple[int, int]]],
    asked: Sequence[FrontQuery],
    fast: Sequence[tuple[float, Front]],
) -> list[float]:
    """Milliseconds of a peer, whose answers must be the same."""
    times_ms = []
    for query, (_, front) in zip(asked, fast, strict=False):
        ms, found = timed(lambda q=query: search(q))
        assert found == point(front)
        times_ms.append(ms)
    return times_ms


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<22}{value}")
