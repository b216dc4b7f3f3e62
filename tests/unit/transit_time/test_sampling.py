"""Samples obey the laws of the elements they are drawn from."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.engines.transit_time import sample, summarise
from karvan.network.activities import HoursKind
from unit.transit_time.plans import (
    DAY,
    READY,
    activities,
    minute,
    office,
    plan,
    plans,
    run,
    sailings,
    steady_elements,
    storm,
    when_full,
)

MANY = 40_000


def hours_of(element, *, samples=MANY, seed=1, ready_min=READY):
    return sample(plan(element, ready_min=ready_min), samples=samples, seed=seed).hours[0]


def standard_error(values):
    return values.std() / math.sqrt(values.size)


@pytest.mark.parametrize("sigma", [0.1, 0.5, 1.0])
def test_an_activity_is_lognormal_with_its_mean(sigma):
    hours = hours_of(run(20.0, sigma))

    mean = 20.0 * math.exp(sigma**2 / 2)
    assert abs(hours.mean() - mean) < 3 * standard_error(hours)
    assert abs(np.log(hours).std() - sigma) < 3 * sigma / math.sqrt(2 * MANY)


@pytest.mark.parametrize("cv", [0.0, 0.01, 0.3, 0.7, 1.0, 2.0])
def test_the_mean_wait_for_a_headway_is_that_of_renewal_theory(cv):
    hours = hours_of(when_full(48.0, cv))

    assert abs(hours.mean() - 48.0 * (1 + cv**2) / 2) < 3 * standard_error(hours)


def test_the_wait_for_a_poisson_service_has_no_memory():
    hours = np.sort(hours_of(when_full(48.0, 1.0)))

    distance = np.abs((np.arange(MANY) + 0.5) / MANY - (1 - np.exp(-hours / 48.0))).max()
    assert distance < 1.95 / math.sqrt(MANY)  # 99.9 % bound of Kolmogorov and Smirnov


def test_the_wait_for_an_erlang_service_is_a_mixture_of_its_stages():
    """Four exponential stages of 12 h: at a random moment 1, 2, 3 or 4 of them are left."""
    hours = np.sort(hours_of(when_full(48.0, 0.5)))

    stages = hours / 12.0
    poisson = [np.exp(-stages) * stages**n / math.factorial(n) for n in range(4)]
    law = sum(1 - sum(poisson[: left + 1]) for left in range(4)) / 4
    distance = np.abs((np.arange(MANY) + 0.5) / MANY - law).max()
    assert distance < 1.95 / math.sqrt(MANY)


def test_the_wait_for_a_punctual_headway_is_at_most_one_interval():
    hours = hours_of(when_full(48.0, 0.0))

    assert 0 < hours.min() < hours.max() < 48.0


def test_the_cutoff_comes_before_the_wait_for_a_headway():
    without = hours_of(when_full(48.0, 0.5), samples=500)
    with_cutoff = hours_of(when_full(48.0, 0.5, cutoff_h=6.0), samples=500)

    np.testing.assert_allclose(with_cutoff, without + 6.0)


@pytest.mark.parametrize(
    ("ready_after_h", "cutoff_h", "waits_h"),
    [
        (0.0, 0.0, 24.0),  # first sailing after a day
        (18.0, 6.0, 6.0),  # ready exactly at the cutoff is in time
        (18.1, 6.0, 53.9),  # six minutes later is the next sailing, at 72 h
        (24.0, 0.0, 0.0),
        (60.1, 12.0, 59.9),  # the third, at 120 h
        (115.0, 6.0, 53.0),  # past the list: 120 + 48, the mean gap of 24, 72, 120
        (200.0, 0.0, 16.0),  # 120 + 2 * 48
    ],
)
def test_a_missed_sailing_means_the_next_one(ready_after_h, cutoff_h, waits_h):
    ferry = sailings(READY + DAY, READY + 3 * DAY, READY + 5 * DAY, cutoff_h=cutoff_h)

    sampled = sample(plan(run(ready_after_h), ferry), samples=3, seed=1)

    np.testing.assert_allclose(sampled.hours[1], waits_h, atol=1e-6)
    past_list = ready_after_h + cutoff_h > 120
    assert sampled.beyond_timetable.tolist() == [past_list] * 3


@pytest.mark.parametrize(("ready_after_h", "waits_h"), [(10.0, 14.0), (25.0, 167.0), (300.0, 60.0)])
def test_a_lone_sailing_is_repeated_every_week(ready_after_h, waits_h):
    sampled = sample(plan(run(ready_after_h), sailings(READY + DAY)), samples=2, seed=1)

    np.testing.assert_allclose(sampled.hours[1], waits_h, atol=1e-6)


def test_the_chance_to_miss_a_sailing_is_that_of_the_normal_law():
    """Missed if 20 h * exp(0.3 z) + 4 h > 30 h, that is z > ln(26 / 20) / 0.3."""
    ferry = sailings(READY + 30 * 60, READY + 90 * 60, cutoff_h=4.0)

    sampled = sample(plan(run(20.0, 0.3), ferry), samples=MANY, seed=1)

    expected = math.erfc(math.log(26 / 20) / 0.3 / math.sqrt(2)) / 2
    missed = np.mean(sampled.arrival_min > READY + 30 * 60)
    assert abs(missed - expected) < 3 * math.sqrt(expected * (1 - expected) / MANY)


def test_a_port_is_closed_as_often_as_its_share_of_the_month():
    shares = tuple(0.05 * month for month in range(12))
    for month in range(12):
        ready_min = minute(f"2026-{month + 1:02}-17T12:00")

        closed = np.mean(hours_of(storm(shares), ready_min=ready_min) > 0)

        share = shares[month]
        assert abs(closed - share) <= 3 * math.sqrt(share * (1 - share) / MANY)


@pytest.mark.parametrize(
    ("instant", "closed"),
    [("2026-12-31T23:59", False), ("2027-01-01T00:00", True), ("2028-01-31T23:59", True)],
)
def test_months_change_at_midnight_utc(instant, closed):
    january = (1.0,) + (0.0,) * 11

    hours = hours_of(storm(january), samples=10, ready_min=minute(instant))

    assert (hours > 0).tolist() == [closed] * 10


def test_who_comes_upon_a_closure_waits_for_what_is_left_of_a_long_one():
    hours = hours_of(storm(1.0, median_h=24.0, sigma=0.5))

    mean = 24.0 * math.exp(0.5**2 / 2)
    assert abs(hours.mean() - mean * math.exp(0.5**2) / 2) < 3 * standard_error(hours)


def test_ports_of_one_storm_are_closed_together():
    both = plan(storm(0.3, place="KZ-AKT"), run(5.0), storm(0.3, place="AZ-ALT"))

    first, _, second = sample(both, samples=200, seed=1).hours

    np.testing.assert_array_equal(first, second)


@given(st.lists(steady_elements, max_size=4), st.lists(steady_elements, max_size=4))
def test_what_is_before_an_element_does_not_change_its_draws(left, right):
    shared = (run(20.0, 0.4, unit="shared"), when_full(48.0, 0.6, unit="shared"), storm(0.4))

    one = sample(plan(*left, *shared), samples=20, seed=3)
    other = sample(plan(*right, *reversed(left), *shared), samples=20, seed=3)

    np.testing.assert_array_equal(one.hours[-3:], other.hours[-3:])


@given(plans, st.integers())
def test_equal_input_gives_equal_bytes(itinerary, seed):
    one = sample(itinerary, samples=30, seed=seed)
    other = sample(itinerary, samples=30, seed=seed)

    assert one.arrival_min.tobytes() == other.arrival_min.tobytes()
    assert one.hours.tobytes() == other.hours.tobytes()


@given(plans, st.integers(1, 50))
def test_more_samples_never_change_the_earlier_ones(itinerary, samples):
    few = sample(itinerary, samples=samples, seed=5)
    many = sample(itinerary, samples=60, seed=5)

    np.testing.assert_array_equal(few.hours, many.hours[:, :samples])


@given(plans)
def test_hours_are_never_negative_and_add_up_to_the_arrival(itinerary):
    sampled = sample(itinerary, samples=30, seed=5)

    assert (sampled.hours >= 0).all()
    np.testing.assert_allclose(
        sampled.hours.sum(axis=0), (sampled.arrival_min - READY) / 60, atol=1e-6
    )


@given(
    st.lists(steady_elements, max_size=5),
    steady_elements,
    st.lists(steady_elements, max_size=5),
    st.floats(0.0, 72.0),
)
def test_being_later_never_brings_arrival_earlier(before, delayed, after, extra_h):
    """A greater cutoff, a slower activity, an opening less; all draws being the same."""
    if hasattr(delayed, "openings"):
        kept = delayed.openings.opens_min.size // 2
        spans = zip(delayed.openings.opens_min, delayed.openings.closes_min, strict=True)
        slower = office(
            *((a - READY, b - READY) for a, b in list(spans)[:kept]), until=READY + 70 * DAY
        )
    elif hasattr(delayed, "high_min"):
        later = int(60 * extra_h)
        ends = (getattr(delayed, name) + later for name in ("low_min", "likely_min", "high_min"))
        low, likely, high = ends
        slower = replace(delayed, low_min=low, likely_min=likely, high_min=high)
    elif hasattr(delayed, "cutoff_h"):
        slower = replace(delayed, cutoff_h=delayed.cutoff_h + extra_h)
    else:
        duration = replace(delayed.duration, median_h=delayed.duration.median_h + extra_h)
        slower = replace(delayed, duration=duration)

    arrival = sample(plan(*before, delayed, *after), samples=40, seed=9).arrival_min
    later = sample(plan(*before, slower, *after), samples=40, seed=9).arrival_min

    assert (later >= arrival - 1e-6).all()


@settings(max_examples=50)
@given(st.lists(activities, max_size=4), st.floats(12.0, 200.0), st.floats(0.0, 2.0))
def test_doubling_a_headway_raises_the_median_and_the_bad_case(others, mean_h, cv):
    once = summarise(sample(plan(*others, when_full(mean_h, cv)), samples=300, seed=2))
    twice = summarise(sample(plan(*others, when_full(2 * mean_h, cv)), samples=300, seed=2))

    assert twice.p50_h > once.p50_h
    assert twice.p95_h > once.p95_h


def test_an_empty_plan_arrives_when_it_is_ready():
    sampled = sample(plan(), samples=2, seed=1)

    assert sampled.arrival_min.tolist() == [READY, READY]
    assert sampled.hours.shape == (0, 2)


def test_all_waits_count_as_waiting():
    handling = run(1.0, kind=HoursKind.HANDLING)

    kinds = sample(plan(handling, sailings(READY), storm(0.1)), samples=1, seed=1).kinds

    assert kinds == (HoursKind.HANDLING, HoursKind.WAITING, HoursKind.WAITING)


@pytest.mark.parametrize(
    "element",
    [
        run(-1.0),
        run(math.nan),
        run(1.0, -0.1),
        run(1.0, math.inf),
        sailings(),
        sailings(READY + 1, READY),
        sailings(READY, cutoff_h=-1.0),
        when_full(0.0, 0.5),
        when_full(48.0, None),
        when_full(48.0, -0.5),
        when_full(48.0, 0.5, cutoff_h=math.nan),
        storm((0.1,) * 11),
        storm(1.1),
        storm(math.nan),
        storm(0.1, median_h=-1.0),
    ],
    ids=str,
)
def test_an_element_that_makes_no_sense_is_refused(element):
    with pytest.raises(InvalidInput):
        sample(plan(element), samples=10, seed=1)


@pytest.mark.parametrize("samples", [0, -1, 100_001])
def test_the_number_of_samples_has_limits(samples):
    with pytest.raises(InvalidInput):
        sample(plan(), samples=samples, seed=1)
