"""The parts of a mean, of a median and of a bad journey add up and are what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.engines.transit_time import Cause, sample, summarise
from karvan.engines.transit_time.breakdown import cause_of
from karvan.network.activities import HoursKind, ItineraryPlan, Note
from unit.transit_time.plans import DAY, READY, office, plan, plans, run, sailings, storm, when_full

WAITING, HANDLING = HoursKind.WAITING, HoursKind.HANDLING


def tenths(figures):
    return sum(round(10 * figure) for figure in figures)


@given(plans, st.integers(1, 120))
def test_parts_add_up_to_mean_median_and_bad_case(itinerary, samples):
    times = summarise(sample(itinerary, samples=samples, seed=11))

    assert tenths(p.mean_h for p in times.parts) in (round(10 * times.mean_h), 0)
    assert tenths(p.p50_h for p in times.parts) == round(10 * times.p50_h)
    assert tenths(p.p95_h for p in times.parts) == round(10 * times.p95_h)
    assert min((min(p.mean_h, p.p50_h, p.p95_h) for p in times.parts), default=0) >= 0


@given(plans)
def test_parts_of_a_kind_add_up_to_the_hours_of_the_kind(itinerary):
    times = summarise(sample(itinerary, samples=50, seed=11))

    for kind in HoursKind:
        parts = tenths(p.p50_h for p in times.parts if p.kind is kind)
        assert parts == round(10 * getattr(times.hours, kind.value))


@pytest.mark.parametrize(
    ("element", "cause"),
    [
        (run(1.0), Cause.MOVING),
        (run(1.0, name="transfer", kind=HANDLING), Cause.HANDLING),
        (run(1.0, name="border-entry", kind=WAITING), Cause.BORDER),
        (run(1.0, name="border-exit", kind=WAITING), Cause.BORDER),
        (run(1.0, name="union-border", kind=WAITING), Cause.BORDER),
        (run(1.0, name="slot", kind=WAITING), Cause.QUEUE),
        (sailings(READY), Cause.DEPARTURE),
        (when_full(48.0, 0.5), Cause.DEPARTURE),
        (storm(0.1), Cause.WEATHER),
        (office((0, 60)), Cause.CLOSED),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_every_hour_has_a_cause(element, cause):
    assert cause_of(element) is cause


def test_a_journey_by_leg_place_and_cause():
    """Without luck: ready on Tuesday at midnight, customs from 9, 20 h by rail, a night at the
    tunnel, and the ferry of the third day."""
    elements = (
        office((540, 1080), place="CN-XIA", name="customs"),
        run(20.0, place="TR-MMY"),
        office((2 * DAY, 2 * DAY + 300), place="TR-MMY", name="tunnel"),
        run(2.0, place="TR-IST"),
        sailings(READY + 3 * DAY, place="TR-IST"),
        run(5.0, place="GE-POT"),
    )
    notes = tuple(Note(leg=i // 4, estimate=i != 1) for i in range(6))
    whole = ItineraryPlan(ready_min=READY, elements=elements, notes=notes)

    times = summarise(sample(whole, samples=20, seed=1))

    told = [(p.leg, p.place, p.cause.value, p.p50_h, p.estimate) for p in times.parts]
    assert told == [
        (0, "CN-XIA", "closed", 9.0, True),
        (0, "TR-MMY", "moving", 20.0, False),
        (0, "TR-MMY", "closed", 19.0, True),
        (0, "TR-IST", "moving", 2.0, True),
        (1, "TR-IST", "departure", 22.0, True),
        (1, "GE-POT", "moving", 5.0, True),
    ]
    assert (times.p50_h, times.estimates_h) == (77.0, 57.0)


def test_a_bad_journey_is_made_of_what_makes_it_bad():
    """A border with a long tail beside a train that keeps its time."""
    itinerary = plan(run(100.0, 0.01), run(40.0, 1.0, name="border-entry", kind=WAITING))

    times = summarise(sample(itinerary, samples=4_000, seed=3))
    train, border = times.parts

    assert abs(train.p95_h - train.p50_h) < 0.5
    assert border.p95_h - border.p50_h > 0.97 * (times.p95_h - times.p50_h)
    assert border.p50_h < border.mean_h < border.p95_h


def test_the_parts_of_a_quantile_are_those_of_the_journeys_that_take_so_long():
    """Against a straight line by numpy through numbers 1,840 to 1,960 of 2,000."""
    sampled = sample(
        plan(run(50.0, 0.6), run(30.0, 0.9, unit="T2"), storm(0.2)), samples=2_000, seed=3
    )
    times = summarise(sampled)
    order = np.argsort(sampled.elapsed_min, kind="stable")
    band = order[1839:1960]
    total = sampled.hours.sum(axis=0)

    lines = [np.polyfit(total[band], hours[band], 1) for hours in sampled.hours]

    expected = [np.polyval(line, total[order[1899]]) for line in lines]
    found = {part.cause: part.p95_h for part in times.parts}
    assert found[Cause.WEATHER] == pytest.approx(expected[2], abs=0.11)
    assert found[Cause.MOVING] == pytest.approx(expected[0] + expected[1], abs=0.11)
