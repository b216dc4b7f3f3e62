"""The compiled part of the k cheapest paths: what `karvan.engines.routing.cheapest_paths` calls.

Letters: N nodes, L links. Amounts are *keys*: the weight of a link times N, plus 1, so that one
integer orders paths by (cost, number of links); a simple path has fewer than N links.

A heap is a block of rows (estimate, key, node), smallest first; what was found again sooner stays
in it and is passed over when its key is no longer that of its node.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.engines.routing.compiled import compiled, lean

Int64s = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: A key of nothing: no path. Half the range, so that sums stay in it.
NO_PATH: Final = 2**62

# Columns of heaps and of links.
_ESTIMATE, _KEY, _NODE = range(3)
FROM, TO, KEY = range(3)


class Graph(NamedTuple):
    """(L, 3) links; by node, links out and in, each ascending, and where those of one begin."""

    links: Int64s
    out: Int64s
    out_begin: Int64s
    into: Int64s
    into_begin: Int64s


class Desk(NamedTuple):
    """What one search writes, (N,) each, and its heap (L + 1, 3)."""

    key: Int64s
    via: Int64s  # the link a node is reached by
    hops: Int64s
    heap: Int64s


@lean
def _swap(heap: Int64s, one: int, other: int) -> None:
    for k in range(3):
        heap[one, k], heap[other, k] = heap[other, k], heap[one, k]


@lean
def _before(heap: Int64s, one: int, other: int) -> bool:
    if heap[one, _ESTIMATE] != heap[other, _ESTIMATE]:
        return bool(heap[one, _ESTIMATE] < heap[other, _ESTIMATE])
    return bool(heap[one, _KEY] < heap[other, _KEY])


@lean
def _push(heap: Int64s, size: int, estimate: int, key: int, node: int) -> int:
    """Add a row; give the new size."""
    heap[size, _ESTIMATE], heap[size, _KEY], heap[size, _NODE] = estimate, key, node
    at = size
    while at > 0 and _before(heap, at, (at - 1) >> 1):
        _swap(heap, at, (at - 1) >> 1)
        at = (at - 1) >> 1
    return size + 1


@lean
def _pop(heap: Int64s, size: int) -> int:
    """Move the smallest row behind the end; give the new size, the row's number."""
    size -= 1
    _swap(heap, 0, size)
    at = 0
    while True:
        least = at
        for child in (2 * at + 1, 2 * at + 2):
            if child < size and _before(heap, child, least):
                least = child
        if least == at:
            return size
        _swap(heap, at, least)
        at = least


@compiled
def remaining(graph: Graph, target: int) -> Int64s:
    """Key of the cheapest path from each node to the target (`NO_PATH`: none), (N,)."""
    links, _, _, into, begin = graph
    left = np.full(begin.size - 1, NO_PATH, np.int64)
    heap = np.empty((len(links) + 1, 3), np.int64)
    left[target] = 0
    size = _push(heap, 0, 0, 0, target)
    while size > 0:
        size = _pop(heap, size)
        node, key = heap[size, _NODE], heap[size, _KEY]
        if key > left[node]:
            continue
        for i in range(begin[node], begin[node + 1]):
            earlier = links[into[i], FROM]
            found = key + links[into[i], KEY]
            if found < left[earlier]:
                left[earlier] = found
                size = _push(heap, size, found, found, earlier)
    return left


@lean
def _is_smaller(links: Int64s, via: Int64s, link: int, node: int) -> bool:
    """The way to `node` over `link` is smaller, as a sequence, than the one it has.

    Both have the same key and so as many links; they are walked back to where they part.
    """
    smaller = False
    other = via[node]
    while link != other:
        smaller = link < other
        one_end, other_end = links[link, FROM], links[other, FROM]
        if one_end == other_end:
            break
        link, other = via[one_end], via[other_end]
    return smaller


@lean
def deviate(
    graph: Graph,
    left: Int64s,
    desk: Desk,
    closed: Flags,
    shut: Flags,
    ends: tuple[int, int],
    limit: int,
) -> int:
    """Find the cheapest path between two nodes that avoids others; give its key.

    Parameters
    ----------
    left
        From `remaining`: no path costs less, which leads the search.
    desk
        Written; afterwards `via` has the path.
    closed
        (N,) nodes not to be touched.
    shut
        (L,) links not to be taken out of the first node.
    ends
        First node, target.
    limit
        Paths with a larger key are not wanted.

    Returns
    -------
    int
        `NO_PATH` where there is none. Of paths with one key the smallest sequence of links.
    """
    start, target = ends
    desk.key[:] = NO_PATH
    desk.key[start] = 0
    desk.via[start] = -1
    size = _push(desk.heap, 0, left[start], 0, start)
    while size > 0:
        size = _pop(desk.heap, size)
        node, key = desk.heap[size, _NODE], desk.heap[size, _KEY]
        if node == target:
            return int(key)
        if key > desk.key[node]:
            continue
        for i in range(graph.out_begin[node], graph.out_begin[node + 1]):
            link = graph.out[i]
            onward = graph.links[link, TO]
            found = key + graph.links[link, KEY]
            if closed[onward] or found + left[onward] > limit or found > desk.key[onward]:
                continue
            if node == start and shut[link]:
                continue
            if found < desk.key[onward]:
                desk.key[onward] = found
                desk.via[onward] = link
                size = _push(desk.heap, size, found + left[onward], found, onward)
            elif _is_smaller(graph.links, desk.via, link, onward):
                desk.via[onward] = link
    return NO_PATH


class Ranked(NamedTuple):
    """The best paths so far, in rows that do not move; `order` has their numbers, best first."""

    order: Int64s  # (k,)
    key: Int64s  # (k,)
    length: Int64s  # (k,)
    parts_at: Int64s  # (k,) where the path left the one it was made from
    links: NDArray[np.int32]  # (k, N)


@lean
def _beats(ranked: Ranked, one: int, other: int) -> bool:
    """Row `one` has the smaller key, or of equal ones the smaller sequence of links."""
    if ranked.key[one] != ranked.key[other]:
        return bool(ranked.key[one] < ranked.key[other])
    for i in range(ranked.length[one]):  # Equal keys: as many links.
        if ranked.links[one, i] != ranked.links[other, i]:
            return bool(ranked.links[one, i] < ranked.links[other, i])
    return False


@lean
def _rank(ranked: Ranked, count: int, row: int) -> None:
    """Move the path in `row`, last of `count`, to its place in the order."""
    at = count - 1
    while at > 0 and _beats(ranked, row, ranked.order[at - 1]):
        ranked.order[at] = ranked.order[at - 1]
        at -= 1
    ranked.order[at] = row


@lean
def _shut(ranked: Ranked, accepted: int, path: int, i: int, shut: Flags, value: bool) -> None:
    """Mark the links by which accepted paths go on after the first `i` links of one of them."""
    for n in range(accepted):
        other = ranked.order[n]
        same = ranked.length[other] > i
        for j in range(i):
            if not same:
                break
            same = ranked.links[other, j] == ranked.links[path, j]
        if same:
            shut[ranked.links[other, i]] = value


@lean
def _write(
    graph: Graph, desk: Desk, ranked: Ranked, row: int, path: int, i: int, target: int
) -> None:
    """Write a path: the first `i` links of another, then those found from there."""
    length, node = i, target
    while desk.via[node] >= 0:
        desk.hops[length] = desk.via[node]
        node = graph.links[desk.via[node], FROM]
        length += 1
    for j in range(i):
        ranked.links[row, j] = ranked.links[path, j]
    for j in range(i, length):
        ranked.links[row, j] = desk.hops[length - 1 - j + i]
    ranked.length[row] = length
    ranked.parts_at[row] = i


@compiled
def rank_paths(graph: Graph, source: int, target: int, k: int) -> tuple[Ranked, int]:
    """Give the k best simple paths of at least one link, and how many there are.

    Yen's method with Lawler's rule: what leaves an accepted path before the point where that
    path left its own has been looked at already.
    """
    n_nodes, n_links = graph.out_begin.size - 1, len(graph.links)
    left = remaining(graph, target)
    desk = Desk(
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes, np.int64),
        np.empty(n_nodes + 1, np.int64),
        np.empty((n_links + 1, 3), np.int64),
    )
    # One row more than asked for: where the next candidate is written.
    ranked = Ranked(
        np.arange(k + 1),
        np.empty(k + 1, np.int64),
        np.zeros(k + 1, np.int64),
        np.zeros(k + 1, np.int64),
        np.empty((k + 1, n_nodes), np.int32),
    )
    closed, shut = np.zeros(n_nodes, np.bool_), np.zeros(n_links, np.bool_)
    ranked.key[0] = deviate(graph, left, desk, closed, shut, (source, target), NO_PATH)
    if ranked.key[0] == NO_PATH:
        return ranked, 0
    _write(graph, desk, ranked, 0, 0, 0, target)
    count, accepted = 1, 0
    while accepted < min(count, k):
        path = ranked.order[accepted]
        accepted += 1
        node, root = source, 0
        for i in range(ranked.length[path] if accepted < k else 0):
            if i >= ranked.parts_at[path]:
                limit = NO_PATH if count < k else ranked.key[ranked.order[k - 1]]
                _shut(ranked, accepted, path, i, shut, True)
                ends = (node, target)
                found = deviate(graph, left, desk, closed, shut, ends, limit - root)
                _shut(ranked, accepted, path, i, shut, False)
                if found != NO_PATH:
                    row = ranked.order[count]
                    _write(graph, desk, ranked, row, path, i, target)
                    ranked.key[row] = root + found
                    _rank(ranked, count + 1, row)
                    count = min(count + 1, k)
            closed[node] = True
            root += graph.links[ranked.links[path, i], KEY]
            node = graph.links[ranked.links[path, i], TO]
        closed[:] = False
    return ranked, count
