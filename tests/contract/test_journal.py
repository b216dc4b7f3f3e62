"""The journal: entries follow each other, and what was changed, cut or added is told."""

import json
from hashlib import sha256

import pytest

import verify_audit
from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.care import SqlCare
from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.schema import NEWEST, migrate
from karvan.domain.errors import InvalidInput, JournalBroken, QuoteConflict
from karvan.services.databases import Database
from karvan.services.journal import canonical_json
from stored_answers import TABLES, stored

AUDIT = SqlAudit()


@pytest.fixture
def kit(make_kit, engine):
    return make_kit(engine)


def keep(kit, *numbers, **fields):
    store = kit.open()
    try:
        store.put([stored(number, **fields) for number in numbers], TABLES)
    finally:
        store.close()


def exported(kit, tmp_path):
    file = tmp_path / "journal.jsonl"
    file.unlink(missing_ok=True)
    head = AUDIT.export(Database(kit.url), file)
    return head, file.read_text("utf-8").splitlines(keepends=True)


def test_each_quote_is_entered_once_and_a_stranger_verifies_the_chain(kit, tmp_path):
    keep(kit, 1, 2)
    keep(kit, 2, 3)

    head, lines = exported(kit, tmp_path)
    assert AUDIT.verify(Database(kit.url)) == head
    assert verify_audit.check(lines) == (head.seq, head.hash)
    subjects = [json.loads(line)["subject"] for line in lines]
    assert subjects == [NEWEST, *(stored(n).quote_id for n in (1, 2, 3))]


def test_what_is_refused_is_not_entered(kit):
    keep(kit, 1)
    before = AUDIT.verify(Database(kit.url))
    with pytest.raises(QuoteConflict):
        keep(kit, 0, 1, note="dearer")
    assert AUDIT.verify(Database(kit.url)) == before


CHANGES = {
    "at": "2020-01-01T00:00:00Z",
    "actor": "somebody",
    "reason": "because",
    "kind": "quote-found",
    "subject": "Q-0000000000000009",
    "body": '{"answer_sha256":"","tables_hash":""}',
    "previous": "0" * 64,
    "hash": "f" * 64,
}


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_entry_is_told_by_both_checkers(kit, column, tmp_path):
    keep(kit, 1, 2, 3)
    kit.execute(f"UPDATE journal SET {column} = ? WHERE seq = 3", CHANGES[column])

    with pytest.raises(JournalBroken) as caught:
        AUDIT.verify(Database(kit.url))
    assert caught.value.facts["seq"] == 3
    _, lines = exported(kit, tmp_path)
    with pytest.raises(ValueError, match="entry 3"):
        verify_audit.check(lines)
    assert [e.code for e in SqlCare().check(Database(kit.url)).damaged] == ["journal-broken"]


@pytest.mark.parametrize("gone", [1, 2, 4])
def test_an_entry_taken_out_is_told(kit, gone):
    keep(kit, 1, 2, 3)
    kit.execute("DELETE FROM journal WHERE seq = ?", gone)
    with pytest.raises(JournalBroken):
        AUDIT.verify(Database(kit.url))


def test_a_quote_taken_out_or_put_in_past_the_journal_is_told(kit):
    keep(kit, 1, 2)
    kit.execute("DELETE FROM quotes WHERE id = ?", stored(1).quote_id)
    with pytest.raises(JournalBroken) as caught:
        AUDIT.verify(Database(kit.url))
    assert caught.value.facts["quote_id"] == stored(1).quote_id


def test_a_head_that_was_noted_down_tells_that_the_end_was_cut(kit, tmp_path):
    keep(kit, 1)
    early = AUDIT.verify(Database(kit.url)).hash
    keep(kit, 2)
    late = AUDIT.verify(Database(kit.url), early).hash
    _, lines = exported(kit, tmp_path)
    assert verify_audit.check(lines, late)

    kit.execute("DELETE FROM journal WHERE seq = 3")
    kit.execute("DELETE FROM quotes WHERE id = ?", stored(2).quote_id)
    assert AUDIT.verify(Database(kit.url), early)
    with pytest.raises(JournalBroken, match="noted down"):
        AUDIT.verify(Database(kit.url), late)
    with pytest.raises(ValueError, match="noted down"):
        verify_audit.check(lines[:-1], late)


def test_the_database_refuses_to_change_the_journal(kit):
    keep(kit, 1)
    for statement in ("DELETE FROM journal", "UPDATE journal SET actor = ''"):
        with pytest.raises(kit.refusal, match="never changed"):
            kit.try_change(statement)


def test_quotes_from_before_the_journal_are_entered_at_the_upgrade(kit):
    keep(kit, 1, 2)
    database = SqlDatabase(Database(kit.url), create=False)
    with database.transaction(writes=True) as connection:
        migrate(connection, NEWEST, "0001")
    database.close()

    assert SqlCare().upgrade(Database(kit.url)) == ("0001", NEWEST)
    assert AUDIT.verify(Database(kit.url)).seq == 3


def test_an_export_replaces_no_file(kit, tmp_path):
    keep(kit, 1)
    exported(kit, tmp_path)
    with pytest.raises(InvalidInput, match="already"):
        AUDIT.export(Database(kit.url), tmp_path / "journal.jsonl")


@pytest.mark.parametrize("value", [1.5, {"ә": 1}, 2**53, "\ud800", [b"x"], {1: 2}])
def test_what_has_no_one_form_is_refused(value):
    with pytest.raises(InvalidInput):
        canonical_json(value)


def test_the_form_of_rfc_8785():
    value = {"string": '€$\u000f\nA\'B"\\\\"/', "literals": [None, True, False], "n": -0}
    text = '{"literals":[null,true,false],"n":0,"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical_json(value) == text


def test_an_entry_written_anew_with_a_right_hash_is_told_by_the_next_one(kit, tmp_path):
    keep(kit, 1, 2, 3)
    _, lines = exported(kit, tmp_path)
    forged = json.loads(lines[2])
    del forged["hash"]
    forged["at"] = "2020-01-01T00:00:00Z"
    own = sha256(canonical_json(forged).encode()).hexdigest()
    kit.execute("UPDATE journal SET at = ?, hash = ? WHERE seq = 3", forged["at"], own)

    with pytest.raises(JournalBroken, match="does not follow") as caught:
        AUDIT.verify(Database(kit.url))
    assert caught.value.facts["seq"] == 4
    with pytest.raises(ValueError, match="entry 4: does not follow"):
        verify_audit.check(exported(kit, tmp_path)[1])
