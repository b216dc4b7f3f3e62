"""Waits for what is closed for a time whose end is an interval."""

import numpy as np
import pytest

from karvan.domain.errors import InvalidInput
from karvan.engines.transit_time.sampling import Sampler, sample
from unit.transit_time.plans import DAY, READY, closed, plan, run, sailings

N = 20_000


def hours(element, before_h=0.0):
    return sample(plan(run(before_h), element), samples=N, seed=7).hours[1]


def test_a_reopening_is_drawn_from_a_triangle_over_its_interval():
    waited = hours(closed(0, 2 * DAY, 3 * DAY, 6 * DAY)) / 24
    assert 2 <= waited.min() <= waited.max() <= 6
    assert waited.mean() == pytest.approx((2 + 3 + 6) / 3, rel=0.01)
    # A quarter of the triangle lies before its mode.
    assert (waited < 3).mean() == pytest.approx(0.25, abs=0.01)


def test_a_certain_reopening_makes_everybody_wait_until_its_minute():
    assert (hours(closed(0, DAY, DAY, DAY), before_h=6) == 18).all()


@pytest.mark.parametrize(("comes_h", "waits_h"), [(5, 0), (10, 14), (23, 1), (24, 0), (30, 0)])
def test_only_who_comes_while_it_is_closed_waits(comes_h, waits_h):
    assert (hours(closed(10 * 60, DAY, DAY, DAY), before_h=comes_h) == waits_h).all()


def test_alternatives_wait_for_the_same_reopening_and_another_closure_has_its_own():
    sampler = Sampler(samples=500, seed=1)
    span = (0, DAY, 2 * DAY, 4 * DAY)
    first, second = closed(*span), closed(*span, place="AZ-ALT")
    other = closed(*span, unit="else")
    one, two, three = (
        sampler.sample(plan(run(h), each)).elapsed_min
        for h, each in ((0, first), (9, second), (0, other))
    )
    assert (one == two).all()
    assert np.corrcoef(one, three)[0, 1] < 0.2


def test_a_departure_that_is_waited_for_leaves_after_the_reopening():
    shut = closed(0, 30 * 60, 30 * 60, 30 * 60)
    ship = sailings(READY + 12 * 60, READY + 36 * 60)
    total = sample(plan(shut, ship, shut), samples=10, seed=1).elapsed_min
    assert (total == 36 * 60).all()


@pytest.mark.parametrize("ends", [(2, 1, 3), (1, 3, 2)])
def test_an_interval_that_does_not_ascend_is_refused(ends):
    with pytest.raises(InvalidInput, match="ascend"):
        sample(plan(closed(0, *ends)), samples=5, seed=1)
