"""The shortest ways over links, on a network of a hand's breadth."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from karvan.domain.errors import InvalidInput, NoRoute
from karvan.network.links import Link, LinkStatus, Mode
from karvan.services.network_paths import Measure, find_paths

DAY = date(2026, 11, 21)


def link(ends, mode, length_km, running_h):
    start, end = ends
    return Link(
        id=f"{start}--{end}:{mode.value}",
        from_place=start,
        to_place=end,
        mode=mode,
        length_km=length_km,
        running_h=running_h,
    )


LINKS = (
    link("AB", Mode.RAIL, 10.0, 1.0),
    link("BC", Mode.RAIL, 10.0, 1.0),
    link("AC", Mode.ROAD, 25.0, 0.5),
    link("AC", Mode.PIPELINE, 15.0, None),
    link("CD", Mode.RAIL_FERRY, 5.0, 9.0),
)


class Net:
    """What the search reads of a network."""

    def __init__(self, links=LINKS):
        self.links = MappingProxyType({each.id: each for each in links})
        self.places = dict.fromkeys("ABCDE")


def told(found):
    return [
        (
            path.length_km,
            path.running_h,
            [f"{x.from_place}{x.to_place} {x.mode}" for x in path.links],
        )
        for path in found
    ]


def ways(origins, destinations, *, net=None, measure=Measure.KM, k=5, modes=()):
    found = find_paths(
        net or Net(), [*origins], [*destinations], day=DAY, measure=measure, k=k, modes=modes
    )
    return told(found)


def test_the_shortest_comes_first_and_a_pipeline_only_when_named():
    assert ways("A", "C") == [(20.0, 2.0, ["AB rail", "BC rail"]), (25.0, 0.5, ["AC road"])]
    assert ways("A", "C", modes=[Mode.PIPELINE]) == [(15.0, None, ["AC pipeline"])]


def test_the_quickest_is_another_way_than_the_shortest():
    found = ways("A", "C", measure=Measure.HOURS, modes=list(Mode))

    assert found == [(25.0, 0.5, ["AC road"]), (20.0, 2.0, ["AB rail", "BC rail"])]


def test_a_way_begins_at_one_member_of_a_city_and_passes_no_other():
    assert ways("AB", "CD", k=9) == [(10.0, 1.0, ["BC rail"]), (25.0, 0.5, ["AC road"])]


def test_a_link_out_of_service_is_not_used():
    closed = (replace(LINKS[0], status=LinkStatus.SUSPENDED), *LINKS[1:])
    later = (replace(LINKS[0], valid_from=date(2027, 1, 1)), *LINKS[1:])

    for links in (closed, later):
        assert ways("A", "C", net=Net(links)) == [(25.0, 0.5, ["AC road"])]


def test_no_way_is_an_error_that_says_what_was_open():
    with pytest.raises(NoRoute) as caught:
        ways("A", "D", modes=[Mode.RAIL])
    assert caught.value.facts["modes"] == ["rail"]
    with pytest.raises(NoRoute):
        ways("E", "A")


@pytest.mark.parametrize(("origins", "destinations", "k"), [("AB", "BC", 5), ("A", "C", 0)])
def test_a_question_that_cannot_be_is_refused(origins, destinations, k):
    with pytest.raises(InvalidInput):
        ways(origins, destinations, k=k)


def test_a_way_is_cut_into_stages_where_the_mode_changes():
    (first, *_) = find_paths(Net(), ["A"], ["D"], day=DAY, measure=Measure.KM, k=1)

    assert told(first.stages()) == [
        (20.0, 2.0, ["AB rail", "BC rail"]),
        (5.0, 9.0, ["CD rail_ferry"]),
    ]
