"""Work of many tasks from a terminal: where it is done, and how far it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from karvan.services.executing import ExecutorKind

if TYPE_CHECKING:
    from karvan.interfaces.cli.options import Session
    from karvan.services.executing import Executor

Item = TypeVar("Item")

On = Annotated[
    ExecutorKind,
    typer.Option("--executor", help="Where the work is done; the answer is the same on each."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", help="Processes that do it; one a core.", metavar="N", min=1, max=256
    ),
]


def executor_of(work: Session, kind: ExecutorKind, workers: int | None) -> Executor:
    """Give the executor that was asked for; raises `InvalidInput` where it is not installed."""
    assert work.wiring.executors is not None, "wired without executors"
    return work.wiring.executors.open(kind, workers or os.cpu_count() or 1)


def for_runs(kind: ExecutorKind, runs: int) -> ExecutorKind:
    """Where a study is made: many runs on all cores, unless another place was asked for."""
    return ExecutorKind.PROCESSES if runs and kind is ExecutorKind.INLINE else kind


def watched(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    """Give the items, and draw a bar on stderr where somebody watches."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        for item in items:
            progress.advance(task)
            yield item
