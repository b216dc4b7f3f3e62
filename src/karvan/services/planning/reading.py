"""From the plans of a study to its results: the one place that knows how a plan is laid out.

A study is one plan after the other: of each, only the months count until it was planned again.
Amounts are rounded to a millionth of their unit, a gram of a tonne, so that the rounding of a
solver is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from karvan.engines.emissions.factors import EmissionFactor
from karvan.engines.planner.constraints import arc_capacity, arriving, fleet_hours, joint_capacity
from karvan.engines.planner.plan import Plan
from karvan.engines.planner.problem import Floats, Indices, PlanningProblem, Uses
from karvan.engines.planner.routes import routes
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.services.planning.carriage import SALE, TONNES, Carriage, carriages
from karvan.services.planning.freight_boxes import LIMIT
from karvan.services.planning.lateness import Served, late_stocks, served
from karvan.services.planning.periods import with_period
from karvan.services.planning.results import (
    Bottleneck,
    Checks,
    CostOf,
    Emission,
    Flow,
    Line,
    Results,
    RouteTaken,
    ShutIn,
    Stock,
    UnderWay,
    Unserved,
    Used,
)
from karvan.services.planning.stages import Stage

_DECIMALS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The problem and the plan of a stage, and how its ways carry."""

    plan: Plan
    periods: int
    last: bool
    country_of: Mapping[str, str]
    t_per_unit: tuple[float | None, ...]
    carried: tuple[Carriage, ...]

    @property
    def problem(self) -> PlanningProblem:
        return self.plan.problem

    def months(self) -> tuple[str, ...]:
        return self.problem.period_ids[: self.periods]

    def kind(self, commodity: int) -> tuple[str, str]:
        """Commodity and unit."""
        return self.problem.commodity_ids[commodity], self.problem.commodity_units[commodity]


def results_of(
    network: Network,
    factors: Mapping[str, EmissionFactor],
    stages: Sequence[Stage],
    holds: Mapping[str, float] | None = None,
    *,
    with_routes: bool = True,
) -> Results:
    """Read the plans of a study, in the order of their months.

    Parameters
    ----------
    factors
        Emission factors by mode of a link.
    holds
        What each pipeline holds, in the unit of its capacity, as far as that is known.
    with_routes
        No, where nobody asks which way an amount went: they take the longest to find.
    """
    told = [_told(network, factors, each, last=each is stages[-1]) for each in stages]
    flow = tuple(row for each in told for row in _flow(each))
    stock = tuple(row for each in told for row in _stock(each))
    under_way = tuple(row for each in told for row in _under_way(each))
    shut_in = tuple(row for each in told for row in _shut_in(each))
    unserved = tuple(_unserved(told, served(stages)))
    plans = [stage.plan for stage in stages]
    return Results(
        months=tuple(month for each in told for month in each.months()),
        flow=flow,
        stock=stock,
        under_way=under_way,
        shut_in=shut_in,
        unserved=unserved,
        routes=tuple(row for each in told for row in _routes(each)) if with_routes else (),
        bottlenecks=_bottlenecks(told),
        capacity=tuple(row for each in told for row in _capacity(each)),
        lines=tuple(row for each in told for row in _lines(each, holds or {})),
        cost_by_carrier=_cost(flow, "carrier"),
        cost_by_country=_cost(flow, "country"),
        emissions=_emissions(told, flow),
        checks=Checks(
            solver=plans[-1].solver,
            gap=max(abs(each.certificate.gap) for each in plans),
            worst_residual=max(each.residuals.worst for each in plans),
            mass_balance=worst_balance(flow, stock, under_way, shut_in, unserved),
            plans=len(plans),
        ),
    )


def worst_balance(
    flow: Sequence[Flow],
    stock: Sequence[Stock],
    under_way: Sequence[UnderWay],
    shut_in: Sequence[ShutIn],
    unserved: Sequence[Unserved],
) -> float:
    """The largest amount that appears or vanishes at a place in a month, from the tables alone."""
    at: dict[tuple[str, str, str], float] = defaultdict(float)
    for way in flow:
        at[way.from_place, way.commodity, way.month] -= way.amount
        at[way.to_place, way.commodity, way.month] += way.amount - way.filled - way.lost
    for moving in under_way:
        at[moving.to_place, moving.commodity, moving.month] += moving.before - moving.amount
    for held in stock:
        at[held.place, held.commodity, held.month] += held.before - held.amount
    for made in shut_in:
        at[made.place, made.commodity, made.month] += made.offered - made.shut_in
    for asked in unserved:
        at[asked.place, asked.commodity, asked.month] -= asked.came
    return max((abs(amount) for amount in at.values()), default=0.0)


def _told(
    network: Network, factors: Mapping[str, EmissionFactor], stage: Stage, *, last: bool
) -> _Told:
    problem = stage.plan.problem
    ends = [
        (id_, problem.node_ids[tail], problem.node_ids[head])
        for id_, tail, head in zip(
            problem.arcs.ids, problem.arcs.tail, problem.arcs.head, strict=True
        )
    ]
    return _Told(
        plan=stage.plan,
        periods=stage.periods,
        last=last,
        country_of={str(place.id): place.country for place in network.places.values()},
        t_per_unit=_masses(problem),
        carried=carriages(network, factors, ends),
    )


def _masses(problem: PlanningProblem) -> tuple[float | None, ...]:
    """Tonnes of one unit of each commodity: by its unit, or by what it takes of a way in tonnes."""
    found = [TONNES.get(unit) for unit in problem.commodity_units]
    for arc, k, use in zip(
        problem.permissions.arc, problem.permissions.commodity, problem.permissions.use, strict=True
    ):
        unit = problem.arcs.unit[arc]
        if found[k] is None and unit in TONNES and use > 0:
            found[k] = _round(use * TONNES[unit])
    return tuple(found)


def _flow(told: _Told) -> Iterator[Flow]:
    problem, months = told.problem, told.months()
    arcs, permissions = problem.arcs, problem.permissions
    filled, lost = told.plan.filled, told.plan.lost
    moves = np.abs(told.plan.flow) + np.abs(filled)
    for p, t in zip(*np.nonzero(_rounded(moves[:, : told.periods])), strict=True):
        arc = int(permissions.arc[p])
        commodity, unit = told.kind(int(permissions.commodity[p]))
        amount, carried = _round(told.plan.flow[p, t]), told.carried[arc]
        mass = told.t_per_unit[permissions.commodity[p]]
        tonnes = None if mass is None else amount * mass
        emitted = carried.co2e_t(tonnes)
        value, low, high = (None, None, None) if emitted is None else map(_round, emitted)
        tail, head = (problem.node_ids[ends[arc]] for ends in (arcs.tail, arcs.head))
        yield Flow(
            link=arcs.ids[arc],
            from_place=tail,
            to_place=head,
            from_country=told.country_of.get(tail, ""),
            to_country=told.country_of.get(head, ""),
            mode=carried.mode,
            carrier=arcs.carrier[arc],
            country=arcs.country[arc],
            commodity=commodity,
            month=months[t],
            unit=unit,
            t_per_unit=mass,
            amount=amount,
            filled=_round(filled[p, t]),
            lost=_round(lost[p, t]),
            cost_kusd=_round(told.plan.flow[p, t] * permissions.cost[p, t]),
            km=None if carried.km is None else round(carried.km, 1),
            co2e_t=value,
            co2e_low_t=low,
            co2e_high_t=high,
        )


def _stock(told: _Told) -> Iterator[Stock]:
    stocks, plan = told.problem.stocks, told.plan
    counted = set(late_stocks(told.problem).tolist())
    for s in range(len(stocks.node)):
        if s in counted:
            continue
        commodity, unit = told.kind(int(stocks.commodity[s]))
        for t, month in enumerate(told.months()):
            before = plan.stock[s, t - 1] if t else stocks.initial[s]
            if not (_round(plan.stock[s, t]) or _round(before)):
                continue
            yield Stock(
                place=told.problem.node_ids[stocks.node[s]],
                commodity=commodity,
                month=month,
                unit=unit,
                t_per_unit=told.t_per_unit[stocks.commodity[s]],
                amount=_round(plan.stock[s, t]),
                before=_round(before),
                cost_kusd=_round(plan.stock[s, t] * stocks.cost[s]),
            )


def _under_way(told: _Told) -> Iterator[UnderWay]:
    problem, plan = told.problem, told.plan
    arcs, permissions = problem.arcs, problem.permissions
    start: Floats = np.zeros((len(permissions.arc), 1))
    start[problem.under_way.permission, 0] = problem.under_way.all
    level = np.hstack([start, plan.under_way])
    months = told.months()
    for p in np.flatnonzero(arcs.travel_d[permissions.arc] > 0):
        arc = int(permissions.arc[p])
        commodity, unit = told.kind(int(permissions.commodity[p]))
        for t, month in enumerate(months):
            before, amount = _round(level[p, t]), _round(level[p, t + 1])
            if before or amount:
                yield UnderWay(
                    link=arcs.ids[arc],
                    to_place=problem.node_ids[arcs.head[arc]],
                    commodity=commodity,
                    month=month,
                    unit=unit,
                    t_per_unit=told.t_per_unit[permissions.commodity[p]],
                    amount=amount,
                    before=before,
                )


def _shut_in(told: _Told) -> Iterator[ShutIn]:
    supplies, plan = told.problem.supplies, told.plan
    for u in range(len(supplies.ids)):
        commodity, unit = told.kind(int(supplies.commodity[u]))
        for t, month in enumerate(told.months()):
            yield ShutIn(
                place=told.problem.node_ids[supplies.node[u]],
                commodity=commodity,
                month=month,
                unit=unit,
                t_per_unit=told.t_per_unit[supplies.commodity[u]],
                offered=_round(supplies.amount[u, t]),
                shut_in=_round(plan.shut_in[u, t]),
                worth_kusd=_round(plan.shut_in[u, t] * supplies.price[u]),
            )


def _unserved(stages: Sequence[_Told], found: Mapping[str, Served]) -> Iterator[Unserved]:
    passed = 0
    for told in stages:
        demands = told.problem.demands
        for d, name in enumerate(demands.ids):
            commodity, unit = told.kind(int(demands.commodity[d]))
            price, of = float(demands.price[d]), found[name]
            outlet = not price > 0
            for t, month in enumerate(told.months(), passed):
                yield Unserved(
                    place=told.problem.node_ids[demands.node[d]],
                    commodity=commodity,
                    month=month,
                    unit=unit,
                    outlet=outlet,
                    t_per_unit=told.t_per_unit[demands.commodity[d]],
                    asked=_round(of.came[t] if outlet else of.asked[t]),
                    unserved=0.0 if outlet else _round(of.unserved[t]),
                    late=0.0 if outlet else _round(of.late[t]),
                    waits=0.0 if outlet else _round(of.waits[t]),
                    came=_round(of.came[t]),
                    worth_kusd=0.0 if outlet else _round(of.unserved[t] * price),
                )
        passed += told.periods


def _routes(told: _Told) -> Iterator[RouteTaken]:
    units = dict(zip(told.problem.commodity_ids, told.problem.commodity_units, strict=True))
    masses = dict(zip(told.problem.commodity_ids, told.t_per_unit, strict=True))
    for way in routes(told.plan, periods=told.periods):
        if _round(way.amount):
            yield RouteTaken(
                commodity=way.commodity,
                origin=way.origin,
                destination=way.destination,
                links=" ".join(way.arcs),
                month=way.departures[0] if way.departures else "",
                unit=units[way.commodity],
                t_per_unit=masses[way.commodity],
                amount=_round(way.amount),
                entering=" ".join(str(_round(each)) for each in way.entering),
                arriving=_round(way.arriving),
            )


def _bottlenecks(told: Sequence[_Told]) -> tuple[Bottleneck, ...]:
    """Limits of the months that counted; what covers several months is that of the last plan.

    That what is under way arrives first is none: nobody could widen it.
    """
    found = [
        Bottleneck(
            limit=row.family,
            of=row.asset,
            month=row.period,
            worth_kusd=_round(-price.value),
            for_a=row.unit,
        )
        for each in told
        for price in each.plan.shadow_prices()
        for row in (with_period(price.row, each.plan.problem.period_ids),)
        if not row.asset.startswith(LIMIT)
        and row.family != arriving.FAMILY
        and (row.period in each.months() or (each.last and not row.period))
    ]
    kept = [each for each in found if each.worth_kusd]
    return tuple(sorted(kept, key=lambda row: (-abs(row.worth_kusd), row.of, row.limit, row.month)))


def _capacity(told: _Told) -> Iterator[Used]:
    problem, plan = told.problem, told.plan
    on_arcs = np.zeros_like(problem.arcs.capacity)
    np.add.at(on_arcs, problem.permissions.arc, plan.flow * problem.permissions.use[:, None])
    arcs, joints, fleets = problem.arcs, problem.joints, problem.fleets
    yield from _used(told, arc_capacity.FAMILY, arcs.ids, arcs.unit, arcs.capacity, on_arcs)
    used = _taken(joints.uses, joints.capacity, plan)
    yield from _used(told, joint_capacity.FAMILY, joints.ids, joints.unit, joints.capacity, used)
    used, hours = _taken(fleets.uses, fleets.hours, plan), ("h",) * len(fleets.ids)
    yield from _used(told, fleet_hours.FAMILY, fleets.ids, hours, fleets.hours, used)


def _lines(told: _Told, holds: Mapping[str, float]) -> Iterator[Line]:
    """Pipelines that carry something, or need to."""
    problem, plan = told.problem, told.plan
    arcs, fills, minima = problem.arcs, problem.line_fills, problem.minima
    arc, use = problem.permissions.arc, problem.permissions.use[:, None]
    into, filled, lost = (
        _summed(arcs.capacity, arc, amounts * use)
        for amounts in (plan.flow, plan.filled, plan.lost)
    )
    level = _summed(arcs.capacity, arc[fills.permission], plan.line_fill * use[fills.permission])
    least = _summed(arcs.capacity, minima.arc, minima.least)
    lacking = _summed(arcs.capacity, minima.arc, plan.below_minimum)
    for a, carriage in enumerate(told.carried):
        if carriage.mode != Mode.PIPELINE or not (into[a].any() or least[a].any()):
            continue
        filling = a in fills.arc
        volume = float(fills.volume[fills.arc == a][0]) if filling else holds.get(arcs.ids[a])
        for t, month in enumerate(told.months()):
            at_end = float(level[a, t]) if filling else volume
            out = into[a, t] - filled[a, t]
            a_day = float(out / problem.period_days[t])
            yield Line(
                link=arcs.ids[a],
                month=month,
                unit=arcs.unit[a],
                volume=None if volume is None else _round(volume),
                before=None if at_end is None else _round(at_end - filled[a, t]),
                amount=None if at_end is None else _round(at_end),
                into=_round(into[a, t]),
                out_of=_round(out),
                lost=_round(lost[a, t]),
                days=None if at_end is None or _round(out) <= 0 else round(at_end / a_day, 1),
                least=_round(least[a, t]),
                lacking=_round(lacking[a, t]),
            )


def _summed(shape: Floats, rows: Indices, amounts: Floats) -> Floats:
    """Amounts (items, T) added up by the rows they belong to."""
    found = np.zeros_like(shape)
    np.add.at(found, rows, amounts)
    return found


def _taken(uses: Uses, capacity: Floats, plan: Plan) -> Floats:
    taken = np.zeros_like(capacity)
    np.add.at(taken, uses.row, plan.flow[uses.permission] * uses.per_unit[:, None])
    return taken


def _used(
    told: _Told,
    family: str,
    ids: Sequence[str],
    units: Sequence[str],
    capacity: Floats,
    used: Floats,
) -> Iterator[Used]:
    for row, (of, unit) in enumerate(zip(ids, units, strict=True)):
        for t, month in enumerate(told.months()):
            if np.isfinite(capacity[row, t]):
                yield Used(
                    limit=family,
                    of=of,
                    month=month,
                    unit=unit,
                    capacity=_round(capacity[row, t]),
                    used=_round(used[row, t]),
                )


def _cost(flow: Sequence[Flow], column: str) -> tuple[CostOf, ...]:
    spent: dict[tuple[str, str], float] = defaultdict(float)
    for way in flow:
        if way.mode != SALE:
            spent[getattr(way, column), way.commodity] += way.cost_kusd
    rows = [
        CostOf(name=name, commodity=commodity, cost_kusd=_round(cost))
        for (name, commodity), cost in spent.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.cost_kusd, row.name, row.commodity)))


def _emissions(told: Sequence[_Told], flow: Sequence[Flow]) -> tuple[Emission, ...]:
    factors = {each.mode: each.factor for stage in told for each in stage.carried}
    groups: dict[tuple[str, str], list[Flow]] = defaultdict(list)
    for way in flow:
        if way.mode != SALE:
            groups[way.mode, way.commodity].append(way)
    rows = []
    for (mode, commodity), ways in sorted(groups.items()):
        factor = factors[mode]
        done = [way.amount * (way.t_per_unit or 0.0) * (way.km or 0.0) for way in ways]
        rows.append(
            Emission(
                mode=mode,
                commodity=commodity,
                mtkm=_round(sum(done) / 1e6),
                co2e_t=_sum([way.co2e_t for way in ways]),
                co2e_low_t=_sum([way.co2e_low_t for way in ways]),
                co2e_high_t=_sum([way.co2e_high_t for way in ways]),
                factor="" if factor is None else factor.key,
                g_per_tkm=None if factor is None else float(factor.wtw_g_per_tkm),
                estimate=factor is None or factor.estimate,
            )
        )
    return tuple(rows)


def _sum(values: Sequence[float | None]) -> float | None:
    """The sum; None as soon as one is not known."""
    known = [each for each in values if each is not None]
    return _round(sum(known)) if len(known) == len(values) else None


def _round(value: float) -> float:
    """Round to what is told; never minus nothing."""
    return round(float(value), _DECIMALS) + 0.0


def _rounded(values: Floats) -> Floats:
    return np.round(values, _DECIMALS)
