"""Cargo that waits for a ship, worked out by hand: what a yard holds goes later, no more."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.engines.planner.plan import plan
from karvan.network.links import Mode
from karvan.services.planning import lateness
from karvan.services.planning.assembly import assemble
from karvan.services.planning.foresight import costs_by_period
from karvan.services.planning.freight import Cargo
from karvan.services.planning.freight_base import FreightYard, Good
from karvan.services.planning.freight_yards import Moved, held_kusd, waiting
from karvan.services.planning.lateness import served
from karvan.services.planning.parts import Carried, Commodity, Part, Volume, Way
from karvan.services.planning.periods import Periods
from karvan.services.planning.stages import Stage

MONTHS = Periods.months(date(2023, 1, 1), 3)
BOXES = Good(
    id="containers",
    unit="TEU",
    t_per_unit=10.0,
    low=8.0,
    high=13.0,
    wagons=0.5,
    trucks=0.0,
    trains=0.0,
    unserved_usd=20_000.0,
    day_usd=60.0,
    modes=(Mode.RAIL, Mode.FEEDER),
    hazard_class="",
    quote_unit="",
    quote_t=0.0,
    hs="",
)
CARGO = Cargo(
    id="boxes",
    kind="boxes",
    good=BOXES,
    origin="inland",
    avoids=frozenset(),
    day_usd=60.0,
    rows=(),
)
YARD = FreightYard(
    id="Y",
    place="port",
    goods=frozenset({"containers"}),
    room=50.0,
    unit="TEU",
    free_days=7.0,
    usd_d=3.0,
)


def way(name, tail, head, mode, a_month, cost):
    return Way(
        id=name,
        tail=tail,
        head=head,
        mode=mode,
        per_day=tuple(np.array(a_month) / MONTHS.days),
        unit="TEU",
        carries=(Carried(commodity="boxes", cost=cost),),
    )


def planned(ship, *, yard=YARD, before=None, price=20.0):
    """100 TEU a month by train to the port, and by a ship of so many a month to the market."""
    ways = (
        way("train", "inland", "port", "rail", [1000.0] * 3, 1.0),
        way("ship", "port", "market", "feeder", ship, 0.5),
    )
    monthly = (100.0,) * 3
    supplies = (Volume(id="s", place="inland", commodity="boxes", amount=monthly, price=0.0),)
    demands = (Volume(id="d", place="market", commodity="boxes", amount=monthly, price=price),)
    moved = Moved(
        cargoes={"boxes": CARGO}, ways=ways, supplies=supplies, demands=demands, returns={}
    )
    waits = waiting([yard], MONTHS, moved, before or {})
    part = Part(
        name="freight",
        commodities=(Commodity(id="boxes", unit="TEU"),),
        ways=ways,
        supplies=supplies,
        demands=demands,
        tanks=waits.tanks,
        stocks=waits.stocks,
    )
    return plan(assemble([part], MONTHS, currency="1000 USD"))


def held(found, place):
    node = found.problem.node_ids.index(place)
    return found.stock[found.problem.stocks.node == node].sum(axis=0).round(6).tolist()


def test_what_a_yard_holds_while_no_ship_sails_goes_afterwards_and_the_rest_stays():
    """No ship in January: 50 wait, 50 never leave; February's ship takes its own and those 50.

    By hand: 250 by train at 1, 250 by ship at 0.5; 50 held over the end of January at
    30 x 0.06 + 23 x 0.003; 100 not served in January at 20, of which 50 come: they are given back
    20 less a day, and cost a hundred-thousandth of 20 at the end of February and of March.
    """
    found = planned([0.0, 200.0, 200.0])

    assert held(found, "port") == [50.0, 0.0, 0.0]
    assert held(found, "market") == [0.0, 50.0, 50.0]
    assert found.unserved.round(6).tolist() == [[100.0, 0.0, 0.0]]
    hold = 50 * (30 * 0.06 + 23 * 0.003)
    back = 50 * (20 - 0.06)
    assert found.cost == pytest.approx(250 * 1.5 + hold + 100 * 20 - back + 50 * 2 * 20e-5)
    room = [price for price in found.shadow_prices() if price.row.family == "tank room"]
    assert [(str(p.row.asset), p.row.unit, p.row.period) for p in room] == [
        ("port, containers, yard", "TEU", "2023-01")
    ]
    # One more TEU of room saves 20 less a day, what it costs to come and to wait.
    assert -room[0].value == pytest.approx(20 - 0.06 - 2e-5 * 20 - 1.5 - hold / 50)


def test_where_ships_have_room_nothing_waits():
    found = planned([100.0, 100.0, 100.0])

    assert not found.stock.any()
    assert found.cost == pytest.approx(300 * 1.5)


def test_what_is_left_at_the_end_neither_counts_as_lost_nor_is_rushed():
    """No ship in March: 50 wait, worth 20 less twice the ship and a day; 50 are lost."""
    found = planned([100.0, 100.0, 0.0])

    assert held(found, "port") == [0.0, 0.0, 50.0]
    wait = 30 * 0.06 + 23 * 0.003
    lost = 100 * 20 - 50 * (20 - 2 * 0.5 - 0.06)
    assert found.cost == pytest.approx(200 * 1.5 + 50 * (1.0 + wait) + lost)


def test_what_waits_when_the_study_goes_on_is_still_there():
    """40 in the yard are taken by the ship, 30 that came late stay counted."""
    before = {("port", "boxes"): 40.0, ("market", "boxes"): 30.0}

    found = planned([200.0, 200.0, 200.0], before=before)

    assert held(found, "market") == [70.0, 70.0, 70.0]
    assert held(found, "port") == [0.0, 0.0, 0.0]


def test_waiting_costs_the_days_of_a_mean_period_and_the_tariff_beyond_the_free_ones():
    assert held_kusd(YARD, 60.0, MONTHS) == pytest.approx((30 * 60 + 23 * 3) / 1000)
    long = Periods.months(date(2023, 1, 1), 1)
    free = FreightYard(
        id="Y", place="port", goods=YARD.goods, room=1.0, unit="TEU", free_days=60.0, usd_d=3.0
    )
    assert held_kusd(free, 60.0, long) == pytest.approx(31 * 60 / 1000)


def told(found):
    """Served of the one demand, and the cost of each month."""
    stages = [Stage(plan=found, periods=3)]
    return served(stages)["d"], costs_by_period(found)


def test_what_comes_later_is_told_of_the_month_it_was_asked_for():
    """50 of January come in February, 50 never; what came late is credited when it comes."""
    found, costs = told(planned([0.0, 200.0, 200.0]))

    assert found.came.round(6).tolist() == [0.0, 150.0, 100.0]
    assert found.late.round(6).tolist() == [50.0, 0.0, 0.0]
    assert found.unserved.round(6).tolist() == [50.0, 0.0, 0.0]
    assert not found.waits.any()
    assert costs.sum() == pytest.approx(planned([0.0, 200.0, 200.0]).cost)
    assert costs[2] == pytest.approx(100 * 1.5 + 50 * 20e-5)


def test_what_waits_at_the_end_is_not_told_as_lost():
    found, _ = told(planned([100.0, 100.0, 0.0]))

    assert found.waits.round(6).tolist() == [0.0, 0.0, 50.0]
    assert found.unserved.round(6).tolist() == [0.0, 0.0, 50.0]


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6),
    st.integers(0, 20),
)
def test_all_that_is_asked_for_is_told_once(amounts, waiting):
    """On time, late, waiting or not served: each 0 or more, and together what was asked for."""
    asked, arrived = np.array(amounts, np.float64).T

    found = lateness._served(asked, arrived, float(waiting))

    on_time = np.minimum(asked, arrived)
    np.testing.assert_allclose(on_time + found.late + found.waits + found.unserved, asked)
    assert min(found.late.min(), found.waits.min(), found.unserved.min()) >= 0
    beyond = np.maximum(0.0, arrived - asked).sum()
    assert found.late.sum() == min(beyond, np.maximum(0.0, asked - arrived).sum())
