"""Plans a dispatcher can check by hand."""

from textwrap import dedent

import numpy as np
import pytest

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.plan import plan
from karvan.engines.planner.problem import Contracts, Fleets, Joints, Minima, Ramps, Tanks
from karvan.engines.planner.routes import routes
from karvan.engines.planner.verification import residuals
from planner_cases import each_period, indices, problem_of, uses

CORRIDOR = [
    ("rail-kz", "Altynkol", "Aktau", 9000, 20, {"carrier": "KTZ", "country": "KZ"}),
    ("ferry", "Aktau", "Alat", 5000, 12, {"carrier": "KMTF", "country": ""}),
    ("rail-az", "Alat", "Gardabani", 8000, 9, {"carrier": "ADY", "country": "AZ"}),
    ("rail-ge", "Gardabani", "Poti", 8000, 7, {"carrier": "GR", "country": "GE"}),
    ("north", "Altynkol", "Poti", 2000, 70, {"carrier": "RZD", "country": "RU"}),
]  # id, from, to, capacity t, cost USD/t


def told(found):
    """Flows and what stays, a line each."""
    table, problem = found.flow_table(), found.problem
    lines = [
        f"{problem.period_ids[t]} {problem.arcs.ids[a]} {amount:g}"
        for a, t, amount in sorted(
            zip(table.link, table.period, table.amount, strict=True), key=lambda row: row[1]
        )
    ]
    for name, amounts, left in (
        ("shut in", problem.supplies, found.shut_in),
        ("left behind", problem.demands, found.unserved),
    ):
        lines += [
            f"{problem.period_ids[t]} {name} {amounts.ids[u].split()[1]} {left[u, t]:g}"
            for u, t in zip(*np.nonzero(left > 1e-9), strict=True)
        ]
    return "\n".join(lines) + f"\ncost {found.cost:.0f}\n"


def test_a_full_ferry_sends_the_rest_north():
    """The ferry fills first, then the dearer way round; only then is cargo left behind."""
    problem = problem_of(CORRIDOR, [("Altynkol", 8000, 0)], [("Poti", 8000, 500)])

    found = plan(problem)

    # By hand: 5000 x (20 + 12 + 9 + 7) + 2000 x 70 + 1000 x 500 = 880 000.
    assert told(found) == dedent("""\
        m1 rail-kz 5000
        m1 ferry 5000
        m1 rail-az 5000
        m1 rail-ge 5000
        m1 north 2000
        m1 shut in Altynkol 1000
        m1 left behind Poti 1000
        cost 880000
        """)
    # One more tonne by ferry saves 500 - 48, one more by the north 500 - 70.
    assert [(str(price.row), price.row.unit, price.value) for price in found.shadow_prices()] == [
        ("arc capacity ferry m1", "t", pytest.approx(-452)),
        ("arc capacity north m1", "t", pytest.approx(-430)),
    ]
    assert found.cost_by_carrier() == pytest.approx(
        {"ADY": 45_000, "GR": 35_000, "KMTF": 60_000, "KTZ": 100_000, "RZD": 140_000}
    )
    assert found.cost_by_country()["RU"] == pytest.approx(140_000)
    assert [(way.arcs, way.amount) for way in routes(found)] == [
        (("rail-kz", "ferry", "rail-az", "rail-ge"), pytest.approx(5000)),
        (("north",), pytest.approx(2000)),
    ]


def test_a_tank_takes_what_a_closed_terminal_cannot_load_and_is_emptied_afterwards():
    """The tank holds 40; what it cannot take in the closed month is shut in at the field."""
    problem = problem_of(
        [("line", "field", "port", 200, 1), ("ship", "port", "market", [100, 0, 130], 2)],
        [("field", 100, 300)],
        [("market", 130, 80)],
        periods=3,
        stocks=[("port", 40, 0, {"cost": 0.5})],
    )

    found = plan(problem)

    # Month 2: 40 to the tank, 60 shut in. Month 3: the ship takes 130, the tank keeps 10.
    # 230 are sold of 390 asked for.
    assert found.shut_in[0].tolist() == pytest.approx([0, 60, 0])
    assert found.stock[0].tolist() == pytest.approx([0, 40, 10])
    assert found.cost == pytest.approx(60 * 300 + 240 * 1 + 230 * 2 + 50 * 0.5 + 160 * 80)


def test_a_fleet_spends_its_hours_on_the_trips_that_are_worth_most():
    """Two runs compete for 600 hours: 120 h for 10 t on the long one, 60 h on the short one."""
    problem = problem_of(
        [("short", "port", "near", 999, 1), ("long", "port", "far", 999, 1)],
        [("port", 999, 0)],
        [("near", 50, 100), ("far", 50, 300)],
        fleets=Fleets(
            ids=("tankers",), hours=np.array([[600.0]]), uses=uses((0, 0, 6.0), (0, 1, 12.0))
        ),
    )

    found = plan(problem)

    # An hour on the long run serves 299 / 12 = 24.9, on the short one 99 / 6 = 16.5.
    assert found.flow[:, 0].tolist() == pytest.approx([0, 50])
    (price,) = [p for p in found.shadow_prices() if p.row.family == "fleet hours"]
    assert price.row.unit == "h"
    assert -25 < price.value < 0


def test_a_new_way_fills_slowly_after_a_sudden_stop():
    """Rail can take 10 t a day more each month; the pipe stops in month 2."""
    problem = problem_of(
        [("pipe", "field", "sea", [3000, 0, 0, 0], 1), ("rail", "field", "sea", 9000, 5)],
        [("field", 3000, 900)],
        [("sea", 9999, 0)],
        periods=4,
        ramps=Ramps(arc=indices([1]), rise=each_period([10], 4), before=np.array([0.0])),
    )

    found = plan(problem)

    # Rail starts in month 1 although the pipe is cheaper, for the plan foresees the stop.
    assert found.flow[1].tolist() == pytest.approx([300, 600, 900, 1200])
    assert found.shut_in[0].tolist() == pytest.approx([0, 2400, 2100, 1800])


def test_two_ways_that_are_arranged_together_fill_as_slowly_as_one():
    """Rail to two ports can take 10 t a day more each month in all, not to each of them."""
    problem = problem_of(
        [
            ("pipe", "field", "sea", [3000, 0, 0, 0], 1),
            ("rail", "field", "sea", 9000, 5),
            ("other", "field", "sea", 400, 4),
        ],
        [("field", 3000, 900)],
        [("sea", 9999, 0)],
        periods=4,
        ramps=Ramps(
            arc=indices([1]),
            rise=each_period([10], 4),
            before=np.array([0.0]),
            also=indices([2]),
            of=indices([0]),
        ),
    )

    found = plan(problem)

    assert (found.flow[1] + found.flow[2]).tolist() == pytest.approx([300, 600, 900, 1200])
    assert found.flow[2].tolist() == pytest.approx([300, 400, 400, 400])
    faster = found.flow.copy()
    faster[2, 0] += 90
    seen = residuals(
        problem,
        flow=faster.ravel().tolist(),
        stock=[],
        shut_in=found.shut_in.ravel().tolist(),
        unserved=found.unserved.ravel().tolist(),
        cost=found.cost,
    )
    assert seen.ramp > 0.1


@pytest.mark.parametrize(
    ("also", "of", "fault"),
    [
        ([1], [0], "ramps.also: an arc stands twice"),
        ([0], [1], "ramps.of: a number outside 0 to 0"),
        ([7], [0], "ramps.also: a number outside 0 to 2"),
        ([0], [0, 0], "ramps.of: shape (2,), expected (1,)"),
    ],
)
def test_ways_that_cannot_rise_together_are_refused(also, of, fault):
    ramps = Ramps(
        arc=indices([1]),
        rise=each_period([10], 1),
        before=np.array([0.0]),
        also=indices(also),
        of=indices(of),
    )
    ways = [(name, "field", "sea", 9, 1) for name in ("pipe", "rail", "other")]

    with pytest.raises(InvalidInput) as caught:
        plan(problem_of(ways, [("field", 3, 900)], [("sea", 9, 0)], ramps=ramps))

    assert fault in caught.value.facts["faults"]


def test_a_line_short_of_its_minimum_pays_and_a_contract_too():
    problem = problem_of(
        [("line", "field", "sea", 99, 1), ("other", "field", "sea", 99, 0)],
        [("field", 30, 500)],
        [("sea", 99, 0)],
        minima=Minima(arc=indices([0]), least=np.array([[20.0]]), price=np.array([4.0])),
        contracts=Contracts(
            ids=("offtake",),
            unit=("t",),
            first=indices([0]),
            last=indices([0]),
            least=np.array([25.0]),
            price=np.array([9.0]),
            most=np.array([np.inf]),
            uses=uses((0, 1, 1.0)),
        ),
    )

    found = plan(problem)

    # 25 go under the contract (a unit short costs 9), 5 by the line, which lacks 15 at 4.
    assert found.flow[:, 0].tolist() == pytest.approx([5, 25])
    assert found.below_minimum[0].tolist() == pytest.approx([15])
    assert found.cost == pytest.approx(5 * 1 + 15 * 4)


def test_a_cap_of_a_contract_holds_over_its_months_together():
    problem = problem_of(
        [("btc", "field", "sea", 99, 1), ("rail", "field", "sea", 99, 7)],
        [("field", 10, 500)],
        [("sea", 99, 0)],
        periods=3,
        contracts=Contracts(
            ids=("quality",),
            unit=("t",),
            first=indices([0]),
            last=indices([1]),
            least=np.zeros(1),
            price=np.zeros(1),
            most=np.array([12.0]),
            uses=uses((0, 0, 1.0)),
        ),
    )

    found = plan(problem)

    assert found.flow[0, :2].sum() == pytest.approx(12)
    assert found.flow[0, 2] == pytest.approx(10)
    (price,) = [p for p in found.shadow_prices() if p.row.family == "contract cap"]
    assert (str(price.row), price.value) == ("contract cap quality", pytest.approx(-6))


def test_a_terminal_counts_each_commodity_in_its_own_unit():
    """A berth has 24 hours; a tonne of grain takes 2 of them, a tonne of oil 1."""
    problem = problem_of(
        [
            ("oil", "a", "b", 99, 0, {"goods": ["oil"]}),
            ("dry", "a", "b", 99, 0, {"goods": ["grain"]}),
        ],
        [("a", 20, 0, "oil"), ("a", 20, 0, "grain")],
        [("b", 20, 10, "oil"), ("b", 20, 30, "grain")],
        goods=("oil", "grain"),
        joints=Joints(
            ids=("berth",),
            unit=("h",),
            capacity=np.array([[24.0]]),
            uses=uses((0, 0, 1), (0, 1, 2)),
        ),
    )

    found = plan(problem)

    # Grain is worth 15 an hour, oil 10: 12 t of grain and no oil.
    assert found.flow[:, 0].tolist() == pytest.approx([0, 12])


def test_tanks_shared_by_two_grades_are_full_together():
    problem = problem_of(
        [("way", "port", "sea", [0, 99], 0)],
        [("port", [30, 0], 10, "light"), ("port", [30, 0], 20, "heavy")],
        [("sea", 99, 0, "light"), ("sea", 99, 0, "heavy")],
        periods=2,
        goods=("light", "heavy"),
        stocks=[
            ("port", 99, 0, {"good": "light", "tank": 0}),
            ("port", 99, 0, {"good": "heavy", "tank": 0}),
        ],
        tanks=Tanks(ids=("farm",), unit=("t",), limit=np.array([40.0])),
    )

    found = plan(problem)

    assert found.stock[:, 0].tolist() == pytest.approx([10, 30])


def test_what_sails_in_one_period_arrives_in_a_later_one():
    problem = problem_of(
        [("ship", "a", "b", 99, 1, {"travel": 60})],
        [("a", [7, 7, 7, 7], 0)],
        [("b", [0, 0, 9, 9], 50)],
        periods=4,
    )

    found = plan(problem)

    # Without tanks at b each month is served by what left two months before.
    assert found.flow[0].tolist() == pytest.approx([7, 7, 0, 0])
    assert found.unserved[0].tolist() == pytest.approx([0, 0, 2, 2])
    (first, second) = routes(found)
    assert {(way.departures, way.destination) for way in (first, second)} == {
        (("m1",), "demand b oil"),
        (("m2",), "demand b oil"),
    }
