"""Months in which fields lift at another rate, by hand."""

import pytest

from karvan.adapters.files.oil_tables import read_oil_tables
from karvan.services.planning.base import oil_base
from karvan.services.planning.oil_months import MonthRate, of_months

JANUARY = MonthRate(
    place="FIELD", months=("2025-01",), mt_per_y=20.0, estimate=True, source="own knowledge"
)


def test_the_other_months_share_what_is_left():
    """40 Mt a year, half of the rate in 31 of 365 days: the others are 15.5 of 334 days above."""
    found = dict(of_months([JANUARY], [("FIELD", 40.0)], 2025))

    assert found["2025-01"] == 0.5
    assert found["2025-12"] == pytest.approx(1 + 15.5 / 334)
    assert of_months([JANUARY], [("FIELD", 40.0)], 2024) == ()


def test_the_nearest_place_with_a_row_says_it():
    country = MonthRate(
        place="KZ", months=("2025-02",), mt_per_y=90.0, estimate=True, source="own knowledge"
    )
    rates = [country, JANUARY]

    both = dict(of_months(rates, [("FIELD", 40.0), ("KZ", 100.0)], 2025))
    other = dict(of_months(rates, [("OTHER", 10.0), ("KZ", 100.0)], 2025))

    assert both["2025-01"] == 0.5
    assert both["2025-02"] > 1
    assert other["2025-02"] == 0.9


def test_what_the_country_told_of_ten_months_of_2024_is_what_its_fields_lift_in_them():
    """73.5 of 87.6 Mt in 305 of 366 days, of every field alike."""
    for row in oil_base(read_oil_tables(), 2024).supply:
        if row.by_month:
            months = dict(row.by_month)
            assert months["2024-10"] == pytest.approx(73.5 / 305 / (87.6 / 366), rel=1e-3)
