"""How the compiled scan holds its input and its labels in memory.

Letters: P places, M modes (index M is the gate), S segments, C connections, Q regimes,
Z zones, F tariff systems, R rides: a segment under one system. All columns are 64-bit integers
in rows, so that one label is one cache line.

    ways      (S, 14)           what riding a segment does to a label
    rides     (R, 6)            how it is charged, RIDES to END_RIDES of its segment
    rules     (S, Q, 2)         regime after the segment or `FORBIDDEN`; its price
    charge    (Z, P, P)         as in `TariffArrays`
    system    (Z,)              tariff system of a zone
    carried   (F, P, M+1, M+1)  price of a transfer while the charge of a joint tariff stays
                                open, `NO_RATE` where nothing departs that it covers
    handling  (P, M+1, M+1, 4)  amounts of a transfer; MINUTE is `NO_TRANSFER` where it is
                                impossible or leads nowhere in this query
    bounds    (P*M, 4)          least amounts from on board at (place, mode) to a destination
    ahead     (Z+1, P)          least charges to come: row z + 1 with (z, entry) open, row 0 with
                                nothing open at a place
    platforms (2*P*M + 1, 4)    buckets of each platform, of each point of arrival on board, and,
                                in the last row, of the gate

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

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]


class Timetable(NamedTuple):
    """C connections; `continues` where another one follows on board."""

    segment: NDArray[np.int32]
    departs: Int64s
    arrives: Int64s
    previous: NDArray[np.int32]
    continues: NDArray[np.bool_]


class Rates(NamedTuple):
    """What things cost; not changed."""

    ways: Int64s
    rides: Int64s
    rules: Int64s
    charge: Int64s
    system: Int64s
    handling: Int64s
    carried: Int64s
    bounds: Int64s
    ahead: Int64s


class Yard(NamedTuple):
    """What stands where; written."""

    platforms: Int64s
    labels: Int64s
    entries: Int64s
    buckets: Int64s
    used: Int64s


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

    buckets: Int64s
    entries: Int64s
    labels: Int64s
    n_labels: int
    bounded: bool
