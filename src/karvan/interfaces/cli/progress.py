"""A bar on stderr for work that is counted."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def counted(words: str) -> Iterator[Callable[[int, int], None]]:
    """Give what is called with how many are done and how many there are.

    Draws where somebody watches, and nothing elsewhere.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(words, total=None)

        def draw(done: int, of: int) -> None:
            progress.update(task, completed=done, total=of)

        yield draw
