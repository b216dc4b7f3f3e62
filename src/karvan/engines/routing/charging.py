"""What riding a segment and leaving a tariff zone cost, in the state of a label. Compiled.

How a state is laid out stands in `karvan.engines.routing.layout`.
"""

from __future__ import annotations

from karvan.engines.routing.compiled import lean
from karvan.engines.routing.layout import (
    ENTERS,
    ENTRY,
    EXIT,
    FAMILY,
    FROM,
    LEAVES,
    THROUGH,
    Ask,
    Goal,
    Rates,
)
from karvan.network.regimes import FORBIDDEN
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS


@lean
def charge_due(rates: Rates, ask: Ask, state: int, leave: int) -> int:
    """What is due where the zone of `state` is left."""
    zone = (state & ((1 << ask.entry_shift) - 1)) - 1
    if zone < 0:
        return 0
    width = ask.regime_shift - ask.entry_shift
    entry = ((state >> ask.entry_shift) & ((1 << width) - 1)) - 1
    amount = int(rates.charge[zone, entry, leave])
    return 0 if amount == NO_RATE and ask.lift_rules else amount


@lean
def least_ahead(goal: Goal, ask: Ask, state: int, place: int) -> int:
    """Least charges still to come in `state`, at `place` if nothing is open."""
    row = state & ((1 << ask.entry_shift) - 1)
    if row > 0:
        width = ask.regime_shift - ask.entry_shift
        place = ((state >> ask.entry_shift) & ((1 << width) - 1)) - 1
    return int(goal.ahead[row, place])


@lean
def with_open(ask: Ask, state: int, zone: int, entry: int) -> int:
    """Give the state with another open charge."""
    kept = (state >> ask.regime_shift) << ask.regime_shift
    return kept | ((entry + 1) << ask.entry_shift) | (zone + 1)


@lean
def ride(rates: Rates, ask: Ask, s: int, r: int, state: int, boards: bool) -> tuple[int, int]:
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
        amount = charge_due(rates, ask, state, rates.ways[s, FROM])
        if amount == NO_RATE:
            return NO_RATE, 0
        price += amount
        state = with_open(ask, state, leaves, rates.ways[s, FROM])
    if rates.rides[r, EXIT] != STAYS:
        amount = charge_due(rates, ask, state, rates.rides[r, EXIT])
        if amount == NO_RATE:
            return NO_RATE, 0
        price += amount
        state = with_open(ask, state, rates.rides[r, ENTERS], rates.rides[r, ENTRY])
    return price, state
