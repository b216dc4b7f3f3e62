"""Keeping what HTTP promises: an answer is sent when it lies on the disk, and not before."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from karvan import __version__
from karvan.domain.errors import KarvanError, StoreDamaged, StoreUnavailable, UnknownQuote
from karvan.interfaces.http.problems import Refusal
from karvan.interfaces.json_text import render_json
from karvan.services.databases import Database
from karvan.services.quoting.store import (
    OpenedTables,
    QuoteStore,
    StoredQuote,
    Stores,
    TableSets,
)
from karvan.services.quoting.stored import (
    Again,
    keep,
    make_again,
    parse_quote_id,
    stored_tables,
)

T = TypeVar("T")

log = logging.getLogger("karvan.http")


@dataclass(slots=True, kw_only=True)
class Keeper:
    """The store behind the addresses; opened at the first use, and again after it failed.

    Attributes
    ----------
    where
        The database.
    today
        The tables that quotes are made from.
    """

    stores: Stores
    table_sets: TableSets
    where: Database
    today: OpenedTables
    _store: QuoteStore | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, answer: str) -> None:
        """Keep an answer; raises `Refusal` (503) when it cannot, `QuoteConflict`."""
        self._with(lambda store: keep(store, self.today.table_set, [answer]), damaged=503)

    def get(self, text: str) -> StoredQuote:
        """Give a stored quote.

        Raises
        ------
        UnknownQuote
            Without the ids like it, for they are other people's.
        Refusal
            503 no store, 500 it is damaged.
        """
        quote_id = parse_quote_id(text)
        try:
            return self._with(lambda store: store.get(quote_id))
        except UnknownQuote as error:
            raise UnknownQuote(error.message, quote_id=quote_id) from None

    def again(self, stored: StoredQuote) -> Again:
        """Make a stored quote again."""
        return self._with(
            lambda store: make_again(
                stored,
                stored_tables(store, self.table_sets, stored, self.today),
                today=self.today.table_set.content_hash,
                engine_version=__version__,
                render=render_json,
            )
        )

    def status(self) -> str:
        """Say whether answers can be kept now, as far as looking at the store tells."""
        try:
            self._with(lambda store: store.list_quotes(1))
        except (Refusal, KarvanError):
            return "unavailable"
        return "ready"

    def close(self) -> None:
        """Let go of the store."""
        with self._lock:
            store, self._store = self._store, None
        if store is not None:
            store.close()

    def _with(self, use: Callable[[QuoteStore], T], *, damaged: int = 500) -> T:
        try:
            return use(self._opened())
        except StoreUnavailable as error:
            log.warning("store.unavailable %s", error.facts)
            with suppress(KarvanError):
                self.close()
            raise Refusal(503, error.code, "the quote cannot be stored or read now") from None
        except StoreDamaged as error:
            log.warning("store.damaged %s", error.facts)
            raise Refusal(damaged, error.code, error.message) from None

    def _opened(self) -> QuoteStore:
        with self._lock:
            if self._store is None:
                self._store = self.stores.open(self.where, create=True)
            return self._store
