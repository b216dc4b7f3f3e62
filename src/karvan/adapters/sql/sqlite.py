"""SQLite: how a file is opened, what its connections are told, what its errors mean.

Source: sqlite.org, pages on WAL, on pragmas, on result codes and on URI file names.
"""

from __future__ import annotations

import os
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from karvan.domain.errors import KarvanError, StoreDamaged, StoreUnavailable

#: How long a writer waits for another.
BUSY_MS: Final = 20_000
#: Option of an execution that writes: its transaction takes the lock at its begin.
WRITES: Final = "karvan_writes"

_PRIVATE: Final = 0o700
_POOL: Final = 4
_WAL_ATTEMPTS: Final = 200

_NO_NAME: Final = "its name is no name of a file"
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the file or its folder may not be written",
    sqlite3.SQLITE_BUSY: "another program holds it",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk failed or is full",
}


def open_engine(file: Path, *, create: bool) -> Engine:
    """Make an engine on a file; nothing is read or written before the first connection.

    Parameters
    ----------
    create
        Make the file and its folder where they are missing.
    """
    if "\0" in str(file):
        # SQLite would take the name up to there for the whole.
        raise StoreUnavailable("the store cannot be used", path=str(file), reason=_NO_NAME)
    if create:
        _make_folder(file)
    engine = create_engine(
        "sqlite+pysqlite://",
        creator=partial(_connect, file, create=create),
        poolclass=QueuePool,
        pool_size=_POOL,
    )
    event.listen(engine, "begin", _begin)
    return engine


def translate(error: BaseException, file: Path) -> KarvanError:
    """Tell an error of the database as one of ours."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    code = getattr(cause, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else -1
    if primary in _DAMAGED:
        return StoreDamaged(
            "the store is damaged, or no store at all", path=str(file), reason=str(cause)
        )
    reason = _REASONS.get(primary, str(cause))
    return StoreUnavailable("the store cannot be used", path=str(file), reason=reason)


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or _NO_NAME
        raise StoreUnavailable("the store cannot be used", path=str(file), reason=reason) from None


def _connect(file: Path, *, create: bool) -> sqlite3.Connection:
    """Open the file and tell the connection how to work."""
    uri = f"{file.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    if not create and not _is_writable(file):
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        # What is removed is overwritten: a key that is destroyed leaves nothing in the file.
        connection.execute("PRAGMA secure_delete = ON")
        if "immutable" not in uri:
            _write_ahead(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _is_writable(file: Path) -> bool:
    """Whether the file and the folder of its log may be written; else it is only looked at."""
    log = file.with_name(file.name + "-wal")
    return log.exists() or (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; while another switches, SQLite does not wait by itself."""
    for attempt in range(_WAL_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or attempt + 1 == _WAL_ATTEMPTS:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
