"""`karvan invest` from outside."""

import csv
import json
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from karvan.bootstrap import HtmlPages, ShippedProjects, ShippedScenarios, StudyFolders
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring

SHORT = ("--from", "2026", "--until", "2028")


@pytest.fixture
def karvan(published, capsys, tmp_path, now):
    class Tables:
        def load(self, folder=None):
            return published

    wiring = Wiring(
        tables=Tables(),
        clock=lambda: now,
        folder=tmp_path,
        scenarios=ShippedScenarios(),
        projects=ShippedProjects(),
        results=StudyFolders(),
        reports=HtmlPages(),
    )

    def run(*arguments):
        status = app.run(["invest", *arguments], replace(wiring))
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


def test_a_frontier_is_printed_and_written_and_both_say_the_same(karvan, tmp_path):
    folder = tmp_path / "out"

    page = tmp_path / "page.html"
    where = ("--out", str(folder), "--report", str(page))
    status, out, _ = karvan("base-2024", *SHORT, "--frontier", "--rate", "7", "--json", *where)

    told = json.loads(out)
    assert status == 0
    with (folder / "frontier.csv").open() as file:
        written = [(float(row["outlay"]), float(row["npv"])) for row in csv.DictReader(file)]
    assert written == [(point["outlay"], point["npv"]) for point in told["frontier"]]
    assert len(written) > 1
    assert sorted(written) == written == sorted(written, key=lambda point: point[1])
    assert told["best"]["npv"] == written[-1][1]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["options"]["rate_percent"] == 7.0
    assert manifest["tables"]["frontier"]["rows"] == len(written)
    drawn = ET.parse(folder / "frontier.svg").getroot()
    assert sum(each.tag.endswith("circle") for each in drawn.iter()) == len(written)
    lines = ["".join(each.itertext()) for each in drawn.iter() if each.tag.endswith("text")]
    assert f"1: 0.0 buys {written[0][1]:,.1f}: Baku-Supsa reopened at 5 Mt a year, 2026" in lines
    # Whoever types the line on the page asks the same again.
    (line,) = re.findall("<code>(.*?)</code>", page.read_text())
    assert line.startswith("karvan invest base-2024 ")
    for words in (" ".join(SHORT[2:]), "--rate 7", "--frontier"):
        assert words in line


def test_the_page_shows_what_to_build_and_what_each_alone_saves(karvan):
    status, out, _ = karvan("base-2024", *SHORT, "--budget-eur", "40e6")

    assert status == 0
    for words in (
        "To build, in M EUR:",
        "Baku-Supsa reopened at 5 Mt a year",
        "goes into lines; at the end it brings",
        "counts what filling its line costs",
        "By year, in M EUR, not discounted:",
        "One of each alone, in M EUR:",
        "Two tankers of 8,000 t for the Caspian",
        "Not asked, the network has it already: cpc-widening, dostyk-moyinty",
    ):
        assert words in out


def test_a_budget_of_nothing_builds_only_what_costs_nothing(karvan):
    _, free, _ = karvan("base-2024", *SHORT, "--json", "--budget-eur", "0")
    _, dear, _ = karvan("base-2024", *SHORT, "--json", "--budget-eur", "0", "--costs", "high")

    assert [each["project"] for each in json.loads(free)["best"]["projects"]] == ["baku-supsa-5"]
    assert json.loads(dear)["best"] == {
        "projects": [],
        "outlay": 0.0,
        "saving": 0.0,
        "left_at_end": 0.0,
        "back_from_lines": 0.0,
        "npv": 0.0,
        "npv_at_most": 0.0,
        "proven": True,
    }


def test_a_limit_of_time_ends_with_status_3_and_tells_the_gap(karvan):
    status, out, err = karvan("base-2024", *SHORT, "--time-limit", "0")

    assert status == 3
    assert "gap" in err
    assert out == ""


def test_a_choice_that_is_not_proven_is_told_as_such_with_status_3(karvan, monkeypatch, tmp_path):
    from karvan.engines.planner import investment

    honest = investment.run_whole

    def hurried(highs, options):
        found = honest(highs, options)
        return replace(found, proven=False, bound=found.bound - 5000.0)

    monkeypatch.setattr(investment, "run_whole", hurried)

    status, out, err = karvan("base-2024", *SHORT)

    assert status == 3
    assert "Not proven: another choice may be worth up to" in out
    assert "none is proven" in err


def test_wrong_terms_are_told_all_at_once(karvan):
    status, _, err = karvan(
        "base-2024", "--from", "2030", "--until", "2029", "--rate", "200", "--costs", "cheap"
    )

    assert status == 2
    for words in ("horizon", "discount rate", "low, middle or high"):
        assert words in err


def test_who_interrupts_leaves_no_folder(karvan, monkeypatch, tmp_path):
    folder = tmp_path / "out"

    def interrupted(*_given, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr("karvan.engines.planner.investment.run_whole", interrupted)

    status, out, _ = karvan("base-2024", *SHORT, "--out", str(folder))

    assert status == 130
    assert out == ""
    assert not folder.exists()
