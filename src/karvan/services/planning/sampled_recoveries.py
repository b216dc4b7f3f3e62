"""How sure recoveries are: the events, or each asset's days without it, again in every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from karvan.engines.planner.solving import SolverOptions
from karvan.network.network import Network
from karvan.services.planning.periods import periods_of
from karvan.services.planning.resilience import Recovery, recovery_of, survived
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.sampled_answers import Answer, Run
from karvan.services.planning.scenario import Scenario
from karvan.services.planning.study import study

COST, PERIODS = "extra cost", "periods to recover"
_KUSD: Final = "1000 USD"
#: Figures of a loss, by their fields.
LOSSES: Final = {
    "shut_in": "shut in",
    "unserved": "unserved",
    "delayed": "delayed",
    "worst_short": "short in the worst period",
    "peak_stock": "waits at most",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of every run; without `assets` of the events of the scenario together."""

    network: Network
    options: SolverOptions
    tolerance: float
    assets: tuple[str, ...] = ()
    days: int = 0
    first_day: date = date.min


def recovered_in(asked: Question, run: Run) -> Answer:
    """The figures of one run."""
    scenario, _ = run
    if not asked.assets:
        found = study(asked.network, scenario, asked.options)
        recoveries: Sequence[Recovery] = [recovery_of(found, tolerance=asked.tolerance)]
    else:
        recoveries = [
            survived(
                asked.network,
                scenario,
                asset,
                asked.first_day,
                asked.days,
                options=asked.options,
                tolerance=asked.tolerance,
            )
            for asset in asked.assets
        ]
    return dict(recovery_figures(recoveries, scenario))


def recovery_figures(
    found: Sequence[Recovery], scenario: Scenario
) -> Iterator[tuple[Amount, float]]:
    """Cost, time and losses; one that does not recover within the periods lasts to their end."""
    ids = periods_of(scenario).ids
    for each in found:
        beyond = len(ids) - ids.index(each.begins) if each.begins else 0
        periods = beyond if each.periods_to_recover is None else each.periods_to_recover
        yield Amount(COST, each.asset, "", _KUSD), each.extra_cost_kusd
        yield Amount(PERIODS, each.asset, "", ""), float(periods)
        for loss in each.losses:
            for field, what in LOSSES.items():
                yield Amount(what, each.asset, "", loss.unit), float(getattr(loss, field))
