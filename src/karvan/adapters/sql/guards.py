"""Rows that are never changed: the database itself refuses it (invariant I8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

_FUNCTION = """
CREATE OR REPLACE FUNCTION karvan_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' are never changed', ERRCODE = '23000';
END $$
"""


def forbid_changes(connection: Connection, table: str) -> None:
    """Let the database refuse to change or remove rows of a table."""
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
            )
        return
    connection.exec_driver_sql(_FUNCTION)
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION karvan_forbid()"
    )


@contextmanager
def lifted(connection: Connection, table: str) -> Iterator[None]:
    """Allow changes of a table for a while, within the transaction that is running.

    For retention alone, which enters in the journal what it removes. Nobody else sees the table
    without its guard: what is done here counts at the end of the transaction, or not at all.
    """
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
        yield
        forbid_changes(connection, table)
        return
    connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
    yield
    connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change")
