"""N-1 of the shipped oil of 2024, by month and as one period, warm against cold.

Ours is timed with everything the command does but the page: both sweeps (at the true prices, and
with what is left behind dearer), certificates, a share solved again from nothing, the reasons. The
peer solves each changed model once from nothing, with HiGHS as it comes; a sample of the outages is
run and the time scaled to all. No target is set but time: under a minute for one period, under ten
for months.

    python -m benchmarks.contingency
"""

from __future__ import annotations

from dataclasses import replace

from benchmarks._measure import timed

from karvan.adapters.files.published import FileTables
from karvan.adapters.files.scenarios import FileScenarios
from karvan.engines.planner.merging import merged
from karvan.engines.planner.model import build
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.solving import SolverOptions, solve
from karvan.services.planning.contingency import Contingency, contingency
from karvan.services.planning.oil import oil_problem


def run(scenario: str = "base-2024", every: int = 8) -> dict[str, object]:
    """Rank the outages both ways."""
    network = FileTables().load(None).network
    asked = FileScenarios().read(scenario)
    problem = oil_problem(network, asked, events=asked.event)
    told: dict[str, object] = {"targets": []}
    for name, each in (("one_period", merged(problem)), ("months", problem)):
        told |= {f"{name}_{what}": value for what, value in _one(each, every).items()}
    pairs_ms, found = timed(lambda: _ranked(problem, 2))
    return {
        **told,
        "months_with_pairs_s": round(pairs_ms / 1e3, 2),
        "pairs": len(found.pairs),
    }


def _one(problem: PlanningProblem, every: int) -> dict[str, object]:
    warm_ms, found = timed(lambda: _ranked(problem, 1))
    model, options = build(problem), SolverOptions()
    sample = found.ranked[::every]
    cold_ms, apart = 0.0, 0.0
    for each in sample:
        changed = each.outages[0].case.applied(model)
        ms, answer = timed(lambda changed=changed: solve(changed, options))
        cold_ms += ms
        cost = found.cost + each.extra_cost
        apart = max(apart, abs(answer.objective - cost) / max(1.0, abs(cost)))
    assert apart <= 1e-7, apart
    return {
        "rows": model.matrix.shape[0],
        "columns": model.matrix.shape[1],
        "outages": len(found.ranked),
        "solved": found.solved,
        "all_s": round(warm_ms / 1e3, 2),
        "cold_mean_ms": round(cold_ms / len(sample), 1),
        "times_faster_than_cold": round(cold_ms / len(sample) * len(found.ranked) / warm_ms, 1),
        "largest_difference": apart,
    }


def _ranked(problem: PlanningProblem, order: int) -> Contingency:
    return contingency(replace(problem), ships={}, order=order)


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<36}{value}")
