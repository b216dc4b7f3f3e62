"""What the benchmarks share: the clock, the table of targets, peers that may be missing."""

from __future__ import annotations

import gc
import importlib
import math
import statistics
import time
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TypedDict, TypeVar

Answer = TypeVar("Answer")


class Target(TypedDict):
    """One peer of a row of the performance table; no ratio where the peer is not installed."""

    row: str
    work: str
    peer: str
    ratio: float | None
    to_reach: float


def timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Milliseconds of processor time, and the answer."""
    began = time.process_time()
    answer = work()
    return (time.process_time() - began) * 1e3, answer


def best_of(work: Callable[[], Answer], repeats: int = 5) -> tuple[float, Answer]:
    """As `timed`, the shortest of several times: for work shorter than what disturbs it."""
    gc.disable()
    try:
        found = [timed(work) for _ in range(repeats)]
    finally:
        gc.enable()
    return min(ms for ms, _ in found), found[0][1]


def spread(times_ms: Sequence[float], name: str) -> dict[str, float]:
    """Median and 95th percentile, under their names."""
    p95 = sorted(times_ms)[math.ceil(0.95 * len(times_ms)) - 1]
    return {
        f"{name}_median_ms": round(statistics.median(times_ms), 4),
        f"{name}_p95_ms": round(p95, 4),
    }


def ratio(slow_ms: Sequence[float], fast_ms: Sequence[float]) -> float:
    """Of the medians over the same queries."""
    assert len(slow_ms) == len(fast_ms)
    return round(statistics.median(slow_ms) / statistics.median(fast_ms), 1)


def find_peer(name: str) -> ModuleType | None:
    """Give a peer, `None` where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
