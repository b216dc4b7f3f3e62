"""Who waits where: labels in buckets, each kept only while nothing makes it needless. Compiled.

How buckets and entries lie in memory stands in `karvan.engines.routing.layout`.
"""

from __future__ import annotations

from typing import Final

from karvan.engines.routing.compiled import lean
from karvan.engines.routing.layout import (
    BUCKETS,
    CALL,
    CO2E,
    ENTRIES,
    HEAD,
    LABEL,
    LARGEST,
    LENGTH,
    MINUTE,
    NEWCOMER,
    NEXT,
    PARENT,
    PRICE,
    ROOM,
    SIZE,
    SPREAD,
    START,
    STATE,
    Ask,
    Int64s,
    Yard,
)

FIRST_ROOM: Final = 4


@lean
def copy_row(rows: Int64s, source: int, target: int) -> None:
    """Copy one row over another."""
    for column in range(rows.shape[1]):
        rows[target, column] = rows[source, column]


@lean
def way_order(labels: Int64s, bits: int, left: int, right: int) -> int:
    """-1, 0, 1: the ways that end in two labels, by length, connections, systems."""
    if labels[left, LENGTH] != labels[right, LENGTH]:
        return -1 if labels[left, LENGTH] < labels[right, LENGTH] else 1
    order, by_system = 0, 0
    while left != right:  # Equal lengths: both reach a common label, or their roots, together.
        one, other = labels[left, CALL], labels[right, CALL]
        if one != other:
            by_system = -1 if one < other else 1
            if one >> bits != other >> bits:
                order = by_system
        left, right = labels[left, PARENT], labels[right, PARENT]
    return order if order != 0 else by_system


@lean
def ready_end(entries: Int64s, start: int, end: int, latest: int) -> int:
    """Row behind the last entry of a block that is ready at `latest`."""
    while start < end:
        middle = (start + end) >> 1
        if entries[middle, MINUTE] <= latest:
            start = middle + 1
        else:
            end = middle
    return start


@lean
def find_bucket(buckets: Int64s, head: int, state: int) -> int:
    """Find the bucket of a state in a list of them, -1 without one."""
    while head >= 0 and buckets[head, STATE] != state:
        head = buckets[head, NEXT]
    return head


@lean
def bucket_of(yard: Yard, platform: int, state: int) -> int:
    """Find the bucket of a state at a platform, or make it."""
    b = find_bucket(yard.buckets, yard.platforms[platform, HEAD], state)
    if b < 0:
        b = int(yard.used[BUCKETS])
        yard.buckets[b, STATE] = state
        yard.buckets[b, START] = yard.used[ENTRIES]
        yard.buckets[b, SIZE] = 0
        yard.buckets[b, ROOM] = FIRST_ROOM
        yard.buckets[b, NEXT] = yard.platforms[platform, HEAD]
        yard.platforms[platform, HEAD] = b
        yard.used[BUCKETS] += 1
        yard.used[ENTRIES] += FIRST_ROOM
    return b


@lean
def _covers(yard: Yard, ask: Ask, one: int, other: int, at_gate: bool) -> bool:
    """Entry `one`, ready no later than the other, makes it needless.

    Equal amounts fall to the shorter way, then to the smaller connections. On a platform that
    holds whatever the minute of readiness, for a departure may make both leave together; at
    the gate an earlier arrival decides by itself.
    """
    if yard.entries[one, PRICE] > yard.entries[other, PRICE]:
        return False
    equal = yard.entries[one, PRICE] == yard.entries[other, PRICE]
    if ask.criteria == 4:
        for k in (CO2E, SPREAD):
            if yard.entries[one, k] > yard.entries[other, k]:
                return False
            equal &= yard.entries[one, k] == yard.entries[other, k]
    if not equal or (at_gate and yard.entries[one, MINUTE] != yard.entries[other, MINUTE]):
        return True
    left, right = yard.entries[one, LABEL], yard.entries[other, LABEL]
    return way_order(yard.labels, ask.system_bits, left, right) <= 0


@lean
def _drop_ripe(yard: Yard, ask: Ask, start: int, end: int, ripe_at: int) -> int:
    """Thin out the entries of a block that are ready for every departure still to come.

    Among these the minute of readiness means nothing any more. Gives the new end.
    """
    ripe = ready_end(yard.entries, start, end, ripe_at)
    kept = start
    for i in range(start, end):
        needless = False
        if i < ripe:
            # What was dropped before is itself covered by one of these.
            for j in range(start, kept):
                needless = needless or _covers(yard, ask, j, i, False)
            for j in range(i + 1, ripe):
                needless = needless or _covers(yard, ask, j, i, False)
        if not needless:
            copy_row(yard.entries, i, kept)
            kept += 1
    return kept


@lean
def _make_room(yard: Yard, ask: Ask, b: int, ripe_at: int) -> None:
    """Thin out a full block, or move it to the end of the entries with twice the room."""
    start, end = yard.buckets[b, START], yard.buckets[b, START] + yard.buckets[b, SIZE]
    if ask.criteria == 4:
        end = _drop_ripe(yard, ask, start, end, ripe_at)
        yard.buckets[b, SIZE] = end - start
        if 2 * yard.buckets[b, SIZE] <= yard.buckets[b, ROOM]:
            return
    target = yard.used[ENTRIES]
    for i in range(end - start):
        copy_row(yard.entries, start + i, target + i)
    yard.buckets[b, START] = target
    yard.buckets[b, ROOM] *= 2
    yard.used[ENTRIES] += yard.buckets[b, ROOM]
    yard.used[LARGEST] = max(yard.used[LARGEST], yard.buckets[b, ROOM])


@lean
def place_newcomer(yard: Yard, ask: Ask, b: int, at_gate: bool, ripe_at: int) -> bool:
    """Put the newcomer into bucket `b` unless an entry covers it; drop those that it covers."""
    minute = yard.entries[NEWCOMER, MINUTE]
    start = yard.buckets[b, START]
    before = ready_end(yard.entries, start, start + yard.buckets[b, SIZE], minute)
    # On a staircase only the last entry that is ready can cover the newcomer.
    for i in range(max(start, before - 1) if ask.criteria == 2 else start, before):
        if _covers(yard, ask, i, NEWCOMER, at_gate):
            return False
    if yard.buckets[b, SIZE] == yard.buckets[b, ROOM]:
        _make_room(yard, ask, b, ripe_at)
        start = yard.buckets[b, START]
        before = ready_end(yard.entries, start, start + yard.buckets[b, SIZE], minute)
    i = before
    while i > start and yard.entries[i - 1, MINUTE] == minute:
        i -= 1
    kept = i
    target = i
    for j in range(i, start + yard.buckets[b, SIZE]):
        if not _covers(yard, ask, NEWCOMER, j, at_gate):
            copy_row(yard.entries, j, kept)
            kept += 1
            if j < before:
                target = kept
    for j in range(kept, target, -1):
        copy_row(yard.entries, j - 1, j)
    copy_row(yard.entries, NEWCOMER, target)
    yard.buckets[b, SIZE] = kept + 1 - start
    return True


@lean
def beaten(
    entries: Int64s, start: int, end: int, criteria: int, least: tuple[int, int, int, int]
) -> bool:
    """Some entry at the gate is strictly better than the least that is still possible."""
    minute, price, co2e, spread = least
    end = ready_end(entries, start, end, minute)
    for j in range(max(start, end - 1) if criteria == 2 else start, end):
        covered = entries[j, PRICE] <= price
        better = entries[j, MINUTE] < minute or entries[j, PRICE] < price
        if criteria == 4:
            covered &= entries[j, CO2E] <= co2e and entries[j, SPREAD] <= spread
            better |= entries[j, CO2E] < co2e or entries[j, SPREAD] < spread
        if covered and better:
            return True
    return False
