"""Keeping what HTTP promises: an answer is sent when it lies on the disk, and not before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from karvan import __version__
from karvan.domain.errors import KarvanError, UnknownQuote
from karvan.interfaces.http.held import Held
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """The store behind the addresses.

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
    _held: Held[QuoteStore] = field(init=False)

    def __post_init__(self) -> None:
        opened = Held(lambda: self.stores.open(self.where, create=True))
        object.__setattr__(self, "_held", opened)

    def keep(self, *answers: str) -> None:
        """Keep answers, all or none; raises `Refusal` (503) when it cannot, `QuoteConflict`."""
        self._held.use(lambda store: keep(store, self.today.table_set, answers), damaged=503)

    def use(self, what: Callable[[QuoteStore], T]) -> T:
        """Do something with the store; raises `Refusal` (503) where it cannot be used."""
        return self._held.use(what, damaged=503)

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
            return self._held.use(lambda store: store.get(quote_id))
        except UnknownQuote as error:
            raise UnknownQuote(error.message, quote_id=quote_id) from None

    def newest(self, limit: int) -> Sequence[StoredQuote]:
        """Give the newest quotes; raises `Refusal` (503)."""
        return self._held.use(lambda store: store.list_quotes(limit))

    def again(self, stored: StoredQuote) -> Again:
        """Make a stored quote again."""
        return self._held.use(
            lambda store: make_again(
                stored,
                stored_tables(store, self.table_sets, stored, self.today),
                today=self.today.table_set.content_hash,
                engine_version=__version__,
                render=render_json,
            )
        )

    def state(self) -> str:
        """Say `ready`, or the code of why nothing can be kept now, as far as a look tells."""
        try:
            self._held.use(lambda store: store.list_quotes(1))
        except Refusal as refusal:
            return refusal.problem.code
        except KarvanError as error:
            return error.code
        return "ready"

    def status(self) -> str:
        """Say whether answers can be kept now, as far as looking at the store tells."""
        return "ready" if self.state() == "ready" else "unavailable"

    def close(self) -> None:
        """Let go of the store."""
        self._held.close()
