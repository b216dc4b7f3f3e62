"""The shipped demand tables are right, say what the facts say, and tell every planted fault."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from importlib.resources import as_file, files

import pytest

import accounting
from karvan.adapters.files.demand_tables import check_demand, read_demand
from karvan.network.observations import Tag, counts_as_observed, parse_period

#: A unit told in words, and how the tables write it.
WRITTEN = {"per month": "calls/month"}


@pytest.fixture(scope="module")
def facts():
    return {":".join(fact): row for fact, row in accounting.read_facts().items()}


@pytest.fixture(scope="module")
def tables():
    found, faults = read_demand()
    assert faults == ()
    return found


@pytest.fixture
def folder(tmp_path):
    with as_file(files("karvan") / "data") as data:
        return shutil.copytree(data, tmp_path / "data")


def test_what_ships_has_no_fault(facts):
    assert check_demand(facts=facts) == ()


def number(text):
    return float(text) if text else None


def test_an_observation_says_what_its_fact_says(tables, facts):
    for entry in tables.observations:
        row = entry.value
        told = facts[row.fact[0]]
        assert len(row.fact) == 1
        assert row.id == "OBS-" + row.fact[0].partition(":")[2]
        assert (row.value, row.low, row.high) == (
            number(told["value"]),
            number(told["low"]),
            number(told["high"]),
        )
        assert row.unit == WRITTEN.get(told["unit"], told["unit"])
        assert (row.quantity, row.period) == (told["quantity"], told["period"])
        assert ";".join(row.source) == told["source"]
        period = parse_period(row.period)
        assert (row.period_from, row.period_to) == (period.first, period.last)


def test_demand_and_supply_say_what_their_fact_says(tables, facts):
    for entry in (*tables.demand, *tables.supply):
        row = entry.value
        told = facts[row.fact[0]]
        assert ";".join(row.source) == told["source"]
        assert row.unit == told["unit"]
        if "stands in the note" not in row.note:
            assert row.volume == number(told["value"])
            assert (row.low, row.high) == (number(told["low"]), number(told["high"]))
        else:
            assert f"{row.volume:g}" in told["note"].replace(" ", "")


def test_the_year_of_a_row_is_that_of_its_fact(tables, facts):
    for entry in (*tables.demand, *tables.supply):
        row = entry.value
        if "stands in the note" not in row.note:
            assert parse_period(facts[row.fact[0]]["period"]).first.year == row.year


def test_a_plan_is_never_told_as_something_that_happened(tables, facts):
    words = ("plan", "target", "forecast", "goal", "guidance", "capacity", "run rate", "idea")
    for entry in tables.observations:
        if entry.value.tag is Tag.OBSERVED:
            told = facts[entry.value.fact[0]]
            text = f"{told['quantity']} {told['period']}".lower()
            assert not any(word in text for word in words), text
            assert told["source"] not in ("own-knowledge", "unknown")


def test_nothing_of_the_future_counts_as_observed(tables):
    day = date(2023, 7, 1)
    counted = [e.value for e in tables.observations if counts_as_observed(e.value, day)]
    assert counted
    assert all(row.period_to < day and row.tag is Tag.OBSERVED for row in counted)


def test_what_a_table_uses_does_not_count_as_observed(tables):
    used = [entry.value for entry in tables.observations if entry.value.used_by]
    assert used
    assert not any(counts_as_observed(row, date(2100, 1, 1)) for row in used)


def test_no_fact_is_demand_and_observation_at_once(tables):
    apart = {entry.value.fact for entry in (*tables.demand, *tables.supply)}
    assert not apart & {entry.value.fact for entry in tables.observations}


def test_known_conflicts_are_told_on_both_sides(tables):
    told = {
        entry.value.fact[0].partition(":")[2]: {
            other.partition(":")[2] for other in entry.value.conflicts_with
        }
        for entry in tables.observations
    }
    for one, other in [("F126", "F127"), ("F422", "F414"), ("E148", "E149"), ("E466", "E467")]:
        assert other in told[one]
        assert one in told[other]
    assert "F420" in told["F421"]
    for entry in tables.observations:
        if entry.value.conflicts_with:
            assert entry.value.note, entry.value.id


def test_corrected_figures_stay_out(tables):
    corrected = {"E370", "E374", "F271", "E306", "F055", "E076", "F128", "E319"}
    rows = (*tables.demand, *tables.supply, *tables.observations)
    named = {part.partition(":")[2] for entry in rows for part in entry.value.fact}
    assert not corrected & named
    assert {"O433", "O434", "O435", "O436", "O437"} <= named


def test_fields_have_the_years_the_facts_have(tables):
    years = Counter(
        (entry.value.place, entry.value.year)
        for entry in tables.supply
        if entry.value.kind == "production" and entry.value.basis == "year"
    )
    for field in ("KZ-TEN", "KZ-KASHAG"):
        assert [year for place, year in sorted(years) if place == field] == [*range(2021, 2026)]
    assert [year for place, year in sorted(years) if place == "KZ-KARACH"] == [2021, 2022, 2023]
    assert max(years.values()) == 1


def plant(folder, table, old, new):
    path = folder / "demand" / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    row = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return row


@pytest.mark.parametrize(
    ("table", "old", "new", "column", "code"),
    [
        ("demand.csv", ",KZ-PAV,GE-POT,", ",KZ-PAX,GE-POT,", "origin", "unknown-place"),
        ("demand.csv", ",grain,", ",gravel,", "commodity", "unknown-commodity"),
        ("demand.csv", ",2023,1900000,", ",2023,nan,", "volume", "not-finite"),
        ("demand.csv", ",2023,1900000,", ",2023,-5,", "volume", "negative-volume"),
        ("demand.csv", ",2023,1900000,", ",MMXXIII,1900000,", "year", "not-an-integer"),
        ("demand.csv", ",TEU,", ",barrow,", "unit", "unknown-unit"),
        ("demand.csv", ",demand,year,", ",wish,year,", "kind", "not-in-list"),
        ("demand.csv", "freight:F437,", "freight:F999,", "fact", "unknown-fact"),
        ("demand.csv", "freight:F437,", "F437,", "fact", "malformed-fact"),
        ("supply.csv", ",KZ-TEN,", ",KZ-TAN,", "place", "unknown-place"),
        ("supply.csv", "SUP-E002,", "SUP-E001,", "id", "duplicate-id"),
        ("supply.csv", ",28.5,29.2,", ",29.5,29.2,", "low", "range-reversed"),
        ("supply.csv", ",own-knowledge,yes,", ",hearsay,yes,", "source", "unknown-source"),
        ("commodities.csv", ",7204,", ",72x4,", "hs", "malformed-hs"),
        (
            "commodities.csv",
            "alumina,Alumina,t,",
            "alumina,Alumina,stones,",
            "unit",
            "unknown-unit",
        ),
        ("observations.csv", ",AZ-ALT,", ",AZ-ALP,", "places", "unknown-place"),
        ("observations.csv", ":feeder,", ":raft,", "links", "unknown-link"),
        ("observations.csv", ",middle-aktau,", ",middle,", "route", "unknown-route"),
        ("observations.csv", ",observed,", ",seen,", "tag", "not-in-list"),
        ("observations.csv", "2023-12-31,", "2022-12-31,", "period_to", "dates-reversed"),
        ("observations.csv", "2023-12-31,", "2023-12-32,", "period_to", "not-a-date"),
        ("observations.csv", "freight:F008;", "freight:F998;", "conflicts_with", "unknown-fact"),
    ],
)
def test_a_planted_fault_is_found_where_it_stands(folder, facts, table, old, new, column, code):
    row = plant(folder, table, old, new)

    told = check_demand(folder, facts)

    places = {
        fault.row
        for fault in told
        if (fault.file, fault.column, fault.code) == (table, column, code)
    }
    assert places & {row, row + 1}, [str(fault) for fault in told]


def test_faults_of_several_tables_are_told_at_once(folder):
    plant(folder, "demand.csv", ",TEU,", ",barrow,")
    plant(folder, "supply.csv", ",KZ-TEN,", ",KZ-TAN,")
    (folder / "demand" / "commodities.csv").unlink()

    told = {(fault.file, fault.code) for fault in check_demand(folder)}

    assert ("demand.csv", "unknown-unit") in told
    assert ("supply.csv", "unknown-place") in told
    assert ("commodities.csv", "no-file") in told
