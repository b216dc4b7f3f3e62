"""P5 at 4 and 16 times the size: how the time of 200 outages grows with nodes and arcs.

Nodes and arcs are multiplied, commodities and periods kept. At each size outages are spread evenly
over the arcs, 200 of them where that ends in some minutes. At 16 times fewer are asked and none is
solved again from nothing; the time of 200 is told as that of the base case, as many solves as
there would be at the mean of those, and one in twenty of them once more at the time of the base
case. Every answer is proven by its own prices on all columns. At 4 times two of those that were
solved are also handed whole to HiGHS' interior method, from nothing, and must cost the same to
1e-7.

    python -m benchmarks.outages_growth
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Iterator, Sequence

from benchmarks._measure import timed
from benchmarks._planning import random_problem

from karvan.engines.planner.case import AGREES, GAP_OF_PARTS, Case
from karvan.engines.planner.cases import CaseResult, solve_cases
from karvan.engines.planner.model import Model, build
from karvan.engines.planner.outages import outage
from karvan.engines.planner.sifting import sift
from karvan.engines.planner.solving import SolverOptions, solve

#: Times the size, and outages asked for; the table of P5 has 200.
ASKED = {1: 200, 4: 200, 16: 12}
WANTED = 200
#: Share of the outages solved that are solved again from nothing, and how many the peer solves.
CHECKED, COMPARED = 0.05, 2
OPTIONS = SolverOptions(time_limit_s=3_600.0)


def run() -> dict[str, object]:
    """Solve each size, and say how it grows."""
    sift(build(random_problem(20, 60, 3, 4)), OPTIONS)  # what is compiled is compiled before
    figures: dict[str, object] = {}
    took: dict[int, float] = {}
    for times, asked in ASKED.items():
        gc.collect()
        told, took[times] = _one(times, asked)
        figures |= {f"{times}x: {name}": value for name, value in told.items()}
        print(f"{times}x: {told}", flush=True)
    for small, large in ((1, 4), (4, 16), (1, 16)):
        exponent = math.log(took[large] / took[small]) / math.log(large / small)
        figures[f"exponent from {small}x to {large}x"] = round(exponent, 2)
    return figures


def _one(times: int, asked: int) -> tuple[dict[str, object], float]:
    """Figures of a size, and the seconds of 200 outages with their base case."""
    problem = random_problem(60 * times, 200 * times, 6, 12)
    model = build(problem)
    every = len(problem.arcs.ids) // asked
    whole = asked == WANTED
    cases = [outage(model, arc) for arc in problem.arcs.ids[::every][:asked]]
    checked = CHECKED if whole else 0.0
    base_ms, (_, results) = timed(lambda: solve_cases(model, cases, OPTIONS, check_share=checked))
    found, seconds = _followed(results)
    gap = max(abs(each.certificate.gap) for each in found)
    assert gap <= GAP_OF_PARTS, gap
    solved = [i for i, each in enumerate(found) if each.how != "kept"]
    once = [seconds[i] for i in solved if not found[i].checked_cold]
    again = [seconds[i] for i in solved if found[i].checked_cold]
    warm_s = sum(once) / len(once)
    cold_s = sum(again) / len(again) - warm_s if again else base_ms / 1e3
    share = len(solved) / asked
    all_s = base_ms / 1e3 + sum(seconds)
    if not whole:
        all_s = base_ms / 1e3 + WANTED * share * (warm_s + CHECKED * cold_s)
    told: dict[str, object] = {
        "rows": model.matrix.shape[0],
        "columns": model.matrix.shape[1],
        "outages": asked,
        "proven_without_a_solve": asked - len(solved),
        "solved_from_the_base": sum(each.how == "warm" for each in found),
        "solved_cold_because_that_failed": sum(each.how == "cold" for each in found),
        "checked_cold": len(again),
        "base_s": round(base_ms / 1e3, 2),
        "an_outage_solved_s": round(warm_s, 3),
        "one_solved_from_nothing_s": round(cold_s, 2),
        "largest_gap": f"{gap:.1e}",
        "200_outages_s": round(all_s, 1),
    }
    if times == 4:
        asked_too = [(cases[i], found[i]) for i in solved[:: len(solved) // COMPARED][:COMPARED]]
        told |= _compared(model, asked_too)
    return told, all_s


def _followed(results: Iterator[CaseResult]) -> tuple[list[CaseResult], list[float]]:
    """Results as they come, and the seconds of the processor each took."""
    found: list[CaseResult] = []
    seconds: list[float] = []
    began = time.process_time()
    for each in results:
        found.append(each)
        seconds.append(time.process_time() - began)
        began = time.process_time()
    return found, seconds


def _compared(model: Model, pairs: Sequence[tuple[Case, CaseResult]]) -> dict[str, object]:
    """The same outages by HiGHS' interior method on the whole model."""
    interior = SolverOptions(method="interior", crossover=False, time_limit_s=3_600.0)
    apart, peer_ms = 0.0, 0.0
    for case, ours in pairs:
        ms, answer = timed(lambda case=case: solve(case.applied(model), interior))
        peer_ms += ms
        apart = max(apart, abs(answer.objective - ours.cost) / abs(ours.cost))
    assert apart <= AGREES, apart
    return {
        "highs_interior_whole_s": round(peer_ms / len(pairs) / 1e3, 2),
        "largest_difference": f"{apart:.1e}",
    }


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<40}{value}")
