"""Keys on SQLite and PostgreSQL: made, taken, expired, revoked, and nothing put in behind."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.keys import SqlKeyStores
from karvan.domain.errors import (
    InvalidRequest,
    JournalBroken,
    KeyRefused,
    ScopeMissing,
    UnknownKey,
)
from karvan.services.databases import Database
from karvan.services.keys import Scope, admit, make_key, parse_key_id

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def kit(make_kit, engine):
    return make_kit(engine)


@pytest.fixture
def keys(kit):
    opened = SqlKeyStores().open(Database(kit.url), create=True)
    yield opened
    opened.close()


def made(keys, name="aktau-port", scopes=("closures",), **fields):
    new = make_key(name, scopes, now=NOW, **fields)
    keys.add(new.key, actor="terminal:ana")
    return new


def test_a_key_opens_what_it_is_for_until_its_end_or_its_revocation(keys):
    new = made(keys, until=NOW + DAY)
    other = made(keys, scopes=["studies", "timetable"])

    assert admit(keys, new.token, Scope.CLOSURES, NOW) == new.key
    assert admit(keys, other.token, Scope.STUDIES, NOW + DAY).actor == f"key:{other.key.id}"
    with pytest.raises(ScopeMissing) as caught:
        admit(keys, new.token, Scope.STUDIES, NOW)
    assert (caught.value.facts["needed"], caught.value.facts["scopes"]) == ("studies", ["closures"])
    with pytest.raises(KeyRefused, match="expired"):
        admit(keys, new.token, Scope.CLOSURES, NOW + DAY)

    first = keys.revoke(new.key.id, at=NOW, actor="terminal:ana", reason="lost")
    again = keys.revoke(new.key.id, at=NOW + DAY, actor="terminal:ben", reason="")
    assert first == again == replace(new.key, revoked_at=NOW)
    with pytest.raises(KeyRefused, match="revoked"):
        admit(keys, new.token, Scope.CLOSURES, NOW)
    assert [each.id for each in keys.list_keys()] == sorted([new.key.id, other.key.id])
    with pytest.raises(UnknownKey):
        keys.revoke("K-00000000", at=NOW, actor="terminal:ana", reason="")


def test_the_secret_is_not_kept_and_no_other_secret_is_taken(keys, kit):
    new, other = made(keys), made(keys)
    secret = new.token.rpartition(".")[2]

    rows = kit.rows("SELECT * FROM access_keys") + kit.rows("SELECT * FROM journal")
    assert secret not in repr(rows)
    swapped = new.token.replace(secret, other.token.rpartition(".")[2])
    wrong = [swapped, secret, new.token[:-1], new.token.lower(), f"{new.token} ", "", "ключ"]
    for token in wrong:
        with pytest.raises(KeyRefused, match="no key of this server"):
            admit(keys, token, Scope.CLOSURES, NOW)


def test_making_and_revoking_stand_in_the_journal_with_actor_and_reason(keys, kit):
    new = made(keys)
    keys.revoke(new.key.id, at=NOW, actor="terminal:ana", reason="lost on a train")

    found = kit.rows("SELECT kind, subject, actor, reason FROM journal ORDER BY seq")
    assert found[1:] == [
        ("key-made", new.key.id, "terminal:ana", ""),
        ("key-revoked", new.key.id, "terminal:ana", "lost on a train"),
    ]
    assert "aktau-port" not in repr(kit.rows("SELECT * FROM journal"))
    SqlAudit().verify(Database(kit.url))


BEHIND = {
    "put in": "INSERT INTO access_keys SELECT 'K-00000000', name, scopes, created_at, until, "
    "secret_sha256 FROM access_keys",
    "widened": "UPDATE access_keys SET scopes = 'closures studies timetable'",
    "prolonged": "UPDATE access_keys SET until = '2099-01-01T00:00:00Z'",
    "another secret": "UPDATE access_keys SET secret_sha256 = 'f'",
    "brought back": "DELETE FROM revoked_keys",
}


@pytest.mark.parametrize("change", BEHIND)
def test_a_key_changed_behind_the_journal_is_told(keys, kit, change):
    new = made(keys)
    keys.revoke(new.key.id, at=NOW, actor="terminal:ana", reason="")
    kit.execute(BEHIND[change])

    with pytest.raises(JournalBroken) as caught:
        SqlAudit().verify(Database(kit.url))
    assert caught.value.facts["key"].startswith("K-")


def test_the_database_refuses_to_change_or_remove_keys(keys, kit):
    made(keys)
    for statement in ("UPDATE access_keys SET name = 'x'", "DELETE FROM access_keys"):
        with pytest.raises(kit.refusal):
            kit.try_change(statement)


WRONG = {
    "name": ({"name": "Ana Petrova"}, "/name"),
    "no name": ({"name": ""}, "/name"),
    "no scope": ({"scopes": []}, "/scopes"),
    "unknown scope": ({"scopes": ["closures", "everything"]}, "/scopes"),
    "over": ({"until": NOW}, "/until"),
    "for ever": ({"until": NOW + 1000 * DAY}, "/until"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_key_that_cannot_be_is_refused_with_its_fault(case):
    changes, pointer = WRONG[case]
    given = {"name": "aktau-port", "scopes": ["closures"], "until": None} | changes
    with pytest.raises(InvalidRequest) as caught:
        make_key(given["name"], given["scopes"], now=NOW, until=given["until"])
    assert [fault.pointer for fault in caught.value.faults] == [pointer]


def test_all_faults_of_a_key_are_told_at_once():
    with pytest.raises(InvalidRequest) as caught:
        make_key("", ["all", "some"], now=NOW, until=NOW)
    assert len(caught.value.faults) == 4
    with pytest.raises(InvalidRequest):
        parse_key_id("K-7Q2M4XDI")
    assert parse_key_id(" k-7q2m4xda\n") == "K-7Q2M4XDA"
