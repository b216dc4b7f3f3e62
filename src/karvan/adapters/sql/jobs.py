"""Jobs in a database: the `JobStore` port on SQLAlchemy Core."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from karvan.adapters.sql import journal
from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.quotes import open_database
from karvan.adapters.sql.tables import job_parts, jobs
from karvan.domain.errors import JobConflict, StoreDamaged, UnknownJob
from karvan.domain.instants import parse_instant, render_instant
from karvan.services.databases import Database
from karvan.services.jobs.job import FINAL, Job, Reason, State
from karvan.services.jobs.store import MOST_LISTED, NOTHING, Beside, Entry, Seen

#: The longest result that is unpacked, in bytes.
_LONGEST: Final = 64 * 1024 * 1024

#: What a `Job` is made of: not the texts, which may be long.
_COLUMNS: Final = tuple(
    each for each in jobs.columns if each.name not in ("parameters", "result", "result_sha256")
)
_OPEN: Final = tuple(state.value for state in State if state not in FINAL)


class SqlJobs:
    """A store of jobs in a database.

    Attributes
    ----------
    database
        Opened, its tables of this program's version.
    """

    def __init__(self, database: SqlDatabase) -> None:
        self.database = database

    def submit(self, job: Job, parameters: str, entry: Entry) -> Job:
        """Keep a new job; the same one again gives the one that is there."""
        assert sha256(parameters.encode("utf-8")).hexdigest() == job.parameters_sha256
        try:
            with self.database.transaction(writes=True) as connection:
                values = _values(job) | {"id": job.job_id, "parameters": parameters}
                connection.execute(jobs.insert().values(**values))
                _enter(connection, job, entry)
        except IntegrityError:
            there = self.get(job.job_id)
            if (there.kind, there.parameters_sha256) != (job.kind, job.parameters_sha256):
                raise JobConflict("another job has this id", job_id=job.job_id) from None
            return there
        return job

    def change(self, job_id: str, step: Callable[[Job], Job], beside: Beside = NOTHING) -> Job:
        """Take a job through one step, alone, all or nothing."""
        wanted = select(*_COLUMNS).where(jobs.c.id == job_id).with_for_update()
        with self.database.transaction(writes=True) as connection:
            before = _job(_found(connection, wanted, job_id))
            after = step(before)
            _write(connection, before, after, beside)
        return after

    def take_due(
        self, kinds: Collection[str], now: datetime, step: Callable[[Job], Job]
    ) -> Job | None:
        """Take the job that is longest due through a step."""
        wanted = _due(kinds, now).with_for_update(skip_locked=True)
        with self.database.transaction(writes=True) as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                return None
            before = _job(row)
            after = step(before)
            _write(connection, before, after, NOTHING)
        return after

    def is_any_due(self, kinds: Collection[str], now: datetime) -> bool:
        """Say whether a job is due."""
        with self.database.transaction() as connection:
            return connection.execute(_due(kinds, now)).one_or_none() is not None

    def get(self, job_id: str) -> Job:
        """Give a job."""
        with self.database.transaction() as connection:
            return _job(_found(connection, select(*_COLUMNS).where(jobs.c.id == job_id), job_id))

    def get_parameters(self, job_id: str) -> str:
        """Give the text of what a job works on."""
        wanted = select(jobs.c.parameters, jobs.c.parameters_sha256).where(jobs.c.id == job_id)
        with self.database.transaction() as connection:
            row = _found(connection, wanted, job_id)
        text = str(row._mapping["parameters"])
        if sha256(text.encode("utf-8")).hexdigest() != row._mapping["parameters_sha256"]:
            raise StoreDamaged("a stored job is damaged", job_id=job_id, part="parameters")
        return text

    def get_parts(self, job_id: str) -> Mapping[int, str]:
        """Give what is finished of a job, by number."""
        wanted = select(job_parts.c.number, job_parts.c.content).where(job_parts.c.job_id == job_id)
        with self.database.transaction() as connection:
            rows = connection.execute(wanted.order_by(job_parts.c.number)).all()
        return {row.number: row.content for row in rows}

    def get_result(self, job_id: str) -> bytes:
        """Give what came out."""
        wanted = select(jobs.c.state, jobs.c.result, jobs.c.result_sha256)
        with self.database.transaction() as connection:
            row = _found(connection, wanted.where(jobs.c.id == job_id), job_id)
        found = row._mapping
        if found["state"] != State.DONE.value:
            raise JobConflict("this job has no result", job_id=job_id, state=found["state"])
        try:
            result = zlib.decompressobj().decompress(bytes(found["result"]), _LONGEST)
        except (zlib.error, TypeError):
            result = b""
        if sha256(result).hexdigest() != found["result_sha256"]:
            raise StoreDamaged("a stored job is damaged", job_id=job_id, part="result")
        return result

    def list_jobs(
        self,
        limit: int = 50,
        *,
        after: Seen | None = None,
        state: State | None = None,
        kind: str | None = None,
    ) -> Sequence[Job]:
        """Give jobs, the newest first."""
        wanted = select(*_COLUMNS).order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
        if after is not None:
            at = _text(after.created_at)
            same = and_(jobs.c.created_at == at, jobs.c.id < after.job_id)
            wanted = wanted.where(or_(jobs.c.created_at < at, same))
        if state is not None:
            wanted = wanted.where(jobs.c.state == state.value)
        if kind is not None:
            wanted = wanted.where(jobs.c.kind == kind)
        with self.database.transaction() as connection:
            rows = connection.execute(wanted.limit(min(limit, MOST_LISTED))).all()
        return [_job(row) for row in rows]

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


class SqlJobStores:
    """The `JobStores` port on SQLite and PostgreSQL."""

    def open(self, where: Database, *, create: bool) -> SqlJobs:
        """Open a store of jobs."""
        return SqlJobs(open_database(where, create=create))


def _due(kinds: Collection[str], now: datetime) -> Select[tuple[object, ...]]:
    """The one job that is longest due."""
    return (
        select(*_COLUMNS)
        .where(
            jobs.c.state.in_(_OPEN),
            jobs.c.due_at <= _text(now),
            jobs.c.kind.in_(sorted(kinds)),
        )
        .order_by(jobs.c.due_at, jobs.c.created_at, jobs.c.id)
        .limit(1)
    )


def _found(
    connection: Connection, wanted: Select[tuple[object, ...]], job_id: str
) -> Row[tuple[object, ...]]:
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise UnknownJob("no job has this id", job_id=job_id)
    return row


def _write(connection: Connection, before: Job, after: Job, beside: Beside) -> None:
    """Write what a step changed, and what is kept beside it."""
    mine = job_parts.c.job_id == after.job_id
    if beside.forget:
        connection.execute(delete(job_parts).where(mine))
    if beside.parts:
        there = set(connection.execute(select(job_parts.c.number).where(mine)).scalars())
        rows = [
            {"job_id": after.job_id, "number": number, "content": content}
            for number, content in sorted(beside.parts.items())
            if number not in there
        ]
        if rows:
            connection.execute(job_parts.insert(), rows)
    values = _values(after)
    if after.state is State.DONE and before.state is not State.DONE:
        assert beside.result is not None, "a job is done with a result"
        values["result"] = zlib.compress(beside.result)
        values["result_sha256"] = sha256(beside.result).hexdigest()
    if after != before:
        connection.execute(update(jobs).where(jobs.c.id == after.job_id).values(**values))
        if after.state in (State.DONE, State.CANCELLED):
            connection.execute(delete(job_parts).where(mine))
        if beside.entry is not None:
            _enter(connection, after, beside.entry)


def _enter(connection: Connection, job: Job, entry: Entry) -> None:
    event = (entry.kind, job.job_id, entry.body)
    journal.append(connection, [event], actor=entry.actor, reason=entry.reason)


def _values(job: Job) -> dict[str, object]:
    """The columns that a step may change, and those that a new job begins with."""
    return {
        "kind": job.kind,
        "state": job.state.value,
        "created_at": _text(job.created_at),
        "changed_at": _text(job.changed_at),
        "due_at": _text(job.due_at),
        "actor": job.actor,
        "parameters_sha256": job.parameters_sha256,
        "attempts": job.attempts,
        "fence": job.fence,
        "worker": job.worker,
        "done": job.done,
        "total": job.total,
        "reason_code": None if job.reason is None else job.reason.code,
        "reason": None if job.reason is None else job.reason.message,
    }


def _text(instant: datetime) -> str:
    """Whole seconds, so that text sorts by time."""
    return render_instant(instant.replace(microsecond=0))


def _job(row: Row[tuple[object, ...]]) -> Job:
    found: dict[str, Any] = dict(row._mapping)
    code = found["reason_code"]
    try:
        return Job(
            job_id=found["id"],
            kind=found["kind"],
            state=State(found["state"]),
            created_at=parse_instant(found["created_at"]),
            changed_at=parse_instant(found["changed_at"]),
            due_at=parse_instant(found["due_at"]),
            actor=found["actor"],
            parameters_sha256=found["parameters_sha256"],
            attempts=found["attempts"],
            fence=found["fence"],
            worker=found["worker"],
            done=found["done"],
            total=found["total"],
            reason=None if code is None else Reason(code, str(found["reason"])),
        )
    except (ValueError, TypeError):
        raise StoreDamaged("a stored job is damaged", job_id=str(found["id"])) from None
