"""Retention on SQLite and PostgreSQL: what ended goes, what is needed stays, the journal tells."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from job_cases import NOON, put
from karvan.adapters.sql.answers_once import SqlAnswerStores
from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.care import SqlCare
from karvan.adapters.sql.jobs import SqlJobStores
from karvan.domain.errors import JournalBroken, UnknownQuote
from karvan.services.databases import Database
from karvan.services.idempotency import Asked
from karvan.services.jobs import job as steps
from stored_answers import TABLES, stored

NOW = datetime(2027, 11, 21, 12, tzinfo=UTC)
OTHER = type(TABLES).of({"other.csv": b"x"})


@pytest.fixture
def kit(make_kit, engine):
    return make_kit(engine)


def keep(kit, tables, *numbers, **fields):
    store = kit.open()
    store.put([stored(number, tables=tables, **fields) for number in numbers], tables)
    store.close()


def prune(kit, before, *, dry_run=False):
    return SqlCare().prune(
        Database(kit.url), before=before, now=NOW, actor="terminal", dry_run=dry_run
    )


def rows(kit, table):
    return kit.rows(f"SELECT count(*) FROM {table}")[0][0]


def test_what_ended_goes_with_its_tables_and_the_journal_tells_it(kit):
    keep(kit, OTHER, 1, 2)
    keep(kit, TABLES, 3, 4, expires_at="2026-12-28T12:00:00Z")
    middle = stored(1).expires_at + timedelta(days=1)
    answers = SqlAnswerStores().open(Database(kit.url), create=False)
    for age in (1, 30):
        asked = Asked(caller="", key=f"order-{age:04d}", fingerprint="f")
        answers.claim(asked, NOW - timedelta(hours=age))
    answers.close()
    counted = {"quotes": 2, "table_sets": 1, "answers_once": 1, "jobs": 0}

    assert prune(kit, middle, dry_run=True) == counted
    assert (rows(kit, "quotes"), rows(kit, "table_sets"), rows(kit, "answers_once")) == (4, 2, 2)
    assert prune(kit, middle) == counted
    assert prune(kit, middle) == dict.fromkeys(counted, 0)

    assert (rows(kit, "quotes"), rows(kit, "table_sets"), rows(kit, "answers_once")) == (2, 1, 1)
    SqlAudit().verify(Database(kit.url))
    told = kit.rows("SELECT subject, actor, reason FROM journal WHERE kind = 'quote-removed'")
    assert sorted(told) == [(stored(n).quote_id, "terminal", "retention") for n in (1, 2)]
    store = kit.open()
    assert store.get(stored(3).quote_id).quote_id == stored(3).quote_id
    with pytest.raises(UnknownQuote):
        store.get(stored(1).quote_id)
    assert store.check() == []
    store.close()


def test_a_job_that_ended_goes_and_the_tables_of_one_that_waits_stay(kit):
    keep(kit, OTHER, 1)
    keep(kit, TABLES, 2)
    store = SqlJobStores().open(Database(kit.url), create=False)
    waits, over = (
        put(store, number, parameters=f'{{"tables_hash": "{tables.content_hash}"}}')
        for number, tables in enumerate((OTHER, TABLES), 1)
    )
    store.change(over.job_id, partial(steps.cancel, now=NOON))
    store.close()

    counted = prune(kit, NOW)

    assert counted == {"quotes": 2, "table_sets": 1, "answers_once": 0, "jobs": 1}
    assert kit.rows("SELECT id FROM jobs") == [(waits.job_id,)]
    assert kit.rows("SELECT content_hash FROM table_sets") == [(OTHER.content_hash,)]
    told = kit.rows("SELECT subject FROM journal WHERE kind = 'job-removed'")
    assert told == [(over.job_id,)]
    SqlAudit().verify(Database(kit.url))


def test_the_guard_stands_again_afterwards_and_removing_past_it_is_told(kit):
    keep(kit, TABLES, 1, 2)
    prune(kit, stored(1).expires_at - timedelta(days=999))
    prune(kit, NOW - timedelta(days=36_500))
    for table in ("quotes", "table_sets"):
        with pytest.raises(kit.refusal, match="never changed"):
            kit.try_change(f"DELETE FROM {table}")
    kit.execute("DELETE FROM quotes WHERE id = ?", stored(1).quote_id)
    with pytest.raises(JournalBroken):
        SqlAudit().verify(Database(kit.url))


def test_a_quote_that_was_removed_may_be_kept_anew(kit):
    keep(kit, TABLES, 1)
    prune(kit, NOW)
    assert rows(kit, "quotes") == rows(kit, "table_sets") == 0
    keep(kit, TABLES, 1)
    SqlAudit().verify(Database(kit.url))
    assert rows(kit, "quotes") == 1
