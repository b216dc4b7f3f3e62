"""A plan beside an observation, by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from karvan.domain.errors import InvalidInput
from karvan.network.demand import CommodityId
from karvan.network.observations import Observation, ObservationId, Tag
from karvan.services.planning.validation import (
    Comparison,
    ObservedTables,
    Year,
    amount_kt,
    months_of,
    validate,
)

TODAY = date(2026, 1, 1)
MONTHS = tuple(f"2022-{month:02d}" for month in range(1, 13))
YEAR = Year(
    year=2022,
    months=MONTHS,
    flows={
        ("pipe", "kazakh light"): np.full(12, 100.0),
        ("pipe", "kazakh blend"): np.arange(12.0),
        ("pipe", "russian"): np.full(12, 7.0),
        ("ship", "kazakh light"): np.full(12, 10.0),
    },
)


def seen(**fields):
    return Observation(
        **{
            "id": ObservationId("OBS-1"),
            "subject": "pipe",
            "places": (),
            "links": (),
            "services": (),
            "route": "",
            "commodity": CommodityId("crude_oil"),
            "quantity": "oil",
            "value": 1.32,
            "unit": "Mt",
            "low": None,
            "high": None,
            "period": "2022",
            "period_from": date(2022, 1, 1),
            "period_to": date(2022, 12, 31),
            "tag": Tag.OBSERVED,
            "conflicts_with": (),
            "used_by": (),
            "fact": ("energy_trade:E1",),
            "source": ("a",),
            "estimate": False,
            "note": "",
            **fields,
        }
    )


def line(**fields):
    return Comparison(
        **{
            "observation": "OBS-1",
            "plan": "oil",
            "counts": True,
            "plus": ("pipe",),
            "minus": (),
            "commodity": "kazakh",
            "bbl_per_t": None,
            "reason": "",
            **fields,
        }
    )


def compare(row, how, today=TODAY):
    tables = ObservedTables(observations=(row,), comparisons=(how,))
    return validate(tables, {("oil", 2022): YEAR}, today)


def test_kinds_links_and_months_are_added_up():
    """1200 of light and 66 of blend are 1266 of 1320 kt: 4.1 % below, of a large route."""
    (row,) = compare(seen(), line()).compared
    (half,) = compare(
        seen(value=660, unit="kt", period_to=date(2022, 6, 30)),
        line(plus=("pipe", "ship"), minus=("ship",), commodity=""),
    ).compared

    assert (row.planned_kt, row.observed_kt) == (1266.0, pytest.approx(1320.0))
    assert row.error == pytest.approx(1266 / 1320 - 1)
    assert (row.is_large, row.aim, row.is_near) == (True, 0.10, True)
    assert half.planned_kt == 6 * 107 + 15


def test_a_part_that_the_plan_does_not_hold_is_taken_off_by_days():
    """73 kt of a year are 36.2 in 181 of its 365 days, and 181 kt of half a year are all of it."""
    half = {"period_to": date(2022, 6, 30), "value": 660, "unit": "kt"}
    part = seen(id=ObservationId("OBS-2"), value=73, unit="kt")
    tables = ObservedTables(observations=(seen(**half), part), comparisons=(line(less=("OBS-2",)),))

    (row,) = validate(tables, {("oil", 2022): YEAR}, TODAY).compared

    assert row.observed_kt == pytest.approx(660 - 73 * 181 / 365)


def test_what_is_counted_by_the_piece_is_large_by_what_it_brings():
    """30,000 wagons are above 1 Mt, 20,000 are not; 30,000 trucks are not either."""
    years = {(kind, 2022): YEAR for kind in ("wagons", "trucks")}

    def aim(kind, value):
        how = replace(line(), plan=kind)
        tables = ObservedTables(observations=(seen(value=value, unit=kind),), comparisons=(how,))
        (row,) = validate(tables, years, TODAY).compared
        return row.aim

    assert (aim("wagons", 30_000), aim("wagons", 20_000), aim("trucks", 30_000)) == (
        0.1,
        0.25,
        0.25,
    )


def test_a_small_route_has_more_room_and_a_year_is_what_counts():
    """500 kt in three months are 2 Mt a year; 500 kt in a year are a small route."""
    (quarter,) = compare(seen(value=0.5, period_to=date(2022, 3, 31)), line()).compared
    (year,) = compare(seen(value=0.5), line()).compared

    assert (quarter.aim, year.aim) == (0.10, 0.25)
    assert not year.is_near


@pytest.mark.parametrize(
    ("row", "how", "reason"),
    [
        (seen(used_by=("a.csv#1",)), line(), "used by a.csv#1"),
        (seen(tag=Tag.PLAN), line(), "it is tagged plan"),
        (seen(), line(counts=False, reason="two ships"), "two ships"),
        (seen(), line(plan="cargo"), "its plan was not made"),
    ],
)
def test_what_does_not_count_is_told_with_why(row, how, reason):
    found = compare(row, how)

    assert found.compared == ()
    assert [left.reason for left in found.left] == [reason]


def test_boxes_count_as_ten_tonnes_each():
    """150,000 TEU a year are 1.5 Mt: a large route; 50,000 are not."""
    year = replace(YEAR, flows={("pipe", "containers"): np.full(12, 10_000.0)})
    for teu, aim in ((150_000, 0.10), (50_000, 0.25)):
        tables = ObservedTables(
            observations=(seen(value=teu, unit="TEU"),),
            comparisons=(line(plan="boxes", commodity="containers"),),
        )
        (row,) = validate(tables, {("boxes", 2022): year}, TODAY).compared
        assert (row.planned_kt, row.aim) == (120_000, aim)


def test_a_period_has_to_be_over():
    assert compare(seen(), line(), date(2022, 12, 31)).compared == ()
    assert len(compare(seen(), line(), date(2023, 1, 1)).compared) == 1


def test_barrels_are_weighed_and_rates_are_no_amounts():
    assert amount_kt(seen(value=100, unit="Mbbl"), line(bbl_per_t=8.0)) == 12_500
    assert amount_kt(seen(value=25200, unit="TEU"), line()) == 25200
    for unit in ("Mt/y", "bbl", "days"):
        with pytest.raises(InvalidInput):
            amount_kt(seen(unit=unit), line())


def test_only_months_of_one_base_year_can_be_compared():
    assert months_of(seen(period_from=date(2022, 11, 1))) == ("2022-11", "2022-12")
    for fields in (
        {"period_to": None},
        {"period_from": date(2021, 1, 1)},
        {"period_from": date(2020, 1, 1), "period_to": date(2020, 12, 31)},
    ):
        with pytest.raises(InvalidInput):
            months_of(seen(**fields))
