"""What a quote shows of the samples."""

from textwrap import dedent

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.engines.transit_time import (
    HoursByKind,
    SampledItinerary,
    sample,
    share_by,
    summarise,
)
from karvan.network.activities import HoursKind
from unit.transit_time.plans import DAY, READY, plan, plans, run, sailings, storm, when_full

HANDLING, MOVING, WAITING = HoursKind.HANDLING, HoursKind.MOVING, HoursKind.WAITING


def sampled_of(hours, kinds=(MOVING,)):
    """Samples written down instead of drawn: one row of hours an element."""
    hours = np.array(hours, dtype=np.float64, ndmin=2)
    return SampledItinerary(
        ready_min=READY,
        elements=tuple(run(1.0, kind=kind) for kind in kinds),
        elapsed_min=60 * hours.sum(axis=0),
        drawn=60 * hours,
        rows=np.arange(len(hours)),
        median_min=tuple(60 * np.median(row) for row in hours),
        mean_min=tuple(60 * np.mean(row) for row in hours),
        beyond_timetable=np.zeros(hours.shape[1], dtype=np.bool_),
    )


def render(times):
    quantiles = " ".join(f"{hours:.1f}" for hours in times.quantiles_h[::7])
    return dedent(f"""\
        {times.samples} samples, {times.beyond_timetable} beyond the timetable
        p10 {times.p10_h}  p50 {times.p50_h}  p80 {times.p80_h}  p90 {times.p90_h}  \
p95 {times.p95_h}  mean {times.mean_h}
        most likely {times.mode_days} days
        moving {times.hours.moving}  handling {times.hours.handling}  waiting {times.hours.waiting}
        elements {" ".join(map(str, times.element_p50_h))}
        every seventh dot {quantiles}""")


def test_a_journey_without_luck_adds_up_by_hand():
    """30.5 h of rail and 6 h of transfer: ready after 36.5 h, at the cutoff of the sailing
    at 40.5 h; 20 h at sea, 4 h in port: 64.5 h, 2.69 days."""
    journey = plan(
        run(30.5),
        run(6.0, name="transfer", kind=HANDLING),
        sailings(READY + DAY, READY + 2430, READY + 4 * DAY, cutoff_h=4.0),
        run(20.0),
        run(4.0, name="transfer", kind=HANDLING),
    )

    assert render(summarise(sample(journey, samples=10, seed=1))) == dedent("""\
        10 samples, 0 beyond the timetable
        p10 64.5  p50 64.5  p80 64.5  p90 64.5  p95 64.5  mean 64.5
        most likely 3 days
        moving 50.5  handling 10.0  waiting 4.0
        elements 30.5 6.0 4.0 20.0 4.0
        every seventh dot 64.5 64.5 64.5 64.5 64.5 64.5 64.5 64.5""")


def test_a_journey_with_luck_keeps_its_figures():
    """Golden: moves only with the draws, which never change, or the rules above."""
    journey = plan(
        run(96.0, 0.15),
        run(12.0, 0.5, name="transfer", kind=HANDLING),
        storm(0.15),
        when_full(72.0, 0.6, cutoff_h=6.0),
        run(22.0, 0.1, place="AZ-ALT"),
        sailings(*range(READY, READY + 14 * DAY, DAY), cutoff_h=8.0, place="AZ-ALT"),
        run(30.0, 0.2, place="GE-PTI"),
    )

    assert render(summarise(sample(journey, samples=1000, seed=20261201))) == dedent("""\
        1000 samples, 29 beyond the timetable
        p10 192.5  p50 233.1  p80 274.7  p90 313.1  p95 337.2  mean 242.7
        most likely 9 days
        moving 155.6  handling 14.4  waiting 63.1
        elements 96.9 11.8 0.0 45.8 22.0 20.3 29.9
        every seventh dot 167.5 196.0 215.4 224.1 242.4 262.1 292.3 381.3""")


def test_quantiles_are_the_nearest_rank():
    times = summarise(sampled_of(np.arange(20.0, 0.0, -1.0)))  # 1..20 hours, unsorted

    assert (times.p10_h, times.p50_h, times.p80_h, times.p90_h, times.p95_h) == (2, 10, 16, 18, 19)
    assert times.mean_h == 10.5
    assert times.quantiles_h[:4] == (1, 1, 1, 2)  # 1, 3, 5, 7 % of 20: ranks 1, 1, 1, 2
    assert times.quantiles_h[-1] == 20


def test_one_sample_is_every_quantile():
    times = summarise(sampled_of([7.25]))

    assert {times.p10_h, times.p50_h, times.p95_h, *times.quantiles_h} == {7.2}


@pytest.mark.parametrize(
    ("days", "mode"),
    [([1.4, 1.6, 2.4, 3.0], 2), ([3.0, 2.0], 2), ([2.5], 3), ([0.1], 0)],
)
def test_the_likeliest_day_is_the_fullest_and_of_equals_the_first(days, mode):
    assert summarise(sampled_of(24.0 * np.array(days))).mode_days == mode


def test_the_median_is_made_of_what_the_samples_around_it_are():
    """Of 100 samples the band is numbers 45 to 55: 10 h moving, 5, handling, 0 waiting; a
    total of 15 h. The samples outside it only wait."""
    moving = np.where(abs(np.arange(1, 101) - 50) <= 5, 10.0, 0.0)
    waiting = np.where(moving > 0, 0.0, np.arange(100) / 3.3)

    times = summarise(sampled_of([moving, moving / 2, waiting], kinds=(MOVING, HANDLING, WAITING)))

    assert times.p50_h == 15.0
    assert times.hours == HoursByKind(moving=10.0, handling=5.0, waiting=0.0)


def test_lost_tenths_go_to_the_largest_remainders():
    times = summarise(sampled_of([[0.33], [0.33], [0.34]], kinds=(WAITING, HANDLING, MOVING)))

    assert times.hours == HoursByKind(moving=0.4, handling=0.3, waiting=0.3)


@given(plans, st.integers(1, 120))
def test_quantiles_are_in_order(itinerary, samples):
    times = summarise(sample(itinerary, samples=samples, seed=11))

    assert times.p10_h <= times.p50_h <= times.p80_h <= times.p90_h <= times.p95_h
    assert list(times.quantiles_h) == sorted(times.quantiles_h)
    assert len(times.quantiles_h) == 50
    assert times.quantiles_h[4] <= times.p10_h <= times.quantiles_h[5]
    assert times.quantiles_h[24] <= times.p50_h <= times.quantiles_h[25]


@given(plans, st.integers(1, 120))
def test_the_hours_add_up_to_the_median(itinerary, samples):
    times = summarise(sample(itinerary, samples=samples, seed=11))

    parts = (times.hours.moving, times.hours.handling, times.hours.waiting)
    assert min(parts) >= 0
    assert sum(round(part * 10) for part in parts) == round(times.p50_h * 10)


@given(plans)
def test_every_figure_is_in_tenths_of_an_hour(itinerary):
    times = summarise(sample(itinerary, samples=50, seed=11))

    figures = (times.p10_h, times.p50_h, times.mean_h, *times.quantiles_h, *times.element_p50_h)
    assert all(figure == round(figure, 1) for figure in figures)


def test_the_share_by_a_deadline_counts_who_arrives_in_time():
    sampled = sampled_of([10.0, 20.0, 30.0, 40.0])

    shares = [share_by(sampled, READY + 60 * hours) for hours in (9.9, 10.0, 35.0, 40.0)]

    assert shares == [0.0, 0.25, 0.75, 1.0]


@given(plans, st.floats(0, 2000), st.floats(0, 2000))
def test_a_later_deadline_is_never_harder_to_meet(itinerary, one_h, other_h):
    sampled = sample(itinerary, samples=50, seed=11)
    early, late = sorted([one_h, other_h])

    assert share_by(sampled, READY + 60 * early) <= share_by(sampled, READY + 60 * late)


def test_samples_beyond_the_timetable_are_counted():
    missed = plan(run(20.0, 0.5), sailings(READY + 20 * 60))

    times = summarise(sample(missed, samples=400, seed=1))

    assert 150 < times.beyond_timetable < 250  # half of them, within five standard errors
