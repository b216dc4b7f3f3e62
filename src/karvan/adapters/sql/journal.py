"""The journal in the database: entries are added last in the transaction of what they record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, select

from karvan.adapters.sql.database import LOCK_JOURNAL, lock
from karvan.adapters.sql.tables import journal, quotes
from karvan.domain.errors import JournalBroken
from karvan.domain.instants import render_instant
from karvan.services.journal import Entry, Head, chain, verify_chain

#: Kinds of entries: a quote that is kept now, and one from before there was a journal.
KEPT: Final = "quote-kept"
FOUND: Final = "quote-found"
TABLES: Final = "tables-made"

#: What is written: kind, subject, body.
Event = tuple[str, str, Mapping[str, object]]


def append(connection: Connection, events: Sequence[Event]) -> None:
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
        entry = chain(head, at=at, kind=kind, subject=subject, body=body)
        head = Head(entry.seq, entry.hash)
        entries.append({each.name: getattr(entry, each.name) for each in journal.columns})
    connection.execute(journal.insert(), entries)


def kept(quote_id: str, answer_sha256: str, tables_hash: str, *, kind: str = KEPT) -> Event:
    """The event that a quote is kept."""
    return kind, quote_id, {"answer_sha256": answer_sha256, "tables_hash": tables_hash}


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
    """Follow the chain, and see that every quote is entered as it is kept, and no other.

    Raises
    ------
    JournalBroken
        The first thing that does not fit.
    """
    entered: dict[str, Event] = {}

    def noted() -> Iterator[Entry]:
        for entry in entries_of(connection):
            if entry.kind in (KEPT, FOUND):
                entered[entry.subject] = (entry.kind, entry.subject, entry.fields())
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
    return head
