"""Carriers' lists of departures as rows, and in the journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, func, select

from karvan.adapters.sql.tables import timetables
from karvan.domain.errors import InvalidInput, JournalBroken, StoreDamaged
from karvan.domain.instants import parse_instant, render_instant
from karvan.services.journal import Entry, canonical_json
from karvan.services.situation.timetables import Imported, sailing_of

TIMETABLE: Final = "timetable-imported"


def last(connection: Connection) -> int:
    """Number of the last list, 0 without any."""
    return int(connection.execute(select(func.max(timetables.c.seq))).scalar_one() or 0)


def read(connection: Connection) -> Sequence[Imported]:
    """Give every list, the oldest first; raises `StoreDamaged`."""
    found = []
    for row in connection.execute(select(timetables).order_by(timetables.c.seq)).mappings():
        try:
            sailings = tuple(sailing_of(each) for each in json.loads(row["content"]))
            recorded_at = parse_instant(row["recorded_at"])
        except (ValueError, KeyError, TypeError, InvalidInput):
            raise StoreDamaged("a stored list of departures is damaged", seq=row["seq"]) from None
        found.append(
            Imported(
                seq=row["seq"],
                recorded_at=recorded_at,
                actor=row["actor"],
                carrier=row["carrier"],
                sailings=sailings,
            )
        )
    return tuple(found)


def write(connection: Connection, made: Imported) -> None:
    """Keep a list."""
    connection.execute(
        timetables.insert().values(
            seq=made.seq,
            recorded_at=render_instant(made.recorded_at),
            actor=made.actor,
            carrier=made.carrier,
            content=made.content,
        )
    )


def event_of(made: Imported) -> tuple[str, str, dict[str, object]]:
    """The event that a list is kept."""
    body: dict[str, object] = {
        "seq": made.seq,
        "rows": len(made.sailings),
        "content_sha256": made.content_sha256,
    }
    return TIMETABLE, made.carrier, body


def verify_timetables(connection: Connection, entered: Sequence[Entry]) -> None:
    """See that every list is kept as it was entered, and no other; raises `JournalBroken`."""
    try:
        kept = read(connection)
    except StoreDamaged as error:
        raise JournalBroken("a list of departures is damaged", **error.facts) from None
    told = [(each.kind, each.subject, each.body, each.actor) for each in entered]
    for number, made in enumerate(kept):
        kind, subject, body = event_of(made)
        wanted = (kind, subject, canonical_json(body), made.actor)
        if number >= len(told) or told[number] != wanted:
            raise JournalBroken("a list of departures is not kept as it was entered", seq=made.seq)
    if len(told) > len(kept):
        raise JournalBroken("a list of departures that was entered is gone", seq=len(kept) + 1)
