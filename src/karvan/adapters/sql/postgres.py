"""PostgreSQL: how it is reached, and what its errors mean.

Source: postgresql.org, pages on error codes, on explicit locking and on connection strings.
"""

from __future__ import annotations

from contextlib import closing
from typing import Final

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from karvan.domain.errors import KarvanError, StoreUnavailable
from karvan.services.databases import Database

_POOL: Final = 4
_CONNECT_S: Final = 10
_NO_DRIVER: Final = "the driver is missing: install karvan[pg]"

#: By the first two letters of the code of an error.
_REASONS: Final = {
    "08": "the server cannot be reached",
    "28": "the server refuses this user or password",
    "3D": "the server has no such database",
    "42": "a table or a right is missing",
    "53": "the server has no room or no connection left",
    "55": "another program holds it",
    "57": "the server is going down",
}


def open_engine(where: Database) -> Engine:
    """Make an engine on a server; nothing is reached before the first connection.

    Raises
    ------
    StoreUnavailable
        The driver is missing, or the address is none.
    """
    try:
        url = make_url(where.url).set(drivername="postgresql+psycopg")
        engine = create_engine(
            url,
            pool_size=_POOL,
            pool_pre_ping=True,
            connect_args={"connect_timeout": _CONNECT_S},
        )
    except ModuleNotFoundError:
        raise StoreUnavailable(
            "the store cannot be used", database=where.shown, reason=_NO_DRIVER
        ) from None
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreUnavailable(
            "the store cannot be used", database=where.shown, reason=str(error).splitlines()[0]
        ) from None
    event.listen(engine, "connect", _connected)
    return engine


def _connected(connection: DBAPIConnection, _record: object) -> None:
    """What is told as kept is on the disk, whatever the server's default is."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute("SET lock_timeout = '20s'")
        cursor.execute("SET timezone = 'UTC'")
    connection.commit()


def translate(error: BaseException, where: Database) -> KarvanError:
    """Tell an error of the database as one of ours; never with a password."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    state = str(getattr(cause, "sqlstate", None) or "")
    first = (str(cause).splitlines() or [type(cause).__name__])[0]
    reason = _REASONS.get(state[:2], first)
    return StoreUnavailable("the store cannot be used", database=where.shown, reason=reason)
