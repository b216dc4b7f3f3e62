"""Published lengths of whole ways agree with the sums of links that were not made from them."""

import re

import pytest

import route_lengths
from karvan.adapters.files.cells import values
from karvan.adapters.files.corridor_tables import read_links
from karvan.network.link_attributes import RouteLength
from karvan.network.links import CapacityUnit, Link, LinkStatus, Mode


@pytest.fixture(scope="module")
def links():
    return values(read_links()[0])


@pytest.fixture(scope="module")
def proof():
    return [each for each in route_lengths.comparisons() if not each.row.used_to_set_a_link]


def test_there_are_enough_of_them(proof):
    assert len(proof) >= 12
    assert sum(len(each.chain) >= 3 for each in proof) >= 8


def test_each_agrees_within_five_percent_or_says_why(proof):
    told = {each.row.id: each.difference for each in proof if not each.row.explanation}
    assert {name for name, difference in told.items() if abs(difference) > 0.05} == set()
    assert sum(each.within for each in proof) >= 12


def test_no_link_was_set_to_one(proof, links):
    named = {fact for link in links for fact in link.fact}
    pairs = {(link.from_place, link.to_place) for link in links}
    for each in proof:
        assert not named & set(each.row.fact), each.row.id
        assert (each.row.from_place, each.row.to_place) not in pairs, each.row.id
        assert len(each.chain) > 1, each.row.id


def test_no_link_of_a_chain_has_the_published_figure_in_its_note(proof):
    for each in proof:
        figure = f"{each.row.published_km:g}"
        for link in each.chain:
            assert figure not in re.findall(r"[0-9.]+", link.note), (each.row.id, link.id)


def test_each_published_figure_stands_in_its_fact(proof):
    for each in route_lengths.comparisons():
        text = " ".join(route_lengths_facts(fact) for fact in each.row.fact).replace(",", "")
        nautical = each.row.published_km / 1.852
        figures = {round(float(n)) for n in re.findall(r"[0-9]+(?:\.[0-9]+)?", text)}
        parts = {140, 700} <= figures and each.row.published_km == 840
        wanted = {round(each.row.published_km), round(nautical)}
        assert wanted & figures or parts, each.row.id


def route_lengths_facts(fact):
    name, _, row = fact.partition(":")
    path = route_lengths.ROOT / "facts" / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(f"{row},")]
    return line.removeprefix(f"{row},")


def test_the_page_is_up_to_date(capsys):
    assert route_lengths.main(["--check"]) == 0, capsys.readouterr().err


def link(start, end, km, status=LinkStatus.OPEN):
    return Link(
        id=f"{start}--{end}:rail",
        from_place=start,
        to_place=end,
        mode=Mode.RAIL,
        length_km=km,
        running_h=1.0,
        capacity_unit=CapacityUnit.MT_PER_Y,
        status=status,
    )


def test_the_chain_is_the_shortest_of_open_links_through_the_places_named():
    drawn = [
        link("A", "B", 10.0),
        link("B", "C", 10.0),
        link("A", "C", 5.0, LinkStatus.PLANNED),
        link("A", "D", 30.0),
        link("D", "C", 1.0),
    ]
    way = RouteLength(
        id="x",
        from_place="A",
        to_place="C",
        via=(),
        modes=("rail",),
        counted=("rail",),
        published_km=20.0,
        source=(),
        fact=(),
        used_to_set_a_link=False,
        explanation="",
    )
    assert route_lengths.compare(way, drawn).sum_km == 20.0
    assert [one.id for one in route_lengths.shortest(drawn, "A", "C", ["rail"])] == [
        "A--B:rail",
        "B--C:rail",
    ]
    with pytest.raises(SystemExit):
        route_lengths.shortest(drawn, "C", "A", ["rail"])
