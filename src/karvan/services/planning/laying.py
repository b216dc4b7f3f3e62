"""Events laid on a planning problem, whatever it moves: capacity, ships or output that is lost.

A place that loses its capacity loses what leaves it, and what comes to it unless it has tanks to
fill. A commodity that loses a way loses its share of it, and of its own cap where it has one. A
field that loses output sends out no more than is left; what stays in the ground is shut in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from karvan.engines.planner.problem import (
    Contracts,
    Floats,
    Indices,
    Joints,
    PlanningProblem,
    Ramps,
    Uses,
)
from karvan.network.network import Network
from karvan.services.planning.periods import Periods, most_of
from karvan.services.planning.scenario import Event, Takes, covers, left_by_day
from karvan.services.planning.tracks import links_of

Rows = dict[int, list[Event]]


@dataclass(frozen=True, slots=True)
class Touched:
    """Which rows of a problem events touch, each with its events."""

    arcs: Rows = field(default_factory=dict)
    joints: Rows = field(default_factory=dict)
    fleets: Rows = field(default_factory=dict)
    permissions: Rows = field(default_factory=dict)
    supplies: Rows = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return any((self.arcs, self.joints, self.fleets, self.permissions, self.supplies))


def touched(problem: PlanningProblem, events: Iterable[Event], network: Network) -> Touched:
    """Find what events touch; what the problem does not have is passed over."""
    found = Touched()
    for event in events:
        if event.takes == Takes.OUTPUT:
            _add(found.supplies, _fields(problem, event), event)
            continue
        arcs = list(arcs_of(problem, event.asset))
        joints = joints_of(problem, event.asset, network)
        joints += parts_of(problem, event.asset)
        if event.commodity:
            arcs += _arcs_through(problem, problem.joints.uses, joints)
            _add(found.permissions, _permitted(problem, arcs, event.commodity), event)
            continue
        fleets = [row for row, name in enumerate(problem.fleets.ids) if name == event.asset]
        if event.share_lost >= 1 and event.asset in problem.node_ids:
            arcs, joints = _but_into_tanks(problem, event.asset, arcs, joints)
        _add(found.arcs, arcs, event)
        _add(found.joints, joints, event)
        _add(found.fleets, fleets, event)
    return found


def arcs_of(problem: PlanningProblem, asset: str) -> Iterator[int]:
    """Arcs of a link, or of a place: what leaves it, and what comes unless it has tanks to fill."""
    arcs = problem.arcs
    if asset not in problem.node_ids:
        yield from (row for row, name in enumerate(arcs.ids) if name == asset)
        return
    place = problem.node_ids.index(asset)
    has_tanks = _has_tanks(problem, place)
    for row, (tail, head) in enumerate(zip(arcs.tail, arcs.head, strict=True)):
        if tail == place or (head == place and not has_tanks):
            yield row


def _has_tanks(problem: PlanningProblem, place: int) -> bool:
    """Whether something can wait there in tanks or yards that it shares."""
    stocks = problem.stocks
    return bool(((stocks.node == place) & (stocks.tank >= 0)).any())


def joints_of(problem: PlanningProblem, asset: str, network: Network) -> list[int]:
    """Joints of this name, the track of a link, or all tracks at a place."""
    names = links_of(network, asset)
    return [row for row, name in enumerate(problem.joints.ids) if name in names]


def parts_of(problem: PlanningProblem, asset: str) -> list[int]:
    """Joints that are the room of some shippers in another, which lose what it loses."""
    return [row for row, name in enumerate(problem.joints.ids) if name.startswith(f"{asset}, ")]


def lay_events(
    problem: PlanningProblem, events: Sequence[Event], periods: Periods, network: Network
) -> PlanningProblem:
    """Take from a problem what events take, those that overlap the largest loss of each day."""
    found = touched(problem, events, network)
    if not found.any:
        return problem
    left = _Left(periods)
    arcs, joints, fleets = problem.arcs, problem.joints, problem.fleets
    laid = replace(
        problem,
        arcs=replace(arcs, capacity=_kept(arcs.capacity, found.arcs, left)),
        joints=replace(joints, capacity=_kept(joints.capacity, found.joints, left)),
        fleets=replace(fleets, hours=_kept(fleets.hours, found.fleets, left)),
        ramps=_run_again(problem, found, left),
    )
    laid = replace(laid, contracts=_less_of_a_commodity(laid, found.permissions, left))
    return replace(laid, joints=_less_output(laid, found.supplies, left))


def _run_again(problem: PlanningProblem, found: Touched, left: _Left) -> Ramps:
    """What ran before on a way that is lost runs again when it is back: it was arranged already."""
    ramps = problem.ramps
    if not (ramps.before.size and found.any):
        return ramps
    back = np.zeros_like(problem.arcs.capacity)
    rows = [([arc], events) for arc, events in found.arcs.items()]
    for uses, touches in ((problem.joints.uses, found.joints), (problem.fleets.uses, found.fleets)):
        rows += [(_arcs_through(problem, uses, [row]), each) for row, each in touches.items()]
    for arcs, events in rows:
        more = np.maximum(np.diff(left.of(events), prepend=1.0), 0.0)
        back[arcs] = np.maximum(back[arcs], more)
    share = back[ramps.arc]
    np.maximum.at(share, ramps.of, back[ramps.also])
    return replace(ramps, rise=ramps.rise + share * ramps.before[:, None])


class _Left:
    """Share (T,) that some events leave, each set of them looked at once."""

    def __init__(self, periods: Periods) -> None:
        self._periods = periods
        self._known: dict[tuple[Event, ...], Floats] = {}

    def of(self, events: Sequence[Event]) -> Floats:
        key = tuple(events)
        if key not in self._known:
            spans = self._periods.spans
            self._known[key] = np.array([left_by_day(events, *span) for span in spans])
        return self._known[key]


def _add(rows: Rows, touches: Iterable[int], event: Event) -> None:
    for row in touches:
        rows.setdefault(row, []).append(event)


def _fields(problem: PlanningProblem, event: Event) -> list[int]:
    supplies = problem.supplies
    return [
        row
        for row, (node, kind) in enumerate(zip(supplies.node, supplies.commodity, strict=True))
        if problem.node_ids[node] == event.asset
        and covers(event.commodity, problem.commodity_ids[kind])
    ]


def _but_into_tanks(
    problem: PlanningProblem, place: str, arcs: list[int], joints: list[int]
) -> tuple[list[int], list[int]]:
    """Close what passes over the tracks of a place with tanks instead of the tracks themselves."""
    node = problem.node_ids.index(place)
    if not _has_tanks(problem, node):
        return arcs, joints
    own = [row for row in joints if problem.joints.ids[row] == place]
    tracks = [row for row in joints if row not in own]
    passing = [
        row
        for row in _arcs_through(problem, problem.joints.uses, tracks)
        if problem.arcs.head[row] != node
    ]
    return sorted({*arcs, *passing}), own


def _arcs_through(problem: PlanningProblem, uses: Uses, rows: Sequence[int]) -> list[int]:
    """Arcs that use joints or fleets."""
    through = np.isin(uses.row, np.array(rows, np.int64))
    return sorted({int(arc) for arc in problem.permissions.arc[uses.permission[through]]})


def _permitted(problem: PlanningProblem, arcs: Sequence[int], commodity: str) -> list[int]:
    permissions = problem.permissions
    kinds = [k for k, kind in enumerate(problem.commodity_ids) if covers(commodity, kind)]
    of = np.isin(permissions.commodity, np.array(kinds, np.int64))
    on = np.isin(permissions.arc, np.array(arcs, np.int64))
    return [int(row) for row in np.flatnonzero(of & on)]


def _kept(amounts: Floats, rows: Rows, left: _Left) -> Floats:
    kept = amounts.copy()
    for row, events in rows.items():
        kept[row] = times(amounts[row], left.of(events))
    return kept


def times(amounts: Floats, share: Floats) -> Floats:
    """Amounts times a share; at share 0 nothing is left of what has no limit either."""
    return np.where(share > 0, amounts * np.where(share > 0, share, 1.0), 0.0)


def _less_of_a_commodity(problem: PlanningProblem, rows: Rows, left: _Left) -> Contracts:
    """Cap a commodity on a way in each period in which it has lost some of it."""
    found: list[tuple[str, int, float, int]] = []
    for permission, events in rows.items():
        share = left.of(events)
        most = times(_most(problem, permission), share)
        arc = problem.arcs.ids[problem.permissions.arc[permission]]
        kind = problem.commodity_ids[problem.permissions.commodity[permission]]
        for period in np.flatnonzero((share < 1) & np.isfinite(most)):
            name = most_of(f"{kind} by {arc}: {events[0].id}", problem.period_ids[period])
            found.append((name, permission, float(most[period]), int(period)))
    if not found:
        return problem.contracts
    commodity = problem.permissions.commodity
    first = np.array([period for *_, period in found], np.int64)
    return appended(
        problem.contracts,
        Contracts(
            ids=tuple(name for name, *_ in found),
            unit=tuple(problem.commodity_units[commodity[p]] for _, p, _, _ in found),
            first=first,
            last=first,
            least=np.zeros(len(found)),
            price=np.zeros(len(found)),
            most=np.array([most for _, _, most, _ in found]),
            uses=Uses(
                row=np.arange(len(found)),
                permission=np.array([p for _, p, _, _ in found], np.int64),
                per_unit=np.ones(len(found)),
            ),
        ),
    )


def _most(problem: PlanningProblem, permission: int) -> Floats:
    """The most (T,) that a permission carries: its arc's capacity, or its own cap, day by day."""
    permissions, contracts, days = problem.permissions, problem.contracts, problem.period_days
    use = max(float(permissions.use[permission]), 1e-12)
    most: Floats = problem.arcs.capacity[permissions.arc[permission]] / use
    uses = contracts.uses
    for entry in np.flatnonzero(uses.permission == permission):
        row = uses.row[entry]
        if np.count_nonzero(uses.row == row) > 1 or contracts.first[row] == contracts.last[row]:
            continue
        span = slice(int(contracts.first[row]), int(contracts.last[row]) + 1)
        rate = contracts.most[row] / float(uses.per_unit[entry]) / days[span].sum()
        most = np.concatenate(
            [most[: span.start], np.minimum(most[span], rate * days[span]), most[span.stop :]]
        )
    return most


def appended(contracts: Contracts, more: Contracts) -> Contracts:
    """Put contracts after others."""
    count = len(contracts.ids)
    return Contracts(
        ids=(*contracts.ids, *more.ids),
        unit=(*contracts.unit, *more.unit),
        first=_both(contracts.first, more.first),
        last=_both(contracts.last, more.last),
        least=np.concatenate([contracts.least, more.least]),
        price=np.concatenate([contracts.price, more.price]),
        most=np.concatenate([contracts.most, more.most]),
        uses=_more_uses(contracts.uses, more.uses, count),
    )


def _less_output(problem: PlanningProblem, rows: Rows, left: _Left) -> Joints:
    """Let no more leave a field than its output that is left."""
    joints = problem.joints
    if not rows:
        return joints
    ids, units, capacity, uses = list(joints.ids), list(joints.unit), [], []
    for supply, events in rows.items():
        node, kind = problem.supplies.node[supply], problem.supplies.commodity[supply]
        out = np.flatnonzero(
            (problem.arcs.tail[problem.permissions.arc] == node)
            & (problem.permissions.commodity == kind)
        )
        uses += [(len(ids), int(permission)) for permission in out]
        ids.append(f"{problem.supplies.ids[supply]} {events[0].id}")
        units.append(problem.commodity_units[kind])
        capacity.append(times(problem.supplies.amount[supply], left.of(events)))
    more = Uses(
        row=np.array([row for row, _ in uses], np.int64),
        permission=np.array([permission for _, permission in uses], np.int64),
        per_unit=np.ones(len(uses)),
    )
    periods = len(problem.period_ids)
    return Joints(
        ids=tuple(ids),
        unit=tuple(units),
        capacity=np.concatenate([joints.capacity.reshape(-1, periods), np.array(capacity)]),
        uses=_more_uses(joints.uses, more, 0),
    )


def _more_uses(uses: Uses, more: Uses, later: int) -> Uses:
    """Put uses after others, their rows so much later."""
    return Uses(
        row=_both(uses.row, more.row + later),
        permission=_both(uses.permission, more.permission),
        per_unit=np.concatenate([uses.per_unit, more.per_unit]),
    )


def _both(first: Indices, second: Indices) -> Indices:
    return np.concatenate([first, second]).astype(np.int64)
