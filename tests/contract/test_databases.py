"""Versions of the tables, backups and restores, on SQLite and PostgreSQL."""

import json
import zipfile

import pytest
from sqlalchemy import MetaData, inspect

from karvan.adapters.sql.care import SqlCare
from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.schema import EMPTY, NEWEST, REVISIONS, migrate, version_of
from karvan.domain.errors import InvalidInput, StoreUnavailable, StoreVersion
from karvan.services.databases import Database
from stored_answers import TABLES, stored

CARE = SqlCare()


@pytest.fixture
def kit(make_kit, engine):
    return make_kit(engine)


def shape(database):
    """Tables, columns, keys and indexes, and the guards, as the database tells them."""
    with database.transaction() as connection:
        look = inspect(connection)
        found = {}
        for name in sorted(look.get_table_names()):
            if name == "alembic_version":
                continue
            columns = [
                (each["name"], str(each["type"]), each["nullable"])
                for each in look.get_columns(name)
            ]
            keys = [(each["constrained_columns"]) for each in look.get_foreign_keys(name)]
            indexes = sorted(
                (str(each["name"]), each["column_names"], each["unique"])
                for each in look.get_indexes(name)
            )
            primary = look.get_pk_constraint(name)["constrained_columns"]
            found[name] = (columns, keys, indexes, primary)
        words = {
            "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
            "postgresql": "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            " ORDER BY tgname",
        }[connection.dialect.name]
        guards = connection.exec_driver_sql(words).scalars().all()
    return found, guards


def go(database, after):
    with database.transaction(writes=True) as connection:
        migrate(connection, version_of(connection), after)


def opened(kit):
    return SqlDatabase(Database(kit.url), create=True)


def test_versions_go_up_down_and_up_and_give_what_a_new_database_has(kit, make_kit, engine):
    other = make_kit(engine)
    other.open().close()
    new = opened(other)
    database = opened(kit)

    go(database, NEWEST)
    assert shape(database) == shape(new)
    go(database, EMPTY)
    assert shape(database)[0] == {}
    for version in REVISIONS:
        go(database, version)
        with database.transaction() as connection:
            assert version_of(connection) == version
    assert shape(database) == shape(new)
    database.close()
    new.close()

    store = kit.open()
    store.put([stored(1)], TABLES)
    assert store.get(stored(1).quote_id) == stored(1)
    store.close()


def test_each_step_down_can_be_gone_up_again(kit):
    database = opened(kit)
    go(database, NEWEST)
    for below, version in zip(("", *REVISIONS), REVISIONS, strict=False):
        go(database, below)
        go(database, version)
        go(database, NEWEST)
    database.close()


def test_the_newest_migration_is_the_one_this_program_wants():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "src/karvan/adapters/sql/migrations")
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    found = [each.revision for each in script.walk_revisions()]
    assert tuple(reversed(found)) == REVISIONS


def test_a_store_from_before_versions_is_the_first_one(kit):
    database = opened(kit)
    go(database, "0001")
    with database.transaction(writes=True) as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")
        assert version_of(connection) == "0001"
    database.close()

    assert CARE.upgrade(Database(kit.url)) == ("0001", NEWEST)
    assert CARE.check(Database(kit.url)).version == NEWEST
    store = kit.open()
    store.put([stored(1)], TABLES)
    assert store.get(stored(1).quote_id) == stored(1)
    store.close()


def test_a_newer_version_is_told_in_words_and_left_alone(kit):
    kit.open().close()
    database = opened(kit)
    with database.transaction(writes=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()

    for use in (kit.open, lambda: CARE.upgrade(Database(kit.url))):
        with pytest.raises(StoreVersion, match="newer program") as caught:
            use()
        assert caught.value.facts["version"] == "9999"
    assert kit.rows("SELECT version_num FROM alembic_version") == [("9999",)]


def test_upgrading_twice_changes_nothing(kit):
    assert CARE.upgrade(Database(kit.url)) == (EMPTY, NEWEST)
    assert CARE.upgrade(Database(kit.url)) == (NEWEST, NEWEST)


def test_tables_of_somebody_else_are_left_alone(kit):
    database = opened(kit)
    with database.transaction(writes=True) as connection:
        connection.exec_driver_sql("CREATE TABLE customers (id integer)")
    database.close()

    for use in (kit.open, lambda: CARE.upgrade(Database(kit.url))):
        with pytest.raises(StoreUnavailable, match="something else") as caught:
            use()
        assert caught.value.facts["tables"] == ["customers"]
    assert kit.rows("SELECT count(*) FROM customers") == [(0,)]


def everything(kit):
    database = opened(kit)
    found = MetaData()
    with database.transaction() as connection:
        found.reflect(connection)
        rows = {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in found.sorted_tables
        }
    database.close()
    return rows


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_a_backup_fills_either_engine_with_the_same_rows(kit, make_kit, target, tmp_path):
    store = kit.open()
    store.put([stored(n, note="Ақтау \u2028 \\u0000" * n) for n in range(7)], TABLES)
    store.close()
    file = tmp_path / "backup.zip"

    told = CARE.backup(Database(kit.url), file)
    other = make_kit(target)
    restored = CARE.restore(Database(other.url), file)

    assert told == restored
    assert told["quotes"] == 7
    assert everything(other) == everything(kit)
    assert list(CARE.check(Database(other.url)).damaged) == []
    store = other.open()
    assert store.get(stored(3).quote_id).quote_id == stored(3).quote_id
    with pytest.raises(other.refusal, match="never changed"):
        other.try_change("DELETE FROM quotes")
    store.close()


def test_a_backup_is_written_once_and_restored_into_nothing_else(kit, tmp_path):
    kit.open().close()
    file = tmp_path / "backup.zip"
    CARE.backup(Database(kit.url), file)
    before = file.read_bytes()

    with pytest.raises(InvalidInput, match="already"):
        CARE.backup(Database(kit.url), file)
    with pytest.raises(InvalidInput, match="not empty"):
        CARE.restore(Database(kit.url), file)
    assert file.read_bytes() == before
    with pytest.raises(InvalidInput, match="cannot be written"):
        CARE.backup(Database(kit.url), tmp_path / "no" / "backup.zip")
    assert sorted(each.name for each in tmp_path.glob("*.zip")) == ["backup.zip"]
    assert not list(tmp_path.glob(".backup-*"))


def rewritten(file, change):
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def of_manifest(change):
    def changed(parts):
        manifest = json.loads(parts["manifest.json"])
        change(manifest)
        parts["manifest.json"] = json.dumps(manifest).encode()

    return changed


DAMAGE = {
    "a row less": lambda parts: parts.update(
        {"quotes.jsonl": b"".join(parts["quotes.jsonl"].splitlines(True)[1:])}
    ),
    "another value": lambda parts: parts.update(
        {"quotes.jsonl": parts["quotes.jsonl"].replace(b"0.1.0", b"0.1.1")}
    ),
    "half a row": lambda parts: parts.update({"quotes.jsonl": parts["quotes.jsonl"][:-40]}),
    "a row twice": lambda parts: parts.update({"quotes.jsonl": parts["quotes.jsonl"] * 2}),
    "no tables": lambda parts: parts.update({"table_sets.jsonl": b""}),
    "a list": lambda parts: parts.update({"quotes.jsonl": b"[1]\n"}),
    "no base64": lambda parts: parts.update({"table_sets.jsonl": b'{"archive":{"base64":1}}\n'}),
    "a table missing": lambda parts: parts.pop("quotes.jsonl"),
    "no manifest": lambda parts: parts.pop("manifest.json"),
    "a newer version": of_manifest(lambda manifest: manifest.update(version="9999")),
    "another format": of_manifest(lambda manifest: manifest.update(format="notes")),
    "no tables told": of_manifest(lambda manifest: manifest.pop("tables")),
    "manifest a list": lambda parts: parts.update({"manifest.json": b"[]"}),
    "manifest no JSON": lambda parts: parts.update({"manifest.json": b"{"}),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_backup_is_refused_and_leaves_nothing(kit, make_kit, engine, damage, tmp_path):
    store = kit.open()
    store.put([stored(1), stored(2)], TABLES)
    store.close()
    file = tmp_path / "backup.zip"
    CARE.backup(Database(kit.url), file)
    rewritten(file, DAMAGE[damage])
    other = make_kit(engine)

    with pytest.raises(InvalidInput):
        CARE.restore(Database(other.url), file)

    database = opened(other)
    with database.transaction() as connection:
        assert inspect(connection).get_table_names() == []
    database.close()


@pytest.mark.parametrize("data", [b"", b"notes", b"PK\x03\x04" + b"x" * 100])
def test_a_file_that_is_no_backup_is_told(tmp_path, data):
    file = tmp_path / "backup.zip"
    file.write_bytes(data)
    with pytest.raises(InvalidInput, match="no backup"):
        CARE.restore(Database.of_file(tmp_path / "new.sqlite"), file)
    with pytest.raises(InvalidInput, match="no such file"):
        CARE.restore(Database.of_file(tmp_path / "new.sqlite"), tmp_path / "none.zip")


SERVERS = [
    "postgresql://ana:secret@127.0.0.1:1/karvan",
    "postgresql:///karvan?host=/nowhere&password=secret",
    "postgresql://ana:secret@host:1/karvan?nonsense=1",
]


@pytest.mark.parametrize("url", SERVERS)
def test_a_server_that_cannot_be_reached_is_told_without_the_password(url):
    with pytest.raises(StoreUnavailable) as caught:
        CARE.check(Database.parse(url))
    assert "secret" not in repr(caught.value.facts) + caught.value.message
    assert caught.value.facts["reason"]
    assert caught.value.facts["database"] == Database.parse(url).shown
