"""The base years beside the shipped observations."""

import csv
import json
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from karvan.adapters.files.observed import FileObserved
from karvan.adapters.files.oil_tables import read_oil_tables
from karvan.adapters.files.scenarios import FileScenarios
from karvan.bootstrap import ShippedScenarios
from karvan.domain.errors import InvalidTables
from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring
from karvan.network.observations import Tag, counts_as_observed
from karvan.services.planning.base import oil_base
from karvan.services.planning.observed_years import by_year, plan_years, with_freight
from karvan.services.planning.outage_checks import check_outages
from karvan.services.planning.validation import validate

DATA = Path(str(files("karvan"))) / "data"
TODAY = date(2026, 11, 21)
#: Tables that name a fact to compare with it, or to show that something is so.
EVIDENCE = {"permissions.csv", "route_lengths.csv", "outage_checks.csv"}


@pytest.fixture(scope="module")
def tables():
    return FileObserved().load()


@pytest.fixture(scope="module")
def studies(published, tables):
    return plan_years(published.network, FileScenarios(), tables.disruptions)


@pytest.fixture(scope="module")
def found(published, tables, studies):
    oil = by_year(studies)
    years = with_freight(oil, published.network, tables.freight, years=(2022,))
    return validate(tables, years, TODAY)


@pytest.fixture(scope="module")
def outages(tables, studies):
    return {each.check.id: each for each in check_outages(tables.outages, studies)}


def facts_of(folder):
    """Facts that the tables of a folder of the data name, with the row that names them."""
    for path in sorted((DATA / folder).glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if path.name not in EVIDENCE:
                    for fact in filter(None, row.get("fact", "").split(";")):
                        yield fact, f"{path.name} {row.get('id') or row.get('link')}", row


def test_every_row_that_counts_happened_and_nothing_was_made_from_it(found):
    assert len(found.compared) >= 50
    for row in found.compared:
        assert counts_as_observed(row.observation, TODAY)
    counted = {fact for row in found.compared for fact in row.observation.fact}
    named = [*facts_of("planning"), *facts_of("network"), *facts_of("tariffs")]
    named += [each for each in facts_of("demand") if not each[2]["id"].startswith("OBS-")]
    assert [(fact, where) for fact, where, _ in named if fact in counted] == []


def test_no_limit_is_a_plan_of_the_year_and_the_way_it_is_compared_with(found, tables):
    plans = {
        fact: row
        for row in tables.observations
        for fact in row.fact
        if row.tag in {Tag.PLAN, Tag.TARGET, Tag.FORECAST}
    }
    seen = 0
    for fact, where, limit in facts_of("planning"):
        plan = plans.get(fact)
        if plan is None or plan.period_from is None or "mt_per_y" not in limit:
            continue
        seen += 1
        for row in found.compared:
            year = row.observation.period_from.year
            holds = int(limit["first_year"]) <= year <= int(limit["last_year"] or year)
            same_way = set(map(str, plan.links)) & set(row.comparison.plus)
            assert not (holds and same_way and plan.period_from.year == year), (where, str(row))
    assert seen


def test_no_agreement_is_a_plan_of_its_own_year_and_way(tables):
    """So that any row of that year and way, shipped or not, may be compared with it."""
    plans = {
        fact: row
        for row in tables.observations
        for fact in row.fact
        if row.tag in {Tag.PLAN, Tag.TARGET, Tag.FORECAST} and row.period_from is not None
    }
    seen = set()
    for fact, where, limit in facts_of("planning"):
        plan = plans.get(fact)
        if plan is None or not limit.get("link") or "first_year" not in limit:
            continue
        seen.add(fact)
        own = limit["link"] in set(map(str, plan.links))
        holds = range(int(limit["first_year"]), int(limit["last_year"] or 2025) + 1)
        assert not (own and plan.period_from.year in holds), where
    assert {"energy_trade:E204", "energy_trade:E205"} <= seen


def test_the_large_routes_come_as_near_as_is_aimed_at(found):
    """The regression guard: what was within the aim stays within it."""
    near = {str(row.observation.id) for row in found.compared if row.is_near}
    routes = {
        "cpc": {"OBS-E057", "OBS-X003", "OBS-X004"},
        "aktau": {"OBS-X002", "OBS-F071"},
        "baku-ceyhan": {"OBS-E140", "OBS-E142", "OBS-E143", "OBS-E144", "OBS-E150", "OBS-E156"},
        "to the east": {"OBS-E118", "OBS-E122", "OBS-E123", "OBS-E124"},
        "by rail when CPC fails": {"OBS-X010"},
        "state lines": {"OBS-X005", "OBS-X006"},
        "by Russia and the idle line": {"OBS-E191", "OBS-E193", "OBS-E179"},
        "goods of the route": {"OBS-F414"},
        "Aktau": {"OBS-F070", "OBS-F075", "OBS-F077"},
        "Turkmenistan": {"OBS-F112"},
        "Baku-Tbilisi-Kars": {"OBS-F135"},
        "uranium": {"OBS-X011"},
        "wagons by Alat": {"OBS-O224"},
    }
    for name, rows in routes.items():
        assert rows <= near, (name, rows - near)


def test_ports_of_ferries_are_weighed_with_wagons_and_a_route_without(found):
    """Kuryk and Alat gross, the route net; a part of a whole that is in the plan counts no more."""
    plans = {str(row.observation.id): row.comparison.plan for row in found.compared}
    left = {str(row.observation.id): row.reason for row in found.left}

    assert {plans[name] for name in ("OBS-F070", "OBS-F095", "OBS-F112")} == {"gross"}
    assert {plans[name] for name in ("OBS-F414", "OBS-F126", "OBS-F072")} == {"cargo"}
    assert "demand of the plan" in left["OBS-F088"]
    rows = {str(row.observation.id): row for row in found.compared}
    # By Turkmenbashi: 1 Mt of urea in bulk, wagons and trucks of 2021, boxes of one feeder.
    assert 2200 < rows["OBS-F112"].planned_kt < 3500


def test_what_misses_says_what_the_plan_lacks(found):
    for row in found.compared:
        assert row.is_near or row.comparison.reason, str(row.observation.id)


def test_what_was_told_of_outages_stands_beside_the_plan(outages, studies):
    """Two days of tanks; Samara rises; about a hundredth shut in during the record month."""
    calm = studies[2022].usual.plan
    line = calm.problem.arcs.ids.index("RU-KROPOT--RU-CPCMT:pipeline")
    february = calm.flow[calm.problem.permissions.arc == line, 1].sum() / 28

    assert outages["OC-01"].planned == pytest.approx(357 / february)
    assert {name for name, each in outages.items() if each.is_near} >= {"OC-01", "OC-02", "OC-03"}
    assert 0 <= outages["OC-05"].planned < 150
    march = sum(amounts[2] for amounts in studies[2025].told.shut_in.values())
    assert outages["OC-05"].planned == pytest.approx(march)


def test_with_its_outages_a_year_lifts_what_was_published(studies):
    """Neither an outage of a field nor one of a way is lost twice: 0.3 % for both kinds of oil."""
    tables = read_oil_tables()
    off = {}
    for year, found in studies.items():
        was = oil_base(replace(tables, lost={}, shut_in=()), year).supply
        for kind in ("kazakh light", "kazakh blend"):
            did = sum(lifted_kt(stage, kind) for stage in found.stages)
            mt = sum(row.mt_per_y for row in was if row.commodity == kind)
            off[year, kind] = did / mt / 1000 - 1

    assert {key: error for key, error in off.items() if abs(error) > 0.003} == {}
    assert {row.first_year for row in tables.shut_in} >= {2022, 2025}


def lifted_kt(stage, kind):
    problem = stage.plan.problem
    of = problem.supplies.commodity == problem.commodity_ids.index(kind)
    amount = problem.supplies.amount - stage.plan.shut_in
    return amount[of, : stage.periods].sum()


def test_an_outage_is_hidden_until_its_month(studies):
    """The first stage of 2022 is planned without March."""
    found = studies[2022]
    for name, amounts in found.without.leaves.items():
        assert found.told.leaves[name][:2].tolist() == amounts[:2].tolist()
    assert len(found.stages) > 4


def test_faults_of_the_comparisons_are_told(tmp_path):
    folder = tmp_path / "data"
    (folder / "planning").mkdir(parents=True)
    (folder / "demand").symlink_to(DATA / "demand")
    checks = "outage_checks.csv"
    (folder / "planning" / checks).write_bytes((DATA / "planning" / checks).read_bytes())
    lines = (DATA / "planning" / "comparisons.csv").read_text(encoding="utf-8").splitlines()
    header, first, *others = lines
    counting = next(each for each in others if ",yes," in each)
    others.remove(counting)
    name, plan, *_ = counting.split(",")
    last = others.pop().split(",")[0]
    others += [f"{last},wagons,yes,a,,,,OBS-NOT,why"]
    others += [f"{name},{plan},yes,,,,,,", "OBS-NONE,oil,no,,,,,,why", f"{others[0]}"]
    text = "\n".join((header, *others)) + "\n"
    (folder / "planning" / "comparisons.csv").write_text(text, encoding="utf-8")

    with pytest.raises(InvalidTables) as caught:
        FileObserved(folder).load()

    told = {(fault.column, fault.code) for fault in caught.value.faults}
    assert told == {
        (first.split(",")[0], "missing-row"),
        ("OBS-NONE", "unknown-row"),
        (others[0].split(",")[0], "duplicate-id"),
        (name, "missing-value"),
        (last, "unknown-row"),
    }


@pytest.fixture
def karvan(published, tables, capsys, tmp_path, now):
    class Tables:
        def load(self, folder=None):
            return published

    class Observed:
        def load(self):
            return tables

    wiring = Wiring(
        tables=Tables(),
        clock=lambda: now,
        folder=tmp_path,
        scenarios=ShippedScenarios(),
        observed=Observed(),
    )

    def run(*arguments):
        status = app.run(list(arguments), replace(wiring))
        return status, capsys.readouterr().out

    return run


def test_the_command_tells_the_rows_and_how_many_are_near(karvan, found, studies, monkeypatch):
    monkeypatch.setattr(
        "karvan.services.planning.observed_years.plan_years", lambda *_: {}, raising=True
    )
    monkeypatch.setattr(
        "karvan.services.planning.observed_years.with_freight", lambda *_: {}, raising=True
    )
    monkeypatch.setattr("karvan.services.planning.validation.validate", lambda *_: found)
    winter = "karvan.services.planning.outage_checks.plan_winter"
    monkeypatch.setattr(winter, lambda *_: studies, raising=True)

    monkeypatch.setenv("COLUMNS", "200")
    _, told = karvan("validate", "--json")
    _, shown = karvan("validate", "--all")

    rows = json.loads(told)
    assert "tanks nearly full after a closure of two days" in " ".join(shown.split())
    assert {each["id"] for each in rows["outages"]} >= {"OC-01", "OC-06"}
    assert len(rows["rows"]) == len(found.compared)
    counts = [
        rows[kind][size]["rows"] for kind in ("oil", "freight") for size in ("large", "small")
    ]
    assert sum(counts) == len(found.compared)
    assert {row["observation"] for row in rows["rows"] if not row["near"]} == {
        str(row.observation.id) for row in found.compared if not row.is_near
    }
    assert f"{len(found.compared)} rows count" in shown
    assert "used by planning/oil_volumes.csv#VOL-KZ-REF-2022" in " ".join(shown.split())
