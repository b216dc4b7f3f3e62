"""Bars on stderr for work that is counted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Draw = Callable[[str, int, int], None]


@contextmanager
def staged() -> Iterator[Draw]:
    """Give what is called with what is being done, how many are done and how many there are.

    Draws where somebody watches, one bar at a time, with the time that is left as the pace so far
    has it; nothing elsewhere. How many there are is 0 where nobody knows.
    """
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bars: dict[str, TaskID] = {}

        def draw(what: str, done: int, of: int) -> None:
            if what not in bars:
                for bar in bars.values():
                    progress.update(bar, visible=False)
                bars[what] = progress.add_task(what, total=None)
            progress.update(bars[what], completed=done, total=of or None)

        yield draw
