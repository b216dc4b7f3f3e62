"""A worker put together from the wiring, for a terminal and for a process beside the server."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from karvan.interfaces.wiring import Wiring
    from karvan.services.databases import Database
    from karvan.services.jobs.job import Job
    from karvan.services.jobs.store import JobStore
    from karvan.services.jobs.work import Kind
    from karvan.services.jobs.worker import Worker
    from karvan.services.planning.projects import ProjectFiles, ProjectTables

#: A worker beside a server ends after so many looks in vain, a second each: while nothing is to
#: be done, no memory is held.
IDLE_LOOKS: Final = 60
#: Lower priority than the server's: jobs get what answers leave over.
NICE: Final = 10
#: How long a part may still take when the server has gone without a word.
PATIENCE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """What a worker needs to know, in a form that another process can be given.

    Attributes
    ----------
    data
        Folder of tables, None for the shipped ones.
    """

    where: Database
    data: Path | None
    log_level: str = "warning"


def kinds_of(wiring: Wiring, order: WorkOrder) -> Mapping[str, Kind]:
    """Give every kind of job that this program can do, by name."""
    from karvan import __version__
    from karvan.interfaces.json_text import render_json
    from karvan.services.jobs.lanes import KIND, QuoteLanes
    from karvan.services.jobs.questions import INVEST, STUDIES
    from karvan.services.jobs.studies import MakeStudy

    stores, table_sets = wiring.stores, wiring.table_sets
    assert stores is not None, "wired without a store of quotes"
    assert table_sets is not None, "wired without table sets"
    lanes = QuoteLanes(
        open_store=partial(stores.open, order.where, create=True),
        today=partial(table_sets.open, order.data),
        table_sets=table_sets,
        render=render_json,
        engine_version=__version__,
    )
    kinds: dict[str, Kind] = {KIND: lanes}
    scenarios, projects = wiring.scenarios, wiring.projects
    if scenarios is None:
        return kinds
    for kind in STUDIES:
        if kind == INVEST and projects is None:
            continue
        kinds[kind] = MakeStudy(
            kind,
            open_store=partial(stores.open, order.where, create=True),
            today=partial(table_sets.open, order.data),
            table_sets=table_sets,
            scenarios=scenarios,
            projects=partial(_projects, projects, order.data),
            render=render_json,
            folders=wiring.results,
            reports=wiring.reports,
        )
    return kinds


def _projects(files: ProjectFiles | None, folder: Path | None) -> ProjectTables:
    assert files is not None, "wired without projects"
    return files.read(folder)


def make_worker(
    wiring: Wiring,
    order: WorkOrder,
    store: JobStore,
    *,
    stopping: Callable[[], bool],
    watch: Callable[[Job], None],
) -> Worker:
    """Put a worker together; it renews its leases in the background."""
    from karvan.services.jobs.job import Policy
    from karvan.services.jobs.worker import Worker, beat_every

    policy = Policy()
    return Worker(
        store=store,
        kinds=kinds_of(wiring, order),
        name=f"{socket.gethostname()}:{os.getpid()}"[:200],
        clock=wiring.clock,
        policy=policy,
        beat=partial(beat_every, policy.lease_s / 3),
        stopping=stopping,
        watch=watch,
    )


@contextmanager
def asked_to_end() -> Iterator[threading.Event]:
    """Set an event at SIGTERM and at the first Ctrl-C; the second one interrupts."""
    asked = threading.Event()

    def ask(number: int, _: object) -> None:
        if asked.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        asked.set()

    before = {each: signal.signal(each, ask) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def work_beside(wiring: Wiring, order: WorkOrder) -> None:
    """Do jobs in a process of a server's, until there is nothing to do or the server ends."""
    import logging
    import multiprocessing

    logging.basicConfig(format="%(levelname)s %(name)s %(message)s")
    logging.getLogger("karvan").setLevel(order.log_level.upper())
    if hasattr(os, "nice"):
        os.nice(NICE)
    parent = multiprocessing.parent_process()
    stores = wiring.jobs
    assert stores is not None, "wired without jobs"
    with asked_to_end() as asked:
        # Ctrl-C reaches the whole group of processes; the server says when to end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

        def end_with_parent() -> None:
            if parent is not None:
                parent.join()
                asked.set()
                time.sleep(PATIENCE_S)
                os._exit(1)

        threading.Thread(target=end_with_parent, daemon=True).start()
        store = stores.open(order.where, create=True)
        try:
            worker = make_worker(wiring, order, store, stopping=asked.is_set, watch=lambda _: None)
            worker.run(asked.wait, idle_looks=IDLE_LOOKS)
        finally:
            store.close()
