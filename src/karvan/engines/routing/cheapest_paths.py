"""The k cheapest ways through a network of links, without departures.

For whoever asks how one could go at all: by length, by time in motion, by a mark of cost a
tonne. Departures, transfers, tariffs and rules are those of `karvan.engines.routing.front`.

Letters: N nodes, L links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.path_search import NO_PATH, Graph, rank_paths

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

#: How many paths may be asked for.
MOST_PATHS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PathGraph:
    """A checked network of links as `cheapest_paths` reads it; made by `compile_graph`."""

    n_nodes: int
    graph: Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A way that visits no node twice: its links in order, and the sum of their weights."""

    links: tuple[int, ...]
    weight: int


def compile_graph(n_nodes: int, from_node: Int32s, to_node: Int32s, weight: Int64s) -> PathGraph:
    """Check a network of links and lay it out; once, for any number of questions.

    Parameters
    ----------
    n_nodes
        N >= 1.
    from_node, to_node
        (L,) nodes 0..N-1. Several links may join the same two nodes.
    weight
        (L,) whole and >= 0, in any unit: metres, seconds, millionths of a currency. Whole,
        because only then does a sum not depend on where it begins, and ties are ties.

    Raises
    ------
    InvalidInput
        A column has the wrong type or shape, a link ends outside the nodes, a weight is
        negative, or so large that N times a path of N links leaves 62 bits.
    """
    if n_nodes < 1:
        raise InvalidInput("a network has at least one node", nodes=n_nodes)
    for name, column, dtype in (
        ("from_node", from_node, np.int32),
        ("to_node", to_node, np.int32),
        ("weight", weight, np.int64),
    ):
        if column.dtype != dtype or column.ndim != 1 or column.size != weight.size:
            raise InvalidInput(
                "a column of links has the wrong type or shape",
                column=name,
                type=str(column.dtype),
                expected_type=np.dtype(dtype).name,
                shape=column.shape,
                expected_shape=(weight.size,),
            )
    outside = (from_node < 0) | (from_node >= n_nodes) | (to_node < 0) | (to_node >= n_nodes)
    if outside.any():
        raise InvalidInput("a link ends outside the network", links=_first(outside), nodes=n_nodes)
    largest = (NO_PATH - 1) // (n_nodes * n_nodes) - 1
    wrong = (weight < 0) | (weight > largest)
    if wrong.any():
        raise InvalidInput(
            "a weight is negative or too large", links=_first(wrong), low=0, high=largest
        )
    links = np.stack([from_node, to_node, weight * n_nodes + 1], axis=1).astype(np.int64)
    return PathGraph(
        n_nodes=n_nodes,
        graph=Graph(links, *_by_node(from_node, n_nodes), *_by_node(to_node, n_nodes)),
    )


def cheapest_paths(network: PathGraph, source: int, target: int, k: int) -> tuple[Path, ...]:
    """Find the k cheapest ways between two nodes that visit no node twice.

    Parameters
    ----------
    source, target
        Nodes. Where they are one, the only way is to stay: no link, weight 0.
    k
        How many, 1 to `MOST_PATHS`.

    Returns
    -------
    tuple[Path, ...]
        Ascending by weight, then by number of links, then by the sequence of links; fewer
        than k where there are no more, none where the target cannot be reached. Which ones
        are given follows the same order, so the answer has no accidents.

    Raises
    ------
    InvalidInput
        A node outside the network, or k out of range.

    Notes
    -----
    Yen's method: the next path leaves one found before at some node. From there the rest is
    the cheapest path that avoids the nodes before and the links by which known paths go on.
    Lawler's rule: nodes before the one at which a path left its own are not tried again. Each
    search is led by the least that remains from every node, known from one search backwards
    from the target (closing nodes and links can only make it more), and is given up where it
    exceeds the k-th path known. Work: one search backwards, O(L log L), then at most k N
    searches forwards, each of which rarely leaves its path by more than a link.

    References
    ----------
    J. Y. Yen, *Finding the K Shortest Loopless Paths in a Network*, Management Science 17
    (1971); E. L. Lawler, *A Procedure for Computing the K Best Solutions to Discrete
    Optimization Problems*, Management Science 18 (1972). The order of ties is our addition.
    """
    outside = [node for node in (source, target) if not 0 <= node < network.n_nodes]
    if outside:
        raise InvalidInput("no such node", outside=outside, nodes=network.n_nodes)
    if not 1 <= k <= MOST_PATHS:
        raise InvalidInput("how many paths is out of range", k=k, low=1, high=MOST_PATHS)
    if source == target:
        return (Path(links=(), weight=0),)
    ranked, count = rank_paths(network.graph, source, target, k)
    return tuple(
        Path(
            links=tuple(ranked.links[row, : ranked.length[row]].tolist()),
            weight=int(ranked.key[row]) // network.n_nodes,
        )
        for row in ranked.order[:count].tolist()
    )


def _by_node(node: Int32s, n_nodes: int) -> tuple[Int64s, Int64s]:
    """Links by one of their ends, ascending, and where those of each node begin: (L,), (N+1,)."""
    begin = np.zeros(n_nodes + 1, np.int64)
    np.cumsum(np.bincount(node, minlength=n_nodes), out=begin[1:])
    return np.argsort(node, kind="stable").astype(np.int64), begin


def _first(wrong: NDArray[np.bool_]) -> list[int]:
    return [int(link) for link in np.flatnonzero(wrong)[:20]]
