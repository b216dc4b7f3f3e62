"""A fault planted in any table is found, with file, row and column; nothing loads by halves."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from karvan.adapters.files.published import FileTables, check_tables
from karvan.domain.errors import InvalidTables


@pytest.fixture
def folder(tmp_path):
    with as_file(files("karvan") / "data") as data:
        return shutil.copytree(data, tmp_path / "data")


def plant(folder, table, old, new):
    """Replace the first `old` in a table; say in which row it stood."""
    path = folder / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    row = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return row


@pytest.mark.parametrize(
    ("table", "old", "new", "column", "code"),
    [
        ("network/services.csv", "CN-YIW;CN-WUH", "CN-YIW;CN-NOPE", "calls", "unknown-place"),
        ("network/services.csv", ",CR,rail,", ",NOBODY,rail,", "operator", "unknown-carrier"),
        ("network/services.csv", ",rail,CN-YIW", ",raft,CN-YIW", "mode", "not-in-list"),
        ("network/services.csv", "CR-XIA-YIW,", "CR-YIW-XIA,", "id", "duplicate-id"),
        ("network/services.csv", ",48,24,96,", ",nan,24,96,", "headway_h", "not-finite"),
        ("network/services.csv", "KZ-AKT;AZ-ALT,44.2", "KZ-AKT;GE-POT,44.2", "calls", "no-way"),
        ("network/services.csv", "own-knowledge,yes", "nobody,yes", "source", "unknown-source"),
        ("network/performance.csv", "P001,run", "P002,run", "id", "duplicate-id"),
        ("network/performance.csv", ",PL-MAL,", ",PL-NIL,", "place", "unknown-place"),
        ("network/weather.csv", ",18,16,", ",180,16,", "closed_jan_percent", "not-a-share"),
        ("network/common_factors.csv", "KZ-KUR,50,", "KZ-KUR,90,", "share_percent", "not-a-share"),
        ("network/common_factors.csv", ",25,0,50,7,", ",25,0,50,0,", "period_days", "not-a-period"),
        (
            "network/common_factors.csv",
            "weather,GE-POT",
            "weather,GE-POX",
            "places",
            "unknown-place",
        ),
        ("tariffs/rates.csv", "CN-ALA;CN-HOR", "CN-ALA;CN-HER", "from_places", "unknown-place"),
        ("tariffs/rates.csv", ",0.55,,USD", ",0.55,,XXX", "currency", "unknown-currency"),
        ("tariffs/rates.csv", ",0.55,,USD,0.35", ",0.55,,USD,0.95", "", "tariff-inconsistent"),
        ("tariffs/exchange_rates.csv", ",382.7,", ",0,", "per_usd", "not-positive"),
        ("rules/regimes.csv", "2010-07-01", "2010-13-01", "valid_from", "not-a-date"),
        ("rules/hs2022.csv", "\n0101,", "\n01x1,", "code", "bad-code"),
        ("rules/emission_factors.csv", ",rail,rail,", ",rail;road,rail,", "use_for", "used-twice"),
    ],
)
def test_a_planted_fault_is_found_where_it_stands(folder, table, old, new, column, code):
    row = plant(folder, table, old, new)

    checked = check_tables(folder)

    assert checked.published is None
    told = {(f.file, f.column, f.code) for f in checked.faults}
    name = table.rpartition("/")[2]
    assert (name, column, code) in told, [str(f) for f in checked.faults]
    rows = {f.row for f in checked.faults if (f.file, f.column, f.code) == (name, column, code)}
    assert rows & {row, row + 1, row + 2}, (row, rows)


def test_faults_of_several_tables_are_told_at_once(folder):
    plant(folder, "network/places.csv", ",CN,", ",QQ,")
    plant(folder, "tariffs/rates.csv", ",0.55,", ",abc,")
    plant(folder, "network/weather.csv", ",18,16,", ",180,16,")

    with pytest.raises(InvalidTables) as caught:
        FileTables().load(folder)

    assert {Path(f.file).name for f in caught.value.faults} >= {
        "places.csv",
        "rates.csv",
        "weather.csv",
    }


def test_a_missing_table_is_a_fault(folder):
    (folder / "network" / "services.csv").unlink()
    assert any(f.code == "no-file" for f in check_tables(folder).faults)


def test_what_ships_has_no_fault():
    checked = check_tables()
    assert checked.faults == ()
    assert checked.published is not None


def test_a_fault_of_reading_does_not_hide_a_fault_of_reference(folder):
    plant(folder, "tariffs/rates.csv", ",0.55,", ",abc,")
    plant(folder, "network/services.csv", "CN-YIW;CN-WUH", "CN-YIW;CN-NOPE")

    told = {(f.file, f.code) for f in check_tables(folder).faults}

    assert ("rates.csv", "not-a-number") in told
    assert ("services.csv", "unknown-place") in told


def test_a_place_that_cannot_be_read_is_not_told_again_by_every_service(folder):
    plant(folder, "network/places.csv", "KZ-AKT,Aktau port,KZ,seaport,43.6", "KZ-AKT,,KZ,seaport,x")

    told = [f for f in check_tables(folder).faults if f.file == "services.csv"]

    assert told == []
