"""`karvan network template`, `diff`, `export`, `import`, and what `check` says of age."""

import json
from dataclasses import replace

import pytest

from karvan.bootstrap import wire
from karvan.interfaces.cli import app


@pytest.fixture
def karvan(capsys, tmp_path, now):
    """Runs a command in this process; gives status, stdout, stderr."""

    def run(*arguments):
        wiring = replace(wire(), clock=lambda: now, environment={}, folder=tmp_path)
        status = app.run([str(each) for each in arguments], wiring)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "own"
    (folder / "tariffs").mkdir(parents=True)
    (folder / "tariffs" / "rates.csv").write_text("id,amount,remove\nR001,0.61,\n")
    return folder


def test_a_template_can_be_checked_at_once(karvan, tmp_path):
    status, out, _ = karvan("network", "template", tmp_path / "new")
    assert (status, "README.md" in out) == (0, True)
    assert karvan("network", "check", "--data", tmp_path / "new")[0] == 0
    assert karvan("network", "template", tmp_path / "new")[0] == 2


def test_a_diff_ends_with_0_whether_tables_differ_or_not(karvan, own):
    status, out, _ = karvan("network", "diff", "shipped", own)
    assert status == 0
    assert "tariffs/rates.csv: 0 added, 0 removed, 1 changed" in out
    assert "amount: 0.55 -> 0.61" in out

    status, out, _ = karvan("network", "diff", own, own)
    assert (status, "do not differ" in out) == (0, True)


def test_a_diff_as_json_has_both_hashes_and_every_cell(karvan, own):
    status, out, _ = karvan("network", "diff", "shipped", own, "--json")
    found = json.loads(out)
    assert (status, found["differ"]) == (0, True)
    hashes = found["hashes"]
    assert hashes["old"]["network"] == hashes["new"]["network"]
    assert hashes["old"]["tariff_version"] != hashes["new"]["tariff_version"]
    (table,) = found["tables"]
    assert table["changed"] == [
        {"key": ["R001"], "cells": [{"column": "amount", "old": "0.55", "new": "0.61"}]}
    ]


@pytest.mark.parametrize(("option", "name"), [("--gmns", "package"), ("--xlsx", "all.xlsx")])
def test_out_and_in_again(karvan, own, tmp_path, option, name):
    status, out, _ = karvan("network", "export", option, tmp_path / name, "--data", own, "--json")
    exported = json.loads(out)
    assert status == 0

    status, out, _ = karvan(
        "network", "import", option, tmp_path / name, "--out", tmp_path / "back", "--json"
    )
    imported = json.loads(out)
    assert status == 0
    assert imported["hashes"]["places_and_links"] == exported["hashes"]["places_and_links"]
    assert karvan("network", "check", "--data", tmp_path / "back")[0] == 0


def test_a_timetable_begins_where_it_is_told_to(karvan, tmp_path):
    target = tmp_path / "feed.zip"
    status, out, _ = karvan(
        "network", "export", "--gtfs", target, "--from", "2026-12-03", "--days", "2", "--json"
    )
    assert (status, json.loads(out)["rows"]["feed_info.txt"]) == (0, 1)
    assert target.stat().st_size > 1000


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--gtfs", "a.zip", "--xlsx", "a.xlsx"),
        ("--gtfs", "a.zip", "--from", "yesterday"),
        ("--gtfs", "a.zip", "--days", "0"),
    ],
)
def test_an_export_that_is_not_clear_is_refused(karvan, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    status, out, err = karvan("network", "export", *arguments)
    assert (status, out) == (2, "")
    assert err
    assert list(tmp_path.iterdir()) == []


def test_check_tells_the_age_of_what_is_stale(karvan):
    status, out, _ = karvan("network", "check", "--json")
    found = json.loads(out)
    stale = [each for each in found["warnings"] if each["code"] == "stale"]
    assert status == 0
    assert all("months old" in each["message"] for each in stale)
    ages = {each["kind"]: each for each in found["ages"]}
    assert sum(each["stale"] for each in ages.values()) == len(stale)
    assert ages["rate"]["oldest_months"] > 24
