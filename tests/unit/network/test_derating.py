"""Loads fall with the sea: through the published points, never upwards, never below nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.adapters.files.corridor_tables import shipped_data
from karvan.adapters.files.link_tables import read_link_entries
from karvan.domain.errors import InvalidInput
from karvan.network.derating import (
    derated_capacity,
    load_share,
    loss_t_per_cm,
    sea_level_m,
)
from karvan.network.link_attributes import DepartureUnit, Derating, SeaLevel

levels_m = st.floats(-60.0, 60.0)


def derating(**changed):
    row = {
        "id": "x",
        "subject": "KZ-AKT",
        "ship": "tanker",
        "quantity": DepartureUnit.T,
        "design": 12_000.0,
        "carried": 10_000.0,
        "low": 9_000.0,
        "high": 10_000.0,
        "full_level_m": -1.63,
        "at_level_m": -2.5,
        "source": ("own-knowledge",),
        "fact": (),
        "estimate": False,
        "note": "",
    }
    return Derating(**(row | changed))


@pytest.fixture(scope="module")
def shipped():
    tables, faults = read_link_entries(shipped_data() / "network")
    assert faults == ()
    return tables


@pytest.fixture(scope="module")
def deratings(shipped):
    return {entry.value.id: entry.value for entry in shipped.deratings}


@st.composite
def rows(draw):
    design = draw(st.floats(1.0, 1e5))
    full = draw(st.floats(-5.0, 5.0))
    return derating(
        design=design,
        carried=design * draw(st.floats(0.0, 1.0)),
        full_level_m=full,
        at_level_m=full - draw(st.floats(0.01, 10.0)),
    )


@given(rows(), levels_m)
def test_a_share_is_a_share(row, level_m):
    assert 0.0 <= load_share(row, level_m) <= 1.0


@given(rows(), levels_m, levels_m)
def test_a_lower_sea_never_carries_more(row, one, other):
    low, high = sorted((one, other))
    assert load_share(row, low) <= load_share(row, high)


@given(rows())
def test_the_curve_goes_through_its_two_points(row):
    assert load_share(row, row.full_level_m) == 1.0
    assert load_share(row, row.at_level_m) == pytest.approx(row.carried / row.design, abs=1e-9)


@given(rows(), rows(), levels_m)
def test_the_least_share_of_all_rows_counts(one, other, level_m):
    both = derated_capacity([one, other], "KZ-AKT", level_m)
    assert both == min(load_share(one, level_m), load_share(other, level_m))


@given(levels_m)
def test_where_nothing_is_known_nothing_is_lost(level_m):
    assert derated_capacity([derating()], "GE-POT", level_m) == 1.0


def test_one_unit_or_one_ship_can_be_asked_for():
    wagons = derating(quantity=DepartureUnit.WAGONS, carried=6_000.0, low=6_000.0, ship="ferry")
    both = [derating(), wagons]
    assert derated_capacity(both, "KZ-AKT", -2.5) == pytest.approx(0.5)
    tonnes = derated_capacity(both, "KZ-AKT", -2.5, quantity=DepartureUnit.T)
    assert tonnes == pytest.approx(10 / 12)
    assert derated_capacity(both, "KZ-AKT", -2.5, ship="ferry") == pytest.approx(0.5)


def test_the_tanker_of_aktau_carries_what_was_published(deratings):
    row = deratings["aktau-tanker-12000"]
    at_2025 = row.design * derated_capacity([row], "KZ-AKT", -2.5)
    assert at_2025 == pytest.approx(10_000)
    # The hydrostatics of the same ship: 0.87 m less draught at 23.06 t a centimetre.
    assert loss_t_per_cm(row) == pytest.approx(23.06, abs=0.005)
    fall_m = row.full_level_m - row.at_level_m
    assert round(fall_m, 2) == 0.87
    lost = row.design * (1 - load_share(row, row.full_level_m - 0.87))
    assert lost == pytest.approx(2_006, abs=1)


@pytest.mark.parametrize(
    ("row", "full", "left"),
    [
        ("aktau-tanker-6800", 6_800, 6_500),
        ("aktau-dry-6500", 6_500, 5_500),
        ("krw-alt-ropax-wagons", 56, 56 * 0.63),
        ("krw-alt-ropax-lanes", 825, 825 * 0.81),
        ("alt-krw-ropax-wagons", 56, 56 * 0.63),
        ("alt-krw-ropax-lanes", 825, 825 * 0.81),
    ],
)
def test_the_other_published_losses_are_met(deratings, row, full, left):
    one = deratings[row]
    assert full * derated_capacity([one], one.subject, -2.5) == pytest.approx(left)


def test_the_published_falls_of_the_caspian_are_met(shipped):
    levels = [entry.value for entry in shipped.sea_levels]

    def level(year):
        return sea_level_m(levels, "caspian", date(year, 7, 1))

    assert level(1995) - level(2025) == pytest.approx(2.5)
    assert level(1996) - level(2025) == pytest.approx(2.3)
    assert level(2015) - level(2025) == pytest.approx(1.5)
    assert level(2020) - level(2025) == pytest.approx(0.93)
    assert level(2025) - level(2026) == pytest.approx(0.25)


def level(day, metres):
    return SeaLevel(
        id=str(day),
        sea="caspian",
        datum="zero",
        day=day,
        level_m=metres,
        low_m=metres,
        high_m=metres,
        source=(),
        fact=(),
        estimate=True,
        note="",
    )


def test_between_two_days_the_level_is_on_the_line_and_beyond_it_stays():
    rows = [level(date(2021, 1, 1), -2.0), level(date(2020, 1, 1), -1.0)]
    assert sea_level_m(rows, "caspian", date(2020, 7, 2)) == pytest.approx(-1.5, abs=0.001)
    assert sea_level_m(rows, "caspian", date(2019, 1, 1)) == -1.0
    assert sea_level_m(rows, "caspian", date(2030, 1, 1)) == -2.0


def test_a_sea_nobody_measured_is_refused():
    with pytest.raises(InvalidInput):
        sea_level_m([], "aral", date(2020, 1, 1))
