from datetime import date

import pytest

from karvan.network.links import (
    CapacityUnit,
    Link,
    LinkCapacity,
    LinkId,
    LinkStatus,
    Mode,
    find_capacity,
)
from karvan.network.places import PlaceId


def wrep(status, valid_from=None, valid_to=None, **more):
    return Link(
        id=LinkId("AZ-SAN--GE-SUP:pipeline"),
        from_place=PlaceId("AZ-SAN"),
        to_place=PlaceId("GE-SUP"),
        mode=Mode.PIPELINE,
        length_km=829.6,
        running_h=None,
        status=status,
        valid_from=valid_from,
        valid_to=valid_to,
        **more,
    )


@pytest.mark.parametrize("status", [LinkStatus.IDLE, LinkStatus.SUSPENDED, LinkStatus.CLOSED])
def test_an_idle_link_was_open_until_the_day_it_stopped(status):
    stopped = wrep(status, valid_to=date(2022, 3, 1))
    assert stopped.is_open_on(date(2022, 2, 28))
    assert not stopped.is_open_on(date(2022, 3, 1))


def test_an_idle_link_without_a_day_and_a_planned_one_are_never_open():
    assert not wrep(LinkStatus.IDLE).is_open_on(date(2000, 1, 1))
    assert not wrep(LinkStatus.PLANNED, valid_from=date(2020, 1, 1)).is_open_on(date(2030, 1, 1))


def test_an_open_link_begins_on_its_first_day():
    opened = wrep(LinkStatus.OPEN, valid_from=date(2017, 10, 30))
    assert not opened.is_open_on(date(2017, 10, 29))
    assert opened.is_open_on(date(2017, 10, 30))
    assert wrep(LinkStatus.OPEN).is_open_on(date(1999, 4, 17))


def test_the_dated_capacity_wins_over_the_link_s_own():
    unit = CapacityUnit.MT_PER_Y
    link = wrep(LinkStatus.OPEN, capacity=5.0, capacity_unit=unit)
    before = LinkCapacity(
        link=link.id, capacity=1.0, capacity_unit=unit, valid_to=date(2024, 5, 20)
    )

    assert find_capacity(link, [before], date(2024, 5, 19)) == (1.0, unit)
    assert find_capacity(link, [before], date(2024, 5, 20)) == (5.0, unit)
    assert find_capacity(wrep(LinkStatus.OPEN), [], date(2024, 5, 20)) is None
