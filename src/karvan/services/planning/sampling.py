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
from dataclasses import dataclass
from typing import Final

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.executing import Executor
from karvan.services.planning.estimates import Estimate, united, with_values, without_range
from karvan.services.planning.figures import FIGURES, figures_of, left_by_month, told_in
from karvan.services.planning.kazakh_months import Months
from karvan.services.planning.reading import results_of
from karvan.services.planning.scenario import Scenario
from karvan.services.planning.study import Study, study

#: The most runs of one sample, and how many of ten an interval holds.
MOST_RUNS: Final = 10_000
IN_TEN: Final = 8
#: Amounts are told to a kilogram: below that, solvers differ.
_KT_DIGITS: Final = 6
_KT_PER_MT: Final = 1000.0

#: Figures of a study that a sample has, and a unit for what the events cost.
TOLD_TOTALS: Final = tuple(key for key in FIGURES if key != "co2e_per_t")

#: What is told of a month: what happens, and where.
Row = tuple[str, str]
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
        Over all months, the figures of a study in their units, but for CO2e, whose factors are
        estimates of their own; and `extra_cost`, what the events cost, in million US dollars.
    """

    months: tuple[str, ...]
    by_month: Mapping[Row, Floats]
    totals: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where 8 in 10 runs lie, and the median; arrays of any shape."""

    low: Floats
    median: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A scenario's figures over R runs: `by_month` (R, T) in kt, `totals` (R,)."""

    scenario: Scenario
    months: tuple[str, ...]
    by_month: Mapping[Row, Floats]
    totals: Mapping[str, Floats]


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
) -> Sample:
    """Plan every scenario in every run.

    Run r of an estimate depends on the seed, its name and r alone: more runs leave the first ones
    as they are, and another scenario in the sample changes nothing of this one.

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
    estimates = united(scenarios)
    drawn = {each.name: each.draws(seed, runs) for each in estimates}
    tasks = [
        with_values(scenario, {name: float(values[run]) for name, values in drawn.items()})
        for run in range(runs)
        for scenario in scenarios
    ]
    told = list(watch(plan_all(executor, network, tasks, options), len(tasks)))
    return Sample(
        seed=seed,
        runs=runs,
        estimates=estimates,
        drawn=drawn,
        fixed=tuple(dict.fromkeys(name for each in scenarios for name in without_range(each))),
        of=tuple(
            _gathered(scenario, told[number :: len(scenarios)])
            for number, scenario in enumerate(scenarios)
        ),
    )


def plan_all(
    executor: Executor,
    network: Network,
    scenarios: Sequence[Scenario],
    options: SolverOptions | None = None,
) -> Iterator[Told]:
    """Plan scenarios and give of each what is told, in their order."""
    return executor.map(_planned, (network, options), scenarios)


def told_of(network: Network, found: Study) -> Told:
    """What is told of a study, in the figures of a sample.

    Raises
    ------
    LimitReached
        The solver came to its limit before the last period.
    """
    if found.stopped is not None:
        raise found.stopped
    results = told_in(results_of(network, {}, found.stages))
    totals = {each.key: each.value for each in figures_of(results) if each.key in TOLD_TOTALS}
    totals["extra_cost"] = found.extra_cost_kusd / 1000
    left = np.array(left_by_month(results)) * _KT_PER_MT
    rows = ((("left behind", ""), left), *_rows(found.told))
    return Told(
        months=found.months,
        by_month={row: np.round(amounts, _KT_DIGITS) + 0.0 for row, amounts in rows},
        totals={name: round(float(value), _KT_DIGITS) + 0.0 for name, value in totals.items()},
    )


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
    """Totals of the other scenario less those of the one, run by run (R,)."""
    return {name: other.totals[name] - values for name, values in one.totals.items()}


def _planned(shared: tuple[Network, SolverOptions | None], scenario: Scenario) -> Told:
    network, options = shared
    return told_of(network, study(network, scenario, options))


def _gathered(scenario: Scenario, told: Sequence[Told]) -> Sampled:
    """Runs as arrays; what a run does not name is nothing in it."""
    rows = dict.fromkeys(row for each in told for row in each.by_month)
    nothing = np.zeros(len(told[0].months))
    return Sampled(
        scenario=scenario,
        months=told[0].months,
        by_month={
            row: np.array([each.by_month.get(row, nothing) for each in told]) for row in rows
        },
        totals={name: np.array([each.totals[name] for each in told]) for name in told[0].totals},
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
