"""Keys in a database: the `Keys` port on SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import RowMapping, select

from karvan.adapters.sql import journal
from karvan.adapters.sql.database import LOCK_KEYS, SqlDatabase, lock
from karvan.adapters.sql.quotes import open_database
from karvan.adapters.sql.tables import access_keys, revoked_keys
from karvan.domain.errors import StoreDamaged, UnknownKey
from karvan.domain.instants import parse_instant, render_instant
from karvan.services.databases import Database
from karvan.services.keys import Key, Scope

_WHOLE: Final = select(access_keys, revoked_keys.c.revoked_at).join(revoked_keys, isouter=True)


class SqlKeys:
    """Keys in a database whose tables are of this program's version."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database

    def add(self, key: Key, *, actor: str) -> None:
        """Keep a key, and enter it in the journal."""
        with self.database.transaction(writes=True) as connection:
            connection.execute(access_keys.insert().values(**_values(key)))
            journal.append(connection, [journal.key_made(_values(key))], actor=actor)

    def find(self, key_id: str) -> Key | None:
        """Give a key, None where there is none."""
        wanted = _WHOLE.where(access_keys.c.id == key_id)
        with self.database.transaction() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return None if row is None else _key(row)

    def list_keys(self) -> Sequence[Key]:
        """Give every key, the newest first."""
        wanted = _WHOLE.order_by(access_keys.c.created_at.desc(), access_keys.c.id)
        with self.database.transaction() as connection:
            return [_key(row) for row in connection.execute(wanted).mappings()]

    def revoke(self, key_id: str, *, at: datetime, actor: str, reason: str) -> Key:
        """Revoke a key and enter it in the journal; one that is revoked already stays so."""
        wanted = _WHOLE.where(access_keys.c.id == key_id)
        with self.database.transaction(writes=True) as connection:
            lock(connection, LOCK_KEYS)
            row = connection.execute(wanted).mappings().one_or_none()
            if row is None:
                raise UnknownKey("no key has this id", key=key_id)
            if row["revoked_at"] is None:
                connection.execute(
                    revoked_keys.insert().values(key_id=key_id, revoked_at=render_instant(at))
                )
                event = (journal.KEY_REVOKED, key_id, {"revoked_at": render_instant(at)})
                journal.append(connection, [event], actor=actor, reason=reason)
            return _key(connection.execute(wanted).mappings().one())

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


class SqlKeyStores:
    """The `KeyStores` port on SQLite and PostgreSQL."""

    def open(self, where: Database, *, create: bool) -> SqlKeys:
        """Open the keys of a database."""
        return SqlKeys(open_database(where, create=create))


def _values(key: Key) -> dict[str, str]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": " ".join(sorted(scope.value for scope in key.scopes)),
        "created_at": render_instant(key.created_at),
        "until": render_instant(key.until),
        "secret_sha256": key.secret_sha256,
    }


def _key(row: RowMapping) -> Key:
    """Turn a row into a key; raises `StoreDamaged` where a newer program wrote it."""
    try:
        scopes = frozenset(Scope(each) for each in row["scopes"].split())
    except ValueError:
        raise StoreDamaged("a key has a scope that nobody knows", key=row["id"]) from None
    gone = row["revoked_at"]
    return Key(
        id=row["id"],
        name=row["name"],
        scopes=scopes,
        created_at=parse_instant(row["created_at"]),
        until=parse_instant(row["until"]),
        secret_sha256=row["secret_sha256"],
        revoked_at=None if gone is None else parse_instant(gone),
    )
