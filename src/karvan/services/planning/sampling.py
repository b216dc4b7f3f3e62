"""A scenario planned many times, every estimate drawn anew: what its figures are, and how sure.

In a run each estimate has one value, and the event is planned and left out with the same; so does a
second scenario of the same sample. So a difference is taken run by run, and what the two share
falls out of it.

References
----------
P. Glasserman, D. D. Yao, *Some guidelines and guarantees for common random numbers*, Management
Science 38 (1992): why runs are paired.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.emissions.factors import EmissionFactor
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.series import NONE, Recorder, Starts, Warm
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.executing import Executor
from karvan.services.planning.estimates import (
    Estimate,
    factors_with,
    of_factors,
    united,
    with_values,
    without_range,
)
from karvan.services.planning.figures import (
    Trade,
    figures_of,
    left_in,
    parts_of,
)
from karvan.services.planning.freight_telling import freight_told
from karvan.services.planning.kazakh_months import Months
from karvan.services.planning.reading import results_of
from karvan.services.planning.results import Results
from karvan.services.planning.sampled_amounts import FREIGHT_LEFT, LEFT_BEHIND, Amount, amounts_of
from karvan.services.planning.scenario import Scenario
from karvan.services.planning.study import Study, study

#: The most runs of one sample, and how many of ten an interval holds.
MOST_RUNS: Final = 10_000
IN_TEN: Final = 8
#: Amounts are told to a kilogram: below that, solvers differ.
_DIGITS: Final = 6
_KT_PER_MT: Final = 1000.0

#: What is told of a month: what happens, and where.
Row = tuple[str, str]
#: Emission factors by mode of a link.
Factors = Mapping[str, EmissionFactor]
#: The number of where its plans begin, a scenario with other values, and factors of CO2e.
Task = tuple[int, Scenario, Factors]
#: What is done with the items of a sample as they come, such as drawing a bar.
Watch = Callable[[Iterable["Told"], int], Iterator["Told"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one plan says.

    Attributes
    ----------
    by_month
        Amounts (T,) in kt by what and where, as a study tells them.
    totals
        Over all months, the figures of a study in their units; and `extra_cost`, what the events
        or changes cost, in million US dollars, where there are any.
    amounts
        Over all months, whatever is told by place, good, carrier or limit.
    without
        The same as if nothing happened or changed, in the same run; None where nothing does.
    """

    months: tuple[str, ...]
    by_month: Mapping[Row, Floats]
    totals: Mapping[str, float]
    amounts: Mapping[Amount, float]
    without: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where 8 in 10 runs lie, and the median; arrays of any shape."""

    low: Floats
    median: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A scenario's figures over R runs: `by_month` (R, T) in kt, `totals` and `amounts` (R,).

    `starts` is where its plans began; `without` the same runs as if nothing happened or changed.
    """

    scenario: Scenario
    months: tuple[str, ...]
    by_month: Mapping[Row, Floats]
    totals: Mapping[str, Floats]
    amounts: Mapping[Amount, Floats]
    starts: Starts = NONE
    without: Sampled | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Scenarios over the same runs.

    Attributes
    ----------
    estimates
        What was drawn, and `drawn` (R,) by its name.
    fixed
        Names of estimates without a low and a high end, which no run moves.
    """

    seed: int
    runs: int
    estimates: tuple[Estimate, ...]
    drawn: Mapping[str, Floats]
    fixed: tuple[str, ...]
    of: tuple[Sampled, ...]


def sample(
    executor: Executor,
    network: Network,
    scenarios: Sequence[Scenario],
    *,
    runs: int,
    seed: int,
    options: SolverOptions | None = None,
    watch: Watch = lambda items, _: iter(items),
    starts: Sequence[Starts] | None = None,
    factors: Factors | None = None,
) -> Sample:
    """Plan every scenario in every run.

    Run r of an estimate depends on the seed, its name and r alone: more runs leave the first ones
    as they are, and another scenario in the sample changes nothing of this one.

    Parameters
    ----------
    starts
        Where the plans of each scenario begin; they are planned as told for it unless given.
    factors
        Of CO2e by mode of a link: estimates too. Without them no CO2e is told.

    Raises
    ------
    InvalidInput
        Too few or too many runs.
    InvalidTables
        A scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise InvalidInput("the number of runs is out of range", runs=runs, most=MOST_RUNS)
    factors = factors or {}
    estimates = (*united(scenarios), *of_factors(factors))
    drawn = {each.name: each.draws(seed, runs) for each in estimates}
    values = [{name: float(each[run]) for name, each in drawn.items()} for run in range(runs)]
    tasks = [
        (number, with_values(scenario, of_run), factors_with(factors, of_run))
        for of_run in values
        for number, scenario in enumerate(scenarios)
    ]
    begins = starts or [starts_of(network, scenario, options) for scenario in scenarios]
    told = list(watch(plan_all(executor, network, tasks, begins, options), len(tasks)))
    return Sample(
        seed=seed,
        runs=runs,
        estimates=estimates,
        drawn=drawn,
        fixed=tuple(dict.fromkeys(name for each in scenarios for name in without_range(each))),
        of=tuple(
            _gathered(scenario, told[number :: len(scenarios)], begins[number])
            for number, scenario in enumerate(scenarios)
        ),
    )


def starts_of(network: Network, scenario: Scenario, options: SolverOptions | None = None) -> Starts:
    """Plan a scenario as told, and give where its plans ended; raises as `study` does."""
    recorder = Recorder()
    study(network, scenario, options, planner=recorder.plan)
    return recorder.starts


def plan_all(
    executor: Executor,
    network: Network,
    tasks: Sequence[Task],
    starts: Sequence[Starts],
    options: SolverOptions | None = None,
) -> Iterator[Told]:
    """Plan scenarios and give of each what is told, in their order.

    Parameters
    ----------
    tasks
        Each the number of the starts it begins with, a scenario, and factors of CO2e.
    """
    return executor.map(_planned, (network, tuple(starts), options), tasks)


def told_of(network: Network, found: Study, factors: Factors) -> Told:
    """What is told of a study, in the figures of a sample.

    Raises
    ------
    LimitReached
        The solver came to its limit before the last period.
    """
    if found.stopped is not None:
        raise found.stopped
    told = _told(network, found, factors)
    if not found.compared:
        return told
    bare = replace(
        found,
        stages=(found.usual,),
        told=found.without,
        limits=(),
        compared="",
    )
    return replace(told, without=_told(network, bare, factors))


def _told(network: Network, found: Study, factors: Factors) -> Told:
    whole = results_of(network, factors, found.stages, with_routes=False)
    parts = parts_of(whole)
    totals = {each.key: each.value for each in figures_of(whole, parts)}
    if not factors:
        totals = {key: value for key, value in totals.items() if not key.endswith("co2e_per_t")}
    if found.compared:
        totals["extra_cost"] = found.extra_cost_kusd / 1000
    amounts = amounts_of(found, parts, freight_told(network, found, factors))
    rows = (*_by_month(parts), *_rows(found.told))
    return Told(
        months=found.months,
        by_month={row: np.round(amounts, _DIGITS) + 0.0 for row, amounts in rows},
        totals={name: round(float(value), _DIGITS) + 0.0 for name, value in totals.items()},
        amounts={row: round(amount, _DIGITS) + 0.0 for row, amount in amounts},
    )


def _by_month(parts: Mapping[Trade, Results]) -> Iterator[tuple[Row, Floats]]:
    """What is left behind of each trade, and where freight waits."""
    for number, (trade, told) in enumerate(parts.items()):
        left = np.array(left_in(told)) * _KT_PER_MT
        yield (FREIGHT_LEFT if number else LEFT_BEHIND, ""), left
        if trade is Trade.FREIGHT:
            waits: dict[str, Floats] = {}
            at = {month: t for t, month in enumerate(told.months)}
            for row in told.stock:
                waits.setdefault(row.place, np.zeros(len(at)))[at[row.month]] += row.amount
            yield from ((("waits at", place), amounts) for place, amounts in waits.items())


def interval(draws: Floats) -> Interval:
    """Give the interval of draws over the first axis (R, ...), by nearest rank.

    An end is a run that was planned, not one between two; of fewer than ten runs they are the
    least and the greatest.
    """
    ordered = np.sort(draws, axis=0)
    runs = len(ordered)

    def rank(of_twenty: int) -> int:
        return max(1, math.ceil(of_twenty * runs / 20)) - 1

    outside = 10 - IN_TEN
    return Interval(
        low=ordered[rank(outside)], median=ordered[rank(10)], high=ordered[rank(20 - outside)]
    )


def difference(one: Sampled, other: Sampled) -> Mapping[str, Floats]:
    """Totals of the other scenario less those of the one, run by run (R,).

    What only one of them tells, for one is of oil and the other of freight, is left out.
    """
    return {
        name: other.totals[name] - values
        for name, values in one.totals.items()
        if name in other.totals
    }


def amounts_apart(one: Sampled, other: Sampled) -> Mapping[Amount, Floats]:
    """Amounts of the other scenario less those of the one, run by run (R,), in their units.

    Those of a month only where both have the same months.
    """
    nothing = np.zeros(len(next(iter(one.totals.values()))))
    by_month = {LEFT_BEHIND, FREIGHT_LEFT}
    return {
        row: other.amounts.get(row, nothing) - one.amounts.get(row, nothing)
        for row in dict.fromkeys((*one.amounts, *other.amounts))
        if row.what not in by_month or one.months == other.months
    }


def _planned(shared: tuple[Network, tuple[Starts, ...], SolverOptions | None], task: Task) -> Told:
    network, starts, options = shared
    number, scenario, factors = task
    warm = Warm(starts=starts[number])
    return told_of(network, study(network, scenario, options, planner=warm.plan), factors)


def _gathered(scenario: Scenario, told: Sequence[Told], starts: Starts) -> Sampled:
    """Runs as arrays; what a run does not name is nothing in it."""
    rows = dict.fromkeys(row for each in told for row in each.by_month)
    ways = dict.fromkeys(row for each in told for row in each.amounts)
    nothing = np.zeros(len(told[0].months))
    without = [each.without for each in told if each.without is not None]
    return Sampled(
        scenario=scenario,
        months=told[0].months,
        by_month={
            row: np.array([each.by_month.get(row, nothing) for each in told]) for row in rows
        },
        totals={
            name: np.array([each.totals.get(name, 0.0) for each in told])
            for name in dict.fromkeys(key for each in told for key in each.totals)
        },
        amounts={row: np.array([each.amounts.get(row, 0.0) for each in told]) for row in ways},
        starts=starts,
        without=_gathered(scenario, without, starts) if len(without) == len(told) else None,
    )


def _rows(months: Months) -> Iterator[tuple[Row, Floats]]:
    """Every row of a study, those of no amount too: in another run they may have one."""
    for what, table in (
        ("leaves by", months.leaves),
        ("sold at", months.sold),
        ("shut in at", months.shut_in),
        ("in tanks at", months.in_tanks),
    ):
        for where, amounts in table.items():
            yield (what, where), amounts
    yield ("refined in Kazakhstan", ""), months.refined
