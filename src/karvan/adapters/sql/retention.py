"""Retention: what nobody needs any more is removed, and the journal tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.sql import ColumnElement

from karvan.adapters.sql import journal
from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.guards import lifted
from karvan.adapters.sql.tables import answers_once, job_parts, jobs, quotes, table_sets
from karvan.domain.instants import render_instant
from karvan.services.idempotency import KEPT_FOR
from karvan.services.jobs.job import FINAL


def prune(
    database: SqlDatabase, *, before: datetime, now: datetime, actor: str, dry_run: bool
) -> Mapping[str, int]:
    """Remove what ended before an instant: quotes by their prices, jobs, tables that none needs.

    Answers for repetition go when they no longer count.
    """
    ended = quotes.c.expires_at < render_instant(before)
    final = [state.value for state in FINAL]
    over = jobs.c.state.in_(final) & (jobs.c.changed_at < render_instant(before))
    needed = select(quotes.c.tables_hash).where(~ended)
    # A job names its tables among its parameters.
    named = select(jobs.c.id).where(~over, jobs.c.parameters.contains(table_sets.c.content_hash))
    idle = table_sets.c.content_hash.not_in(needed) & ~named.exists()
    old = answers_once.c.claimed_at < render_instant(now - KEPT_FOR)
    with database.transaction(writes=True) as connection:
        counts = {
            table.name: _count(connection, table, which)
            for table, which in (
                (quotes, ended),
                (table_sets, idle),
                (answers_once, old),
                (jobs, over),
            )
        }
        if not dry_run:
            gone = _remove(connection, ended, idle)
            gone += _remove_jobs(connection, over)
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


def _remove_jobs(connection: Connection, over: ColumnElement[bool]) -> list[journal.Event]:
    """Remove jobs with what dead ones had finished; gives what the journal is told."""
    wanted = select(jobs.c.id, jobs.c.state, jobs.c.parameters_sha256).where(over)
    rows = connection.execute(wanted.order_by(jobs.c.id)).all()
    connection.execute(
        job_parts.delete().where(job_parts.c.job_id.in_(select(jobs.c.id).where(over)))
    )
    connection.execute(jobs.delete().where(over))
    return [
        (journal.JOB_REMOVED, row.id, {"state": row.state, "parameters": row.parameters_sha256})
        for row in rows
    ]


def _count(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(which)).scalar_one()
