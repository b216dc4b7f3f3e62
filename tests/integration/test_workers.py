"""Workers on a real store, with a clock and a wait of the test's own."""

import json
import threading
from contextlib import suppress
from functools import partial

import pytest

from job_cases import LANES, later, put
from karvan import __version__
from karvan.adapters.files.table_sets import FileTableSets
from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.jobs import SqlJobStores
from karvan.adapters.sql.quotes import SqlStores
from karvan.domain.errors import (
    InvalidRequest,
    JobConflict,
    LimitReached,
    NoRoute,
    StoreDamaged,
    StoreUnavailable,
)
from karvan.interfaces.json_text import render_json
from karvan.services.databases import Database
from karvan.services.jobs import desk
from karvan.services.jobs.job import Policy, State
from karvan.services.jobs.lanes import KIND, LaneJob, QuoteLanes, lanes_of
from karvan.services.jobs.work import Halt
from karvan.services.jobs.worker import LONGEST_LOOK_S, MOST_RENEWALS, Worker, beat_every

POLICY = Policy(lease_s=30, most_attempts=3)


class Bench:
    """A store, a clock, and workers of a kind that does what the test says."""

    def __init__(self, file):
        self.where = Database.of_file(file)
        self.store = SqlJobStores().open(self.where, create=True)
        self.now = 0

    def worker(self, do, **given):
        given.setdefault("store", self.store)
        clock = lambda: later(self.now)  # noqa: E731
        return Worker(kinds={"count": do}, name="w", clock=clock, policy=POLICY, **given)

    def only(self):
        (job,) = self.store.list_jobs()
        return job


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "jobs.sqlite")
    yield made
    made.store.close()


def three(work, between=lambda number: None):
    for number in range(3):
        if number not in work.parts:
            work.keep(number, str(number), total=3)
            between(number)
    return b"three"


def test_a_running_job_that_is_cancelled_ends_at_the_next_step(bench):
    job = put(bench.store)
    done = []

    def do(work):
        desk.cancel(bench.store, job.job_id, actor="ana", reason="wrong file", now=later(0))
        assert bench.only().state is State.CANCELLING
        return three(work, done.append)

    assert bench.worker(do).work_once().state is State.CANCELLED
    assert done == []
    assert bench.store.get_parts(job.job_id) == {}
    assert bench.worker(do).work_once() is None
    with pytest.raises(JobConflict):
        desk.retry(bench.store, job.job_id, actor="ana", reason="", now=later(0))


def test_a_worker_that_is_asked_to_end_gives_the_job_back_after_the_part(bench):
    put(bench.store)
    asked = []
    seen = []
    worker = bench.worker(
        partial(three, between=seen.append),
        stopping=lambda: bool(asked),
        watch=lambda job: asked.append(1) if job.done == 1 else None,
    )
    worker.run(lambda _: pytest.fail("there is nothing to wait for"))
    left = bench.only()
    assert (left.state, left.done, left.attempts, left.due_at) == (State.QUEUED, 1, 0, later(0))
    assert seen == []

    assert bench.worker(partial(three, between=seen.append)).drain() == 1
    assert seen == [1, 2]
    assert bench.only().state is State.DONE


def test_ctrl_c_gives_the_job_back(bench):
    put(bench.store)

    def interrupt(work):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.worker(interrupt).drain()
    assert (bench.only().state, bench.only().attempts) == (State.QUEUED, 0)


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (NoRoute("no way joins them", place="KZ-XXX"), State.DEAD, "no-route"),
        (LimitReached("memory may be short"), State.QUEUED, "limit-reached"),
        (StoreDamaged("it is damaged"), State.QUEUED, "store-damaged"),
        (MemoryError("secret"), State.QUEUED, "internal"),
        (ZeroDivisionError("secret"), State.QUEUED, "internal"),
    ],
)
def test_an_error_of_the_caller_is_final_and_any_other_is_tried_again(
    bench, error, state, code, caplog
):
    put(bench.store)

    def fail(work):
        raise error

    left = bench.worker(fail).work_once()
    assert (left.state, left.reason.code) == (state, code)
    assert "secret" not in left.reason.message
    if state is State.QUEUED:
        assert left.due_at == later(5)
        assert bench.worker(fail).drain() == 0
        for bench.now in (5, 15):
            left = bench.worker(fail).work_once()
        assert (left.state, left.attempts) == (State.DEAD, 3)
    retried = desk.retry(bench.store, left.job_id, actor="ana", reason="again", now=later(20))
    assert retried.state is State.QUEUED
    bench.now = 20
    assert bench.worker(three).work_once().state is State.DONE


def test_what_people_do_is_in_the_journal_with_actor_and_reason(bench, tmp_path):
    job = desk.submit(
        bench.store,
        job_id=desk.new_job_id(),
        kind="count",
        parameters="{}",
        actor="ana",
        reason="for the port",
        now=later(0),
    )
    for reason in ("wrong", "once more"):
        desk.cancel(bench.store, job.job_id, actor="boris", reason=reason, now=later(1))
    SqlAudit().export(bench.where, tmp_path / "j")
    entries = [json.loads(line) for line in (tmp_path / "j").read_text().splitlines()[1:]]
    told = [(each["kind"], each["actor"], each["reason"]) for each in entries]
    assert told == [("job-submitted", "ana", "for the port"), ("job-cancelled", "boris", "wrong")]
    assert entries[0]["body"] == {"kind": "count", "parameters_sha256": job.parameters_sha256}
    for reason in ("x" * 501, "two\nlines", "\0"):
        with pytest.raises(InvalidRequest):
            desk.cancel(bench.store, job.job_id, actor="ana", reason=reason, now=later(1))


class Failing:
    """A store whose methods fail when the test says so, as on a disk that is full."""

    def __init__(self, store):
        self._store, self.broken = store, set()

    def __getattr__(self, name):
        if name in self.broken:
            raise StoreUnavailable("the store cannot be used", reason="the disk is full")
        return getattr(self._store, name)


def test_a_store_that_is_gone_is_told_tried_again_and_loses_nothing(bench, caplog):
    put(bench.store)
    store = Failing(bench.store)
    pauses = []

    def full(work):
        work.keep(0, "0", total=3)
        store.broken = {"change", "is_any_due"}
        return three(work)

    def wait(seconds):
        pauses.append(seconds)
        bench.now += 31
        if len(pauses) == 7:
            store.broken = set()

    looks = bench.worker(full, store=store, stopping=lambda: len(pauses) == 7)
    looks.run(wait)
    assert pauses == [2, 4, 8, 16, LONGEST_LOOK_S, LONGEST_LOOK_S, LONGEST_LOOK_S]
    assert sum("the disk is full" in text for text in caplog.messages) == 7
    assert (bench.only().state, bench.only().attempts) == (State.RUNNING, 1)

    done = []
    finished = bench.worker(partial(three, between=done.append), store=store)
    finished.run(lambda seconds: None, idle_looks=1)
    assert (bench.only().state, done) == (State.DONE, [1, 2])


def test_a_disk_that_fills_up_is_told_and_the_job_goes_on_when_there_is_room(bench):
    """SQLite itself says that it is full: the file may not grow."""
    put(bench.store)
    with bench.store.database.transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def large(work):
        for number in range(3):
            if number not in work.parts:
                work.keep(number, "x" * 100_000, total=3)
        return b"large"

    from sqlalchemy import event

    engine = bench.store.database.engine
    limit = pages + 40
    listen = lambda connection, *_: connection.execute(f"PRAGMA max_page_count = {limit}")  # noqa: E731
    event.listen(engine, "checkout", listen)
    with pytest.raises(StoreUnavailable) as caught:
        bench.worker(large).work_once()
    assert caught.value.facts["reason"] == "the disk is full"
    assert bench.only().state is State.RUNNING
    assert len(bench.store.get_parts(bench.only().job_id)) == 1

    limit = 100_000
    bench.now = 31
    assert bench.worker(large).work_once().state is State.DONE


def test_a_long_part_keeps_its_lease_and_a_hung_one_does_not(bench):
    put(bench.store)
    renewals = []

    def beat(renew):
        renewals.append(renew)
        return beat_every(3600, renew)

    def long(work):
        for bench.now in range(20, 200, 20):
            renewals[0]()
            assert bench.worker(three).drain() == 0
        for _ in range(MOST_RENEWALS):
            with suppress(Halt):
                renewals[0]()
        bench.now += 31
        assert bench.worker(three).work_once().state is State.DONE
        return b"too late"

    ended = bench.worker(long, beat=beat).work_once()
    assert ended.state is State.DONE
    assert bench.store.get_result(ended.job_id) == b"three"


def test_the_beat_renews_until_the_part_is_over():
    beats, enough = [], threading.Event()

    def renew():
        beats.append(1)
        if len(beats) == 3:
            enough.set()

    with beat_every(0.001, renew):
        assert enough.wait(20)
    count = len(beats)
    assert "karvan-lease" not in [each.name for each in threading.enumerate()]
    assert len(beats) == count


def lane_kind(opened, where, version=__version__):
    return QuoteLanes(
        open_store=lambda: SqlStores().open(where, create=True),
        today=lambda: opened,
        table_sets=FileTableSets(),
        render=render_json,
        engine_version=version,
    )


def test_lanes_are_read_from_json_with_all_faults():
    with pytest.raises(InvalidRequest) as caught:
        lanes_of([{"from": "KZ-ALM"}, 7, {"lane": 7}])
    assert [each.pointer for each in caught.value.faults] == [
        "/parameters/lanes/1",
        "/parameters/lanes/2/lane",
    ]
    for wrong in ([], {}, "KZ-ALM", None, [{}] * 10_001):
        with pytest.raises(InvalidRequest):
            lanes_of(wrong)
    lanes = lanes_of(LANES)
    assert LaneJob.from_text(LaneJob(now=later(0), tables_hash="h", lanes=lanes).to_text()) == (
        LaneJob(now=later(0), tables_hash="h", lanes=lanes)
    )


def test_a_table_is_of_one_version_of_the_program_and_of_the_tables_that_were_named(bench, opened):
    """Every lane is to nowhere: what is looked at is which of them are answered."""
    lanes = lanes_of([LANES[1], {**LANES[1], "lane": "z"}])
    named = opened.table_set.content_hash
    text = LaneJob(now=later(0), tables_hash=named, lanes=lanes).to_text()
    put(bench.store, kind=KIND, parameters=text)

    def worker(version, **given):
        made = bench.worker(three, **given)
        made.kinds = {KIND: lane_kind(opened, bench.where, version)}
        return made

    counts = []
    watch = lambda job: counts.append(job.done)  # noqa: E731
    worker("old", watch=watch, stopping=lambda: 1 in counts).work_once()
    assert bench.only().done == 1
    assert worker("new", watch=watch).work_once().state is State.DONE
    assert counts[-5:] == [1, 0, 1, 2, 2]
    table = json.loads(bench.store.get_result(bench.only().job_id))
    assert table["engine_version"] == "new"

    other = LaneJob(now=later(0), tables_hash="0" * 64, lanes=lanes).to_text()
    put(bench.store, 2, kind=KIND, parameters=other)
    left = worker("new").work_once()
    assert (left.state, left.reason.code) == (State.QUEUED, "store-damaged")
