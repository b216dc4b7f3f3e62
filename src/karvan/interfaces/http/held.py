"""Something that is opened at the first use, and again after it failed: a store, keys, jobs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from karvan.domain.errors import KarvanError, StoreDamaged, StoreUnavailable
from karvan.interfaces.http.logs import get_logger
from karvan.interfaces.http.problems import Refusal
from karvan.services.databases import Database

log = get_logger()


class Closable(Protocol):
    """Something that can be let go of."""

    def close(self) -> None:
        """Let go of it."""


T = TypeVar("T")
C = TypeVar("C", bound=Closable)
C_co = TypeVar("C_co", bound=Closable, covariant=True)


class Opens(Protocol[C_co]):
    """A port that opens something of a database."""

    def open(self, where: Database, *, create: bool) -> C_co:
        """Open it."""


class Held(Generic[C]):
    """One of them, shared by all requests."""

    def __init__(self, make: Callable[[], C]) -> None:
        self._make = make
        self._made: C | None = None
        self._lock = threading.Lock()

    def use(self, what: Callable[[C], T], *, damaged: int = 500) -> T:
        """Do something with it; raises `Refusal` (503) where it cannot be used.

        Parameters
        ----------
        damaged
            Status of the answer where it is damaged.
        """
        try:
            return what(self._opened())
        except StoreUnavailable as error:
            log.warning("store.unavailable", **error.facts)
            with suppress(KarvanError):
                self.close()
            raise Refusal(503, error.code, "it cannot be stored or read now") from None
        except StoreDamaged as error:
            log.warning("store.damaged", **error.facts)
            raise Refusal(damaged, error.code, error.message) from None

    def close(self) -> None:
        """Let go of it."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made.close()

    def _opened(self) -> C:
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def hold(port: Opens[C] | None, where: Database | None) -> Held[C] | None:
    """Hold what a port opens; None where nothing is kept."""
    if port is None or where is None:
        return None
    return Held(lambda: port.open(where, create=True))
