"""What the published tables are, and the port through which they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from karvan.domain.errors import TableFault
from karvan.network.ageing import DatedFigure
from karvan.services.quoting.published import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTables:
    """What a check of the tables tells: faults make them unusable, warnings do not.

    `rows` counts the rows of each table; `published` is None when there are faults; `figures`
    are those that tell their date, for whoever has a clock to say how old they are.
    """

    published: Published | None
    faults: tuple[TableFault, ...]
    warnings: tuple[TableFault, ...]
    rows: Mapping[str, int]
    figures: tuple[DatedFigure, ...] = ()


class Tables(Protocol):
    """Where tables come from: the shipped data, or a folder laid over it."""

    def check(self, folder: Path | None = None) -> CheckedTables:
        """Read and check every table."""

    def load(self, folder: Path | None = None) -> Published:
        """Give the published tables; raises `InvalidTables` with every fault."""
