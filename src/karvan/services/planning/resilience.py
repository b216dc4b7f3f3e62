"""Resilience: how long the corridor takes to recover from an event, and what is lost by then.

Compares the plan with the event, hidden until it comes, with the plan without it, period by period.
Ramps and tanks decide: ships and rail slots rise slowly, and tanks take what cannot go on.

*Recovered* is the first period, from the one in which the event comes, from which to the end both
what is delivered and what it costs lie within a tolerance of the plan without the event. What is
*delayed* is what was missing at the worst moment and made up for later. The amounts of single
periods are those of one cheapest plan: where a limit holds for a year, another may have the months
changed about. What is lost in all and what it costs does not change with that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.model import Model
from karvan.engines.planner.plan import Plan
from karvan.engines.planner.problem import Floats, Indices
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.executing import Executor
from karvan.services.planning.foresight import costs_by_period
from karvan.services.planning.lateness import came, late_stocks
from karvan.services.planning.scenario import Event, Scenario, bounds_of
from karvan.services.planning.stages import Stage
from karvan.services.planning.study import Study, study

#: Share of the usual amount, and of the usual cost, that counts as no difference.
TOLERANCE = 0.01

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What an event takes, of all commodities in one unit.

    Attributes
    ----------
    shut_in, unserved
        More than without the event, over all periods.
    delayed
        Missing at the worst moment, and made up for by the end.
    worst_short
        Missing in the worst period.
    peak_stock, peak_place
        The most that waits above the usual, in `peak_period`, and where most of it waits.
    """

    unit: str
    shut_in: float
    unserved: float
    delayed: float
    worst_short: float
    peak_stock: float
    peak_place: str
    peak_period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """How an event is survived.

    Attributes
    ----------
    asset
        What is out; empty for the events of a scenario together.
    begins, recovered
        Period in which it comes, and from which all is as usual; empty: it takes nothing, or not
        within the periods.
    periods_to_recover
        From `begins` to `recovered`, None when not within the periods.
    worst_period
        In which most is missing, or where nothing is, most is paid; empty when all is as usual.
    extra_cost_kusd
        Over all periods.
    solver, gap, worst_residual
        Of the study it is read from.
    """

    asset: str
    begins: str
    recovered: str
    periods_to_recover: int | None
    worst_period: str
    extra_cost_kusd: float
    losses: tuple[Loss, ...]
    solver: str
    gap: float
    worst_residual: float

    @property
    def lost(self) -> float:
        """All that is shut in, unserved or delayed; a tonne shut in and missed counts twice."""
        return sum(each.shut_in + each.unserved + each.delayed for each in self.losses)


def recovery_of(found: Study, *, asset: str = "", tolerance: float = TOLERANCE) -> Recovery:
    """Read from a study how its events are survived.

    Raises
    ------
    InvalidInput
        The tolerance is not above 0 and below 1.
    """
    if not 0 < tolerance < 1:
        raise InvalidInput("a tolerance lies between 0 and 1", tolerance=tolerance)
    usual, struck = _Course.of([found.usual]), _Course.of(found.stages)
    months = found.months
    nothing = found.event_from == ""
    first = len(months) if nothing else months.index(found.event_from)
    back = _back(usual, struck, first, tolerance)
    return Recovery(
        asset=asset,
        begins=found.event_from,
        recovered="" if nothing or back == len(months) else months[back],
        periods_to_recover=0 if nothing else None if back == len(months) else back - first,
        worst_period=_worst(usual, struck, months, tolerance),
        extra_cost_kusd=found.extra_cost_kusd,
        losses=tuple(_loss(usual, struck, unit, months) for unit in usual.units),
        solver=found.solver,
        gap=found.gap,
        worst_residual=found.worst_residual,
    )


def stress(
    network: Network,
    scenario: Scenario,
    executor: Executor,
    *,
    days: int,
    first_day: date,
    options: SolverOptions | None = None,
    tolerance: float = TOLERANCE,
    told: Told | None = None,
) -> tuple[Recovery, ...]:
    """Take each asset out for some days, by itself, and see how that is survived.

    Only assets that the plan without an event uses: without the others nothing changes. The
    events of the scenario itself are left out. Most lost first.

    Raises
    ------
    InvalidInput
        The days do not lie within the periods of the scenario.
    """
    calm = replace(scenario, event=())
    bounds = bounds_of(calm)
    last_day = first_day + timedelta(days=days - 1)
    if days < 1 or not bounds[0] <= first_day <= last_day < bounds[-1]:
        raise InvalidInput(
            "the days do not lie within the scenario",
            first_day=str(first_day),
            days=days,
            begins=str(bounds[0]),
            ends=str(bounds[-1] - timedelta(days=1)),
        )
    assets = used_assets(study(network, calm, options).usual.plan)
    tasks = [(asset, first_day, last_day) for asset in assets]
    found = []
    for each in executor.map(_survived, (network, calm, options, tolerance), tasks):
        found.append(each)
        if told is not None:
            told(len(found), len(tasks))
    return tuple(sorted(found, key=lambda each: (-each.lost, -each.extra_cost_kusd, each.asset)))


def _without(calm: Scenario, asset: str, first_day: date, last_day: date) -> Scenario:
    event = Event(
        id="test",
        asset=asset,
        first_day=first_day,
        last_day=last_day,
        share_lost=1.0,
        cause="what if it is out",
        source="what if",
    )
    return replace(calm, event=(event,))


def survived(
    network: Network,
    scenario: Scenario,
    asset: str,
    first_day: date,
    days: int,
    *,
    options: SolverOptions | None = None,
    tolerance: float = TOLERANCE,
) -> Recovery:
    """Take one asset out for some days, in a scenario without its own events; as `stress`."""
    calm = replace(scenario, event=())
    last_day = first_day + timedelta(days=days - 1)
    return _survived((network, calm, options, tolerance), (asset, first_day, last_day))


def _survived(
    shared: tuple[Network, Scenario, SolverOptions | None, float], task: tuple[str, date, date]
) -> Recovery:
    network, calm, options, tolerance = shared
    found = study(network, _without(calm, *task), options)
    return recovery_of(found, asset=task[0], tolerance=tolerance)


def used_assets(plan: Plan) -> tuple[str, ...]:
    """Links, shared capacities, fleets and places that a plan uses; sales are no links."""
    problem, model = plan.problem, plan.model
    arcs, nodes = problem.arcs, problem.node_ids
    carried = np.zeros(len(arcs.ids))
    np.add.at(carried, problem.permissions.arc, plan.flow.sum(axis=1))
    limited = np.isfinite(arcs.capacity).any(axis=1)
    used = np.flatnonzero((carried > 1e-6) & limited)
    taken = model.matrix @ plan.values
    shared = [
        name
        for family, names in (
            ("joint capacity", problem.joints.ids),
            ("fleet hours", problem.fleets.ids),
        )
        for name in names
        if _takes(model, taken, family, name)
    ]
    places = {nodes[end] for a in used for end in (arcs.tail[a], arcs.head[a])}
    return (*shared, *(arcs.ids[a] for a in used), *sorted(places))


def _takes(model: Model, taken: Floats, family: str, name: str) -> bool:
    return bool(taken[model.rows_of(family, name)].max(initial=0.0) > 1e-6)


@dataclass(frozen=True, slots=True)
class _Course:
    """What happens period by period, (T,) each; amounts by unit, stock by place too."""

    delivered: dict[str, Floats]
    shut_in: dict[str, Floats]
    unserved: dict[str, Floats]
    stock: dict[str, dict[str, Floats]]
    cost: Floats

    @classmethod
    def of(cls, stages: Sequence[Stage]) -> _Course:
        """Put the periods that count of each stage one after the other."""
        parts = [_part(each) for each in stages]
        units = parts[0].units
        places = {u: sorted({p for part in parts for p in part.stock[u]}) for u in units}

        def joined(tables: list[dict[str, Floats]]) -> dict[str, Floats]:
            return {unit: np.concatenate([table[unit] for table in tables]) for unit in units}

        return cls(
            delivered=joined([part.delivered for part in parts]),
            shut_in=joined([part.shut_in for part in parts]),
            unserved=joined([part.unserved for part in parts]),
            stock={
                unit: {
                    place: np.concatenate(
                        [part.stock[unit].get(place, np.zeros(len(part.cost))) for part in parts]
                    )
                    for place in places[unit]
                }
                for unit in units
            },
            cost=np.concatenate([part.cost for part in parts]),
        )

    @property
    def units(self) -> tuple[str, ...]:
        """Units of the commodities."""
        return tuple(self.delivered)


def _part(stage: Stage) -> _Course:
    plan, count = stage.plan, stage.periods
    problem = plan.problem
    units = np.array(problem.commodity_units)
    supplies, demands, stocks = problem.supplies, problem.demands, problem.stocks
    served = came(plan)
    asked = demands.price > 0
    counted = set(late_stocks(problem).tolist())
    told = tuple(dict.fromkeys(problem.commodity_units))

    def summed(commodity: Indices, table: Floats, unit: str) -> Floats:
        return np.asarray(table[units[commodity] == unit].sum(axis=0)[:count], np.float64)

    held: dict[str, dict[str, Floats]] = {unit: {} for unit in told}
    for s, (node, commodity) in enumerate(zip(stocks.node, stocks.commodity, strict=True)):
        if s in counted:
            continue
        place, unit = problem.node_ids[node], problem.commodity_units[commodity]
        held[unit][place] = held[unit].get(place, np.zeros(count)) + plan.stock[s, :count]
    return _Course(
        delivered={unit: summed(demands.commodity, served, unit) for unit in told},
        shut_in={unit: summed(supplies.commodity, plan.shut_in, unit) for unit in told},
        unserved={
            unit: summed(demands.commodity[asked], (demands.amount - served)[asked], unit)
            for unit in told
        },
        stock=held,
        cost=costs_by_period(plan)[:count],
    )


def _back(usual: _Course, struck: _Course, first: int, tolerance: float) -> int:
    """Number of the period from which all is as usual; as many as there are when none is."""
    apart = np.abs(struck.cost - usual.cost) > tolerance * np.abs(usual.cost)
    for unit in usual.units:
        missing = np.abs(struck.delivered[unit] - usual.delivered[unit])
        apart |= missing > tolerance * usual.delivered[unit]
    unlike = np.flatnonzero(apart)
    return first if len(unlike) == 0 else max(first, int(unlike[-1]) + 1)


def _worst(usual: _Course, struck: _Course, months: Sequence[str], tolerance: float) -> str:
    short = np.zeros(len(months))
    for unit in usual.units:
        level = max(1e-9, float(usual.delivered[unit].mean()))
        short += np.maximum(0.0, usual.delivered[unit] - struck.delivered[unit]) / level
    if short.max() > tolerance / 10:
        return months[int(short.argmax())]
    dearer = struck.cost - usual.cost
    much = dearer.max() > tolerance / 10 * max(1.0, float(np.abs(usual.cost).mean()))
    return months[int(dearer.argmax())] if much else ""


def _loss(usual: _Course, struck: _Course, unit: str, months: Sequence[str]) -> Loss:
    missing = usual.delivered[unit] - struck.delivered[unit]
    behind = np.cumsum(missing)
    more = {
        place: amounts - usual.stock[unit].get(place, np.zeros(len(months)))
        for place, amounts in struck.stock[unit].items()
    }
    total = sum(more.values(), np.zeros(len(months)))
    peak = int(total.argmax())
    place = max(more, key=lambda name: float(more[name][peak]), default="")
    waits = float(total[peak]) > 1e-6
    return Loss(
        unit=unit,
        shut_in=_rounded((struck.shut_in[unit] - usual.shut_in[unit]).sum()),
        unserved=_rounded((struck.unserved[unit] - usual.unserved[unit]).sum()),
        delayed=_rounded(max(0.0, behind.max() - max(0.0, behind[-1]))),
        worst_short=_rounded(max(0.0, missing.max())),
        peak_stock=_rounded(max(0.0, total[peak])),
        peak_place=place if waits else "",
        peak_period=months[peak] if waits else "",
    )


def _rounded(amount: float) -> float:
    """Without the rounding of the solver."""
    return round(float(amount), 6) + 0.0
