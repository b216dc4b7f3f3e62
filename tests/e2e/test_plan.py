"""`karvan plan` from outside."""

import csv
import json
from collections import defaultdict
from dataclasses import replace

import pytest

from karvan.bootstrap import (
    HtmlPages,
    LocalExecutors,
    ShippedProjects,
    ShippedScenarios,
    StudyFolders,
)
from karvan.domain.errors import InvalidInput, LimitReached
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring
from karvan.services.planning import sampling, tornado
from karvan.services.planning import study as studies


@pytest.fixture
def wiring(published, tmp_path, now):
    class Tables:
        def load(self, folder=None):
            return published

    return Wiring(
        tables=Tables(),
        clock=lambda: now,
        folder=tmp_path,
        scenarios=ShippedScenarios(),
        results=StudyFolders(),
        executors=LocalExecutors(),
        reports=HtmlPages(),
    )


@pytest.fixture
def karvan(wiring, capsys):
    def run(*arguments):
        status = app.run(list(arguments), replace(wiring))
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


def test_a_study_is_printed_and_written_and_both_say_the_same(karvan, tmp_path):
    folder = tmp_path / "out"

    status, out, _ = karvan("plan", "cpc-moorings-2025", "--json", "--out", str(folder))

    told = json.loads(out)
    with (folder / "flow.csv").open() as file:
        rows = defaultdict(float)
        for row in csv.DictReader(file):
            if row["commodity"].startswith("kazakh "):
                rows[row["link"], row["month"]] += float(row["amount"])
    assert status == 0
    for where, amounts in told["with_event"]["leaves_by"].items():
        written = [rows.get((where, month), 0.0) for month in told["months"]]
        assert written == pytest.approx(amounts, abs=0.051)


def test_a_study_is_planned_again_from_its_folder_to_the_same_numbers(karvan, tmp_path):
    folder = str(tmp_path / "out")
    karvan("plan", "base-2024", "--out", folder)

    status, out, _ = karvan("plan", "--again", folder)

    assert status == 0
    assert out.startswith("The same numbers: 12 tables, ")
    for key, value, why in (("months", ["2024"], "damaged"), ("tables", {}, "lacks tables")):
        file = tmp_path / "out" / "manifest.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | {key: value}))
        status, _, err = karvan("compare", folder, folder)
        assert (status, why in err) == (2, True)
    assert "lacks tables" in karvan("plan", "--again", folder)[2]


def test_neither_a_scenario_nor_a_folder_is_refused(karvan):
    status, _, err = karvan("plan")

    assert status == 2
    assert "--again" in err


def test_the_table_shows_where_the_oil_goes(karvan):
    status, out, _ = karvan("plan", "cpc-moorings-2025")

    assert status == 0
    assert "The event is hidden until 2025-11." in out
    assert "It brings news, and is planned again, in 2025-12." in out
    for words in ("leaves by", "sold at", "shut in at", "in tanks at", "CPC marine terminal"):
        assert words in out


def test_the_picture_has_a_bar_for_each_month_as_long_as_its_oil(karvan):
    _, out, _ = karvan("plan", "cpc-moorings-2025")

    bars = {line[:7]: line for line in out.splitlines() if line[:7] in {"2025-10", "2025-12"}}
    usual, struck = bars["2025-10"], bars["2025-12"]
    assert usual.count("x") == 0 < struck.count("x")
    assert struck.count("█") < 0.8 * usual.count("█")
    # Both months have 31 days and as much oil; the marks are rounded together.
    assert len(usual.split()[1]) == len(struck.split()[1])
    assert "x left in the ground" in out


def test_a_change_is_compared_with_the_same_without_it(karvan):
    status, out, _ = karvan("plan", "baku-supsa-3")

    assert status == 0
    assert "Changed from 2024-01 on; compared with the same without it." in out
    assert "The change saves" in out


def test_the_shipped_scenarios_are_listed_with_their_titles(karvan):
    status, out, _ = karvan("plan", "--list", "--json")

    told = {each["name"]: each["title"] for each in json.loads(out)["scenarios"]}
    assert status == 0
    assert told["event-D25"].startswith("Tengiz: a fire in transformers")
    assert "tankers-two-more" in told
    assert "event-D25" in karvan("plan", "--list")[1]


def test_what_is_planned_when_the_solver_comes_to_its_limit_is_marked(
    karvan, monkeypatch, tmp_path
):
    real = studies.plan
    solved = []

    def once(problem, options):
        if solved:
            raise LimitReached("the solver came to its time limit", gap=0.25)
        solved.append(problem)
        return real(problem, options)

    monkeypatch.setattr(studies, "plan", once)
    folder = tmp_path / "out"

    status, out, err = karvan("plan", "cpc-moorings-2025", "--json", "--out", str(folder))

    told = json.loads(out)
    assert status == 3
    assert told["partial"] is True
    assert told["planned_until"] == "2025-11"
    assert told["months"] == ["2025-09", "2025-10"]
    assert "gap" in err
    assert not folder.exists()


def test_a_limit_of_time_ends_with_status_3_and_tells_the_gap(karvan):
    status, out, err = karvan("plan", "base-2024", "--time-limit", "0")

    assert status == 3
    assert "gap" in err
    assert out == ""


def test_an_unknown_scenario_ends_with_status_2_and_the_names(karvan):
    status, _, err = karvan("plan", "cpc-moorings")

    assert status == 2
    assert "cpc-moorings-2025" in err


@pytest.mark.parametrize("command", ["plan", "contingency", "resilience", "invest", "compare"])
@pytest.mark.parametrize(
    ("option", "target", "why"),
    [
        ("--out", "none/out", "No such file or directory"),
        ("--out", "full", "must be new or empty"),
        ("--report", "none/page.html", "No such file or directory"),
        ("--report", "folder.html", "no plain file"),
        ("--report", "page.pdf", "FILE.html"),
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is_read(
    karvan, tmp_path, command, option, target, why
):
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "full" / "something").mkdir(parents=True)
    scenarios = ("nowhere", "nowhere")[: 2 if command == "compare" else 1]

    status, out, err = karvan(command, *scenarios, option, str(tmp_path / target))

    assert (status, out) == (2, "")
    assert why in err
    assert {each.name for each in tmp_path.iterdir()} == {"folder.html", "full"}


def test_two_scenarios_are_compared_and_a_folder_is_not_planned_again(karvan, tmp_path):
    folder, out = str(tmp_path / "a"), tmp_path / "both"
    karvan("plan", "base-2024", "--out", folder)

    page = tmp_path / "page.html"
    options = ("--json", "--out", str(out), "--report", str(page), "--no-failures")

    status, shown, _ = karvan("compare", folder, "base-2024", *options)

    told = json.loads(shown)
    assert status == 0
    assert told["differs"] == []
    assert told["finding"] == "A and B send out and leave behind the same"
    assert {each["difference"] for each in told["figures"]} == {0.0}
    assert told["finding"] in page.read_text()
    assert "--no-failures" in page.read_text()
    assert sorted(each.name for each in out.glob("*.csv")) == ["amounts.csv", "figures.csv"]
    one, other = json.loads((out / "manifest.json").read_text())["cases"]
    assert one["tables"] == other["tables"]
    assert one["scenario"] == other["scenario"]


def test_a_comparison_is_read_in_the_terminal(karvan):
    status, out, _ = karvan("compare", "base-2024", "cpc-moorings-2025")

    assert status == 0
    assert out.startswith("B leaves behind ")
    for words in ("A covers 12 periods and B 9", "Oil exported", "Sold at, Mt", "Only B: "):
        assert words in out


SAMPLED = ("sampled", "sampled_months", "drawn", "tornado")
RUNS = ("--runs", "4", "--executor", "inline")
SHORT = """
title = "A terminal at half of its capacity"
base = "oil-2024"
first_month = "2024-01"
months = 2

[[event]]
id = "half"
asset = "CPC marine terminal"
first_day = 2024-02-01
last_day = 2024-02-29
share_lost = 0.5
cause = "a test"
source = "a test"
"""


def test_with_runs_every_figure_has_an_interval_and_every_estimate_its_place(
    karvan, tmp_path, monkeypatch
):
    (tmp_path / "short.toml").write_text(SHORT)
    given = tornado.estimates_of
    monkeypatch.setattr(tornado, "estimates_of", lambda scenario: given(scenario)[:3])

    folder, asked = tmp_path / "out", (str(tmp_path / "short.toml"), *RUNS, "--seed", "7")
    status, out, _ = karvan("plan", *asked, "--json", "--out", str(folder))

    told = json.loads(out)["sampled"]
    (found,) = told["scenarios"]
    assert status == 0
    assert (told["runs"], told["seed"], told["interval"]) == (4, 7, "8 in 10 runs")
    for total in found["totals"].values():
        assert total["low"] <= total["median"] <= total["high"]
    named = {(row["what"], row["where"]) for row in found["months"]}
    assert {("left behind", ""), ("sold at", "IT-AUGUST")} <= named
    assert {len(row["high"]) for row in found["months"]} == {2}
    swings = found["tornado"]["extra_cost"]["estimates"]
    widths = [abs(each["at_high"] - each["at_low"]) for each in swings]
    assert sum(not each["estimate"].startswith("emission factor ") for each in swings) == 3
    assert len(widths) < len(told["drawn"])
    assert {"exported", "not_earned", "carriage_per_t", "extra_cost"} <= set(found["totals"])
    assert widths == sorted(widths, reverse=True)
    assert "prices" in told["not_drawn"]
    texts = {name: (folder / f"{name}.csv").read_text() for name in SAMPLED}
    rows = {name: list(csv.DictReader(text.splitlines())) for name, text in texts.items()}
    written = {row["what"]: row for row in rows["sampled"] if not row["where"]}
    for name, total in found["totals"].items():
        for end in ("low", "median", "high"):
            assert float(written[name][end]) == pytest.approx(total[end], abs=5.1e-4)
    left = [row for row in rows["sampled_months"] if row["what"] == "left behind"]
    assert [row["month"] for row in left] == ["2024-01", "2024-02"]
    assert {row["estimate"] for row in rows["drawn"]} == {
        each["estimate"] for each in told["drawn"]
    }
    widths = [abs(float(row["at_high"]) - float(row["at_low"])) for row in rows["tornado"][:3]]
    assert widths == sorted(widths, reverse=True)
    assert all(0 <= float(row["share"]) <= 1 for row in rows["tornado"])


def test_with_runs_every_difference_has_its_interval_and_so_has_each_case(karvan, tmp_path):
    (tmp_path / "a.toml").write_text(SHORT.split("[[event]]", maxsplit=1)[0])
    (tmp_path / "b.toml").write_text(SHORT)
    folder, both = tmp_path / "out", [str(tmp_path / f"{name}.toml") for name in "ab"]

    status, out, err = karvan("compare", *both, *RUNS, "--json", "--out", str(folder))

    told = json.loads(out)
    assert status == 0, err
    assert told["runs"] == 4
    drawn = [each for each in told["figures"] if each["figure"] != "co2e_per_t"]
    for each in drawn:
        low, high = each["interval"]
        assert low <= high
        assert each["a_interval"][0] <= each["a_interval"][1]
        assert each["b_interval"][0] <= each["b_interval"][1]
    listed = [each for what in ("ways_out", "sold_at", "left_behind") for each in told[what]]
    assert all(low <= high for low, high in (each["interval"] for each in listed))
    with (folder / "amounts.csv").open() as file:
        rows = {(row["what"], row["of"]): row for row in csv.DictReader(file)}
    for each in told["left_behind"]:
        written = rows["left behind", each["of"]]
        ends = [float(written["low"]), float(written["high"])]
        assert ends == pytest.approx(each["interval"], abs=1e-6)
    assert any(each["interval"][0] > 0 for each in told["left_behind"])

    shown = karvan("compare", *both, "--runs", "1", "--executor", "inline")[1]
    assert "hold 8 in 10 runs of 1, each with the same draws for both." in " ".join(shown.split())
    (left,) = [row.split() for row in shown.splitlines() if row.strip().startswith("2024-02 ")]
    assert left[-1] == left[-2]


def test_an_interrupt_among_the_runs_leaves_nothing_on_paper_and_no_folder(
    karvan, tmp_path, monkeypatch
):
    given, planned = sampling.study, []

    def stop(*arguments, **named):
        if planned:
            raise KeyboardInterrupt
        planned.append(arguments)
        return given(*arguments, **named)

    monkeypatch.setattr(sampling, "study", stop)

    status, out, _ = karvan("plan", "base-2024", *RUNS, "--out", str(tmp_path / "out"))

    assert (status, out, len(planned)) == (130, "", 1)
    assert list(tmp_path.iterdir()) == []


class _FullDisk(StudyFolders):
    """Folders on a disk that is full by the time anything is written."""

    def write(self, folder, tables, manifest, texts):
        raise InvalidInput("it cannot be written; nothing was", path=str(folder), reason="no room")


@pytest.mark.parametrize("command", ["plan", "compare", "contingency", "resilience", "invest"])
def test_a_disk_that_is_full_keeps_neither_the_answer_nor_the_page_from_who_asked(
    wiring, capsys, tmp_path, command
):
    wiring = replace(wiring, projects=ShippedProjects(), results=_FullDisk())
    scenario, page = tmp_path / "short.toml", tmp_path / "page.html"
    scenario.write_text(SHORT)
    given = [str(scenario)] * (2 if command == "compare" else 1)
    few = {"invest": ["--until", "2026"], "contingency": ["--by-year"], "resilience": []}
    left = ["--out", str(tmp_path / "out"), "--report", str(page)]

    status = app.run(
        [command, *given, *left, *few.get(command, ["--no-failures"]), "--json"], wiring
    )

    shown = capsys.readouterr()
    assert status == 2
    assert json.loads(shown.out)
    assert f'"path": "{tmp_path / "out"}"' in shown.err
    assert page.read_text().startswith("<!doctype html>")
