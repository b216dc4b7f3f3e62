"""Reading the situation again and again: what is kept is read only when its version has moved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from karvan.domain.errors import KarvanError, StoreUnavailable
from karvan.network.network import Network
from karvan.network.situation import Situation
from karvan.services.databases import Database
from karvan.services.situation.closures import (
    Closure,
    ClosureStore,
    ClosureStores,
    newest,
    situation_of,
)
from karvan.services.situation.timetables import Imported, published_times

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """Every entry there is, and the number of the last."""

    version: int
    entries: Sequence[Closure] = ()
    lists: Sequence[Imported] = ()

    @property
    def closures(self) -> dict[str, Closure]:
        """The last version of each closure, by id."""
        return newest(self.entries)

    def situation(self, now: datetime, network: Network) -> Situation:
        """What still matters at a clock: closures, and what carriers published."""
        closed = situation_of(self.entries, now)
        return Situation.of(closed.closures, published_times(self.lists, network, now))


#: Nothing was ever closed, or nothing is kept.
NOTHING_KNOWN = Known(0)


@dataclass(slots=True)
class Watch:
    """The closures of a database; several threads may ask at once.

    The store is opened at the first use, and again after it failed.
    """

    stores: ClosureStores
    where: Database
    _store: ClosureStore | None = None
    _known: Known = NOTHING_KNOWN
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def look(self) -> Known:
        """Give what is known now.

        Raises
        ------
        StoreUnavailable, StoreDamaged
            It cannot be read.
        """

        def read(store: ClosureStore) -> Known:
            known = self._known
            if store.version() != known.version:
                entries = store.entries()
                version = max((each.seq for each in entries), default=0)
                known = self._known = replace(known, version=version, entries=entries)
            if store.lists() != len(known.lists):
                self._known = replace(known, lists=store.imported())
            return self._known

        return self.use(read)

    def use(self, work: Callable[[ClosureStore], T]) -> T:
        """Do something with the store, alone."""
        with self._lock:
            try:
                if self._store is None:
                    self._store = self.stores.open(self.where, create=True)
                return work(self._store)
            except StoreUnavailable:
                with suppress(KarvanError):
                    self.close()
                raise

    def close(self) -> None:
        """Let go of the store."""
        with self._lock:
            store, self._store = self._store, None
            if store is not None:
                store.close()
