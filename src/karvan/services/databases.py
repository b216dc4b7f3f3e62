"""Where things are kept: the name of a database, and the port through which one is looked after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from karvan.domain.errors import InvalidInput, KarvanError

FILE_PREFIX: Final = "sqlite:///"
SERVER_PREFIX: Final = "postgresql://"


@dataclass(frozen=True, slots=True)
class Database:
    """The name of a database.

    Attributes
    ----------
    url
        `sqlite:///FILE`, the file's name as it is, without escapes; or `postgresql://...` as
        PostgreSQL writes it.
    """

    url: str

    @classmethod
    def parse(cls, text: str) -> Database:
        """Read a name.

        >>> Database.parse("sqlite:////var/lib/karvan.sqlite").file
        PosixPath('/var/lib/karvan.sqlite')
        >>> Database.parse("mysql://host/name")
        Traceback (most recent call last):
            ...
        karvan.domain.errors.InvalidInput: must begin with sqlite:/// or postgresql://
        """
        if not text.startswith((FILE_PREFIX, SERVER_PREFIX)):
            raise InvalidInput(f"must begin with {FILE_PREFIX} or {SERVER_PREFIX}")
        if text == FILE_PREFIX:
            raise InvalidInput("must name a file")
        if text.startswith(SERVER_PREFIX):
            try:
                _ = urlsplit(text).port
            except ValueError:
                raise InvalidInput("must be an address of PostgreSQL") from None
        return cls(text)

    @classmethod
    def of_file(cls, file: Path) -> Database:
        """Name the database in a file of SQLite."""
        return cls(FILE_PREFIX + str(file.expanduser()))

    @property
    def file(self) -> Path | None:
        """The file, None for a server."""
        if not self.url.startswith(FILE_PREFIX):
            return None
        return Path(self.url.removeprefix(FILE_PREFIX)).expanduser()

    @property
    def shown(self) -> str:
        """The name without its password.

        >>> Database("postgresql://ana:secret@host/karvan").shown
        'postgresql://ana:***@host/karvan'
        """
        if self.file is not None:
            return str(self.file)
        parts = urlsplit(self.url)
        user, has_password, _ = parts.netloc.rpartition("@")[0].partition(":")
        host = parts.netloc.rpartition("@")[2]
        netloc = f"{user}:***@{host}" if has_password else parts.netloc
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        hidden = [(name, "***" if "password" in name else value) for name, value in pairs]
        return urlunsplit(parts._replace(netloc=netloc, query=urlencode(hidden, safe="/*")))

    @property
    def facts(self) -> Mapping[str, object]:
        """How an error names it."""
        return {"path": str(self.file)} if self.file is not None else {"database": self.shown}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """What `karvan db check` found.

    Attributes
    ----------
    version, newest
        The version of the tables, and that of this program.
    rows
        How many rows each table has.
    damaged
        What is not as it was stored.
    """

    version: str
    newest: str
    rows: Mapping[str, int]
    damaged: Sequence[KarvanError] = ()


class DatabaseCare(Protocol):
    """Looks after databases."""

    def upgrade(self, where: Database) -> tuple[str, str]:
        """Bring the tables to this program's version; gives the versions before and after.

        Raises
        ------
        StoreUnavailable, StoreDamaged, StoreVersion
            Nothing was changed.
        """

    def check(self, where: Database) -> DatabaseState:
        """Look at everything; raises `StoreUnavailable`, `StoreDamaged`, `StoreVersion`."""

    def backup(self, where: Database, target: Path) -> Mapping[str, int]:
        """Write everything at one moment to one file; gives the rows of each table.

        Raises
        ------
        InvalidInput
            The file is there already or cannot be written.
        """

    def restore(self, where: Database, source: Path) -> Mapping[str, int]:
        """Fill an empty database from such a file, of either engine, all or nothing.

        Raises
        ------
        InvalidInput
            The file is no backup, is damaged, or the database is not empty.
        """

    def prune(
        self, where: Database, *, before: datetime, now: datetime, actor: str, dry_run: bool
    ) -> Mapping[str, int]:
        """Remove quotes whose prices ended before an instant, and what belongs to nothing else.

        The journal stays, and tells what was removed. Gives how many rows went of each table.

        Parameters
        ----------
        dry_run
            Count only.

        Raises
        ------
        StoreUnavailable, StoreDamaged, StoreVersion
            Nothing was removed.
        """
