"""The journal: what was done, by whom and why, each entry chained to the one before by its hash.

Entries are added in the transaction of what they record, and are never changed. An entry holds
hashes and codes, no text of a person: whoever checks the chain needs to see it all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from karvan.domain.errors import InvalidInput, JournalBroken
from karvan.services.databases import Database

#: What the first entry is chained to.
BEGINNING: Final = "0" * 64
#: Who acts where no person or key does.
PROGRAM: Final = "karvan"
#: The largest whole number that every reader of JSON reads alike. Source: RFC 8785, 3.2.2.3.
_LARGEST: Final = 2**53 - 1


def canonical_json(value: object) -> str:
    r"""Render JSON in the one form of RFC 8785, for names in ASCII and without fractions.

    >>> canonical_json({"b": [True, None], "a": "Ақтау\n"})
    '{"a":"Ақтау\\n","b":[true,null]}'

    Raises
    ------
    InvalidInput
        A float, a number too large, a name outside ASCII or half a character.
    """
    _see(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _see(value: object) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not isinstance(name, str) or not name.isascii():
                raise InvalidInput("a name in the journal must be in ASCII", name=str(name))
            _see(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _see(inner)
    elif isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise InvalidInput("half a character cannot stand in the journal")
    elif isinstance(value, int):
        if abs(value) > _LARGEST:
            raise InvalidInput("a number in the journal is too large", number=str(value))
    elif value is not None:
        raise InvalidInput("this cannot stand in the journal", kind=type(value).__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry.

    Attributes
    ----------
    seq
        From 1, without gaps.
    at
        UTC, as text.
    actor, reason
        Who did it and why; '' where the kind says it.
    kind, subject
        What was done, to what.
    body
        Further facts, such as hashes, as canonical JSON.
    previous, hash
        Hash of the entry before, and of this one: SHA-256 of the canonical JSON of all
        other fields, in which `body` is JSON and no text.
    """

    seq: int
    at: str
    actor: str
    reason: str
    kind: str
    subject: str
    body: str
    previous: str
    hash: str

    def fields(self) -> dict[str, object]:
        """What the hash is of; raises `ValueError` when the body is no JSON."""
        return {
            "seq": self.seq,
            "at": self.at,
            "actor": self.actor,
            "reason": self.reason,
            "kind": self.kind,
            "subject": self.subject,
            "body": json.loads(self.body),
            "previous": self.previous,
        }

    def line(self) -> str:
        """The entry as a line of an export."""
        return canonical_json({**self.fields(), "hash": self.hash}) + "\n"


def chain(
    head: Head,
    *,
    at: str,
    kind: str,
    subject: str,
    body: Mapping[str, object],
    actor: str = PROGRAM,
    reason: str = "",
) -> Entry:
    """Make the entry that follows another."""
    fields: dict[str, object] = {
        "seq": head.seq + 1,
        "at": at,
        "actor": actor,
        "reason": reason,
        "kind": kind,
        "subject": subject,
        "body": dict(body),
        "previous": head.hash,
    }
    return Entry(
        seq=head.seq + 1,
        at=at,
        actor=actor,
        reason=reason,
        kind=kind,
        subject=subject,
        body=canonical_json(body),
        previous=head.hash,
        hash=_hash(fields),
    )


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain; whoever notes it down sees later that nothing was cut off."""

    seq: int = 0
    hash: str = BEGINNING


def verify_chain(entries: Iterable[Entry], *, expected: str = "") -> Head:
    """Follow a chain from its beginning; gives its last entry.

    Parameters
    ----------
    expected
        A hash that was noted down earlier and must be of one of the entries; '' for none.

    Raises
    ------
    JournalBroken
        With the number of the first entry that does not fit.
    """
    head, found = Head(), expected in ("", BEGINNING)
    for entry in entries:
        try:
            own = _hash(entry.fields())
        except (ValueError, RecursionError):
            own = ""
        if entry.seq != head.seq + 1 or entry.previous != head.hash:
            raise JournalBroken("an entry does not follow the one before", seq=entry.seq)
        if entry.hash != own:
            raise JournalBroken("an entry was changed", seq=entry.seq)
        head = Head(entry.seq, entry.hash)
        found = found or entry.hash == expected
    if not found:
        raise JournalBroken("the entry that was noted down is gone", hash=expected, last=head.seq)
    return head


def _hash(fields: Mapping[str, object]) -> str:
    return sha256(canonical_json(fields).encode("utf-8")).hexdigest()


class Audit(Protocol):
    """Shows the journal of a database."""

    def verify(self, where: Database, expected: str = "") -> Head:
        """Follow the chain, and see that it and what is kept tell the same.

        Raises
        ------
        JournalBroken
            They do not.
        StoreUnavailable, StoreDamaged
            It cannot be read.
        """

    def export(self, where: Database, target: Path) -> Head:
        """Write the entries to a new file, a line each; raises `InvalidInput`."""
