"""Jobs in a store: one suite on SQLite and PostgreSQL."""

import threading
from dataclasses import replace
from functools import partial

import pytest

from job_cases import NOON, SUBMITTED, job, later, put
from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.care import SqlCare
from karvan.adapters.sql.jobs import SqlJobStores
from karvan.domain.errors import JobConflict, LeaseLost, StoreDamaged, UnknownJob
from karvan.services.databases import Database
from karvan.services.jobs import job as steps
from karvan.services.jobs.job import Lease, Policy, Reason, State
from karvan.services.jobs.store import Beside, Entry, Seen

POLICY = Policy(lease_s=30, most_attempts=3)
KINDS = ("count",)


@pytest.fixture
def kit(make_kit, engine):
    return make_kit(engine)


@pytest.fixture
def store(kit):
    opened = SqlJobStores().open(Database(kit.url), create=True)
    yield opened
    opened.close()


def take(store, now=NOON, worker="w", kinds=KINDS):
    return store.take_due(kinds, now, partial(steps.take, worker=worker, now=now, policy=POLICY))


def advance(store, held, done, content, now=NOON):
    step = partial(steps.advance, lease=Lease.of(held), now=now, policy=POLICY, done=done, total=3)
    return store.change(held.job_id, step, Beside(parts={done: content}))


def finish(store, held, result=b"result", now=NOON):
    step = partial(steps.finish, lease=Lease.of(held), now=now)
    return store.change(held.job_id, step, Beside(result=result))


def test_a_job_goes_from_queue_to_result(store):
    queued = put(store, parameters='{"to":"Ақтау"}')
    assert store.get(queued.job_id) == queued
    assert store.get_parameters(queued.job_id) == '{"to":"Ақтау"}'
    with pytest.raises(JobConflict):
        store.get_result(queued.job_id)

    held = take(store)
    assert (held.state, held.worker, held.attempts) == (State.RUNNING, "w", 1)
    advance(store, held, 1, "a\u2028\\u0000")
    advance(store, held, 1, "b")
    advance(store, held, 2, "c")
    assert store.get_parts(held.job_id) == {1: "a\u2028\\u0000", 2: "c"}
    done = finish(store, held, b"x" * 100_000)

    assert (done.state, done.done, done.total) == (State.DONE, 2, 3)
    assert store.get(held.job_id) == done
    assert store.get_result(held.job_id) == b"x" * 100_000
    assert store.get_parts(held.job_id) == {}
    assert take(store, later(10_000)) is None


def test_what_is_due_longest_is_taken_first_and_nothing_too_early_or_of_other_kinds(store):
    put(store, 1, due_at=later(10))
    put(store, 2, due_at=later(5))
    put(store, 3, kind="other")
    assert not store.is_any_due(KINDS, later(4))
    assert take(store, later(4)) is None
    assert store.is_any_due(KINDS, later(5))
    assert [take(store, later(60)).job_id[-1] for _ in range(2)] == ["2", "1"]
    assert take(store, later(60)) is None
    assert take(store, kinds=()) is None


def test_a_worker_that_was_taken_for_dead_changes_nothing_when_it_comes_back(store):
    put(store)
    first = take(store)
    advance(store, first, 1, "of the first")
    assert take(store, later(29), "x") is None
    second = take(store, later(30), "x")
    assert second.worker == "x"

    renew = partial(steps.renew, lease=Lease.of(first), now=later(31), policy=POLICY)
    for write in (
        lambda: advance(store, first, 2, "late"),
        lambda: finish(store, first, b"late"),
        lambda: store.change(first.job_id, renew),
    ):
        with pytest.raises(LeaseLost):
            write()
    assert store.get(first.job_id) == second
    assert store.get_parts(first.job_id) == {1: "of the first"}
    finish(store, second, b"of the second")
    with pytest.raises(LeaseLost):
        finish(store, first, b"late")
    assert store.get_result(first.job_id) == b"of the second"


def test_a_failed_step_leaves_nothing_of_what_stood_beside(store, kit):
    put(store)
    held = take(store)
    before = SqlAudit().verify(Database(kit.url))
    entry = Entry(kind="job-cancelled", actor="ana", reason="")
    with pytest.raises(JobConflict):
        store.change(
            held.job_id,
            partial(steps.retry, now=NOON),
            Beside(parts={1: "a"}, forget=True, entry=entry),
        )
    assert store.get(held.job_id) == held
    assert store.get_parts(held.job_id) == {}
    assert SqlAudit().verify(Database(kit.url)) == before


def test_cancelling_keeps_no_result_and_a_dead_job_keeps_its_parts(store):
    put(store, 1)
    held = take(store)
    advance(store, held, 1, "a")
    store.change(held.job_id, partial(steps.cancel, now=NOON))
    assert finish(store, held).state is State.CANCELLED
    assert store.get_parts(held.job_id) == {}
    with pytest.raises(JobConflict):
        store.get_result(held.job_id)

    put(store, 2)
    held = take(store)
    advance(store, held, 1, "a")
    reason = Reason("no-route", "no way")
    step = partial(
        steps.fail, lease=Lease.of(held), now=NOON, policy=POLICY, reason=reason, final=True
    )
    assert store.change(held.job_id, step).reason == reason
    again = store.change(held.job_id, partial(steps.retry, now=later(1)))
    assert (again.state, again.reason, again.attempts) == (State.QUEUED, None, 0)
    assert store.get_parts(held.job_id) == {1: "a"}
    advance(store, take(store, later(1)), 2, "b", later(1))
    assert store.get_parts(held.job_id) == {1: "a", 2: "b"}
    forgotten = store.change(held.job_id, lambda each: each, Beside(forget=True, parts={1: "z"}))
    assert forgotten.state is State.RUNNING
    assert store.get_parts(held.job_id) == {1: "z"}


def test_the_same_job_twice_is_one_and_another_under_its_id_is_refused(store, kit):
    first = put(store)
    assert take(store).job_id == first.job_id
    assert put(store).state is State.RUNNING
    with pytest.raises(JobConflict, match="another"):
        put(store, parameters='{"n":1}')
    with pytest.raises(JobConflict, match="another"):
        put(store, kind="other")
    entries = kit.rows("SELECT subject, actor, kind FROM journal WHERE seq > 1")
    assert [tuple(row) for row in entries] == [(first.job_id, "ana", "job-submitted")]
    for read in (store.get, store.get_parameters, store.get_result):
        with pytest.raises(UnknownJob):
            read("J-0")
    with pytest.raises(UnknownJob):
        store.change("J-0", partial(steps.cancel, now=NOON))


def test_a_listing_shows_each_job_once_page_by_page(store):
    for number in range(7):
        put(store, number, at=later(number // 3), kind="count" if number else "other")
    seen, after = [], None
    while page := store.list_jobs(2, after=after):
        seen += [each.job_id for each in page]
        after = Seen(page[-1].created_at, page[-1].job_id)
    assert seen == [job(number).job_id for number in reversed(range(7))]
    assert [each.kind for each in store.list_jobs(kind="other")] == ["other"]
    assert len(store.list_jobs(state=State.QUEUED)) == 7
    assert store.list_jobs(state=State.DEAD) == []


def test_jobs_are_in_a_backup(store, kit, make_kit, engine, tmp_path):
    put(store, 1)
    held = take(store)
    advance(store, held, 1, "Ақтау")
    put(store, 2)
    finish(store, take(store), b"\0\xff")
    SqlCare().backup(Database(kit.url), tmp_path / "b.zip")
    other = make_kit("postgresql" if engine == "sqlite" else "sqlite")
    told = SqlCare().restore(Database(other.url), tmp_path / "b.zip")

    restored = SqlJobStores().open(Database(other.url), create=False)
    assert (told["jobs"], told["job_parts"]) == (2, 1)
    assert restored.list_jobs() == store.list_jobs()
    assert restored.get_parts(held.job_id) == {1: "Ақтау"}
    assert restored.get_result(job(2).job_id) == b"\0\xff"
    assert SqlAudit().verify(Database(other.url)) == SqlAudit().verify(Database(kit.url))
    restored.close()


def test_a_damaged_job_is_told(store, kit):
    put(store)
    finish(store, take(store))
    kit.execute("UPDATE jobs SET result = ?", b"x")
    with pytest.raises(StoreDamaged):
        store.get_result(job().job_id)
    kit.execute("UPDATE jobs SET parameters = ?", "[]")
    with pytest.raises(StoreDamaged):
        store.get_parameters(job().job_id)
    kit.execute("UPDATE jobs SET state = ?", "lost")
    with pytest.raises(StoreDamaged):
        store.get(job().job_id)


def test_two_workers_at_once_never_take_the_same_job(store, kit):
    numbers = range(24)
    for number in numbers:
        put(store, number)
    taken, faults = [], []
    begin = threading.Barrier(2)

    def work(worker):
        own = SqlJobStores().open(Database(kit.url), create=False)
        try:
            begin.wait()
            while (held := take(own, worker=worker)) is not None:
                advance(own, held, 1, worker)
                finish(own, held, worker.encode())
                taken.append((held.job_id, worker))
        except Exception as error:  # noqa: BLE001 - told below
            faults.append(error)
        finally:
            own.close()

    workers = [threading.Thread(target=work, args=(name,)) for name in ("x", "y")]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert faults == []
    assert sorted(name for name, _ in taken) == [job(number).job_id for number in numbers]
    for name, worker in taken:
        assert store.get_result(name) == worker.encode()
        assert store.get(name).fence == 1


def test_a_job_that_another_holds_open_is_passed_over(make_kit):
    """PostgreSQL: a worker does not wait for a row that another is just taking."""
    kit = make_kit("postgresql")
    store = SqlJobStores().open(Database(kit.url), create=True)
    put(store, 1)
    put(store, 2)
    with store.database.transaction() as connection:
        connection.exec_driver_sql(f"SELECT 1 FROM jobs WHERE id = '{job(1).job_id}' FOR UPDATE")
        assert take(store).job_id == job(2).job_id
        assert take(store) is None
    assert take(store).job_id == job(1).job_id
    store.close()


def test_submitting_is_all_or_nothing(store):
    broken = replace(SUBMITTED, body={"x": 1.5})
    with pytest.raises(ValueError):
        store.submit(job(), "{}", broken)
    with pytest.raises(UnknownJob):
        store.get(job().job_id)
