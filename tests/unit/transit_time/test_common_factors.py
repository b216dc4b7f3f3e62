"""What is common moves times together and leaves each of them distributed as it was."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from karvan.domain.errors import InvalidInput
from karvan.engines.transit_time import sample
from unit.transit_time.plans import luck, plan, run, storm

MANY = 20_000
DAY = 20_790
#: Four standard errors of a correlation near 0.
FOUR = 4 / math.sqrt(MANY)


def logs(*elements, seed=1):
    """Normal draws (E, N) behind activities of median 1 h and sigma 1."""
    return np.log(sample(plan(*elements), samples=MANY, seed=seed).hours)


def correlation(one, other):
    return np.corrcoef(logs(one, other))[0, 1]


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("day", [DAY, DAY + 1, DAY + 2])
def test_a_time_under_a_common_factor_is_distributed_as_before(share, day):
    drawn = np.sort(logs(run(1.0, 1.0, shared=luck(share, day)))[0])

    law = np.array([NormalDist().cdf(z) for z in drawn])
    distance = np.abs((np.arange(MANY) + 0.5) / MANY - law).max()
    assert distance < 1.95 / math.sqrt(MANY)  # 99.9 % bound of Kolmogorov and Smirnov


@pytest.mark.parametrize(("one", "other"), [(0.5, 0.5), (0.25, 1.0), (0.0, 0.8), (1.0, 1.0)])
def test_two_times_at_a_place_on_a_day_correlate_by_their_shares(one, other):
    found = correlation(
        run(1.0, 1.0, shared=luck(one, DAY)), run(1.0, 1.0, unit="T2", shared=luck(other, DAY))
    )

    assert abs(found - math.sqrt(one * other)) < FOUR


@pytest.mark.parametrize(
    ("first", "apart", "expected"),
    [
        (0, 1, math.cos(math.pi / 2 / 7)),
        (0, 3, math.cos(math.pi / 2 * 3 / 7)),
        (0, 7, 0.0),
        (5, 4, math.sin(math.pi / 2 * 5 / 7) * math.cos(math.pi / 2 * 2 / 7)),
        (0, 14, 0.0),
    ],
)
def test_the_common_factor_fades_with_the_days(first, apart, expected):
    begin = DAY - DAY % 7 + first

    found = correlation(
        run(1.0, 1.0, shared=luck(1.0, begin, period_days=7)),
        run(1.0, 1.0, unit="T2", shared=luck(1.0, begin + apart, period_days=7)),
    )

    assert abs(found - expected) < FOUR


def test_other_places_have_other_luck():
    found = correlation(
        run(1.0, 1.0, shared=luck(1.0, DAY)),
        run(1.0, 1.0, unit="T2", shared=luck(1.0, DAY, stream="poti")),
    )

    assert abs(found) < FOUR


def test_alternatives_over_one_border_on_one_day_are_late_together():
    """Two trains, two plans: nothing in common but the border."""
    by_train = [
        sample(
            plan(run(30.0, 0.2, unit=train), run(40.0, 0.8, unit=train, shared=luck(0.5, DAY))),
            samples=MANY,
            seed=4,
        ).elapsed_min
        for train in ("T1", "T2")
    ]

    assert np.corrcoef(by_train)[0, 1] > 0.25


def test_ports_of_a_region_are_closed_in_the_same_samples_as_often_as_before():
    ports = [
        storm(0.22, place=place, shared=luck(1.0, DAY, stream="aktau"))
        for place in ("KZ-AKT", "KZ-KUR")
    ]

    aktau, kuryk = sample(plan(ports[0], run(2.0), ports[1]), samples=MANY, seed=2).hours[[0, 2]]

    assert ((aktau > 0) == (kuryk > 0)).all()
    assert abs(np.mean(aktau > 0) - 0.22) < 4 * math.sqrt(0.22 * 0.78 / MANY)


def test_a_storm_slows_the_crossing_while_it_closes_the_port():
    """Of a normal factor above its 0.8 quantile the mean is density / 0.2, of the crossing's
    luck sqrt(0.5) of it."""
    normal = NormalDist()
    port = storm(0.2, shared=luck(1.0, DAY))
    crossing = run(1.0, 1.0, unit="T2", shared=luck(0.5, DAY))

    waits, hours = sample(plan(port, crossing), samples=MANY, seed=6).hours

    closed = np.log(hours[waits > 0])
    expected = math.sqrt(0.5) * normal.pdf(normal.inv_cdf(0.8)) / 0.2
    assert abs(closed.mean() - expected) < 4 / math.sqrt(closed.size)
    assert np.log(hours[waits == 0]).mean() < 0


@pytest.mark.parametrize("shared", [luck(1.1), luck(-0.1), luck(0.5, period_days=0)], ids=str)
def test_a_factor_that_makes_no_sense_is_refused(shared):
    with pytest.raises(InvalidInput):
        sample(plan(run(1.0, shared=shared)), samples=10, seed=1)
