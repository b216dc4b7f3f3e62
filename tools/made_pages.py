"""Pages that a tool makes: written, or with --check told where they are stale."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def keep(made: Mapping[Path, str], arguments: Sequence[str], tool: str) -> int:
    """Write each page that is not as it was made, or tell it; gives the exit status.

    `tool` is the file of the tool that makes them.
    """
    stale = [p for p, text in made.items() if not p.is_file() or p.read_text("utf-8") != text]
    if "--check" not in arguments:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], encoding="utf-8")
        return 0
    for path in stale:
        print(
            f"{path.relative_to(ROOT)} is stale: run python tools/{Path(tool).name}",
            file=sys.stderr,
        )
    return 1 if stale else 0
