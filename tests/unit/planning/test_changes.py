"""Events and changes on a problem small enough to work out by hand.

field --pipe 60--> port --ship 40--> sea --market        kt a day of ten days
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.engines.planner.plan import plan
from karvan.engines.planner.problem import Ramps
from karvan.network.derating import sea_level_m
from karvan.services.planning.assembly import assemble
from karvan.services.planning.changing import Setting, Ships, change_all
from karvan.services.planning.foresight import seen_in
from karvan.services.planning.laying import lay_events, touched
from karvan.services.planning.parts import (
    Carried,
    Commodity,
    Contract,
    Fleet,
    Joint,
    Part,
    Stock,
    Take,
    Tank,
    Volume,
    Way,
)
from karvan.services.planning.periods import Periods
from karvan.services.planning.scenario import Change, Event, Kind, RouteContract, What

PERIODS = Periods.of_days(date(2024, 1, 1), 2, length=10)
KINDS = ("oil", "tar")


def way(name, tail, head, per_day, cost):
    carries = tuple(Carried(commodity=kind, cost=cost) for kind in KINDS)
    return Way(
        id=name,
        tail=tail,
        head=head,
        mode="",
        per_day=(per_day,) * 2,
        unit="kt",
        carries=carries,
    )


def volume(place, kind, per_day, price):
    return Volume(
        id=f"{place} {kind}",
        place=place,
        commodity=kind,
        amount=(per_day * 10.0,) * 2,
        price=price,
    )


@pytest.fixture(scope="module")
def problem():
    part = Part(
        name="oil",
        commodities=tuple(Commodity(id=kind, unit="kt") for kind in KINDS),
        ways=(
            way("pipe", "field", "port", 60.0, 5.0),
            way("ship", "port", "sea", 40.0, 7.0),
            way("sea--market", "sea", "market", np.inf, 0.0),
        ),
        supplies=(volume("field", "oil", 30.0, 100.0), volume("field", "tar", 20.0, 100.0)),
        demands=(volume("market", "oil", 999.0, 0.0), volume("market", "tar", 999.0, 0.0)),
        tanks=(Tank(id="port", unit="kt", limit=50.0),),
        stocks=tuple(
            Stock(
                place="port",
                commodity=kind,
                limit=50.0,
                initial=0.0,
                cost=0.0,
                worth_at_end=0.0,
                tank="port",
            )
            for kind in KINDS
        ),
        joints=(Joint(id="berths", unit="kt", per_day=(35.0, 35.0)),),
        fleets=(Fleet(id="ships", hours=(4800.0, 4800.0)),),
        contracts=(Contract(id="cap", unit="kt", most=500.0),),
        takes=(
            Take(of="berths", way="ship", per_unit=1.0),
            Take(of="ships", way="ship", per_unit=12.0),
            Take(of="cap", way="ship", per_unit=1.0, commodity="tar"),
        ),
    )
    return assemble([part], PERIODS, currency="kUSD")


@pytest.fixture(scope="module")
def calm(problem):
    return plan(problem)


def event(asset, share=1.0, first=1, last=10, **more):
    return Event(
        id="E",
        asset=asset,
        first_day=date(2024, 1, first),
        last_day=date(2024, 1, last),
        share_lost=share,
        cause="",
        source="",
        **more,
    )


def change(kind, asset, what, value=None, unit="", **more):
    return Change(
        kind=Kind(kind), asset=asset, what=What(what), value=value, unit=unit, source="", **more
    )


def setting(published, periods=PERIODS, **more):
    return Setting(
        network=published.network,
        periods=periods,
        whole=PERIODS,
        fleets={"ships": Ships(ships=np.full(len(periods.days), 20.0))},
        **more,
    )


def test_a_place_that_is_closed_sends_nothing_and_its_tanks_still_fill(published, problem):
    laid = lay_events(problem, [event("port")], PERIODS, published.network)

    assert laid.arcs.capacity[:, 0].tolist() == [600.0, 0.0, np.inf]
    found = plan(laid)
    assert found.stock[:, 0].sum() == pytest.approx(50.0)
    assert found.flow[2:4].sum(axis=0).tolist() == pytest.approx([0.0, 350.0])


def test_a_place_without_tanks_takes_nothing_either(published, problem):
    laid = lay_events(problem, [event("sea", share=0.5, last=5)], PERIODS, published.network)

    # Half of the ship for five days of ten; a market without limit has none at a half either.
    assert laid.arcs.capacity[:, 0].tolist() == [600.0, 300.0, np.inf]
    assert (
        lay_events(problem, [event("sea")], PERIODS, published.network).arcs.capacity[2, 0] == 0.0
    )


def test_a_field_that_loses_output_ships_what_is_left_and_the_rest_is_shut_in(published, problem):
    found = plan(
        lay_events(problem, [event("field", 0.8, takes="output")], PERIODS, published.network)
    )

    assert found.shut_in[:, 0].tolist() == pytest.approx([240.0, 160.0])


def test_a_commodity_loses_a_way_and_the_other_keeps_it(published, problem):
    laid = lay_events(problem, [event("ship", 0.5, commodity="tar")], PERIODS, published.network)

    # The cap of 500 kt over 20 days is less than the 400 kt of the ship: 250 a period, and half.
    assert laid.contracts.most.tolist() == [500.0, 125.0]
    assert laid.contracts.first[1] == laid.contracts.last[1] == 0
    assert touched(problem, [event("ship", commodity="uranium")], published.network).any is False


@pytest.mark.parametrize("asset", ["berths", "ships"])
def test_ports_and_fleets_lose_as_ways_do(published, problem, asset):
    laid = lay_events(problem, [event(asset, 0.25)], PERIODS, published.network)

    amounts = laid.joints.capacity if asset == "berths" else laid.fleets.hours
    before = problem.joints.capacity if asset == "berths" else problem.fleets.hours
    assert amounts[0].tolist() == [0.75 * before[0, 0], before[0, 1]]


@pytest.mark.parametrize(
    ("made", "where", "row", "expected"),
    [
        (change("link", "ship", "close"), "arcs", 1, [0, 0]),
        (change("link", "ship", "set", 3.65, "Mt/y"), "arcs", 1, [100, 100]),
        (change("link", "ship", "add", -1000, "t/d"), "arcs", 1, [390, 390]),
        (change("link", "ship", "scale", 0.5, first_day=date(2024, 1, 6)), "arcs", 1, [300, 200]),
        (change("place", "sea", "close", last_day=date(2024, 1, 10)), "arcs", 2, [0, np.inf]),
        (change("terminal", "berths", "add", 1.0, "kt/d"), "joints", 0, [360, 360]),
        (change("fleet", "ships", "add", 2, "ships"), "hours", 0, [5280, 5280]),
        (change("fleet", "ships", "set", 5, "ships"), "hours", 0, [1200, 1200]),
        (change("supply", "field", "scale", 2, commodity="tar"), "supply", 1, [400, 400]),
        (change("demand", "market tar", "set", 3.65, "Mt/y"), "demand", 1, [100, 100]),
        (change("outlet", "sea", "close"), "arcs", 2, [0, 0]),
    ],
)
def test_a_change_is_what_its_sentence_says(published, problem, made, where, row, expected):
    changed = change_all(problem, [made], (), setting(published))

    amounts = {
        "arcs": changed.arcs.capacity,
        "joints": changed.joints.capacity,
        "hours": changed.fleets.hours,
        "supply": changed.supplies.amount,
        "demand": changed.demands.amount,
    }[where]
    assert amounts[row].tolist() == pytest.approx(expected)


def test_tanks_prices_and_caps_change_too(published, problem):
    changed = change_all(
        problem,
        [
            change("tank", "port", "add", 20_000, "t"),
            change("link", "ship", "price", 9.0, "USD/t", first_day=date(2024, 1, 11)),
            change("cap", "cap", "set", 7.3, "Mt/y", last_day=date(2024, 1, 10)),
        ],
        (),
        setting(published, used={"cap": 50.0}),
    )

    assert changed.tanks.limit.tolist() == [70.0]
    assert changed.stocks.limit.tolist() == [70.0, 70.0]
    assert changed.permissions.cost[2].tolist() == [7.0, 9.0]
    # Half the days at 400 kt of 20, half at the 500 + 50 that were agreed, less what was moved.
    assert changed.contracts.most.tolist() == pytest.approx([0.5 * 400 + 0.5 * 550 - 50])
    lifted = change_all(problem, [change("cap", "cap", "open")], (), setting(published))
    assert lifted.contracts.most.tolist() == [np.inf]


def test_a_contract_is_paid_for_where_it_is_not_kept(published, problem):
    contract = RouteContract(
        id="C", link="ship", commodity="tar", least_kt=450.0, short_usd_t=3.0, source=""
    )
    laid = change_all(problem, [], [contract], setting(published))

    found = plan(laid)

    assert found.flow[3].sum() == pytest.approx(400.0)
    assert found.short.tolist() == pytest.approx([0.0, 50.0])


def test_the_sea_takes_from_a_fleet_by_its_own_row_and_from_no_other(published, problem):
    """Aktau: 1.6327 m below the datum a tanker of 12 000 t is full, at 2.5 m it takes 10 000 t."""
    deratings = {row.id: row for row in published.network.link_attributes.deratings}
    ships = Ships(ships=np.full(2, 20.0), derating=deratings["aktau-tanker-12000"])
    fall = change("sea", "caspian", "add", -1.0, "m")

    of_tankers, of_others = (
        change_all(problem, [fall], (), each).fleets.hours / problem.fleets.hours
        for each in (replace(setting(published), fleets={"ships": ships}), setting(published))
    )

    day = PERIODS.first_days[0]
    level = sea_level_m(published.network.link_attributes.sea_levels, "caspian", day)
    load, lower = (12 - 2 * (-1.6327 - each) / 0.8673 for each in (level, level - 1))
    assert of_tankers[0, 0] == pytest.approx(lower / load)
    assert 0.7 < of_tankers[0, 0] < 0.8
    assert of_others.tolist() == np.ones_like(of_others).tolist()


def test_what_ran_before_runs_again_when_its_way_is_back_and_rises_slowly_else(published, problem):
    """30 a day by ship before, one a day more each period of ten days, of which some are lost."""
    slow = Ramps(arc=np.array([1]), rise=np.ones((1, 2)), before=np.array([30.0]))
    asked = replace(problem, ramps=slow)

    def rise(*events):
        return lay_events(asked, events, PERIODS, published.network).ramps.rise[0].tolist()

    for lost in ("ship", "berths", "ships", "sea"):
        assert rise(event(lost, first=1, last=10)) == [1, 31]
    assert rise(event("ship", first=1, last=15)) == [1, 16]
    assert rise(event("ship", first=6, last=20)) == [1, 1]
    assert rise(event("ship", share=0.4, first=1, last=10)) == pytest.approx([1, 13])
    assert rise(event("field", first=1, last=10), event("pipe", first=1, last=5)) == [1, 1]


DAYS = st.integers(1, 20)
EVENTS = st.lists(
    st.builds(
        lambda asset, share, first, length, more: event(
            asset, share, first, min(first + length, 20), **more
        ),
        st.sampled_from(["field", "port", "sea", "pipe", "ship", "berths", "ships", "nowhere"]),
        st.sampled_from([0.0, 0.3, 0.5, 1.0]),
        DAYS,
        st.integers(0, 12),
        st.sampled_from([{}, {"commodity": "tar"}, {"takes": "output"}]),
    ),
    max_size=4,
)


@settings(max_examples=40)
@given(events=EVENTS)
def test_more_events_never_give_room_and_never_lower_the_cost(published, problem, calm, events):
    laid = lay_events(problem, events, PERIODS, published.network)
    fewer = lay_events(problem, events[1:], PERIODS, published.network)

    assert (laid.arcs.capacity <= problem.arcs.capacity + 1e-9).all()
    assert (laid.fleets.hours <= problem.fleets.hours).all()
    cost, less = plan(laid).cost, plan(fewer).cost
    assert cost >= less - 1e-6
    assert less >= calm.cost - 1e-6


@settings(max_examples=60)
@given(
    first=st.integers(0, 40),
    lasts=st.integers(0, 60),
    expected=st.integers(1, 30),
    today=st.integers(1, 120),
)
def test_what_goes_on_is_thought_to_last_past_today_and_what_ended_has_ended(
    first, lasts, expected, today
):
    begin = date(2024, 1, 1)
    begun = begin + timedelta(days=first)
    one = replace(
        event("port"),
        first_day=begun,
        last_day=begun + timedelta(days=lasts),
        expected_until=begun + timedelta(days=expected - 1),
    )
    beyond = begin + timedelta(days=today)

    seen = seen_in([one], beyond)

    if begun >= beyond:
        assert seen == ()
    elif one.last_day < beyond:
        assert seen == (one,)
    else:
        length = (seen[0].last_day - begun).days + 1
        assert seen[0].last_day >= beyond - timedelta(days=1)
        assert length % expected == 0
        assert length - expected < today - first
