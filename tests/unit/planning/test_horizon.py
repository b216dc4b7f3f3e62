"""Months put together to years, and years beside the months of an event."""

from dataclasses import replace

import numpy as np
import pytest

from karvan.engines.planner.problem import Contracts
from karvan.services.planning.horizon import Group, beside, grouped, grown, in_order
from planner_cases import problem_of, uses


@pytest.fixture
def months():
    made = problem_of(
        [
            ("pipe", "field", "market", [10, 20, np.inf], 0, {"travel": 9}),
            ("road", "field", "market", 5, 7),
        ],
        supply=[("field", [1, 2, 4], 9)],
        demand=[("market", 99, 0), ("field", 3, 50)],
        periods=3,
        days=[31.0, 28.0, 31.0],
        contracts=Contracts(
            ids=("all", "early"),
            unit=("t", "t"),
            first=np.array([0, 0]),
            last=np.array([2, 0]),
            least=np.zeros(2),
            price=np.zeros(2),
            most=np.array([90.0, 8.0]),
            uses=uses((0, 0, 1), (1, 1, 2)),
        ),
    )
    cost = made.permissions.cost.copy()
    cost[0] = [1, 2, 3]
    return replace(made, permissions=replace(made.permissions, cost=cost))


def test_amounts_add_up_and_costs_are_means_of_their_days(months):
    year = grouped(months, [Group(name="a", periods=(0, 1)), Group(name="b", periods=(2,))])

    assert year.period_ids == ("a", "b")
    assert year.period_days.tolist() == [59, 31]
    assert year.arcs.capacity.tolist() == [[30, np.inf], [10, 5]]
    assert year.arcs.travel_d.tolist() == [0, 0]
    assert year.supplies.amount.tolist() == [[3, 4]]
    assert year.permissions.cost[0].tolist() == pytest.approx([(31 * 1 + 28 * 2) / 59, 3])


def test_an_agreement_binds_a_group_by_its_share_of_the_days(months):
    year = grouped(months, [Group(name="a", periods=(0, 1)), Group(name="b", periods=(2,))])

    assert year.contracts.ids == ("all a", "early a", "all b")
    assert year.contracts.most.tolist() == pytest.approx([90 * 59 / 90, 8, 90 * 31 / 90])
    assert year.contracts.uses.per_unit.tolist() == [1, 2, 1]


def test_two_states_stand_beside_each_other_in_the_order_of_their_years(months):
    calm = grouped(months, [Group(name="a", periods=(0,)), Group(name="b", periods=(2,))])
    event = grouped(
        months, [Group(name="a event", periods=(1,)), Group(name="b event", periods=(2,))]
    )

    both = in_order(beside(calm, event), np.array([0, 2, 1, 3]))

    assert both.period_ids == ("a", "a event", "b", "b event")
    assert both.arcs.capacity[0].tolist() == [10, 20, np.inf, np.inf]
    for name, first in zip(both.contracts.ids, both.contracts.first, strict=True):
        assert name.endswith(f" {both.period_ids[first]}")


def test_what_refineries_ask_for_does_not_grow(months):
    more = grown(months, np.array([1.0, 2.0, 3.0]), fixed=("oil",))

    assert more.supplies.amount.tolist() == [[1, 4, 12]]
    assert more.demands.amount.tolist() == [[99, 198, 297], [3, 3, 3]]
    freight = grown(months, np.array([1.0, 2.0, 3.0]), fixed=())
    assert freight.demands.amount.tolist() == [[99, 198, 297], [3, 6, 9]]
