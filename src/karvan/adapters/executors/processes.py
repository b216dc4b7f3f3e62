"""Tasks on processes of this machine.

Processes are started anew (spawn), so that nothing of the parent, no lock and no thread, is in
them. One that loses its parent ends by itself, and an interrupt is the parent's alone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from karvan.domain.errors import LimitReached
from karvan.services.executing import Answer, Shared, Task

Given = TypeVar("Given")


@contextmanager
def pool(
    workers: int, prepare: Callable[[Given], object], given: Given
) -> Iterator[ProcessPoolExecutor]:
    """Start processes that each prepare once; at the end what has not begun is dropped.

    Raises
    ------
    LimitReached
        A process has ended in the middle of its work.
    """
    executor = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), _begin, (prepare, given)
    )
    try:
        with _uninterrupted():
            # Each task finds nobody idle, for beginning takes a while: all processes start here.
            for _ in range(workers):
                executor.submit(os.getpid)
        yield executor
    except BrokenProcessPool:
        raise LimitReached("a process at work has ended; memory may be short") from None
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold a Ctrl-C back: a process that is started meanwhile never gets it, not even at first."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class ProcessExecutor:
    """The `Executor` port on processes of this machine; one worker is this process."""

    def __init__(self, workers: int) -> None:
        self._workers = workers

    def map(
        self, function: Callable[[Shared, Task], Answer], shared: Shared, tasks: Sequence[Task]
    ) -> Iterator[Answer]:
        """Give the answers in the order of the tasks."""
        workers = min(self._workers, len(tasks))
        if workers <= 1:
            for task in tasks:
                yield function(shared, task)
            return
        with pool(workers, _keep, (function, shared)) as executor:
            for future in [executor.submit(_answer, task) for task in tasks]:
                yield future.result()


# What runs in the other process.

_kept: list[tuple[Callable[[Any, Any], Any], Any]] = []


def _begin(prepare: Callable[[Given], object], given: Given) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(given)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _keep(work: tuple[Callable[[Any, Any], Any], Any]) -> None:
    _kept.append(work)


def _answer(task: Any) -> Any:
    function, shared = _kept[0]
    return function(shared, task)
