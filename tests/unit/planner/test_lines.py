"""A line is filled before it delivers, and what is lost on the way does not arrive."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from karvan.domain.errors import EngineError, InvalidInput
from karvan.engines.planner.constraints import line_fill
from karvan.engines.planner.model import build
from karvan.engines.planner.plan import plan, read
from karvan.engines.planner.problem import Contracts, LineFills, Minima
from karvan.engines.planner.routes import routes
from karvan.engines.planner.solving import SolverOptions, solve
from karvan.engines.planner.verification import residuals
from planner_cases import filling, indices, problem_of, problems, uses

FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def line(capacity, volume, *, before=0.0, loss=0.0, there=99, cost=0.0, goods=("oil",)):
    """One line from a field to a port, which asks for all there is."""
    periods = len(capacity)
    made = problem_of(
        [("line", "field", "port", capacity, 1, {"loss": loss})],
        [("field", there, 0)],
        [("port", 99, 50)],
        periods=periods,
        goods=goods,
    )
    return filling(made, ("line", volume, {"oil": before}, cost), at_end=0)


def delivered(found):
    return (found.problem.demands.amount - found.unserved)[0].tolist()


@pytest.mark.parametrize(
    ("capacity", "volume", "before", "arrives"),
    [
        # 15 go in before the first comes out: a month and a half at 10 a month.
        ([10, 10, 10, 10], 15, 0, [0, 5, 10, 10]),
        ([10, 10, 10, 10], 15, 15, [10, 10, 10, 10]),
        ([10, 10, 10, 10], 15, 8, [3, 10, 10, 10]),
        # It opens in the second month, and is full within it.
        ([0, 40, 40, 40], 15, 0, [0, 25, 40, 40]),
        # Closed for a month it keeps what is in it.
        ([10, 10, 0, 10], 15, 0, [0, 5, 0, 10]),
    ],
)
def test_a_line_is_filled_before_it_delivers(capacity, volume, before, arrives):
    found = plan(line(capacity, volume, before=before))

    assert delivered(found) == pytest.approx(arrives)
    # What went in, and was there, has come out or is still in it.
    into = found.flow[0].sum() + before
    assert into == pytest.approx(sum(arrives) + found.line_fill[0, -1])


def test_what_fills_a_line_is_told_as_a_route_that_ends_in_it():
    found = plan(line([10, 10, 10], 15, loss=0.1))

    told = {(way.destination, way.departures): way for way in routes(found)}
    assert told["line line", ("m1",)].amount == pytest.approx(10)
    sold = told["demand port oil", ("m3",)]
    assert (sold.amount, sold.arriving) == pytest.approx((10, 9))


def test_losses_multiply_along_a_way():
    """T20 of the oil's rules: 0.9993 x 0.9990 x 0.9998 x 0.9995 of 100,000 t are 99,760.199."""
    shares = (0.0007, 0.0010, 0.0002, 0.0005)
    found = plan(
        problem_of(
            [
                (f"leg {i}", f"n{i}", f"n{i + 1}", np.inf, 1, {"loss": share})
                for i, share in enumerate(shares)
            ],
            [("n0", 100_000, 90)],
            [("n4", 1e6, 0)],
        )
    )

    (way,) = routes(found)
    assert round(way.arriving, 3) == 99_760.199
    assert found.lost.sum() == pytest.approx(way.amount - way.arriving)
    assert way.entering == pytest.approx(found.flow[:, 0].tolist())


def test_another_oil_takes_the_room_of_the_first_in_a_full_line():
    """The line is full of the first; what goes in of the second pushes it out."""
    made = line([10.0], 10, before=10, goods=("oil", "sour"))
    made = replace(
        made,
        supplies=replace(made.supplies, commodity=np.ones(1, np.int64)),
    )

    found = plan(made)

    assert delivered(found) == pytest.approx([10])
    assert found.line_fill[:, 0].tolist() == pytest.approx([0, 10])


@FEW
@given(problems())
def test_no_tonne_appears_or_vanishes_in_lines_and_losses(problem):
    """All that was made or waited has been used, waits, is lost, in a line or under way."""
    found = plan(problem)
    made = (problem.supplies.amount - found.shut_in).sum() + problem.stocks.initial.sum()
    made += problem.line_fills.initial.sum()
    made += problem.under_way.amount.sum() + problem.under_way.after.sum()
    left = (problem.demands.amount - found.unserved).sum()
    left += found.stock[:, -1].sum() + found.line_fill[:, -1].sum()
    left += found.lost.sum() + found.under_way_at_end.sum()

    assert left == pytest.approx(made, abs=1e-5)


@FEW
@given(problems())
def test_a_line_that_holds_nothing_is_as_one_without_a_row(problem):
    fills = problem.line_fills
    none = replace(fills, volume=fills.volume * 0, initial=fills.initial * 0)

    found = plan(replace(problem, line_fills=none))

    assert found.cost == pytest.approx(plan(replace(problem, line_fills=LineFills())).cost)


def breach(wrong):
    """What the second reading finds when a line of 15 does something else than 10, 10, 10."""
    told = {"flow": [10.0, 10.0, 10.0], "line_fill": [10.0, 15.0, 15.0], **wrong}
    found = residuals(
        line([10, 10, 10], 15),
        stock=[],
        shut_in=[89.0] * 3,
        unserved=told.pop("unserved", [99.0, 94.0, 89.0]),
        cost=30 + 50 * 282,
        **told,
    )
    return {name for name, size in found.as_facts().items() if size > 1e-9}


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({}, set()),
        # It delivers before it is full.
        ({"line_fill": [5.0, 10.0, 15.0], "unserved": [94.0, 94.0, 94.0]}, {"line_fill"}),
        # It is drawn down at the end.
        ({"line_fill": [10.0, 15.0, 10.0], "unserved": [99.0, 94.0, 84.0]}, {"line_fill", "cost"}),
        # It holds more than it can.
        ({"line_fill": [10.0, 20.0, 20.0], "unserved": [99.0, 99.0, 89.0]}, {"line_fill", "cost"}),
        # It is said to hold less than went in.
        ({"line_fill": [10.0, 14.0, 15.0]}, {"conservation", "line_fill"}),
    ],
)
def test_the_second_reading_finds_a_line_that_is_not_filled_first(wrong, found):
    assert breach(wrong) == found


def test_an_answer_that_forgets_a_line_or_a_loss_is_not_taken():
    """The matrix without the filling of lines or without losses is found out by the reading."""
    asked = line([10, 10, 10], 15, loss=0.1)
    for lenient in (
        replace(asked, permissions=replace(asked.permissions, loss=np.zeros(1))),
        replace(asked, line_fills=replace(asked.line_fills, volume=np.zeros(1))),
    ):
        easy = build(lenient)
        answer = solve(easy, SolverOptions())
        with pytest.raises(EngineError) as caught:
            read(replace(easy, problem=asked), answer)
        assert max(caught.value.facts["conservation"], caught.value.facts["line_fill"]) > 0.01


def test_a_smaller_line_would_save_what_its_price_says():
    found = plan(line([10, 10, 10, 10], 15))

    worth = {str(each.row): each for each in found.shadow_prices()}
    assert {each.row.unit for name, each in worth.items() if name.startswith("line ")} == {"t"}
    assert any(name.startswith(line_fill.BEFORE) for name in worth)
    # 5 less to fill deliver 5 more that would have been missed, at 50.
    smaller = plan(line([10, 10, 10, 10], 10))
    assert found.cost - smaller.cost == pytest.approx(5 * 50)


def test_every_fault_of_a_line_is_named():
    good = line([10, 10], 15)
    cases = {
        "line_fills.volume: a value is negative": {"volume": np.array([-1.0])},
        "line_fills.initial: more than the volume": {"initial": np.array([16.0])},
        "line_fills.permission: a number outside 0 to 0": {"permission": np.array([3])},
        "line_fills.permission: each permission of each of its arcs, once": {
            "line": np.zeros(0, np.int64),
            "permission": np.zeros(0, np.int64),
            "initial": np.zeros(0),
            "cost": np.zeros(0),
            "cost_at_end": np.zeros(0),
        },
    }
    for fault, wrong in cases.items():
        with pytest.raises(InvalidInput) as caught:
            plan(replace(good, line_fills=replace(good.line_fills, **wrong)))
        assert fault in caught.value.facts["faults"]
    with pytest.raises(InvalidInput) as caught:
        plan(line([np.inf, 10], 15, loss=1.0))
    assert caught.value.facts["faults"] == (
        "permissions.loss: nothing would come out",
        "line_fills.arc: a line without a capacity cannot be filled",
    )


def test_the_price_of_a_minimum_or_contract_missed_altogether_is_that_of_a_unit_it_lacks():
    """Nothing is there to be moved: one more asked for lacks one more, at 3 and at 7."""
    found = plan(
        problem_of(
            [("pipe", "field", "port", 10, 100)],
            [("field", 0, 0)],
            [("port", 10, 0)],
            minima=Minima(arc=indices([0]), least=np.array([[5.0]]), price=np.array([3.0])),
            contracts=Contracts(
                ids=("offtake",),
                unit=("t",),
                first=indices([0]),
                last=indices([0]),
                least=np.array([4.0]),
                price=np.array([7.0]),
                most=np.array([np.inf]),
                uses=uses((0, 0, 1)),
            ),
        )
    )

    assert {each.row.family: each.value for each in found.shadow_prices()} == {
        "minimum throughput": pytest.approx(3),
        "contract minimum": pytest.approx(7),
    }
