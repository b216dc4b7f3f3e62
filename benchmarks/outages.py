"""P5, 200 single-arc outages of a plan: one model kept warm against HiGHS cold.

60 nodes, 200 arcs, 6 commodities, 12 periods; each arc in turn carries nothing. Ours is timed with
the base case, the certificates and the cases solved again cold in it; the peer builds nothing, it
only hands over the changed model and solves. Of the peer's outages a sample is run, spread over
those that need a solve and those that do not as they come, and the time is scaled to all.

    python -m benchmarks.outages
"""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import replace

import numpy as np
from benchmarks._measure import Target, timed
from benchmarks._planning import random_problem

from karvan.engines.planner.cases import CaseResult, solve_cases
from karvan.engines.planner.model import build
from karvan.engines.planner.outages import outage
from karvan.engines.planner.solving import SolverOptions, solve


def run(nodes: int = 60, arcs: int = 200, every: int = 4) -> dict[str, object]:
    """Solve all outages warm, every fourth cold, and compare the costs."""
    problem = random_problem(nodes, arcs, 6, 12)
    model = build(problem)
    options = SolverOptions()
    cases = [outage(model, arc) for arc in problem.arcs.ids]

    def ours() -> list[CaseResult]:
        return list(solve_cases(model, cases, options)[1])

    gc.collect()
    warm_ms, found = timed(ours)
    cold_ms, apart = 0.0, 0.0
    for case, result in list(zip(cases, found, strict=True))[::every]:
        upper = model.row_upper.copy()
        upper[case.rows] = case.upper
        changed = replace(model, row_upper=upper)
        ms, answer = timed(lambda changed=changed: solve(changed, options))
        cold_ms += ms
        apart = max(apart, abs(answer.objective - result.cost) / max(1.0, abs(answer.objective)))
    assert apart <= 1e-7, apart
    sample = len(cases[::every])
    how = Counter(result.how for result in found)
    ratio = cold_ms / sample * len(cases) / warm_ms
    return {
        "rows": model.matrix.shape[0],
        "columns": model.matrix.shape[1],
        "outages": len(cases),
        "proven_without_a_solve": how["kept"],
        "solved_warm": how["warm"],
        "solved_cold_because_warm_failed": how["cold"],
        "checked_cold": sum(result.checked_cold for result in found),
        "iterations_per_outage_solved": round(
            float(np.mean([r.iterations for r in found if r.how != "kept"])), 1
        ),
        "warm_all_ms": round(warm_ms, 1),
        "cold_sample": sample,
        "cold_mean_ms": round(cold_ms / sample, 1),
        "largest_difference": apart,
        "targets": [
            Target(
                row="P5",
                work="200 single-arc outages, 60 nodes, 200 arcs, 6 commodities, 12 periods",
                peer="HiGHS cold, one solve an outage",
                ratio=round(ratio, 1),
                to_reach=60,
            )
        ],
    }


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<36}{value}")
