"""The version of the tables: told, made, and brought to this program's.

A new database is made at once from `tables`; an older one goes through the migrations, which
give the same. Alembic takes most of a second to import, so only a change of version does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, select

from karvan.adapters.sql import journal
from karvan.adapters.sql.database import LOCK_TABLES, SqlDatabase, lock
from karvan.adapters.sql.tables import metadata, versions
from karvan.domain.errors import StoreUnavailable, StoreVersion

#: Every version of the tables, the oldest first.
REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
NEWEST: Final = REVISIONS[-1]
EMPTY: Final = ""

#: Tables of version 0001, which was made before versions were written down.
_FIRST: Final = {"quotes", "table_sets"}


def prepare(database: SqlDatabase, *, create: bool) -> None:
    """See that the tables are those of this program; make them in an empty database.

    An older file of SQLite is upgraded. A server is not: other programs may still use it.

    Raises
    ------
    StoreUnavailable
        It holds something else.
    StoreVersion
        It is of another version.
    """
    with database.transaction() as connection:
        version = version_of(connection)
    if version == NEWEST:
        return
    if version == EMPTY and not create:
        raise StoreUnavailable("there is something else than a store", tables=[])
    if version != EMPTY and not database.is_file:
        raise StoreVersion(
            "the tables are of an older version; run karvan db upgrade",
            version=version,
            newest=NEWEST,
        )
    upgrade(database)


def upgrade(database: SqlDatabase) -> tuple[str, str]:
    """Bring the tables to this program's version; gives the versions before and after."""
    with database.transaction(writes=True) as connection:
        lock(connection, LOCK_TABLES)
        before = version_of(connection)
        if before == EMPTY:
            metadata.create_all(connection, checkfirst=False)
            connection.execute(versions.insert().values(version_num=NEWEST))
        elif before != NEWEST or not inspect(connection).has_table(versions.name):
            migrate(connection, before, NEWEST)
        if before != NEWEST:
            journal.append(connection, [(journal.TABLES, NEWEST, {"before": before})])
            journal.adopt(connection)
    return before, NEWEST


def version_of(connection: Connection) -> str:
    """Tell the version of the tables, '' where there are none.

    Raises
    ------
    StoreUnavailable
        Something else is there.
    StoreVersion
        A newer program made them.
    """
    there = set(inspect(connection).get_table_names())
    if not there:
        return EMPTY
    if versions.name not in there:
        if there == _FIRST:
            return REVISIONS[0]
        raise StoreUnavailable("there is something else than a store", tables=sorted(there)[:5])
    found = connection.execute(select(versions.c.version_num)).scalars().all()
    if not found and there == {versions.name}:
        return EMPTY
    if len(found) != 1 or found[0] not in REVISIONS:
        raise StoreVersion(
            "a newer program made these tables; use that one, or a newer one still",
            version=", ".join(found),
            newest=NEWEST,
        )
    return str(found[0])


def migrate(connection: Connection, before: str, after: str) -> None:
    """Go from one version to another, up or down, in the transaction that is running."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    if before != EMPTY and not inspect(connection).has_table(versions.name):
        command.stamp(config, before)
    numbers = ("", *REVISIONS)
    if numbers.index(after) >= numbers.index(before):
        command.upgrade(config, after)
    else:
        command.downgrade(config, after or "base")
