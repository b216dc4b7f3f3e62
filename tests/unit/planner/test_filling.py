"""A line that a project opens is filled first: what that costs, and when it comes back."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from investment_cases import asked_of, filled_by
from karvan.domain.errors import EngineError, InvalidInput
from karvan.engines.planner import filling as filling_module
from karvan.engines.planner.investment import choose, cost_of_filling, invest, prepare, worth_alone
from planner_cases import filling, indices, problem_of

STEPS = 3
#: What a tonne costs by pipe, by ship and by the line, and when it stays in the ground.
PIPE, SHIP, LINE, GROUND = 2.0, 5.0, 1.0, 10.0


def corridor(made=(60, 80, 100), **line):
    return problem_of(
        [
            ("pipe", "field", "market", 30, PIPE),
            ("ship", "field", "market", 20, SHIP),
            ("line", "field", "port", 0, LINE, line),
            ("road", "port", "market", np.inf, 0),
        ],
        supply=[("field", list(made), GROUND)],
        demand=[("market", 9999, 0)],
        periods=len(made),
    )


def question(problem, lines, *, price=1000.0, value=8.0, back=6.0, **more):
    """`lines`: (id, outlay, capacity, volume, and what else is told of the project)."""
    asked = asked_of(
        problem,
        [(name, outlay, told) for name, outlay, _, _, told in lines],
        [(name, "arc capacity", "line", "t", capacity) for name, _, capacity, _, _ in lines],
        exclusive=[tuple(name for name, *_ in lines)],
        **more,
    )
    fills = [(name, "line", volume, price) for name, _, _, volume, _ in lines]
    return filled_by(asked, fills, value=[value], back=[back])


def year(made, line, fill, value, price):
    """What a year costs in order of merit, in plain Python; the second figure is what went in."""
    inside = min(fill, line, made)
    cost = inside * (LINE + value) + (fill - inside) * price
    left = made - inside
    for room, each in ((line - inside, LINE), (30, PIPE), (20, SHIP)):
        moved = min(room, left)
        cost, left = cost + moved * each, left - moved
    return cost + left * GROUND, inside


def worth_of(asked, made, lines, project, begin, *, value=8.0, back=6.0, price=1000.0):
    """What a line begun in a step is worth, added up by hand."""
    horizon, worth = asked.horizon, 0.0
    _, outlay, capacity, volume, told = lines[project]
    building, life = told.get("building", 1), told.get("life", 10)
    ready = begin + building
    end = min(STEPS, ready + life)
    seen = set()
    for t, step in enumerate(horizon.step.tolist()):
        line = capacity if ready <= step < end else 0.0
        first = step == ready and step not in seen
        fill = volume / horizon.share[t] if first else 0.0
        seen.add(step)
        without, _ = year(made[t], 0.0, 0.0, value, price)
        now, inside = year(made[t], line, fill, value, price)
        worth += (without - now) * horizon.share[t] * horizon.discount[step]
        worth += inside * horizon.share[t] * back * horizon.discount[end - 1]
    for step in range(begin, begin + max(1, building)):
        worth -= outlay / max(1, building) * horizon.discount[step]
    return worth + outlay * (life - end + ready) / life * horizon.discount[-1]


@settings(max_examples=12)
@given(st.data())
def test_the_choice_is_the_best_of_all_that_fill_their_line(data):
    """Every start of every line is reckoned in plain Python, with neither matrix nor solver."""
    number = st.integers(0, 90)
    steps, share = data.draw(
        st.sampled_from([([0, 1, 2], [1, 1, 1]), ([0, 0, 1, 1, 2, 2], [0.8, 0.5] * 3)])
    )
    made = [float(data.draw(number)) for _ in steps]
    lines = [
        (
            name,
            float(data.draw(st.integers(0, 200))),
            float(data.draw(st.integers(1, 60))),
            float(data.draw(st.integers(0, 40))),
            {"building": data.draw(st.integers(0, 1)), "life": data.draw(st.integers(1, 6))},
        )
        for name in ("small", "large")
    ]
    money = {"value": data.draw(st.integers(0, 12)), "back": data.draw(st.integers(-3, 12))}
    asked = question(corridor(made), lines, steps=steps, share=share, **money)

    found = invest(asked)

    choices = [
        worth_of(asked, made, lines, project, begin, **money)
        for project, begin in product(range(2), range(STEPS))
        if begin + lines[project][4]["building"] < STEPS
    ]
    assert found.npv == pytest.approx(max(0.0, *choices), abs=1e-6)
    paid = found.filled_by_step + found.spent_by_step + found.running_by_step
    left = found.left_at_end + found.brought_back
    told = found.operating_saving - float(paid @ asked.horizon.discount) + left
    assert found.npv == pytest.approx(told, abs=1e-6)


def test_by_hand_a_line_delivers_less_in_its_first_year_and_the_oil_comes_back_at_the_end():
    """At no rate. The line of 40 t holds 15.

    10, 30 and 50 t stay behind without it. In the first year 25 t come out and 15 stay: of the 60
    the other 20 go by pipe. So the ships save 20 x 5, the ground 10 x 10 and the pipe 10 x 2, less
    40 by the line; and 15 t are worth 8 now and 6 at the end.
    """
    lines = [("line", 100.0, 40.0, 15.0, {"building": 0, "life": 3})]
    asked = question(corridor(), lines, rate=0.0)

    found = invest(asked)

    assert found.filled_by_step.tolist() == pytest.approx([15 * 8, 0, 0])
    first = 20 * SHIP + 10 * GROUND - 40 * LINE + 10 * PIPE
    later = [30 * GROUND + 10 * SHIP - 40 * LINE, 40 * GROUND - 40 * LINE]
    assert found.saved_by_step.tolist() == pytest.approx([first, *later])
    assert found.brought_back == pytest.approx(15 * 6)
    assert found.npv == pytest.approx(first + sum(later) - 15 * (8 - 6) - 100)
    assert found.npv == pytest.approx(
        found.operating_saving - found.filled_by_step.sum() + found.brought_back - found.spent
    )


def test_of_two_goods_the_one_that_loses_least_by_waiting_stays_in_the_line():
    """Grain is worth less; 6 t of it are there, and a tonne of it takes two of the line."""
    problem = problem_of(
        [("line", "field", "port", 0, LINE, {"use": {"oil": 1, "grain": 2}, "loss": 0.5})],
        supply=[("field", 30, GROUND, "oil"), ("field", 6, GROUND, "grain")],
        demand=[("port", 99, 0, "oil"), ("port", 99, 0, "grain")],
        periods=STEPS,
        goods=("oil", "grain"),
    )
    asked = asked_of(
        problem, [("line", 0, {"building": 0})], [("line", "arc capacity", "line", "t", 60)], rate=0
    )
    asked = filled_by(asked, [("line", "line", 20, 1000.0)], value=[9, 4], back=[9, 4])

    found = invest(replace(asked, horizon=replace(asked.horizon, discount=np.array([1, 0.5, 0.5]))))

    # Of 12 t of room for grain go in, half of what it weighs is lost; 8 for oil.
    inside = found.plan.flow[-2:, 0]
    assert inside.tolist() == pytest.approx([8 / 2, 6 / 2])
    assert found.filled_by_step[0] == pytest.approx(4 * 9 + 3 * 4)
    assert found.brought_back == pytest.approx(0.5 * (4 * 9 + 3 * 4))


def test_alone_a_project_saves_as_if_its_line_were_full_and_is_told_what_filling_it_costs():
    lines = [("line", 100.0, 40.0, 15.0, {"building": 1})]
    prepared = prepare(question(corridor(), lines, rate=0.0))

    saved, filling_costs = worth_alone(prepared)["line"], cost_of_filling(prepared)

    assert saved.tolist() == pytest.approx([180, 310, 360])
    assert filling_costs.tolist() == pytest.approx([15 * (8 - 6)])
    assert choose(prepared).npv == pytest.approx(310 + 360 - 15 * (8 - 6) - 100 + 80)


def test_what_nobody_can_supply_lacks_at_its_price():
    lines = [("line", 0.0, 40.0, 15.0, {"building": 0})]
    prepared = prepare(question(corridor([5, 80, 100]), lines, price=7.0, rate=0.0))

    # All 5 t that the line carries stay in it, and ten are bought.
    assert cost_of_filling(prepared).tolist() == pytest.approx([5 * (8 - 6) + 10 * 7])


def test_what_is_at_the_end_of_a_line_already_does_not_fill_it():
    """Half of what goes in is lost: 20 t go in and 10 stay, though the port has oil of its own."""
    problem = problem_of(
        [("line", "field", "port", 0, LINE, {"loss": 0.5})],
        supply=[("field", 30, 0), ("port", 30, 0)],
        demand=[("port", 99, 0)],
        periods=STEPS,
    )
    lines = [("line", 0.0, 40.0, 20.0, {"building": 0})]

    assert cost_of_filling(prepare(question(problem, lines, rate=0.0))).tolist() == pytest.approx(
        [20 * LINE + 10 * (8 - 6)]
    )


def test_money_that_comes_back_wrongly_is_seen(monkeypatch):
    honest = filling_module.Filling.brought_back
    lines = [("line", 0.0, 40.0, 15.0, {"building": 0})]

    monkeypatch.setattr(
        filling_module.Filling, "brought_back", lambda self, columns: 2 * honest(self, columns)
    )

    with pytest.raises(EngineError, match="not proven closely enough"):
        invest(question(corridor(), lines))


def test_every_fault_of_what_fills_lines_is_named():
    lines = [("one", 0.0, 40.0, 15.0, {}), ("two", 0.0, 40.0, 15.0, {})]
    good = question(corridor(), lines)
    fills = good.projects.fills

    def told(asked):
        with pytest.raises(InvalidInput) as caught:
            prepare(asked)
        return " ".join(caught.value.facts["faults"])

    def with_fills(**wrong):
        return replace(good, projects=replace(good.projects, fills=replace(fills, **wrong)))

    assert "two projects may fill line" in told(
        replace(good, projects=replace(good.projects, exclusive=()))
    )
    filled_by_itself = filling(good.problem, ("line", 15.0, {}, 0.0))
    assert "the project that opens it" in told(replace(good, problem=filled_by_itself))
    afloat = replace(good.problem.permissions, cost_at_end=np.full(4, -1.0))
    assert "nothing is under way" in told(
        replace(good, problem=replace(good.problem, permissions=afloat))
    )
    assert "line has a travel time" in told(replace(good, problem=corridor(travel=1)))
    assert "a project of several units" in told(
        replace(good, projects=replace(good.projects, most=indices([1, 2]), exclusive=()))
    )
    assert "each permission of line, once" in told(with_fills(permission=indices([0, 2])))
    assert "a number outside 0 to 1" in told(with_fills(project=indices([0, 2])))
    several = told(with_fills(volume=-fills.volume, back=np.array([np.nan, 0]), value=np.ones(1)))
    for name in ("volume", "back", "value"):
        assert f"fills.{name}:" in several
    no_start = replace(good.horizon, share=np.array([1.0, 0.0, 1.0]))
    assert "each step has a first period" in told(replace(good, horizon=no_start))
    assert "fills.line: one whole number" in told(with_fills(line=np.array([0.0, 1.0])))
