"""A database that is opened: its connections, its transactions, its errors told as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from karvan.adapters.sql import postgres, sqlite
from karvan.domain.errors import KarvanError, StoreUnavailable
from karvan.services.databases import Database

#: Advisory locks of PostgreSQL that keep writers in a line: any number, the same everywhere.
LOCK_TABLES: Final = 7_301
LOCK_JOURNAL: Final = 7_302
LOCK_KEYS: Final = 7_303
LOCK_SITUATION: Final = 7_304
LOCK_PERSONS: Final = 7_305


class SqlDatabase:
    """An engine, and what its errors are called here."""

    def __init__(self, where: Database, *, create: bool) -> None:
        self.where = where
        file = where.file
        if file is None:
            self.engine: Engine = postgres.open_engine(where)
            self._translate = partial(postgres.translate, where=where)
            return
        if not create and not _exists(file):
            raise StoreUnavailable("there is no store there yet", path=str(file))
        self.engine = sqlite.open_engine(file, create=create)
        self._translate = partial(sqlite.translate, file=file)

    @property
    def is_file(self) -> bool:
        """Whether it is a file of this machine, which no other program upgrades."""
        return self.where.file is not None

    @contextmanager
    def transaction(
        self, *, writes: bool = False, one_moment: bool = False
    ) -> Iterator[Connection]:
        """Do all or nothing.

        Parameters
        ----------
        writes
            SQLite takes its lock at the begin, so that nothing read can change before the end.
        one_moment
            Everything that is read is of one moment, on PostgreSQL too.
        """
        options: dict[str, object] = {sqlite.WRITES: writes}
        if one_moment and not self.is_file:
            options["isolation_level"] = "REPEATABLE READ"
        try:
            with (
                self.engine.connect().execution_options(**options) as connection,
                connection.begin(),
            ):
                yield connection
        except IntegrityError:
            raise
        except (SQLAlchemyError, OSError, ValueError) as error:
            if isinstance(error, KarvanError):
                raise
            raise self._translate(error) from None

    def scrub(self) -> None:
        """Let nothing that was removed stay in the log of a file of SQLite.

        What PostgreSQL removed goes with its next vacuum; until then it is sealed all the same.
        """
        if not self.is_file:
            return
        connection = self.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def lock(connection: Connection, key: int) -> None:
    """Wait for whoever else holds this lock, until the end of the transaction.

    On SQLite a transaction that writes is alone anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except (OSError, ValueError):
        return False
