"""Run the long proofs at full count and write what each gave to docs/proofs.

    python tools/prove.py              every module of proofs/
    python tools/prove.py NAME ...     these

A proof is a module with `run()`, which raises when the claim fails and gives its figures
otherwise; the first paragraph of its docstring is the claim.
"""

from __future__ import annotations

import importlib
import inspect
import platform
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "proofs"


def commit(root: Path = ROOT) -> str:
    """The commit that is checked out, and whether files differ from it."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    name = git("rev-parse", "--short=12", "HEAD")
    if not name:
        return "not committed"
    # Pages that proofs and benchmarks write themselves are no change of what they measure.
    written = (":!docs/proofs", ":!benchmarks/results.json", ":!benchmarks/README.md")
    return name + (" with changes" if git("status", "--porcelain", "--", ".", *written) else "")


def names(folder: Path) -> list[str]:
    return [path.stem for path in sorted(folder.glob("*.py")) if not path.stem.startswith("_")]


def page(name: str, claim: str, took_s: float, figures: Mapping[str, object] | str) -> str:
    if isinstance(figures, str):
        result = f"**Failed.**\n\n```text\n{figures.strip()}\n```\n"
    else:
        rows = "".join(f"| {key} | {value} |\n" for key, value in figures.items())
        result = "**Holds.**\n\n| Figure | Value |\n|---|---|\n" + rows
    return (
        f"# Proof: {name}\n\n{claim}\n\n"
        f"- command: `python tools/prove.py {name}`\n"
        f"- commit: {commit()}\n"
        f"- Python {platform.python_version()} on {platform.system()} {platform.machine()}\n"
        f"- duration: {took_s:.1f} s\n\n{result}"
    )


def index(written: list[str]) -> str:
    """The page that leads to the others."""
    lines = "".join(f"- [{name}]({name}.md)\n" for name in written)
    head = """\
# Proofs

What takes too long for every change is shown at full count by `make proof`, a module of
`proofs/` each. Every page tells the claim, the command, the commit, how long it took and what
came out. Written by `tools/prove.py`.
"""
    return head + ("\n" + lines if lines else "")


def prove(name: str) -> bool:
    """Run one proof and write its page; say whether it holds."""
    module = importlib.import_module(f"proofs.{name}")
    run: Callable[[], Mapping[str, object]] = module.run
    claim = (inspect.getdoc(module) or name).split("\n\n")[0]
    began = time.perf_counter()
    figures: Mapping[str, object] | str
    try:
        figures = run()
    except Exception:  # noqa: BLE001 - the page and the exit status tell it
        figures = traceback.format_exc()
    took_s = time.perf_counter() - began
    PAGES.mkdir(parents=True, exist_ok=True)
    (PAGES / f"{name}.md").write_text(page(name, claim, took_s, figures), encoding="utf-8")
    holds = not isinstance(figures, str)
    print(f"{name}: {'holds' if holds else 'FAILED'} after {took_s:.1f} s")
    return holds


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT))
    chosen = arguments or names(ROOT / "proofs")
    if not chosen:
        print("proofs/ has no module yet")
    results = [prove(name) for name in chosen]
    PAGES.mkdir(parents=True, exist_ok=True)
    pages = sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README")
    (PAGES / "README.md").write_text(index(pages), encoding="utf-8")
    return 0 if all(results) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
