"""Which estimate matters most, that is, what to find out next.

Two answers for one figure. *Swing*: the scenario is planned with each estimate at its low and at
its high end, all others as told; how far does the figure go? *Share*: over the runs of a sample,
where everything moves at once, the squared rank correlation of estimate and figure; how much of the
figure's order does the estimate explain? An estimate may have a swing and hardly a share, where
others move the figure more, and the other way round where it only matters beside others.

A swing is exact; a share is of few runs, and the largest of a hundred that mean nothing is not
small. So each figure's runs are shuffled 199 times against the draws, which leaves no connection
but chance; *chance* is what the largest share of all estimates passes in one shuffle of twenty. A
share beyond it is told apart from chance: of figures that no estimate moves, one in twenty has any
such share. No law of the draws or of the figure is assumed, nor that no two runs are equal.

References
----------
P. H. Westfall, S. S. Young, *Resampling-Based Multiple Testing*, Wiley 1993, ch. 2 (single-step
maximum).
T. G. Eschenbach, *Spiderplots versus tornado diagrams for sensitivity analysis*, Interfaces 22
(1992). A. Saltelli and others, *Global Sensitivity Analysis: The Primer*, Wiley 2008, ch. 1 (rank
regression).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.engines.planner.solving import SolverOptions
from karvan.engines.transit_time.streams import uniforms
from karvan.network.network import Network
from karvan.services.executing import Executor
from karvan.services.planning.estimates import (
    Estimate,
    estimates_of,
    factors_with,
    of_factors,
    with_values,
)
from karvan.services.planning.sampled_amounts import BY_MODE
from karvan.services.planning.sampling import (
    Factors,
    Sample,
    Sampled,
    Watch,
    plan_all,
    starts_of,
)
from karvan.services.planning.scenario import Scenario

#: Figures that a tornado is drawn for; where nothing moves them, the first that moves of others.
USUAL: Final = ("left_behind", "freight_left_behind", "extra_cost")
OTHERWISE: Final = ("exported", "carried", "carriage_per_t", "freight_per_t")
#: Shuffles, and how many of them pass what is told as chance: one in twenty with the runs.
_SHUFFLES: Final = 199
_BEYOND: Final = 10
#: Shares that differ by less are the same: two of 1 differ in the last digits.
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """What an estimate does to a figure.

    Attributes
    ----------
    at_low, at_high
        The figure with the estimate at its ends, the others as told.
    share
        Squared rank correlation of both over the runs; None where no runs were made.
    apart
        Whether the share is told apart from chance.
    """

    estimate: Estimate
    at_low: float
    at_high: float
    share: float | None
    apart: bool = False

    @property
    def width(self) -> float:
        """How far apart the two are."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """A figure as told, and what each estimate does to it, the widest swing first.

    Attributes
    ----------
    runs
        How many the shares are of; 0 where none were made.
    chance
        The share from which on one is told apart from chance; None where no runs were made.
    """

    figure: str
    value: float
    swings: tuple[Swing, ...]
    runs: int = 0
    chance: float | None = None

    @property
    def moving(self) -> tuple[Swing, ...]:
        """Those that move the figure, by themselves or beside others."""
        return tuple(each for each in self.swings if each.width > 0 or each.apart)


def shown(found: Mapping[str, Tornado]) -> tuple[Tornado, ...]:
    """The tornados that people see: of the usual figures, or of another where those stay."""
    usual = tuple(found[name] for name in USUAL if name in found and found[name].moving)
    other = (found[name] for name in OTHERWISE if name in found and found[name].moving)
    return usual or tuple(other)[:1]


def tornado(
    executor: Executor,
    network: Network,
    scenario: Scenario,
    *,
    drawn: Sample | None = None,
    options: SolverOptions | None = None,
    watch: Watch = lambda items, _: iter(items),
    factors: Factors | None = None,
) -> Mapping[str, Tornado]:
    """Give the tornado of every total of a scenario, by its name.

    Parameters
    ----------
    drawn
        A sample with this scenario in it, for the shares.
    factors
        Of CO2e by mode of a link; estimates too, as far as the sample uses them.

    Raises
    ------
    InvalidTables
        The scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    factors = factors or {}
    mine = _mine(drawn, scenario)
    estimates = (*estimates_of(scenario), *of_factors(_used(factors, mine)))
    ends = [{each.name: end} for each in estimates for end in (each.low, each.high)]
    tasks = [
        (0, with_values(scenario, values), factors_with(factors, values)) for values in ({}, *ends)
    ]
    starts = [starts_of(network, scenario, options) if mine is None else mine.starts]
    usual, *told = watch(plan_all(executor, network, tasks, starts, options), len(tasks))
    shares = {} if drawn is None or mine is None else _shares(drawn, mine, estimates)
    return {
        name: Tornado(
            figure=name,
            value=value,
            swings=_ordered(
                Swing(
                    estimate=estimate,
                    at_low=told[2 * number].totals.get(name, 0.0),
                    at_high=told[2 * number + 1].totals.get(name, 0.0),
                    share=shares[name].of[number] if shares else None,
                    apart=bool(shares) and shares[name].of[number] > shares[name].chance,
                )
                for number, estimate in enumerate(estimates)
            ),
            runs=0 if drawn is None else drawn.runs,
            chance=shares[name].chance if shares else None,
        )
        for name, value in usual.totals.items()
    }


def _mine(drawn: Sample | None, scenario: Scenario) -> Sampled | None:
    """The runs of a scenario in a sample."""
    each = () if drawn is None else drawn.of
    return next((one for one in each if one.scenario is scenario), None)


def _used(factors: Factors, mine: Sampled | None) -> Factors:
    """Factors of the modes that some run uses; all where there are no runs."""
    if mine is None:
        return factors
    used = {amount.of for amount in mine.amounts if amount.what == BY_MODE}
    return {mode: factor for mode, factor in factors.items() if mode in used}


@dataclass(frozen=True, slots=True)
class _Shares:
    """Shares by estimate, and what the largest of them is by chance."""

    of: tuple[float, ...]
    chance: float


def _shares(drawn: Sample, mine: Sampled, estimates: Sequence[Estimate]) -> Mapping[str, _Shares]:
    columns = np.array([drawn.drawn[each.name] for each in estimates])
    figures = np.array(list(mine.totals.values()))
    of, chance = shares_of(columns.reshape(len(estimates), drawn.runs), figures, drawn.seed)
    return {
        name: _Shares(tuple(of[:, f].tolist()), float(chance[f]))
        for f, name in enumerate(mine.totals)
    }


def shares_of(columns: Floats, figures: Floats, seed: int) -> tuple[Floats, Floats]:
    """What columns explain of the order of figures, and what chance alone reaches.

    Parameters
    ----------
    columns, figures
        (K, R) draws, and (F, R) figures of the same runs.
    seed
        Of the shuffles.

    Returns
    -------
    shares
        (K, F) squared rank correlations.
    chance
        (F,) what the largest of the K passes in one of twenty shuffles of the runs.
    """
    one, other = _unit_ranks(columns), _unit_ranks(figures)
    largest = np.zeros((_SHUFFLES, len(figures)))
    for number in range(_SHUFFLES):
        order = np.argsort(uniforms(seed, f"shuffle:{number}", "study", columns.shape[1]))
        found = (one @ other[:, order].T) ** 2
        largest[number] = found.max(axis=0, initial=0.0)
    chance = np.sort(largest, axis=0)[_SHUFFLES - _BEYOND]
    return np.round((one @ other.T) ** 2, _DIGITS), np.round(chance, _DIGITS)


def rank_share(one: Floats, other: Floats) -> float:
    """Squared rank correlation (Spearman) of two columns; 0 where one does not move.

    >>> round(rank_share(np.array([1.0, 2.0, 3.0]), np.array([9.0, 4.0, 1.0])), 12)
    1.0
    """
    return float(_unit_ranks(one[None])[0] @ _unit_ranks(other[None])[0]) ** 2


def _unit_ranks(values: Floats) -> Floats:
    """Ranks (..., R) about their mean with length 1, nothing where all are equal; equal share."""
    ranks = np.array([_ranks(each) for each in values]).reshape(values.shape)
    size = np.linalg.norm(ranks, axis=1, keepdims=True)
    return np.asarray(np.divide(ranks, size, out=np.zeros_like(ranks), where=size > 0), np.float64)


def _ranks(values: Floats) -> Floats:
    """Ranks about their mean; equal values share theirs."""
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[at]
    return np.asarray(ranks - ranks.mean(), np.float64)


def _ordered(swings: Iterable[Swing]) -> tuple[Swing, ...]:
    """The widest first; of equal ones those whose share is no chance, then by name."""

    def key(each: Swing) -> tuple[float, float, str]:
        return -each.width, -(each.share or 0.0) if each.apart else 0.0, each.estimate.name

    return tuple(sorted(swings, key=key))
