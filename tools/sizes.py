"""Hold modules to 600 lines and functions to 70, their docstrings not counted.

    python tools/sizes.py        name everything that is too long; exit status 1 if anything is

A length is counted in lines of the file, blank ones and comments too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "tests", "tools", "benchmarks", "proofs")

MODULE_LINES = 600
FUNCTION_LINES = 70

#: What is over today, as `path` or `path:function` -> lines. It may shrink, never grow.
ALLOWED: dict[str, int] = {}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(root: Path = ROOT) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((root / folder).rglob("*.py"))


def function_lines(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    last = function.end_lineno or function.lineno
    lines = last - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def sizes(name: str, text: str) -> Iterator[tuple[str, int, int]]:
    """Give (what, lines, limit) of a module and each of its functions."""
    yield name, len(text.splitlines()), MODULE_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield f"{name}:{node.name}", function_lines(node), FUNCTION_LINES


def too_long(root: Path = ROOT, allowed: dict[str, int] | None = None) -> list[str]:
    """Name what is over its limit, and what shrank below what it was allowed."""
    allowed = ALLOWED if allowed is None else allowed
    found: dict[str, tuple[int, int]] = {}
    for path in modules(root):
        name = path.relative_to(root).as_posix()
        for what, lines, limit in sizes(name, path.read_text(encoding="utf-8")):
            if lines > limit:
                found[what] = (lines, limit)
    faults = [
        f"{what}: {lines} lines, at most {max(limit, allowed.get(what, 0))}"
        for what, (lines, limit) in found.items()
        if lines > max(limit, allowed.get(what, 0))
    ]
    faults.extend(
        f"{what}: now {found[what][0] if what in found else 'within the limit'}; lower ALLOWED"
        for what, lines in allowed.items()
        if what not in found or found[what][0] < lines
    )
    return faults


def main() -> int:
    faults = too_long()
    for fault in faults:
        print(f"sizes: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
