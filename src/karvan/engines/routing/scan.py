"""The compiled connection scan: one pass over the departures that matter, labels kept by state.

What is computed stands in `karvan.engines.routing.front`, how it lies in memory in
`karvan.engines.routing.layout`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from karvan.engines.routing.charging import charge_due, least_ahead, ride, with_open
from karvan.engines.routing.compiled import compiled, lean
from karvan.engines.routing.layout import (
    ARRIVES,
    BOARD_SPREAD,
    BOUNDED,
    BUCKETS,
    CALL,
    CHEAPEST,
    CO2E,
    CUTOFF,
    DEPARTS,
    DONE_AT,
    END_RIDES,
    ENTRIES,
    FLOOR,
    FOLLOWING,
    HEAD,
    LABEL,
    LABELS,
    LARGEST,
    LARGEST_CUTOFF,
    LENGTH,
    LIMIT,
    MINUTE,
    MODE,
    NEWCOMER,
    NEXT,
    PARENT,
    PLATFORM,
    PRICE,
    RENEWAL,
    RIDE_CO2E,
    RIDE_SPREAD,
    RIDES,
    SEGMENT,
    SIZE,
    SPREAD,
    START,
    STATE,
    SYSTEM,
    TO,
    WANT_BUCKETS,
    WANT_ENTRIES,
    WANT_LABELS,
    Ask,
    Found,
    Goal,
    Int64s,
    Rates,
    Timetable,
    Yard,
)
from karvan.engines.routing.waiting import (
    FIRST_ROOM,
    beaten,
    bucket_of,
    copy_row,
    find_bucket,
    place_newcomer,
    ready_end,
    way_order,
)
from karvan.network.activity_times import NO_TRANSFER
from karvan.network.tariff_arrays import NATIONAL, NO_RATE

_NOTHING_LEADS_ON: Final = 2**62
_FIRST_ROWS: Final = 256
_LONG_AGO: Final = -(2**62)


@compiled
def _longer(rows: Int64s, in_use: int, wanted: int) -> Int64s:
    """Give the same rows, or a copy of those in use with room for twice those wanted."""
    if wanted <= rows.shape[0]:
        return rows
    longer = np.empty((2 * wanted, rows.shape[1]), np.int64)
    longer[:in_use] = rows[:in_use]
    return longer


@lean
def _offer(
    labels: Int64s, ask: Ask, begin: int, end: int, offer: tuple[int, int, int, int, int, int]
) -> int:
    """Add a candidate to the rows `begin`..`end` of one connection, unless one covers it.

    An offer is (parent, system, state, price, CO2e, spread).
    """
    parent, system, state, price, co2e, spread = offer
    i = begin
    while i < end:
        if labels[i, STATE] == state:
            covered = labels[i, PRICE] <= price
            covers = price <= labels[i, PRICE]
            if ask.criteria == 4:
                covered &= labels[i, CO2E] <= co2e and labels[i, SPREAD] <= spread
                covers &= co2e <= labels[i, CO2E] and spread <= labels[i, SPREAD]
            if covered and covers:
                order = way_order(labels, ask.system_bits, labels[i, PARENT], parent)
                covered = order < 0 or (order == 0 and labels[i, CALL] <= system)
            if covered:
                return end
            if covers:
                end -= 1
                copy_row(labels, end, i)
                continue
        i += 1
    labels[end, PARENT] = parent
    labels[end, CALL] = system
    labels[end, STATE] = state
    labels[end, PRICE] = price
    labels[end, CO2E] = co2e
    labels[end, SPREAD] = spread
    return end + 1


@lean
def _gather(
    rates: Rates,
    ask: Ask,
    yard: Yard,
    at: tuple[int, int],
    ready: tuple[int, int],
    begin: int,
    stays: tuple[int, int],
) -> int:
    """Write what a connection takes on from row `begin`; give the row behind it.

    `at` is (segment, first bucket); taken is who is ready after the first minute of `ready` up
    to the second. Who stays on board is offered first: to leave and board the same departure
    again is never cheaper, and where it costs the same the first offer stays.
    """
    s, b = at
    since, latest = ready
    end = begin
    for r in range(rates.ways[s, RIDES], rates.ways[s, END_RIDES]):
        system = rates.rides[r, SYSTEM]
        for i in range(stays[0], stays[1]):
            added, state = ride(rates, ask, s, r, yard.labels[i, STATE], False)
            if added != NO_RATE:
                price = yard.labels[i, PRICE] + added
                co2e = yard.labels[i, CO2E] + rates.ways[s, RIDE_CO2E]
                spread = yard.labels[i, SPREAD] + rates.ways[s, RIDE_SPREAD]
                offer = (i, system, state, price, co2e, spread)
                end = _offer(yard.labels, ask, begin, end, offer)
    more_spread = rates.ways[s, BOARD_SPREAD] + rates.ways[s, RIDE_SPREAD]
    while b >= 0:
        start = yard.buckets[b, START]
        stop = ready_end(yard.entries, start, start + yard.buckets[b, SIZE], latest)
        if since != _LONG_AGO:
            start = ready_end(yard.entries, start, stop, since)
        if stop > start:
            for r in range(rates.ways[s, RIDES], rates.ways[s, END_RIDES]):
                added, state = ride(rates, ask, s, r, yard.buckets[b, STATE], True)
                if added == NO_RATE:
                    continue
                for i in range(stop - 1 if ask.criteria == 2 else start, stop):
                    price = yard.entries[i, PRICE] + added
                    co2e = yard.entries[i, CO2E] + rates.ways[s, RIDE_CO2E]
                    spread = yard.entries[i, SPREAD] + more_spread
                    system = rates.rides[r, SYSTEM]
                    offer = (yard.entries[i, LABEL], system, state, price, co2e, spread)
                    end = _offer(yard.labels, ask, begin, end, offer)
        b = yard.buckets[b, NEXT]
    return end


@lean
def _hopeless(goal: Goal, ask: Ask, yard: Yard, head: int, i: int, node: int) -> bool:
    """All ways on from label `i` are strictly worse than one found, or there is none.

    The families of a way are known only when all bits that can be added are required; before
    that nothing found can rule it out.
    """
    ahead = least_ahead(goal, ask, yard.labels[i, STATE], -1)
    if ahead == _NOTHING_LEADS_ON:
        return True
    family = (yard.labels[i, STATE] >> ask.family_shift) | ask.required
    b = find_bucket(yard.buckets, head, family)
    if b < 0 or ask.families & ~family != 0:
        return False
    start = yard.buckets[b, START]
    least = (
        yard.labels[i, MINUTE] + goal.bounds[node, MINUTE],
        yard.labels[i, PRICE] + goal.bounds[node, PRICE] + ahead,
        yard.labels[i, CO2E] + goal.bounds[node, CO2E],
        yard.labels[i, SPREAD] + goal.bounds[node, SPREAD],
    )
    return beaten(yard.entries, start, start + yard.buckets[b, SIZE], ask.criteria, least)


@lean
def _set_bit(words: Int64s, bit: int) -> None:
    words[bit >> 5] |= 1 << (bit & 31)


@lean
def _lowest_bit(word: int) -> int:
    """Place of the lowest bit of a word that is not 0."""
    bit = 0
    for width in (16, 8, 4, 2, 1):
        if word & ((1 << width) - 1) == 0:
            word >>= width
            bit += width
    return bit


@lean
def _wake(
    timetable: Timetable, rates: Rates, goal: Goal, yard: Yard, ask: Ask, at: tuple[int, int]
) -> None:
    """Make due the first departure of each segment for who is on a platform from a minute on.

    `at` is (platform, minute).
    """
    platform, minute = at
    for k in range(timetable.first_way[platform], timetable.first_way[platform + 1]):
        s = timetable.ways[k]
        if not goal.open[s]:
            continue
        earliest = minute + rates.ways[s, CUTOFF]
        low, high = timetable.begin[s], timetable.begin[s + 1]
        end = high
        while low < high:
            middle = (low + high) >> 1
            if timetable.departs_by_segment[middle] < earliest:
                low = middle + 1
            else:
                high = middle
        if low < end and timetable.by_segment[low] < ask.stop:
            _set_bit(yard.due, timetable.by_segment[low] - ask.first)


@lean
def _stand(
    timetable: Timetable,
    rates: Rates,
    goal: Goal,
    yard: Yard,
    ask: Ask,
    i: int,
    move: tuple[int, int, int, int],
    to: tuple[int, int],
) -> bool:
    """Put label `i` onto a platform (or the gate, the last) after a transfer.

    `move` is (place, mode, mode onward, price), `to` is (state, time now).
    """
    place, mode, onward, price = move
    state, now = to
    gate = rates.handling.shape[1] - 1
    platform = yard.platforms.shape[0] - 1 if onward == gate else place * gate + onward
    ahead = 0 if onward == gate else least_ahead(goal, ask, state, place)
    if ahead == _NOTHING_LEADS_ON:
        return False
    for k in range(4):
        yard.entries[NEWCOMER, k] = yard.labels[i, k] + rates.handling[place, mode, onward, k]
    yard.entries[NEWCOMER, PRICE] = yard.labels[i, PRICE] + price
    yard.entries[NEWCOMER, LABEL] = i
    b = bucket_of(yard, platform, state)
    ripe_at = now - yard.platforms[platform, LARGEST_CUTOFF]
    if not place_newcomer(yard, ask, b, onward == gate, ripe_at):
        return False
    minute, cost = yard.entries[NEWCOMER, MINUTE], yard.entries[NEWCOMER, PRICE]
    if onward != gate:
        yard.platforms[platform, CHEAPEST] = min(yard.platforms[platform, CHEAPEST], cost + ahead)
        _wake(timetable, rates, goal, yard, ask, (platform, minute))
    elif cost == ask.least_price:
        yard.used[DONE_AT] = min(yard.used[DONE_AT], minute)
    return True


@lean
def _deliver(
    timetable: Timetable,
    rates: Rates,
    goal: Goal,
    yard: Yard,
    ask: Ask,
    i: int,
    at: tuple[int, int, int],
) -> bool:
    """Take label `i` from `at` (place, mode, now) to the gate and to all platforms of use.

    The charge of a joint tariff stays open over a transfer, or is closed there: two entries.
    Says whether any of them kept it.
    """
    place, mode, now = at
    gate = rates.handling.shape[1] - 1
    state = yard.labels[i, STATE]
    if mode != gate:
        # Most labels are covered already where they arrive.
        b = bucket_of(yard, (rates.handling.shape[0] + place) * gate + mode, state)
        for k in range(4):
            yard.entries[NEWCOMER, k] = yard.labels[i, k]
        yard.entries[NEWCOMER, LABEL] = i
        if not place_newcomer(yard, ask, b, False, _LONG_AGO):
            return False
    zone = (state & ((1 << ask.entry_shift) - 1)) - 1
    system = rates.system[zone] if zone >= 0 else NATIONAL
    kept = False
    for onward in range(gate + 1):
        possible = rates.handling[place, mode, onward, MINUTE] != NO_TRANSFER
        if not possible or not goal.useful[NATIONAL, place, onward]:
            continue
        price, after = rates.handling[place, mode, onward, PRICE], state
        if onward == gate or system != NATIONAL:
            if onward != gate and goal.useful[system, place, onward]:
                carried = rates.carried[system, place, mode, onward]
                if carried != NO_RATE:
                    move = (place, mode, onward, carried)
                    kept |= _stand(timetable, rates, goal, yard, ask, i, move, (state, now))
            due = charge_due(rates, ask, state, place)
            unwanted = onward == gate and ask.required & ~(state >> ask.family_shift) != 0
            if due == NO_RATE or unwanted:
                continue
            price += due
            after = with_open(ask, state, -1, zone)
            if onward == gate:
                after >>= ask.family_shift
        move = (place, mode, onward, price)
        kept |= _stand(timetable, rates, goal, yard, ask, i, move, (after, now))
    return kept


@lean
def _pointless(
    rates: Rates, goal: Goal, yard: Yard, ask: Ask, s: int, node: int, arrives: int
) -> bool:
    """Nobody who boards segment `s` can do better than what stands at the gate.

    A quick look before all others, where there is one family and two criteria.
    """
    b = yard.platforms[-1, HEAD]
    if ask.families & ~ask.required != 0 or ask.criteria != 2 or b < 0:
        return False
    price = yard.platforms[rates.ways[s, PLATFORM], CHEAPEST] + rates.ways[s, FLOOR]
    least = (arrives + goal.bounds[node, MINUTE], price + goal.bounds[node, PRICE], 0, 0)
    start = yard.buckets[b, START]
    return beaten(yard.entries, start, start + yard.buckets[b, SIZE], 2, least)


@lean
def _fits(yard: Yard, head: int, stays: int, ask: Ask, rides: int, n_onward: int) -> bool:
    """There is room for whatever one connection may write; else `used` says how much it wants.

    Each source, a bucket or a label that stays on board, leads to one state by each ride and
    so to one bucket at each platform onward (two where a joint charge may be closed there),
    which may move once for what it holds and then for what is added to it.
    """
    sources = stays
    most = stays
    while head >= 0:
        sources += 1
        most += 1 if ask.criteria == 2 else yard.buckets[head, SIZE]
        head = yard.buckets[head, NEXT]
    sources *= rides
    most *= rides
    if ask.system_bits > 0:
        n_onward *= 2
    room = sources * (2 * yard.used[LARGEST] + FIRST_ROOM) + 4 * most
    yard.used[WANT_LABELS] = yard.used[LABELS] + most
    yard.used[WANT_ENTRIES] = yard.used[ENTRIES] + n_onward * room
    yard.used[WANT_BUCKETS] = yard.used[BUCKETS] + n_onward * sources
    return bool(
        yard.used[WANT_LABELS] <= yard.labels.shape[0]
        and yard.used[WANT_ENTRIES] <= yard.entries.shape[0]
        and yard.used[WANT_BUCKETS] <= yard.buckets.shape[0]
    )


@lean
def _take_on(
    timetable: Timetable,
    rates: Rates,
    goal: Goal,
    yard: Yard,
    ask: Ask,
    c: int,
    stays: tuple[int, int],
) -> bool:
    """Write the labels of connection `c`; says whether one of them was past the limit."""
    s = timetable.calls[c, SEGMENT]
    cutoff, last = rates.ways[s, CUTOFF], yard.taken[s]
    ready = (_LONG_AGO, timetable.calls[c, DEPARTS] - cutoff)
    if last >= 0 and timetable.calls[last, RENEWAL] != c:
        # What the last one took on it would only take on again, later.
        ready = (timetable.calls[last, DEPARTS] - cutoff, timetable.calls[c, DEPARTS] - cutoff)
    head, begin = yard.platforms[rates.ways[s, PLATFORM], HEAD], yard.used[LABELS]
    if head >= 0:
        yard.taken[s] = c
        if timetable.calls[c, RENEWAL] < ask.stop:
            _set_bit(yard.due, timetable.calls[c, RENEWAL] - ask.first)
    at = (rates.ways[s, TO], rates.ways[s, MODE], timetable.calls[c, DEPARTS])
    node = at[0] * (rates.handling.shape[1] - 1) + at[1]
    arrives, following = timetable.calls[c, ARRIVES], timetable.calls[c, FOLLOWING]
    if stays[0] == stays[1] and _pointless(rates, goal, yard, ask, s, node, arrives):
        return False
    offered = _gather(rates, ask, yard, (s, head), ready, begin, stays)
    for i in range(begin, offered):
        yard.labels[i, MINUTE] = arrives
        yard.labels[i, CALL] |= c << ask.system_bits
        yard.labels[i, LENGTH] = yard.labels[yard.labels[i, PARENT], LENGTH] + 1
        if _hopeless(goal, ask, yard, yard.platforms[-1, HEAD], i, node):
            continue
        kept = yard.used[LABELS]
        copy_row(yard.labels, i, kept)
        if (following >= 0) | _deliver(timetable, rates, goal, yard, ask, kept, at):
            if kept == yard.used[LIMIT]:
                return True
            yard.used[LABELS] = kept + 1
    if 0 <= following < ask.stop and yard.used[LABELS] > begin:
        onward = following - ask.first
        _set_bit(yard.due, onward)
        _set_bit(yard.aboard, onward)
        yard.span[onward, 0] = begin
        yard.span[onward, 1] = yard.used[LABELS]
    return False


@lean
def _sweep(timetable: Timetable, rates: Rates, goal: Goal, yard: Yard, ask: Ask, start: int) -> int:
    """Look at all that is due from a word on until the end, the limit, or more room is wanted.

    Gives the word to go on with.
    """
    n_onward = rates.handling.shape[1] + 1
    for word in range(start, yard.due.size):
        while yard.due[word] != 0:
            bit = (word << 5) + _lowest_bit(yard.due[word])
            c = ask.first + bit
            if timetable.calls[c, DEPARTS] >= yard.used[DONE_AT]:
                return int(yard.due.size)  # What departs now arrives later, and is not cheaper.
            s = timetable.calls[c, SEGMENT]
            stays = (0, 0)
            if yard.aboard[word] >> (bit & 31) & 1:
                stays = (yard.span[bit, 0], yard.span[bit, 1])
            head = yard.platforms[rates.ways[s, PLATFORM], HEAD]
            rides = rates.ways[s, END_RIDES] - rates.ways[s, RIDES]
            if not _fits(yard, head, stays[1] - stays[0], ask, rides, n_onward):
                return word
            yard.due[word] &= yard.due[word] - 1
            if goal.open[s] and _take_on(timetable, rates, goal, yard, ask, c, stays):
                yard.used[BOUNDED] = 1
                return int(yard.due.size)
    return int(yard.due.size)


@compiled
def scan(
    timetable: Timetable, rates: Rates, goal: Goal, platforms: Int64s, roots: Int64s, ask: Ask
) -> Found:
    """Pass once over the connections `ask.first` to `ask.stop` that are due.

    When a connection departs, every label it can take on has been written: an arrival is
    later than its departure, and transfers and cut-offs are not negative. `platforms` are as
    before anybody stands there; `roots` are the labels at the gates of the origins, with their
    place as CALL.
    """
    n_modes = rates.handling.shape[1] - 1
    n_connections = max(0, ask.stop - ask.first)
    used = np.zeros(DONE_AT + 1, np.int64)
    used[DONE_AT] = 2**62
    used[LABELS] = len(roots)
    used[LIMIT] = len(roots) + ask.label_limit
    used[ENTRIES] = NEWCOMER + 1
    used[LARGEST] = FIRST_ROOM
    yard = Yard(
        platforms.copy(),
        _longer(roots, len(roots), len(roots) + _FIRST_ROWS),
        np.empty((_FIRST_ROWS + n_modes * FIRST_ROOM * len(roots), LABEL + 1), np.int64),
        np.empty((64 + n_modes * len(roots), STATE + 1), np.int64),
        used,
        np.zeros((n_connections + 31) >> 5, np.int64),
        np.zeros((n_connections + 31) >> 5, np.int64),
        np.full(len(rates.ways), -1, np.int64),
        np.empty((n_connections, 2), np.int64),
    )
    for i in range(len(roots)):
        place = roots[i, CALL]
        yard.labels[i, CALL] = -1
        _deliver(timetable, rates, goal, yard, ask, i, (place, n_modes, roots[i, MINUTE]))
    word = 0
    while word < yard.due.size:
        word = _sweep(timetable, rates, goal, yard, ask, word)
        yard = Yard(
            yard.platforms,
            _longer(yard.labels, used[LABELS], used[WANT_LABELS]),
            _longer(yard.entries, used[ENTRIES], used[WANT_ENTRIES]),
            _longer(yard.buckets, used[BUCKETS], used[WANT_BUCKETS]),
            used,
            yard.due,
            yard.aboard,
            yard.taken,
            yard.span,
        )
    n_labels = used[LABELS] - len(roots)
    head = yard.platforms[-1, HEAD]
    return Found(head, yard.buckets, yard.entries, yard.labels, n_labels, used[BOUNDED] != 0)
