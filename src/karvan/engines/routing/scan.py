"""The compiled connection scan: one pass over the departures, labels kept by state.

What is computed stands in `karvan.engines.routing.front`, how it lies in memory in
`karvan.engines.routing.layout`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from karvan.engines.routing.compiled import compiled, lean
from karvan.engines.routing.layout import Ask, Found, Int64s, Rates, Timetable, Yard
from karvan.network.activity_times import NO_TRANSFER
from karvan.network.regimes import FORBIDDEN
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS

# Columns of handling, bounds, labels and entries; then of labels, of entries.
MINUTE, PRICE, CO2E, SPREAD, STATE, CALL, PARENT, LENGTH = range(8)
LABEL: Final = 4
# Columns of ways. FLOOR is the least price of the segment under any regime and system.
PLATFORM, FROM, TO, MODE, FAMILY, CUTOFF, BOARD_SPREAD, RIDE_SPREAD = range(8)
RIDE_CO2E, CLOSED, FLOOR, RIDES, END_RIDES = range(8, 13)
# Columns of rides.
SYSTEM, LEAVES, EXIT, THROUGH, ENTERS, ENTRY = range(6)
# Columns of platforms: first bucket; least MINUTE, least PRICE and charges ahead; cut-off.
HEAD, EARLIEST, CHEAPEST, LARGEST_CUTOFF = range(4)
# Columns of buckets, before STATE.
START, SIZE, ROOM, NEXT = range(4)
# Counters: rows in use, rows wanted, largest bucket, limit, when the cheapest has arrived.
LABELS, ENTRIES, BUCKETS, WANT_LABELS, WANT_ENTRIES, WANT_BUCKETS = range(6)
LARGEST, LIMIT, BOUNDED, DONE_AT = range(6, 10)

#: The row of the entry that is about to be placed; no bucket owns it.
NEWCOMER: Final = 0

_NOTHING_LEADS_ON: Final = 2**62
_FIRST_ROOM: Final = 4
_FIRST_ROWS: Final = 256


@compiled
def _longer(rows: Int64s, wanted: int) -> Int64s:
    """Give the same rows, or a copy with room for twice those wanted."""
    if wanted <= rows.shape[0]:
        return rows
    longer = np.empty((2 * wanted, rows.shape[1]), np.int64)
    longer[: rows.shape[0]] = rows
    return longer


@lean
def _copy(rows: Int64s, source: int, target: int) -> None:
    for column in range(rows.shape[1]):
        rows[target, column] = rows[source, column]


@lean
def _way_order(labels: Int64s, bits: int, left: int, right: int) -> int:
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
def _charge(rates: Rates, ask: Ask, state: int, leave: int) -> int:
    """What is due where the zone of `state` is left."""
    zone = (state & ((1 << ask.entry_shift) - 1)) - 1
    if zone < 0:
        return 0
    width = ask.regime_shift - ask.entry_shift
    entry = ((state >> ask.entry_shift) & ((1 << width) - 1)) - 1
    amount = int(rates.charge[zone, entry, leave])
    return 0 if amount == NO_RATE and ask.lift_rules else amount


@lean
def _ahead(rates: Rates, ask: Ask, state: int, place: int) -> int:
    """Least charges still to come in `state`, at `place` if nothing is open."""
    row = state & ((1 << ask.entry_shift) - 1)
    if row > 0:
        width = ask.regime_shift - ask.entry_shift
        place = ((state >> ask.entry_shift) & ((1 << width) - 1)) - 1
    return int(rates.ahead[row, place])


@lean
def _opened(ask: Ask, state: int, zone: int, entry: int) -> int:
    """Give the state with another open charge."""
    kept = (state >> ask.regime_shift) << ask.regime_shift
    return kept | ((entry + 1) << ask.entry_shift) | (zone + 1)


@lean
def _ride(rates: Rates, ask: Ask, s: int, r: int, state: int, boards: bool) -> tuple[int, int]:
    """Price of riding segment `s` as ride `r` (`NO_RATE`: refused), and the state after it."""
    regime = (state >> ask.regime_shift) & ((1 << (ask.family_shift - ask.regime_shift)) - 1)
    after = rates.rules[s, regime, 0]
    if after == FORBIDDEN:
        if not ask.lift_rules:
            return NO_RATE, 0
        after = regime
    price = rates.rides[r, THROUGH] + rates.rules[s, regime, 1]
    leaves, opened = rates.rides[r, LEAVES], state & ((1 << ask.regime_shift) - 1)
    zone = (opened & ((1 << ask.entry_shift) - 1)) - 1
    if opened == (leaves + 1) << ask.entry_shift:
        return NO_RATE, 0  # It was closed at this platform.
    if boards and zone >= 0 and zone != leaves and rates.system[zone] != NATIONAL:
        return NO_RATE, 0  # It came here to stay open.
    state += (after - regime) << ask.regime_shift
    state |= rates.ways[s, FAMILY] << ask.family_shift
    if zone != leaves:
        amount = _charge(rates, ask, state, rates.ways[s, FROM])
        if amount == NO_RATE:
            return NO_RATE, 0
        price += amount
        state = _opened(ask, state, leaves, rates.ways[s, FROM])
    if rates.rides[r, EXIT] != STAYS:
        amount = _charge(rates, ask, state, rates.rides[r, EXIT])
        if amount == NO_RATE:
            return NO_RATE, 0
        price += amount
        state = _opened(ask, state, rates.rides[r, ENTERS], rates.rides[r, ENTRY])
    return price, state


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
                order = _way_order(labels, ask.system_bits, labels[i, PARENT], parent)
                covered = order < 0 or (order == 0 and labels[i, CALL] <= system)
            if covered:
                return end
            if covers:
                end -= 1
                _copy(labels, end, i)
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
def _ready_end(entries: Int64s, start: int, end: int, latest: int) -> int:
    """Row behind the last entry of a block that is ready at `latest`."""
    while start < end:
        middle = (start + end) >> 1
        if entries[middle, MINUTE] <= latest:
            start = middle + 1
        else:
            end = middle
    return start


@lean
def _gather(
    rates: Rates,
    ask: Ask,
    yard: Yard,
    s: int,
    latest: int,
    head: int,
    begin: int,
    stays: tuple[int, int],
) -> int:
    """Write what a connection takes on from row `begin`; give the row behind it.

    Who stays on board is offered first: to leave and board the same departure again is never
    cheaper, and where it costs the same the first offer stays.
    """
    end = begin
    for r in range(rates.ways[s, RIDES], rates.ways[s, END_RIDES]):
        system = rates.rides[r, SYSTEM]
        for i in range(stays[0], stays[1]):
            added, state = _ride(rates, ask, s, r, yard.labels[i, STATE], False)
            if added != NO_RATE:
                price = yard.labels[i, PRICE] + added
                co2e = yard.labels[i, CO2E] + rates.ways[s, RIDE_CO2E]
                spread = yard.labels[i, SPREAD] + rates.ways[s, RIDE_SPREAD]
                offer = (i, system, state, price, co2e, spread)
                end = _offer(yard.labels, ask, begin, end, offer)
    more_spread = rates.ways[s, BOARD_SPREAD] + rates.ways[s, RIDE_SPREAD]
    b = head
    while b >= 0:
        start = yard.buckets[b, START]
        ready = _ready_end(yard.entries, start, start + yard.buckets[b, SIZE], latest)
        if ready > start:
            for r in range(rates.ways[s, RIDES], rates.ways[s, END_RIDES]):
                added, state = _ride(rates, ask, s, r, yard.buckets[b, STATE], True)
                if added == NO_RATE:
                    continue
                for i in range(ready - 1 if ask.criteria == 2 else start, ready):
                    price = yard.entries[i, PRICE] + added
                    co2e = yard.entries[i, CO2E] + rates.ways[s, RIDE_CO2E]
                    spread = yard.entries[i, SPREAD] + more_spread
                    system = rates.rides[r, SYSTEM]
                    offer = (yard.entries[i, LABEL], system, state, price, co2e, spread)
                    end = _offer(yard.labels, ask, begin, end, offer)
        b = yard.buckets[b, NEXT]
    return end


@lean
def _find_bucket(buckets: Int64s, head: int, state: int) -> int:
    while head >= 0 and buckets[head, STATE] != state:
        head = buckets[head, NEXT]
    return head


@lean
def _bucket_of(yard: Yard, platform: int, state: int) -> int:
    """Find the bucket of a state at a platform, or make it."""
    b = _find_bucket(yard.buckets, yard.platforms[platform, HEAD], state)
    if b < 0:
        b = int(yard.used[BUCKETS])
        yard.buckets[b, STATE] = state
        yard.buckets[b, START] = yard.used[ENTRIES]
        yard.buckets[b, SIZE] = 0
        yard.buckets[b, ROOM] = _FIRST_ROOM
        yard.buckets[b, NEXT] = yard.platforms[platform, HEAD]
        yard.platforms[platform, HEAD] = b
        yard.used[BUCKETS] += 1
        yard.used[ENTRIES] += _FIRST_ROOM
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
    return _way_order(yard.labels, ask.system_bits, left, right) <= 0


@lean
def _drop_ripe(yard: Yard, ask: Ask, start: int, end: int, ripe_at: int) -> int:
    """Thin out the entries of a block that are ready for every departure still to come.

    Among these the minute of readiness means nothing any more. Gives the new end.
    """
    ripe = _ready_end(yard.entries, start, end, ripe_at)
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
            _copy(yard.entries, i, kept)
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
        _copy(yard.entries, start + i, target + i)
    yard.buckets[b, START] = target
    yard.buckets[b, ROOM] *= 2
    yard.used[ENTRIES] += yard.buckets[b, ROOM]
    yard.used[LARGEST] = max(yard.used[LARGEST], yard.buckets[b, ROOM])


@lean
def _place(yard: Yard, ask: Ask, b: int, at_gate: bool, ripe_at: int) -> bool:
    """Put the newcomer into bucket `b` unless an entry covers it; drop those that it covers."""
    minute = yard.entries[NEWCOMER, MINUTE]
    start = yard.buckets[b, START]
    before = _ready_end(yard.entries, start, start + yard.buckets[b, SIZE], minute)
    # On a staircase only the last entry that is ready can cover the newcomer.
    for i in range(max(start, before - 1) if ask.criteria == 2 else start, before):
        if _covers(yard, ask, i, NEWCOMER, at_gate):
            return False
    if yard.buckets[b, SIZE] == yard.buckets[b, ROOM]:
        _make_room(yard, ask, b, ripe_at)
        start = yard.buckets[b, START]
        before = _ready_end(yard.entries, start, start + yard.buckets[b, SIZE], minute)
    i = before
    while i > start and yard.entries[i - 1, MINUTE] == minute:
        i -= 1
    kept = i
    target = i
    for j in range(i, start + yard.buckets[b, SIZE]):
        if not _covers(yard, ask, NEWCOMER, j, at_gate):
            _copy(yard.entries, j, kept)
            kept += 1
            if j < before:
                target = kept
    for j in range(kept, target, -1):
        _copy(yard.entries, j - 1, j)
    _copy(yard.entries, NEWCOMER, target)
    yard.buckets[b, SIZE] = kept + 1 - start
    return True


@lean
def _beaten(
    entries: Int64s, start: int, end: int, criteria: int, least: tuple[int, int, int, int]
) -> bool:
    """Some entry at the gate is strictly better than the least that is still possible."""
    minute, price, co2e, spread = least
    end = _ready_end(entries, start, end, minute)
    for j in range(max(start, end - 1) if criteria == 2 else start, end):
        covered = entries[j, PRICE] <= price
        better = entries[j, MINUTE] < minute or entries[j, PRICE] < price
        if criteria == 4:
            covered &= entries[j, CO2E] <= co2e and entries[j, SPREAD] <= spread
            better |= entries[j, CO2E] < co2e or entries[j, SPREAD] < spread
        if covered and better:
            return True
    return False


@lean
def _hopeless(rates: Rates, ask: Ask, yard: Yard, head: int, i: int, node: int) -> bool:
    """All ways on from label `i` are strictly worse than one found, or there is none.

    The families of a way are known only when all bits that can be added are required; before
    that nothing found can rule it out.
    """
    ahead = _ahead(rates, ask, yard.labels[i, STATE], -1)
    if ahead == _NOTHING_LEADS_ON:
        return True
    family = (yard.labels[i, STATE] >> ask.family_shift) | ask.required
    b = _find_bucket(yard.buckets, head, family)
    if b < 0 or ask.families & ~family != 0:
        return False
    start = yard.buckets[b, START]
    least = (
        yard.labels[i, MINUTE] + rates.bounds[node, MINUTE],
        yard.labels[i, PRICE] + rates.bounds[node, PRICE] + ahead,
        yard.labels[i, CO2E] + rates.bounds[node, CO2E],
        yard.labels[i, SPREAD] + rates.bounds[node, SPREAD],
    )
    return _beaten(yard.entries, start, start + yard.buckets[b, SIZE], ask.criteria, least)


@lean
def _stand(
    rates: Rates, yard: Yard, ask: Ask, i: int, move: tuple[int, int, int, int], to: tuple[int, int]
) -> bool:
    """Put label `i` onto a platform (or the gate, the last) after a transfer.

    `move` is (place, mode, mode onward, price), `to` is (state, time now).
    """
    place, mode, onward, price = move
    state, now = to
    gate = rates.handling.shape[1] - 1
    platform = yard.platforms.shape[0] - 1 if onward == gate else place * gate + onward
    ahead = 0 if onward == gate else _ahead(rates, ask, state, place)
    if ahead == _NOTHING_LEADS_ON:
        return False
    for k in range(4):
        yard.entries[NEWCOMER, k] = yard.labels[i, k] + rates.handling[place, mode, onward, k]
    yard.entries[NEWCOMER, PRICE] = yard.labels[i, PRICE] + price
    yard.entries[NEWCOMER, LABEL] = i
    b = _bucket_of(yard, platform, state)
    ripe_at = now - yard.platforms[platform, LARGEST_CUTOFF]
    if not _place(yard, ask, b, onward == gate, ripe_at):
        return False
    minute, cost = yard.entries[NEWCOMER, MINUTE], yard.entries[NEWCOMER, PRICE]
    yard.platforms[platform, EARLIEST] = min(yard.platforms[platform, EARLIEST], minute)
    yard.platforms[platform, CHEAPEST] = min(yard.platforms[platform, CHEAPEST], cost + ahead)
    if onward == gate and cost == ask.least_price:
        yard.used[DONE_AT] = min(yard.used[DONE_AT], minute)
    return True


@lean
def _deliver(rates: Rates, yard: Yard, ask: Ask, i: int, at: tuple[int, int], now: int) -> bool:
    """Take label `i` from `at` (place, mode) to the gate and to every platform it can reach.

    The charge of a joint tariff stays open over a transfer, or is closed there: two entries.
    Says whether any of them kept it.
    """
    place, mode = at
    gate = rates.handling.shape[1] - 1
    state = yard.labels[i, STATE]
    if mode != gate:
        # Most labels are covered already where they arrive.
        b = _bucket_of(yard, (rates.handling.shape[0] + place) * gate + mode, state)
        for k in range(4):
            yard.entries[NEWCOMER, k] = yard.labels[i, k]
        yard.entries[NEWCOMER, LABEL] = i
        if not _place(yard, ask, b, False, -(2**62)):
            return False
    zone = (state & ((1 << ask.entry_shift) - 1)) - 1
    system = rates.system[zone] if zone >= 0 else NATIONAL
    kept = False
    for onward in range(gate + 1):
        if rates.handling[place, mode, onward, MINUTE] == NO_TRANSFER:
            continue
        price, after = rates.handling[place, mode, onward, PRICE], state
        if onward == gate or system != NATIONAL:
            carried = NO_RATE if onward == gate else rates.carried[system, place, mode, onward]
            if carried != NO_RATE:
                kept |= _stand(rates, yard, ask, i, (place, mode, onward, carried), (state, now))
            due = _charge(rates, ask, state, place)
            unwanted = onward == gate and ask.required & ~(state >> ask.family_shift) != 0
            if due == NO_RATE or unwanted:
                continue
            price += due
            after = _opened(ask, state, -1, zone)
            if onward == gate:
                after >>= ask.family_shift
        kept |= _stand(rates, yard, ask, i, (place, mode, onward, price), (after, now))
    return kept


@lean
def _pointless(rates: Rates, yard: Yard, ask: Ask, s: int, node: int, arrives: int) -> bool:
    """Nobody who boards segment `s` can do better than what stands at the gate.

    A quick look before all others, where there is one family and two criteria.
    """
    b = yard.platforms[-1, HEAD]
    if ask.families & ~ask.required != 0 or ask.criteria != 2 or b < 0:
        return False
    price = yard.platforms[rates.ways[s, PLATFORM], CHEAPEST] + rates.ways[s, FLOOR]
    least = (arrives + rates.bounds[node, MINUTE], price + rates.bounds[node, PRICE], 0, 0)
    start = yard.buckets[b, START]
    return _beaten(yard.entries, start, start + yard.buckets[b, SIZE], 2, least)


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
    room = sources * (2 * yard.used[LARGEST] + _FIRST_ROOM) + 4 * most
    yard.used[WANT_LABELS] = yard.used[LABELS] + most
    yard.used[WANT_ENTRIES] = yard.used[ENTRIES] + n_onward * room
    yard.used[WANT_BUCKETS] = yard.used[BUCKETS] + n_onward * sources
    return bool(
        yard.used[WANT_LABELS] <= yard.labels.shape[0]
        and yard.used[WANT_ENTRIES] <= yard.entries.shape[0]
        and yard.used[WANT_BUCKETS] <= yard.buckets.shape[0]
    )


@lean
def _sweep(
    timetable: Timetable,
    span: tuple[Int64s, Int64s],
    rates: Rates,
    yard: Yard,
    ask: Ask,
    start: int,
) -> int:
    """Scan from connection `start` on until the end, the limit, or more room is wanted.

    Gives the connection to go on with. `span` is where the labels of each connection lie.
    """
    segment, departs, arrives, previous, continues = timetable
    first, end = span
    n_modes = rates.handling.shape[1] - 1
    for c in range(start, ask.stop):
        if departs[c] >= yard.used[DONE_AT]:
            break  # What departs now arrives later, and is not cheaper.
        s, before = segment[c], previous[c] - ask.first
        stays = (first[before], end[before]) if before >= 0 else (0, 0)
        platform, latest = rates.ways[s, PLATFORM], departs[c] - rates.ways[s, CUTOFF]
        nobody = yard.platforms[platform, EARLIEST] > latest and stays[0] == stays[1]
        if nobody or rates.ways[s, CLOSED]:
            continue
        node = rates.ways[s, TO] * n_modes + rates.ways[s, MODE]
        if stays[0] == stays[1] and _pointless(rates, yard, ask, s, node, arrives[c]):
            continue
        head, begin = yard.platforms[platform, HEAD], yard.used[LABELS]
        rides = rates.ways[s, END_RIDES] - rates.ways[s, RIDES]
        if not _fits(yard, head, stays[1] - stays[0], ask, rides, n_modes + 2):
            return c
        offered = _gather(rates, ask, yard, s, latest, head, begin, stays)
        for i in range(begin, offered):
            yard.labels[i, MINUTE] = arrives[c]
            yard.labels[i, CALL] |= c << ask.system_bits
            yard.labels[i, LENGTH] = yard.labels[yard.labels[i, PARENT], LENGTH] + 1
            if _hopeless(rates, ask, yard, yard.platforms[-1, HEAD], i, node):
                continue
            kept = yard.used[LABELS]
            _copy(yard.labels, i, kept)
            at = (rates.ways[s, TO], rates.ways[s, MODE])
            if continues[c] | _deliver(rates, yard, ask, kept, at, departs[c]):
                if kept == yard.used[LIMIT]:
                    yard.used[BOUNDED] = 1
                    return ask.stop
                yard.used[LABELS] = kept + 1
        first[c - ask.first], end[c - ask.first] = begin, yard.used[LABELS]
    return ask.stop


@compiled
def scan(timetable: Timetable, rates: Rates, platforms: Int64s, roots: Int64s, ask: Ask) -> Found:
    """Pass once over the connections `ask.first` to `ask.stop`.

    When a connection departs, every label it can take on has been written: an arrival is
    later than its departure, and transfers and cut-offs are not negative. `platforms` is
    written and leads to what was found; `roots` are the labels at the gates of the origins,
    with their place as CALL.
    """
    n_modes = rates.handling.shape[1] - 1
    used = np.zeros(DONE_AT + 1, np.int64)
    used[DONE_AT] = 2**62
    used[LABELS] = len(roots)
    used[LIMIT] = len(roots) + ask.label_limit
    used[ENTRIES] = NEWCOMER + 1
    used[LARGEST] = _FIRST_ROOM
    yard = Yard(
        platforms,
        _longer(roots, len(roots) + _FIRST_ROWS),
        np.empty((_FIRST_ROWS + n_modes * _FIRST_ROOM * len(roots), LABEL + 1), np.int64),
        np.empty((64 + n_modes * len(roots), STATE + 1), np.int64),
        used,
    )
    for i in range(len(roots)):
        yard.labels[i, CALL] = -1
        _deliver(rates, yard, ask, i, (roots[i, CALL], n_modes), roots[i, MINUTE])
    # The labels of connection c are first[c - ask.first] .. end[c - ask.first].
    first = np.zeros(max(0, ask.stop - ask.first), np.int64)
    span = (first, np.zeros(first.size, np.int64))
    c = ask.first
    while c < ask.stop:
        c = _sweep(timetable, span, rates, yard, ask, c)
        yard = Yard(
            platforms,
            _longer(yard.labels, used[WANT_LABELS]),
            _longer(yard.entries, used[WANT_ENTRIES]),
            _longer(yard.buckets, used[WANT_BUCKETS]),
            used,
        )
    n_labels = used[LABELS] - len(roots)
    return Found(yard.buckets, yard.entries, yard.labels, n_labels, used[BOUNDED] != 0)
