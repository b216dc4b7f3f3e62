"""Any study made many times, every estimate drawn anew: how sure each figure of its answer is.

The draws are those of a plan (`sampling`): of the seed, the name of the estimate and the run alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.problem import Floats
from karvan.services.executing import Executor
from karvan.services.planning.estimates import (
    Estimate,
    estimates_of,
    with_values,
    without_range,
)
from karvan.services.planning.result_tables import Table, table_of
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.sampled_tables import SampledRow, drawn_rows
from karvan.services.planning.sampling import IN_TEN, MOST_RUNS, interval
from karvan.services.planning.scenario import Scenario

Shared = TypeVar("Shared")
#: What an answer tells: each figure under its name.
Answer = Mapping[Amount, float]
#: The scenario of a run, and the values of all that was drawn for it.
Run = tuple[Scenario, Mapping[str, float]]
#: What is done with answers as they come, such as drawing a bar.
Watch = Callable[[Iterable[Answer], int], Iterator[Answer]]

_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """An answer, and what its figures were in R runs.

    Attributes
    ----------
    told
        With every estimate as told.
    fixed
        Names of estimates without a low and a high end, which no run moves.
    draws
        (R,) by figure; one that a run does not tell is nothing in it.
    """

    runs: int
    seed: int
    estimates: tuple[Estimate, ...]
    fixed: tuple[str, ...]
    told: Answer
    draws: Mapping[Amount, Floats]

    def ends(self, name: Amount) -> tuple[float, float] | None:
        """Between which 8 in 10 runs lie; None of what no run tells."""
        if name not in self.draws:
            return None
        found = interval(self.draws[name])
        return float(found.low), float(found.high)

    def share(self, name: Amount) -> float:
        """Share of the runs in which a figure is above nothing."""
        return float((self.draws[name] > 0).mean()) if name in self.draws else 0.0


def repeated(
    executor: Executor,
    answer: Callable[[Shared, Run], Answer],
    shared: Shared,
    scenario: Scenario,
    told: Answer,
    *,
    runs: int,
    seed: int,
    watch: Watch = lambda items, _: iter(items),
    beside: Sequence[Estimate] = (),
) -> Repeated:
    """Answer a scenario in every run.

    Parameters
    ----------
    answer
        A function of a module, of what is shared and of a run.
    told
        Its answer with every estimate as told.
    beside
        Estimates that are not in the scenario, such as what projects cost.

    Raises
    ------
    InvalidInput
        Too few or too many runs.
    KarvanError
        What an answer raises.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise InvalidInput("the number of runs is out of range", runs=runs, most=MOST_RUNS)
    estimates = (*estimates_of(scenario), *beside)
    drawn = {each.name: each.draws(seed, runs) for each in estimates}
    values = [{name: float(each[run]) for name, each in drawn.items()} for run in range(runs)]
    tasks = [(with_values(scenario, of_run), of_run) for of_run in values]
    found = list(watch(executor.map(answer, shared, tasks), runs))
    names = dict.fromkeys((*told, *(name for each in found for name in each)))
    return Repeated(
        runs=runs,
        seed=seed,
        estimates=estimates,
        fixed=without_range(scenario),
        told=told,
        draws={name: np.array([_rounded(each.get(name, 0.0)) for each in found]) for name in names},
    )


def answer_tables(found: Repeated) -> tuple[Table, ...]:
    """`sampled` and `drawn`."""
    rows = []
    for name, draws in found.draws.items():
        ends = interval(draws)
        rows.append(
            SampledRow(
                what=name.what,
                where=name.of,
                good=name.good,
                unit=name.unit,
                told=_rounded(found.told.get(name, 0.0)),
                low=float(ends.low),
                median=float(ends.median),
                high=float(ends.high),
            )
        )
    return table_of("sampled", SampledRow, rows), drawn_rows(found.estimates)


def answer_json(found: Repeated) -> Mapping[str, object]:
    """Everything that is told of the runs."""
    return {
        "runs": found.runs,
        "seed": found.seed,
        "interval": f"{IN_TEN} in 10 runs",
        "estimates": len(found.estimates),
        "not_drawn": list(found.fixed),
        "figures": [_told(found, name, draws) for name, draws in found.draws.items()],
    }


def _told(found: Repeated, name: Amount, draws: Floats) -> Mapping[str, object]:
    ends = interval(draws)
    return {
        "what": name.what,
        "of": name.of,
        "unit": name.unit,
        "told": _rounded(found.told.get(name, 0.0)),
        "low": float(ends.low),
        "median": float(ends.median),
        "high": float(ends.high),
    }


def _rounded(value: float) -> float:
    return round(value, _DIGITS) + 0.0
