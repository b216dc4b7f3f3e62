"""Options that several commands share, and what they are turned into."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest, StoreUnavailable
from karvan.domain.instants import parse_instant
from karvan.interfaces.cli.output import tell_progress
from karvan.interfaces.settings import Loaded, load_settings
from karvan.interfaces.wiring import Wiring

if TYPE_CHECKING:
    from karvan.services.databases import Database
    from karvan.services.quoting.published import Published
    from karvan.services.quoting.store import OpenedTables, QuoteStore, TableSet

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="Folder of your own tables, laid over the shipped ones."
    ),
]
Store = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="FILE", help="File in which quotes are kept; none keeps nothing."
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="Database in which things are kept, sqlite:///FILE or postgresql://...",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Now = Annotated[
    str | None,
    typer.Option(
        "--now", metavar="INSTANT", help="The clock, like 2026-11-21T12:00:00Z; the real one."
    ),
]

#: Who acts at a terminal where nobody says who it is.
TERMINAL: Final = "terminal"

NOWHERE: Final = "no store is set; name one with --store FILE or --database URL"


@dataclass(frozen=True, slots=True)
class Session:
    """What one command works with."""

    wiring: Wiring
    loaded: Loaded

    @property
    def data(self) -> Path | None:
        """Folder of the tables, None for the shipped ones."""
        return self.loaded.settings.data

    def published(self) -> Published:
        """Load the tables; raises `InvalidTables` with every fault."""
        tell_progress("Loading the tables ...")
        return self.wiring.tables.load(self.data)

    def tables(self) -> tuple[Published, TableSet | None]:
        """Load the tables and, where answers are kept, the set of files they are."""
        if self.loaded.settings.keeps_in is None or self.wiring.table_sets is None:
            return self.published(), None
        opened = self.opened()
        return opened.published, opened.table_set

    def opened(self) -> OpenedTables:
        """Load the tables with the set of files they are; raises `InvalidTables`."""
        assert self.wiring.table_sets is not None, "wired without table sets"
        tell_progress("Loading the tables ...")
        return self.wiring.table_sets.open(self.data)

    def open_store(self, *, create: bool = False) -> QuoteStore:
        """Open the store of quotes; raises `StoreUnavailable` or `StoreDamaged`."""
        if self.wiring.stores is None:
            raise StoreUnavailable(NOWHERE)
        return self.wiring.stores.open(self.where(), create=create)

    def where(self) -> Database:
        """Where things are kept; raises `StoreUnavailable` when nothing is to be."""
        where = self.loaded.settings.keeps_in
        if where is None:
            raise StoreUnavailable(NOWHERE)
        return where

    @property
    def actor(self) -> str:
        """How the journal names whoever works at the terminal: by an opaque id, if there is one."""
        return self.loaded.settings.person or TERMINAL

    def now(self, given: str | None) -> datetime:
        """The clock, or the instant given in its place."""
        if given is None:
            return self.wiring.clock()
        try:
            return parse_instant(given)
        except InvalidInput as error:
            raise InvalidRequest([Fault.of(error, "/now")]) from None


def session(context: typer.Context, options: Mapping[str, object] | None = None) -> Session:
    """Read the settings for a command, its own options first."""
    wiring = context.obj
    assert isinstance(wiring, Wiring)
    loaded = load_settings(wiring.environment, wiring.folder, options)
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("karvan").setLevel(loaded.settings.log_level.upper())
    return Session(wiring, loaded)
