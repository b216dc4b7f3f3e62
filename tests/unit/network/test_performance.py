"""A row becomes a distribution by one rule, and the most specific row is used."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.errors import NetworkError
from karvan.network.activities import Z80, Z90, Z95, Duration
from karvan.network.performance import closure_duration
from miniature import performance, row

hours = st.floats(0.1, 500.0)


@given(hours, st.floats(0.05, 2.0))
def test_a_published_mean_is_the_mean_of_the_distribution(mean, cv):
    made = Duration.from_mean(mean, cv)

    assert made.mean_h == pytest.approx(mean)
    variance = made.mean_h**2 * (math.exp(made.sigma**2) - 1)
    assert math.sqrt(variance) / mean == pytest.approx(cv)


@given(hours, st.floats(1.01, 20.0))
def test_a_range_is_read_as_the_tenth_and_ninetieth_percentile(low, factor):
    made = Duration.from_range(low, low * factor)

    assert made.quantile_h(-Z90) == pytest.approx(low)
    assert made.quantile_h(Z90) == pytest.approx(low * factor)


@given(hours, st.floats(1.05, 10.0))
def test_a_closure_goes_through_its_median_and_its_95th_percentile(median, factor):
    made = closure_duration(median, median * factor)

    assert made.quantile_h(0.0) == pytest.approx(median)
    assert made.quantile_h(Z95) == pytest.approx(median * factor)


@given(hours, st.floats(0.0, 2.0))
def test_the_spread_is_the_way_from_the_median_to_the_80th_percentile(median, sigma):
    made = Duration(median_h=median, sigma=sigma)

    assert made.spread_h == pytest.approx(made.quantile_h(Z80) - median)
    assert made.spread_h >= 0


def test_place_goes_before_country_before_mode():
    table = performance(
        row("border-entry", 1),
        row("border-entry", 2, mode_from="rail"),
        row("border-entry", 3, country="KZ", mode_from="rail"),
        row("border-entry", 4, place="KZ-BRD"),
    )

    def found(**where):
        return table.get("border-entry", **where).value_h

    assert found(place="KZ-BRD", country="KZ", mode_from="rail") == 4
    assert found(place="KZ-PRT", country="KZ", mode_from="rail") == 3
    assert found(place="GE-END", country="GE", mode_from="rail") == 2
    assert found(place="GE-END", country="GE", mode_from="road") == 1


def test_a_missing_row_is_a_fault_of_the_tables():
    with pytest.raises(NetworkError) as caught:
        performance(row("stop")).get("gauge-change", place="KZ-BRD")
    assert caught.value.facts == {"activity": "gauge-change", "place": "KZ-BRD"}


@pytest.mark.parametrize("bad", [{"low_h": None}, {"low_h": 8.0}, {"value_h": None}])
def test_a_row_without_what_its_basis_needs_is_refused(bad):
    good = row("stop", 6.0)
    with pytest.raises(NetworkError):
        type(good)(**{f: getattr(good, f) for f in good.__slots__} | bad)
