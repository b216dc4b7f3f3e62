"""Earliest arrival on dated departures: one question, no money.

When can cargo that is ready now be there at the soonest? The search of
`karvan.engines.routing.front` answers that too, with everything else; this one answers it alone,
in a tenth of a millisecond, for whoever asks it of many pairs of places.

Letters: P places, M modes (index M is the gate), V services, S segments, C connections. A
*platform* is a (place, mode), number `place * M + mode`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.bounds import LARGEST_AMOUNT, Ends
from karvan.engines.routing.compiled import compiled
from karvan.engines.routing.timetable import FAULTS, Calls, survey
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes
from karvan.network.indexed import ConnectionArrays, SegmentArrays

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Flags = NDArray[np.bool_]
Signs = NDArray[np.int8]
Column = NDArray[np.signedinteger]
Scalar = TypeVar("Scalar", bound=np.generic)

# Columns of rows: cargo must be ready at, the connection arrives at, platforms it joins.
_LATEST, _ARRIVES, _FROM, _TO = range(4)

#: Minutes; no timetable, transfer or cut-off may be longer (510 years), nor may cargo be ready
#: longer before the first departure. So instants fit into 32 bits: half the memory to pass.
LONGEST_MIN: Final = 2**28
_NEVER: Final = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureTable:
    """C checked connections as `find_earliest` reads them; made by `compile_departures`.

    Attributes
    ----------
    begins_min
        The first departure, in minutes since 1970; all instants count from it.
    departs_min
        (C,) ascending.
    rows
        (C, 4) when cargo has to be ready, when it arrives, platforms of departure and arrival.
    previous
        (C,) as in `ConnectionArrays`.
    transfer_min
        (P, M+1, M+1) as in `ActivityTimes`.
    """

    begins_min: int
    departs_min: Int32s
    rows: Int32s
    previous: Int32s
    transfer_min: Int32s


@dataclass(frozen=True, slots=True, kw_only=True)
class EarliestArrival:
    """One way that is there at the soonest.

    Attributes
    ----------
    connections
        All connections in order; where one is the `previous` of the next, the cargo stays on
        board.
    origin, destination
        Places where the way begins and ends.
    arrives_min
        At the gate of `destination`, in minutes since 1970.
    """

    connections: tuple[int, ...]
    origin: int
    destination: int
    arrives_min: int


def compile_departures(
    segments: SegmentArrays, connections: ConnectionArrays, times: ActivityTimes
) -> DepartureTable:
    """Check a timetable and lay it out; once, for any number of questions.

    Parameters
    ----------
    segments, connections, times
        Of `times` the transfers and the cut-offs count.

    Raises
    ------
    InvalidInput
        A column has the wrong type, shape or range (all of them are named), or the timetable
        is out of order.
    """
    if times.transfer_min.ndim != 3 or len(set(times.transfer_min.shape[1:])) != 1:
        raise InvalidInput(
            "transfer_min has a row and a column for each mode and the gate",
            shape=times.transfer_min.shape,
        )
    n_places, n_modes = times.transfer_min.shape[0], times.transfer_min.shape[1] - 1
    _check_columns(segments, connections, times, n_places, n_modes)
    seen = survey(
        Calls(
            _frozen(connections.segment),
            _frozen(connections.departs_min),
            _frozen(connections.arrives_min),
            _frozen(connections.previous),
        ),
        Ends(
            _frozen(segments.service),
            _frozen(segments.from_place),
            _frozen(segments.to_place),
            _frozen(segments.mode),
        ),
        n_places,
        n_modes,
    )
    if seen.fault:
        raise InvalidInput(FAULTS[seen.fault], connection=seen.at)
    s = connections.segment
    begins_min = int(connections.departs_min[0]) if s.size else 0
    departs = connections.departs_min - begins_min
    arrives = connections.arrives_min - begins_min
    if arrives.max(initial=0) > LONGEST_MIN:
        raise InvalidInput(
            "the timetable is too long", minutes=int(arrives.max()), longest_min=LONGEST_MIN
        )
    latest = departs - times.cutoff_min[segments.service[s]]
    from_platform = segments.from_place[s] * n_modes + segments.mode[s]
    to_platform = segments.to_place[s] * n_modes + segments.mode[s]
    rows = np.stack([latest, arrives, from_platform, to_platform], axis=1)
    return DepartureTable(
        begins_min=begins_min,
        departs_min=_frozen(departs.astype(np.int32)),
        rows=_frozen(rows.astype(np.int32)),
        previous=_frozen(connections.previous),
        transfer_min=_frozen(times.transfer_min.astype(np.int32)),
    )


def find_earliest(
    table: DepartureTable,
    *,
    origins: tuple[int, ...],
    destinations: tuple[int, ...],
    ready_min: int,
    latest_departure_min: int,
) -> EarliestArrival | None:
    """Find the way that is at the gate of a destination first, `None` where there is none.

    Parameters
    ----------
    origins, destinations
        Place indices; those of one city are one target.
    ready_min
        When the cargo stands at the gate of the origin, whichever it is.
    latest_departure_min
        Connections that depart later are not used, also not by cargo on board.

    Raises
    ------
    InvalidInput
        No place is named, one twice, one outside the network, or an instant is out of range.

    Notes
    -----
    The rules of boarding, staying on board and transfers are those of `search_front`, so the
    arrival equals the first one of its front. Of ways that arrive together the one is given
    that stays on board where it can and changes by the transfer that was found first, in the
    order of the connections.

    One pass over the connections in order of departure. Cargo waits at a platform from the
    earliest minute found so far; a connection is reached when cargo is on board of the one
    before, or waits at its platform in time. What departs when the answer has already arrived
    cannot improve it, so the pass ends there. A platform that was boarded from is never
    improved afterwards, for every later arrival is later than that departure: the way can be
    read back from the platforms alone. Work: O(C + A M) for A arrivals that are improved.

    References
    ----------
    J. Dibbelt, T. Pajor, B. Strasser, D. Wagner, *Connection Scan Algorithm*, ACM Journal of
    Experimental Algorithmics 23 (2018), section 3.
    """
    places = (*origins, *destinations)
    n_places = table.transfer_min.shape[0]
    if not origins or not destinations or len(set(places)) < len(places):
        raise InvalidInput(
            "origins and destinations are needed, none of them twice",
            origins=origins,
            destinations=destinations,
        )
    if min(places) < 0 or max(places) >= n_places:
        raise InvalidInput(
            "the query names a place outside the network", given=places, places=n_places
        )
    ready = ready_min - table.begins_min
    latest = latest_departure_min - table.begins_min
    if ready < -LONGEST_MIN:
        raise InvalidInput(
            "ready too long before the first departure",
            ready_min=ready_min,
            first_departure_min=table.begins_min,
        )
    wanted = np.zeros(n_places, np.bool_)
    wanted[list(destinations)] = True
    arrives, way, start = _search(
        table.departs_min,
        table.rows,
        table.previous,
        table.transfer_min,
        np.array(origins, np.int64),
        wanted,
        min(ready, LONGEST_MIN + 1),
        max(-LONGEST_MIN - 1, min(latest, LONGEST_MIN)),
    )
    if arrives == _NEVER:
        return None
    n_modes = table.transfer_min.shape[1] - 1
    connections = tuple(reversed(way.tolist()))
    return EarliestArrival(
        connections=connections,
        origin=start,
        destination=int(table.rows[connections[-1], _TO]) // n_modes,
        arrives_min=arrives + table.begins_min,
    )


def _frozen(column: NDArray[Scalar]) -> NDArray[Scalar]:
    """Give a contiguous, read-only view: the compiler meets one kind of array."""
    view = np.ascontiguousarray(column).view()
    view.flags.writeable = False
    return view


def _check_columns(
    segments: SegmentArrays,
    connections: ConnectionArrays,
    times: ActivityTimes,
    n_places: int,
    n_modes: int,
) -> None:
    """Refuse columns of the wrong type, shape or range, all of them at once.

    That connections name segments, ascend and follow each other is checked by `survey`.
    """
    of_segments, of_connections = (segments.service.size,), (connections.segment.size,)
    # Name, column, type, shape, least value, the first value that is too large.
    columns: list[tuple[str, Column, type[np.signedinteger], tuple[int, ...], int, int]] = [
        ("service", segments.service, np.int32, of_segments, 0, times.cutoff_min.size),
        ("from_place", segments.from_place, np.int32, of_segments, 0, n_places),
        ("to_place", segments.to_place, np.int32, of_segments, 0, n_places),
        ("mode", segments.mode, np.int32, of_segments, 0, n_modes),
        ("segment", connections.segment, np.int32, of_connections, 0, segments.service.size),
        ("previous", connections.previous, np.int32, of_connections, -1, 2**31),
    ]
    columns += [
        (name, column, np.int64, of_connections, -LARGEST_AMOUNT, LARGEST_AMOUNT)
        for name, column in (
            ("departs_min", connections.departs_min),
            ("arrives_min", connections.arrives_min),
        )
    ]
    columns += [
        (name, column, np.int64, column.shape, low, LONGEST_MIN)
        for name, column, low in (
            ("transfer_min", times.transfer_min, NO_TRANSFER),
            ("cutoff_min", times.cutoff_min, 0),
        )
    ]
    wrong = []
    for name, column, dtype, shape, low, end in columns:
        if column.dtype != dtype or column.shape != shape or len(shape) == 0:
            wrong.append(f"{name}: type or shape")
        elif column.size and (column.min() < low or column.max() >= end):
            wrong.append(f"{name}: range {low} to {end - 1}")
    if wrong:
        raise InvalidInput("columns of the timetable are wrong", columns=wrong)


@compiled
def _search(
    departs: Int32s,
    rows: Int32s,
    previous: Int32s,
    transfer: Int32s,
    origins: Int64s,
    wanted: Flags,
    ready_min: int,
    latest_departure_min: int,
) -> tuple[int, Int64s, int]:
    """Give the arrival (`_NEVER`: none), the connections backwards, and the origin."""
    n_modes = transfer.shape[1] - 1
    # When cargo is ready at a platform and the connection that brought it; before the first
    # one, the origin. When it has arrived there on board.
    ready = np.full(transfer.shape[0] * n_modes, _NEVER, np.int32)
    brought = np.full(ready.size, -1, np.int64)
    began = np.full(ready.size, -1, np.int64)
    arrived = ready.copy()
    for place in origins:
        for onward in range(n_modes):
            minutes = transfer[place, n_modes, onward]
            if minutes != NO_TRANSFER:
                ready[place * n_modes + onward] = ready_min + minutes
                began[place * n_modes + onward] = place
    first = int(np.searchsorted(departs, ready_min))
    stop = int(np.searchsorted(departs, latest_departure_min, side="right"))
    on_board = np.zeros(max(0, stop - first), np.int8)  # -1 where cargo is on board
    best, last = _NEVER, -1
    for c in range(first, stop):
        if departs[c] >= best:
            break
        # Negative: cargo waits here, or is on board already; it has not yet arrived there so
        # soon. One branch on the signs of both: each alone is as good as random, and a branch
        # guessed wrong costs more than the rest of the step.
        taken = np.int32(ready[rows[c, _FROM]] - rows[c, _LATEST] - 1)
        if previous[c] >= first:
            taken |= on_board[previous[c] - first]
        on_board[c - first] = taken >> 31
        sooner = np.int32(rows[c, _ARRIVES] - arrived[rows[c, _TO]])
        if (taken & sooner) < 0:
            arrives, platform = rows[c, _ARRIVES], rows[c, _TO]
            arrived[platform] = arrives
            place, arriving = platform // n_modes, platform % n_modes
            for onward in range(n_modes):
                minutes, there = transfer[place, arriving, onward], place * n_modes + onward
                if minutes != NO_TRANSFER and arrives + minutes < ready[there]:
                    ready[there] = arrives + minutes
                    brought[there] = c
            minutes = transfer[place, arriving, n_modes]
            if wanted[place] and minutes != NO_TRANSFER and arrives + minutes < best:
                best, last = arrives + minutes, c
    way = _way_back(rows, previous, on_board, first, brought, int(last))
    return best, way, began[rows[way[-1], _FROM]] if last >= 0 else -1


@compiled
def _way_back(
    rows: Int32s, previous: Int32s, on_board: Signs, first: int, brought: Int64s, last: int
) -> Int64s:
    """Give the connections from the last one backwards."""
    way = np.empty(16, np.int64)
    length, c = 0, last
    while c >= 0:
        if length == way.size:
            way = np.append(way, np.empty(length, np.int64))
        way[length] = c
        length += 1
        stays = previous[c] >= first and on_board[previous[c] - first] != 0
        c = previous[c] if stays else brought[rows[c, _FROM]]
    return way[:length]
