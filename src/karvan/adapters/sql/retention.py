"""Retention: what nobody needs any more is removed, and the journal tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.sql import ColumnElement

from karvan.adapters.sql import journal
from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.guards import lifted
from karvan.adapters.sql.tables import answers_once, quotes, table_sets
from karvan.domain.instants import render_instant
from karvan.services.idempotency import KEPT_FOR


def prune(
    database: SqlDatabase, *, before: datetime, now: datetime, actor: str, dry_run: bool
) -> Mapping[str, int]:
    """Remove quotes whose prices ended before an instant, tables that none needs, old answers."""
    ended = quotes.c.expires_at < render_instant(before)
    needed = select(quotes.c.tables_hash).where(~ended)
    idle = table_sets.c.content_hash.not_in(needed)
    old = answers_once.c.claimed_at < render_instant(now - KEPT_FOR)
    with database.transaction(writes=True) as connection:
        counts = {
            table.name: _count(connection, table, which)
            for table, which in ((quotes, ended), (table_sets, idle), (answers_once, old))
        }
        if not dry_run:
            gone = _remove(connection, ended, idle)
            connection.execute(answers_once.delete().where(old))
            journal.append(connection, gone, actor=actor, reason="retention")
    return counts


def _remove(
    connection: Connection, ended: ColumnElement[bool], idle: ColumnElement[bool]
) -> list[journal.Event]:
    """Remove quotes, then the tables that only they needed; gives what the journal is told."""
    wanted = select(quotes.c.id, quotes.c.answer_sha256, quotes.c.tables_hash).where(ended)
    rows = connection.execute(wanted.order_by(quotes.c.id)).all()
    # In the order in which quotes are put, so that no two wait for each other in a ring.
    with lifted(connection, table_sets.name), lifted(connection, quotes.name):
        connection.execute(quotes.delete().where(ended))
        connection.execute(table_sets.delete().where(idle))
    return [journal.kept(*row, kind=journal.REMOVED) for row in rows]


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(which)).scalar_one()
