"""Personal data, apart from everything else: sealed under a key a person, which can be destroyed.

Everywhere else a person is an opaque id. What is known of a person is kept encrypted under a key of
its own, and that key encrypted under the master key, which lies outside the database. Nothing is
ever changed: to forget somebody the key is destroyed, and what it opened is noise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.services.databases import Database

#: What may be kept of a person.
FIELDS: Final = ("name", "email", "phone", "organisation")
LONGEST: Final = 200

_ID: Final = re.compile(r"P-[0-9A-F]{16}")


class WhyForgotten(StrEnum):
    """Why a person is forgotten; a word, for what is typed could name the person."""

    REQUEST = "request"
    RETENTION = "retention"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person in the store.

    Attributes
    ----------
    id
        `P-` and 16 hexadecimal digits, drawn at random.
    forgotten_at
        When the key was destroyed, None while it is there.
    fields
        What is known, by names of `FIELDS`; empty where it was not opened or is forgotten.
    """

    id: str
    created_at: datetime
    forgotten_at: datetime | None = None
    fields: Mapping[str, str]


def parse_person_id(text: str) -> str:
    """Read the id of a person.

    >>> parse_person_id("p-00112233445566ff")
    'P-00112233445566FF'
    """
    found = text.strip().upper()
    if _ID.fullmatch(found) is None:
        raise InvalidInput("not the id of a person, like P-00112233445566FF")
    return found


def read_fields(given: Mapping[str, str | None]) -> dict[str, str]:
    """Read what is to be kept of a person.

    Raises
    ------
    InvalidRequest
        With every fault.
    """
    found = {name: text.strip() for name, text in given.items() if text and text.strip()}
    faults = [
        Fault("too-long", "text is too long", f"/{name}", facts={"longest": LONGEST})
        for name, text in found.items()
        if len(text) > LONGEST
    ]
    if "name" not in found:
        faults.append(Fault("missing", "is required", "/name"))
    if faults:
        raise InvalidRequest(faults)
    return found


class Vault(Protocol):
    """Where personal data is kept."""

    def put(self, fields: Mapping[str, str], now: datetime, actor: str) -> Person:
        """Keep what is known of a person, under a new key.

        Raises
        ------
        VaultLocked
            There is no master key, or another one than before.
        """

    def get(self, person_id: str) -> Person:
        """Open what is known of a person; without fields when it is forgotten.

        Raises
        ------
        UnknownPerson
            No person has this id.
        VaultLocked
            There is no master key, or another one.
        StoreDamaged
            What is kept is not what was put.
        """

    def list_persons(self) -> Sequence[Person]:
        """Give every person, the newest first, unopened."""

    def forget(self, person_id: str, now: datetime, actor: str, why: WhyForgotten) -> Person:
        """Destroy the key of a person; once more changes nothing.

        Needs no master key. Raises `UnknownPerson`.
        """

    def close(self) -> None:
        """Let go of the store."""


class Vaults(Protocol):
    """Opens vaults, and makes master keys."""

    def open(self, where: Database, master: Path | None, *, create: bool) -> Vault:
        """Open a vault; raises `StoreUnavailable`, `StoreDamaged`, `VaultLocked`."""

    def make_master(self, target: Path) -> None:
        """Write a new master key to a new file that only its owner reads; raises `InvalidInput`."""
