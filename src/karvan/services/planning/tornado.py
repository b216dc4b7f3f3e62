"""Which estimate matters most, that is, what to find out next.

Two answers for one figure. *Swing*: the scenario is planned with each estimate at its low and at
its high end, all others as told; how far does the figure go? *Share*: over the runs of a sample,
where everything moves at once, the squared rank correlation of estimate and figure; how much of the
figure's order does the estimate explain? An estimate may have a swing and hardly a share, where
others move the figure more, and the other way round where it only matters beside others.

References
----------
T. G. Eschenbach, *Spiderplots versus tornado diagrams for sensitivity analysis*, Interfaces 22
(1992). A. Saltelli and others, *Global Sensitivity Analysis: The Primer*, Wiley 2008, ch. 1 (rank
regression).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.engines.planner.series import Starts
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.executing import Executor
from karvan.services.planning.estimates import Estimate, estimates_of, with_values
from karvan.services.planning.sampling import Sample, Watch, plan_all, starts_of
from karvan.services.planning.scenario import Scenario

#: Figures that a tornado is drawn for unless others are asked for.
USUAL: Final = ("left_behind", "extra_cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """What an estimate does to a figure.

    Attributes
    ----------
    at_low, at_high
        The figure with the estimate at its ends, the others as told.
    share
        Squared rank correlation of both over the runs; None where no runs were made.
    """

    estimate: Estimate
    at_low: float
    at_high: float
    share: float | None

    @property
    def width(self) -> float:
        """How far apart the two are."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """A figure as told, and what each estimate does to it, the widest swing first."""

    figure: str
    value: float
    swings: tuple[Swing, ...]


def tornado(
    executor: Executor,
    network: Network,
    scenario: Scenario,
    *,
    drawn: Sample | None = None,
    options: SolverOptions | None = None,
    watch: Watch = lambda items, _: iter(items),
) -> Mapping[str, Tornado]:
    """Give the tornado of every total of a scenario, by its name.

    Parameters
    ----------
    drawn
        A sample with this scenario in it, for the shares.

    Raises
    ------
    InvalidTables
        The scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    estimates = estimates_of(scenario)
    ends = [
        with_values(scenario, {each.name: end})
        for each in estimates
        for end in (each.low, each.high)
    ]
    tasks = [(0, each) for each in (scenario, *ends)]
    starts = [_starts(drawn, network, scenario, options)]
    usual, *told = watch(plan_all(executor, network, tasks, starts, options), len(tasks))
    return {
        name: Tornado(
            figure=name,
            value=value,
            swings=_ordered(
                Swing(
                    estimate=estimate,
                    at_low=told[2 * number].totals[name],
                    at_high=told[2 * number + 1].totals[name],
                    share=_share(drawn, scenario, name, estimate),
                )
                for number, estimate in enumerate(estimates)
            ),
        )
        for name, value in usual.totals.items()
    }


def _starts(
    drawn: Sample | None, network: Network, scenario: Scenario, options: SolverOptions | None
) -> Starts:
    """Where the plans of a scenario begin: where those of its runs did."""
    if drawn is not None:
        for each in drawn.of:
            if each.scenario is scenario:
                return each.starts
    return starts_of(network, scenario, options)


def rank_share(one: Floats, other: Floats) -> float:
    """Squared rank correlation (Spearman) of two columns; 0 where one does not move.

    >>> rank_share(np.array([1.0, 2.0, 3.0]), np.array([9.0, 4.0, 1.0]))
    1.0
    """
    ranks = [_ranks(each) for each in (one, other)]
    spread = [float(each @ each) for each in ranks]
    if min(spread) == 0:
        return 0.0
    return float(ranks[0] @ ranks[1]) ** 2 / (spread[0] * spread[1])


def _ranks(values: Floats) -> Floats:
    """Ranks about their mean; equal values share theirs."""
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[at]
    return np.asarray(ranks - ranks.mean(), np.float64)


def _share(
    drawn: Sample | None, scenario: Scenario, figure: str, estimate: Estimate
) -> float | None:
    if drawn is None:
        return None
    (mine,) = (each for each in drawn.of if each.scenario is scenario)
    return rank_share(drawn.drawn[estimate.name], mine.totals[figure])


def _ordered(swings: Iterable[Swing]) -> tuple[Swing, ...]:
    return tuple(
        sorted(swings, key=lambda each: (-each.width, -(each.share or 0.0), each.estimate.name))
    )
