"""500 workers killed in mid-job, on SQLite and on PostgreSQL, lose nothing and double nothing.

Each is a real process that ends itself by SIGKILL at one of nine named points, reached for the
first to the fifth time, drawn from a fixed seed; the next one goes on. In between people submit
jobs and cancel some. In the end every job is done or cancelled, every result is that of an
undisturbed run, each part was computed once and once more for every kill that came before it was
kept, and the journal has each job once. A second run quotes real lanes in the same way, and the
table and the kept quotes are the same bytes as undisturbed ones. Where PostgreSQL is not
installed, SQLite alone is shown, and the figures say so.
"""

from __future__ import annotations

import json
import random
import tempfile
from functools import partial
from pathlib import Path

from tests import postgres
from tests.job_cases import LANES, later, put
from tests.job_workers import AGAIN, ANSWER, POINTS, Nursery

from karvan.adapters.files.table_sets import FileTableSets
from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.jobs import SqlJobStores
from karvan.adapters.sql.quotes import SqlStores
from karvan.services.databases import Database
from karvan.services.jobs import job as steps
from karvan.services.jobs.job import State
from karvan.services.jobs.lanes import KIND, lanes_of, prepare

SEED = 20_261_122
#: Seconds between one worker and the next: longer than a lease.
TICK_S = 60


def kill_many(url: str, nursery: Nursery, folder: Path, kills: int, seed: int) -> dict[str, int]:
    """Kill `kills` workers on one database; raises where anything is lost or doubled."""
    rng = random.Random(seed)
    store = SqlJobStores().open(Database(url), create=True)
    log, jobs, cancelled, again, tick = folder / "computed", {}, set(), 0, 0
    log.write_text("")

    def submit() -> None:
        number, parts = len(jobs) + 1, rng.randint(1, 8)
        parameters = json.dumps({"parts": parts})
        jobs[put(store, number, parameters=parameters, at=later(tick * TICK_S)).job_id] = parts

    done = 0
    while done < kills:
        while sum(each.state not in steps.FINAL for each in store.list_jobs(60)) < 3:
            submit()
        if rng.random() < 0.02:
            name = rng.choice(sorted(jobs))
            if store.get(name).state is State.QUEUED and not store.get_parts(name):
                step = partial(steps.cancel, now=later(tick * TICK_S))
                cancelled.add(store.change(name, step).job_id)
        point, nth = rng.choice(POINTS), rng.randint(1, 5)
        tick += 1
        now = later(tick * TICK_S)
        killed = nursery.work(url, now, point=point, nth=nth, log=log)
        done += killed
        again += killed and point in AGAIN
    nursery.work(url, later((tick + 1) * TICK_S), log=log)

    computed = 0
    for name, parts in jobs.items():
        found = store.get(name)
        if name in cancelled:
            assert found.state is State.CANCELLED, f"{name} is {found.state}"
            continue
        assert found.state is State.DONE, f"{name} is {found.state}"
        squares = [str(number**2) for number in range(parts)]
        assert json.loads(store.get_result(name)) == squares, f"{name} has another result"
        computed += parts
    assert len(log.read_text().split()) == computed + again, "a part was computed once too often"
    assert SqlAudit().verify(Database(url)).seq == 1 + len(jobs)
    store.close()
    return {"workers": tick + 1, "killed": done, "jobs": len(jobs), "parts": computed}


def quote(url: str, nursery: Nursery, points: list[tuple[str, int]]) -> tuple[bytes, list[str]]:
    """Quote real lanes, killed at these points; gives the table and the kept answers."""
    opened = FileTableSets().open()
    quotes = SqlStores().open(Database(url), create=True)
    text = prepare(quotes, opened.table_set, lanes_of(LANES[:2]), later(0))
    store = SqlJobStores().open(Database(url), create=True)
    name = put(store, kind=KIND, parameters=text).job_id
    for tick, (point, nth) in enumerate(points):
        nursery.work(url, later(tick * TICK_S), point=point, nth=nth)
    nursery.work(url, later(len(points) * TICK_S))
    table, kept = store.get_result(name), [each.answer for each in quotes.list_quotes()]
    store.close()
    quotes.close()
    return table, kept


def run(kills: int = 500, tables: int = 10) -> dict[str, object]:
    """Kill workers on both engines; the first that loses anything raises."""
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory(prefix="karvan-proof-") as name:
        folder = Path(name)
        with Nursery() as nursery:
            urls = {"SQLite": Database.of_file(folder / "jobs.sqlite").url}
            if postgres.binaries() is None:
                figures["PostgreSQL"] = "not installed, not shown"
                _show(figures, urls, nursery, folder, kills)
            else:
                with postgres.running() as server:
                    urls["PostgreSQL"] = server.new()
                    _show(figures, urls, nursery, folder, kills)
        rng = random.Random(SEED)
        with Nursery(quotes=True) as nursery:
            calm = quote(Database.of_file(folder / "calm").url, nursery, [])
            for number in range(tables):
                points = [(rng.choice((*POINTS, ANSWER)), rng.randint(1, 2)) for _ in range(4)]
                where = Database.of_file(folder / f"killed{number}")
                assert quote(where.url, nursery, points) == calm, f"{points}: another table"
    figures["tables of real lanes, each disturbed four times"] = tables
    return figures


def _show(
    figures: dict[str, object], urls: dict[str, str], nursery: Nursery, folder: Path, kills: int
) -> None:
    for engine, url in urls.items():
        found = kill_many(url, nursery, folder, kills, SEED)
        figures |= {f"{engine}: {name}": count for name, count in found.items()}


if __name__ == "__main__":
    print(run())
