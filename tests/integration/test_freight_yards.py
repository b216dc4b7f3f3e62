"""The yards of the shipped corridor: what waits when a port is closed, and what does not."""

from collections import defaultdict
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from karvan.adapters.files.freight_tables import read_freight
from karvan.adapters.files.scenarios import FileScenarios
from karvan.services.planning.freight import freight_in
from karvan.services.planning.freight_yards import YARD
from karvan.services.planning.oil import oil_problem
from karvan.services.planning.periods import periods_of
from karvan.services.planning.scenario import Event
from karvan.services.planning.study import study

SCENARIOS = FileScenarios()
BOXES = "KZ-AKT, containers and empties, yard"


@pytest.fixture(scope="module")
def asked():
    """May to July of 2024; Alat is closed in June, and nobody knows before."""
    calm = SCENARIOS.parse(
        {
            "title": "a port closed",
            "base": "oil-2024",
            "first_month": "2024-05",
            "months": 3,
            "parts": ["freight"],
        }
    )
    closed = Event(
        id="closed",
        asset="AZ-ALT",
        first_day=date(2024, 6, 1),
        last_day=date(2024, 6, 30),
        share_lost=1.0,
        cause="storm",
        source="a test",
        expected_until=date(2024, 6, 30),
    )
    return replace(calm, event=(closed,))


@pytest.fixture(scope="module")
def found(published, asked):
    return study(published.network, asked)


def waits(problem, tank=None):
    """Rows of what waits in yards, in all or in one."""
    at = problem.stocks.tank
    return at >= 0 if tank is None else at == problem.tanks.ids.index(tank)


def test_every_yard_lies_where_its_goods_pass_and_is_named_as_ports_are(published, asked):
    problem = oil_problem(published.network, asked, events=())
    names = {str(place) for place in published.network.places}
    assert BOXES in problem.tanks.ids
    for yard in read_freight().yards:
        assert yard.place in names
        assert yard.low <= yard.room <= yard.high
        if yard.holds_on(date(2024, 5, 1)):
            name = f"{yard.place}, {' and '.join(sorted(yard.goods))}, {YARD}"
            assert waits(problem, name).any(), name
    kinds = {problem.commodity_ids[k] for k in problem.stocks.commodity[waits(problem)]}
    assert not any(kind.startswith("uranium") for kind in kinds)


def test_in_a_calm_summer_nothing_waits(found):
    usual = found.usual.plan

    asked_for = usual.problem.demands.price > 0
    assert usual.stock[waits(usual.problem)].max() < 1e-6
    assert usual.unserved[asked_for].max() < 1e-3


def test_while_a_port_is_closed_boxes_wait_before_it_and_come_later(found):
    """Yards fill up; one more tonne of room is worth something where no other yard has any."""
    _, struck = found.stages
    problem, plan = struck.plan.problem, struck.plan
    held = {name: plan.stock[waits(problem, name)].sum(axis=0) for name in problem.tanks.ids}
    room = dict(zip(problem.tanks.ids, problem.tanks.limit.tolist(), strict=True))

    assert held[BOXES][0] > 100
    assert held["AZ-ALT, containers and empties, yard"][0] > 100
    boxes = sum(amounts for name, amounts in held.items() if "containers" in name)
    assert boxes[1] < 0.2 * boxes[0]
    full = {limit.row.asset for limit in found.limits if limit.row.family == "tank room"}
    assert full
    for name in full:
        assert max(held[name]) == pytest.approx(room[name])


def test_a_closed_port_is_left_by_nothing_and_reached_by_train_alone(found):
    _, struck = found.stages
    problem, plan = struck.plan.problem, struck.plan
    port = problem.node_ids.index("AZ-ALT")
    into = defaultdict(float)
    for p, arc in enumerate(problem.permissions.arc):
        mode = problem.arcs.ids[arc].partition(":")[2].split(" ")[0]
        if problem.arcs.tail[arc] == port:
            assert plan.flow[p, 0] < 1e-6
        if problem.arcs.head[arc] == port:
            into[mode] += plan.flow[p, 0]
    assert into.pop("rail") > 100
    assert max(into.values()) < 1e-6


def test_no_unit_vanishes_while_it_waits(published, asked, found):
    """What is made comes, waits in a yard, or is counted as late: month by month and over a cut."""
    freight = freight_in(published.network, asked, periods_of(asked))
    for stage in found.stages:
        plan, problem = stage.plan, stage.plan.problem
        stocks, supplies, demands = problem.stocks, problem.supplies, problem.demands
        for k, name in enumerate(problem.commodity_ids):
            here = stocks.commodity == k
            made = (supplies.amount - plan.shut_in)[supplies.commodity == k].sum(axis=0)
            came = (demands.amount - plan.unserved)[demands.commodity == k].sum(axis=0)
            before = np.column_stack([stocks.initial, plan.stock[:, :-1]])
            put = (plan.stock - before)[here].sum(axis=0)
            moving = problem.permissions.commodity == k
            sent = moving[problem.under_way.permission]
            start = problem.under_way.all[sent].sum()
            put = put + np.diff(plan.under_way[moving].sum(axis=0), prepend=start)
            np.testing.assert_allclose(made, came + put, atol=1e-3, err_msg=name)
    assert set(freight.cargoes) == set(problem.commodity_ids)


def test_a_box_late_comes_to_where_it_was_asked_for_and_no_more_than_was_missing(found):
    _, struck = found.stages
    problem, plan = struck.plan.problem, struck.plan
    late = {
        (n, k): s
        for s, (n, k) in enumerate(
            zip(problem.stocks.node.tolist(), problem.stocks.commodity.tolist(), strict=True)
        )
        if problem.stocks.tank[s] < 0
    }
    came = 0.0
    for d, (n, k) in enumerate(
        zip(problem.demands.node.tolist(), problem.demands.commodity.tolist(), strict=True)
    ):
        if problem.demands.price[d] > 0:
            more = plan.stock[late[n, k]]
            assert (more <= np.cumsum(plan.unserved[d]) + 1e-3).all()
            came += float(more[-1])
    assert came > 1000
