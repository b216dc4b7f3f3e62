"""Workers that are killed: real processes, forked from one that has imported everything.

`Nursery` starts that one; each worker it is asked for takes jobs until nothing is due, or until a
named point is reached for the n-th time, where it kills itself by SIGKILL.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

#: Where a worker may be killed, in the order in which a job comes by.
POINTS = (
    "take:before",
    "take:commit",
    "take:after",
    "part:before",
    "part:commit",
    "part:after",
    "finish:before",
    "finish:commit",
    "finish:after",
)
#: Between an answer that is kept as a quote and the part of the job.
ANSWER = "answer:after"
#: A part that was computed, and not kept, is computed again.
AGAIN = ("part:before", "part:commit", ANSWER)


class Nursery:
    """The process from which workers come."""

    def __init__(self, *, quotes=False):
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
        self._process = subprocess.Popen(
            [sys.executable, __file__, "quotes" if quotes else "light"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()

    def work(self, url, now, *, point="", nth=1, log=""):
        """Let a worker work; gives whether it was killed."""
        order = {"url": url, "now": now.isoformat(), "point": point, "nth": nth, "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert told in (0, -signal.SIGKILL), f"a worker ended with {told}"
        return told == -signal.SIGKILL


class Deadly:
    """Counts how often the point is reached, and kills."""

    def __init__(self, point, nth):
        self.point, self.left, self.at = point, nth, ""

    def reach(self, name):
        self.left -= name == self.point
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def deadly_store(url, deadly):
    from sqlalchemy import event

    from karvan.adapters.sql.jobs import SqlJobs, SqlJobStores
    from karvan.services.databases import Database
    from karvan.services.jobs.store import NOTHING

    class Store(SqlJobs):
        def take_due(self, kinds, now, step):
            return around("take", lambda: super(Store, self).take_due(kinds, now, step))

        def change(self, job_id, step, beside=NOTHING):
            name = "part" if beside.parts else "finish" if beside.result is not None else "other"
            return around(name, lambda: super(Store, self).change(job_id, step, beside))

    def around(name, do):
        deadly.reach(f"{name}:before")
        deadly.at = name
        done = do()
        deadly.at = ""
        deadly.reach(f"{name}:after")
        return done

    store = Store(SqlJobStores().open(Database(url), create=False).database)
    event.listen(store.database.engine, "commit", lambda _: deadly.reach(f"{deadly.at}:commit"))
    return store


def light(order, deadly):
    """A kind that squares numbers, and notes down each time it does."""

    def count(work):
        numbers = range(json.loads(work.parameters)["parts"])
        for number in numbers:
            if number in work.parts:
                continue
            with Path(order["log"]).open("a") as stream:
                stream.write(f"{number}\n")
            work.keep(number, str(number**2), total=len(numbers))
        return json.dumps([work.parts[number] for number in numbers]).encode()

    return {"count": count}


def quotes(order, deadly, opened):
    """The kind that quotes, on tables that are loaded."""
    from karvan import __version__
    from karvan.adapters.files.table_sets import FileTableSets
    from karvan.adapters.sql.quotes import SqlStores
    from karvan.interfaces.json_text import render_json
    from karvan.services.databases import Database
    from karvan.services.jobs.lanes import KIND, QuoteLanes

    def open_store():
        store = SqlStores().open(Database(order["url"]), create=False)
        put = store.put

        def put_and_reach(given, tables):
            put(given, tables)
            if order["log"]:
                with Path(order["log"]).open("a") as stream:
                    stream.write("put\n" * len(given))
            deadly.reach(ANSWER)

        store.put = put_and_reach
        return store

    kind = QuoteLanes(
        open_store=open_store,
        today=lambda: opened,
        table_sets=FileTableSets(),
        render=render_json,
        engine_version=__version__,
    )
    return {KIND: kind}


def work(order, opened):
    from karvan.domain.instants import parse_instant
    from karvan.services.jobs.job import Policy
    from karvan.services.jobs.worker import Worker

    deadly = Deadly(order["point"], order["nth"])
    now = parse_instant(order["now"])
    kinds = light(order, deadly) if opened is None else quotes(order, deadly, opened)
    # Nobody is to be given up here: a killer has more patience than a policy.
    policy = Policy(lease_s=30, most_attempts=1000)
    store = deadly_store(order["url"], deadly)
    name = f"test:{os.getpid()}"
    Worker(store=store, kinds=kinds, name=name, clock=lambda: now, policy=policy).drain()
    store.close()


def warm():
    """Tables, and a search that has compiled what the lanes below ask for, for every worker."""
    from job_cases import LANES, NOON
    from karvan.adapters.files.table_sets import FileTableSets
    from karvan.services.jobs.lanes import lanes_of
    from karvan.services.quoting import bulk, quote

    opened = FileTableSets().open()
    quoting = quote.Quoting(opened.published)
    quote.Quoting = lambda _: quoting
    desk = bulk.LaneDesk(opened.published, NOON, str)
    for lane in lanes_of(LANES[:2]):
        desk.answer(lane)
    return opened


def nursery(kind):
    opened = None
    if kind == "quotes":
        opened = warm()
    else:
        import karvan.adapters.sql.jobs
        import karvan.services.jobs.worker  # noqa: F401
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                work(json.loads(line), opened)
                os._exit(0)
            except BaseException:  # noqa: BLE001 - the parent is told by the exit status
                traceback.print_exc()
                os._exit(1)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    nursery(sys.argv[1])
