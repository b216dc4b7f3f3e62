"""What is under way when a plan of the shipped corridor begins and ends."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from karvan.adapters.files.scenarios import FileScenarios
from karvan.engines.planner.plan import plan
from karvan.services.planning.oil import oil_problem
from karvan.services.planning.scenario import Event, PeriodLength
from karvan.services.planning.study import study

SCENARIOS = FileScenarios()
TANKER = "KZ-AKT--AZ-SAN:tanker"


def by_days(scenario, count, first=date(2024, 6, 1), **more):
    return replace(scenario, period=PeriodLength.DAY, periods=count, first_day=first, **more)


@pytest.fixture(scope="module")
def days(published):
    """Twenty calm days of June 2024."""
    return study(published.network, by_days(SCENARIOS.read("base-2024"), 20))


def travel(found, way):
    problem = found.stages[-1].plan.problem
    return problem.arcs.travel_d[problem.arcs.ids.index(way)]


def test_a_tanker_takes_its_sailing_and_half_its_hours_in_port_and_a_pipeline_no_time(days):
    problem = days.stages[0].plan.problem
    times = dict(zip(problem.arcs.ids, problem.arcs.travel_d, strict=True))

    assert 1 < times[TANKER] < 5
    assert all(each == 0 for way, each in times.items() if way.endswith("pipeline"))
    assert all(each > 0 for way, each in times.items() if way.endswith(("rail", "tanker")))


def test_tankers_of_the_last_day_serve_nobody_in_this_plan_but_sail_and_are_told(days):
    """Which of two that are equally good may differ at the end; that as much sails does not."""
    mine = [way for way in days.told.leaves if way.startswith("KZ-AKT--") and "tanker" in way]
    leaves = sum(days.told.leaves[way] for way in mine)
    under_way = sum(days.told.under_way[way][-1] for way in mine)
    times = [travel(days, way) for way in mine]

    assert leaves[-1] == pytest.approx(leaves[5], rel=0.05)
    assert leaves[-1] > 5
    assert min(times) * leaves[5] < under_way < max(times) * 1.05 * leaves[5]


def test_a_calm_month_goes_on_to_its_end_as_it_began(published):
    """Nothing is shut in, and what is under way at the end is what was at the start."""
    problem = oil_problem(published.network, SCENARIOS.read("base-2024"), events=())

    found = plan(problem)
    a_day = found.under_way.sum(axis=0)

    assert found.shut_in.sum() == pytest.approx(0, abs=1e-6)
    assert a_day == pytest.approx(problem.under_way.all.sum(), rel=0.1)
    assert found.cost == pytest.approx(
        plan(
            oil_problem(published.network, SCENARIOS.read("base-2024"), events=(), at_once=True)
        ).cost,
        rel=2e-3,
    )


def test_three_days_without_a_port_are_felt_across_the_sea_after_the_way_there(published, days):
    closed = Event(
        id="closed",
        asset="KZ-AKT",
        first_day=date(2024, 6, 8),
        last_day=date(2024, 6, 10),
        share_lost=1.0,
        cause="what if",
        source="",
    )
    scenario = by_days(SCENARIOS.read("base-2024"), 20, event=(closed,))

    found = study(published.network, scenario)

    leaves, usual = found.told.leaves[TANKER], days.told.leaves[TANKER]
    assert leaves[:7] == pytest.approx(usual[:7], rel=1e-6)
    assert leaves[7:10] == pytest.approx(np.zeros(3), abs=1e-6)
    comes = came(found, TANKER)
    whole = int(np.ceil(travel(found, TANKER)))
    # Ships that had sailed come; the sea is empty once they have.
    assert comes[7] == pytest.approx(usual[7], rel=0.01)
    assert comes[6 + whole + 1] < 0.6 * usual[7]
    assert found.told.under_way[TANKER][9] < 0.4 * found.told.under_way[TANKER][6]


def came(found, way):
    """What arrives each day, from what leaves and what is under way."""
    under_way = found.told.under_way[way]
    return found.told.leaves[way] - np.diff(under_way, prepend=under_way[0])
