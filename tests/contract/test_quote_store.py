"""What every store of quotes promises, on every database."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.adapters.sql import sqlite
from karvan.adapters.sql.quotes import SqlStores
from karvan.domain.errors import QuoteConflict, StoreDamaged, StoreUnavailable, UnknownQuote
from karvan.services.databases import Database
from karvan.services.quoting.store import TableSet
from stored_answers import TABLES, stored

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kit(make_kit, engine):
    return make_kit(engine)


def open_file(file, *, create=True):
    return SqlStores().open(Database.of_file(file), create=create)


def number_of(quote):
    return int(quote.quote_id.removeprefix("Q-"), 16)


@pytest.fixture
def store(kit):
    opened = kit.open()
    yield opened
    opened.close()


def test_what_was_put_is_given_back_to_the_byte_also_after_opening_again(kit, store):
    quote = stored(1, note="Ақтау, İstanbul \u2028 \\u0000")
    store.put([quote], TABLES)
    store.close()

    again = kit.open()
    assert again.get(quote.quote_id) == quote
    assert again.get(quote.quote_id).answer.encode() == quote.answer.encode()
    assert again.get_tables(TABLES.content_hash) == TABLES
    again.close()


@settings(max_examples=30)
@given(
    note=st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    seed=st.integers(0, 2**63 - 1),
)
def test_any_text_comes_back_as_it_was(tmp_path_factory, note, seed):
    opened = open_file(tmp_path_factory.getbasetemp() / "any.sqlite")
    quote = stored(hash((note, seed)) % 2**64, note=note, request={"seed": seed})
    opened.put([quote], TABLES)
    assert opened.get(quote.quote_id).answer == quote.answer
    opened.close()


def test_the_same_quote_put_twice_is_there_once(store):
    store.put([stored(1)], TABLES)
    store.put([stored(1), stored(1)], TABLES)
    assert len(store.list_quotes()) == 1


def test_another_answer_under_the_same_id_is_refused_with_all_that_came_with_it(store):
    store.put([stored(1)], TABLES)

    with pytest.raises(QuoteConflict) as caught:
        store.put([stored(2), stored(1, note="dearer")], TABLES)

    assert caught.value.facts["quote_id"] == stored(1).quote_id
    assert [each.quote_id for each in store.list_quotes()] == [stored(1).quote_id]
    assert store.get(stored(1).quote_id) == stored(1)


def test_an_unknown_id_names_those_like_it(store):
    store.put([stored(n) for n in (0xABCDEF, 0xABCDE0, 0xFFFFFFFFFFFF)], TABLES)

    with pytest.raises(UnknownQuote) as caught:
        store.get("Q-0000000000ABCDE1")

    near = caught.value.facts["suggestions"]
    assert sorted(near) == ["Q-0000000000ABCDE0", "Q-0000000000ABCDEF"]


def test_the_newest_quotes_come_first_then_by_id(store):
    store.put([stored(2, day=20), stored(1, day=21), stored(4, day=20), stored(3, day=22)], TABLES)

    def numbers(**window):
        return [number_of(each) for each in store.list_quotes(**window)]

    assert numbers() == [3, 1, 2, 4]
    assert numbers(limit=2, offset=1) == [1, 2]


def test_a_set_of_tables_is_kept_once_for_each_content(kit, store):
    other = TableSet.of({**TABLES.files, "network/links.csv": b"id\nB\n"})
    for number in range(3):
        store.put([stored(number)], TABLES)
    store.put([stored(9, tables=other)], other)

    assert kit.rows("SELECT count(*) FROM table_sets") == [(2,)]
    assert store.get_tables(other.content_hash).files["network/links.csv"] == b"id\nB\n"


@pytest.mark.parametrize("table", ["quotes", "table_sets"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {}", "TRUNCATE {} CASCADE"])
def test_the_database_itself_refuses_to_change_or_remove(kit, store, table, statement):
    store.put([stored(1)], TABLES)
    column = "answer = ''" if table == "quotes" else "archive = ''"

    refusal, told = kit.refusal, "never changed"
    if statement.startswith("TRUNCATE") and kit.file is not None:
        refusal, told = sqlite3.OperationalError, 'near "TRUNCATE": syntax error'

    with pytest.raises(refusal, match=told):
        kit.try_change(statement.format(table, column))


COLUMNS = {
    "created_at": "2026-11-20T12:00:00Z",
    "expires_at": "2036-11-28T12:00:00Z",
    "request": '{"from":"KZ-ALM"}',
    "seed": 8,
    "network_hash": "d" * 64,
    "tariff_version": "d" * 16,
    "timetable_hash": "d" * 64,
    "engine_version": "9",
    "answer": b"nothing",
    "answer_sha256": "d" * 64,
}


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_a_changed_column_is_told_and_hides_no_other_quote(kit, store, column):
    store.put([stored(1), stored(2)], TABLES)
    kit.execute(f"UPDATE quotes SET {column} = ? WHERE id = ?", COLUMNS[column], stored(1).quote_id)

    with pytest.raises(StoreDamaged) as caught:
        store.get(stored(1).quote_id)

    assert caught.value.facts["quote_id"] == stored(1).quote_id
    assert store.get(stored(2).quote_id) == stored(2)
    assert [each.quote_id for each in store.list_quotes()] == [stored(2).quote_id]
    assert [each.facts["quote_id"] for each in store.check()] == [stored(1).quote_id]
    with pytest.raises(StoreDamaged):
        store.put([stored(1)], TABLES)


def test_damaged_or_missing_tables_are_told(kit, store):
    store.put([stored(1)], TABLES)
    assert store.check() == []

    kit.execute("UPDATE table_sets SET archive = ?", b"PK")
    with pytest.raises(StoreDamaged):
        store.get_tables(TABLES.content_hash)
    assert len(store.check()) == 1

    kit.execute("DELETE FROM table_sets")
    with pytest.raises(StoreDamaged):
        store.get_tables(TABLES.content_hash)


def test_tables_under_another_hash_are_told(store):
    wrong = replace(TABLES, content_hash="e" * 64)
    store.put([stored(1, tables=wrong)], wrong)
    with pytest.raises(StoreDamaged):
        store.get_tables("e" * 64)


# Processes that write at the same time, and such as are killed.

WRITER = """
import os, signal, sys
from sqlalchemy import event
from karvan.adapters.sql.quotes import SqlStores
from karvan.services.databases import Database
from stored_answers import TABLES, stored

url, point, numbers = sys.argv[1], sys.argv[2], map(int, sys.argv[3].split(","))
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

if point == "at-open":
    event.listen(__import__("sqlalchemy").Engine, "after_cursor_execute", die)
store = SqlStores().open(Database(url), create=True)
for number in numbers:
    if number == 13:
        def reached(word, connection, cursor, statement, *_):
            if statement.startswith(word):
                die()
        hook = {"tables-written": ("after_cursor_execute", "INSERT INTO table_sets"),
                "quote-written": ("after_cursor_execute", "INSERT INTO quotes")}
        if point in hook:
            name, word = hook[point]
            event.listen(store.database.engine, name, lambda *a: reached(word, *a))
        elif point in ("begin", "before-commit"):
            event.listen(store.database.engine, point.removeprefix("before-"), die)
    tables = TABLES
    if point == "tables-written" and number == 13:
        tables = type(TABLES).of({"other.csv": b"x" * 200_000})
    store.put([stored(number, tables=tables)], tables)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
    if point == "after-commit" and number == 13:
        die()
"""


def writer(url, point, numbers):
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, url, point, ",".join(map(str, numbers))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )


def test_parallel_writers_lose_nothing_and_double_nothing(kit):
    shared = list(range(100, 112))
    mine = [[*range(n * 10, n * 10 + 8), *shared] for n in range(4)]
    running = [writer(kit.url, "", numbers) for numbers in mine]
    for process, numbers in zip(running, mine, strict=True):
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert [int(line) for line in out.split()] == numbers

    opened = kit.open()
    found = sorted(number_of(each) for each in opened.list_quotes(1000))
    assert found == sorted({number for numbers in mine for number in numbers})
    assert opened.check() == []
    opened.close()


POINTS = ["at-open", "begin", "tables-written", "quote-written", "before-commit", "after-commit"]


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_in_mid_write_leaves_every_acknowledged_quote(kit, point):
    process = writer(kit.url, point, [11, 12, 13, 14])
    out, err = process.communicate(timeout=60)
    assert process.returncode == -9, err

    told = [int(line) for line in out.split()]
    assert told == {"at-open": [], "after-commit": [11, 12, 13]}.get(point, [11, 12])
    opened = kit.open()
    found = sorted(number_of(each) for each in opened.list_quotes())
    assert found == told
    assert opened.check() == []
    opened.put([stored(13)], TABLES)
    assert opened.get(stored(13).quote_id) == stored(13)
    opened.close()


FULL = """
import resource, sys
from karvan.services.databases import Database
from karvan.adapters.sql.quotes import SqlStores
from karvan.domain.errors import StoreUnavailable
from stored_answers import TABLES, stored
import random

store = SqlStores().open(Database(sys.argv[1]), create=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
draw = random.Random(1)
for number in range(100):
    note = draw.randbytes(10_000).hex()
    try:
        store.put([stored(number, note=note)], TABLES)
    except StoreUnavailable as error:
        print("refused", error.facts["reason"])
        break
    print(number, flush=True)
"""


def test_a_full_disk_is_told_and_what_was_acknowledged_is_there(make_kit):
    kit = make_kit("sqlite")
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", FULL, kit.url],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
        timeout=60,
        check=True,
    )
    *told, last = done.stdout.splitlines()
    assert last.startswith("refused")
    assert len(told) > 3

    opened = kit.open()
    found = sorted(number_of(each) for each in opened.list_quotes())
    assert found == [int(line) for line in told]
    assert opened.check() == []
    opened.close()


# Files that are no store.


def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path):
    with pytest.raises(StoreUnavailable):
        open_file(tmp_path / "none.sqlite", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("create", [True, False])
def test_a_file_of_something_else_is_told_and_left_alone(tmp_path, create):
    file = tmp_path / "notes.txt"
    file.write_bytes(b"These are my notes. " * 300)
    with pytest.raises(StoreDamaged) as caught:
        open_file(file, create=create)
    assert caught.value.facts["path"] == str(file)
    assert file.read_bytes() == b"These are my notes. " * 300


@pytest.mark.parametrize("create", [True, False])
def test_the_database_of_another_program_is_left_alone(tmp_path, create):
    file = tmp_path / "other.sqlite"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE customers (id)")
    connection.close()

    with pytest.raises(StoreUnavailable):
        open_file(file, create=create)

    names = sqlite3.connect(file).execute("SELECT name FROM sqlite_master").fetchall()
    assert names == [("customers",)]


def test_pages_that_were_overwritten_are_told(make_kit):
    kit = make_kit("sqlite")
    store = kit.open()
    store.put([stored(n, note=f"{n}" * 3000) for n in range(50)], TABLES)
    store.close()
    data = bytearray(kit.file.read_bytes())
    data[4096:] = bytes(255 for _ in data[4096:])
    kit.file.write_bytes(data)

    def look():
        opened = open_file(kit.file, create=False)
        return opened.get(stored(1).quote_id)

    with pytest.raises(StoreDamaged):
        look()


@pytest.mark.parametrize("name", ["file/store.sqlite", "folder", "n\0ul.sqlite"])
def test_a_place_that_cannot_be_written_is_told(tmp_path, name):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreUnavailable) as caught:
        open_file(tmp_path / name, create=True)
    assert caught.value.facts["reason"]


def test_a_store_that_may_only_be_read_is_read(make_kit, monkeypatch):
    kit = make_kit("sqlite")
    store = kit.open()
    store.put([stored(1)], TABLES)
    store.close()
    monkeypatch.setattr(sqlite, "_is_writable", lambda file: False)

    opened = open_file(kit.file, create=False)
    assert opened.get(stored(1).quote_id) == stored(1)
    with pytest.raises(StoreUnavailable):
        opened.put([stored(2)], TABLES)
    opened.close()
