"""Looking after a database: the `DatabaseCare` port."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from karvan.adapters.sql import journal
from karvan.adapters.sql.backup import count_rows, read_backup, write_backup
from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.quotes import SqlQuotes, open_database
from karvan.adapters.sql.retention import prune
from karvan.adapters.sql.schema import EMPTY, NEWEST, upgrade, version_of
from karvan.domain.errors import InvalidInput, JournalBroken, KarvanError, StoreUnavailable
from karvan.services.databases import Database, DatabaseState

T = TypeVar("T")


class SqlCare:
    """Versions, checks and backups, on either engine."""

    def upgrade(self, where: Database) -> tuple[str, str]:
        """Bring the tables to this program's version."""
        return _with(where, upgrade, create=True)

    def check(self, where: Database) -> DatabaseState:
        """Look at everything."""
        return _with(where, _check, create=False)

    def backup(self, where: Database, target: Path) -> Mapping[str, int]:
        """Write everything at one moment to one file."""
        return _with(where, lambda opened: write_backup(opened, target), create=False)

    def restore(self, where: Database, source: Path) -> Mapping[str, int]:
        """Fill an empty database from such a file."""
        if not source.is_file():
            raise InvalidInput("there is no such file", path=str(source))
        try:
            return _with(where, lambda opened: read_backup(opened, source), create=True)
        except SQLAlchemyError as error:
            # What stands in the file breaks a rule of the tables.
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            raise InvalidInput("the backup is damaged", reason=reason) from None

    def prune(
        self, where: Database, *, before: datetime, now: datetime, actor: str, dry_run: bool
    ) -> Mapping[str, int]:
        """Remove quotes whose prices ended before an instant, and what belongs to nothing else."""
        database = open_database(where, create=False)
        try:
            return prune(database, before=before, now=now, actor=actor, dry_run=dry_run)
        finally:
            database.close()


def _check(database: SqlDatabase) -> DatabaseState:
    with database.transaction(one_moment=True) as connection:
        version = version_of(connection)
        if version == EMPTY:
            raise StoreUnavailable("there is nothing in it yet")
        rows = count_rows(connection)
    damaged: list[KarvanError] = []
    if version == NEWEST:
        damaged += SqlQuotes(database).check()
        try:
            with database.transaction(one_moment=True) as connection:
                journal.verify(connection)
        except JournalBroken as error:
            damaged.append(error)
    return DatabaseState(version=version, newest=NEWEST, rows=rows, damaged=damaged)


def _with(where: Database, use: Callable[[SqlDatabase], T], *, create: bool) -> T:
    try:
        database = SqlDatabase(where, create=create)
        try:
            return use(database)
        finally:
            database.close()
    except KarvanError as error:
        for name, value in where.facts.items():
            error.facts.setdefault(name, value)
        raise
