"""P2, earliest arrival on a large timetable: the compiled scan against rustworkx.

The instance is that of the front: 250 terminals, 2,000 services, 150,000 departures in 60 days.
The peer runs Dijkstra's algorithm on the time-expanded graph: a node for each departure, lines
for waiting and for riding with the transfer after it. It is built once, outside the clock. Arrivals
must be equal.

    python -m benchmarks.earliest
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numpy as np
from benchmarks._measure import Target, best_of, find_peer, ratio, spread
from benchmarks.front import build, draw_queries

from karvan.engines.routing.earliest import compile_departures, find_earliest
from karvan.engines.routing.front import FrontQuery
from karvan.network.activity_times import ActivityTimes
from karvan.network.indexed import ConnectionArrays, SegmentArrays


def expanded(
    segments: SegmentArrays, connections: ConnectionArrays, times: ActivityTimes, peer: Any
) -> Callable[[FrontQuery], Callable[[], int | None]]:
    """Build the time-expanded graph; give what makes a search of a question.

    A node for each connection, where it departs. From it one waits for the next one of its
    platform, or rides and changes to the first one of each platform that can be caught, or
    rides and has arrived at the place in its mode, which is a node too.
    """
    gate = times.transfer_min.shape[1] - 1
    n_places = times.transfer_min.shape[0]
    s = connections.segment
    departs, arrives = connections.departs_min, connections.arrives_min
    assert (connections.previous == -1).all()
    assert not times.cutoff_min.any()
    platform = segments.from_place[s] * gate + segments.mode[s]
    arrived = segments.to_place[s] * gate + segments.mode[s]
    there = [np.flatnonzero(platform == p) for p in range(n_places * gate)]
    rides = (arrives - departs).tolist()
    lines = [(c, s.size + at, rides[c]) for c, at in enumerate(arrived.tolist())]
    for waiting in there:
        gaps = np.diff(departs[waiting]).tolist()
        lines += zip(waiting[:-1].tolist(), waiting[1:].tolist(), gaps, strict=True)
    for at in range(n_places * gate):
        come = np.flatnonzero(arrived == at)
        for onward in range(gate):
            board = there[at // gate * gate + onward]
            ready = arrives[come] + times.transfer_min[at // gate, at % gate, onward]
            first = np.searchsorted(departs[board], ready)
            caught = first < board.size
            left, boarded = come[caught], board[first[caught]]
            spent = (departs[boarded] - departs[left]).tolist()
            lines += zip(left.tolist(), boarded.tolist(), spent, strict=True)
    graph = peer.PyDiGraph()
    graph.add_nodes_from(range(s.size + n_places * gate))
    graph.add_edges_from(lines)
    begin, goal = graph.add_node("begin"), graph.add_node("goal")

    def prepare(query: FrontQuery) -> Callable[[], int | None]:
        """Hang a question into the graph; outside the clock, in favour of the peer."""
        graph.remove_edges_from([(begin, end) for _, end, _ in graph.out_edges(begin)])
        graph.remove_edges_from([(start, goal) for start, _, _ in graph.in_edges(goal)])
        (origin,), (destination,) = query.origins, query.destinations
        for mode in range(gate):
            board = there[origin * gate + mode]
            ready = query.ready_min + times.transfer_min[origin, gate, mode]
            i = int(np.searchsorted(departs[board], ready))
            if i < board.size:
                graph.add_edge(begin, int(board[i]), int(departs[board[i]]) - query.ready_min)
            minutes = int(times.transfer_min[destination, mode, gate])
            graph.add_edge(s.size + destination * gate + mode, goal, minutes)

        def search() -> int | None:
            found = peer.dijkstra_shortest_path_lengths(graph, begin, float, goal=goal)
            return query.ready_min + round(found[goal]) if goal in found else None

        return search

    return prepare


def run(queries: int = 200, peer_queries: int = 60) -> dict[str, object]:
    """Measure both and compare their arrivals."""
    segments, connections, _, _, times, _ = build()
    table = compile_departures(segments, connections, times)
    asked = draw_queries(queries)

    def arrival(query: FrontQuery) -> int | None:
        found = find_earliest(
            table,
            origins=query.origins,
            destinations=query.destinations,
            ready_min=query.ready_min,
            latest_departure_min=query.latest_departure_min,
        )
        return found.arrives_min if found else None

    arrival(asked[0])  # compiles
    fast = [best_of(lambda query=query: arrival(query)) for query in asked]
    fast_ms = [ms for ms, _ in fast]
    figures: dict[str, object] = {
        "connections": int(connections.segment.size),
        "queries": queries,
        "unreachable": sum(answer is None for _, answer in fast),
        **spread(fast_ms, "kernel"),
    }
    target = Target(
        row="P2",
        work="earliest arrival, same timetable",
        peer="rustworkx Dijkstra, time-expanded graph",
        ratio=None,
        to_reach=20,
    )
    peer = find_peer("rustworkx")
    if peer is None:
        return {**figures, "rustworkx": "not installed", "targets": [target]}
    prepare = expanded(segments, connections, times, peer)
    gc.collect()
    slow_ms = []
    for query, (_, expected) in zip(asked[:peer_queries], fast, strict=False):
        ms, answer = best_of(prepare(query), repeats=3)
        assert answer == expected
        slow_ms.append(ms)
    target["ratio"] = ratio(slow_ms, fast_ms[:peer_queries])
    return {
        **figures,
        "rustworkx_version": peer.__version__,
        "rustworkx_queries": peer_queries,
        **spread(slow_ms, "rustworkx"),
        "targets": [target],
    }


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<24}{value}")
