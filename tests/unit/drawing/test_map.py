"""The map: everything is on it once, nothing hides a name, the same network the same bytes."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from karvan.adapters.drawing.colours import PALETTES
from karvan.adapters.drawing.frame import Frame
from karvan.adapters.drawing.ground import shapes
from karvan.adapters.drawing.labels import short_name, text_width
from karvan.adapters.drawing.lines import CLASS_LIMITS_MT, CLASS_WIDTHS_PX, lines_of, width_class
from karvan.adapters.drawing.map_svg import SvgDrawer
from karvan.adapters.drawing.sea_ways import sea_points, sea_way
from karvan.adapters.drawing.symbols import Shape, shape_of
from karvan.domain.errors import InvalidInput
from karvan.network.links import LinkStatus, Mode
from karvan.services.drawing import LOOK_OF, Look, MapRequest, Theme, parse_area, parse_modes

DAY = date(2026, 11, 21)
SVG = "{http://www.w3.org/2000/svg}"
AREAS = ("corridor", "caspian", "world")


def tree(picture):
    return ET.fromstring(picture.svg)


def linked(picture):
    return Counter(
        link for node in tree(picture).iter() for link in node.get("data-links", "").split()
    )


@pytest.mark.parametrize("modes", [None, "rail", "ferry,tanker", "pipeline,road"])
def test_every_link_of_the_modes_asked_is_drawn_once_on_the_map_of_the_world(drawn, network, modes):
    more = {} if modes is None else {"modes": parse_modes(modes)}
    wanted = more.get("modes", frozenset(Mode))

    found = linked(drawn("world", **more))

    assert found == Counter(link.id for link in network.links.values() if link.mode in wanted)


def test_lines_that_are_not_open_are_drawn_apart(drawn, network):
    nodes = [node for node in tree(drawn("world")).iter() if node.get("data-links")]
    pale = {link for n in nodes if n.get("data-state") for link in n.get("data-links").split()}

    closed = {link.id for link in network.links.values() if not link.is_open_on(DAY)}

    assert pale == {
        link
        for link in closed
        if network.links[link].reverse_of is None or network.links[link].reverse_of in closed
    }
    assert all(len(node.findall(f"{SVG}path")) == 1 for node in nodes if node.get("data-state"))


@pytest.mark.parametrize("area", AREAS)
def test_every_place_in_the_area_has_one_mark(drawn, network, area):
    bounds = parse_area(area)
    marks = Counter(node.get("data-place") for node in tree(drawn(area)).iter())
    del marks[None]

    inside = {
        place.id
        for place in network.places.values()
        if bounds.west_deg <= place.lon_deg <= bounds.east_deg
        and bounds.south_deg <= place.lat_deg <= bounds.north_deg
    }

    assert inside <= set(marks)
    assert set(marks.values()) == {1}


def test_a_map_of_some_modes_has_the_places_these_lines_touch(drawn, network):
    marks = {
        node.get("data-place") for node in tree(drawn("world", modes=parse_modes("roro"))).iter()
    }

    ends = {
        end
        for link in network.links.values()
        if link.mode is Mode.RORO
        for end in (link.from_place, link.to_place)
    }

    assert marks - {None} == ends


def boxes(picture):
    """Boxes of all names, with the widths the text has at most."""
    found = []
    for node in tree(picture).iter(f"{SVG}text"):
        style = node.get("class")
        if "halo" in style and ("name" in style or "water" in style):
            size = 14 if "water" in style else 13 if "bold" in style else 12
            width = text_width(node.text, size, bold="bold" in style)
            x, y = float(node.get("x")), float(node.get("y"))
            found.append((node.text, x, y - 0.78 * size, x + width, y + 0.24 * size))
    return found


@pytest.mark.parametrize("area", AREAS)
def test_no_two_names_overlap_and_none_leaves_the_map(drawn, area):
    picture = drawn(area)
    frame = Frame.of(parse_area(area), picture.width_px)
    found = boxes(picture)

    assert len(found) >= picture.labels > 40
    for i, (_, a, b, c, d) in enumerate(found):
        assert a >= 0
        assert c <= frame.width_px
        assert b >= 0
        assert d <= frame.height_px
        for _, e, f, g, h in found[i + 1 :]:
            assert not (a < g and e < c and b < h and f < d)


@pytest.mark.parametrize("area", AREAS)
def test_what_is_not_named_is_told(drawn, area):
    picture = drawn(area)
    named = {node.get("data-label") for node in tree(picture).iter()} - {None}
    marks = {node.get("data-place") for node in tree(picture).iter()} - {None}

    assert set(picture.unlabelled) == marks - named
    assert len(marks) == picture.places == len(named) + len(picture.unlabelled)


@pytest.mark.parametrize("area", ["corridor", "caspian"])
def test_the_ports_of_the_caspian_are_named(drawn, area):
    named = {node.get("data-label") for node in tree(drawn(area)).iter()}
    assert {"KZ-AKT", "KZ-KUR", "AZ-ALT", "TM-KRW"} <= named


@pytest.mark.parametrize("theme", Theme)
def test_the_picture_is_self_contained_text(drawn, theme):
    picture = drawn("caspian", theme=theme)
    root = tree(picture)
    tags = {node.tag.removeprefix(SVG) for node in root.iter()}

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    assert root.find(f"{SVG}title").text
    assert root.find(f"{SVG}desc").text
    assert tags.isdisjoint({"script", "image", "foreignObject", "use", "a", "filter"})
    assert re.findall(r"https?://[^\"']+", picture.svg) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"url\(([^)]*)\)", picture.svg) == ["#sheet"]
    assert "Aktau" in "".join(root.itertext())


def test_the_foot_names_day_and_network(drawn, network):
    words = [node.text for node in tree(drawn("corridor")).iter(f"{SVG}text")]
    assert any("21 Nov 2026" in w and network.hashes.network in w for w in words)
    assert any(w.startswith("Source: ") and "Natural Earth" in w for w in words)


def test_the_order_of_the_tables_does_not_show(network, drawn):
    turned = replace(
        network,
        places=dict(reversed(network.places.items())),
        links=dict(reversed(network.links.items())),
        services=dict(reversed(network.services.items())),
    )
    again = SvgDrawer().draw(turned, MapRequest(day=DAY, area=parse_area("caspian")))
    assert again.svg == drawn("caspian").svg


def test_more_capacity_is_never_thinner():
    assert list(CLASS_LIMITS_MT) == sorted(CLASS_LIMITS_MT)
    assert list(CLASS_WIDTHS_PX) == sorted(set(CLASS_WIDTHS_PX))
    assert len(CLASS_WIDTHS_PX) == len(CLASS_LIMITS_MT) + 1 == 6
    amounts = [0.0, *(x for limit in CLASS_LIMITS_MT for x in (limit - 0.01, limit)), 500.0]
    classes = [width_class(amount) for amount in amounts]
    assert all(a <= b for a, b in pairwise(classes))
    assert [width_class(amount) for amount in (0, 0.99, 1, 3, 9.9, 10, 25, 59, 60, 150)] == [
        *(0, 0, 1, 2, 2, 3, 4, 4, 5, 5)
    ]


def test_a_ferry_carries_what_its_voyages_hold(network):
    """By hand: 8760 / 84 voyages of 54 wagons of 60 t, both ways: 0.676 Mt a year."""
    lines = lines_of(network, {Mode.RAIL_FERRY}, DAY)
    crossing = next(line for line in lines if {line.start, line.end} == {"KZ-AKT", "AZ-ALT"})
    sailings = [
        each
        for each in network.services.values()
        if each.mode is Mode.RAIL_FERRY and set(each.boarding_calls) == {"KZ-AKT", "AZ-ALT"}
    ]
    by_hand = sum(8760 / each.headway_h * each.capacity * 60 / 1e6 for each in sailings)
    assert crossing.capacity_mt_per_y == pytest.approx(by_hand)


def test_a_closed_link_is_drawn_as_not_open(network):
    link = next(each for each in network.links.values() if each.status is LinkStatus.OPEN)
    closed = {link.id: "storm", link.reverse_of: "storm"}
    lines = lines_of(replace(network, closed=closed), frozenset(Mode), DAY)
    assert not next(line for line in lines if link.id in line.links).open


def test_each_mode_has_a_look_and_each_look_a_colour():
    assert set(LOOK_OF) == set(Mode)
    for palette in PALETTES.values():
        assert set(palette.looks) == set(Look)


def test_shapes_follow_the_kind_of_a_place(network):
    wanted = {
        "KZ-AKT": Shape.PORT,
        "CN-URC": Shape.TERMINAL,
        "KZ-BEY": Shape.JUNCTION,
        "KZ-DOS": Shape.BORDER,
        "TR-KRS": Shape.BORDER,
        "TR-CEY": Shape.OIL,
        "KZ-KASHAG": Shape.FIELD,
    }
    assert {id_: shape_of(network.places[id_]) for id_ in wanted} == wanted


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Tbilisi (marshalling yard)", "Tbilisi"),
        ("Malaszewicze / Terespol", "Malaszewicze"),
        ("Kropotkinskaya pump station", "Kropotkinskaya"),
        ("Port", "Port"),
    ],
)
def test_a_name_loses_what_its_mark_tells(name, short):
    assert short_name(name) == short


def test_ships_keep_to_the_straits(network):
    """Poti to Mersin passes the Bosphorus and the Dardanelles, not Anatolia."""
    where, _ = sea_points()
    way = sea_way(network.places["GE-POT"], network.places["TR-MER"])
    assert {where["bosphorus"], where["dardanelles"]} <= set(way)


def test_every_link_at_sea_has_a_way_over_the_points(network):
    inland = {"EG-PSD--EG-SUZ:canal", "EG-SUZ--EG-PSD:canal"}
    inland |= {"TR-TAT--TR-VAN:rail_ferry", "TR-VAN--TR-TAT:rail_ferry"}
    straight = {
        link.id
        for link in network.links.values()
        if LOOK_OF[link.mode] in {Look.SEA, Look.FERRY}
        and len(sea_way(network.places[link.from_place], network.places[link.to_place])) == 2
    }
    assert straight == inland


def test_points_of_the_sea_are_joined_to_points_and_places_that_exist(network):
    where, joins = sea_points()
    assert set(joins) <= set(where) | set(network.places)


def test_the_ground_has_land_lakes_and_borders_inside_the_globe():
    kinds = Counter(shape.kind for shape in shapes())
    assert set(kinds) == {"land", "lake", "border"}
    assert all(-90 <= y <= 90 and -361 <= x <= 361 for s in shapes() for x, y in s.points)


def test_an_area_without_places_is_an_empty_map(drawn):
    picture = drawn("-40,-30,-20,-10", modes=parse_modes("rail"))
    assert (picture.places, picture.lines, picture.labels) == (0, 0, 0)
    tree(picture)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "asia",
        "1,2,3",
        "50,40,40,50",
        "0,0,0.5,50",
        "a,b,c,d",
        "nan,0,10,10",
        "-200,0,10,10",
        "0,-90,10,10",
    ],
)
def test_a_bad_area_is_refused(text):
    with pytest.raises(InvalidInput):
        parse_area(text)


@pytest.mark.parametrize("width", [0, -1, 1199, 6001])
def test_a_width_out_of_range_is_refused(width):
    with pytest.raises(InvalidInput):
        MapRequest(day=DAY, width_px=width)


def test_a_word_that_is_no_mode_is_refused():
    assert parse_modes("ferry, road") == {Mode.RAIL_FERRY, Mode.RORO, Mode.ROAD}
    with pytest.raises(InvalidInput) as caught:
        parse_modes("rail,boat")
    assert caught.value.facts["given"] == "boat"


def test_the_legend_has_the_modes_that_are_on_the_map(drawn):
    words = {node.text for node in tree(drawn("caspian", modes=parse_modes("ferry"))).iter()}
    assert "Ferry, ro-ro" in words
    assert not {"Rail", "Road", "Oil pipeline"} & words


def test_the_widest_map_of_the_smallest_area_can_be_drawn(drawn):
    picture = drawn("51,43,52,44", width_px=6000)
    assert picture.places == picture.labels > 2
