"""Each fault of a tariff book is found with file, row, column, code and what would be right."""

from __future__ import annotations

import csv
import shutil
from importlib.resources import as_file, files

import pytest

from karvan.adapters.files.tariff_tables import read_book
from karvan.network.tariff_checks import find_tariff_warnings


@pytest.fixture
def folder(tmp_path):
    with as_file(files("karvan") / "data" / "tariffs") as data:
        return shutil.copytree(data, tmp_path / "tariffs")


def edit(folder, file, find, cells):
    """Change the first row that has these cells; says which row of the file it is."""
    path = folder / file
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    at = next(i for i, row in enumerate(rows) if all(row[k] == v for k, v in find.items()))
    rows[at] |= cells
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return at + 2


FAULTS = [
    ("rates.csv", {"table": "MTT-20"}, {"table": "MTT-2"}, "table", "unknown-table", "MTT-20"),
    (
        "rates.csv",
        {"table": "MTT-20"},
        {"basis": "container_km"},
        "basis",
        "distance-twice",
        "kilometres already",
    ),
    ("rates.csv", {"id": "R001"}, {"carrier": ""}, "carrier", "no-carrier", "names its carrier"),
    (
        "rates.csv",
        {"scope": "border"},
        {"carrier": "KTZ"},
        "carrier",
        "carrier-at-place",
        "leave it empty",
    ),
    (
        "rates.csv",
        {"scope": "gauge"},
        {"basis": "container_km"},
        "basis",
        "distance-at-place",
        "no kilometres",
    ),
    ("rates.csv", {"id": "R001"}, {"low": "0.6"}, "", "tariff-inconsistent", "enclose"),
    ("rates.csv", {"id": "R001"}, {"low": "", "high": ""}, "", "tariff-inconsistent", "low and"),
    ("rates.csv", {"id": "R001"}, {"source": ""}, "source", "missing-value", ""),
    ("rates.csv", {"id": "R001"}, {"conditions": "weight>2"}, "conditions", "bad-condition", ""),
    (
        "rates.csv",
        {"id": "R002"},
        {"equipment": "40"},
        "valid_from",
        "overlapping-validity",
        "R001",
    ),
    (
        "rates.csv",
        {"carrier": "TITR"},
        {"scope": "unit_hire"},
        "scope",
        "joint-not-haul",
        "haul alone",
    ),
    (
        "rates.csv",
        {"carrier": "TITR"},
        {"from_places": "*"},
        "from_places",
        "joint-without-pair",
        "name both ends",
    ),
    ("coefficients.csv", {"id": "K001"}, {"group": ""}, "group", "missing-value", ""),
    (
        "coefficients.csv",
        {"id": "K001"},
        {"estimate": "yes"},
        "low",
        "no-range",
        "needs low and high",
    ),
    ("coefficients.csv", {"id": "K001"}, {"value": "-1"}, "", "tariff-inconsistent", ">= 0"),
    ("surcharges.csv", {"id": "S001"}, {"code": "CAP"}, "code", "reserved-code", "FUEL"),
    ("surcharges.csv", {"id": "S001"}, {"code": "storm"}, "", "tariff-inconsistent", "capitals"),
    (
        "surcharges.csv",
        {"kind": "percent"},
        {"basis": "tonne"},
        "basis",
        "basis-of-percent",
        "flat",
    ),
    ("caps.csv", {"id": "C001"}, {"minimum": "99"}, "", "tariff-inconsistent", "minimum"),
    ("base_tables.csv", {"id": "B020"}, {"to_value": "375"}, "table", "tariff-inconsistent", "gap"),
    ("base_tables.csv", {"estimate": "yes"}, {"low": ""}, "low", "no-range", "low and high"),
    ("base_tables.csv", {"estimate": "yes"}, {"high": "1"}, "low", "range-inconsistent", "enclose"),
    ("tariff_distances.csv", {"id": "D001"}, {"distance_km": "0"}, "", "tariff-inconsistent", ""),
    (
        "tariff_distances.csv",
        {"id": "D002"},
        {"from_place": "GE-GAR"},
        "valid_from",
        "overlapping-validity",
        "D001",
    ),
    (
        "exchange_rates.csv",
        {"id": "R002"},
        {"valid_from": "2019-01-01", "valid_to": "2019-12-31"},
        "valid_from",
        "overlapping-validity",
        "R001",
    ),
    ("joint_tariffs.csv", {"id": "TITR"}, {"members": "KTZ"}, "", "tariff-inconsistent", "two"),
    ("joint_tariffs.csv", {"id": "TITR"}, {"includes": "lunch"}, "includes", "unknown-scope", ""),
]


@pytest.mark.parametrize(("table", "find", "cells", "column", "code", "words"), FAULTS)
def test_a_planted_fault_is_found_where_it_stands(folder, table, find, cells, column, code, words):
    row = edit(folder, table, find, cells)

    _, faults = read_book(folder)

    told = [f for f in faults if (f.file, f.column, f.code) == (table, column, code)]
    assert told, [f"{f} [{f.code}]" for f in faults]
    assert any(words in f.message for f in told), [f.message for f in told]
    rows = {f.row for f in told}
    assert row in rows or code in ("overlapping-validity", "tariff-inconsistent"), (row, rows)


def test_the_shipped_book_has_no_fault():
    _, faults = read_book(files("karvan") / "data" / "tariffs")
    assert [str(f) for f in faults] == []


WARNINGS = [
    (
        "base_tables.csv",
        {"table": "MTT-20", "to_value": "650"},
        {"amount": "900"},
        "amount",
        "table-falls",
    ),
    ("coefficients.csv", {"group": "width"}, {"group": "lenght"}, "group", "similar-group"),
    ("rates.csv", {"carrier": "TITR-EU", "equipment": "20"}, {"carrier": "TITR"}, "id", "no-rates"),
]


@pytest.mark.parametrize(("table", "find", "cells", "column", "code"), WARNINGS)
def test_what_is_odd_is_a_warning_and_no_fault(folder, table, find, cells, column, code):
    before = {(w.column, w.code) for w in find_tariff_warnings(read_book(folder)[0])}
    edit(folder, table, find, cells)
    if code == "no-rates":
        edit(folder, table, {"carrier": "TITR-EU"}, {"carrier": "TITR", "conditions": "count>1"})

    entries, faults = read_book(folder)

    if code != "no-rates":
        assert faults == ()
    assert (column, code) not in before
    assert (column, code) in {(w.column, w.code) for w in find_tariff_warnings(entries)}


def test_coefficients_without_a_base_are_told_once_for_each_part(folder):
    entries, _ = read_book(folder)

    told = [w.message for w in find_tariff_warnings(entries) if w.code == "no-base"]

    assert len(told) == 3
    assert any("ett" in message for message in told)
