"""A job, its states, and the steps from one to the next as pure functions.

A worker holds a job by a lease: until `due_at` nobody else takes it. Each taking raises the
`fence`, and what a worker writes is refused when its fence is no longer that of the job, so a
worker that was taken for dead changes nothing when it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from karvan.domain.errors import JobConflict, LeaseLost


class State(StrEnum):
    """What becomes of a job, as people are told."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


#: States in which nothing happens by itself any more.
FINAL: Final = frozenset({State.DONE, State.DEAD, State.CANCELLED})
HELD: Final = frozenset({State.RUNNING, State.CANCELLING})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the last attempt failed: a code of an error, and words."""

    code: str
    message: str


WORKER_LOST: Final = Reason("worker-lost", "the worker ended without a word, again and again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How patient workers are.

    Attributes
    ----------
    lease_s
        How long a worker may be silent before another takes its job.
    most_attempts
        Attempts in a row without progress, after which a job is dead.
    first_wait_s, longest_wait_s
        Wait after the first failed attempt, which doubles with each, and its limit.
    """

    lease_s: int = 30
    most_attempts: int = 5
    first_wait_s: int = 5
    longest_wait_s: int = 900

    @property
    def lease(self) -> timedelta:
        """The lease as a duration."""
        return timedelta(seconds=self.lease_s)

    def wait(self, attempts: int) -> timedelta:
        """Wait before the next attempt.

        >>> [Policy().wait(n).seconds for n in (1, 2, 3, 10, 10_000)]
        [5, 10, 20, 900, 900]
        """
        doubled = self.first_wait_s << min(max(attempts - 1, 0), 20)
        return timedelta(seconds=min(doubled, self.longest_wait_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job, without what it works on and what came out.

    Attributes
    ----------
    kind
        Name of what does it, such as `quotes.run`.
    due_at
        Queued: when a worker may take it. Held: until when the lease runs. Later of no meaning.
    actor
        Who submitted it.
    parameters_sha256
        Hash of the text of what it works on.
    attempts
        How often a worker took it since the last progress.
    fence
        How often a worker took it, ever, and was parted from it.
    worker
        Who holds it, or held it last.
    done, total
        Progress in parts; a total of 0 is not known yet.
    """

    job_id: str
    kind: str
    state: State
    created_at: datetime
    changed_at: datetime
    due_at: datetime
    actor: str
    parameters_sha256: str
    attempts: int = 0
    fence: int = 0
    worker: str = ""
    done: int = 0
    total: int = 0
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one worker to write to one job."""

    job_id: str
    fence: int

    @classmethod
    def of(cls, job: Job) -> Lease:
        """The lease of whoever has just taken a job."""
        return cls(job.job_id, job.fence)


def take(job: Job, worker: str, now: datetime, policy: Policy) -> Job:
    """Let a worker take a job that is due.

    A job whose cancelling was never seen ends here, and so does one that was taken too often
    without progress; else it is running and the worker's.

    Raises
    ------
    JobConflict
        It is not due, or has ended.
    """
    if job.state in FINAL or job.due_at > now:
        raise _refusal(job, "this job is not to be taken now")
    taken = replace(job, fence=job.fence + 1, changed_at=now)
    if job.state is State.CANCELLING:
        return replace(taken, state=State.CANCELLED)
    if job.attempts >= policy.most_attempts:
        lost = job.state is State.RUNNING or job.reason is None
        return replace(taken, state=State.DEAD, reason=WORKER_LOST if lost else job.reason)
    return replace(
        taken,
        state=State.RUNNING,
        attempts=job.attempts + 1,
        worker=worker,
        due_at=now + policy.lease,
    )


def renew(job: Job, lease: Lease, now: datetime, policy: Policy) -> Job:
    """Lengthen a lease; one that has run out too, as long as nobody else took the job.

    Raises
    ------
    LeaseLost
        Somebody else took it, or it has ended.
    """
    _see(job, lease)
    return replace(job, due_at=max(job.due_at, now + policy.lease))


def advance(job: Job, lease: Lease, now: datetime, policy: Policy, *, done: int, total: int) -> Job:
    """Tell progress, which renews the lease too; raises `LeaseLost`."""
    held = renew(job, lease, now, policy)
    attempts = 1 if done > job.done else job.attempts
    return replace(held, done=done, total=total, attempts=attempts, changed_at=now)


def finish(job: Job, lease: Lease, now: datetime) -> Job:
    """End an attempt with a result, which counts unless cancelling was asked for before.

    Raises `LeaseLost`.
    """
    _see(job, lease)
    if job.state is State.CANCELLING:
        return _cancelled(job, now)
    return replace(job, state=State.DONE, changed_at=now, due_at=now, reason=None)


def fail(
    job: Job, lease: Lease, now: datetime, policy: Policy, reason: Reason, *, final: bool
) -> Job:
    """End an attempt without a result: wait and try again, or give it up.

    Parameters
    ----------
    final
        Another attempt would fail alike.

    Raises
    ------
    LeaseLost
        It is somebody else's by now.
    """
    _see(job, lease)
    if job.state is State.CANCELLING:
        return _cancelled(job, now)
    ended = replace(job, changed_at=now, reason=reason)
    if final or job.attempts >= policy.most_attempts:
        return replace(ended, state=State.DEAD, due_at=now)
    return replace(ended, state=State.QUEUED, due_at=now + policy.wait(job.attempts))


def release(job: Job, lease: Lease, now: datetime) -> Job:
    """Give a job back untried, because the worker is asked to end; raises `LeaseLost`."""
    _see(job, lease)
    if job.state is State.CANCELLING:
        return _cancelled(job, now)
    attempts = max(job.attempts - 1, 0)
    return replace(job, state=State.QUEUED, attempts=attempts, due_at=now, changed_at=now)


def cancel(job: Job, now: datetime) -> Job:
    """Cancel: at once where nobody works on it, else at the worker's next step.

    Asking twice is no fault.

    Raises
    ------
    JobConflict
        It is done or dead.
    """
    if job.state in (State.CANCELLED, State.CANCELLING):
        return job
    if job.state in FINAL:
        raise _refusal(job, "this job has ended already")
    if job.state is State.RUNNING:
        return replace(job, state=State.CANCELLING, changed_at=now)
    return _cancelled(job, now)


def retry(job: Job, now: datetime) -> Job:
    """Queue a dead job once more, with all its attempts and what was done; raises `JobConflict`."""
    if job.state is not State.DEAD:
        raise _refusal(job, "only a dead job is tried again")
    return replace(job, state=State.QUEUED, attempts=0, due_at=now, changed_at=now, reason=None)


def _cancelled(job: Job, now: datetime) -> Job:
    return replace(job, state=State.CANCELLED, fence=job.fence + 1, due_at=now, changed_at=now)


def _see(job: Job, lease: Lease) -> None:
    if job.state not in HELD or job.fence != lease.fence:
        raise LeaseLost(
            "this worker does not hold the job any more", job_id=job.job_id, state=job.state.value
        )


def _refusal(job: Job, words: str) -> JobConflict:
    return JobConflict(words, job_id=job.job_id, state=job.state.value)
