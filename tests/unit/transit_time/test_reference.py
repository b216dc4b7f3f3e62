"""The fast way gives the bits of the clear one, and shares what alternatives have in common."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from karvan.engines.transit_time import Sampler, sample, summarise
from karvan.engines.transit_time.reference import sample_plainly
from karvan.engines.transit_time.walk import month_of
from unit.transit_time.plans import DAY, READY, luck, office, plan, plans, run, sailings, storm


def same_bits(one, other):
    assert one.elapsed_min.tobytes() == other.elapsed_min.tobytes()
    assert one.hours.tobytes() == other.hours.tobytes()
    assert one.beyond_timetable.tobytes() == other.beyond_timetable.tobytes()
    assert one.median_min == other.median_min
    assert summarise(one) == summarise(other)


@given(plans, st.integers(1, 40), st.integers(0, 5))
def test_the_fast_way_gives_the_bits_of_the_clear_one(itinerary, samples, seed):
    fast = sample(itinerary, samples=samples, seed=seed)
    plain = sample_plainly(itinerary, samples=samples, seed=seed)

    same_bits(fast, plain)


@given(st.lists(plans, min_size=2, max_size=5))
def test_an_alternative_is_the_same_alone_and_among_others(itineraries):
    sampler = Sampler(samples=20, seed=3)

    together = [sampler.sample(itinerary) for itinerary in itineraries]

    for itinerary, sampled in zip(itineraries, together, strict=True):
        same_bits(sampled, sample_plainly(itinerary, samples=20, seed=3))


def test_what_was_given_stays_when_the_memory_grows():
    sampler = Sampler(samples=10, seed=3)
    first = sampler.sample(plan(run(5.0, 0.3), storm(0.5), run(9.0, 0.3, unit="T2")))
    before = first.hours.copy()

    for number in range(600):
        sampler.sample(plan(run(5.0, 0.3, unit=f"U{number}"), sailings(READY + DAY)))

    np.testing.assert_array_equal(first.hours, before)


def test_long_and_short_plans_of_every_element_agree():
    shared = luck(0.6, 20_000)
    whole = plan(
        run(30.0, 0.4, shared=shared),
        office((0, 60), (2 * DAY, 2 * DAY + 60), (5 * DAY, 6 * DAY)),
        storm((0.0, 0.3) * 6, shared=luck(1.0, 20_001)),
        sailings(READY + 3 * DAY, READY + 6 * DAY, READY + 30 * DAY, cutoff_h=3.0),
        office((20 * DAY, 40 * DAY)),
        run(700.0, 0.3, unit="T2"),
    )
    for samples in (1, 2, 1_000, 1_025):
        same_bits(
            sample(whole, samples=samples, seed=1), sample_plainly(whole, samples=samples, seed=1)
        )


@given(st.integers(-80_000_000, 200_000_000))
def test_the_month_of_a_minute_is_that_of_the_calendar(minute):
    calendar = np.datetime64(minute, "m").astype("datetime64[M]").astype(int) % 12

    assert month_of(minute) == calendar


def test_who_comes_at_the_minute_of_closing_waits_for_the_next_opening():
    itinerary = plan(run(1.0), office((0, 60), (120, 180)))

    fast = sample(itinerary, samples=3, seed=1)

    assert fast.hours[1].tolist() == [1.0] * 3
    same_bits(fast, sample_plainly(itinerary, samples=3, seed=1))
