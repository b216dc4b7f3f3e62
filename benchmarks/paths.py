"""P3, the ten cheapest simple paths in a network of 250 nodes and 2,000 links, against igraph.

Nodes lie on a strip of 9,000 km, links join near ones in both directions, and weigh their length
times a price. Whole weights, so that costs can be compared exactly.

    python -m benchmarks.paths
"""

from __future__ import annotations

import gc

import numpy as np
from benchmarks._measure import Target, best_of, find_peer, ratio, spread

from karvan.engines.routing.cheapest_paths import Path, cheapest_paths, compile_graph

NODES, LINKS, K = 250, 2_000, 10


def build(seed: int = 11) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ends and weight of each link; no two links join the same nodes in the same direction."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 9_000, NODES), rng.uniform(0, 600, NODES)
    distance_km = np.hypot(x[:, None] - x, y[:, None] - y) * 1.2 + 5
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < LINKS // 2:
        a = int(rng.integers(NODES))
        b = int(np.abs(distance_km[a] - 50 - rng.exponential(600)).argmin())
        if a != b:
            pairs.add((min(a, b), max(a, b)))
    one_way = np.array(sorted(pairs), np.int32)
    from_node = np.concatenate([one_way[:, 0], one_way[:, 1]])
    to_node = np.concatenate([one_way[:, 1], one_way[:, 0]])
    weight = distance_km[from_node, to_node] * rng.uniform(0.5, 2.0, LINKS) * 1_000
    return from_node, to_node, weight.astype(np.int64)


def run(queries: int = 200) -> dict[str, object]:
    """Measure both and compare their costs."""
    from_node, to_node, weight = build()
    network = compile_graph(NODES, from_node, to_node, weight)
    rng = np.random.default_rng(12)
    asked = [rng.choice(NODES, 2, replace=False).tolist() for _ in range(queries)]
    cheapest_paths(network, 0, 1, K)  # compiles

    def ours(source: int, target: int) -> tuple[Path, ...]:
        return cheapest_paths(network, source, target, K)

    gc.collect()
    fast = [best_of(lambda ends=ends: ours(*ends)) for ends in asked]
    fast_ms = [ms for ms, _ in fast]
    figures: dict[str, object] = {
        "nodes": NODES,
        "links": LINKS,
        "k": K,
        "queries": queries,
        **spread(fast_ms, "kernel"),
    }
    target = Target(
        row="P3",
        work=f"k = {K} cheapest simple paths, {NODES} nodes, {LINKS:,} links",
        peer="igraph get_k_shortest_paths",
        ratio=None,
        to_reach=10,
    )
    peer = find_peer("igraph")
    if peer is None:
        return {**figures, "igraph": "not installed", "targets": [target]}
    ends = list(zip(from_node.tolist(), to_node.tolist(), strict=True))
    graph = peer.Graph(n=NODES, edges=ends, directed=True)
    graph.es["weight"] = weight.tolist()
    slow_ms = []
    for (source, target_node), (_, found) in zip(asked, fast, strict=True):
        ms, paths = best_of(
            lambda source=source, target_node=target_node: graph.get_k_shortest_paths(
                source, to=target_node, k=K, weights="weight", output="epath"
            ),
            repeats=3,
        )
        assert [path.weight for path in found] == [int(weight[path].sum()) for path in paths]
        slow_ms.append(ms)
    target["ratio"] = ratio(slow_ms, fast_ms)
    return {
        **figures,
        "igraph_version": peer.__version__,
        **spread(slow_ms, "igraph"),
        "targets": [target],
    }


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<24}{value}")
