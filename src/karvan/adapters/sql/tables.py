"""The tables of the store, the same on every database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    event,
)

metadata: Final = MetaData()

#: One row a set of tables; `archive` is a zip of its files.
table_sets: Final = Table(
    "table_sets",
    metadata,
    Column("content_hash", String(64), primary_key=True),
    Column("archive", LargeBinary, nullable=False),
)

#: One row a quote. Instants are UTC text that sorts by time; `answer` is the JSON text in UTF-8,
#: packed by zlib (an answer is 400 KB of text and 25 KB packed), its hash that of the text.
quotes: Final = Table(
    "quotes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("created_at", String(32), nullable=False),
    Column("expires_at", String(32), nullable=False),
    Column("request", Text, nullable=False),
    Column("seed", BigInteger),
    Column("network_hash", String(64), nullable=False),
    Column("tariff_version", String(64), nullable=False),
    Column("timetable_hash", String(64), nullable=False),
    Column("engine_version", String(64), nullable=False),
    Column("tables_hash", String(64), ForeignKey(table_sets.c.content_hash), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("answer_sha256", String(64), nullable=False),
    Index("quotes_by_time", "created_at", "id"),
)


def _forbid(table: Table, connection: Connection, **_: object) -> None:
    """Let the database itself refuse to change or remove rows (invariant I8)."""
    if connection.dialect.name != "sqlite":
        return
    for verb in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table.name}_no_{verb.lower()} BEFORE {verb} ON {table.name} "
            f"BEGIN SELECT RAISE(ABORT, '{table.name} are never changed'); END"
        )


for _table in (table_sets, quotes):
    event.listen(_table, "after_create", _forbid)
