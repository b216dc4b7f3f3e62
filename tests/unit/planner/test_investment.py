"""Which projects are built: the best of all choices, and what each alone is worth."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investment_cases import asked_of, every_choice
from karvan.domain.errors import EngineError, InvalidInput
from karvan.engines.planner import investment_model
from karvan.engines.planner.frontier import frontier
from karvan.engines.planner.investment import choose, invest, prepare, worth_alone
from karvan.engines.planner.problem import Contracts, Fleets, Joints, Tanks
from planner_cases import each_period, problem_of, uses

YEARS = 3


def corridor(growth=(60, 80, 100)):
    """A pipe and a ship to the market, and a line that is not there yet; 100 t shut in costs."""
    return problem_of(
        [
            ("pipe", "field", "market", 30, 2),
            ("ship", "field", "market", 20, 5),
            ("line", "field", "market", 0, 1),
        ],
        supply=[("field", growth, 10)],
        demand=[("market", 999, 0)],
        periods=YEARS,
        joints=Joints(
            ids=("berths",),
            unit=("t",),
            capacity=each_period([20], YEARS),
            uses=uses((0, 1, 1)),
        ),
        fleets=Fleets(ids=("ships",), hours=each_period([40], YEARS), uses=uses((0, 1, 2))),
    )


def question(**more):
    return asked_of(
        corridor(),
        [
            ("small line", 100),
            ("large line", 300, {"building": 1, "running": 5}),
            ("berth", 20, {"building": 0}),
            ("tanker", 15, {"most": 2, "building": 0, "running": 2, "life": 2}),
        ],
        [
            ("small line", "arc capacity", "line", "t", 20),
            ("large line", "arc capacity", "line", "t", 60),
            ("berth", "joint capacity", "berths", "t", 30),
            ("berth", "arc capacity", "ship", "t", 30),
            ("tanker", "fleet hours", "ships", "h", 20),
        ],
        **{"exclusive": [("small line", "large line")], "needs": [("tanker", "berth")], **more},
    )


@pytest.fixture(scope="module")
def choices():
    return every_choice(question())


@pytest.mark.parametrize("budget", [np.inf, 340, 140, 60, 34, 0])
def test_the_choice_is_the_best_of_all_that_the_budget_allows(choices, budget):
    asked = question(budget=float(budget))

    found = invest(asked)

    starts = prepare(asked).starts
    allowed = {
        units: worth
        for units, worth in choices.items()
        if np.array(units) @ starts.spends.sum(axis=1) <= budget
    }
    assert len(allowed) == 1 if budget == 0 else len(allowed) > 1
    assert found.npv == pytest.approx(max(allowed.values()), abs=1e-6)
    assert found.proven
    assert found.npv_bound == pytest.approx(found.npv, abs=1e-5)
    assert found.spent <= budget


@settings(max_examples=12)
@given(st.data())
def test_the_choice_is_the_best_of_all_whatever_the_projects_cost(data):
    """Outlays, growth, groups, prerequisites, budgets and shares of states are drawn."""
    outlay = st.integers(0, 150)
    growth = [float(v) for v in data.draw(st.lists(st.integers(20, 120), min_size=3, max_size=3))]
    asked = asked_of(
        corridor(growth),
        [
            ("line", data.draw(outlay), {"building": data.draw(st.integers(0, 2))}),
            ("berth", data.draw(outlay), {"running": data.draw(st.integers(0, 20))}),
            ("tanker", data.draw(outlay), {"most": 2, "building": 0, "life": 1}),
        ],
        [
            ("line", "arc capacity", "line", "t", data.draw(st.integers(1, 60))),
            ("berth", "joint capacity", "berths", "t", 30),
            ("berth", "arc capacity", "ship", "t", 30),
            ("tanker", "fleet hours", "ships", "h", 25),
        ],
        steps=data.draw(st.sampled_from([[0, 1, 2], [0, 0, 1], [0, 1, 1]])),
        share=data.draw(st.sampled_from([[1, 1, 1], [0.7, 0.3, 1]])),
        needs=data.draw(st.sampled_from([[], [("tanker", "berth")]])),
        exclusive=data.draw(st.sampled_from([[], [("line", "berth")]])),
        budget=float(data.draw(st.integers(0, 400))),
    )
    if data.draw(st.booleans()):
        asked = replace(asked, budget_by_step=np.full(asked.horizon.steps, 90.0))

    found = invest(asked)

    assert found.npv == pytest.approx(max(every_choice(asked).values()), abs=1e-6)


def test_two_small_lines_by_hand():
    """At 0 % a line that saves 9 a tonne on 20 t from the second year is worth 360 less 100.

    Seven of its ten years are left at the end but two of them worked, so 80 of the 100 come back.
    """
    asked = asked_of(
        corridor(),
        [("line", 100)],
        [("line", "arc capacity", "line", "t", 20)],
        rate=0.0,
    )

    found = invest(asked)

    assert [(c.project, c.units, c.begins, c.works_from) for c in found.chosen] == [
        ("line", 1, "y1", "y2")
    ]
    assert found.saved_by_step.tolist() == pytest.approx([0.0, 180.0, 180.0])
    assert found.npv == pytest.approx(360 - 100 + 80)
    assert found.spent_by_step.tolist() == [100.0, 0.0, 0.0]


def test_a_frontier_holds_every_choice_that_no_other_beats(choices):
    prepared = prepare(question())
    outlay = prepared.starts.spends.sum(axis=1)

    points = list(frontier(prepared, unit=1.0, alike=1e-6))

    best = {}
    for units, worth in choices.items():
        spent = round(float(np.array(units) @ outlay), 6)
        best[spent] = max(worth, best.get(spent, -np.inf))
    expected, most = [], -np.inf
    for spent, worth in sorted(best.items()):
        if worth > most + 1e-6:
            expected.append((spent, pytest.approx(worth, abs=1e-6)))
            most = worth
    assert len(points) > 3
    assert [(point.spent, point.npv) for point in reversed(points)] == expected


def test_a_choice_that_is_worth_no_more_than_a_cheaper_one_is_no_point(monkeypatch):
    class Point:
        def __init__(self, spent, npv):
            self.spent, self.npv = spent, npv

    told = iter([Point(50, 10), Point(30, 10), Point(0, 0)])
    budgets = []

    def scripted(prepared, options, *, budget):
        budgets.append(budget)
        return next(told)

    monkeypatch.setattr("karvan.engines.planner.frontier.choose", scripted)

    points = list(frontier(prepare(question()), unit=1.0, alike=1e-6))

    assert [(point.spent, point.npv) for point in points] == [(30, 10), (0, 0)]
    assert budgets == [np.inf, 49, 29]


def test_what_needs_another_waits_until_that_works():
    """The line would pay from the first year; what it needs takes two years to build."""
    asked = asked_of(
        corridor(),
        [("line", 1, {"building": 0}), ("power", 1, {"building": 2})],
        [("line", "arc capacity", "line", "t", 20)],
        needs=[("line", "power")],
    )

    found = invest(asked)

    assert [(c.project, c.works_from) for c in found.chosen] == [("power", "y3"), ("line", "y3")]


def test_alone_a_project_is_worth_the_difference_of_two_plans():
    prepared = prepare(question())

    worth = worth_alone(prepared)

    # 30 t by pipe and 20 by ship leave 10, 30 and 50 t behind: a line of 20 t saves 10 less 1
    # on what was left, and 5 less 1 on what the ship carried.
    assert worth["small line"].tolist() == pytest.approx([10 * 9 + 10 * 4, 20 * 9, 20 * 9])
    assert worth["berth"].tolist() == [0, 0, 0]
    assert worth["tanker"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("room", [8.0, 99.0])
def test_tanks_that_are_built_hold_more_from_then_on(room):
    """What comes in the first two years can wait for the last, when the pipe takes it.

    Whether the tank is full or the one oil that waits in it has no more of its room.
    """
    asked = asked_of(
        problem_of(
            [("pipe", "field", "market", [0, 0, 50], 1)],
            supply=[("field", [10, 10, 0], 10)],
            demand=[("market", 999, 0)],
            periods=YEARS,
            stocks=[("field", 4, 0, {"tank": 0, "room": 2, "worth": -10})],
            tanks=Tanks(ids=("farm",), unit=("m3",), limit=np.array([room])),
        ),
        [("farm", 20, {"life": 1000000})],
        [("farm", "tank room", "farm", "m3", 12)],
        rate=0.0,
    )

    found = invest(asked)

    # From the second year 10 t fit instead of 4: six more are moved for 1 instead of shut in.
    assert found.operating_saving == pytest.approx(6 * 9)
    assert found.plan.stock[0, 0] <= 4 + 1e-6
    assert found.plan.stock[0, 1] == pytest.approx(10)


def test_alone_a_tank_holds_more_in_the_periods_in_which_it_adds():
    """Nothing more in the first year: of 4 t held and 10 made 6 go by pipe, and 8 can wait, not 4.

    In which of the years the 4 t stay in the ground without the farm is all the same.
    """
    asked = asked_of(
        problem_of(
            [("pipe", "field", "market", [0, 6, 50], 1)],
            supply=[("field", [10, 10, 0], 10)],
            demand=[("market", 999, 0)],
            periods=YEARS,
            stocks=[("field", 4, 0, {"tank": 0, "room": 2, "worth": -10})],
            tanks=Tanks(ids=("farm",), unit=("m3",), limit=np.array([8.0])),
        ),
        [("farm", 20)],
        [("farm", "tank room", "farm", "m3", 12)],
        rate=0.0,
    )
    adds = replace(asked.projects.adds, amount=np.array([[0.0, 12.0, 12.0]]))
    asked = replace(asked, projects=replace(asked.projects, adds=adds))

    assert worth_alone(prepare(asked))["farm"].sum() == pytest.approx(4 * (10 - 1))


def test_contracts_that_are_widened_allow_more():
    cap = Contracts(
        ids=("cap",),
        unit=("t",),
        first=np.array([2]),
        last=np.array([2]),
        least=np.zeros(1),
        price=np.zeros(1),
        most=np.array([5.0]),
        uses=uses((0, 0, 1)),
    )
    asked = asked_of(
        replace(corridor(), contracts=cap),
        [("treaty", 1, {"building": 0})],
        [("treaty", "contract cap", "cap", "t", 10)],
        rate=0.0,
    )

    assert worth_alone(prepare(asked))["treaty"].tolist() == pytest.approx([0, 0, 80])
    assert invest(asked).saved_by_step.tolist() == pytest.approx([0, 0, 80])


def test_what_an_agreement_over_years_lacks_is_paid_for_in_its_last():
    """At half the worth each year: 10 t of the 60 that three years should bring lack, at 8."""
    deal = Contracts(
        ids=("deal",),
        unit=("t",),
        first=np.array([0]),
        last=np.array([2]),
        least=np.array([60.0]),
        price=np.array([8.0]),
        most=np.array([np.inf]),
        uses=uses((0, 2, 1)),
    )
    asked = asked_of(
        replace(corridor(), contracts=deal),
        [("line", 0, {"building": 1, "life": 99})],
        [("line", "arc capacity", "line", "t", 25)],
    )
    asked = replace(asked, horizon=replace(asked.horizon, discount=np.array([1.0, 0.5, 0.25])))

    found = invest(asked)

    saved = [0.0, 25 * 9, 25 * 9 + 50 * 8]
    assert found.saved_by_step.tolist() == pytest.approx(saved)
    assert found.npv == pytest.approx(saved[1] / 2 + saved[2] / 4)


def test_a_wrong_number_of_the_solver_is_seen(monkeypatch):
    """A choice that costs something else than the solver says is an error."""
    honest = investment_model.run_whole

    def dishonest(highs, options):
        found = honest(highs, options)
        return replace(found, objective=found.objective * 0.99)

    monkeypatch.setattr("karvan.engines.planner.investment.run_whole", dishonest)

    with pytest.raises(EngineError, match="costs something else"):
        invest(question())


def test_a_choice_that_overspends_is_seen(monkeypatch):
    monkeypatch.setattr("karvan.engines.planner.investment.within", lambda model, budget: model)

    with pytest.raises(EngineError, match="does not hold"):
        choose(prepare(question()), budget=1.0)


def test_all_faults_are_told_at_once():
    asked = question(budget=-1.0)
    wrong = replace(
        asked.projects,
        outlay=-asked.projects.outlay,
        life=np.zeros(4, int),
        adds=replace(asked.projects.adds, family=("arc",) * 5),
    )

    with pytest.raises(InvalidInput) as caught:
        invest(replace(asked, projects=wrong))

    told = " ".join(caught.value.facts["faults"])
    for words in ("outlay", "life", "nothing widens arc", "budget"):
        assert words in told


@pytest.mark.parametrize(
    ("family", "asset", "unit", "words"),
    [
        ("arc capacity", "line", "kt", "another unit"),
        ("arc capacity", "road", "t", "no limit of this kind"),
    ],
)
def test_what_a_project_widens_is_there_in_the_same_unit(family, asset, unit, words):
    asked = asked_of(corridor(), [("line", 100)], [("line", family, asset, unit, 20)])

    with pytest.raises(InvalidInput, match=words):
        invest(asked)
