"""What a person does with jobs: submit, cancel, try again; each is entered in the journal."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Final

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.domain.instants import parse_instant, render_instant
from karvan.services.jobs import job as steps
from karvan.services.jobs.job import FINAL, HELD, Job, State
from karvan.services.jobs.store import Beside, Entry, JobStore, Seen

#: The longest reason that a person gives.
LONGEST_REASON: Final = 500

_ID: Final = re.compile(r"J-[0-9A-F]{16}")
_ID_BYTES: Final = 8


def new_job_id(effect: str = "") -> str:
    """Give the id of a new job: of an effect that may be asked for twice, else a new one.

    >>> new_job_id("0123456789abcdef" * 2)
    'J-0123456789ABCDEF'
    """
    digits = effect[: 2 * _ID_BYTES] or secrets.token_hex(_ID_BYTES)
    return f"J-{digits.upper()}"


def parse_job_id(text: str) -> str:
    """Read the id of a job; case and spaces around it do not matter.

    >>> parse_job_id(" j-7ce5b740190684e5")
    'J-7CE5B740190684E5'
    """
    found = text.strip().upper()
    if _ID.fullmatch(found) is None:
        raise InvalidInput("not the id of a job, like J-7CE5B740190684E5", given=text[:60])
    return found


def submit(
    store: JobStore,
    *,
    job_id: str,
    kind: str,
    parameters: str,
    actor: str,
    reason: str,
    now: datetime,
) -> Job:
    """Queue a job; the same one again gives the one that is there.

    Raises
    ------
    InvalidRequest
        The reason is too long, or no text.
    JobConflict
        Another job has this id.
    """
    digest = sha256(parameters.encode("utf-8")).hexdigest()
    at = now.replace(microsecond=0)
    job = Job(
        job_id=job_id,
        kind=kind,
        state=State.QUEUED,
        created_at=at,
        changed_at=at,
        due_at=at,
        actor=actor,
        parameters_sha256=digest,
    )
    body = {"kind": kind, "parameters_sha256": digest}
    return store.submit(job, parameters, _entry("job-submitted", actor, reason, body))


def cancel(store: JobStore, job_id: str, *, actor: str, reason: str, now: datetime) -> Job:
    """Cancel a job: at once, or at the next step of the worker that holds it.

    Raises
    ------
    UnknownJob, JobConflict
        There is none, or it has ended.
    """
    beside = Beside(entry=_entry("job-cancelled", actor, reason))
    return store.change(job_id, partial(steps.cancel, now=now), beside)


def retry(store: JobStore, job_id: str, *, actor: str, reason: str, now: datetime) -> Job:
    """Try a dead job again; raises `UnknownJob`, `JobConflict`."""
    beside = Beside(entry=_entry("job-retried", actor, reason))
    return store.change(job_id, partial(steps.retry, now=now), beside)


def reason_faults(given: object) -> list[Fault]:
    """Say what keeps a value from standing in the journal as a reason."""
    if isinstance(given, str) and len(given) <= LONGEST_REASON and given.isprintable():
        return []
    words = f"must be at most {LONGEST_REASON} printable characters in one line"
    return [Fault("invalid-input", words, "/reason")]


def job_json(job: Job) -> dict[str, object]:
    """A job as everybody is told it."""
    return {
        "job_id": job.job_id,
        "kind": job.kind,
        "state": job.state.value,
        "created_at": render_instant(job.created_at),
        "changed_at": render_instant(job.changed_at),
        "due_at": render_instant(job.due_at) if job.state is State.QUEUED else None,
        "leased_until": render_instant(job.due_at) if job.state in HELD else None,
        "ended": job.state in FINAL,
        "attempts": job.attempts,
        "progress": {"done": job.done, "total": job.total},
        "reason": None
        if job.reason is None
        else {"code": job.reason.code, "title": job.reason.message},
        "parameters_sha256": job.parameters_sha256,
    }


def cursor_of(job: Job) -> str:
    """Say where a listing goes on after a job.

    The form is ours alone: whoever gets one hands it back as it is.
    """
    return f"{render_instant(job.created_at)}~{job.job_id}"


def read_cursor(text: str) -> Seen:
    """Read what `cursor_of` gave; raises `InvalidRequest`."""
    at, _, job_id = text.partition("~")
    try:
        return Seen(parse_instant(at), parse_job_id(job_id))
    except InvalidInput:
        fault = Fault("invalid-input", "must be a cursor that a page gave", "/after")
        raise InvalidRequest([fault]) from None


@dataclass(frozen=True, slots=True)
class Page:
    """Some jobs, and the cursor with which the next ones are asked for; None at the end."""

    items: Sequence[Job]
    following: str | None


def page_of(
    store: JobStore,
    *,
    limit: int,
    after: str | None = None,
    state: str | None = None,
    kind: str | None = None,
) -> Page:
    """Give jobs, the newest first.

    Raises
    ------
    InvalidRequest
        The cursor or the state is none.
    """
    if state is not None and state not in set(State):
        known = [each.value for each in State]
        fix = "one of " + ", ".join(known)
        raise InvalidRequest([Fault("not-found", "no such state", "/state", fix=fix)])
    found = store.list_jobs(
        limit + 1,
        after=None if after is None else read_cursor(after),
        state=None if state is None else State(state),
        kind=kind,
    )
    items = found[:limit]
    return Page(items, cursor_of(items[-1]) if len(found) > limit else None)


def _entry(kind: str, actor: str, reason: str, body: Mapping[str, object] | None = None) -> Entry:
    if faults := reason_faults(reason):
        raise InvalidRequest(faults)
    return Entry(kind=kind, actor=actor, reason=reason.strip(), body=body or {})
