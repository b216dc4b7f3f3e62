"""A worker: takes jobs that are due, one after another, and does them.

It knows neither clock nor sleep of its own. Whatever happens to it, the job is not lost: a lease
that is not renewed runs out, and another worker goes on after the last part that was kept.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from karvan.domain.errors import KarvanError, LeaseLost, StoreUnavailable
from karvan.services.jobs import job as steps
from karvan.services.jobs.job import Job, Lease, Policy, Reason, State
from karvan.services.jobs.store import NOTHING, Beside, JobStore
from karvan.services.jobs.work import GiveUp, Halt, Kind

#: Seconds between two looks for work, and between two tries to reach a store that is gone.
LOOK_S: Final = 1.0
LONGEST_LOOK_S: Final = 30.0
#: Renewals without progress, after which work counts as hung: an hour of ten seconds each.
MOST_RENEWALS: Final = 360

log = logging.getLogger("karvan.jobs")

Beat = Callable[[Callable[[], None]], AbstractContextManager[None]]


@contextmanager
def beat_every(seconds: float, renew: Callable[[], None]) -> Iterator[None]:
    """Renew a lease in the background while something long goes on."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(seconds):
            try:
                renew()
            except (LeaseLost, Halt):
                return
            except KarvanError as error:
                log.warning("jobs.not-renewed code=%s", error.code)

    thread = threading.Thread(target=beat, name="karvan-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _silent(_: Callable[[], None]) -> AbstractContextManager[None]:
    return nullcontext()


def _nobody(_: Job) -> None:
    """Nobody watches."""


def _never() -> bool:
    return False


@dataclass(slots=True, kw_only=True)
class Running:
    """The `Work` of one attempt."""

    store: JobStore
    job: Job
    policy: Policy
    clock: Callable[[], datetime]
    stopping: Callable[[], bool]
    watch: Callable[[Job], None]
    lease: Lease = field(init=False)
    parameters: str = field(init=False)
    parts: dict[int, str] = field(init=False)
    _renewals: int = 0

    def __post_init__(self) -> None:
        self.lease = Lease.of(self.job)
        self.parameters = self.store.get_parameters(self.job.job_id)
        self.parts = dict(self.store.get_parts(self.job.job_id))

    def keep(self, number: int, content: str, *, total: int) -> None:
        """Keep a finished part, and tell progress."""
        self.parts.setdefault(number, content)
        self._advance(total, Beside(parts={number: content}))

    def forget(self) -> None:
        """Begin anew."""
        self.parts.clear()
        self._advance(self.job.total, Beside(forget=True))

    def renew(self) -> None:
        """Lengthen the lease, unless nothing was heard of the work for too long."""
        self._renewals += 1
        if self._renewals > MOST_RENEWALS:
            raise Halt
        step = partial(steps.renew, lease=self.lease, now=self.clock(), policy=self.policy)
        self.store.change(self.job.job_id, step)

    def _advance(self, total: int, beside: Beside) -> None:
        step = partial(
            steps.advance,
            lease=self.lease,
            now=self.clock(),
            policy=self.policy,
            done=len(self.parts),
            total=total,
        )
        self.job = self.store.change(self.job.job_id, step, beside)
        self._renewals = 0
        self.watch(self.job)
        if self.job.state is State.CANCELLING or self.stopping():
            raise Halt


@dataclass(slots=True, kw_only=True)
class Worker:
    """Does jobs.

    Attributes
    ----------
    store
        Opened, and usable by two threads at once.
    kinds
        What it can do, by name; jobs of other kinds are left to others.
    name
        How it is told apart from others.
    beat
        Renews the lease while a part takes long; without it each part renews it.
    stopping
        Whether it is asked to end, after the part under way.
    watch
        Sees each step of a job.
    """

    store: JobStore
    kinds: Mapping[str, Kind]
    name: str
    clock: Callable[[], datetime]
    policy: Policy = field(default_factory=Policy)
    beat: Beat = _silent
    stopping: Callable[[], bool] = _never
    watch: Callable[[Job], None] = _nobody

    def work_once(self) -> Job | None:
        """Take one job that is due and do it; gives what became of it, None without one.

        Raises
        ------
        StoreUnavailable, StoreDamaged
            The store is gone; the job waits for its lease to run out.
        """
        now = self.clock()
        if not self.store.is_any_due(self.kinds, now):
            return None
        step = partial(steps.take, worker=self.name, now=now, policy=self.policy)
        job = self.store.take_due(self.kinds, now, step)
        if job is not None and job.state is State.RUNNING:
            log.info("jobs.taken job=%s kind=%s", job.job_id, job.kind)
            self.watch(job)
            job = self._do(job)
        if job is not None:
            log.info("jobs.left job=%s state=%s", job.job_id, job.state.value)
            self.watch(job)
        return job

    def drain(self) -> int:
        """Do everything that is due; gives how many jobs were taken."""
        count = 0
        while not self.stopping() and self.work_once() is not None:
            count += 1
        return count

    def run(self, wait: Callable[[float], object], *, idle_looks: int | None = None) -> None:
        """Do jobs as they come until asked to end; a store that is gone is tried again.

        Parameters
        ----------
        wait
            Lets seconds pass, and comes back earlier when the worker is asked to end.
        idle_looks
            End after so many looks in vain; None for never.
        """
        pause, looks = LOOK_S, 0
        while not self.stopping() and (idle_looks is None or looks < idle_looks):
            try:
                if self.drain():
                    looks = 0
                    continue
                pause, looks = LOOK_S, looks + 1
            except StoreUnavailable as error:
                log.warning("jobs.store-unavailable %s", error.facts)
                pause = min(2 * pause, LONGEST_LOOK_S)
            wait(pause)

    def _do(self, job: Job) -> Job:
        lease = Lease.of(job)
        try:
            running = Running(
                store=self.store,
                job=job,
                policy=self.policy,
                clock=self.clock,
                stopping=self.stopping,
                watch=self.watch,
            )
            with self.beat(running.renew):
                result = self.kinds[job.kind](running)
            return self._end(lease, partial(steps.finish), Beside(result=result))
        except LeaseLost:
            log.warning("jobs.lease-lost job=%s", job.job_id)
            return self.store.get(job.job_id)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the job is told it
            return self._after(lease, error)
        except BaseException:
            # Ctrl-C: the job is given back at once instead of waiting for its lease.
            self._after(lease, Halt())
            raise

    def _after(self, lease: Lease, error: Exception) -> Job:
        """Say what comes after an attempt that gave no result."""
        if isinstance(error, Halt):
            step = partial(steps.release)
        else:
            given_up = isinstance(error, GiveUp)
            error = error.why if isinstance(error, GiveUp) else error
            final = given_up or (isinstance(error, KarvanError) and error.exit_status == 2)
            if not isinstance(error, KarvanError):
                log.error("jobs.failed job=%s", lease.job_id, exc_info=error)
            step = partial(steps.fail, policy=self.policy, reason=reason_of(error), final=final)
        try:
            return self._end(lease, step)
        except LeaseLost:
            return self.store.get(lease.job_id)

    def _end(self, lease: Lease, step: partial[Job], beside: Beside = NOTHING) -> Job:
        return self.store.change(lease.job_id, partial(step, lease=lease, now=self.clock()), beside)


def reason_of(error: Exception) -> Reason:
    """Tell an error in a line; of our own faults no more than their type."""
    if not isinstance(error, KarvanError):
        return Reason("internal", f"something went wrong inside Karvan: {type(error).__name__}")
    facts = ", ".join(f"{name} {value}" for name, value in error.facts.items())
    return Reason(error.code, (f"{error.message}: {facts}" if facts else error.message)[:1000])
