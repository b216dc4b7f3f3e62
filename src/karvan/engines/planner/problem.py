"""What is to be planned: places, ways, stocks, supply, demand and their limits, as arrays.

A plan spreads amounts of several commodities over a network and over periods. Letters: N nodes,
K commodities, T periods, A arcs, P *permissions* (an arc and a commodity it may carry), W of them
under way at the start, S stocks, G tanks, U supplies, D demands, R joint capacities, F fleets, M
minima, Q ramps, C contracts, L lines to be filled, I the permissions on them, E entries of a table
of uses.

Amounts of a commodity are in that commodity's own unit, per period. A capacity is in a unit of
its own; `use` says how much of it one unit of the commodity takes. Costs are in one currency.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def _no_floats() -> Floats:
    return np.zeros(0)


def _no_table() -> Floats:
    return np.zeros((0, 0))


def _no_indices() -> Indices:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Ways from node to node.

    Attributes
    ----------
    tail, head
        (A,) nodes.
    travel_d
        (A,) days between leaving the tail and reaching the head; `transit` says in which periods
        what leaves in one arrives. What has not arrived when the last period ends is under way
        and serves nobody.
    capacity
        (A, T) in `unit` a period, at the tail; infinite where nothing limits it.
    """

    ids: tuple[str, ...]
    tail: Indices
    head: Indices
    travel_d: Floats
    capacity: Floats
    unit: tuple[str, ...]
    carrier: tuple[str, ...]
    country: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """Which arc may carry which commodity, and what that costs.

    Attributes
    ----------
    arc, commodity
        (P,); each pair at most once.
    cost
        (P, T) currency for one unit of the commodity; not negative.
    use
        (P,) units of the arc's capacity that one unit of the commodity takes.
    loss
        (P,) share of what goes through that does not come out, 0 to below 1; empty for none on
        any. It is lost as it leaves.
    cost_at_end
        (P,) currency for a unit that is still under way after the last period: what is still to
        be paid for it, below 0 where it is worth something; empty for 0 on all.
    """

    arc: Indices
    commodity: Indices
    cost: Floats
    use: Floats
    loss: Floats = field(default_factory=_no_floats)
    cost_at_end: Floats = field(default_factory=_no_floats)

    @property
    def kept(self) -> Floats:
        """(P,) share of what goes through that comes out."""
        kept: Floats = 1.0 - self.loss if len(self.loss) else np.ones(len(self.arc))
        return kept

    @property
    def at_end(self) -> Floats:
        """(P,) currency for a unit under way after the last period."""
        return self.cost_at_end if len(self.cost_at_end) else np.zeros(len(self.arc))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """What left before the first period and has not arrived.

    It arrives when it does; what nothing can take then waits, aboard or in its wagons, and is
    still under way at the end when nothing takes it later either. So there is always a plan.

    Attributes
    ----------
    permission
        (W,) each at most once.
    amount
        (W, T) that reaches the head in each period.
    after
        (W,) that reaches it after the last.
    cost
        (W,) currency for a unit that waits over the end of a period.
    """

    permission: Indices = field(default_factory=_no_indices)
    amount: Floats = field(default_factory=_no_table)
    after: Floats = field(default_factory=_no_floats)
    cost: Floats = field(default_factory=_no_floats)

    @property
    def all(self) -> Floats:
        """(W,) that is under way at the start."""
        arriving: Floats = self.amount.sum(axis=1) if len(self.amount) else np.zeros(0)
        return arriving + self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocks:
    """Where a commodity can wait. Only what may be drawn counts: line fill and tank bottoms do not.

    Attributes
    ----------
    limit, initial
        (S,) at most, and before the first period.
    cost
        (S,) currency for a unit held over the end of a period.
    worth_at_end
        (S,) currency for a unit left after the last period, below 0 where leaving it is dear. With
        0 a plan may empty every tank or fill it, because nothing after its end counts.
    tank, room
        (S,) joint limit the stock shares, -1 for none, and how much of it one unit takes.
    """

    node: Indices = field(default_factory=_no_indices)
    commodity: Indices = field(default_factory=_no_indices)
    limit: Floats = field(default_factory=_no_floats)
    initial: Floats = field(default_factory=_no_floats)
    cost: Floats = field(default_factory=_no_floats)
    worth_at_end: Floats = field(default_factory=_no_floats)
    tank: Indices = field(default_factory=_no_indices)
    room: Floats = field(default_factory=_no_floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tanks:
    """Room that several commodities share: `limit` (G,) in `unit`."""

    ids: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    limit: Floats = field(default_factory=_no_floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """Supplies or demands: what is there or asked for, and the price of not moving it.

    Attributes
    ----------
    node, commodity
        (U,) or (D,).
    amount
        (U, T) or (D, T).
    price
        (U,) or (D,) currency for a unit shut in, or left unserved; not negative. A demand at
        price 0 is an outlet: it takes what comes and misses nothing.
    """

    ids: tuple[str, ...] = ()
    node: Indices = field(default_factory=_no_indices)
    commodity: Indices = field(default_factory=_no_indices)
    amount: Floats = field(default_factory=_no_table)
    price: Floats = field(default_factory=_no_floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """What one unit on a permission takes of a row: `row`, `permission`, `per_unit`, each (E,)."""

    row: Indices = field(default_factory=_no_indices)
    permission: Indices = field(default_factory=_no_indices)
    per_unit: Floats = field(default_factory=_no_floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joints:
    """Capacity that several arcs share, a terminal or a border: `capacity` (R, T) in `unit`."""

    ids: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    capacity: Floats = field(default_factory=_no_table)
    uses: Uses = field(default_factory=Uses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blends:
    """Limits on the quality of what is mixed: sulphur, density.

    Attributes
    ----------
    unit
        Of the excess, such as `kt x % sulphur`.
    uses
        How far one unit is above the limit, below 0 where it is better; what flows of the mix in
        a period must not be above it together.
    """

    ids: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    uses: Uses = field(default_factory=Uses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleets:
    """Ships or wagons whose hours are spent on round trips.

    Attributes
    ----------
    hours
        (F, T) hours of all units of the fleet that can be worked in the period.
    uses
        Hours for one unit of the commodity: round trip (loading, sailing, waiting, unloading
        and back) divided by the parcel.
    """

    ids: tuple[str, ...] = ()
    hours: Floats = field(default_factory=_no_table)
    uses: Uses = field(default_factory=Uses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minima:
    """Throughput an arc needs: `least` (M, T) in the arc's unit, `price` (M,) for what it lacks."""

    arc: Indices = field(default_factory=_no_indices)
    least: Floats = field(default_factory=_no_table)
    price: Floats = field(default_factory=_no_floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramps:
    """How quickly an arc, or several together, can be used more; less is possible at once.

    Attributes
    ----------
    arc
        (Q,) the arc, of which no two ramps have the same.
    rise
        (Q, T) unit of the arc a day: how much more a day than in the period before.
    before
        (Q,) unit of the arc a day: what went before the first period.
    also, of
        (E,) a further arc that rises together with others, in their unit, and its ramp.
    """

    arc: Indices = field(default_factory=_no_indices)
    rise: Floats = field(default_factory=_no_table)
    before: Floats = field(default_factory=_no_floats)
    also: Indices = field(default_factory=_no_indices)
    of: Indices = field(default_factory=_no_indices)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFills:
    """Pipelines that are not full yet: what goes in fills them before it comes out.

    A line that is full before the first period needs no row here: what goes in pushes as much out.

    Attributes
    ----------
    arc
        (L,) lines of a travel of 0, of a finite capacity.
    volume
        (L,) what the line holds when full, in the arc's unit.
    line, permission
        (I,) each permission of each of these arcs, once.
    initial
        (I,) of its commodity in the line before the first period.
    cost
        (I,) currency for a unit of the commodity in the line over the end of a period.
    cost_at_end
        (I,) for a unit in it after the last period besides: what is still to be paid for it.
    """

    arc: Indices = field(default_factory=_no_indices)
    volume: Floats = field(default_factory=_no_floats)
    line: Indices = field(default_factory=_no_indices)
    permission: Indices = field(default_factory=_no_indices)
    initial: Floats = field(default_factory=_no_floats)
    cost: Floats = field(default_factory=_no_floats)
    cost_at_end: Floats = field(default_factory=_no_floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """Least and most that a route carries from a first to a last period, both included.

    Attributes
    ----------
    least, price
        (C,) in `unit`, 0 for none, and currency for each unit it falls short.
    most
        (C,) in `unit`, infinite for none.
    """

    ids: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    first: Indices = field(default_factory=_no_indices)
    last: Indices = field(default_factory=_no_indices)
    least: Floats = field(default_factory=_no_floats)
    price: Floats = field(default_factory=_no_floats)
    most: Floats = field(default_factory=_no_floats)
    uses: Uses = field(default_factory=Uses)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningProblem:
    """All that a plan is made from. `checks.faults` says what is wrong with one.

    Never infeasible: with nothing moved, everything shut in, nobody served, every stock left as
    it is and what arrives waiting, all limits hold and each shortfall is paid for. Never without
    bound: what is worth something at the end is no more than was there, made or under way.
    """

    node_ids: tuple[str, ...]
    commodity_ids: tuple[str, ...]
    commodity_units: tuple[str, ...]
    period_ids: tuple[str, ...]
    period_days: Floats
    currency: str
    arcs: Arcs
    permissions: Permissions
    supplies: Amounts = field(default_factory=Amounts)
    demands: Amounts = field(default_factory=Amounts)
    stocks: Stocks = field(default_factory=Stocks)
    tanks: Tanks = field(default_factory=Tanks)
    joints: Joints = field(default_factory=Joints)
    fleets: Fleets = field(default_factory=Fleets)
    minima: Minima = field(default_factory=Minima)
    ramps: Ramps = field(default_factory=Ramps)
    contracts: Contracts = field(default_factory=Contracts)
    blends: Blends = field(default_factory=Blends)
    line_fills: LineFills = field(default_factory=LineFills)
    under_way: UnderWay = field(default_factory=UnderWay)

    @property
    def periods(self) -> int:
        """T."""
        return len(self.period_ids)
