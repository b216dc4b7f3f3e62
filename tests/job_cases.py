"""Jobs for the tests, as short as they can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from karvan.services.jobs.job import Job, State
from karvan.services.jobs.store import Entry

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SUBMITTED = Entry(kind="job-submitted", actor="ana", reason="")


def later(seconds):
    return NOON + timedelta(seconds=seconds)


def job(number=1, *, kind="count", parameters="{}", at=NOON, **fields):
    digest = sha256(parameters.encode()).hexdigest()
    given = {"state": State.QUEUED, "due_at": at, "parameters_sha256": digest, "actor": "ana"}
    given |= fields
    return Job(job_id=f"J-{number:016X}", kind=kind, created_at=at, changed_at=at, **given)


def put(store, number=1, *, parameters="{}", **fields):
    return store.submit(job(number, parameters=parameters, **fields), parameters, SUBMITTED)


#: Lanes to quote, the second to nowhere.
LANES = [
    {
        "lane": name,
        "from": "KZ-ALM",
        "to": to,
        "container": "40HC",
        "mass_kg": "18000",
        "hs": "851660",
        "ready": "2026-12-03",
        "samples": 50,
    }
    for name, to in (("a", "GE-POT"), ("b", "KZ-XXX"), ("c", "AZ-BAK"))
]
