"""Timetables that another program publishes with their answers: the same ways, times and costs."""

import tomllib
from itertools import groupby
from pathlib import Path

import pytest

from karvan.engines.routing.front import search_front
from karvan.engines.routing.reference import search_front_reference
from routing_text import HOUR, Board, minute

FILE = Path(__file__).parents[2] / "data" / "published_timetables.toml"
TIMETABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))["timetable"]


def answers(published, search):
    """What the other program would say: arrival, cost and way of each that no other beats."""
    board = Board(
        published["board"],
        prices=published["prices"],
        handling=published["boarding"],
        handling_h=published.get("handling_s", 0) / HOUR,
    )
    case = board.ask(published["from"], published.get("to", "home"), published.get("ready", "0:00"))
    found = []
    for way in case.answer(search).itineraries:
        arrives = way.arrives_min - published.get("too_late_s", 0)
        waited = arrives - minute(published["first"])
        cost = way.price_micro - published["too_much"] + waited
        if not found or cost < found[-1][1]:
            taken = [board.segments[board.connections.segment[c]][0] for c in way.connections]
            found.append([arrives, cost, " ".join(name for name, _ in groupby(taken))])
    return found


@pytest.mark.parametrize("search", [search_front, search_front_reference])
@pytest.mark.parametrize("published", TIMETABLES, ids=lambda each: each["name"])
def test_the_answers_are_those_that_are_published(published, search):
    expected = [[minute(at), cost, way] for at, cost, way in published["answers"]]

    assert answers(published, search) == expected


def test_every_timetable_says_which_file_it_is_of():
    assert len({each["file"] for each in TIMETABLES}) == len(TIMETABLES) == 6
