"""Persons in the journal: by their opaque ids, with no word of what is known of them."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, select

from karvan.adapters.sql.tables import forgotten_persons, person_keys, persons
from karvan.domain.errors import JournalBroken
from karvan.services.journal import Entry, canonical_json

PERSON: Final = "person-"
ADDED: Final = PERSON + "added"
FORGOTTEN: Final = PERSON + "forgotten"


def added(person_id: str, created_at: str, sealed_sha256: str) -> tuple[str, str, dict[str, str]]:
    """The event that something is known of a person: a hash of what is sealed."""
    return ADDED, person_id, {"created_at": created_at, "sealed_sha256": sealed_sha256}


def verify_persons(connection: Connection, entered: Sequence[Entry]) -> None:
    """See that persons are kept as they were entered, and that no forgotten one has a key.

    Raises
    ------
    JournalBroken
        The first of whom this is not so.
    """
    told = {(entry.kind, entry.subject): entry.body for entry in entered}
    found: dict[tuple[str, str], str] = {}
    for row in connection.execute(select(persons)).mappings():
        digest = sha256(bytes(row["sealed"])).hexdigest()
        kind, person_id, body = added(row["id"], row["created_at"], digest)
        found[kind, person_id] = canonical_json(body)
    for row in connection.execute(select(forgotten_persons)).mappings():
        body = {"forgotten_at": row["forgotten_at"]}
        found[FORGOTTEN, row["person_id"]] = canonical_json(body)
    odd = {key[1] for key in told.keys() | found.keys() if told.get(key) != found.get(key)}
    gone = {person_id for kind, person_id in found if kind == FORGOTTEN}
    keys = set(connection.execute(select(person_keys.c.person_id)).scalars())
    odd |= gone & keys
    if odd:
        raise JournalBroken("a person is not kept as was entered", person=min(odd))
