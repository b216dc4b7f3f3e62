"""Whose turn it is: so many at once, so many who wait, and nobody for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from karvan.interfaces.http.problems import Refusal


class Turns:
    """Turns at something that costs much processor time.

    Parameters
    ----------
    at_once
        Turns at the same time.
    most_waiting
        Who wait for one, besides.
    patience_s
        How long anybody waits.
    """

    def __init__(self, at_once: int, most_waiting: int, patience_s: float) -> None:
        self.at_once = at_once
        self.most_waiting = most_waiting
        self._patience_s = patience_s
        self._changed = threading.Condition()
        self._running = self._waiting = 0

    @property
    def running(self) -> int:
        """Turns that are taken."""
        return self._running

    @property
    def waiting(self) -> int:
        """Who wait for one."""
        return self._waiting

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Take a turn; raises `Refusal` (503) when too many wait, or one waits too long."""
        with self._changed:
            self._wait()
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify()

    def _wait(self) -> None:
        if self._running < self.at_once and not self._waiting:
            return
        if self._waiting >= self.most_waiting:
            raise self._busy()
        self._waiting += 1
        until = time.monotonic() + self._patience_s
        try:
            while self._running >= self.at_once:
                if not self._changed.wait(until - time.monotonic()):
                    raise self._busy()
        finally:
            self._waiting -= 1

    def _busy(self) -> Refusal:
        return Refusal(
            503,
            "busy",
            "too many quotes are asked for at once",
            at_once=self.at_once,
            waiting=self._waiting,
        )
