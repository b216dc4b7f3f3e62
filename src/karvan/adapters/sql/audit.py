"""Showing the journal of a database: the `Audit` port."""

from __future__ import annotations

from pathlib import Path

from karvan.adapters.sql import journal
from karvan.adapters.sql.quotes import open_database
from karvan.domain.errors import InvalidInput
from karvan.services.databases import Database
from karvan.services.journal import Head


class SqlAudit:
    """The journal of a database on either engine."""

    def verify(self, where: Database, expected: str = "") -> Head:
        """Follow the chain and compare it with what is kept."""
        database = open_database(where, create=False)
        try:
            with database.transaction(one_moment=True) as connection:
                return journal.verify(connection, expected)
        finally:
            database.close()

    def export(self, where: Database, target: Path) -> Head:
        """Write the entries to a new file."""
        database = open_database(where, create=False)
        head = Head()
        try:
            with (
                target.open("x", encoding="utf-8", newline="") as file,
                database.transaction(one_moment=True) as connection,
            ):
                for entry in journal.entries_of(connection):
                    file.write(entry.line())
                    head = Head(entry.seq, entry.hash)
        except FileExistsError:
            raise InvalidInput("there is such a file already", path=str(target)) from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise InvalidInput(
                "the file cannot be written", path=str(target), reason=reason
            ) from None
        finally:
            database.close()
        return head
