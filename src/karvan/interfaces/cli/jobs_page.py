"""Jobs as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table

from karvan.domain.instants import render_instant
from karvan.interfaces.problems import readable
from karvan.services.jobs.desk import job_json
from karvan.services.jobs.job import HELD, Job, State

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class JobList:
    """Draws jobs, a line each."""

    jobs: Sequence[Job]

    def draw(self, console: Console) -> None:
        """Draw the list."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("job", no_wrap=True)
        table.add_column("kind", no_wrap=True)
        table.add_column("state", no_wrap=True)
        table.add_column("done", justify="right", no_wrap=True)
        table.add_column("submitted", no_wrap=True)
        table.add_column("why", overflow="ellipsis", no_wrap=True)
        for job in self.jobs:
            why = "" if job.reason is None else readable(job.reason.message)
            done = _progress(job)
            at = render_instant(job.created_at)
            table.add_row(job.job_id, job.kind, job.state.value, done, at, why)
        console.print(table)


def job_lines(job: Job) -> Iterator[str]:
    """Tell everything about a job."""
    told = job_json(job)
    yield f"{job.job_id}  {job.kind}  {job.state.value}"
    yield f"   progress      {_progress(job) or 'none yet'}"
    yield f"   submitted     {told['created_at']} by {readable(job.actor)}"
    yield f"   last change   {told['changed_at']}"
    if job.state is State.QUEUED:
        yield f"   due           {told['due_at']}"
    if job.state in HELD:
        yield f"   worker        {readable(job.worker)}, until {told['leased_until']}"
    yield f"   attempts      {job.attempts} since the last progress"
    if job.reason is not None:
        yield f"   reason        {job.reason.code}: {readable(job.reason.message)}"


def _progress(job: Job) -> str:
    return f"{job.done}/{job.total}" if job.total else ""
