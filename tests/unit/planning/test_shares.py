"""Shares of a tornado: what is told apart from chance is none, but for one sample in twenty."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from karvan.services.planning.estimates import Estimate
from karvan.services.planning.tornado import Swing, Tornado, shares_of, shown

#: Estimates that move nothing, runs, and samples to judge by.
IDLE, RUNS, SAMPLES = 300, 20, 100


def draws(rows, runs, seed):
    return np.random.default_rng(seed).random((rows, runs))


def test_one_estimate_that_drives_a_figure_is_found_among_hundreds_that_do_not():
    """The largest share of those that do not is a third with so few runs, and is no finding."""
    columns = draws(IDLE + 1, RUNS, 1)
    figure = 3 * columns[7] + 0.5 * draws(1, RUNS, 2)[0]

    share, chance = shares_of(columns, figure[None], seed=1)

    assert np.flatnonzero(share[:, 0] > chance[0]).tolist() == [7]
    assert np.delete(share[:, 0], 7).max() > 0.3


def test_of_figures_that_nothing_moves_one_in_twenty_has_a_share_beyond_chance():
    """100 figures, each with a chance of 0.05: above 11 in one of 100 trials of this test alone."""
    columns, figures = draws(IDLE, RUNS, 3), draws(SAMPLES, RUNS, 4)

    share, chance = shares_of(columns, figures, seed=1)

    assert (share.max(axis=0) > chance).sum() <= 11


def test_a_figure_of_few_values_is_judged_by_them():
    """Nothing is left behind in 17 of 20 runs: equal runs share their ranks, chance as high."""
    columns, figure = draws(IDLE, RUNS, 5), np.zeros((1, RUNS))
    figure[0, [3, 8, 12]] = 1.0, 2.0, 3.0

    share, chance = shares_of(columns, figure, seed=1)
    still, never = shares_of(columns, np.zeros((1, RUNS)), seed=1)

    assert (share <= chance).all()
    assert chance[0] < 1
    assert (still == 0).all()
    assert never[0] == 0


def test_with_five_runs_and_hundreds_of_estimates_nothing_is_told_apart():
    columns = draws(IDLE, 5, 6)

    share, chance = shares_of(columns, columns[:1], seed=1)

    assert share[0, 0] > 0.999
    assert not (share > chance).any()


@given(st.integers(0, 99), st.integers(2, 30))
def test_shares_lie_between_nothing_and_all_and_know_no_order_of_estimates(seed, runs):
    columns, figures = draws(4, runs, seed), draws(2, runs, seed + 1)

    share, chance = shares_of(columns, figures, seed)
    turned, same = shares_of(columns[::-1], figures, seed)

    assert (share > -1e-12).all()
    assert (share < 1 + 1e-12).all()
    assert np.allclose(turned[::-1], share)
    assert np.allclose(same, chance)


def test_what_nothing_moves_is_not_shown_and_another_figure_is():
    still, moved = (
        Swing(
            estimate=Estimate(name=name, figure="mt", value=1, low=0, high=2, source=""),
            at_low=0.0,
            at_high=high,
            share=None,
        )
        for name, high in (("a", 0.0), ("b", 1.0))
    )

    def of(**figures):
        return {
            name: Tornado(figure=name, value=0.0, swings=(each,)) for name, each in figures.items()
        }

    both = of(extra_cost=still, left_behind=moved, exported=moved)
    assert [each.figure for each in shown(both)] == ["left_behind"]
    none = of(extra_cost=still, left_behind=still, exported=still, carried=moved, boxes=moved)
    assert [each.figure for each in shown(none)] == ["carried"]
    assert shown(of(left_behind=still)) == ()
