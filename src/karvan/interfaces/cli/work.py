"""`karvan work`: a worker of its own."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Session, Store, session
from karvan.interfaces.cli.output import print_json, print_text, tell_progress

if TYPE_CHECKING:
    from karvan.services.jobs.job import Job
    from karvan.services.jobs.store import JobStore

Once = Annotated[bool, typer.Option("--once", help="Do what is due and end.")]
Watch = Callable[["Job"], None]


def work(
    context: typer.Context,
    once: Once = False,
    store: Store = None,
    database: DatabaseUrl = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Do jobs as they come, until Ctrl-C.

    As many as are wanted may work on one database, on one machine or on several. Ctrl-C lets
    the part under way end and gives the job back; a worker that is killed loses nothing.
    """
    from karvan.interfaces.working import WorkOrder, asked_to_end, make_worker
    from karvan.services.jobs.job import FINAL, HELD

    session_ = session(context, {"store": store, "database": database, "data": data})
    settings = session_.loaded.settings
    order = WorkOrder(session_.where(), settings.data, settings.log_level)
    ended: Counter[str] = Counter()
    opened = open_jobs(session_, create=True)
    try:
        with asked_to_end() as asked, drawn_progress() as draw:

            def watch(job: Job) -> None:
                draw(job)
                if job.state not in HELD:
                    ended[job.state.value] += 1

            worker = make_worker(session_.wiring, order, opened, stopping=asked.is_set, watch=watch)
            if once:
                worker.drain()
            else:
                tell_progress("Waiting for jobs; Ctrl-C ends ...")
                worker.run(asked.wait)
    finally:
        opened.close()
    counts = {state.value: ended[state.value] for state in sorted(FINAL)}
    if as_json:
        print_json({"ended": counts, "given_back": ended["queued"]})
    else:
        told = [f"{count} {name}" for name, count in sorted(ended.items())]
        print_text("Jobs: " + (", ".join(told) or "none was due"))


def open_jobs(work_: Session, *, create: bool = False) -> JobStore:
    """Open the jobs of a session; raises `StoreUnavailable` or `StoreDamaged`."""
    stores = work_.wiring.jobs
    assert stores is not None, "wired without jobs"
    return stores.open(work_.where(), create=create)


@contextmanager
def drawn_progress() -> Iterator[Watch]:
    """A bar on stderr for each job, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
    )

    from karvan.services.jobs.job import HELD

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bars: dict[str, TaskID] = {}

        def draw(job: Job) -> None:
            words = f"{job.kind} {job.job_id} {job.state.value}"
            if job.job_id not in bars:
                bars[job.job_id] = progress.add_task(words, total=None)
            bar = bars[job.job_id]
            progress.update(bar, description=words, completed=job.done, total=job.total or None)
            if job.state not in HELD:
                progress.stop_task(bars.pop(job.job_id))

        yield draw
