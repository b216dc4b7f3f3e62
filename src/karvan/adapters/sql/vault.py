"""Personal data in a database: the `Vault` port on SQLAlchemy Core."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, RowMapping, select

from karvan.adapters.sealing import new_key, read_master, seal, unseal, write_master
from karvan.adapters.sql import journal
from karvan.adapters.sql.database import LOCK_PERSONS, SqlDatabase, lock
from karvan.adapters.sql.person_journal import FORGOTTEN, added
from karvan.adapters.sql.quotes import open_database
from karvan.adapters.sql.tables import forgotten_persons, person_keys, persons
from karvan.domain.errors import StoreDamaged, UnknownPerson, VaultLocked
from karvan.domain.instants import parse_instant, render_instant
from karvan.services.databases import Database
from karvan.services.persons import Person, WhyForgotten

_WHOLE: Final = select(
    persons, person_keys.c.wrapped, forgotten_persons.c.forgotten_at
).select_from(persons.outerjoin(person_keys).outerjoin(forgotten_persons))


class SqlVault:
    """Personal data in a database whose tables are of this program's version."""

    def __init__(self, database: SqlDatabase, master: Path | None) -> None:
        self.database = database
        self._master = master

    def put(self, fields: Mapping[str, str], now: datetime, actor: str) -> Person:
        """Keep what is known of a person."""
        master = read_master(self._master)
        person_id, key = f"P-{secrets.token_hex(8).upper()}", new_key()
        plain = json.dumps(dict(fields), ensure_ascii=False).encode("utf-8")
        at, sealed = render_instant(now), seal(key, plain, f"person:{person_id}")
        with self.database.transaction(writes=True) as connection:
            lock(connection, LOCK_PERSONS)
            self._check_master(connection, master)
            connection.execute(persons.insert().values(id=person_id, created_at=at, sealed=sealed))
            wrapped = seal(master, key, f"key:{person_id}")
            connection.execute(person_keys.insert().values(person_id=person_id, wrapped=wrapped))
            digest = sha256(sealed).hexdigest()
            journal.append(connection, [added(person_id, at, digest)], actor=actor)
        return Person(id=person_id, created_at=now, fields=dict(fields))

    def get(self, person_id: str) -> Person:
        """Open what is known of a person."""
        with self.database.transaction() as connection:
            row = _row(connection, person_id)
        person = _person(row)
        if person.forgotten_at is not None:
            return person
        if row["wrapped"] is None:
            raise StoreDamaged("the key of a person is missing", person=person_id)
        key = unseal(read_master(self._master), bytes(row["wrapped"]), f"key:{person_id}")
        if key is None:
            raise VaultLocked("this is not the master key under which the person was kept")
        plain = unseal(key, bytes(row["sealed"]), f"person:{person_id}")
        if plain is None:
            raise StoreDamaged("what is kept of a person is damaged", person=person_id)
        fields = json.loads(plain.decode("utf-8"))
        return Person(id=person.id, created_at=person.created_at, fields=fields)

    def list_persons(self) -> Sequence[Person]:
        """Give every person, unopened."""
        wanted = _WHOLE.order_by(persons.c.created_at.desc(), persons.c.id)
        with self.database.transaction() as connection:
            return [_person(row) for row in connection.execute(wanted).mappings()]

    def forget(self, person_id: str, now: datetime, actor: str, why: WhyForgotten) -> Person:
        """Destroy the key of a person."""
        with self.database.transaction(writes=True) as connection:
            lock(connection, LOCK_PERSONS)
            if _person(_row(connection, person_id)).forgotten_at is None:
                connection.execute(person_keys.delete().where(person_keys.c.person_id == person_id))
                at = render_instant(now)
                connection.execute(
                    forgotten_persons.insert().values(person_id=person_id, forgotten_at=at)
                )
                event = (FORGOTTEN, person_id, {"forgotten_at": at})
                journal.append(connection, [event], actor=actor, reason=why.value)
            person = _person(_row(connection, person_id))
        self.database.scrub()
        return person

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    @staticmethod
    def _check_master(connection: Connection, master: bytes) -> None:
        """See that everybody is kept under one master key, or a lost one would be found late."""
        found = connection.execute(select(person_keys).limit(1)).mappings().one_or_none()
        if found is None:
            return
        if unseal(master, bytes(found["wrapped"]), f"key:{found['person_id']}") is None:
            raise VaultLocked("others are kept under another master key")


class SqlVaults:
    """The `Vaults` port on SQLite and PostgreSQL."""

    def open(self, where: Database, master: Path | None, *, create: bool) -> SqlVault:
        """Open a vault."""
        return SqlVault(open_database(where, create=create), master)

    def make_master(self, target: Path) -> None:
        """Write a new master key."""
        write_master(target)


def _row(connection: Connection, person_id: str) -> RowMapping:
    row = connection.execute(_WHOLE.where(persons.c.id == person_id)).mappings().one_or_none()
    if row is None:
        raise UnknownPerson("no person has this id", person=person_id)
    return row


def _person(row: RowMapping) -> Person:
    gone = row["forgotten_at"]
    return Person(
        id=row["id"],
        created_at=parse_instant(row["created_at"]),
        forgotten_at=None if gone is None else parse_instant(gone),
        fields={},
    )
