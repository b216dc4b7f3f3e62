"""Answers given once: what was asked twice under one `Idempotency-Key` has one effect.

Source: IETF draft-ietf-httpapi-idempotency-key-header; invariant I3. Who asks first claims the
key; its answer is kept for a day, and whoever asks again gets it. A claim whose holder died can
be taken over after a while: so whatever has an effect derives its id from the key, and finds
what it made the first time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from karvan.services.databases import Database

#: How long an answer is kept.
KEPT_FOR: Final = timedelta(hours=24)
#: How long a claim without an answer keeps others out.
CLAIMED_FOR: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked under a key.

    Attributes
    ----------
    caller
        In whose name the key counts; two callers may choose the same.
    key
        What the caller chose.
    fingerprint
        Hash of everything that decides the answer.
    """

    caller: str
    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to answer what is asked."""

    asked: Asked
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer as it was given."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class AnswersOnce(Protocol):
    """Where claims and answers are kept."""

    def claim(self, asked: Asked, now: datetime) -> Claim | Answered:
        """Claim a key, or give the answer that is kept under it.

        Raises
        ------
        IdempotencyConflict
            Something else was asked under this key.
        StillUnderWay
            Another holds the claim and has not answered yet.
        """

    def keep(self, claim: Claim, answer: Answered) -> None:
        """Keep an answer; nothing happens when another has taken the claim over."""

    def release(self, claim: Claim) -> None:
        """Give a claim back without an answer, so that the next may try."""

    def prune(self, before: datetime) -> int:
        """Remove what was claimed before an instant; gives how many."""

    def close(self) -> None:
        """Let go of the database."""


class AnswerStores(Protocol):
    """Opens the answers of databases."""

    def open(self, where: Database, *, create: bool) -> AnswersOnce:
        """Open them; raises `StoreUnavailable`, `StoreDamaged`, `StoreVersion`."""
