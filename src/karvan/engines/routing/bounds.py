"""What is known before the search: a check of the timetable, and what a way costs at least.

Letters: P places, M modes (index M is the gate), S segments, C connections. Compiled functions
unpack their tuples first: the compiler counts references at each use of a member.
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

#: What `survey` can find wrong, by number.
FAULTS: Final = (
    "",
    "a connection names a segment outside the network",
    "connections must ascend by departure",
    "a connection must arrive after it departs, and before the largest instant",
    "the previous connection must have a smaller index",
    "the previous connection must be of the same service, end where this one begins, in time",
    "two connections follow the same one",
)


class Calls(NamedTuple):
    """C connections."""

    segment: Int32s
    departs: Int64s
    arrives: Int64s
    previous: Int32s


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


class Survey(NamedTuple):
    """One pass over C connections of S segments."""

    fault: int  # index of FAULTS
    at: int  # the first connection that is wrong
    continues: Flags  # (C,) another connection follows on board
    minutes: Int64s  # (S,) shortest time from departure to arrival, UNREACHABLE without any
    stays: Flags  # (P, M, M) somebody passes this place on board, between these modes


@compiled
def survey(calls: Calls, ends: Ends, n_places: int, n_modes: int) -> Survey:
    """Check the connections and collect what the bounds need."""
    segment, departs, arrives, previous = calls
    service, from_place, to_place, mode = ends
    continues = np.zeros(segment.size, np.bool_)
    minutes = np.full(mode.size, UNREACHABLE, np.int64)
    stays = np.zeros((n_places, n_modes, n_modes), np.bool_)
    fault = 0
    for c in range(segment.size):
        s, before = segment[c], previous[c]
        if not 0 <= s < mode.size:
            fault = 1
        elif c > 0 and departs[c] < departs[c - 1]:
            fault = 2
        elif not departs[c] < arrives[c] <= LARGEST_AMOUNT:
            fault = 3
        elif not -1 <= before < c:
            fault = 4
        elif before >= 0:
            joined = service[segment[before]] == service[s] and arrives[before] <= departs[c]
            if not joined or to_place[segment[before]] != from_place[s]:
                fault = 5
            elif continues[before]:
                fault = 6
            else:
                continues[before] = True
                stays[from_place[s], mode[segment[before]], mode[s]] = True
        if fault:
            return Survey(fault, c, continues, minutes, stays)
        minutes[s] = min(minutes[s], arrives[c] - departs[c])
    return Survey(fault, 0, continues, minutes, stays)


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
def least(ends: Ends, costs: Costs, possible: Flags, stays: Flags) -> Int64s:
    """Least sum of one criterion from on board at (place, mode) to the gate of a destination.

    A static relaxation: departures are always at hand, and who may stay on board somewhere
    between two modes may always do so. So no way of the search can cost less.

    Parameters
    ----------
    costs
        Least cost of each activity, >= 0.
    possible
        (P, M+1, M+1) the transfer exists; to the gate only at destinations.
    stays
        (P, M, M) as in `Survey`.

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
        if possible[place, arriving, gate]:
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
