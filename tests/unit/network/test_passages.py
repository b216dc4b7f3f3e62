"""What happens on board is read off the chain of links, mechanically."""

import pytest

from karvan.domain.errors import NetworkError
from karvan.network.links import Mode
from karvan.network.passages import Event, Run, Tracks, compile_segments
from miniature import CARRIER_OF, links, places, service


def segments(made, *, without=()):
    kept = [link for link in links() if link.id not in without]
    return compile_segments(made, Tracks(kept), places(), CARRIER_OF)


def told(segment):
    """A segment as a dispatcher would write it."""
    lines = []
    for element in segment.elements:
        if isinstance(element, Run):
            lines.append(
                f"run {element.from_place} {element.to_place} {element.carrier}"
                f" {element.distance_km:g} km {element.running_h:g} h"
            )
        else:
            assert isinstance(element, Event)
            lines.append(f"{element.activity} {element.place}")
    return lines


def test_westbound_the_gauge_changes_at_the_1520_side():
    (only,) = segments(service("S", "CN-WST KZ-PRT"))

    assert told(only) == [
        "run CN-WST CN-BRD EAST 450 km 10 h",
        "border-exit CN-BRD",
        "run CN-BRD KZ-BRD STEPPE 12 km 0.4 h",
        "border-entry KZ-BRD",
        "gauge-change KZ-BRD",
        "run KZ-BRD KZ-PRT STEPPE 3000 km 75 h",
    ]
    assert only.countries == ("CN", "KZ")
    assert only.entered == ("EAEU",)


def test_eastbound_the_gauge_changes_at_the_1435_side():
    (only,) = segments(service("S", "KZ-PRT CN-WST"))

    assert told(only) == [
        "run KZ-PRT KZ-BRD STEPPE 3000 km 75 h",
        "border-exit KZ-BRD",
        "run KZ-BRD CN-BRD STEPPE 12 km 0.4 h",
        "border-entry CN-BRD",
        "gauge-change CN-BRD",
        "run CN-BRD CN-WST EAST 450 km 10 h",
    ]


def test_cargo_that_alights_at_the_border_has_crossed_it():
    first, second = segments(service("S", "CN-WST KZ-BRD KZ-PRT"))

    assert told(first)[-2:] == ["border-entry KZ-BRD", "gauge-change KZ-BRD"]
    assert told(second) == ["run KZ-BRD KZ-PRT STEPPE 3000 km 75 h"]


def test_a_border_inside_one_customs_territory_is_no_customs_border():
    (only,) = segments(service("S", "KZ-PRT RU-FAR"))

    assert told(only) == ["run KZ-PRT RU-FAR STEPPE 1000 km 25 h", "union-border RU-FAR"]
    assert only.entered == ()


def test_a_ship_crosses_the_border_at_its_calls():
    (only,) = segments(service("S", "KZ-PRT AZ-PRT", mode=Mode.FEEDER, operator="SHIPS"))

    assert told(only) == [
        "border-exit KZ-PRT",
        "run KZ-PRT AZ-PRT SHIPS 470 km 20 h",
        "border-entry AZ-PRT",
    ]


def test_a_joint_rate_replaces_the_carriers_it_covers():
    (only,) = segments(
        service("S", "CN-WST KZ-PRT", joint_rate={CARRIER_OF["Steppe Rail"]: "JOINT"})
    )

    assert [run.carrier for run in only.runs] == ["EAST", "JOINT", "JOINT"]


def test_a_published_running_time_is_spread_over_the_runs():
    (only,) = segments(service("S", "CN-WST KZ-PRT", running_h={("CN-WST", "KZ-PRT"): 170.8}))

    assert [round(run.running_h, 6) for run in only.runs] == [20.0, 0.8, 150.0]


def test_calls_without_a_line_between_them_are_refused():
    with pytest.raises(NetworkError) as caught:
        segments(service("S", "CN-WST GE-END"))
    assert caught.value.facts == {"from_place": "CN-WST", "to_place": "GE-END"}


def test_a_closed_line_is_not_used():
    with pytest.raises(NetworkError):
        segments(service("S", "KZ-BRD KZ-PRT"), without={"KZ-BRD--KZ-PRT:rail"})


def test_a_segment_knows_every_place_and_link_it_passes():
    (only,) = segments(service("S", "CN-WST KZ-PRT"))

    assert only.passes == {
        *("CN-WST", "CN-BRD", "KZ-BRD", "KZ-PRT"),
        *("CN-WST--CN-BRD:rail", "CN-BRD--KZ-BRD:rail", "KZ-BRD--KZ-PRT:rail"),
    }
