"""Workers beside a server: processes that are there while there is something to do.

The server itself does no job: it looks once a second whether one is due, and starts a process of
lower priority for it. Answers share neither a lock nor a thread with jobs.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from karvan.domain.errors import KarvanError

if TYPE_CHECKING:
    from karvan.interfaces.wiring import Wiring
    from karvan.interfaces.working import WorkOrder
    from karvan.services.jobs.store import JobStore

#: Seconds between two looks, and after a worker that failed.
LOOK_S: Final = 1.0
AFTER_FAILURE_S: Final = 30.0
#: How long the server waits at its end for the part that a worker is doing.
PATIENCE_S: Final = 10.0

log = logging.getLogger("karvan.jobs")


class Process(Protocol):
    """A process that was started."""

    @property
    def exitcode(self) -> int | None:
        """How it ended; None while it works."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""


class Helpers:
    """Starts workers when a job is due, and ends them with the server.

    Parameters
    ----------
    most
        Processes at once.
    is_due
        Whether a job is due now.
    start
        Starts one.
    close
        Called at the end.
    """

    def __init__(
        self,
        most: int,
        is_due: Callable[[], bool],
        start: Callable[[], Process],
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self._most, self._is_due, self._start = most, is_due, start
        self._close = close
        self._running: list[Process] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="karvan-helpers", daemon=True)

    def begin(self) -> None:
        """Begin to look for jobs."""
        self._thread.start()

    def end(self) -> None:
        """Ask the workers to end, and wait a while for the part each is doing."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join()
        for each in self._running:
            each.terminate()
        for each in self._running:
            each.join(PATIENCE_S)
            if each.exitcode is None:
                each.kill()
                each.join()
        self._close()

    def look(self) -> float:
        """Look once; gives after how many seconds to look again."""
        failed = [each for each in self._running if each.exitcode not in (None, 0)]
        self._running = [each for each in self._running if each.exitcode is None]
        if failed:
            log.warning("jobs.worker-failed count=%d", len(failed))
            return AFTER_FAILURE_S
        try:
            if len(self._running) < self._most and self._is_due():
                self._running.append(self._start())
        except (KarvanError, OSError) as error:
            log.warning("jobs.not-looked error=%s", getattr(error, "code", type(error).__name__))
            return AFTER_FAILURE_S
        return LOOK_S

    def _run(self) -> None:
        pause = 0.0
        while not self._over.wait(pause):
            pause = self.look()


class _Due:
    """Whether a job is due, by a store that stays open until it fails."""

    def __init__(
        self,
        open_store: Callable[[], JobStore],
        kinds: Collection[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._open, self._kinds, self._clock = open_store, kinds, clock
        self._store: JobStore | None = None

    def __call__(self) -> bool:
        """Look."""
        if self._store is None:
            self._store = self._open()
        try:
            return self._store.is_any_due(self._kinds, self._clock())
        except KarvanError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the store."""
        store, self._store = self._store, None
        if store is not None:
            store.close()


def make_helpers(wiring: Wiring, order: WorkOrder, most: int) -> Helpers | None:
    """Put helpers together; None where there is nothing for them to do."""
    from karvan.interfaces.working import kinds_of

    stores, target = wiring.jobs, wiring.work_beside
    if not most or stores is None or target is None:
        return None
    kinds = tuple(kinds_of(wiring, order))
    context = multiprocessing.get_context("spawn")

    def start() -> Process:
        process = context.Process(target=target, args=(order,), name="karvan-worker", daemon=True)
        process.start()
        return process

    due = _Due(partial(stores.open, order.where, create=True), kinds, wiring.clock)
    return Helpers(most, due, start, due.close)
