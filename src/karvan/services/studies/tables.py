"""Every table that a study writes, by its name: what its rows are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from karvan.services.planning.comparing import FigureLine, PairedAmount
from karvan.services.planning.contingency_telling import OutageRow, PairRow, ReasonRow
from karvan.services.planning.investment_telling import KINDS as INVESTMENTS
from karvan.services.planning.resilience_telling import RecoveryRow
from karvan.services.planning.results import KINDS as PLANS
from karvan.services.planning.sampled_tables import KINDS as SAMPLES
from karvan.services.planning.sampled_tables import DrawnRow
from karvan.services.studies.terms import StudyKind

#: Kinds of rows by the command that writes them and the name of the table.
TABLES: Final[Mapping[StudyKind, Mapping[str, type[Any]]]] = {
    StudyKind.PLAN: {**PLANS, **SAMPLES},
    StudyKind.CONTINGENCY: {"outages": OutageRow, "pairs": PairRow, "reasons": ReasonRow},
    StudyKind.RESILIENCE: {"recovery": RecoveryRow},
    StudyKind.INVEST: INVESTMENTS,
    StudyKind.COMPARE: {
        "figures": FigureLine,
        "amounts": PairedAmount,
        "drawn": DrawnRow,
    },
}


def row_kind(command: str, table: str) -> type[Any] | None:
    """What the rows of a table of a command are; None where it writes no such table."""
    known = {kind.value: tables for kind, tables in TABLES.items()}
    return known.get(command, {}).get(table)
