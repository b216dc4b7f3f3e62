"""The timetable, checked and sorted once for all searches on it.

Letters: P places, M modes, S segments, C connections. Compiled functions unpack their tuples
first: the compiler counts references at each use of a member.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.bounds import LARGEST_AMOUNT, UNREACHABLE, Ends, Flags, Int32s, Int64s
from karvan.engines.routing.compiled import compiled, frozen
from karvan.engines.routing.layout import Timetable
from karvan.network.indexed import ConnectionArrays, SegmentArrays

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


class Survey(NamedTuple):
    """One pass over C connections of S segments."""

    fault: int  # index of FAULTS
    at: int  # the first connection that is wrong
    following: Int32s  # (C,) the connection that follows on board, -1 without any
    minutes: Int64s  # (S,) shortest time from departure to arrival, UNREACHABLE without any
    stays: Flags  # (P, M, M) somebody passes this place on board, between these modes


class SortedTimetable(NamedTuple):
    """What is known of a timetable before anybody asks."""

    calls: Timetable
    ends: Ends
    minutes: Int64s
    stays: Flags


@compiled
def survey(calls: Calls, ends: Ends, n_places: int, n_modes: int) -> Survey:
    """Check the connections and collect what the bounds need."""
    segment, departs, arrives, previous = calls
    service, from_place, to_place, mode = ends
    following = np.full(segment.size, -1, np.int32)
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
            elif following[before] >= 0:
                fault = 6
            else:
                following[before] = c
                stays[from_place[s], mode[segment[before]], mode[s]] = True
        if fault:
            return Survey(fault, c, following, minutes, stays)
        minutes[s] = min(minutes[s], arrives[c] - departs[c])
    return Survey(fault, 0, following, minutes, stays)


@compiled
def group(key: Int32s, n_keys: int) -> tuple[Int32s, Int32s]:
    """Rows by key, ascending, and where those of each key begin (n_keys + 1,)."""
    begin = np.zeros(n_keys + 1, np.int32)
    for i in range(key.size):
        begin[key[i] + 1] += 1
    for k in range(n_keys):
        begin[k + 1] += begin[k]
    free = begin.copy()
    rows = np.empty(key.size, np.int32)
    for i in range(key.size):
        rows[free[key[i]]] = i
        free[key[i]] += 1
    return rows, begin


@compiled
def find_renewals(
    segment: Int32s, arrives: Int64s, following: Int32s, rows: Int32s, begin: Int32s
) -> Int32s:
    """For each connection the next of its segment that is not needless beside it, else C.

    A connection is needless beside an earlier one of its segment if on board of that one the
    cargo comes to every place where it would come, no later, as long as both go on: then who
    could have boarded the earlier one gains nothing. This carries over from one to the next
    (earlier, no later, no later still), so what is needless beside a connection is so beside
    all that this one is needless beside, and the search for the next leaps over it.
    """
    renewal = np.full(segment.size, segment.size, np.int32)
    for s in range(begin.size - 1):
        end = begin[s + 1]
        for i in range(end - 2, begin[s] - 1, -1):
            c = rows[i]
            other = rows[i + 1]
            while other < segment.size:
                one, two = c, other
                while (
                    two >= 0
                    and 0 <= one < two
                    and segment[one] == segment[two]
                    and arrives[one] <= arrives[two]
                ):
                    one, two = following[one], following[two]
                if two >= 0:
                    break
                other = renewal[other]
            renewal[c] = other
    return renewal


def sort_timetable(
    segments: SegmentArrays, connections: ConnectionArrays, n_places: int, n_modes: int
) -> SortedTimetable:
    """Check a timetable of checked columns, and sort it by segment.

    Raises
    ------
    InvalidInput
        The timetable is out of order.
    """
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
    seen = survey(calls, ends, n_places, n_modes)
    if seen.fault:
        raise InvalidInput(FAULTS[seen.fault], connection=seen.at)
    rows, begin = group(calls.segment, ends.mode.size)
    renewal = find_renewals(
        calls.segment, calls.arrives, frozen(seen.following), frozen(rows), frozen(begin)
    )
    platform = (segments.from_place * n_modes + segments.mode).astype(np.int32)
    ways, first_way = group(frozen(platform), n_places * n_modes)
    return SortedTimetable(
        calls=Timetable(
            calls=frozen(
                np.stack(
                    (calls.segment, calls.departs, calls.arrives, seen.following, renewal),
                    axis=1,
                    dtype=np.int64,
                )
            ),
            by_segment=frozen(rows),
            departs_by_segment=frozen(calls.departs[rows]),
            begin=frozen(begin),
            ways=frozen(ways),
            first_way=frozen(first_way),
        ),
        ends=ends,
        minutes=seen.minutes,
        stays=frozen(seen.stays),
    )
