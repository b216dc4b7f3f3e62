"""Answers given once, in a database: the `AnswersOnce` port on SQLAlchemy Core."""

from __future__ import annotations

import json
import secrets
import zlib
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, select
from sqlalchemy.exc import IntegrityError

from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.quotes import open_database
from karvan.adapters.sql.tables import answers_once
from karvan.domain.errors import IdempotencyConflict, StillUnderWay
from karvan.domain.instants import parse_instant, render_instant
from karvan.services.databases import Database
from karvan.services.idempotency import CLAIMED_FOR, KEPT_FOR, Answered, Asked, Claim

_COLUMNS: Final = answers_once.c
_NOTHING_YET: Final = {"status": None, "headers": None, "body": None}


class SqlAnswersOnce:
    """Claims and answers in a database whose tables are of this program's version."""

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database

    def claim(self, asked: Asked, now: datetime) -> Claim | Answered:
        """Claim a key, or give the answer that is kept under it."""
        try:
            return self._claim(asked, now)
        except IntegrityError:
            # Somebody else claimed it between our look and our insert: look again.
            return self._claim(asked, now)

    def _claim(self, asked: Asked, now: datetime) -> Claim | Answered:
        claim = Claim(asked=asked, token=secrets.token_hex(16))
        values = {
            "fingerprint": asked.fingerprint,
            "claimed_at": render_instant(now),
            "token": claim.token,
            **_NOTHING_YET,
        }
        with self.database.transaction(writes=True) as connection:
            row = _find(connection, asked)
            if row is None:
                connection.execute(
                    answers_once.insert().values(caller=asked.caller, key=asked.key, **values)
                )
                return claim
            age = now - parse_instant(row["claimed_at"])
            if age < KEPT_FOR and row["fingerprint"] != asked.fingerprint:
                raise IdempotencyConflict("something else was asked under this key")
            if age < KEPT_FOR and row["status"] is not None:
                return _answered(row)
            if row["status"] is None and age < CLAIMED_FOR:
                raise StillUnderWay("the same was asked a moment ago and is not answered yet")
            same = and_(_is(asked), _COLUMNS.token == row["token"])
            taken = connection.execute(answers_once.update().where(same).values(**values))
            if taken.rowcount != 1:
                raise StillUnderWay("the same was asked a moment ago and is not answered yet")
            return claim

    def keep(self, claim: Claim, answer: Answered) -> None:
        """Keep an answer; nothing happens when another has taken the claim over."""
        with self.database.transaction(writes=True) as connection:
            connection.execute(
                answers_once.update()
                .where(_still(claim))
                .values(
                    status=answer.status,
                    headers=json.dumps(dict(answer.headers)),
                    body=zlib.compress(answer.body),
                )
            )

    def release(self, claim: Claim) -> None:
        """Give a claim back without an answer, so that the next may try."""
        with self.database.transaction(writes=True) as connection:
            connection.execute(answers_once.delete().where(_still(claim)))

    def prune(self, before: datetime) -> int:
        """Remove what was claimed before an instant; gives how many."""
        old = _COLUMNS.claimed_at < render_instant(before)
        with self.database.transaction(writes=True) as connection:
            return connection.execute(answers_once.delete().where(old)).rowcount

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


class SqlAnswerStores:
    """The `AnswerStores` port on SQLite and PostgreSQL."""

    def open(self, where: Database, *, create: bool) -> SqlAnswersOnce:
        """Open the answers of a database."""
        return SqlAnswersOnce(open_database(where, create=create))


def _is(asked: Asked) -> ColumnElement[bool]:
    return and_(_COLUMNS.caller == asked.caller, _COLUMNS.key == asked.key)


def _still(claim: Claim) -> ColumnElement[bool]:
    """Whether the claim is the last one and waits for its answer."""
    return and_(_is(claim.asked), _COLUMNS.token == claim.token, _COLUMNS.status.is_(None))


def _find(connection: Connection, asked: Asked) -> RowMapping | None:
    return connection.execute(select(answers_once).where(_is(asked))).mappings().one_or_none()


def _answered(row: RowMapping) -> Answered:
    return Answered(
        status=row["status"],
        headers=json.loads(row["headers"]),
        body=zlib.decompress(bytes(row["body"])),
    )
