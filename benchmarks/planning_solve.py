"""P7, plans of 1/16 and 1/4 of 750,000 flow variables to a proven gap of 1e-6, against HiGHS ipx.

Both answers go to the same certificate, made of plan and prices alone, and must hold to a gap of
1e-6; the costs must agree to twice that. Times are of the processor, building left out. The full
size is a module of its own, `planning_solve_large`: its peer takes very long.

    python -m benchmarks.planning_solve
"""

from __future__ import annotations

import gc
import math

from benchmarks._measure import Target, timed
from benchmarks._planning import random_problem

from karvan.domain.errors import LimitReached
from karvan.engines.planner.certificate import Certificate, certify
from karvan.engines.planner.model import Model, build
from karvan.engines.planner.sifting import sift
from karvan.engines.planner.solving import Answer, SolverOptions, solve

#: Nodes, arcs, commodities, periods: half of the places and of the periods is a quarter.
SIZES = {"1/16": (62, 300, 12, 13), "1/4": (125, 600, 12, 26), "1": (250, 1_200, 12, 52)}
TINY = (20, 60, 3, 4)
LIMIT_S = 7_200.0
#: Where the peer takes too long to wait for, it is stopped at so many times our time.
STOPPED_AT = 2.2


def run() -> dict[str, object]:
    """Solve the smaller sizes."""
    return measured(("1/16", "1/4"))


def measured(names: tuple[str, ...], *, stop_peer: bool = False) -> dict[str, object]:
    """Solve these sizes on both sides, and say how each grows.

    Parameters
    ----------
    stop_peer
        Stop the peer at `STOPPED_AT` times our time; the ratio is then told as that, which is less
        than it is.
    """
    sift(build(random_problem(*TINY)), SolverOptions())  # what is compiled is compiled before
    figures: dict[str, object] = {}
    targets: list[Target] = []
    ours, peers, flows = [], [], []
    for name in names:
        model = build(random_problem(*SIZES[name]))
        told, ratio = _compared(model, stop_peer=stop_peer)
        figures |= {f"{name}: {key}": value for key, value in told.items()}
        ours.append(float(str(told["sifting_ms"])))
        peers.append(float(str(told["highs_ipx_ms"])))
        flows.append(model.columns.stock)
        targets.append(
            Target(
                row="P7",
                work=f"solve an LP of {model.columns.stock:,} flow variables to a gap of 1e-6",
                peer="HiGHS interior point, no crossover",
                ratio=ratio,
                to_reach=2,
            )
        )
    if len(names) > 1:
        span = math.log(flows[-1] / flows[0])
        figures["exponent of sifting"] = round(math.log(ours[-1] / ours[0]) / span, 2)
        figures["exponent of highs_ipx"] = round(math.log(peers[-1] / peers[0]) / span, 2)
    return {**figures, "targets": targets}


def _compared(model: Model, *, stop_peer: bool) -> tuple[dict[str, object], float]:
    gc.collect()
    ours_ms, ours = timed(lambda: sift(model, SolverOptions(time_limit_s=LIMIT_S)))
    proof = _proof(model, ours)
    assert ours.ran == "sifting"
    assert proof.holds(gap=1e-6), proof
    limit_s = STOPPED_AT * ours_ms / 1000 if stop_peer else LIMIT_S
    interior = SolverOptions(method="interior", crossover=False, time_limit_s=limit_s)
    gc.collect()
    peer_ms, peer = timed(lambda: _answer(model, interior))
    told: dict[str, object] = {}
    if peer is None:
        assert stop_peer, "the peer came to its limit"
        told["highs_ipx"] = "stopped without an answer"
    else:
        other = _proof(model, peer)
        assert other.holds(gap=1e-6), other
        assert abs(proof.cost - other.cost) <= 2e-6 * abs(other.cost), (proof.cost, other.cost)
        told["highs_ipx_gap"] = f"{other.gap:.1e}"
    rows, columns = model.matrix.shape
    return told | {
        "flow_variables": model.columns.stock,
        "rows": rows,
        "columns": columns,
        "sifting_ms": round(ours_ms, 1),
        "sifting_gap": f"{proof.gap:.1e}",
        "highs_ipx_ms": round(peer_ms, 1),
        "cost": round(proof.cost, 2),
    }, round(peer_ms / ours_ms, 2)


def _answer(model: Model, options: SolverOptions) -> Answer | None:
    try:
        return solve(model, options)
    except LimitReached:
        return None


def _proof(model: Model, answer: Answer) -> Certificate:
    return certify(model, answer.values, answer.row_prices)


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<36}{value}")
