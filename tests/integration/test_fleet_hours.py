"""Hours of ships by hand: weather by month, and less load where the water has fallen."""

from datetime import date

import pytest

from karvan.adapters.files.freight_tables import read_freight
from karvan.services.planning.freight_limits import fleet_hours
from karvan.services.planning.oil_fleets import hours_of
from karvan.services.planning.periods import Periods
from karvan.services.planning.scenario import ShipFleet

#: Share of the days on which weather closes Aktau and Alat, by weather.csv.
AKTAU = {"jan": 0.18, "jul": 0.05}
ALAT = {"jan": 0.09, "jul": 0.04}


def tankers(mode="tanker", place="KZ-AKT"):
    return ShipFleet(
        id="three",
        place=place,
        mode=mode,
        ships=3,
        parcel_kt=10.0,
        port_hours=66,
        working_share=0.9,
        source="",
    )


def months(year):
    return Periods.months(date(year, 1, 1), 12)


def test_tankers_lose_the_days_on_which_aktau_is_closed(published):
    """In 2025 the parcel is told for the level of the sea: nothing but weather is lost."""
    hours = hours_of(published.network, tankers(), months(2025))

    # From the middle of the year on the water stands at -2.5 m, where a parcel is 10,000 t.
    assert hours[7] == pytest.approx(3 * 24 * 31 * 0.9 * (1 - 0.05), rel=0.01)
    of_days = [each / days for each, days in zip(hours, months(2025).days, strict=True)]
    assert of_days[10] / of_days[7] == pytest.approx((1 - 0.22) / (1 - 0.05), rel=0.03)


def test_tankers_carried_more_while_the_water_was_high(published):
    """12,000 t of 12,000 in 2019, 10,000 in the middle of 2025: six fifths."""
    before, after = (hours_of(published.network, tankers(), months(y)) for y in (2019, 2025))

    assert before[6] / after[6] == pytest.approx(12 / 10)
    # In 2022 the level is between that of 2020, -1.57 m, and that of 2025.
    level = -1.57 - 0.93 * (date(2022, 7, 1) - date(2020, 7, 1)).days / 1826
    load = 12 - 2 * (-1.6327 - level) / (2.5 - 1.6327)
    between = hours_of(published.network, tankers(), months(2022))
    assert between[6] / after[6] == pytest.approx(load / 10, rel=1e-3)


def test_wagons_know_neither_weather_nor_draught(published):
    hours = hours_of(published.network, tankers(mode="rail"), months(2024))

    assert hours[0] == pytest.approx(3 * 24 * 31 * 0.9)
    assert hours[0] == hours[6]


@pytest.fixture(scope="module")
def ferries():
    fleets = {each.id: each for each in read_freight().fleets}
    return fleets["kuryk-ferries"], fleets["krw-ferries"]


def test_ferries_lose_the_days_on_which_either_port_is_closed(published, ferries):
    kuryk, _ = ferries
    for month, number in (("jan", 1), ("jul", 7)):
        span = date(2024, number, 1), date(2024, number + 1, 1)
        open_share = (1 - AKTAU[month]) * (1 - ALAT[month])
        hours = fleet_hours(published.network, kuryk, *span)
        assert hours == pytest.approx(7 * 24 * 31 * 0.9 * open_share)


def test_the_ferries_of_turkmenbashi_carry_less_as_the_sea_falls(published, ferries):
    """In the middle of 2025 the Ro-Pax take 37 % less; they are 0.51 of the fleet."""
    _, krw = ferries
    high, low = (
        fleet_hours(published.network, krw, date(year, 7, 1), date(year, 8, 1))
        for year in (2019, 2025)
    )

    assert low / high == pytest.approx(1 - 0.51 * (1 - 35.28 / 56))
