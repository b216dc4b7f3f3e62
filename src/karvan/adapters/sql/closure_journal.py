"""Closures in the journal: what is entered of one, and whether it is kept as it was entered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select

from karvan.adapters.sql.closure_rows import closure_of
from karvan.adapters.sql.tables import closures
from karvan.domain.errors import JournalBroken, StoreDamaged
from karvan.services.journal import Entry, canonical_json
from karvan.services.situation.closures import Closure

#: Kinds of entries about closures begin so; what was done follows.
CLOSURE: Final = "closure-"


def event_of(closure: Closure) -> tuple[str, str, dict[str, object]]:
    """The event that a version of a closure is entered; its words stay out of the journal."""
    body: dict[str, object] = {
        "version": closure.version,
        "seq": closure.seq,
        "content_sha256": closure.content_sha256,
    }
    return CLOSURE + closure.deed.value, closure.id, body


def verify_closures(connection: Connection, told: Sequence[Entry]) -> None:
    """See that every version of a closure is entered as it is kept, and no other.

    Raises
    ------
    JournalBroken
        The first that is not.
    """
    entered = dict(enumerate(told, start=1))
    for row in connection.execute(select(closures).order_by(closures.c.seq)):
        entry = entered.pop(row.seq, None)
        try:
            closure = closure_of(row)
        except StoreDamaged:
            closure = None
        if entry is None or closure is None or not _is_of(entry, closure):
            raise JournalBroken("a closure is not kept as it was entered", seq=row.seq)
    if entered:
        raise JournalBroken("a closure that was entered is gone", seq=min(entered))


def _is_of(entry: Entry, closure: Closure) -> bool:
    kind, subject, body = event_of(closure)
    wanted = (kind, subject, canonical_json(body), closure.actor, closure.cause)
    return wanted == (entry.kind, entry.subject, entry.body, entry.actor, entry.reason)
