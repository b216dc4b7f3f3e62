"""What is known before the search: what a way costs at least.

Letters: P places, M modes (index M is the gate), S segments. Compiled functions unpack their
tuples first: the compiler counts references at each use of a member.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from karvan.engines.routing.compiled import compiled

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: In bounds: nothing leads on. Half the range, so that sums stay in it.
UNREACHABLE: Final = 2**62

#: No single amount, time or instant may be larger, so that sums over a way stay in 64 bits.
LARGEST_AMOUNT: Final = 2**56


class Ends(NamedTuple):
    """S segments: who runs them, from where to where."""

    service: Int32s
    from_place: Int32s
    to_place: Int32s
    mode: Int32s


class Costs(NamedTuple):
    """One criterion: (S,) of riding, (S,) of boarding, (P, M+1, M+1) of transfers."""

    riding: Int64s  # UNREACHABLE where the segment cannot be used
    boarding: Int64s
    handling: Int64s


@compiled
def _arriving(to_place: Int32s, mode: Int32s, n_modes: int, n_nodes: int) -> tuple[Int64s, Int64s]:
    """Segments sorted by the (place, mode) they arrive at, and where each of these begins."""
    begin = np.zeros(n_nodes + 1, np.int64)
    for s in range(mode.size):
        begin[to_place[s] * n_modes + mode[s] + 1] += 1
    for n in range(n_nodes):
        begin[n + 1] += begin[n]
    following = begin.copy()
    order = np.empty(mode.size, np.int64)
    for s in range(mode.size):
        n = to_place[s] * n_modes + mode[s]
        order[following[n]] = s
        following[n] += 1
    return order, begin


@compiled
def least(ends: Ends, costs: Costs, possible: Flags, stays: Flags, destinations: Flags) -> Int64s:
    """Least sum of one criterion from on board at (place, mode) to the gate of a destination.

    A static relaxation: departures are always at hand, and who may stay on board somewhere
    between two modes may always do so. So no way of the search can cost less.

    Parameters
    ----------
    costs
        Least cost of each activity, >= 0.
    possible
        (P, M+1, M+1) the transfer exists.
    stays
        (P, M, M) as in `karvan.engines.routing.timetable`.
    destinations
        (P,) where the gate counts.

    Returns
    -------
    Int64s
        (P*M,), `UNREACHABLE` where no way leads on.

    Notes
    -----
    Label correcting with a first-in-first-out queue, from the destinations backwards.
    """
    _, from_place, to_place, mode = ends
    riding, boarding, handling = costs
    gate = handling.shape[1] - 1
    n_nodes = handling.shape[0] * gate
    order, begin = _arriving(to_place, mode, gate, n_nodes)
    bound = np.full(n_nodes, UNREACHABLE, np.int64)
    queue = np.empty(n_nodes, np.int64)
    waiting = np.zeros(n_nodes, np.bool_)
    head, length = 0, 0
    for node in range(n_nodes):
        place, arriving = node // gate, node % gate
        if destinations[place] and possible[place, arriving, gate]:
            bound[node] = handling[place, arriving, gate]
            queue[length] = node
            waiting[node] = True
            length += 1
    while length > 0:
        node = queue[head]
        head = (head + 1) % n_nodes
        length -= 1
        waiting[node] = False
        for i in range(begin[node], begin[node + 1]):
            s = order[i]
            if riding[s] == UNREACHABLE:
                continue
            place, onward = from_place[s], mode[s]
            for arriving in range(gate):
                cost = bound[node] + riding[s]
                if not stays[place, arriving, onward]:
                    if not possible[place, arriving, onward]:
                        continue
                    cost += handling[place, arriving, onward] + boarding[s]
                earlier = place * gate + arriving
                if cost < bound[earlier]:
                    bound[earlier] = cost
                    if not waiting[earlier]:
                        queue[(head + length) % n_nodes] = earlier
                        waiting[earlier] = True
                        length += 1
    return bound


@compiled
def charges_ahead(
    due: Int64s, entry: Int64s, hops: Flags, destinations: Flags
) -> tuple[Int64s, Int64s]:
    """Least sum of charges up to a destination, from each open charge and from each place.

    Whatever the goods do next, they leave the zone they are in at some place, and go on from
    there with nothing open, or on board into a zone that they enter at another place.

    Parameters
    ----------
    due
        (P, K) charge of each of K (zone, entry) if the zone is left at a place, `UNREACHABLE`
        without a rate.
    entry
        (K,) place of the entry.
    hops
        (P, P) `hops[y, x]`: some segment leaves a zone at x and enters one at y.
    destinations
        (P,).

    Returns
    -------
    tuple
        (K,) with this charge open, (P,) with nothing open; `UNREACHABLE` where the book leads
        nowhere.

    Notes
    -----
    Dijkstra's algorithm from the destinations backwards, on an array.
    """
    n_places = destinations.size
    closed = np.full(n_places, UNREACHABLE, np.int64)
    closed[destinations] = 0
    opened = np.full(entry.size, UNREACHABLE, np.int64)
    settled = np.zeros(n_places, np.bool_)
    while True:
        place, nearest = -1, UNREACHABLE
        for p in range(n_places):
            if not settled[p] and closed[p] < nearest:
                place, nearest = p, closed[p]
        if place < 0:
            return opened, closed
        settled[place] = True
        for k in range(entry.size):
            if due[place, k] < UNREACHABLE:
                opened[k] = min(opened[k], due[place, k] + nearest)
                closed[entry[k]] = min(closed[entry[k]], opened[k])
        for p in range(n_places):
            if hops[place, p]:
                closed[p] = min(closed[p], nearest)
