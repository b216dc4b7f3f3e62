"""Runs of a scenario: intervals that hold, differences that are paired, answers that repeat."""

import math
from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.adapters.executors.processes import ProcessExecutor
from karvan.adapters.files.scenarios import FileScenarios
from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli.output import drawn
from karvan.interfaces.cli.plan_runs import draw_runs
from karvan.services.planning.estimates import (
    FIGURES,
    SEVERAL,
    Estimate,
    estimates_of,
    with_values,
    without_range,
)
from karvan.services.planning.freight_base import FreightDemand
from karvan.services.planning.sampling import difference, interval, sample, told_of
from karvan.services.planning.scenario import Event, Source
from karvan.services.planning.study import study
from karvan.services.planning.sweeps import sweep
from karvan.services.planning.tornado import rank_share, tornado
from karvan.services.studies.plans import Drawn

ALONE = ProcessExecutor(1)
#: Of the four months that are planned, in a year of 365.
YEARS = (31 + 29 + 31 + 30) / 365
REFINERY = "demand KZ-REFATY kazakh blend"


def estimate(low, value, high, name="x"):
    return Estimate(name=name, figure="mt", value=value, low=low, high=high, source="a test")


def below(found, at):
    """Share of a triangular distribution below a value, from its definition."""
    low, mode, high = found.low, found.value, found.high
    if at <= mode:
        return (at - low) ** 2 / ((high - low) * (mode - low)) if mode > low else 0.0
    return 1 - (high - at) ** 2 / ((high - low) * (high - mode))


@pytest.fixture(scope="module")
def base():
    return replace(FileScenarios().read("base-2024"), periods=4)


@pytest.fixture(scope="module")
def struck(base):
    """The same, with a terminal that loses half of its capacity for two months."""
    event = Event(
        id="half",
        asset="CPC marine terminal",
        first_day=date(2024, 3, 1),
        last_day=date(2024, 4, 30),
        share_lost=0.5,
        cause="a test",
        source="a test",
    )
    return replace(base, event=(event,))


@pytest.fixture(scope="module")
def pair(published, base, struck):
    return sample(ALONE, published.network, [base, struck], runs=16, seed=3)


ends = st.floats(-1e3, 1e3).map(lambda value: round(value, 3))


@given(st.tuples(ends, ends, ends).map(sorted), st.floats(0.001, 0.999))
def test_a_quantile_is_where_the_distribution_says(three, share):
    found = estimate(*three)

    at = float(found.quantile(np.array(share)))

    assert found.low <= at <= found.high
    if found.high - found.low > 0.01:
        assert below(found, at) == pytest.approx(share, abs=1e-6)


def test_eight_in_ten_draws_of_a_known_distribution_lie_in_the_interval():
    """The share below an end has a standard error of sqrt(0.1 * 0.9 / 4000), 0.5 in a hundred."""
    known, runs = estimate(2.0, 3.0, 9.0), 4000

    found = interval(known.draws(11, runs))
    fresh = known.draws(12, runs)

    three_errors = 3 * math.sqrt(0.1 * 0.9 / runs)
    assert abs(below(known, float(found.low)) - 0.1) < three_errors
    assert abs(below(known, float(found.high)) - 0.9) < three_errors
    assert abs(below(known, float(found.median)) - 0.5) < 3 * math.sqrt(0.25 / runs)
    inside = np.mean((fresh >= found.low) & (fresh <= found.high))
    assert abs(inside - 0.8) < 3 * math.sqrt(2 * 0.8 * 0.2 / runs)


def test_an_interval_is_made_of_runs_and_holds_eight_in_ten_of_them():
    runs = np.arange(20.0)[::-1]

    found = interval(runs)

    assert (found.low, found.median, found.high) == (1.0, 9.0, 17.0)


def test_two_estimates_are_drawn_apart_and_one_of_a_name_alike():
    runs = 1000
    one, again, other = (estimate(0, 1, 2, name).draws(7, runs) for name in ("one", "one", "other"))

    assert one.tobytes() == again.tobytes()
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / math.sqrt(runs)
    assert estimate(0, 1, 2, "one").draws(7, 10).tobytes() == one[:10].tobytes()
    assert abs(np.corrcoef(one, estimate(0, 1, 2, "one").draws(8, runs))[0, 1]) < 0.13


@pytest.fixture(scope="module")
def known(base):
    """A refinery that asks for little and so gets it, and one of Azerbaijan; the rest is sure."""
    tables = {
        each.name: tuple(replace(row, estimate=False) for row in getattr(base.base, each.name))
        for each in fields(base.base)
        if isinstance(getattr(base.base, each.name), tuple)
    }
    tables["demand"] = tuple(
        replace(row, estimate=True, low=0.5, mt_per_y=1.0, high=2.0)
        if row.place in {"KZ-REFATY", "AZ-SAN"}
        else row
        for row in tables["demand"]
    )
    return replace(base, base=replace(base.base, **tables))


@pytest.fixture(scope="module")
def known_sample(published, known):
    return sample(ALONE, published.network, [known], runs=20, seed=5)


def test_a_figure_that_follows_one_estimate_has_its_interval(known, known_sample):
    """The refinery takes its draw; the others take the same in every run."""
    refinery, _ = estimates_of(known)
    (found,) = known_sample.of
    taken = refinery.draws(5, 20) * YEARS

    others = found.totals["refined"] - taken

    assert np.ptp(others) < 1e-5
    assert others[0] > 2
    expected, told = interval(taken), interval(found.totals["refined"])
    for end in ("low", "median", "high"):
        assert getattr(told, end) == pytest.approx(getattr(expected, end) + others[0], abs=1e-5)


def test_a_difference_is_taken_run_by_run_and_is_far_surer_than_of_two_samples(pair):
    base, struck = pair.of
    paired = difference(base, struck)["exported"]
    unpaired = struck.totals["exported"] - np.roll(base.totals["exported"], 1)

    assert width(paired) < 0.6 * width(unpaired)
    assert interval(paired).high < 0


def width(draws):
    found = interval(draws)
    return float(found.high - found.low)


def test_what_is_exported_is_the_oil_of_the_country_alone(pair):
    """What leaves by all its ways, of both kinds; in Mt, month by month in kt."""
    for each in pair.of:
        leaves = sum(rows for (what, _), rows in each.by_month.items() if what == "leaves by")
        assert each.totals["exported"] == pytest.approx(leaves.sum(axis=1) / 1000, abs=1e-2)


def test_the_events_of_a_run_are_planned_and_left_out_with_the_same_draws(pair):
    """So the cost of the events is the difference of the pair, though each was planned apart."""
    base, struck = pair.of

    assert "extra_cost" not in base.totals
    assert base.without is None
    for name, draws in base.totals.items():
        assert struck.without.totals[name] == pytest.approx(draws, abs=1e-3)
    assert (struck.totals["extra_cost"] > 0).all()
    months = base.months.index("2024-02") + 1
    for row, draws in base.by_month.items():
        assert struck.by_month[row][:, :months] == pytest.approx(draws[:, :months], abs=1e-3)


def test_a_run_depends_on_the_seed_and_its_number_and_on_nothing_else(published, struck, pair):
    (alone,) = sample(ALONE, published.network, [struck], runs=3, seed=3).of
    (other,) = sample(ALONE, published.network, [struck], runs=3, seed=4).of

    for name, draws in alone.totals.items():
        assert draws.tobytes() == pair.of[1].totals[name][:3].tobytes()
    assert (other.totals["exported"] != alone.totals["exported"]).all()


def test_a_sweep_gives_the_studies_of_its_scenarios_in_their_order(published, base, struck):
    swept = [each.extra_cost_kusd for each in sweep(ALONE, published.network, [base, struck])]

    assert swept[0] == 0
    assert swept[1] > 0


def test_every_kind_of_row_is_drawn_or_said_not_to_be(base):
    rows = [kind for kind in Source.__subclasses__() if kind.__module__ == Source.__module__]
    kinds = {kind.__name__ for kind in (*rows, Event, FreightDemand)}

    assert kinds <= {*FIGURES, *SEVERAL}
    names = [each.name for each in estimates_of(base)]
    assert len(set(names)) == len(names)
    assert "prices" in without_range(base)
    told = {row.place: row for row in with_values(base, {REFINERY: 5.1}).base.demand}
    assert told["KZ-REFATY"].mt_per_y == 5.1
    assert told["KZ-REFPAV"] in base.base.demand
    assert with_values(base, {}) == base


def test_of_the_freight_the_demand_of_its_year_is_drawn_and_no_oil_that_is_not_planned(base):
    boxes = FileScenarios().read("containers-2030")
    year = {row.id: row for row in boxes.freight.base.demand if row.year == boxes.freight.year}

    found = estimates_of(boxes)

    assert {each.name.split(" ")[1] for each in found} == {
        *(name for name, row in year.items() if row.low is not None and row.low < row.high),
        *(yard.id for yard in boxes.freight.base.yards),
    }
    first = found[0]
    put = with_values(boxes, {first.name: 7.0}).freight.base.demand
    assert [row.id for row in put if row.volume == 7.0] == [first.name.split(" ")[1]]
    assert not any(each.name.startswith("demand FD-") for each in estimates_of(base))


@pytest.mark.parametrize("runs", [0, -1, 10_001])
def test_too_few_and_too_many_runs_are_refused(published, base, runs):
    with pytest.raises(InvalidInput):
        sample(ALONE, published.network, [base], runs=runs, seed=1)


def test_a_swing_is_what_the_ends_of_an_estimate_do_to_a_figure(published, known, known_sample):
    found = tornado(ALONE, published.network, known, drawn=known_sample)["refined"]

    first, second = found.swings
    assert (first.estimate.name, second.estimate.name) == (REFINERY, "demand AZ-SAN azeri")
    assert first.at_high - first.at_low == pytest.approx(1.5 * YEARS, abs=1e-5)
    assert second.width == 0
    assert first.at_low < found.value < first.at_high
    assert first.share == pytest.approx(1)
    assert second.share < 0.3


def test_the_terminal_shows_intervals_and_what_to_find_out_next(published, known, known_sample):
    network = published.network
    as_told = study(network, known)
    swings = tornado(ALONE, network, known, drawn=known_sample)
    swings["left_behind"] = replace(swings["refined"], figure="left_behind")

    found = Drawn(sample=known_sample, told=told_of(network, as_told, {}), tornados=swings)

    shown = drawn(lambda console: draw_runs(console, network, found), width=100)

    assert "In 8 of 10 runs of 20, 2 estimates drawn (seed 5)" in shown
    assert "What moves it most: Left behind" in shown
    assert "What the events cost" not in shown
    (bar,) = (line for line in shown.splitlines() if "┃" in line)
    assert bar.count("█") > 1.5 * bar.count("░") > 10
    assert bar.rstrip().endswith("100%")


def test_the_share_of_an_estimate_is_what_it_explains():
    """y = 2a + b with a and b alike and independent: four fifths and one fifth of the variance."""
    a, b = (estimate(0, 1, 2, name).draws(1, 4000) for name in "ab")

    assert abs(rank_share(a, 2 * a + b) - 0.8) < 0.03
    assert abs(rank_share(b, 2 * a + b) - 0.2) < 0.04
    assert rank_share(a, np.zeros(4000)) == 0
    assert rank_share(a, np.exp(-3 * a)) == pytest.approx(1)
