"""What happens on the way, on the shipped tables: offices that are shut, luck in common."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from karvan.domain.instants import from_minutes
from karvan.network.activities import Activity, ClosureWait, OfficeWait, Wait
from karvan.network.opening_hours import HoursActivity
from karvan.services.quoting.corridor import compile_corridor
from karvan.services.quoting.plans import Planner
from karvan.services.quoting.trace import Leg


@pytest.fixture(scope="module")
def corridor(published):
    return compile_corridor(published.network, datetime(2026, 11, 21, tzinfo=UTC).date())


def legs(corridor, wanted, *, mode=None):
    """A leg of every departure that a test wants to look at, over its first segment."""
    for c, s in enumerate(corridor.connections.segment.tolist()):
        segment = corridor.segments[s]
        departure = corridor.departures[corridor.departure_of[c]]
        if wanted(segment, departure) and (mode is None or segment.mode == mode):
            yield Leg(
                service=corridor.network.services[departure.service],
                departure=departure,
                segments=(segment,),
                indices=(s,),
                timed=(corridor.timed[s],),
                systems=(0,),
                departs_min=int(corridor.connections.departs_min[c]),
                arrives_min=int(corridor.connections.arrives_min[c]),
            )


def of_kind(elements, kind):
    return [element for element in elements if isinstance(element, kind)]


def test_planned_trains_pass_the_tunnel_at_night(corridor):
    """Freight passes Marmaray from 00:00 to 05:00; the plan says so to the minute."""
    zone = ZoneInfo("Europe/Istanbul")
    found = list(
        legs(corridor, lambda s, _: any(getattr(e, "activity", "") == "slot" for e in s.elements))
    )[:60]
    assert found
    for leg in found:
        at = leg.departs_min
        for each in leg.timed[0]:
            if getattr(each.element, "activity", "") == "slot":
                assert from_minutes(int(each.openings.next_min(at))).astimezone(zone).hour < 5
        elements = Planner(corridor).plan([leg], leg.departs_min - 3000).elements
        (tunnel,) = [e for e in of_kind(elements, OfficeWait) if e.office == "tunnel"]
        assert tunnel.place == "TR-MMY"
        assert not [e for e in of_kind(elements, Activity) if e.name == "slot"]


def test_lorries_wait_for_the_border_on_the_holidays_of_both_countries(corridor):
    office = corridor.offices.find("KZ-KHG", HoursActivity.BORDER_ROAD)
    zone = ZoneInfo("Asia/Almaty")

    def opens(text):
        at = int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) // 60
        return from_minutes(int(office.next_min(at))).astimezone(zone).isoformat()[:16]

    assert opens("2026-12-16T00:00") == "2026-12-17T00:00"  # Independence Day of Kazakhstan
    assert opens("2026-12-15T23:59") == "2026-12-15T23:59"
    assert opens("2027-01-01T10:00") == "2027-01-03T00:00"  # New Year, two days
    assert opens("2027-02-05T01:00") == "2027-02-09T00:00"  # Spring Festival of China
    assert corridor.offices.find("KZ-ALT", HoursActivity.BORDER_RAIL) is None


def test_goods_that_leave_wait_for_the_customs_office_of_their_origin(corridor):
    terminals = {p.id for p in corridor.network.places.values() if p.kind == "rail_terminal"}
    abroad = next(legs(corridor, lambda s, _: s.entered and s.from_place in terminals))
    inland = next(legs(corridor, lambda s, _: not s.entered, mode="rail"))
    origin = abroad.from_place
    zone = ZoneInfo(corridor.network.places[origin].time_zone)
    saturday = int(datetime(2026, 12, 5, 12, tzinfo=UTC).timestamp()) // 60

    first = Planner(corridor).plan([abroad], saturday).elements[0]
    plants = Planner(corridor).plan([abroad], saturday, plants=True).elements[:2]

    assert (first.place, first.office) == (origin, "customs")
    monday = from_minutes(int(first.openings.next_min(saturday)))
    assert monday == datetime(2026, 12, 7, 9, tzinfo=zone)
    assert [each.office for each in plants] == ["phyto", "customs"]
    assert not of_kind(Planner(corridor).plan([inland], saturday).elements, OfficeWait)


def test_grain_waits_for_daylight_at_the_chinese_border(corridor):
    leg = next(
        legs(
            corridor,
            lambda s, _: any(
                getattr(e, "activity", "").startswith("border") and e.place == "KZ-ALT"
                for e in s.elements
            ),
        )
    )

    waits = of_kind(Planner(corridor).plan([leg], 0, plants=True).elements, OfficeWait)

    assert ("KZ-ALT", "phyto") in {(wait.place, wait.office) for wait in waits}


def test_a_ship_and_its_ports_are_under_one_weather(corridor):
    leg = next(legs(corridor, lambda s, _: (s.from_place, s.to_place) == ("KZ-AKT", "AZ-ALT")))

    elements = Planner(corridor).plan([leg], leg.departs_min - 3000).elements

    leaving, arriving = of_kind(elements, ClosureWait)
    crossing = next(e for e in of_kind(elements, Activity) if e.name == "run")
    assert (leaving.shared.stream, leaving.shared.share) == ("aktau", 1.0)
    assert (arriving.shared.stream, arriving.shared.share) == ("alat", 1.0)
    assert (crossing.shared.stream, crossing.shared.share) == ("aktau", 0.5)
    transfer = next(e for e in of_kind(elements, Activity) if e.name == "transfer")
    assert transfer.shared.stream == "anywhere:KZ-AKT"


def test_a_plan_is_the_same_made_alone_or_after_others(corridor):
    chosen = list(legs(corridor, lambda s, _: bool(s.entered)))[::500]
    planner = Planner(corridor)

    for leg in (*chosen, *chosen):
        ready_min = leg.departs_min - 2000
        assert planner.plan([leg], ready_min) == Planner(corridor).plan([leg], ready_min)


def test_every_element_says_its_leg_and_whether_it_is_an_estimate(corridor):
    leg = next(legs(corridor, lambda s, _: bool(s.entered)))

    plan = Planner(corridor).plan([leg, leg], leg.departs_min - 2000)

    assert len(plan.notes) == len(plan.elements)
    assert sorted({note.leg for note in plan.notes}) == [0, 1]
    assert len(of_kind(plan.elements, Wait)) == 2
