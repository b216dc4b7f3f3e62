"""Wagons of the freight: their hours, who needs them, and what a shortage of them does."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from karvan.adapters.files.freight_tables import read_freight
from karvan.engines.planner.model import build
from karvan.engines.planner.plan import plan
from karvan.services.planning.assembly import assemble
from karvan.services.planning.freight import freight_of
from karvan.services.planning.outage_list import outages_of
from karvan.services.planning.periods import Periods

JANUARY = Periods.months(date(2024, 1, 1), 1)
POOL = "Platforms of Azerbaijan and Georgia"


@pytest.fixture(scope="module")
def base():
    return read_freight()


@pytest.fixture(scope="module")
def freight(published, base):
    return freight_of(published.network, base, JANUARY, year=2024)


@pytest.fixture(scope="module")
def problem(freight):
    return assemble([freight.part], JANUARY, currency="1000 USD")


def hours_of(found, name):
    """Hours that a plan takes of a fleet, added up entry by entry."""
    fleets = found.problem.fleets
    row = fleets.ids.index(name)
    entries = zip(fleets.uses.row, fleets.uses.permission, fleets.uses.per_unit, strict=True)
    return sum(each * found.flow[p, 0] for r, p, each in entries if r == row)


def test_a_wagon_spends_its_hours_on_the_way_the_border_and_the_way_back(freight, published):
    """Half a platform for a box, once out and half the way back without one."""
    network = published.network
    takes = {
        (each.way, each.commodity): each.per_unit
        for each in freight.part.takes
        if each.of == POOL and each.commodity.startswith("containers ")
    }
    crossings = 0
    for (way, commodity), per_unit in takes.items():
        chain = freight.chains[way]
        if chain.mode.value != "rail" or freight.cargoes[commodity].origin == chain.tail:
            continue
        if not all(1520 in link.gauges for link in chain.links):
            continue
        expected = 0.0
        for link in chain.links:
            ends = [network.places[place].country for place in (link.from_place, link.to_place)]
            expected += link.running_h
            if ends[0] != ends[1]:
                crossings += 1
                # border-exit and border-entry of the two countries by rail, by their tables.
                expected += border_h(network, *ends)
        assert per_unit == pytest.approx(0.5 * 1.5 * expected)
    assert crossings > 0


def border_h(network, left, entered):
    """The row of the country by rail, else that of every place by rail."""
    total = 0.0
    for activity, country in (("border-exit", left), ("border-entry", entered)):
        rows = [
            row
            for row in network.performance.rows
            if row.activity == activity
            and row.place == "*"
            and row.mode_from in {"*", "rail"}
            and row.mode_to in {"*", "rail"}
        ]
        own = [row for row in rows if row.country == country]
        total += (own or [row for row in rows if row.country == "*"])[0].value_h
    return total


def test_boxes_that_land_are_loaded_on_wagons_again_and_empties_need_none(freight):
    takes = defaultdict(set)
    for each in freight.part.takes:
        if each.of == POOL:
            takes[freight.chains[each.way].mode.value].add(each.commodity.split()[0])

    assert "containers" in takes["feeder"]
    assert {good for goods in takes.values() for good in goods} <= {"containers", "uranium"}
    landed = next(
        each
        for each in freight.part.takes
        if each.of == POOL and freight.chains[each.way].mode.value == "feeder"
    )
    assert landed.per_unit == pytest.approx(0.5 * 96)


def test_the_wagons_of_2024_bind_nowhere_and_a_tenth_of_them_hold_back_boxes(
    published, base, problem
):
    usual = plan(problem)
    few = tuple(
        replace(each, wagons=each.wagons / 10) if each.name == POOL else each
        for each in base.wagons
    )
    short = freight_of(published.network, replace(base, wagons=few), JANUARY, year=2024)
    found = plan(assemble([short.part], JANUARY, currency="1000 USD"))

    every = [fleet.name for fleet in base.wagons]
    assert not {each.row.asset for each in usual.shadow_prices()} & set(every)
    assert all(hours_of(usual, name) > 0 for name in every)
    # 700 platforms, nine of ten fit for work; a tenth of them, all month.
    most = 70 * 0.9 * 24 * 31
    assert hours_of(found, POOL) == pytest.approx(most)
    assert found.cost > usual.cost + 1
    (worth,) = [each for each in found.shadow_prices() if each.row.asset == POOL]
    assert (worth.row.family, worth.row.unit) == ("fleet hours", "h")
    assert worth.value < 0


def test_every_fleet_of_wagons_is_an_outage(problem, base):
    listed = {
        each.asset: each.case for each in outages_of(build(problem), {}) if each.kind == "fleet"
    }

    for fleet in base.wagons:
        np.testing.assert_array_equal(listed[fleet.name].upper, [0.0])
