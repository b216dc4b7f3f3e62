"""`--report FILE.html` of the commands that study."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli.output import say

if TYPE_CHECKING:
    from karvan.interfaces.cli.options import Session
    from karvan.services.planning.reporting import ListReport, Report, TradeReport

ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE.html",
        help="Write one page with map, charts and tables that needs nothing else.",
    ),
]


def command_line(*words: str | None) -> str:
    """A command as it is typed; what is None is left out."""
    return shlex.join(["karvan", *(word for word in words if word is not None)])


def require_page(work: Session, target: Path | None) -> None:
    """Refuse a file that no page can be written to, before there is anything to lose.

    Raises
    ------
    InvalidInput
        Its name is not that of a page, or it cannot be written.
    """
    if target is None:
        return
    if target.suffix.lower() not in {".html", ".htm"}:
        raise InvalidInput("a report is a page, FILE.html", path=str(target))
    assert work.wiring.reports is not None, "wired without reports"
    work.wiring.reports.require_target(target)


def save(work: Session, report: Report | ListReport | TradeReport, target: Path) -> None:
    """Write a page whole or not at all; raises `InvalidInput`."""
    assert work.wiring.reports is not None, "wired without reports"
    work.wiring.reports.save(report, target)
    say(f"written to {target}")
