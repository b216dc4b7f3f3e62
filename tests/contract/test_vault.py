"""Personal data: sealed apart from all else, and unreadable for good once its key is destroyed."""

import stat
from datetime import UTC, datetime, timedelta

import pytest

import verify_audit
from karvan.adapters.sealing import new_key, seal, unseal
from karvan.adapters.sql.audit import SqlAudit
from karvan.adapters.sql.care import SqlCare
from karvan.adapters.sql.vault import SqlVaults
from karvan.domain.errors import (
    InvalidInput,
    InvalidRequest,
    JournalBroken,
    StoreDamaged,
    UnknownPerson,
    VaultLocked,
)
from karvan.services.databases import Database
from karvan.services.persons import WhyForgotten, parse_person_id, read_fields

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA = {"name": "Ana Dzhaksybekova", "email": "ana@port.example"}
BEN = {"name": "Ben Suleymanov", "phone": "+994 12 000 00 00"}


@pytest.fixture
def kit(make_kit, engine):
    return make_kit(engine)


@pytest.fixture
def master(tmp_path):
    file = tmp_path / "master.key"
    SqlVaults().make_master(file)
    return file


@pytest.fixture
def vault(kit, master):
    opened = SqlVaults().open(Database(kit.url), master, create=True)
    yield opened
    opened.close()


def everything(kit, tmp_path, name):
    """Every byte that leaves the store: its backup unpacked, its journal, its file and its log."""
    import zipfile

    file = tmp_path / f"{name}.zip"
    SqlCare().backup(Database(kit.url), file)
    journal = tmp_path / f"{name}.jsonl"
    SqlAudit().export(Database(kit.url), journal)
    verify_audit.check(journal.read_text("utf-8").splitlines(keepends=True))
    with zipfile.ZipFile(file) as archive:
        told = b"".join(archive.read(each) for each in archive.namelist())
    told += journal.read_bytes()
    for path in () if kit.file is None else (kit.file, kit.file.with_name(kit.file.name + "-wal")):
        told += path.read_bytes() if path.exists() else b""
    return file, told


def wrapped_of(kit, person):
    ((found,),) = kit.rows(f"SELECT wrapped FROM person_keys WHERE person_id = '{person.id}'")
    return bytes(found)


def test_what_is_known_opens_with_the_master_key_alone(kit, vault, tmp_path):
    ana, ben = (vault.put(each, NOON, "terminal") for each in (ANA, BEN))
    assert (vault.get(ana.id).fields, vault.get(ben.id).fields) == (ANA, BEN)
    assert [each.fields for each in vault.list_persons()] == [{}, {}]
    other = tmp_path / "other.key"
    SqlVaults().make_master(other)
    for wrong in (None, tmp_path / "missing.key", other):
        locked = SqlVaults().open(Database(kit.url), wrong, create=False)
        try:
            with pytest.raises(VaultLocked):
                locked.get(ana.id)
            with pytest.raises(VaultLocked):
                locked.put(BEN, NOON, "terminal")
        finally:
            locked.close()


def test_who_is_forgotten_can_be_read_by_nobody_and_the_journal_stays(kit, vault, tmp_path):
    ana, ben = (vault.put(each, NOON, "terminal") for each in (ANA, BEN))
    wrapped = wrapped_of(kit, ana)
    _, before = everything(kit, tmp_path, "before")
    assert not any(text.encode() in before for text in (*ANA.values(), *BEN.values()))
    if kit.file is not None:
        assert wrapped in before

    gone = vault.forget(ana.id, NOON + timedelta(hours=1), ben.id, WhyForgotten.REQUEST)
    assert gone.forgotten_at == NOON + timedelta(hours=1)
    assert vault.get(ana.id).fields == {}
    assert vault.get(ben.id).fields == BEN
    file, after = everything(kit, tmp_path, "after")
    assert not any(text.encode() in after for text in (*ANA.values(), *BEN.values()))
    assert wrapped not in after
    # The journal names the persons by their ids, says who did it, and still verifies.
    entries = [
        line
        for line in (tmp_path / "after.jsonl").read_text("utf-8").splitlines()
        if "person-" in line
    ]
    assert len(entries) == 3
    assert ana.id in entries[-1]
    assert f'"actor":"{ben.id}"' in entries[-1]
    assert SqlCare().check(Database(kit.url)).damaged == []
    # Once more changes nothing.
    assert vault.forget(ana.id, NOON, "terminal", WhyForgotten.MISTAKE) == gone
    assert SqlAudit().verify(Database(kit.url)).seq == len(
        (tmp_path / "after.jsonl").read_text("utf-8").splitlines()
    )
    assert file.exists()


def test_a_backup_moves_persons_to_the_other_engine(kit, vault, master, make_kit, engine, tmp_path):
    ana, ben = (vault.put(each, NOON, "terminal") for each in (ANA, BEN))
    vault.forget(ana.id, NOON, "terminal", WhyForgotten.RETENTION)
    file, _ = everything(kit, tmp_path, "all")
    other = make_kit({"sqlite": "postgresql", "postgresql": "sqlite"}[engine])
    SqlCare().restore(Database(other.url), file)
    moved = SqlVaults().open(Database(other.url), master, create=False)
    try:
        assert moved.get(ben.id).fields == BEN
        assert moved.get(ana.id).fields == {}
    finally:
        moved.close()


def test_the_database_refuses_to_change_a_person_and_a_damaged_one_is_told(kit, vault):
    ana, ben = (vault.put(each, NOON, "terminal") for each in (ANA, BEN))
    with pytest.raises(kit.refusal, match="never changed"):
        kit.try_change("UPDATE persons SET created_at = ''")
    # What is sealed for one person does not open as another's.
    kit.execute(
        "UPDATE persons SET sealed = (SELECT sealed FROM persons p WHERE p.id = ?) WHERE id = ?",
        ana.id,
        ben.id,
    )
    with pytest.raises(StoreDamaged):
        vault.get(ben.id)
    with pytest.raises(JournalBroken) as caught:
        SqlAudit().verify(Database(kit.url))
    assert caught.value.facts["person"] == ben.id


def test_a_key_that_is_put_back_is_told(kit, vault):
    ana = vault.put(ANA, NOON, "terminal")
    wrapped = wrapped_of(kit, ana)
    vault.forget(ana.id, NOON, "terminal", WhyForgotten.REQUEST)
    kit.execute("INSERT INTO person_keys VALUES (?, ?)", ana.id, wrapped)
    assert vault.get(ana.id).fields == {}
    with pytest.raises(JournalBroken):
        SqlAudit().verify(Database(kit.url))


def test_unknown_persons_and_faults_are_told(vault, master, tmp_path):
    with pytest.raises(UnknownPerson):
        vault.get("P-0000000000000000")
    with pytest.raises(UnknownPerson):
        vault.forget("P-0000000000000000", NOON, "terminal", WhyForgotten.REQUEST)
    with pytest.raises(InvalidInput):
        parse_person_id("ana@port.example")
    with pytest.raises(InvalidRequest) as caught:
        read_fields({"name": " ", "email": "x" * 201})
    assert {each.pointer for each in caught.value.faults} == {"/name", "/email"}
    with pytest.raises(InvalidInput, match="such a file"):
        SqlVaults().make_master(master)
    assert stat.S_IMODE(master.stat().st_mode) == 0o600
    (tmp_path / "short.key").write_text("c2hvcnQ=")


def test_what_is_sealed_opens_under_its_own_key_and_name_alone():
    key = new_key()
    sealed = seal(key, b"Ana", "person:1")
    assert unseal(key, sealed, "person:1") == b"Ana"
    assert seal(key, b"Ana", "person:1") != sealed
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for other in (
        (new_key(), sealed, "person:1"),
        (key, sealed, "person:2"),
        (key, changed, "person:1"),
        (key, b"", "person:1"),
    ):
        assert unseal(*other) is None
