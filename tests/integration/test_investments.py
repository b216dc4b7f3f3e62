"""Projects of the corridor: what their tables say, and what they are worth on the oil of 2024."""

from __future__ import annotations

import csv
import math
import shutil
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest

import accounting
from karvan.adapters.files.project_tables import read_projects
from karvan.adapters.files.projects import FileProjects
from karvan.bootstrap import ShippedScenarios
from karvan.domain.errors import InvalidTables
from karvan.engines.planner.investment import (
    by_step,
    choose,
    cost_of_filling,
    prepare,
    worth_alone,
)
from karvan.engines.planner.plan import plan
from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.horizon import Group, grouped
from karvan.services.planning.investment import alone, ask
from karvan.services.planning.investment_terms import Terms
from karvan.services.planning.oil import oil_problem

OPTIONS = SolverOptions()
TERMS = Terms(first_year=2024, last_year=2026, rate=0.08, growth=0.0, every=10.0)
#: Costs as the facts print them, in millions of their currency.
PRINTED = {
    "tankers-8kt": ("E546", 1),
    "tanker-12kt": ("E547", 1),
    "cpc-widening": ("E554", 1),
    "dostyk-moyinty": ("F505", 1000),
    "divrigi-kars": ("F524", 1),
    "aktau-container-hub": ("F508", 1000),
    "kuryk-sarzha": ("F513", 1),
    "poti-terminal": ("F529", 1),
    "anaklia": ("F526", 1),
    "china-kyrgyzstan-uzbekistan": ("F537", 1000),
    "baku-supsa-5": ("E550", 1),
}


@pytest.fixture(scope="module")
def projects():
    return FileProjects().read()


@pytest.fixture(scope="module")
def asked(published, projects):
    tables = replace(
        projects, projects=tuple(replace(each, earliest=2024) for each in projects.projects)
    )
    scenario = ShippedScenarios().read("base-2024")
    return ask(published.network, published.book, scenario, tables, TERMS)


@pytest.fixture(scope="module")
def prepared(asked):
    return prepare(asked.question, OPTIONS)


@pytest.fixture(scope="module")
def saved(prepared):
    return worth_alone(prepared, OPTIONS)


@pytest.fixture(scope="module")
def freight(published, projects):
    """The freight of 2024 and half as much again in a year, on the ships of today."""
    scenario = ShippedScenarios().read("freight-2024")
    tables = replace(
        projects,
        projects=tuple(replace(each, earliest=2024, build_y=0) for each in projects.projects),
    )
    terms = replace(TERMS, last_year=2025, growth=0.4)
    asked = ask(published.network, published.book, scenario, tables, terms)
    prepared = prepare(asked.question, OPTIONS)
    return asked, prepared, worth_alone(prepared, OPTIONS)


@pytest.fixture
def folder(tmp_path):
    with as_file(files("karvan") / "data") as data:
        return shutil.copytree(data, tmp_path / "data")


def test_costs_are_those_that_the_facts_print(projects):
    facts = {row["id"]: row for row in accounting.read_facts().values() if "id" in row}
    by_id = {project.id: project for project in projects.projects}
    for name, (fact, millions) in PRINTED.items():
        assert by_id[name].cost_m == pytest.approx(float(facts[fact]["value"]) * millions), name


def test_every_estimate_says_how_far_it_may_be_off(projects):
    for row in projects.projects:
        if row.estimate:
            assert row.low_m <= row.cost_m <= row.high_m
    for row in projects.additions:
        if row.estimate:
            assert row.low <= row.amount <= row.high


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "code"),
    [
        ("projects", 0, "cost_m", "-1", "negative"),
        ("projects", 0, "currency", "XXX", "unknown-currency"),
        ("projects", 0, "low_m", "", "missing"),
        ("projects", 0, "high_m", "-5", "negative"),
        ("projects", 4, "high_m", "29", "out-of-order"),
        ("projects", 0, "price_year", "20", "out-of-range"),
        ("projects", 0, "life_y", "0", "out-of-range"),
        ("projects", 0, "build_y", "soon", "not-an-integer"),
        ("projects", 3, "one_of", "baku-supsa", "several-units"),
        ("projects", 0, "needs", "baku-batumi", "unknown-project"),
        ("projects", 0, "source", "nobody.example", "unknown-source"),
        ("projects", 1, "id", "baku-supsa-1-5", "duplicate-id"),
        ("project_additions", 0, "asset", "AZ-SAN--GE-SUB:pipeline", "unknown-asset"),
        ("project_additions", 0, "unit", "ships", "unit-mismatch"),
        ("project_additions", 0, "unit", "barrels", "not-in-list"),
        ("project_additions", 0, "amount", "0", "out-of-range"),
        ("project_additions", 0, "project", "baku-supsa", "unknown-project"),
        ("project_additions", 3, "high", "", "missing"),
    ],
)
def test_each_planted_fault_is_told_where_it_stands(folder, table, row, column, value, code):
    path = folder / "planning" / f"{table}.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row][column] = value
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

    _, faults = read_projects(folder)

    assert (f"{table}.csv", row + 2, column, code) in {
        (fault.file, fault.row, fault.column, fault.code) for fault in faults
    }


def test_own_projects_are_laid_over_the_shipped_ones(tmp_path):
    (tmp_path / "planning").mkdir()
    path = tmp_path / "planning" / "projects.csv"
    path.write_text("id,cost_m,high_m\naktau-oil-berths,100,150\n")

    found = {each.id: each for each in FileProjects().read(tmp_path).projects}

    assert (found["aktau-oil-berths"].cost_m, found["aktau-oil-berths"].low_m) == (100, 60)
    assert len(found) == len(FileProjects().read().projects)
    path.write_text("id,cost_m\naktau-oil-berths,-100\n")
    with pytest.raises(InvalidTables) as caught:
        FileProjects().read(tmp_path)
    assert [(fault.row, fault.column, fault.code) for fault in caught.value.faults] == [
        (2, "cost_m", "negative"),
        (2, "low_m", "out-of-order"),
    ]


@pytest.mark.parametrize(
    ("project", "scenario"),
    [
        ("baku-supsa-1-5", "baku-supsa-1-5"),
        ("baku-supsa-5", "baku-supsa-5"),
        ("aktau-oil-berths", "aktau-berths"),
    ],
)
def test_alone_a_project_saves_what_the_scenario_with_it_costs_less(
    published, saved, project, scenario
):
    """The peer is the scenario that makes the same change by another road."""
    year = Group(name="2024", periods=tuple(range(12)))

    def cost(name):
        given = ShippedScenarios().read(name)
        return plan(grouped(oil_problem(published.network, given, events=()), [year])).cost

    assert saved[project][0] == pytest.approx(cost("base-2024") - cost(scenario), abs=0.5)


def test_what_is_offered_and_what_it_adds(published, projects, asked):
    """Six more tankers sail already, and some projects need or are what others are not."""
    changed = {
        "baku-supsa-3": {"needs": ("eskene-kuryk",)},
        "tengiz-tank-cars": {"needs": ("baku-supsa-3",)},
        "aktau-dredging": {"ready_since": 2026},
    }
    tables = replace(
        projects,
        projects=tuple(
            replace(each, earliest=2024, **changed.get(each.id, {})) for each in projects.projects
        ),
    )
    scenario = ShippedScenarios().read("tankers-six-more")

    other = ask(published.network, published.book, scenario, tables, TERMS)

    def adds(of, project):
        told = of.question.projects
        return told.adds.amount[told.adds.project == told.ids.index(project)]

    # What needs a line that is not ready in these years is not offered, nor is what needs that.
    for name in ("baku-supsa-3", "tengiz-tank-cars"):
        assert other.left_out[name] == "what it needs is not offered"
    # A ship has the hours of one, however many sail beside it.
    assert adds(asked, "tankers-8kt").min() > 0
    np.testing.assert_allclose(adds(other, "tankers-8kt"), adds(asked, "tankers-8kt"))
    # From the year on in which the network has a project itself, that adds nothing.
    before = adds(asked, "aktau-dredging") * [1.0, 1.0, 0.0]
    np.testing.assert_allclose(adds(other, "aktau-dredging"), before)


def test_a_line_that_stood_idle_is_filled_and_one_in_use_is_full(prepared, asked):
    """830 km of 514 mm at 0.84 t a cubic metre: 145 kt, each worth one left in the ground."""
    projects = asked.question.projects
    filled = {projects.ids[j] for j in projects.fills.project}
    at = projects.ids.index("baku-supsa-1-5")

    cost = cost_of_filling(prepared, OPTIONS)[at]

    assert filled == {"baku-supsa-1-5", "baku-supsa-3", "baku-supsa-5"}
    assert projects.fills.volume == pytest.approx([math.pi / 4 * 0.514**2 * 829.6 * 0.84] * 3, 0.02)
    # Two years at 8 %, less what of the way on is paid later rather than now.
    tied_up = 450 * projects.fills.volume[0] * (1.08**-0.5 - 1.08**-2.5)
    assert 0.8 * tied_up < cost < tied_up


@pytest.mark.parametrize(
    ("told", "project"),
    [
        ("Baku-Supsa at 1.5 Mt a year", "baku-supsa-1-5"),
        ("Baku-Supsa at 5 Mt a year", "baku-supsa-5"),
        ("two tankers of 8,000 t", "tankers-8kt"),
        ("oil berths 9 and 10 at Aktau", "aktau-oil-berths"),
    ],
)
def test_what_the_guide_says_a_project_saves_in_a_year_is_so(asked, saved, told, project):
    """To a quarter: the guide tells of 2026, with growth, here it is 2024."""
    guide = Path("docs/how-to/decide-what-to-build.md").read_text(encoding="utf-8")
    (row,) = (line for line in guide.splitlines() if line.startswith(f"| {told} |"))

    year = float(saved[project][0]) / asked.kusd_per_eur / 1e6

    assert year == pytest.approx(float(row.split("|")[2]), rel=0.25, abs=0.5)


def test_the_best_choice_is_worth_no_less_than_any_project_alone(asked, prepared):
    best = choose(prepared, OPTIONS)

    each = alone(prepared, asked, OPTIONS)

    assert best.npv > 0
    assert best.npv >= max(one.npv_kusd for one in each) - 0.5
    assert all(one.npv_low_kusd <= one.npv_kusd <= one.npv_high_kusd for one in each)


def test_an_event_counts_as_often_as_it_comes(published, projects):
    """The cost is that of calm years and of the months of the event, by their shares."""
    scenario = ShippedScenarios().read("cpc-moorings-2025")
    terms = replace(TERMS, last_year=2025)

    def question(every):
        asked = ask(
            published.network, published.book, scenario, projects, replace(terms, every=every)
        )
        horizon = asked.question.horizon
        for step in range(horizon.steps):
            days = asked.question.problem.period_days * horizon.share * (horizon.step == step)
            assert days.sum() == pytest.approx(366 if step == 0 else 365)
        return asked.question

    costs = [
        by_step(prepare(asked, OPTIONS).nothing, asked).sum()
        for asked in (question(1.0), question(10.0), question(1000.0))
    ]

    assert costs[0] > costs[1] > costs[2]
    # What an event costs more, times how often it comes, is added to a calm year.
    assert (costs[0] - costs[1]) / 0.9 == pytest.approx((costs[1] - costs[2]) / 0.099, rel=1e-6)


def test_without_the_projects_the_years_are_those_of_the_scenario(published, asked):
    """Opening idle links for projects changes nothing before they are built."""
    year = Group(name="2024", periods=tuple(range(12)))
    problem = oil_problem(published.network, ShippedScenarios().read("base-2024"), events=())

    without = by_step(prepare(asked.question, OPTIONS).nothing, asked.question)

    assert without[0] == pytest.approx(plan(grouped(problem, [year])).cost, rel=1e-9)
    assert np.isfinite(without).all()


def by_prices(prepared, project, step):
    """What prices promise at most for what a project adds: cost falls ever more slowly."""
    asked, model = prepared.asked, prepared.nothing.model
    adds, horizon = asked.projects.adds, asked.horizon
    total = 0.0
    for e in np.flatnonzero(adds.project == asked.projects.ids.index(project)):
        prices = prepared.nothing.row_prices[model.rows_of(adds.family[e], adds.asset[e])]
        total -= float((prices * adds.amount[e])[horizon.step == step].sum())
    return total / float(horizon.discount[step])


@pytest.mark.parametrize("trade", ["oil", "freight"])
def test_no_project_saves_more_than_prices_promise(request, asked, prepared, saved, trade):
    if trade == "freight":
        asked, prepared, saved = request.getfixturevalue("freight")

    assert len(saved) == len(asked.offered) > 5
    for project, each in saved.items():
        for step, amount in enumerate(each):
            assert -0.5 <= amount <= by_prices(prepared, project, step) + 0.5, project
    assert max(each.max() for each in saved.values()) > 100


def test_freight_has_projects_of_its_own_and_grows(published, freight):
    asked, prepared, saved = freight
    year = Group(name="2024", periods=tuple(range(12)))
    problem = oil_problem(published.network, ShippedScenarios().read("freight-2024"), events=())
    without = by_step(prepared.nothing, asked.question)

    assert without[0] == pytest.approx(plan(grouped(problem, [year])).cost, rel=1e-9)
    assert without[1] > 1.3 * without[0]
    assert {"caspian-ferry", "aktau-container-hub", "btk-17"} <= set(saved)
    assert "baku-supsa-5" in asked.left_out
    # The ferries are full in 2024 already, and worth more with more cargo.
    assert 0 < saved["caspian-ferry"][0] < saved["caspian-ferry"][1]
