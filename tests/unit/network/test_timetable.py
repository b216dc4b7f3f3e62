"""Patterns become departures: a pure function of patterns, day and number of days."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from karvan.domain.instants import from_minutes
from karvan.network.patterns import ServiceStatus
from karvan.network.timetable import departures
from miniature import places, service

DAY = date(2026, 12, 3)  # a Thursday


def test_published_days_keep_their_local_time():
    friday = service("S", "CN-WST KZ-PRT", days=(4,), departs_local=time(18, 0))

    made = departures([friday], places(), DAY, 15)

    assert [d.id for d in made] == ["S@2026-12-04.1", "S@2026-12-11.1"]
    assert [from_minutes(d.departs_min) for d in made] == [
        datetime(2026, 12, 4, 10, 0, tzinfo=UTC),  # 18:00 in Shanghai
        datetime(2026, 12, 11, 10, 0, tzinfo=UTC),
    ]
    assert not any(d.nominal for d in made)


def test_a_clock_change_moves_the_instant_and_not_the_clock():
    """Europe leaves summer time on 2026-10-25; 18:00 stays 18:00."""
    zones = places()
    here = zones["RU-FAR"]
    zones["RU-FAR"] = type(here)(
        **{f: getattr(here, f) for f in here.__slots__} | {"time_zone": "Europe/Paris"}
    )
    weekly = service("S", "RU-FAR KZ-PRT", days=(6,), departs_local=time(18, 0))

    made = departures([weekly], zones, date(2026, 10, 18), 14)

    assert [from_minutes(d.departs_min).hour for d in made] == [16, 17]
    paris = ZoneInfo("Europe/Paris")
    assert {from_minutes(d.departs_min).astimezone(paris).hour for d in made} == {18}


@given(
    headway=st.floats(1.0, 400.0),
    start=st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    days=st.integers(1, 60),
)
def test_nominal_departures_are_evenly_spaced_whatever_day_is_asked(headway, start, days):
    nominal = service("S", "CN-WST KZ-PRT", headway_h=headway)

    made = departures([nominal], places(), start, days)
    longer = departures([nominal], places(), start, days + 30)

    assert [d.id for d in longer[: len(made)]] == [d.id for d in made]
    gaps = {
        round(b.departs_min - a.departs_min - headway * 60) for a, b in itertools.pairwise(made)
    }
    assert gaps <= {-1, 0, 1}
    assert abs(len(made) - days * 24 / headway) <= 1.5
    zone = ZoneInfo("Asia/Shanghai")
    for d in made:
        local = from_minutes(d.departs_min).astimezone(zone).date()
        assert start <= local < start + timedelta(days=days)
        assert d.id.startswith(f"S@{local.isoformat()}.")


@given(start=st.dates(date(2026, 1, 1), date(2027, 1, 1)), shift=st.integers(0, 40))
def test_a_nominal_departure_does_not_depend_on_the_day_of_asking(start, shift):
    nominal = service("S", "CN-WST KZ-PRT", headway_h=31.0)

    early = {d.id: d for d in departures([nominal], places(), start, 60)}
    late = departures([nominal], places(), start + timedelta(days=shift), 10)

    assert all(early[d.id] == d for d in late)


def test_ids_count_within_a_day():
    often = service("S", "CN-WST KZ-PRT", headway_h=8.0)

    made = departures([often], places(), DAY, 2)

    assert [d.id.partition("@")[2] for d in made] == [
        f"{day}.{n}" for day in ("2026-12-03", "2026-12-04") for n in (1, 2, 3)
    ]


def test_what_does_not_run_has_no_departures():
    for status in (ServiceStatus.SUSPENDED, ServiceStatus.PLANNED):
        assert departures([service("S", "CN-WST KZ-PRT", status=status)], places(), DAY) == ()


def test_a_seasonal_service_runs_in_its_months_only():
    grain = service("S", "CN-WST KZ-PRT", headway_h=24.0, months=(1, 12))

    made = departures([grain], places(), date(2026, 11, 25), 100)

    zone = ZoneInfo("Asia/Shanghai")
    assert {from_minutes(d.departs_min).astimezone(zone).month for d in made} == {12, 1}
