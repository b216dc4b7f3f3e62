"""Wiring: the one module that knows every name, and the entry point `karvan`.

Nothing heavy is imported before it is needed, so that `karvan --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from karvan.interfaces.wiring import Wiring

if TYPE_CHECKING:
    from karvan.services.quoting.published import Published
    from karvan.services.tables import CheckedTables


class ShippedTables:
    """The `Tables` port on files, its adapter imported at the first use."""

    def check(self, folder: Path | None = None) -> CheckedTables:
        """Read and check every table."""
        from karvan.adapters.files.published import FileTables

        return FileTables().check(folder)

    def load(self, folder: Path | None = None) -> Published:
        """Give the published tables; raises `InvalidTables` with every fault."""
        from karvan.adapters.files.published import FileTables

        return FileTables().load(folder)


def clock() -> datetime:
    """The present instant, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def wire() -> Wiring:
    """Put the program together as it runs from a terminal."""
    return Wiring(
        tables=ShippedTables(), clock=clock, environment=dict(os.environ), folder=Path.cwd()
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit status."""
    from karvan.interfaces.cli.app import run

    raise SystemExit(run(sys.argv[1:] if arguments is None else arguments, wire()))
