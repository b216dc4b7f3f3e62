"""Closures in a store: versions follow each other, nothing is changed, the journal has them all."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest

import verify_audit
from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.care import SqlCare
from karvan.adapters.sql.closures import SqlClosureStores
from karvan.domain.errors import JournalBroken, StaleVersion
from karvan.services.databases import Database
from karvan.services.situation.closures import Deed, Draft, Interval, TargetKind, newest
from stored_answers import TABLES, stored

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=3)


def draft(target="KZ-AKT", **fields):
    given = {
        "deed": Deed.CLOSED,
        "recorded_at": NOON,
        "actor": "terminal",
        "target": target,
        "kind": TargetKind.PLACE,
        "cause": "storm",
        "since": NOON,
        "reopening": Interval(low=LATER, likely=LATER, high=LATER),
        "note": "wind, Ақтау",
    }
    return Draft(**(given | fields))


def after(closure, deed=Deed.LIFTED, **fields):
    return draft(closure_id=closure.id, base_version=closure.version, deed=deed, **fields)


@pytest.fixture
def kit(make_kit, engine):
    return make_kit(engine)


@pytest.fixture
def store(kit):
    opened = SqlClosureStores().open(Database(kit.url), create=True)
    yield opened
    opened.close()


def test_what_was_put_comes_back_in_order_and_moves_the_version(store):
    assert (store.version(), store.entries()) == (0, ())
    first = store.add(draft())
    second = store.add(draft(share_lost_pct=50, reopening=None, source="port.example"))
    lifted = store.add(after(first))
    assert [first.id, second.id] == ["KZ-AKT@2026-11-22.1", "KZ-AKT@2026-11-22.2"]
    assert [(each.seq, each.version) for each in (first, second, lifted)] == [
        (1, 1),
        (2, 1),
        (3, 2),
    ]
    assert store.version() == 3
    assert store.entries() == (first, second, lifted)
    assert store.entries(first.id) == (first, lifted)
    assert newest(store.entries()) == {first.id: lifted, second.id: second}


def test_of_two_corrections_from_one_version_one_is_refused(kit, store):
    first = store.add(draft())
    told = []

    def correct(n):
        own = SqlClosureStores().open(Database(kit.url), create=False)
        try:
            told.append(own.add(after(first, Deed.CORRECTED, note=str(n))))
        except StaleVersion as error:
            told.append(error)
        finally:
            own.close()

    threads = [Thread(target=correct, args=(n,)) for n in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(type(each).__name__ for each in told) == ["Closure", *["StaleVersion"] * 2]
    assert store.version() == 2


def test_the_database_itself_refuses_to_change_or_remove_a_closure(kit, store):
    store.add(draft())
    for statement in ("UPDATE closures SET cause = 'war'", "DELETE FROM closures"):
        with pytest.raises(kit.refusal, match="never changed"):
            kit.try_change(statement)


def test_each_version_is_in_the_journal_with_actor_and_cause_and_without_words(
    kit, store, tmp_path
):
    first = store.add(draft())
    store.add(after(first, actor="P-0001"))
    file = tmp_path / "journal.jsonl"
    SqlAudit().export(Database(kit.url), file)
    lines = file.read_text("utf-8").splitlines(keepends=True)
    verify_audit.check(lines)
    entries = [json.loads(line) for line in lines][-2:]
    told = [(each["kind"], each["subject"], each["actor"], each["reason"]) for each in entries]
    assert told == [
        ("closure-closed", first.id, "terminal", "storm"),
        ("closure-lifted", first.id, "P-0001", "storm"),
    ]
    assert entries[0]["body"]["content_sha256"] == first.content_sha256
    assert "Ақтау" not in "".join(lines)


CHANGES = {
    "note": "calm",
    "actor": "somebody",
    "since": "2026-11-21T12:00:00Z",
    "share_lost_pct": 99,
    "reopens_high": "no instant",
    "deed": "corrected",
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_closure_changed_past_the_journal_is_told(kit, store, column):
    store.add(draft())
    kit.execute(f"UPDATE closures SET {column} = ?", CHANGES[column])
    with pytest.raises(JournalBroken, match="not kept as it was entered"):
        SqlAudit().verify(Database(kit.url))
    assert [e.code for e in SqlCare().check(Database(kit.url)).damaged] == ["journal-broken"]


def test_a_closure_taken_out_is_told(kit, store):
    store.add(draft())
    store.add(draft("AZ-ALT"))
    kit.execute("DELETE FROM closures WHERE seq = ?", 2)
    with pytest.raises(JournalBroken, match="is gone"):
        SqlAudit().verify(Database(kit.url))


def test_a_backup_holds_closures_on_either_engine(kit, store, make_kit, engine, tmp_path):
    quotes = kit.open()
    quotes.put([stored(1)], TABLES)
    quotes.close()
    first = store.add(draft())
    lifted = store.add(after(first))
    SqlCare().backup(Database(kit.url), tmp_path / "all.zip")
    other = make_kit({"sqlite": "postgresql", "postgresql": "sqlite"}[engine])
    SqlCare().restore(Database(other.url), tmp_path / "all.zip")
    moved = SqlClosureStores().open(Database(other.url), create=False)
    try:
        assert moved.entries() == (first, lifted)
        assert moved.add(after(lifted, Deed.CORRECTED)).seq == 3
    finally:
        moved.close()


def test_the_hash_of_an_entry_is_of_everything_in_it(store):
    entry = store.add(draft())
    others = {
        "id": "X",
        "version": 2,
        "deed": Deed.LIFTED,
        "recorded_at": LATER,
        "actor": "x",
        "target": "X",
        "kind": TargetKind.LINK,
        "cause": "war",
        "since": LATER,
        "reopening": None,
        "share_lost_pct": 1,
        "note": "x",
        "source": "x",
    }
    hashes = {replace(entry, **{name: value}).content_sha256 for name, value in others.items()}
    assert len({*hashes, entry.content_sha256}) == len(others) + 1
