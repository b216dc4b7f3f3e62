"""Closures in a database: the `ClosureStore` port on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from karvan.adapters.sql import journal, timetable_rows
from karvan.adapters.sql.closure_journal import event_of
from karvan.adapters.sql.closure_rows import closure_of
from karvan.adapters.sql.database import LOCK_SITUATION, SqlDatabase, lock
from karvan.adapters.sql.quotes import open_database
from karvan.adapters.sql.tables import closures
from karvan.domain.errors import StaleVersion
from karvan.services.databases import Database
from karvan.services.situation.closures import Closure, Draft
from karvan.services.situation.timetables import Imported, Sailing


class SqlClosures:
    """Closures in a database that is opened, its tables of this program's version."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database

    def version(self) -> int:
        """Number of the last entry."""
        with self.database.transaction() as connection:
            return _last(connection)

    def entries(self, closure_id: str = "") -> Sequence[Closure]:
        """Give entries in the order in which they were made."""
        wanted = select(closures).order_by(closures.c.seq)
        if closure_id:
            wanted = wanted.where(closures.c.closure_id == closure_id)
        with self.database.transaction() as connection:
            return _entries(connection, wanted)

    def add(self, draft: Draft) -> Closure:
        """Keep an entry, and enter it in the journal."""
        with self.database.transaction(writes=True) as connection:
            lock(connection, LOCK_SITUATION)
            entry = _numbered(connection, draft)
            values = {**entry.content, "closure_id": entry.id, "seq": entry.seq}
            del values["id"]
            connection.execute(closures.insert().values(**values))
            journal.append(connection, [event_of(entry)], actor=entry.actor, reason=entry.cause)
        return entry

    def lists(self) -> int:
        """Number of the last list of departures."""
        with self.database.transaction() as connection:
            return timetable_rows.last(connection)

    def imported(self) -> Sequence[Imported]:
        """Give every list of departures."""
        with self.database.transaction() as connection:
            return timetable_rows.read(connection)

    def keep_list(
        self, carrier: str, sailings: Sequence[Sailing], now: datetime, actor: str
    ) -> Imported:
        """Keep a list of departures, and enter it in the journal."""
        with self.database.transaction(writes=True) as connection:
            lock(connection, LOCK_SITUATION)
            made = Imported(
                seq=timetable_rows.last(connection) + 1,
                recorded_at=now,
                actor=actor,
                carrier=carrier,
                sailings=tuple(sailings),
            )
            timetable_rows.write(connection, made)
            journal.append(connection, [timetable_rows.event_of(made)], actor=actor)
        return made

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


class SqlClosureStores:
    """The `ClosureStores` port on SQLite and PostgreSQL."""

    def open(self, where: Database, *, create: bool) -> SqlClosures:
        """Open a store."""
        return SqlClosures(open_database(where, create=create))


def _last(connection: Connection) -> int:
    found = connection.execute(select(func.max(closures.c.seq))).scalar_one()
    return int(found or 0)


def _numbered(connection: Connection, draft: Draft) -> Closure:
    seq = _last(connection) + 1
    if draft.closure_id:
        wanted = select(func.max(closures.c.version)).where(
            closures.c.closure_id == draft.closure_id
        )
        there = connection.execute(wanted).scalar_one()
        if there != draft.base_version:
            raise StaleVersion(
                "somebody else changed this closure first",
                closure=draft.closure_id,
                version=there,
                given=draft.base_version,
            )
        return draft.numbered(0, seq)
    same = select(closures.c.closure_id).where(closures.c.target == draft.target).distinct()
    known = set(connection.execute(same).scalars())
    number = 1
    while draft.numbered(number).id in known:
        number += 1
    return draft.numbered(number, seq)


def _entries(connection: Connection, wanted: Select[tuple[object, ...]]) -> tuple[Closure, ...]:
    return tuple(closure_of(row) for row in connection.execute(wanted))
