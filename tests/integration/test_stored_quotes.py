"""Quotes that are stored and made again (invariants I7, I8, I20)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from karvan import __version__
from karvan.adapters.files.table_sets import FileTableSets
from karvan.adapters.sql.quotes import SqlStores
from karvan.domain.errors import InvalidInput, InvalidTables, StoreDamaged
from karvan.interfaces.cli.output import drawn
from karvan.interfaces.cli.stored_page import AgainPage, StoredList, StoredPage
from karvan.interfaces.json_text import render_json
from karvan.services.databases import Database
from karvan.services.quoting.differences import compare_answers
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.store import StoredQuote, TableSet
from karvan.services.quoting.stored import (
    Verdict,
    again_json,
    keep,
    make_again,
    parse_quote_id,
    stored_tables,
)

BODY = {
    "from": "KZ-ALM",
    "to": "GE-POT",
    "container": "40HC",
    "mass_kg": "18000",
    "hs": "851660",
    "ready": "2026-12-03",
    "samples": 60,
}
SETS = FileTableSets()


@pytest.fixture(scope="module")
def today(opened):
    return opened


@pytest.fixture(scope="module")
def text(today):
    """An answer as it is printed, asked for at noon."""
    from datetime import UTC, datetime

    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    reader = RequestReader(today.published.network, today.published.book)
    return render_json(quote_json(Quoting(today.published).quote(reader.read(BODY, now), now)))


@pytest.fixture
def store(tmp_path):
    opened = SqlStores().open(Database.of_file(tmp_path / "q.sqlite"), create=True)
    yield opened
    opened.close()


def again(store, today, quote, version=__version__):
    return make_again(
        quote,
        stored_tables(store, SETS, quote, today),
        today=today.table_set.content_hash,
        engine_version=version,
        render=render_json,
    )


def kept(store, text, tables):
    keep(store, tables, [text])
    return store.get(json.loads(text)["quote_id"])


def changed(text, change):
    """The text of an answer with something else in it."""
    body = json.loads(text)
    change(body)
    return render_json(body)


def test_a_stored_quote_made_again_is_the_same_to_the_byte(store, today, text):
    made = again(store, today, kept(store, text, today.table_set))

    assert made.verdict is Verdict.SAME
    assert made.answer == text
    assert made.same_tables
    assert not made.is_broken


def test_it_moves_to_another_machine_in_one_file(store, today, text, tmp_path):
    stored = kept(store, text, today.table_set)
    SETS.export(tmp_path / "q.zip", stored, store.get_tables(stored.tables_hash))

    moved, tables = SETS.read_export(tmp_path / "q.zip")
    other = SqlStores().open(Database.of_file(tmp_path / "other" / "q.sqlite"), create=True)
    other.put([moved], tables)
    # The other machine has other tables today: it must read those that came along.
    elsewhere = replace(today, table_set=TableSet.of({"other": b""}))
    made = again(other, elsewhere, other.get(stored.quote_id))
    other.close()

    assert moved == stored
    assert made.verdict is Verdict.SAME
    assert made.answer == text
    assert not made.same_tables


def test_tables_laid_over_the_shipped_ones_come_along(store, tmp_path, now, text):
    folder = tmp_path / "mine"
    (folder / "tariffs").mkdir(parents=True)
    (folder / "tariffs" / "exchange_rates.csv").write_bytes(b"")
    with pytest.raises(InvalidTables):
        SETS.open(folder)
    shipped = SETS.open()
    rates = shipped.table_set.files["tariffs/exchange_rates.csv"].decode().splitlines()
    (folder / "tariffs" / "exchange_rates.csv").write_text(f"{rates[0]}\n{rates[1]}\n")

    laid = SETS.open(folder)

    assert set(laid.table_set.files) == set(shipped.table_set.files)
    assert SETS.load(laid.table_set).network.hashes == shipped.published.network.hashes


@pytest.mark.parametrize("damage", ["not-a-zip", "no-quote", "cut", "missing"])
def test_a_file_that_holds_no_quote_is_told(tmp_path, store, today, text, damage):
    file = tmp_path / "q.zip"
    if damage != "missing":
        SETS.export(file, kept(store, text, today.table_set), today.table_set)
    data = file.read_bytes() if damage != "missing" else b""
    if damage == "not-a-zip":
        file.write_bytes(b"PK nothing")
    elif damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "no-quote":
        file.write_bytes(data.replace(b"quote.json", b"other.json"))
    with pytest.raises((InvalidTables, StoreDamaged)):
        SETS.read_export(file)


def dearer(body):
    line = body["alternatives"][0]["price_lines"][0]
    line["amount_quoted"] = "1.00"
    body["alternatives"][0]["price"]["amount"] = "1.00"


def test_another_answer_of_the_same_versions_is_a_broken_promise(store, today, text):
    made = again(store, today, kept(store, changed(text, dearer), today.table_set))

    assert made.verdict is Verdict.DIFFERENT
    assert made.is_broken
    way = json.loads(text)["alternatives"][0]
    line = way["price_lines"][0]
    told = {(each.field, each.was, each.now) for each in made.differences}
    assert told == {
        ("price.amount", "1.00", way["price"]["amount"]),
        ("amount_quoted", "1.00", line["amount_quoted"]),
    }
    (where,) = [each.where for each in made.differences if each.field == "amount_quoted"]
    assert line["code"] in where[1]
    assert way["legs"][0]["departure_id"] in where[0]


def test_another_version_of_the_program_tells_both_answers_and_the_difference(
    store, today, text, now
):
    def older(body):
        dearer(body)
        body["engine_version"] = "0.0.9"
        del body["alternatives"][1]

    stored = kept(store, changed(text, older), today.table_set)
    made = again(store, today, stored)
    page = drawn(AgainPage(made, now).draw, width=100)

    assert made.verdict is Verdict.DIFFERENT
    assert not made.is_broken
    assert f"It was made by version 0.0.9; this is {__version__}." in page
    assert "As it was stored" in page
    assert "As it is made today" in page
    assert f"engine_version: 0.0.9 -> {__version__}" in page
    assert "price.amount: 1.00 -> " in page
    assert "only today" in page
    told = again_json(made, now)
    assert told["stored"]["engine_version"] == "0.0.9"
    assert told["made_again"]["engine_version"] == __version__
    json.dumps(told)


def test_times_within_a_tenth_of_an_hour_are_the_same(store, today, text):
    def nudged(hours):
        def change(body):
            times = body["alternatives"][0]["transit_time_h"]
            times["p50"] = round(times["p50"] + hours, 2)

        return changed(text, change)

    close = again(store, today, StoredQuote.of(nudged(0.1), today.table_set.content_hash))
    far = again(store, today, StoredQuote.of(nudged(0.2), today.table_set.content_hash))

    assert (close.verdict, close.is_broken) == (Verdict.CLOSE, False)
    assert (far.verdict, far.is_broken) == (Verdict.DIFFERENT, True)


@pytest.mark.parametrize(
    "name", ["samples", "distance_km", "co2e_kg", "departs_at", "quantity", "document"]
)
def test_nothing_but_a_time_is_tolerated(text, name):
    body = json.loads(text)
    other = json.loads(text)
    way = other["alternatives"][0]
    part = {
        "samples": way["transit_time_h"],
        "distance_km": way["legs"][0],
        "co2e_kg": way,
        "departs_at": way["legs"][0],
        "quantity": way["price_lines"][0],
        "document": way["documents"][0],
    }[name]
    value = part[name]
    part[name] = value + 0.05 if isinstance(value, float) else f"{value}0"

    told = compare_answers(body, other)

    assert told
    assert not any(each.tolerated for each in told)


def test_an_answer_does_not_differ_from_itself_nor_by_its_names(text):
    body = json.loads(text)
    assert compare_answers(body, body) == ()
    assert compare_answers(body, {**body, "engine_version": "9", "quote_id": "Q-0"}) == ()


def test_tables_that_todays_program_cannot_read_are_told(store, today, text, now):
    files = {**today.table_set.files, "network/links.csv": b"nothing\n"}
    tables = TableSet.of(files)
    stored = kept(store, text, tables)

    made = again(store, today, stored)

    assert made.verdict is Verdict.NOT_MADE
    assert isinstance(made.refusal, InvalidTables)
    page = drawn(AgainPage(made, now).draw, width=100)
    assert "cannot be made again" in page
    assert again_json(made, now)["made_again"] is None


def test_missing_tables_are_no_excuse(store, today, text):
    stored = StoredQuote.of(text, "f" * 64)
    with pytest.raises(StoreDamaged):
        again(store, today, stored)


def test_the_price_holds_until_its_last_second(today, text, now):
    stored = StoredQuote.of(text, today.table_set.content_hash)
    last = stored.expires_at
    assert stored.holds_at(now)
    assert stored.holds_at(last)
    assert not stored.holds_at(last + timedelta(seconds=1))
    before = drawn(StoredPage(stored, last).draw, width=100)
    after = drawn(StoredPage(stored, last + timedelta(seconds=1)).draw, width=100)
    assert "The prices hold until 2026-11-28 12:00 UTC." in before
    assert "Ask for a new quote." in after
    listed = drawn(StoredList([stored], now).draw, width=100)
    assert stored.quote_id in listed
    assert "2026-11-28" in listed


@pytest.mark.parametrize("wrong", ["", "Q-", "Q-7CE5B740190684EG", "7CE5B740190684E5", "Q-1 OR 1"])
def test_what_is_no_id_is_refused(wrong):
    with pytest.raises(InvalidInput):
        parse_quote_id(wrong)


@pytest.mark.parametrize("wrong", ["", "[]", "{}", '{"quote_id": 1}', "nope", "[" * 100_000])
def test_what_is_no_answer_is_not_stored(wrong):
    with pytest.raises(StoreDamaged):
        StoredQuote.of(wrong, "a" * 64)
