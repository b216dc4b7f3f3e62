"""Where the milliseconds of a quote go: the shares of what it calls, lane by lane.

The lanes are those of the quote's benchmark, warm. A profiler tells who called whom and how
long it took; it slows down code of many small calls, so its shares are laid on the time that
the same quotes take without it. Compiled code is one call and not slowed down at all: its true
share is a little larger.

    python -m benchmarks.sections
"""

from __future__ import annotations

import cProfile
import pstats
import statistics
import time
from pathlib import Path
from typing import Any

from benchmarks import quote as bench

#: What is taken apart, from the whole inwards.
TAKEN_APART = ("answer", "quote", "alternative", "front")
SMALLEST_SHARE = 0.01

Called = tuple[str, int, str]


def children(stats: dict[Called, Any], parent: str) -> dict[str, float]:
    """Seconds spent in each function that functions of one name call, and in themselves."""
    found: dict[str, float] = {}
    whole = inside = 0.0
    for (file, _, name), (_, _, _, total_s, callers) in stats.items():
        if name == parent and ("karvan" in file or "benchmarks" in file):
            whole += total_s
        for (caller_file, _, caller), spent in callers.items():
            if caller == parent and ("karvan" in caller_file or "benchmarks" in caller_file):
                label = f"{Path(file).stem}.{name}" if file.endswith(".py") else name
                found[label] = found.get(label, 0.0) + spent[3]
                inside += spent[3]
    return {**found, "itself": max(0.0, whole - inside)}


def run(repeats: int = 5) -> dict[str, object]:
    """Milliseconds a quote, over all lanes."""
    published = bench.load_published()
    reader = bench.RequestReader(published.network, published.book)
    quoting = bench.Quoting(published)
    lanes = list(bench.LANES.values())
    for lane in lanes:
        bench.answer(reader, quoting, lane)
    took_ms = []
    for lane in lanes * repeats:
        began = time.process_time()
        bench.answer(reader, quoting, lane)
        took_ms.append((time.process_time() - began) * 1e3)
    mean_ms = statistics.fmean(took_ms)
    profile = cProfile.Profile()
    profile.enable()
    for lane in lanes * repeats:
        bench.answer(reader, quoting, lane)
    profile.disable()
    stats: dict[Called, Any] = pstats.Stats(profile).stats
    whole = sum(children(stats, "answer").values())
    figures: dict[str, object] = {
        "lanes": len(lanes),
        "mean_ms": round(mean_ms, 1),
        "median_ms": round(statistics.median(took_ms), 1),
    }
    for parent in TAKEN_APART:
        parts = sorted(children(stats, parent).items(), key=lambda part: -part[1])
        figures[f"of {parent}"] = {
            name: f"{share * mean_ms:.1f} ms, {share:.0%}"
            for name, spent_s in parts
            if (share := spent_s / whole) >= SMALLEST_SHARE
        }
    return figures


if __name__ == "__main__":
    for name, value in run().items():
        if isinstance(value, dict):
            print(f"\n{name}")
            for part, told in value.items():
                print(f"  {part:<44}{told}")
        else:
            print(f"{name:<46}{value}")
