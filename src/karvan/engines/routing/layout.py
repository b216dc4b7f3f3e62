"""How the compiled scan holds its input and its labels in memory.

Letters: P places, M modes (index M is the gate), S segments, C connections, Q regimes,
Z zones, F tariff systems, R rides: a segment under one system. All columns are 64-bit integers
in rows, so that one label is one cache line.

    ways      (S, 12)           what riding a segment does to a label
    rides     (R, 6)            how it is charged, RIDES to END_RIDES of its segment
    rules     (S, Q, 2)         regime after the segment or `FORBIDDEN`; its price
    charge    (Z, P, P)         as in `TariffArrays`
    system    (Z,)              tariff system of a zone
    carried   (F, P, M+1, M+1)  price of a transfer while the charge of a joint tariff stays open
    handling  (P, M+1, M+1, 4)  amounts of a transfer; MINUTE may be `NO_TRANSFER`
    bounds    (P*M, 4)          least amounts from on board at (place, mode) to a destination
    ahead     (Z+1, P)          least charges to come: row z + 1 with (z, entry) open, row 0 with
                                nothing open at a place
    open      (S,)              the segment is not refused, has a ride and leads to a destination
    useful    (F, P, M+1)       row 0: an open segment departs there, or it is the gate of a
                                destination; row f: one does in the zone of f
    platforms (2*P*M + 1, 3)    buckets of each platform, of each point of arrival on board, and,
                                in the last row, of the gate

Which connections are looked at: bit c - `first` of `due` is set when somebody becomes ready for
connection c, or is on board of the one before it (then its bit of `aboard` is set too, and its row
of `span` says where those labels are). 32 bits a word; whatever sets a bit stands before it, so
one pass over the words meets them all. Of a segment only the first departure for which somebody is
ready is due, and after it those which `renewal` names: the others are needless beside it, until
somebody else becomes ready. `taken` is the last connection of each segment that was looked at.

A *label* is cargo on board of one connection when it arrives, or before the first one at the
gate of an origin (CALL -1). It never moves once something points at it, so a way is
read backwards along PARENT. Labels of one connection are neighbours; those offered but not
yet judged lie behind the last one kept::

    labels   row        0     1     2     3     ...   used[LABELS]
             CALL       -1    c0 f0 c0 f1 c1 f0         (connection, system it is ridden under)
             PARENT     -1    0     0     1
             LENGTH     0     1     1     2           (connections up to here)
             MINUTE PRICE CO2E SPREAD STATE

An *entry* is a label where it arrives, after its transfer to a platform, or at the gate of a
destination. A *bucket* holds the entries of one platform and one state in a block of its own,
ascending by MINUTE; a full block moves to the end with twice the room::

    platforms  HEAD -> bucket -> NEXT bucket -> ... -> -1
    entries  [ newcomer | b0 b0 b0 . | b1 b1 . . | left behind | b2 b2 b2 . . . ]  used[ENTRIES]
                          START SIZE   ROOM

With two criteria a block is a staircase: later ready, strictly less in (price, way). The best
entry for a departure is then the last one that is ready: one binary search. With four
criteria a block holds no entry that another of the same block covers.

A *state* is one integer, at the gate only its family::

    family | regime | entry + 1 | zone + 1        (shifts in `Ask`)

Where the charge of a joint tariff has been closed at a platform, nothing is open (zone -1) and
the place of the entry holds the zone that was: it is not opened there again, for the transfer
could have kept it open. At an arrival on board and at the gate such a state does not occur.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Columns of handling, bounds, labels and entries; then of labels, of entries.
MINUTE, PRICE, CO2E, SPREAD, STATE, CALL, PARENT, LENGTH = range(8)
LABEL: Final = 4
# Columns of ways. FLOOR is the least price of the segment under any regime and system.
PLATFORM, FROM, TO, MODE, FAMILY, CUTOFF, BOARD_SPREAD, RIDE_SPREAD = range(8)
RIDE_CO2E, FLOOR, RIDES, END_RIDES = range(8, 12)
# Columns of calls.
SEGMENT, DEPARTS, ARRIVES, FOLLOWING, RENEWAL = range(5)
# Columns of rides.
SYSTEM, LEAVES, EXIT, THROUGH, ENTERS, ENTRY = range(6)
# Columns of platforms: first bucket; least PRICE and charges ahead; largest cut-off.
HEAD, CHEAPEST, LARGEST_CUTOFF = range(3)
# Columns of buckets, before STATE.
START, SIZE, ROOM, NEXT = range(4)
# Counters: rows in use, rows wanted, largest bucket, limit, when the cheapest has arrived.
LABELS, ENTRIES, BUCKETS, WANT_LABELS, WANT_ENTRIES, WANT_BUCKETS = range(6)
LARGEST, LIMIT, BOUNDED, DONE_AT = range(6, 10)

#: The row of the entry that is about to be placed; no bucket owns it.
NEWCOMER: Final = 0


class Timetable(NamedTuple):
    """C connections of S segments.

    `calls` (C, 5) has all that is asked of a connection side by side. FOLLOWING is the connection
    that follows on board, or -1; RENEWAL the next of the same segment that is not needless beside
    it, or C. `by_segment` has the connections of each segment from `begin` on, and when they
    depart; `ways` the segments from each platform, from `first_way` on.
    """

    calls: Int64s
    by_segment: Int32s
    departs_by_segment: Int64s
    begin: Int32s
    ways: Int32s
    first_way: Int32s


class Rates(NamedTuple):
    """What things cost; not changed."""

    ways: Int64s
    rides: Int64s
    rules: Int64s
    charge: Int64s
    system: Int64s
    handling: Int64s
    carried: Int64s


class Goal(NamedTuple):
    """What is known of the ways to some destinations; not changed."""

    bounds: Int64s
    ahead: Int64s
    open: Flags
    useful: Flags


class Yard(NamedTuple):
    """What stands where, and who is due; written."""

    platforms: Int64s
    labels: Int64s
    entries: Int64s
    buckets: Int64s
    used: Int64s
    due: Int64s
    aboard: Int64s
    taken: Int64s
    span: Int64s


class Ask(NamedTuple):
    """The query, and how a state is laid out.

    `families` are all bits that any segment has, `required` those a way must have at the gate.
    `least_price` is what any way costs at least if that alone may end the scan (two criteria,
    all ways of one family), else -1.
    """

    first: int
    stop: int
    criteria: int
    label_limit: int
    lift_rules: bool
    families: int
    required: int
    least_price: int
    system_bits: int
    entry_shift: int
    regime_shift: int
    family_shift: int


class Found(NamedTuple):
    """The buckets and entries, those of the gate among them, and the labels of their ways."""

    head: int
    buckets: Int64s
    entries: Int64s
    labels: Int64s
    n_labels: int
    bounded: bool
