"""Units, periods, what counts as observed, and every check of demand and observations."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.network.demand import (
    Basis,
    Commodity,
    CommodityId,
    DemandId,
    DemandKind,
    DemandRow,
    Dimension,
    SupplyRow,
    find_unit,
)
from karvan.network.demand_checks import DemandEntries, KnownNames, find_demand_errors
from karvan.network.entries import entries
from karvan.network.links import LinkId
from karvan.network.observations import (
    UNKNOWN,
    Observation,
    ObservationId,
    Period,
    Tag,
    counts_as_observed,
    parse_period,
)
from karvan.network.patterns import ServiceId

TODAY = date(2026, 11, 22)

DEMAND = DemandRow(
    id=DemandId("DEM-1"),
    origin="KZ",
    destination="AZ-ALT",
    commodity=CommodityId("grain"),
    year=2023,
    volume=100.0,
    unit="kt",
    low=90.0,
    high=110.0,
    kind=DemandKind.DEMAND,
    basis=Basis.YEAR,
    scope="",
    fact=("freight:F1",),
    source=("a.example",),
    estimate=False,
    note="",
)
SUPPLY = SupplyRow(
    id=DemandId("SUP-1"),
    place="KZ-TEN",
    commodity=CommodityId("crude_oil"),
    year=2023,
    volume=28.9,
    unit="Mt",
    low=None,
    high=None,
    kind=DemandKind.PRODUCTION,
    basis=Basis.YEAR,
    scope="",
    fact=("energy_trade:E1",),
    source=("a.example",),
    estimate=True,
    note="",
)
OBSERVATION = Observation(
    id=ObservationId("OBS-1"),
    subject="Alat",
    places=("AZ-ALT",),
    links=(LinkId("KZ-TEN--AZ-ALT:rail"),),
    services=(ServiceId("S1"),),
    route="middle",
    commodity=CommodityId("grain"),
    quantity="grain",
    value=5.0,
    unit="Mt",
    low=None,
    high=6.0,
    period="2023",
    period_from=date(2023, 1, 1),
    period_to=date(2023, 12, 31),
    tag=Tag.OBSERVED,
    conflicts_with=("freight:F1",),
    used_by=(),
    fact=("freight:F1",),
    source=("a.example",),
    estimate=False,
    note="",
)


def commodity(name, **cells):
    row = Commodity(
        id=CommodityId(name),
        name=name,
        unit="kt",
        hs=("1001", "3102-3105", "27"),
        hazard="",
        fact=(),
        source=("a.example",),
        note="",
    )
    return dataclasses.replace(row, **cells)


def found(demand=(DEMAND,), supply=(SUPPLY,), observations=(OBSERVATION,), more=()):
    """Give (file, column, code) of every fault."""
    known = KnownNames(
        places={"AZ-ALT", "KZ-TEN"},
        areas={"KZ", "EU"},
        links={"KZ-TEN--AZ-ALT:rail"},
        services={"S1"},
        routes={"middle"},
        sources={"a.example"},
        facts={"freight:F1", "energy_trade:E1"},
    )
    tables = DemandEntries(
        demand=entries(demand, "demand.csv"),
        supply=entries(supply, "supply.csv"),
        commodities=entries((commodity("grain"), commodity("crude_oil"), *more), "commodities.csv"),
        observations=entries(observations, "observations.csv"),
        known=known,
    )
    return [(fault.file, fault.column, fault.code) for fault in find_demand_errors(tables)]


def test_right_rows_have_no_fault():
    assert found() == []


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"origin": "KZ-NIL"}, "origin", "unknown-place"),
        ({"destination": "ZZ"}, "destination", "unknown-place"),
        ({"commodity": CommodityId("ice")}, "commodity", "unknown-commodity"),
        ({"unit": "furlongs"}, "unit", "unknown-unit"),
        ({"volume": -1.0, "low": None, "high": None}, "volume", "negative-volume"),
        ({"year": 20203}, "year", "out-of-range"),
        ({"low": 101.0}, "low", "range-reversed"),
        ({"high": 99.0}, "high", "range-reversed"),
        ({"source": ("b.example",)}, "source", "unknown-source"),
        ({"fact": ("freight:F2",)}, "fact", "unknown-fact"),
        ({"fact": ("F1",)}, "fact", "malformed-fact"),
    ],
)
def test_each_fault_of_a_demand_row_is_found(cells, column, code):
    bad = dataclasses.replace(DEMAND, **cells)
    assert found(demand=(bad,)) == [("demand.csv", column, code)]


def test_the_ends_of_demand_may_be_any_area_or_anywhere():
    rows = (
        dataclasses.replace(DEMAND, origin="*", destination="EU"),
        dataclasses.replace(DEMAND, id=DemandId("DEM-2"), destination="*"),
    )
    assert found(demand=rows) == []


def test_only_growth_may_be_negative():
    less = {"volume": -10.0, "unit": "%", "low": None, "high": None}
    assert found(demand=(dataclasses.replace(DEMAND, kind=DemandKind.GROWTH, **less),)) == []
    assert found(demand=(dataclasses.replace(DEMAND, **less),)) != []


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"place": "*"}, "place", "unknown-place"),
        ({"volume": -0.1}, "volume", "negative-volume"),
        ({"unit": "Mbox"}, "unit", "unknown-unit"),
        ({"low": 30.0}, "low", "range-reversed"),
    ],
)
def test_each_fault_of_a_supply_row_is_found(cells, column, code):
    bad = dataclasses.replace(SUPPLY, **cells)
    assert found(supply=(bad,)) == [("supply.csv", column, code)]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"places": ("AZ-NIL",)}, "places", "unknown-place"),
        ({"links": ("A--B:rail",)}, "links", "unknown-link"),
        ({"services": ("S2",)}, "services", "unknown-service"),
        ({"route": "silk"}, "route", "unknown-route"),
        ({"commodity": CommodityId("ice")}, "commodity", "unknown-commodity"),
        ({"unit": "boxes"}, "unit", "unknown-unit"),
        ({"high": 4.0}, "high", "range-reversed"),
        ({"period_to": date(2022, 12, 31)}, "period_to", "dates-reversed"),
        ({"conflicts_with": ("freight:F9",)}, "conflicts_with", "unknown-fact"),
        ({"source": ("b.example",)}, "source", "unknown-source"),
    ],
)
def test_each_fault_of_an_observation_is_found(cells, column, code):
    bad = dataclasses.replace(OBSERVATION, **cells)
    assert found(observations=(bad,)) == [("observations.csv", column, code)]


def test_an_observation_of_no_cargo_and_no_day_is_right():
    bare = dataclasses.replace(
        OBSERVATION, commodity=None, route="", period="", period_from=None, period_to=None
    )
    assert found(observations=(bare,)) == []


def test_an_id_may_stand_once():
    assert found(demand=(DEMAND, DEMAND)) == [("demand.csv", "id", "duplicate-id")]
    assert found(observations=(OBSERVATION, OBSERVATION))[0][2] == "duplicate-id"


def test_an_hs_code_has_two_four_or_six_digits():
    assert found(more=(commodity("x", hs=("123",)),)) == [("commodities.csv", "hs", "malformed-hs")]


def test_facts_are_checked_for_their_form_only_when_they_are_not_at_hand():
    row = dataclasses.replace(DEMAND, fact=("freight:F777",))
    known = KnownNames(
        places={"AZ-ALT"}, areas={"KZ"}, links=(), services=(), routes=(), sources={"a.example"}
    )
    tables = DemandEntries(
        demand=entries((row,), "demand.csv"),
        supply=(),
        commodities=entries((commodity("grain"),), "commodities.csv"),
        observations=(),
        known=known,
    )
    assert find_demand_errors(tables) == ()


def test_what_is_over_and_unused_counts_as_observed():
    assert counts_as_observed(OBSERVATION, TODAY)


@pytest.mark.parametrize("tag", [tag for tag in Tag if tag is not Tag.OBSERVED])
def test_no_plan_target_capacity_or_run_rate_counts(tag):
    assert not counts_as_observed(dataclasses.replace(OBSERVATION, tag=tag), TODAY)


@pytest.mark.parametrize(
    "cells",
    [
        {"used_by": ("network/services.csv#S1",)},
        {"period_to": None},
        {"period_to": TODAY},
        {"period_to": date(2027, 12, 31)},
    ],
)
def test_what_is_used_or_not_over_does_not_count(cells):
    assert not counts_as_observed(dataclasses.replace(OBSERVATION, **cells), TODAY)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("Jan-Oct 2022", "2022-01-01", "2022-10-31"),
        ("Apr 2023", "2023-04-01", "2023-04-30"),
        ("H1 2023", "2023-01-01", "2023-06-30"),
        ("2024 Q2", "2024-04-01", "2024-06-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2016-01-19", "2016-01-19", "2016-01-19"),
        ("2027 plan", "2027-01-01", "2027-12-31"),
        ("2027 plan of 2019", "2027-01-01", "2027-12-31"),
        ("2025-07 plan", "2025-07-01", "2025-07-31"),
        ("Oct 2017-May 2023", "2017-10-01", "2023-05-31"),
        ("Oct 2017-end 2019", "2017-10-01", "2019-12-31"),
        ("2024-01..2024-10", "2024-01-01", "2024-10-31"),
        ("2025-01..10", "2025-01-01", "2025-10-31"),
        ("2022-05-05..10", "2022-05-05", "2022-05-10"),
        ("2023-09-29..10-03", "2023-09-29", "2023-10-03"),
        ("2025-02 to 2025-12", "2025-02-01", "2025-12-31"),
        ("2001-11/2021", "2001-01-01", "2021-11-30"),
        ("2018-2021 (three years)", "2018-01-01", "2021-12-31"),
        ("2015, 2016", "2015-01-01", "2016-12-31"),
        ("2024 (August)", "2024-08-01", "2024-08-31"),
        ("2025 week 52", "2025-12-22", "2025-12-28"),
        ("season 2024/25", "2024-07-01", "2025-06-30"),
        ("spring 2022 run rate", "2022-03-01", "2022-05-31"),
        ("2022 H1 increment", "2022-01-01", "2022-06-30"),
        ("about 2014", "2014-01-01", "2014-12-31"),
        ("2024+", "2024-01-01", None),
        ("2023-07+", "2023-07-01", None),
        ("2025-05-26+", "2025-05-26", None),
        ("from 2028", "2028-01-01", None),
        ("2025 and after", "2025-01-01", None),
        ("to 2023", None, "2023-12-31"),
        ("before 2006", None, "2005-12-31"),
    ],
)
def test_words_become_days(text, first, last):
    def day(iso):
        return date.fromisoformat(iso) if iso else None

    assert parse_period(text) == Period(day(first), day(last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plan",
        "derived",
        "2020s",
        "November (year not stated)",
        "GLEC v3",
        "2024-13",
        "2023-02-31",
    ],
)
def test_words_without_a_year_become_no_days(text):
    assert parse_period(text) == UNKNOWN


@given(st.text(max_size=40))
def test_no_words_break_the_reader_or_turn_time_round(text):
    period = parse_period(text)
    assert period.first is None or period.last is None or period.first <= period.last


def test_units_know_what_they_measure():
    assert find_unit("Mt/y").per_year == 1
    assert find_unit("TEU/month").per_year == 12
    assert find_unit("kb/d").dimension is Dimension.VOLUME
    assert find_unit("train pairs/d").counts == "train pairs"
    assert find_unit("Mt").per_year is None
    assert find_unit("days").factor == 24
    assert find_unit("/y") is None
    assert find_unit("Mt/blink") is None
