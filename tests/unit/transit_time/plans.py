"""Short ways to write plans, and plans at random."""

from datetime import UTC, datetime

import hypothesis.strategies as st
import numpy as np

from karvan.network.activities import (
    Activity,
    ClosureWait,
    Duration,
    HoursKind,
    ItineraryPlan,
    OfficeWait,
    ReopeningWait,
    Shared,
    Wait,
)
from karvan.network.openings import Openings


def minute(text):
    """Minutes since the epoch of an instant in UTC, such as `2026-12-01T08:00`."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) // 60


READY = minute("2026-12-01T00:00")
DAY = 24 * 60


def run(
    median_h,
    sigma=0.0,
    *,
    name="run",
    place="KZ-AKT",
    unit="T1",
    kind=HoursKind.MOVING,
    shared=None,
):
    duration = Duration(median_h=median_h, sigma=sigma)
    return Activity(name=name, place=place, kind=kind, duration=duration, unit=unit, shared=shared)


def luck(share, day=0, *, stream="aktau", period_days=3):
    return Shared(stream=stream, day=day, period_days=period_days, share=share)


def sailings(*departs_min, cutoff_h=0.0, place="KZ-AKT", service="AKT-ALT"):
    return Wait(
        place=place,
        service=service,
        cutoff_h=cutoff_h,
        departs_min=departs_min,
        headway_h=None,
        headway_cv=None,
        unit="",
    )


def when_full(mean_h, cv, *, cutoff_h=0.0, service="AKT-ALT", unit="ferry"):
    return Wait(
        place="KZ-AKT",
        service=service,
        cutoff_h=cutoff_h,
        departs_min=(),
        headway_h=mean_h,
        headway_cv=cv,
        unit=unit,
    )


def storm(share, median_h=24.0, sigma=0.5, *, place="KZ-AKT", unit="caspian", shared=None):
    """A port; `share` is one number for all months, or twelve."""
    shares = share if isinstance(share, tuple) else (share,) * 12
    duration = Duration(median_h=median_h, sigma=sigma)
    return ClosureWait(
        place=place, closed_share=shares, duration=duration, unit=unit, shared=shared
    )


def closed(since, low, likely, high, *, place="KZ-AKT", unit="KZ-AKT@2026-12-01.1"):
    """Closed for a time, all in minutes after READY."""
    return ReopeningWait(
        place=place,
        from_min=READY + since,
        low_min=READY + low,
        likely_min=READY + likely,
        high_min=READY + high,
        unit=unit,
    )


def office(*spans, until=READY + 400 * DAY, place="CN-HOR", name="border_road"):
    """Open in these spans of minutes since READY."""
    table = READY + np.array(spans, dtype=np.int64).reshape(-1, 2)
    openings = Openings(
        opens_min=table[:, 0].copy(), closes_min=table[:, 1].copy(), until_min=until
    )
    return OfficeWait(place=place, office=name, openings=openings)


def plan(*elements, ready_min=READY):
    return ItineraryPlan(ready_min=ready_min, elements=elements)


_names = st.sampled_from(["KZ-AKT", "AZ-ALT", "GE-PTI"])
_durations = st.builds(
    Duration,
    median_h=st.floats(0.0, 100.0),
    sigma=st.floats(0.0, 1.0),
)
activities = st.builds(
    Activity,
    name=st.sampled_from(["run", "border", "transfer"]),
    place=_names,
    kind=st.sampled_from(HoursKind),
    duration=_durations,
    unit=st.sampled_from(["T1", "T2"]),
    shared=st.none()
    | st.builds(luck, st.floats(0.0, 1.0), st.integers(20_000, 20_009), stream=_names),
)
timetable_waits = st.builds(
    lambda place, cutoff_h, gaps: sailings(
        *(READY + sum(gaps[: i + 1]) for i in range(len(gaps))), cutoff_h=cutoff_h, place=place
    ),
    place=_names,
    cutoff_h=st.floats(0.0, 24.0),
    gaps=st.lists(st.integers(0, 7 * DAY), min_size=1, max_size=20),
)
headway_waits = st.builds(
    when_full,
    mean_h=st.floats(1.0, 200.0),
    cv=st.floats(0.0, 3.0),
    cutoff_h=st.floats(0.0, 24.0),
)
steady_storms = st.builds(storm, share=st.floats(0.0, 1.0), median_h=st.floats(0.0, 100.0))
seasonal_storms = st.builds(storm, share=st.tuples(*[st.floats(0.0, 1.0)] * 12))

offices = st.lists(st.integers(1, 5 * DAY), max_size=12).map(
    lambda gaps: office(
        *zip(ends[::2], ends[1::2], strict=False)
        if (ends := [sum(gaps[: i + 1]) for i in range(len(gaps))])
        else (),
        until=READY + 70 * DAY,
    )
)

closures = st.builds(
    lambda since, ends, unit: closed(since, *sorted(ends), unit=unit),
    since=st.integers(-DAY, 5 * DAY),
    ends=st.tuples(*[st.integers(0, 9 * DAY)] * 3),
    unit=st.sampled_from(["A", "B"]),
)

#: Elements in which later cargo never overtakes earlier cargo.
steady_elements = st.one_of(
    activities, timetable_waits, headway_waits, steady_storms, offices, closures
)
elements = st.one_of(steady_elements, seasonal_storms)
plans = st.lists(elements, max_size=8).map(lambda drawn: plan(*drawn))
