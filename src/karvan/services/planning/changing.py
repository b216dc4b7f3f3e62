"""What-ifs made in a planning problem, whatever it moves.

A change holds from its first to its last day; a period of which it covers a part is changed by
that part. Changes are made one after the other, each to what those before it left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Contracts, Floats, PlanningProblem, Uses
from karvan.network.derating import load_share, sea_level_m
from karvan.network.link_attributes import Derating
from karvan.network.links import CapacityUnit, LinkId, find_capacity
from karvan.network.network import Network
from karvan.services.planning.laying import appended, arcs_of, joints_of, lay_events, times
from karvan.services.planning.periods import Periods, most_of
from karvan.services.planning.scenario import Change, Event, Kind, RouteContract, What, covers
from karvan.services.planning.units import find_factor, find_per_day

#: Where what is sold goes, as `place--market`.
SOLD: Final = "--market"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ships:
    """How many ships a fleet has in each period (T,), and what low water takes from their load.

    Attributes
    ----------
    derating, derated_share
        Row of the sea level, None where none is told, and for how much of the load it holds.
    """

    ships: Floats
    derating: Derating | None = None
    derated_share: float = 1.0

    def load(self, level_m: float) -> float:
        """Share of the full load at a level of the sea."""
        if self.derating is None:
            return 1.0
        return 1 - self.derated_share * (1 - load_share(self.derating, level_m))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a change has to know beside the problem.

    Attributes
    ----------
    whole
        All periods of the study; a problem planned again has the last of them.
    used
        What has been moved under contracts before the first period of the problem.
    fleets
        By their ids; those of the freight by their names, without their directions.
    stands_for
        Tells events again for what their assets stand for in this plan.
    """

    network: Network
    periods: Periods
    whole: Periods
    fleets: Mapping[str, Ships]
    used: Mapping[str, float] = field(default_factory=dict)
    stands_for: Callable[[Sequence[Event]], Sequence[Event]] = tuple


class Draft:
    """A problem whose amounts may be changed, row by row."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        self.arcs = problem.arcs.capacity.copy()
        self.joints = problem.joints.capacity.copy()
        self.hours = problem.fleets.hours.copy()
        self.tanks = problem.tanks.limit.copy()
        self.stocks = problem.stocks.limit.copy()
        self.most = problem.contracts.most.copy()
        self.supplies = problem.supplies.amount.copy()
        self.demands = problem.demands.amount.copy()
        self.cost = problem.permissions.cost.copy()

    def done(self) -> PlanningProblem:
        """Give the problem with what was changed."""
        made = self.problem
        return replace(
            made,
            arcs=replace(made.arcs, capacity=self.arcs),
            joints=replace(made.joints, capacity=self.joints),
            fleets=replace(made.fleets, hours=self.hours),
            tanks=replace(made.tanks, limit=self.tanks),
            stocks=replace(made.stocks, limit=self.stocks),
            contracts=replace(made.contracts, most=self.most),
            supplies=replace(made.supplies, amount=self.supplies),
            demands=replace(made.demands, amount=self.demands),
            permissions=replace(made.permissions, cost=self.cost),
        )


def change_all(
    problem: PlanningProblem,
    changes: Sequence[Change],
    contracts: Sequence[RouteContract],
    setting: Setting,
) -> PlanningProblem:
    """Make changes, and lay contracts on it; what `change_faults` tells must have been refused."""
    draft = Draft(problem)
    for change in changes:
        if not is_loss(change):
            _CHANGES[change.kind](draft, change, setting)
    made = _with_contracts(draft.done(), contracts, setting)
    losses = [loss_of(change, setting.whole) for change in changes if is_loss(change)]
    return lay_events(made, setting.stands_for(losses), setting.periods, setting.network)


def is_loss(change: Change) -> bool:
    """Whether it takes a share of a way or place, from all or from one commodity, as events do."""
    ways = change.kind in {Kind.LINK, Kind.PLACE, Kind.TERMINAL}
    less = change.what is What.CLOSE or (change.what is What.SCALE and (change.value or 0) <= 1)
    return ways and less


def loss_of(change: Change, whole: Periods) -> Event:
    """Say a change as an event, which is known from the start like every change."""
    last = whole.bounds[-1] - timedelta(days=1)
    return Event(
        id=f"change {change.number}",
        asset=change.asset,
        first_day=change.first_day or whole.bounds[0],
        last_day=change.last_day or last,
        share_lost=1.0 if change.what is What.CLOSE else 1.0 - (change.value or 0.0),
        cause=change.text,
        source=change.source,
        commodity=change.commodity,
    )


def share_changed(change: Change, periods: Periods) -> Floats:
    """Share (T,) of the days of each period in which a change holds."""
    first = change.first_day or date.min
    beyond = change.last_day + timedelta(days=1) if change.last_day else date.max
    return np.array(
        [
            max(0, (min(end, beyond) - max(begin, first)).days) / (end - begin).days
            for begin, end in periods.spans
        ]
    )


def _blend(old: Floats, new: Floats, share: Floats) -> Floats:
    """Old where a change does not hold, new where it does, what has no limit included."""
    return times(old, 1 - share) + times(new, share)


def _changed(old: Floats, change: Change, share: Floats, told: Floats) -> Floats:
    """Amounts after a change; `told` is its value in their unit for each period."""
    value = change.value or 0.0
    new = {
        What.CLOSE: np.zeros_like(old),
        What.SCALE: times(old, np.full_like(old, value)),
        What.SET: told,
        What.OPEN: told,
        What.ADD: old + told,
    }[change.what]
    return _blend(old, new, share)


def _told(change: Change, unit: str, days: Floats) -> Floats:
    """Value of a change in a unit for each period; 0 where it has none in an amount."""
    if change.value is None or "/" not in change.unit:
        return np.zeros_like(days)
    per_day = find_per_day(change.value, change.unit, unit)
    assert per_day is not None, "refused before"
    return per_day * days


def _link(draft: Draft, change: Change, setting: Setting) -> None:
    problem, share = draft.problem, share_changed(change, setting.periods)
    if change.what is What.PRICE:
        _price(draft, list(arcs_of(problem, change.asset)), change, share)
        return
    days = setting.periods.days
    for row in link_arcs(problem, change.asset):
        unit = problem.arcs.unit[row]
        told = _told(change, unit, days)
        if change.what is What.OPEN and change.value is None:
            told = usual_capacity(setting, change.asset, unit) * days
        draft.arcs[row] = _changed(draft.arcs[row], change, share, told)
    for row in joints_of(problem, change.asset, setting.network):
        told = _told(change, problem.joints.unit[row], days)
        draft.joints[row] = _changed(draft.joints[row], change, share, told)


def usual_capacity(setting: Setting, link: str, unit: str) -> Floats:
    """Capacity (T,) a day that a link has when it runs, by the tables; 0 where they tell none."""
    network = setting.network
    told = network.links.get(LinkId(link))
    if told is None:
        return np.zeros(setting.periods.count)
    per_day = []
    for day in setting.periods.first_days:
        found = find_capacity(told, network.capacities, day)
        mt_y = found[0] if found and found[1] is CapacityUnit.MT_PER_Y else 0.0
        per_day.append(find_per_day(mt_y, "Mt/y", unit) or 0.0)
    return np.array(per_day)


def link_arcs(problem: PlanningProblem, link: str) -> list[int]:
    """Arcs on a link."""
    return _named(problem.arcs.ids, link)


def _named(ids: Sequence[str], name: str) -> list[int]:
    return [row for row, each in enumerate(ids) if each == name]


def _price(draft: Draft, arcs: Sequence[int], change: Change, share: Floats) -> None:
    """Set what a tonne costs; the plan counts in thousand dollars."""
    problem = draft.problem
    for row in np.flatnonzero(np.isin(problem.permissions.arc, np.array(arcs, np.int64))):
        kind = problem.permissions.commodity[row]
        if covers(change.commodity, problem.commodity_ids[kind]):
            tonnes = find_factor(problem.commodity_units[kind], "t")
            assert tonnes is not None, "refused before"
            new = np.full_like(share, (change.value or 0.0) * tonnes / 1000)
            draft.cost[row] = _blend(draft.cost[row], new, share)


def _place(draft: Draft, change: Change, setting: Setting) -> None:
    """Widen all ways at a place; what it loses is laid on as an event is."""
    problem, share = draft.problem, share_changed(change, setting.periods)
    nothing = np.zeros_like(share)
    for row in arcs_of(problem, change.asset):
        draft.arcs[row] = _changed(draft.arcs[row], change, share, nothing)
    for row in joints_of(problem, change.asset, setting.network):
        draft.joints[row] = _changed(draft.joints[row], change, share, nothing)


def _terminal(draft: Draft, change: Change, setting: Setting) -> None:
    problem, share = draft.problem, share_changed(change, setting.periods)
    for row in _named(problem.joints.ids, change.asset):
        told = _told(change, problem.joints.unit[row], setting.periods.days)
        draft.joints[row] = _changed(draft.joints[row], change, share, told)


def _fleet(draft: Draft, change: Change, setting: Setting) -> None:
    problem, share = draft.problem, share_changed(change, setting.periods)
    for row in fleets_named(problem, change.asset):
        told = np.zeros_like(share)
        if change.what in {What.SET, What.ADD}:
            one = problem.fleets.hours[row] / setting.fleets[change.asset].ships
            told = one * (change.value or 0.0)
        draft.hours[row] = _changed(draft.hours[row], change, share, told)


def ships_after(changes: Sequence[Change], setting: Setting) -> Mapping[str, Floats]:
    """How many ships each fleet has in each period (T,) once changes are made."""
    found = {name: fleet.ships for name, fleet in setting.fleets.items()}
    for change in changes:
        if change.kind is Kind.FLEET and change.asset in found:
            share = share_changed(change, setting.periods)
            told = np.full_like(share, change.value or 0.0)
            found[change.asset] = _changed(found[change.asset], change, share, told)
    return found


def fleets_named(problem: PlanningProblem, name: str) -> list[int]:
    """Fleets of a name: one, or its hours out and its hours back."""
    return [
        row
        for row, each in enumerate(problem.fleets.ids)
        if name in {each, each.rpartition(", ")[0]}
    ]


def _sea(draft: Draft, change: Change, setting: Setting) -> None:
    """Let ships carry what the water still bears, by the row of `derating.csv` of their fleet."""
    share, days = share_changed(change, setting.periods), setting.periods.first_days
    told = setting.network.link_attributes.sea_levels
    levels = [sea_level_m(told, change.asset, day) for day in days]
    for name, fleet in setting.fleets.items():
        now, then = (
            np.array([fleet.load(level + more) for level in levels])
            for more in (0.0, change.value or 0.0)
        )
        for row in fleets_named(draft.problem, name):
            draft.hours[row] = _blend(draft.hours[row], draft.hours[row] * then / now, share)


def _tank(draft: Draft, change: Change, _: Setting) -> None:
    tanks, one = draft.problem.tanks, np.ones(1)
    for row in _named(tanks.ids, change.asset):
        factor = find_factor(change.unit, tanks.unit[row]) or 0.0
        told = one * (change.value or 0.0) * factor
        before = draft.tanks[row]
        draft.tanks[row] = _changed(one * before, change, one, told)[0]
        grown = draft.tanks[row] - before
        draft.stocks[draft.problem.stocks.tank == row] += grown


def _cap(draft: Draft, change: Change, setting: Setting) -> None:
    """Change a cap over all periods of the study, of which what was moved counts, and in each."""
    contracts, whole = draft.problem.contracts, setting.whole
    share = float(share_changed(change, whole) @ whole.days / whole.days.sum()) * np.ones(1)
    for row in _named(contracts.ids, change.asset):
        used = setting.used.get(change.asset, 0.0)
        told = _told(change, contracts.unit[row], np.array([whole.days.sum()]))
        if change.what is What.OPEN:
            told = np.full(1, np.inf)
        most = _changed(np.array([draft.most[row] + used]), change, share, told)[0]
        draft.most[row] = max(0.0, most - used)
    of_each = share_changed(change, setting.periods)
    for period, name in enumerate(setting.periods.ids):
        one = slice(period, period + 1)
        for row in _named(contracts.ids, most_of(change.asset, name)):
            told = _told(change, contracts.unit[row], setting.periods.days[one])
            if change.what is What.OPEN:
                told = np.full(1, np.inf)
            draft.most[row] = _changed(draft.most[row : row + 1], change, of_each[one], told)[0]


def _outlet(draft: Draft, change: Change, setting: Setting) -> None:
    share = share_changed(change, setting.periods)
    arcs = link_arcs(draft.problem, f"{change.asset}{SOLD}")
    if change.what is What.PRICE:
        _price(draft, arcs, change, share)
        return
    for row in arcs:
        draft.arcs[row] = _changed(draft.arcs[row], change, share, np.zeros_like(share))


def _supply(draft: Draft, change: Change, setting: Setting) -> None:
    _amounts(draft, draft.supplies, volumes_at(draft.problem, change), change, setting)


def _demand(draft: Draft, change: Change, setting: Setting) -> None:
    _amounts(draft, draft.demands, volumes_at(draft.problem, change), change, setting)


def _amounts(
    draft: Draft, amounts: Floats, rows: Sequence[int], change: Change, setting: Setting
) -> None:
    problem, share = draft.problem, share_changed(change, setting.periods)
    told_of = problem.supplies if change.kind is Kind.SUPPLY else problem.demands
    for row in rows:
        unit = problem.commodity_units[told_of.commodity[row]]
        told = _told(change, unit, setting.periods.days)
        amounts[row] = _changed(amounts[row], change, share, told)


def volumes_at(problem: PlanningProblem, change: Change) -> list[int]:
    """Supplies or demands at the place of a change, or with its name as their id."""
    told = problem.supplies if change.kind is Kind.SUPPLY else problem.demands
    return [
        row
        for row, (node, kind) in enumerate(zip(told.node, told.commodity, strict=True))
        if change.asset in (problem.node_ids[node], told.ids[row])
        and covers(change.commodity, problem.commodity_ids[kind])
    ]


_CHANGES: Final[Mapping[Kind, Callable[[Draft, Change, Setting], None]]] = {
    Kind.LINK: _link,
    Kind.PLACE: _place,
    Kind.TERMINAL: _terminal,
    Kind.FLEET: _fleet,
    Kind.TANK: _tank,
    Kind.CAP: _cap,
    Kind.OUTLET: _outlet,
    Kind.SUPPLY: _supply,
    Kind.DEMAND: _demand,
    Kind.SEA: _sea,
}


def _with_contracts(
    problem: PlanningProblem, contracts: Sequence[RouteContract], setting: Setting
) -> PlanningProblem:
    rows = [(each, list(contract_permissions(problem, each))) for each in contracts]
    rows = [(each, permissions) for each, permissions in rows if permissions]
    if not rows:
        return problem
    count = len(rows)
    used = [setting.used.get(each.id, 0.0) for each, _ in rows]
    most = [np.inf if each.most_kt is None else each.most_kt for each, _ in rows]
    entries = [(row, p) for row, (_, permissions) in enumerate(rows) for p in permissions]
    more = Contracts(
        ids=tuple(each.id for each, _ in rows),
        unit=("kt",) * count,
        first=np.zeros(count, np.int64),
        last=np.full(count, problem.periods - 1),
        least=np.array([max(0.0, r[0].least_kt - u) for r, u in zip(rows, used, strict=True)]),
        price=np.array([each.short_usd_t for each, _ in rows]),
        most=np.array([max(0.0, m - u) for m, u in zip(most, used, strict=True)]),
        uses=Uses(
            row=np.array([row for row, _ in entries], np.int64),
            permission=np.array([p for _, p in entries], np.int64),
            per_unit=np.ones(len(entries)),
        ),
    )
    return replace(problem, contracts=appended(problem.contracts, more))


def contract_permissions(problem: PlanningProblem, contract: RouteContract) -> Iterator[int]:
    """Permissions of a contract: its commodity on its link, where that is counted in kt."""
    permissions = problem.permissions
    for row, (arc, kind) in enumerate(zip(permissions.arc, permissions.commodity, strict=True)):
        if (
            problem.arcs.ids[arc] == contract.link
            and covers(contract.commodity, problem.commodity_ids[kind])
            and problem.commodity_units[kind] == "kt"
        ):
            yield row
