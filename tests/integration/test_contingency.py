"""Outages of the shipped corridor, and `karvan contingency` from outside."""

import csv
import json
import re

import numpy as np
import pytest

from karvan.adapters.files.scenarios import FileScenarios
from karvan.bootstrap import ShippedScenarios, StudyFolders
from karvan.engines.planner.merging import merged
from karvan.engines.planner.plan import plan
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring
from karvan.services.planning.contingency import contingency
from karvan.services.planning.contingency_telling import PairRow
from karvan.services.planning.oil import oil_problem
from karvan.services.planning.result_tables import parse_csv

SCENARIOS = FileScenarios()
SHIPS = {"Caspian tankers": 8}


@pytest.fixture(scope="module")
def year(published):
    """2024 as one period."""
    asked = SCENARIOS.read("base-2024")
    problem = merged(oil_problem(published.network, asked, events=()))
    return contingency(problem, ships=SHIPS)


@pytest.fixture
def karvan(published, capsys, tmp_path, now):
    class Tables:
        def load(self, folder=None):
            return published

    def run(*arguments):
        wiring = Wiring(
            tables=Tables(),
            clock=lambda: now,
            folder=tmp_path,
            scenarios=ShippedScenarios(),
            results=StudyFolders(),
        )
        status = app.run(list(arguments), wiring)
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


def of(found, kind, asset):
    (wanted,) = [
        each
        for each in found.ranked
        if (each.outages[0].kind, each.outages[0].asset) == (kind, asset)
    ]
    return wanted


def test_the_lifeline_comes_before_aktau_its_ships_and_the_line_inland(year):
    """CPC carries most of the country's oil, and there is no room for it elsewhere. The line from
    Atyrau to Kenkiyak feeds the refineries inland. Aktau as a whole cuts off the peninsula behind
    it; its berths or ships alone do not, for that oil can go by Atyrau.
    """
    cpc = of(year, "shared capacity", "CPC marine terminal")
    inland = of(year, "link", "KZ-ATY--KZ-KENKIY:pipeline")
    aktau = of(year, "place", "KZ-AKT")
    berths = of(year, "shared capacity", "Aktau oil berths")
    ships = of(year, "fleet", "Caspian tankers")

    assert cpc.rank <= 5
    assert cpc.extra_cost > 5 * max(aktau.extra_cost, inland.extra_cost)
    assert aktau.extra_cost >= max(berths.extra_cost, ships.extra_cost)
    assert min(inland.extra_cost, berths.extra_cost, ships.extra_cost) > year.tie
    assert inland.left_behind > berths.left_behind
    first = {each.rank: each for each in reversed(year.ranked)}
    assert all(first[each.rank].reason for each in (cpc, inland, aktau, berths, ships))


def test_without_cpc_what_is_carried_goes_elsewhere_or_stays(year):
    """What went through the terminal = what more stays behind + what more goes by other ways."""
    why = of(year, "shared capacity", "CPC marine terminal").reason

    left = sum(more for _, more, _ in why.left)
    assert why.carried > 60_000
    assert left > 40_000
    assert "KZ-BCHAGA--RU-SAMHUB:pipeline" in {way for way, _, _ in why.instead}


def test_every_plan_of_the_year_is_proven_and_some_are_solved_cold(year):
    assert year.worst_gap <= 1e-9
    assert year.checked_cold >= 1
    assert all(each.left_is_sure for each in year.ranked)
    assert year.cost == pytest.approx(plan(year.problem).cost, rel=1e-9)
    assert {each.outages[0].kind for each in year.ranked} == {
        "link", "place", "shared capacity", "fleet", "one ship",
    }  # fmt: skip


def test_what_is_printed_is_what_is_written(karvan, tmp_path):
    folder = tmp_path / "out"

    status, out, _ = karvan(
        "contingency", "base-2024", "--by-year", "--order", "2", "--json", "--out", str(folder)
    )

    told = json.loads(out)
    with (folder / "outages.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert status == 0
    assert [round(float(row["extra_cost"]), 1) for row in rows] == [
        each["extra_cost"] for each in told["outages"]
    ]
    assert len(parse_csv("pairs", PairRow, (folder / "pairs.csv").read_text()).rows) == len(
        told["pairs"]
    )
    assert (np.diff([each["extra_cost"] for each in told["pairs"]]) <= 0.6).all()
    assert told["pairs_possible"] > len(told["pairs"]) > 50
    assert json.loads((folder / "manifest.json").read_text())["options"]["order"] == 2


def test_the_page_names_the_worst_and_says_why(karvan):
    status, out, _ = karvan("contingency", "base-2024", "--by-year")

    assert status == 0
    assert "CPC marine terminal" in out.split("Why")[0]
    for words in ("went through.", "goes by", "stays at", "held by", "other outages cost nothing."):
        assert words in out
    assert "not shown" not in out
    assert "Caspian tankers" in out


def test_what_costs_but_is_not_shown_is_counted(karvan):
    _, out, _ = karvan("contingency", "base-2024", "--by-year", "--json")
    worst = [each["rank"] <= 3 for each in json.loads(out)["outages"]]

    status, out, _ = karvan("contingency", "base-2024", "--by-year", "--top", "3")

    assert status == 0
    less, idle = re.findall(r"^(\d+) (?:more|other)", out, re.MULTILINE)
    assert int(less) > 20
    assert sum(worst) + int(less) + int(idle) == len(worst)


def test_a_limit_of_time_ends_with_status_3(karvan):
    status, _, err = karvan("contingency", "base-2024", "--time-limit", "0")

    assert status == 3
    assert "gap" in err
