"""The port through which jobs are kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from karvan.services.databases import Database
from karvan.services.jobs.job import Job, State

#: The most jobs that `JobStore.list_jobs` gives at once: a page, and whether another follows.
MOST_LISTED: Final = 201


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a person did, for the journal.

    Attributes
    ----------
    kind
        Such as `job-submitted`.
    body
        Further facts, as canonical JSON can hold them.
    """

    kind: str
    actor: str
    reason: str
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is written in the transaction in which a job changes.

    Attributes
    ----------
    parts
        Finished parts by number; one that is there already stays as it is.
    forget
        Remove all parts first.
    result
        What came out; kept only when the job is done by this change.
    entry
        Entered in the journal if the job changes.
    """

    parts: Mapping[int, str] = field(default_factory=dict)
    forget: bool = False
    result: bytes | None = None
    entry: Entry | None = None


NOTHING: Final = Beside()


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a listing goes on: the last job that was shown."""

    created_at: datetime
    job_id: str


class JobStore(Protocol):
    """Where jobs are kept. Every method raises `StoreUnavailable` or `StoreDamaged`."""

    def submit(self, job: Job, parameters: str, entry: Entry) -> Job:
        """Keep a new job; the same one again gives the one that is there.

        Raises
        ------
        JobConflict
            Another job has this id.
        """

    def change(self, job_id: str, step: Callable[[Job], Job], beside: Beside = NOTHING) -> Job:
        """Take a job through one step, alone, all or nothing; gives it as it is then.

        Parts go when the job is done or cancelled.

        Raises
        ------
        UnknownJob
            There is none; and whatever the step raises.
        """

    def take_due(
        self, kinds: Collection[str], now: datetime, step: Callable[[Job], Job]
    ) -> Job | None:
        """Take the job that is longest due through a step; None when none is due.

        Two workers never get the same one, and neither waits for the other.
        """

    def is_any_due(self, kinds: Collection[str], now: datetime) -> bool:
        """Say whether a job is due; writes nothing and waits for nobody."""

    def get(self, job_id: str) -> Job:
        """Give a job; raises `UnknownJob`."""

    def get_parameters(self, job_id: str) -> str:
        """Give the text of what a job works on; raises `UnknownJob`."""

    def get_parts(self, job_id: str) -> Mapping[int, str]:
        """Give what is finished of a job, by number."""

    def get_result(self, job_id: str) -> bytes:
        """Give what came out.

        Raises
        ------
        UnknownJob
            There is none.
        JobConflict
            It is not done.
        """

    def list_jobs(
        self,
        limit: int = 50,
        *,
        after: Seen | None = None,
        state: State | None = None,
        kind: str | None = None,
    ) -> Sequence[Job]:
        """Give jobs, the newest first, from the one after `after` on."""

    def close(self) -> None:
        """Let go of the store."""


class JobStores(Protocol):
    """Opens stores of jobs."""

    def open(self, where: Database, *, create: bool) -> JobStore:
        """Open a store, made when it is not there and `create` says so.

        Raises
        ------
        StoreUnavailable, StoreDamaged
            It is not there, cannot be made, is something else or is damaged.
        """
