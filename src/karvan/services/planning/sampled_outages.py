"""How sure the ranks of outages are: each taken out again in every run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from karvan.engines.planner.merging import merged
from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.executing import Executor
from karvan.services.planning.contingency import (
    Consequence,
    Contingency,
    Pair,
    Told,
    contingency,
    untold,
)
from karvan.services.planning.lost_ships import tankers_of
from karvan.services.planning.oil import planned, problem_with
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.sampled_answers import Answer, Run
from karvan.services.planning.scenario import Scenario

COST, LEFT, RANK = "extra cost", "left behind", "rank"
_KUSD: Final = "1000 USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every run.

    Attributes
    ----------
    pairs
        Those that were looked at with every estimate as told: the same in all runs.
    """

    network: Network
    by_year: bool
    options: SolverOptions
    pairs: tuple[Pair, ...] = ()


def ranked(
    asked: Question,
    scenario: Scenario,
    *,
    order: int = 1,
    told: Told = untold,
    executor: Executor | None = None,
) -> Contingency:
    """Take out everything of a scenario; raises as `contingency` does."""
    made = planned(asked.network, scenario, waits=False)
    problem = problem_with(made, scenario.event)
    return contingency(
        merged(problem) if asked.by_year else problem,
        ships=tankers_of(made, scenario, by_year=asked.by_year),
        order=order,
        options=asked.options,
        told=told,
        executor=executor,
        pairs=asked.pairs or None,
    )


def ranked_in(asked: Question, run: Run) -> Answer:
    """The figures of one run."""
    return dict(outage_figures(ranked(asked, run[0], order=2 if asked.pairs else 1)))


def outage_figures(found: Contingency) -> Iterator[tuple[Amount, float]]:
    """Extra cost, value left behind and rank of each outage and pair."""
    yield Amount("cost", "", "", _KUSD), found.cost
    yield Amount(LEFT, "", "", _KUSD), found.left_behind
    for each in (*found.ranked, *found.pairs):
        of = id_of(each)
        yield Amount(COST, of, "", _KUSD), each.extra_cost
        yield Amount(LEFT, of, "", _KUSD), each.left_behind
        yield Amount(RANK, of, "", ""), float(each.rank)


def id_of(each: Consequence) -> str:
    """What an outage is called in the figures: both of a pair, with + between."""
    return " + ".join(outage.id for outage in each.outages)
