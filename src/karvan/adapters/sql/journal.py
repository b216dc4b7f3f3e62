"""The journal in the database: entries are added last in the transaction of what they record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, select

from karvan.adapters.sql.closure_journal import CLOSURE, verify_closures
from karvan.adapters.sql.database import LOCK_JOURNAL, lock
from karvan.adapters.sql.person_journal import PERSON, verify_persons
from karvan.adapters.sql.tables import access_keys, journal, quotes, revoked_keys
from karvan.adapters.sql.timetable_rows import TIMETABLE, verify_timetables
from karvan.domain.errors import JournalBroken
from karvan.domain.instants import render_instant
from karvan.services.journal import (
    PROGRAM,
    Entry,
    Head,
    canonical_json,
    chain,
    verify_chain,
)

#: Kinds of entries: a quote that is kept now, and one from before there was a journal.
KEPT: Final = "quote-kept"
FOUND: Final = "quote-found"
TABLES: Final = "tables-made"
REMOVED: Final = "quote-removed"
JOB_REMOVED: Final = "job-removed"
KEY_MADE: Final = "key-made"
KEY_REVOKED: Final = "key-revoked"

#: What is written: kind, subject, body.
Event = tuple[str, str, Mapping[str, object]]


def append(
    connection: Connection, events: Sequence[Event], *, actor: str = PROGRAM, reason: str = ""
) -> None:
    """Add entries, the last thing a transaction does, so that no two wait for each other."""
    if not events:
        return
    lock(connection, LOCK_JOURNAL)
    at = render_instant(datetime.now(UTC).replace(microsecond=0))
    last = select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    head = Head() if row is None else Head(row.seq, row.hash)
    entries = []
    for kind, subject, body in events:
        entry = chain(
            head, at=at, kind=kind, subject=subject, body=body, actor=actor, reason=reason
        )
        head = Head(entry.seq, entry.hash)
        entries.append({each.name: getattr(entry, each.name) for each in journal.columns})
    connection.execute(journal.insert(), entries)


def kept(quote_id: str, answer_sha256: str, tables_hash: str, *, kind: str = KEPT) -> Event:
    """The event that a quote is kept."""
    return kind, quote_id, {"answer_sha256": answer_sha256, "tables_hash": tables_hash}


def key_made(row: Mapping[str, str]) -> Event:
    """The event that a key is made: a hash of all that is kept of it, for it may name a person."""
    told = {column.name: row[column.name] for column in access_keys.columns}
    digest = sha256(canonical_json(told).encode("utf-8")).hexdigest()
    return KEY_MADE, row["id"], {"sha256": digest}


def adopt(connection: Connection) -> None:
    """Enter the quotes that were kept before there was a journal."""
    known = select(journal.c.subject).where(journal.c.kind.in_((KEPT, FOUND)))
    wanted = select(quotes.c.id, quotes.c.answer_sha256, quotes.c.tables_hash).where(
        quotes.c.id.not_in(known)
    )
    rows = connection.execute(wanted.order_by(quotes.c.created_at, quotes.c.id)).all()
    append(connection, [kept(*row, kind=FOUND) for row in rows])


def entries_of(connection: Connection) -> Iterator[Entry]:
    """Give every entry, the oldest first."""
    for row in connection.execute(select(journal).order_by(journal.c.seq)):
        yield Entry(**row._mapping)


def verify(connection: Connection, expected: str = "") -> Head:
    """Follow the chain, and see that all is entered as it is kept.

    Raises
    ------
    JournalBroken
        The first thing that does not fit.
    """
    entered: dict[str, Event] = {}
    keys: dict[tuple[str, str], object] = {}
    closed: list[Entry] = []
    people: list[Entry] = []
    lists: list[Entry] = []

    def noted() -> Iterator[Entry]:
        for entry in entries_of(connection):
            if entry.kind in (KEPT, FOUND):
                entered[entry.subject] = (entry.kind, entry.subject, entry.fields())
            elif entry.kind == REMOVED:
                entered.pop(entry.subject, None)
            elif entry.kind in (KEY_MADE, KEY_REVOKED):
                keys[entry.kind, entry.subject] = entry.fields()["body"]
            elif entry.kind.startswith(CLOSURE):
                closed.append(entry)
            elif entry.kind.startswith(PERSON):
                people.append(entry)
            elif entry.kind == TIMETABLE:
                lists.append(entry)
            yield entry

    head = verify_chain(noted(), expected=expected)
    for row in connection.execute(
        select(quotes.c.id, quotes.c.answer_sha256, quotes.c.tables_hash).order_by(quotes.c.id)
    ):
        _, _, fields = entered.pop(row.id, ("", "", {"body": None}))
        if fields["body"] != kept(*row)[2]:
            raise JournalBroken("a quote is not kept as it was entered", quote_id=row.id)
    if entered:
        raise JournalBroken("a quote that was entered is gone", quote_id=min(entered))
    _see_keys(connection, keys)
    verify_closures(connection, closed)
    verify_persons(connection, people)
    verify_timetables(connection, lists)
    return head


def _see_keys(connection: Connection, entered: Mapping[tuple[str, str], object]) -> None:
    """See that the keys are those that were entered: none put in, none brought back to life."""
    found: dict[tuple[str, str], object] = {}
    for row in connection.execute(select(access_keys)).mappings():
        kind, key_id, body = key_made({name: row[name] for name in row})
        found[kind, key_id] = body
    for row in connection.execute(select(revoked_keys)).mappings():
        found[KEY_REVOKED, row["key_id"]] = {"revoked_at": row["revoked_at"]}
    odd = {
        key_id
        for kind, key_id in found.keys() | entered.keys()
        if found.get((kind, key_id)) != entered.get((kind, key_id))
    }
    if odd:
        raise JournalBroken("a key is not kept as it was entered", key=min(odd))
