"""`karvan jobs`: work that is done later, by whichever worker is free."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.interfaces.cli.keeping import read_situation
from karvan.interfaces.cli.lanes import Force, check_target, lanes_from
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Now, Session, Store, session
from karvan.interfaces.cli.output import print_drawn, print_exactly, print_json, print_text
from karvan.interfaces.cli.work import drawn_progress, open_jobs

if TYPE_CHECKING:
    from karvan.services.jobs.job import Job
    from karvan.services.jobs.store import JobStore

HELP: Final = "Jobs, done later by a worker: submit, list, show, cancel, retry, result."
#: Seconds between two looks of somebody who waits.
LOOK_S: Final = 0.5

app = typer.Typer(no_args_is_help=True, help=HELP, rich_markup_mode=None)

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a job, like J-7CE5B740190684E5.")]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is entered in the journal.")
]
Source = Annotated[
    Path, typer.Argument(metavar="LANES", help="CSV or XLSX; the columns are fields of a request.")
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Table to write, .csv or .xlsx.")
]
Limit = Annotated[int, typer.Option(help="The most jobs listed.", metavar="N", min=1, max=200)]
After = Annotated[
    str | None, typer.Option("--after", metavar="CURSOR", help="Go on where a listing ended.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until it has ended.")]
StateName = Annotated[
    str | None, typer.Option("--state", metavar="STATE", help="Only those in this state.")
]


@app.callback()
def root() -> None:
    """Jobs, done later by a worker: submit, list, show, cancel, retry, result."""


@app.command("submit")
def submit(
    context: typer.Context,
    source: Source,
    reason: Reason = "",
    store: Store = None,
    database: DatabaseUrl = None,
    data: Data = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Queue a table of lanes, to be quoted by a worker as `karvan quotes run` would now.

    Every lane is answered with the clock, the closures and the tables of now, whenever that is.
    """
    from karvan.services.jobs import desk
    from karvan.services.jobs.lanes import KIND, prepare

    work = session(context, {"store": store, "database": database, "data": data})
    instant = work.now(now)
    lanes = lanes_from(work, source, instant)
    quotes = work.open_store(create=True)
    try:
        network = work.opened().published.network
        situation = read_situation(work, network, instant, as_json=as_json)
        parameters = prepare(quotes, work.opened().table_set, lanes, instant, situation)
    finally:
        quotes.close()
    with _jobs(work, create=True) as jobs:
        job = desk.submit(
            jobs,
            job_id=desk.new_job_id(),
            kind=KIND,
            parameters=parameters,
            actor=work.actor,
            reason=reason,
            now=instant,
        )
    if as_json:
        print_json(desk.job_json(job))
        return
    print_text(f"{job.job_id} is queued: {len(lanes)} lanes")


@app.command("list")
def list_jobs(
    context: typer.Context,
    limit: Limit = 50,
    after: After = None,
    state: StateName = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """List jobs, the newest first."""
    from karvan.interfaces.cli.jobs_page import JobList
    from karvan.services.jobs import desk

    work = session(context, {"store": store, "database": database})
    with _jobs(work) as jobs:
        page = desk.page_of(jobs, limit=limit, after=after, state=state)
    if as_json:
        items = [desk.job_json(job) for job in page.items]
        print_json({"items": items, "next": page.following})
        return
    if not page.items:
        print_text("There is no job.")
        return
    print_drawn(JobList(page.items).draw)
    if page.following:
        print_text(f"More: karvan jobs list --after {page.following}")


@app.command("show")
def show(
    context: typer.Context,
    job_id: Id,
    wait: Wait = False,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Show a job; with --wait its progress, until it has ended.

    Ends with 2 when the job is dead or cancelled.
    """
    from karvan.interfaces.cli.jobs_page import job_lines
    from karvan.services.jobs import desk
    from karvan.services.jobs.job import FINAL, State

    work = session(context, {"store": store, "database": database})
    wanted = _id(job_id)
    with _jobs(work) as jobs:
        job = jobs.get(wanted)
        if wait:
            with drawn_progress() as draw:
                while job.state not in FINAL:
                    draw(job)
                    time.sleep(LOOK_S)
                    job = jobs.get(wanted)
                draw(job)
    if as_json:
        print_json({**desk.job_json(job), "actor": job.actor})
    else:
        print_text("\n".join(job_lines(job)))
    if job.state in (State.DEAD, State.CANCELLED):
        raise typer.Exit(2)


@app.command("cancel")
def cancel(
    context: typer.Context,
    job_id: Id,
    reason: Reason = "",
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Cancel a job: at once, or after the part that a worker is doing."""
    from karvan.services.jobs import desk

    work = session(context, {"store": store, "database": database})
    with _jobs(work) as jobs:
        job = desk.cancel(
            jobs, _id(job_id), actor=work.actor, reason=reason, now=work.wiring.clock()
        )
    _tell(job, as_json=as_json)


@app.command("retry")
def retry(
    context: typer.Context,
    job_id: Id,
    reason: Reason = "",
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Queue a dead job once more; what is finished of it is kept."""
    from karvan.services.jobs import desk

    work = session(context, {"store": store, "database": database})
    with _jobs(work) as jobs:
        job = desk.retry(
            jobs, _id(job_id), actor=work.actor, reason=reason, now=work.wiring.clock()
        )
    _tell(job, as_json=as_json)


@app.command("result")
def result(
    context: typer.Context,
    job_id: Id,
    out: Out = None,
    force: Force = False,
    store: Store = None,
    database: DatabaseUrl = None,
) -> None:
    """Print what came out of a job as JSON, or write it as a table."""
    from karvan.services.jobs.packs import told_of
    from karvan.services.quoting.bulk import NUMERIC

    if out is not None:
        check_target(out, force=force)
    work = session(context, {"store": store, "database": database})
    with _jobs(work) as jobs:
        text = told_of(jobs.get_result(_id(job_id))).decode("utf-8")
    if out is None:
        print_exactly(text)
        return
    files = work.wiring.lane_files
    assert files is not None, "wired without tables of lanes"
    table = json.loads(text)
    if "columns" not in table:
        raise InvalidInput("no table came out of this job; without --out it is printed")
    files.write(out, table["columns"], table["rows"], NUMERIC)
    print_text(f"{table['answered']} of {table['lanes']} lanes answered, in {out}")


@contextmanager
def _jobs(work: Session, *, create: bool = False) -> Iterator[JobStore]:
    opened = open_jobs(work, create=create)
    try:
        yield opened
    finally:
        opened.close()


def _id(text: str) -> str:
    from karvan.services.jobs.desk import parse_job_id

    try:
        return parse_job_id(text)
    except InvalidInput as error:
        raise InvalidRequest([Fault.of(error, "ID")]) from None


def _tell(job: Job, *, as_json: bool) -> None:
    from karvan.services.jobs.desk import job_json

    if as_json:
        print_json(job_json(job))
    else:
        print_text(f"{job.job_id} is {job.state.value}")
