"""Workers killed in mid-job lose nothing and double nothing (invariants I3, I20)."""

import json

import pytest

from job_cases import LANES, later, put
from job_workers import AGAIN, ANSWER, POINTS, Nursery
from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.jobs import SqlJobStores
from karvan.adapters.sql.quotes import SqlStores
from karvan.services.databases import Database
from karvan.services.jobs.job import State
from karvan.services.jobs.lanes import KIND, LaneJob, lanes_of

#: Nine points, and three of them deeper in the work: twelve kills.
KILLS = [(point, 1) for point in POINTS]
KILLS += [("part:commit", 4), ("part:after", 3), ("take:after", 2)]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return Database.of_file(tmp_path / "jobs.sqlite").url
    return request.getfixturevalue("postgres").new()


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as started:
        yield started


def open_jobs(url):
    return SqlJobStores().open(Database(url), create=True)


def test_twelve_kills_at_named_points_lose_and_double_nothing(url, nursery, tmp_path):
    store = open_jobs(url)
    jobs = [put(store, number, parameters=f'{{"parts":{number + 3}}}') for number in range(5)]
    log = tmp_path / "computed"

    for tick, (point, nth) in enumerate(KILLS):
        assert nursery.work(url, later(60 * tick), point=point, nth=nth, log=log), point
        # What was told as finished stays so.
        for each in store.list_jobs():
            if each.state is State.DONE:
                assert store.get_result(each.job_id)
    assert not nursery.work(url, later(60 * len(KILLS)), log=log)

    for number, each in enumerate(jobs):
        found = store.get(each.job_id)
        assert (found.state, found.done, found.total) == (State.DONE, number + 3, number + 3)
        squares = [str(n**2) for n in range(number + 3)]
        assert json.loads(store.get_result(each.job_id)) == squares
        assert store.get_parts(each.job_id) == {}
    again = sum(point in AGAIN for point, _ in KILLS)
    assert len(log.read_text().split()) == sum(range(3, 8)) + again
    assert SqlAudit().verify(Database(url)).seq == 1 + len(jobs)
    store.close()


def submit_lanes(url, opened_tables):
    lanes = lanes_of(LANES[:2])
    quotes = SqlStores().open(Database(url), create=True)
    quotes.put([], opened_tables.table_set)
    quotes.close()
    store = open_jobs(url)
    named = opened_tables.table_set.content_hash
    text = LaneJob(now=later(0), tables_hash=named, lanes=lanes).to_text()
    job = put(store, kind=KIND, parameters=text)
    return store, job.job_id


def kept(url):
    store = SqlStores().open(Database(url), create=False)
    try:
        return [(each.quote_id, each.answer) for each in store.list_quotes()]
    finally:
        store.close()


def test_killed_workers_quote_each_lane_once_to_the_same_bytes(tmp_path, opened):
    calm, killed = (Database.of_file(tmp_path / name).url for name in ("calm", "killed"))
    points = [ANSWER, "part:commit", "part:after"]
    log = tmp_path / "answered"
    with Nursery(quotes=True) as nursery:
        store, job_id = submit_lanes(calm, opened)
        assert not nursery.work(calm, later(0), log=tmp_path / "calm.log")
        expected = store.get_result(job_id)
        store.close()

        store, job_id = submit_lanes(killed, opened)
        for tick, point in enumerate(points):
            assert nursery.work(killed, later(60 * tick), point=point, log=log), point
        assert not nursery.work(killed, later(60 * len(points)), log=log)

    assert store.get_result(job_id) == expected
    # Answered once, and once more for each kill before the part was kept.
    assert len(log.read_text().split()) == 1 + sum(point in AGAIN for point in points)
    store.close()
    table = json.loads(expected)
    assert (table["lanes"], table["answered"]) == (2, 1)
    named = [row[table["columns"].index("lane")] for row in table["rows"]]
    assert named == ["a", "b"]
    assert kept(killed) == kept(calm)
    assert len(kept(killed)) == 1
    assert SqlAudit().verify(Database(killed)).seq == SqlAudit().verify(Database(calm)).seq
