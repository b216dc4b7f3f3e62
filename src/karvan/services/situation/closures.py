"""Closures as they are kept, and the port through which they are.

Nothing is changed or removed: a closure is a chain of versions, and a correction or a reopening
is one more of them. The number of the last entry of all is the version of the situation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final, Protocol

from karvan.domain.instants import minutes_since_epoch, render_instant
from karvan.network.situation import DatedClosure, Reopening, Situation
from karvan.services.databases import Database
from karvan.services.journal import canonical_json
from karvan.services.situation.timetables import Imported, Sailing

#: What a closure was entered from where nobody says more.
ESTIMATE: Final = "estimate"


class Deed(StrEnum):
    """What an entry does."""

    CLOSED = "closed"
    CORRECTED = "corrected"
    LIFTED = "lifted"


class TargetKind(StrEnum):
    """What can be closed."""

    PLACE = "place"
    LINK = "link"
    SERVICE = "service"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """When something opens again; low <= likely <= high."""

    low: datetime
    likely: datetime
    high: datetime

    @property
    def is_certain(self) -> bool:
        """Whether it is one instant."""
        return self.low == self.high

    def in_minutes(self) -> Reopening:
        """The same for those who count in minutes."""
        return Reopening(
            low_min=minutes_since_epoch(self.low),
            likely_min=minutes_since_epoch(self.likely),
            high_min=minutes_since_epoch(self.high),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """One version of a closure.

    Attributes
    ----------
    id
        `TARGET@DATE.n`: what is closed, the first day there, and a number from 1.
    version
        From 1.
    seq
        Number of the entry among those of all closures, from 1; 0 while it is not kept.
    recorded_at
        The clock of whoever entered it.
    actor
        Opaque id of whoever entered it.
    reopening
        None until further notice.
    share_lost_pct
        Per cent of capacity lost, 1 to 100; 100 is closed.
    note
        Why this entry was made, in the words of whoever made it.
    source
        Where it was heard; `estimate` where nobody says.
    """

    id: str
    version: int
    seq: int = 0
    deed: Deed
    recorded_at: datetime
    actor: str
    target: str
    kind: TargetKind
    cause: str
    since: datetime
    reopening: Interval | None
    share_lost_pct: int = 100
    note: str = ""
    source: str = ESTIMATE

    @property
    def is_closed(self) -> bool:
        """Whether nothing goes any more."""
        return self.share_lost_pct == 100

    def is_over(self, now: datetime) -> bool:
        """Whether it has ended by a clock, or never began."""
        return self.reopening is not None and self.reopening.high <= max(now, self.since)

    def is_in_force(self, now: datetime) -> bool:
        """Whether it holds at a clock."""
        return self.since <= now and not self.is_over(now)

    @property
    def content(self) -> dict[str, object]:
        """Everything but its number among all entries, as text and whole numbers."""
        end = self.reopening
        return {
            "id": self.id,
            "version": self.version,
            "deed": self.deed.value,
            "recorded_at": render_instant(self.recorded_at),
            "actor": self.actor,
            "target": self.target,
            "kind": self.kind.value,
            "cause": self.cause,
            "since": render_instant(self.since),
            "reopens_low": None if end is None else render_instant(end.low),
            "reopens_likely": None if end is None else render_instant(end.likely),
            "reopens_high": None if end is None else render_instant(end.high),
            "share_lost_pct": self.share_lost_pct,
            "note": self.note,
            "source": self.source,
        }

    @property
    def content_sha256(self) -> str:
        """Hash of the content, as the journal has it."""
        return sha256(canonical_json(self.content).encode("utf-8")).hexdigest()

    def change(self) -> DatedClosure:
        """The same as a change of the network."""
        return DatedClosure(
            id=self.id,
            target=self.target,
            cause=self.cause,
            from_min=minutes_since_epoch(self.since),
            reopening=None if self.reopening is None else self.reopening.in_minutes(),
            share_lost=self.share_lost_pct / 100,
            note=self.note,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be entered; the store gives the numbers.

    Attributes
    ----------
    closure_id, base_version
        Of the closure that is corrected or lifted, '' and 0 for a new one.
    day
        First day on the clock of the place, for the id; that of UTC without one.
    """

    closure_id: str = ""
    base_version: int = 0
    day: date | None = None
    deed: Deed
    recorded_at: datetime
    actor: str
    target: str
    kind: TargetKind
    cause: str
    since: datetime
    reopening: Interval | None
    share_lost_pct: int = 100
    note: str = ""
    source: str = ESTIMATE

    def numbered(self, number: int, seq: int = 0) -> Closure:
        """The entry under a number among the closures of its target and day."""
        return Closure(
            id=self.closure_id or f"{self.target}@{(self.day or self.since.date())}.{number}",
            version=self.base_version + 1,
            seq=seq,
            **{name: getattr(self, name) for name in _SHARED},
        )


_SHARED: Final = (
    "deed",
    "recorded_at",
    "actor",
    "target",
    "kind",
    "cause",
    "since",
    "reopening",
    "share_lost_pct",
    "note",
    "source",
)


class ClosureStore(Protocol):
    """Where closures are kept. Nothing is changed or removed."""

    def version(self) -> int:
        """Number of the last entry, 0 without any; cheap."""

    def entries(self, closure_id: str = "") -> Sequence[Closure]:
        """Give every entry, or those of one closure, in the order in which they were made.

        Raises
        ------
        StoreDamaged
            What is stored is not what was put.
        """

    def add(self, draft: Draft) -> Closure:
        """Keep an entry; when this returns it is on the disk and in the journal.

        Raises
        ------
        StaleVersion
            Somebody else corrected or lifted the closure first.
        StoreUnavailable, StoreDamaged
            Nothing was kept.
        """

    def lists(self) -> int:
        """Number of the last list of departures, 0 without any; cheap."""

    def imported(self) -> Sequence[Imported]:
        """Give every list of departures; raises `StoreDamaged`."""

    def keep_list(
        self, carrier: str, sailings: Sequence[Sailing], now: datetime, actor: str
    ) -> Imported:
        """Keep a list of departures, whole; when this returns it is in the journal too."""

    def close(self) -> None:
        """Let go of the store."""


class ClosureStores(Protocol):
    """Opens stores of closures."""

    def open(self, where: Database, *, create: bool) -> ClosureStore:
        """Open a store, made when it is not there and `create` says so.

        Raises
        ------
        StoreUnavailable, StoreDamaged
            It is not there, cannot be made, is something else or is damaged.
        """


def newest(entries: Sequence[Closure]) -> dict[str, Closure]:
    """The last version of each closure, by id."""
    found: dict[str, Closure] = {}
    for entry in entries:
        if entry.id not in found or found[entry.id].version < entry.version:
            found[entry.id] = entry
    return dict(sorted(found.items()))


def situation_of(entries: Sequence[Closure], now: datetime) -> Situation:
    """What of the entries still matters at a clock."""
    return Situation.of(each.change() for each in newest(entries).values() if not each.is_over(now))
