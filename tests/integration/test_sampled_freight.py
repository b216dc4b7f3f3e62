"""Runs of oil and freight together: what corridors, carriers and modes have, and how sure."""

import math
from dataclasses import replace

import numpy as np
import pytest

from karvan.adapters.executors.processes import ProcessExecutor
from karvan.adapters.files.scenarios import FileScenarios
from karvan.services.planning.freight_telling import freight_told
from karvan.services.planning.sampled_amounts import Amount
from karvan.services.planning.sampled_telling import lines
from karvan.services.planning.sampling import (
    amounts_apart,
    difference,
    interval,
    sample,
    told_of,
)
from karvan.services.planning.scenario import FREIGHT, OIL
from karvan.services.planning.spreads import spread_of
from karvan.services.planning.study import study

ALONE = ProcessExecutor(1)
RUNS = 3


@pytest.fixture(scope="module")
def both():
    asked = FileScenarios().read("titr-10-mt")
    return replace(asked, periods=1, parts=(OIL, FREIGHT))


@pytest.fixture(scope="module")
def drawn(published, both):
    """The scenario beside itself, in the same runs."""
    return sample(
        ALONE, published.network, [both, both], runs=RUNS, seed=2, factors=published.factors
    )


def amounts(sampled, what, good=None):
    return {
        name: draws
        for name, draws in sampled.amounts.items()
        if name.what == what and good in {None, name.good}
    }


def test_a_scenario_less_itself_is_nothing_in_every_run(drawn):
    one, other = drawn.of

    apart = (*difference(one, other).values(), *amounts_apart(one, other).values())

    assert len(apart) > 300
    for draws in apart:
        found = interval(draws)
        assert (found.low, found.median, found.high) == (0, 0, 0)


def test_both_trades_are_told_each_in_its_own_figures(drawn):
    sampled = drawn.of[0]

    assert {"exported", "carried", "boxes", "left_behind", "freight_left_behind"} <= {
        *sampled.totals
    }
    assert sampled.totals["freight_left_behind"].min() > 0
    (month,) = sampled.months
    for what, name in (
        ("left behind", "left_behind"),
        ("freight left behind", "freight_left_behind"),
    ):
        assert sampled.amounts[Amount(what, month)] == pytest.approx(sampled.totals[name], abs=1e-5)
    told = spread_of(drawn, 0)
    low, high = told.figures["freight_left_behind"]
    assert 0 < low < high
    # Of one month the band is that of the whole.
    assert told.freight_left_behind[0] == pytest.approx((low, high), abs=1e-5)


def test_parts_add_up_to_their_whole_in_every_run(drawn):
    """By corridor in kilotonnes and CO2e; by carrier, by country and by mode to the figures."""
    sampled = drawn.of[0]

    for what in ("corridor", "CO2e by corridor"):
        kilotonnes = [name for name in amounts(sampled, what) if name.unit in {"kt", "kt CO2e"}]
        places = {name.of for name in kilotonnes}
        assert len(places) > 3
    for place in places:
        of_goods = sum(
            draws
            for name, draws in amounts(sampled, "CO2e by corridor").items()
            if name.of == place and name.good
        )
        whole = sampled.amounts[Amount("CO2e by corridor", place, "", "kt CO2e")]
        assert whole == pytest.approx(of_goods, abs=1e-4)
    for trade, delivered, per_t in (
        ("freight", "carried", "freight_per_t"),
        ("oil", None, "carriage_per_t"),
    ):
        carriers = sum(amounts(sampled, "cost by carrier", trade).values())
        assert carriers == pytest.approx(
            sum(amounts(sampled, "cost by country", trade).values()), rel=1e-6
        )
        if delivered:
            cost = sampled.totals[per_t] * sampled.totals[delivered]
            assert carriers == pytest.approx(cost, rel=1e-6)
    emitted = sum(amounts(sampled, "CO2e by mode", "freight").values())
    figure = sampled.totals["freight_co2e_per_t"] * sampled.totals["carried"]
    assert emitted == pytest.approx(figure, rel=1e-6)


def test_factors_of_co2e_are_drawn_and_move_nothing_else(published, both, drawn):
    """In runs whose rail factor is higher a tonne by rail emits more: by exactly that factor."""
    factor = drawn.drawn["emission factor glec-rail-diesel"]
    sure = {
        mode: replace(each, low_g_per_tkm=None, high_g_per_tkm=None)
        for mode, each in published.factors.items()
    }
    fixed = sample(ALONE, published.network, [both], runs=RUNS, seed=2, factors=sure)
    sampled, without = drawn.of[0], fixed.of[0]

    rail = Amount("CO2e by mode", "rail", "freight", "kt CO2e")
    told = float(published.factors["rail"].wtw_g_per_tkm)
    assert np.ptp(factor) > 1
    assert sampled.amounts[rail] == pytest.approx(without.amounts[rail] * factor / told, rel=1e-6)
    for name, draws in without.totals.items():
        same = draws.tobytes() == sampled.totals[name].tobytes()
        assert same is not name.endswith("co2e_per_t")


def test_without_factors_no_co2e_is_told(published, both):
    found = told_of(published.network, study(published.network, both), {})

    assert not [name for name in found.totals if name.endswith("co2e_per_t")]
    assert not [name for name in found.amounts if name.what == "CO2e by mode"]


def test_every_line_of_a_screen_has_its_interval(published, both, drawn):
    found = study(published.network, both)
    as_told = told_of(published.network, found, published.factors)
    assert not as_told.without
    freight = freight_told(published.network, found, published.factors)
    for where in {row.where for row in freight.corridors}:
        kt = sum(row.kt for row in freight.corridors if row.where == where)
        assert as_told.amounts[Amount("corridor", where, "", "kt")] == pytest.approx(kt, abs=1e-5)

    told = list(lines(drawn.of[0], as_told))

    kinds = {line.what for line in told if not line.total}
    assert {
        "leaves by",
        "freight over borders",
        "freight delivered",
        "corridor",
        "CO2e by corridor",
        "crossing",
        "stays behind",
        "cost by carrier",
        "cost by country",
        "CO2e by mode",
        "one more is worth",
    } <= kinds
    boxes = [line for line in told if line.what == "corridor" and line.good == "containers"]
    assert {line.unit for line in boxes} == {"TEU"}
    for line in told:
        assert line.found.low <= line.found.median <= line.found.high
        assert math.isfinite(line.told)
