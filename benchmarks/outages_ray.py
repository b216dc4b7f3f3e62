"""P5 on a local Ray cluster: its 200 outages on two workers, and what a task costs beside its work.

The outages of P5 in tasks of 25, on this process, on two processes and on Ray with two workers;
every cost must be the same to the last bit. 400 tasks of nothing say what handing over costs: from
the first answer to the last, over how many there are between. Times are of the clock, for other
processes do the work; on a machine that others use too they say little but their order.

    python -m benchmarks.outages_ray
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from benchmarks._planning import random_problem

from karvan.adapters.executors.opening import LocalExecutors
from karvan.engines.planner.case import Case
from karvan.engines.planner.cases import solve_cases
from karvan.engines.planner.model import Model, build
from karvan.engines.planner.outages import outage
from karvan.engines.planner.solving import SolverOptions
from karvan.services.executing import Executor, ExecutorKind

Answer = TypeVar("Answer")

WORKERS = 2
#: Outages a task, and tasks of nothing.
EACH, EMPTY = 25, 400


def run(nodes: int = 60, arcs: int = 200) -> dict[str, object]:
    """Solve all outages on each executor, and compare the costs."""
    problem = random_problem(nodes, arcs, 6, 12)
    model = build(problem)
    cases = [outage(model, arc) for arc in problem.arcs.ids]
    tasks = [cases[first : first + EACH] for first in range(0, len(cases), EACH)]
    figures: dict[str, object] = {"outages": len(cases), "tasks": len(tasks), "workers": WORKERS}
    found: dict[ExecutorKind, list[tuple[float, ...]]] = {}
    for kind in (ExecutorKind.INLINE, ExecutorKind.PROCESSES, ExecutorKind.RAY):
        executor = LocalExecutors().open(kind, WORKERS)
        gc.collect()
        seconds, found[kind] = _clocked(lambda on=executor: list(on.map(_costs, model, tasks)))
        first, rest = _empty(executor)
        figures |= {
            f"{kind}: all outages, s": round(seconds, 2),
            f"{kind}: until the first answer, s": round(first, 2),
            f"{kind}: overhead a task, ms": round(rest / (EMPTY - 1) * 1e3, 2),
        }
    assert found[ExecutorKind.RAY] == found[ExecutorKind.INLINE]
    assert found[ExecutorKind.PROCESSES] == found[ExecutorKind.INLINE]
    return {**figures, "costs that differ": 0}


def _empty(executor: Executor) -> tuple[float, float]:
    """Seconds until the first answer of tasks of nothing, and from there to the last."""
    began = time.perf_counter()
    answers = executor.map(_same, 0, range(EMPTY))
    found = [next(answers)]
    first = time.perf_counter()
    found += answers
    assert found == list(range(EMPTY))
    return first - began, time.perf_counter() - first


def _clocked(work: Callable[[], Answer]) -> tuple[float, Answer]:
    began = time.perf_counter()
    answer = work()
    return time.perf_counter() - began, answer


# What a task does.


def _costs(model: Model, cases: Sequence[Case]) -> tuple[float, ...]:
    return tuple(each.cost for each in solve_cases(model, cases, SolverOptions())[1])


def _same(_: int, task: int) -> int:
    return task


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<36}{value}")
