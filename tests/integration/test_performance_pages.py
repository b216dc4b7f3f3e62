"""Each fitted time gives back what was published, and none is fitted to a whole way."""

import math

import pytest

import performance_facts as facts
import performance_pages
from karvan.adapters.files.cells import values
from karvan.adapters.files.corridor_tables import shipped_data
from karvan.adapters.files.service_tables import read_performance, read_weather
from karvan.network.activities import Z90, Z95, HoursKind
from karvan.network.performance import PerformanceRow

NETWORK = shipped_data() / "network"

#: The one time of a whole way that a row may name, as a reason for an assumption.
ARGUMENTS = {"F209"}


@pytest.fixture(scope="module")
def rows():
    found, faults = read_performance(NETWORK)
    assert faults == ()
    return values(found)


@pytest.fixture(scope="module")
def weather():
    found, faults = read_weather(NETWORK)
    assert faults == ()
    return values(found)


def named(row):
    return [fact for name in row.fact for fact in facts.span(name)]


def test_no_row_is_fitted_to_the_time_of_a_whole_way(rows, weather):
    for row in (*rows, *weather):
        for fact in named(row):
            assert fact.topic != "transit_plan", (row.id, fact.id)
            assert fact.id not in facts.WHOLE_WAYS - ARGUMENTS, (row.id, fact.id)


def test_a_whole_way_is_an_argument_only(rows):
    named_by = [(row, fact) for row in rows for fact in named(row) if fact.id in ARGUMENTS]
    for row, fact in named_by:
        assert facts.use(row, fact) == "argument"
        assert row.estimate


def test_the_whole_ways_are_those_of_the_facts():
    transit = {name for name in facts.WHOLE_WAYS if facts.get(name).topic == "transit_plan"}
    assert transit == {f"F{n}" for n in range(587, 596)}
    assert facts.WHOLE_WAYS > ARGUMENTS


def test_a_mean_is_the_mean_of_the_distribution_and_stands_in_the_fact(rows):
    means = [row for row in rows if row.basis == "mean"]
    assert means
    for row in means:
        assert row.duration.mean_h == pytest.approx(row.value_h)
        assert any(facts.use(row, fact) == "fixes the value" for fact in named(row)), row.id


def test_a_range_is_kept_as_a_ratio_and_its_median_exactly(rows):
    for row in (row for row in rows if row.basis == "median"):
        low, high = row.duration.quantile_h(-Z90), row.duration.quantile_h(Z90)
        assert row.duration.median_h == pytest.approx(row.value_h)
        assert high / low == pytest.approx(row.high_h / row.low_h)


def test_what_is_sourced_has_a_fact_that_fixes_it(rows):
    for row in rows:
        if not row.estimate:
            uses = {facts.use(row, fact) for fact in named(row)}
            assert "fixes the value" in uses, row.id


def test_weather_is_what_the_facts_say_month_by_month(weather):
    for row in weather:
        assert facts.months_met(row), row.id
        fact = facts.get(row.fact[-1])
        assert row.duration.median_h == pytest.approx(fact.value)
        assert row.duration.quantile_h(Z95) == pytest.approx(fact.high)


def test_every_row_stands_on_the_page(rows, weather):
    page = performance_pages.render()
    for row in (*rows, *weather):
        assert f"| {row.id} |" in page, row.id
    for fact in {fact.id for row in rows for fact in named(row)}:
        assert f"`{fact}`" in page
    assert f"| estimates | {sum(row.estimate for row in rows)} |" in page


def test_page_and_picture_are_up_to_date(capsys):
    assert performance_pages.main(["--check"]) == 0, capsys.readouterr().err


def row(**changed):
    told = {
        "id": "x",
        "activity": "stop",
        "place": "*",
        "country": "*",
        "mode_from": "*",
        "mode_to": "*",
        "kind": HoursKind.HANDLING,
        "basis": "median",
        "value_h": 55 / 60,
        "low_h": 0.5,
        "high_h": 3.0,
        "cv": None,
        "fact": (),
        "source": ("own-knowledge",),
        "estimate": True,
        "note": "",
    }
    names = set(PerformanceRow.__dataclass_fields__)
    if "as_of" in names:
        told["as_of"] = None
    return PerformanceRow(**({name: told[name] for name in names if name in told} | changed))


def test_a_figure_in_minutes_is_known_again():
    assert facts.use(row(), facts.get("F142")) == "fixes the value"
    assert facts.use(row(value_h=2.0, low_h=47 / 60), facts.get("F142")) == "equals an end"
    assert facts.use(row(value_h=2.0), facts.get("F142")) == "argument"


def test_facts_can_be_named_one_by_one_or_from_to():
    assert [fact.id for fact in facts.span("O366-O368")] == ["O366", "O367", "O368"]
    assert facts.get("freight:F337").value == 33.9
    with pytest.raises(KeyError):
        facts.get("F9999")


def test_the_share_of_long_closures_is_that_of_the_distribution(weather):
    for each in weather:
        assert facts.share_above(each.duration, each.duration.median_h) == pytest.approx(0.5)
        p95 = each.duration.quantile_h(Z95)
        assert facts.share_above(each.duration, p95) == pytest.approx(0.05, abs=1e-6)
        assert math.isclose(sum(each.closed_share) / 12, 0.1, abs_tol=0.1)
