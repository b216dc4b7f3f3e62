"""Run every benchmark and write benchmarks/results.json and benchmarks/README.md.

    python tools/bench.py              every module of benchmarks/
    python tools/bench.py NAME ...     these; the results of the others are kept

A benchmark is a module with `run()`, which asserts that answers are equal and gives figures;
the first line of its docstring says what is measured. Under `targets` it gives rows of the table
at the head of the page: row, work, peer, ratio (none where the peer is missing), what to reach.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prove import commit, names

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.json"
PAGE = ROOT / "benchmarks" / "README.md"

HEAD = """\
# Benchmarks

Written by `make bench`. A figure counts as a ratio of two programs that gave equal answers in
one run on one machine; times alone say how fast that machine was. Times are of the processor,
medians over the queries; of each query the best of a few where it is short. A machine that others
use too still moves them: read a ratio as good to about a third.

| Row | Work | Peer | Ratio | To reach | Reached |
|---|---|---|---:|---:|---|
"""


def measure(name: str) -> dict[str, object]:
    module = importlib.import_module(f"benchmarks.{name}")
    what = (inspect.getdoc(module) or name).splitlines()[0]
    figures = module.run()
    targets = figures.pop("targets", [])
    return {
        "what": what,
        "command": f"python tools/bench.py {name}",
        "commit": commit(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "targets": targets,
        "figures": figures,
    }


def rows(figures: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Figures as (name, value); those of a mapping under the name they stand under."""
    out: list[tuple[str, object]] = []
    for key, value in figures.items():
        if isinstance(value, dict):
            out.extend(rows(value, f"{prefix}{key}: "))
        else:
            out.append((f"{prefix}{key}", value))
    return out


def target_row(target: Mapping[str, object]) -> str:
    """A line of the table of targets; a miss says so and by how much."""
    ratio, to_reach = target["ratio"], target["to_reach"]
    if ratio is None:
        told, reached = "", "not measured: the peer is not installed"
    else:
        assert isinstance(ratio, float | int)
        assert isinstance(to_reach, float | int)
        told = f"{ratio:,g}"
        reached = "yes" if ratio >= to_reach else f"**no**, {ratio / to_reach:.0%} of it"
    return (
        f"| {target['row']} | {target['work']} | {target['peer']} | {told} | {to_reach:,g} "
        f"| {reached} |\n"
    )


def page(results: Mapping[str, Mapping[str, Any]]) -> str:
    targets = [target for result in results.values() for target in result.get("targets", [])]
    parts = [HEAD, *map(target_row, sorted(targets, key=lambda target: target["row"]))]
    for name, result in sorted(results.items()):
        figures = result["figures"]
        assert isinstance(figures, dict)
        parts.append(
            f"\n## {name}\n\n{result['what']}\n\n"
            f"`{result['command']}`, commit {result['commit']}, "
            f"Python {result['python']}, {result['machine']}.\n\n| Figure | Value |\n|---|---:|\n"
        )
        parts.extend(f"| {key} | {value} |\n" for key, value in rows(figures))
    return "".join(parts)


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT))
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    known = names(ROOT / "benchmarks")
    for name in arguments or known:
        results[name] = measure(name)
        print(f"{name}: {json.dumps(results[name]['figures'])}")
    results = {name: results[name] for name in sorted(results) if name in known}
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
