"""Quotes in a database: the `QuoteStore` port on SQLAlchemy Core."""

from __future__ import annotations

import difflib
import json
import zlib
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from karvan.adapters.formats.archives import pack, unpack
from karvan.adapters.sql import journal
from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.schema import prepare
from karvan.adapters.sql.tables import quotes, table_sets
from karvan.domain.errors import (
    KarvanError,
    QuoteConflict,
    StoreDamaged,
    UnknownQuote,
)
from karvan.domain.instants import render_instant
from karvan.services.databases import Database
from karvan.services.quoting.store import MOST_LISTED, StoredQuote, TableSet

#: The newest ids among which those like an unknown one are looked for.
_LOOKED_THROUGH: Final = 5_000
#: The longest answer that is unpacked, in bytes.
_LONGEST: Final = 64 * 1024 * 1024


class SqlQuotes:
    """A store in a database.

    Attributes
    ----------
    database
        Opened, its tables of this program's version.
    """

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database

    def put(self, given: Sequence[StoredQuote], tables: TableSet) -> None:
        """Keep quotes and their tables, all or none."""
        for quote in given:
            assert quote.tables_hash == tables.content_hash, "a quote of other tables"
        try:
            self._put(given, tables)
        except IntegrityError:
            # Somebody else put the same id between our look and our insert: look again.
            self._put(given, tables)

    def _put(self, given: Sequence[StoredQuote], tables: TableSet) -> None:
        with self.database.transaction(writes=True) as connection:
            _put_tables(connection, tables)
            events = []
            # By id, so that two writers never wait for each other in a ring.
            for quote in sorted(given, key=lambda each: each.quote_id):
                row = connection.execute(
                    select(quotes).where(quotes.c.id == quote.quote_id)
                ).one_or_none()
                if row is None:
                    connection.execute(quotes.insert().values(**_values(quote)))
                    events.append(
                        journal.kept(quote.quote_id, quote.answer_sha256, quote.tables_hash)
                    )
                elif _quote(row).answer != quote.answer:
                    raise QuoteConflict(
                        "another answer is stored under this id", quote_id=quote.quote_id
                    )
            journal.append(connection, events)

    def get(self, quote_id: str) -> StoredQuote:
        """Give a quote."""
        with self.database.transaction() as connection:
            row = connection.execute(select(quotes).where(quotes.c.id == quote_id)).one_or_none()
            if row is not None:
                return _quote(row)
            newest = select(quotes.c.id).order_by(quotes.c.created_at.desc(), quotes.c.id)
            ids = connection.execute(newest.limit(_LOOKED_THROUGH)).scalars().all()
        raise UnknownQuote(
            "no stored quote has this id",
            quote_id=quote_id,
            suggestions=difflib.get_close_matches(quote_id, ids, n=3, cutoff=0.7),
        )

    def get_tables(self, content_hash: str) -> TableSet:
        """Give a set of tables."""
        with self.database.transaction() as connection:
            archive = connection.execute(
                select(table_sets.c.archive).where(table_sets.c.content_hash == content_hash)
            ).scalar_one_or_none()
        return _tables(content_hash, archive)

    def list_quotes(self, limit: int = 50, offset: int = 0) -> Sequence[StoredQuote]:
        """Give quotes, the newest first."""
        wanted = (
            select(quotes)
            .order_by(quotes.c.created_at.desc(), quotes.c.id)
            .limit(min(limit, MOST_LISTED))
            .offset(offset)
        )
        with self.database.transaction() as connection:
            rows = connection.execute(wanted).all()
        return [found for row in rows if isinstance(found := _try(row), StoredQuote)]

    def check(self) -> Sequence[StoreDamaged]:
        """Look at every quote and set of tables."""
        told: list[StoreDamaged] = []
        with self.database.transaction() as connection:
            for name, archive in connection.execute(select(table_sets)):
                try:
                    _tables(name, archive)
                except StoreDamaged as error:
                    told.append(error)
            for row in connection.execute(select(quotes).order_by(quotes.c.id)):
                found = _try(row)
                if isinstance(found, StoreDamaged):
                    told.append(found)
        return told

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


class SqlStores:
    """The `Stores` port on SQLite and PostgreSQL."""

    def open(self, where: Database, *, create: bool) -> SqlQuotes:
        """Open a store."""
        return SqlQuotes(open_database(where, create=create))


def open_database(where: Database, *, create: bool) -> SqlDatabase:
    """Open a database and see that its tables are ours."""
    database = SqlDatabase(where, create=create)
    try:
        prepare(database, create=create)
    except KarvanError as error:
        database.close()
        for name, value in where.facts.items():
            error.facts.setdefault(name, value)
        raise
    return database


def _put_tables(connection: Connection, tables: TableSet) -> None:
    wanted = table_sets.c.content_hash == tables.content_hash
    known = connection.execute(select(table_sets.c.content_hash).where(wanted)).scalar_one_or_none()
    if known is None:
        files = {path: tables.files[path] for path in sorted(tables.files)}
        connection.execute(
            table_sets.insert().values(content_hash=tables.content_hash, archive=pack(files))
        )


def _values(quote: StoredQuote) -> dict[str, object]:
    seed = quote.request.get("seed")
    return {
        "id": quote.quote_id,
        "created_at": render_instant(quote.created_at),
        "expires_at": render_instant(quote.expires_at),
        "request": quote.request_json,
        "seed": seed if isinstance(seed, int) else None,
        "network_hash": quote.network_hash,
        "tariff_version": quote.tariff_version,
        "timetable_hash": quote.timetable_hash,
        "engine_version": quote.engine_version,
        "tables_hash": quote.tables_hash,
        "answer": zlib.compress(quote.answer.encode("utf-8")),
        "answer_sha256": quote.answer_sha256,
    }


def _try(row: Row[tuple[object, ...]]) -> StoredQuote | StoreDamaged:
    try:
        return _quote(row)
    except StoreDamaged as error:
        return error


def _quote(row: Row[tuple[object, ...]]) -> StoredQuote:
    """Turn a row into a quote.

    Raises
    ------
    StoreDamaged
        The answer has another hash, or a column says something else than the answer.
    """
    columns = dict(row._mapping)
    told = {"quote_id": columns["id"]}
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(bytes(columns["answer"]), _LONGEST)
        answer = data.decode("utf-8")
    except (zlib.error, UnicodeDecodeError, TypeError):
        raise StoreDamaged("a stored quote is damaged", **told, part="answer") from None
    if sha256(data).hexdigest() != columns["answer_sha256"]:
        raise StoreDamaged("a stored quote is damaged", **told, part="answer")
    quote = StoredQuote.of(answer, str(columns["tables_hash"]))
    for name, value in _values(quote).items():
        if name not in ("answer", "request") and columns[name] != value:
            raise StoreDamaged("a stored quote is damaged", **told, part=name)
    if not _same_json(columns["request"], quote.request):
        raise StoreDamaged("a stored quote is damaged", **told, part="request")
    return quote


def _same_json(text: object, value: object) -> bool:
    try:
        return bool(json.loads(str(text)) == value)
    except ValueError:
        return False


def _tables(content_hash: str, archive: bytes | None) -> TableSet:
    told = {"tables_hash": content_hash}
    if archive is None:
        raise StoreDamaged("the tables of a stored quote are missing", **told)
    files, faults = unpack("tables", bytes(archive))
    if faults:
        reason = faults[0].message
        raise StoreDamaged("a stored set of tables is damaged", **told, reason=reason)
    found = TableSet.of(files)
    if found.content_hash != content_hash:
        raise StoreDamaged("a stored set of tables is damaged", **told, reason="another hash")
    return found
