"""`karvan network paths` on the shipped corridor."""

import json
from itertools import pairwise

import pytest

from karvan.interfaces.cli import app
from karvan.interfaces.wiring import Wiring


@pytest.fixture
def karvan(published, capsys, tmp_path, now):
    class Tables:
        def load(self, folder=None):
            assert folder is None
            return published

    def run(*arguments):
        wiring = Wiring(tables=Tables(), clock=lambda: now, environment={}, folder=tmp_path)
        status = app.run(("network", "paths", *arguments), wiring)
        return status, capsys.readouterr()

    return run


def test_the_ways_join_up_and_get_no_shorter(karvan, published):
    status, told = karvan("CN-XIA", "TR-IST", "--k", "8", "--json")

    answer = json.loads(told.out)
    assert (status, answer["from"], answer["to"]) == (0, "CN-XIA", "TR-IST")
    assert len({tuple(link["id"] for link in path["links"]) for path in answer["paths"]}) == 8
    lengths = [path["length_km"] for path in answer["paths"]]
    assert lengths == sorted(lengths)
    for path in answer["paths"]:
        links = [published.network.links[link["id"]] for link in path["links"]]
        assert path["places"] == [links[0].from_place, *(link.to_place for link in links)]
        assert all(a.to_place == b.from_place for a, b in pairwise(links))
        assert path["places"][-1] in published.network.cities["TR-IST"].members
        assert path["length_km"] == pytest.approx(sum(x.length_km for x in links), abs=0.05)


def test_the_quickest_by_rail_is_longer_than_the_shortest_by_any_mode(karvan):
    by_hours = json.loads(karvan("KZ-ALM", "GE-POT", "--by", "hours", "--json")[1].out)["paths"]
    by_km = json.loads(karvan("KZ-ALM", "GE-POT", "--json")[1].out)["paths"]

    assert by_hours[0]["running_h"] <= by_km[0]["running_h"]
    assert by_km[0]["length_km"] <= by_hours[0]["length_km"]
    rail = json.loads(karvan("KZ-ALM", "GE-POT", "--mode", "rail", "--json")[1].out)["paths"]
    assert {link["mode"] for path in rail for link in path["links"]} == {"rail"}


def test_the_page_names_places_modes_and_what_is_left_out(karvan):
    status, told = karvan("Ақтау", "Alat", "--k", "1")

    assert status == 0
    assert "Aktau port, Alat port" in told.out
    assert "without borders, handling and waits" in told.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("KZ-ALM", "Nowhere"), "no place"),
        (("KZ-ALM", "Almaty"), "same place"),
        (("KZ-ALM", "GE-POT", "--mode", "boat"), "no such mode"),
        (("KZ-ALM", "GE-POT", "--mode", "pipeline"), "no way over open links"),
        (("KZ-ALM", "GE-POT", "--k", "0"), "--k"),
        (("KZ-ALM", "GE-POT", "--by", "money"), "--by"),
    ],
)
def test_wrong_input_ends_with_2_and_says_why(karvan, arguments, code):
    status, told = karvan(*arguments)

    assert status == 2
    assert code in told.err
    assert told.out == ""
