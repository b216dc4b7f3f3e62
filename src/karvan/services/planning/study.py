"""A study: the plan of a scenario, its events hidden until their day, told period by period.

The first plan is made as if nothing were to happen. In each period that brings news, an event
that begins, goes on longer than was expected or ends sooner, everything from there on is planned
again with what is known by then, and with what had been decided: ships and rail slots run at their
rates of the period before, tanks hold what they held, caps are used as far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from karvan.domain.errors import LimitReached
from karvan.engines.planner.constraints import arriving
from karvan.engines.planner.plan import Plan, ShadowPrice, plan
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.planning.changing import share_changed
from karvan.services.planning.foresight import begun_in, costs_by_period, decided, is_news, seen_in
from karvan.services.planning.kazakh_months import Months, months_of_stages
from karvan.services.planning.oil import Start, oil_problem, planned, that_touch
from karvan.services.planning.periods import Periods, periods_of, with_period
from karvan.services.planning.scenario import Event, Scenario
from karvan.services.planning.stages import Stage

__all__ = ["Months", "Study", "study"]

#: Called with the periods that are planned for good, and how many there are.
Progress = Callable[[int, int], None]
#: What plans a problem: `plan`, or what begins where another ended.
Planner = Callable[[PlanningProblem, SolverOptions | None], Plan]


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The answer to a scenario.

    Attributes
    ----------
    told, without
        With the events, and as if there were none; without events, with the changes and as if
        there were none of those.
    compared
        What `without` leaves out: `events`, `changes` or nothing.
    event_from
        The first period in which an event or a change has an effect that is not known before.
    planned_until
        The period from which on nothing is planned, for the solver came to its limit, `stopped`;
        empty where all is.
    limits
        Shadow prices from then on, the dearest first, in 1000 USD a unit.
    gap, worst_residual
        The larger of the plans': how far from proven, and what a second reading found.
    stages, usual
        The plans behind `told`, one after the other, and the one behind `without`.
    """

    scenario: Scenario
    network_hash: str
    months: tuple[str, ...]
    event_from: str
    told: Months
    without: Months
    extra_cost_kusd: float
    limits: tuple[ShadowPrice, ...]
    gap: float
    worst_residual: float
    solver: str
    stages: tuple[Stage, ...]
    usual: Stage
    compared: str = ""
    planned_until: str = ""
    stopped: LimitReached | None = None


def study(
    network: Network,
    scenario: Scenario,
    options: SolverOptions | None = None,
    progress: Progress | None = None,
    keep_partial: bool = False,
    planner: Planner | None = None,
) -> Study:
    """Plan a scenario.

    Parameters
    ----------
    keep_partial
        Give what is planned when the solver comes to its limit later than in the first plan; the
        answer says so in `stopped` and `planned_until`.
    planner
        What plans each problem; `plan` unless given.

    Raises
    ------
    InvalidTables
        The scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    made = planned(network, scenario)
    solved = planner or plan
    calm = solved(made.problem, options)
    events = that_touch(made, scenario.event)
    if not scenario.event:
        return _changed(network, scenario, calm, options, solved)
    usual = Stage(plan=calm, periods=calm.problem.periods)
    stages, first = [usual], None
    start: Start | None = None
    known: tuple[Event, ...] = ()
    periods = periods_of(scenario)
    for number, (begin, beyond) in enumerate(periods.spans):
        if progress is not None:
            progress(number, periods.count)
        seen = seen_in(events, beyond)
        if seen == known or not is_news(known, seen, periods.spans[number:]):
            continue
        first, known = number if first is None else first, seen
        start = _cut(stages, number, start)
        if start is not None:
            start = replace(start, news=begun_in(seen, begin), asked=made.asked.after(number))
        try:
            problem = oil_problem(network, scenario, events=seen, skip=number, start=start)
            again = solved(problem, options)
        except LimitReached as error:
            if not (keep_partial and stages):
                raise
            partial = _study(network, scenario, stages, usual, first, number)
            return replace(partial, stopped=error)
        stages.append(Stage(plan=again, periods=again.problem.periods))
    if progress is not None:
        progress(periods.count, periods.count)
    return _study(network, scenario, stages, usual, first, periods.count)


def _cut(stages: list[Stage], number: int, start: Start | None) -> Start | None:
    """End the last stage before the period of a number; gives what is decided by then."""
    passed = number - sum(stage.periods for stage in stages[:-1])
    last = stages.pop()
    if passed == 0:
        return start
    stages.append(replace(last, periods=passed))
    return decided(last.plan, passed, start)


def _changed(
    network: Network,
    scenario: Scenario,
    found: Plan,
    options: SolverOptions | None,
    solved: Planner,
) -> Study:
    """Tell a scenario without events, beside the same without its changes."""
    told = Stage(plan=found, periods=found.problem.periods)
    bare = replace(scenario, change=(), contract=(), rail=())
    if bare == scenario:
        return _study(network, scenario, [told], told, None, told.periods)
    usual = solved(oil_problem(network, bare, events=()), options)
    first = _first_changed(scenario, periods_of(scenario))
    return _study(
        network, scenario, [told], replace(told, plan=usual), first, told.periods, "changes"
    )


def _first_changed(scenario: Scenario, periods: Periods) -> int | None:
    """Number of the first period in which a change holds; a contract or way holds in all."""
    if scenario.contract or scenario.rail:
        return 0
    held = sum(share_changed(change, periods) for change in scenario.change)
    return next((int(number) for number in np.flatnonzero(held)), None)


def _study(
    network: Network,
    scenario: Scenario,
    stages: Sequence[Stage],
    usual: Stage,
    first: int | None,
    planned: int,
    compared: str = "events",
) -> Study:
    months, plans = usual.plan.problem.period_ids, [stage.plan for stage in (*stages, usual)]
    costs = np.concatenate([costs_by_period(each.plan)[: each.periods] for each in stages])
    extra = float(costs.sum() - costs_by_period(usual.plan)[:planned].sum())
    return Study(
        scenario=scenario,
        network_hash=network.hashes.network,
        months=months[:planned],
        compared="" if first is None else compared,
        event_from="" if first is None else months[first],
        told=months_of_stages(network, stages),
        without=months_of_stages(network, [replace(usual, periods=planned)]),
        extra_cost_kusd=0.0 if first is None else extra,
        limits=_limits(stages, "" if first is None else months[first]),
        gap=max(abs(each.certificate.gap) for each in plans),
        worst_residual=max(each.residuals.worst for each in plans),
        solver=usual.plan.solver,
        stages=tuple(stages),
        usual=usual,
        planned_until=months[planned] if planned < len(months) else "",
    )


def _limits(stages: Sequence[Stage], since: str) -> tuple[ShadowPrice, ...]:
    """Prices of limits from a period on, each by the plan that decided its period.

    A limit over several periods has no period of its own; the last plan tells it. That what is
    under way arrives first is no limit that anybody could widen.
    """
    found: list[ShadowPrice] = []
    for stage in stages:
        ids = stage.plan.problem.period_ids
        theirs = {name for name in ids[: stage.periods] if name >= since}
        for price in stage.plan.shadow_prices():
            row = with_period(price.row, ids)
            if row.family == arriving.FAMILY:
                continue
            if row.period in theirs or (not row.period and stage is stages[-1]):
                found.append(replace(price, row=row))
    return tuple(sorted(found, key=lambda price: -abs(price.value)))
