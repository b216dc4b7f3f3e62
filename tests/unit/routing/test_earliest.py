"""The earliest arrival, against every way there is, the front, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.earliest import LONGEST_MIN, compile_departures, find_earliest
from karvan.engines.routing.front import search_front
from routing_cases import Case, cases, replay, sequences
from routing_text import Board, day_and_hour

EXAMPLES = settings(max_examples=200, deadline=None)


def earliest(case: Case, **changes):
    query = {
        "origins": case.query.origins,
        "destinations": case.query.destinations,
        "ready_min": case.query.ready_min,
        "latest_departure_min": case.query.latest_departure_min,
    }
    table = compile_departures(case.segments, case.connections, case.times)
    return find_earliest(table, **query | changes)


def plain_reference(case: Case) -> int | None:
    """Relax every connection again and again until nothing changes."""
    table, times, segments = case.connections, case.times, case.segments
    gate = times.transfer_min.shape[1] - 1
    on_board: set[int] = set()
    while True:
        before = len(on_board)
        for c in range(table.segment.size):
            s = table.segment[c]
            here, mode = segments.from_place[s], segments.mode[s]
            handed = [
                case.query.ready_min + times.transfer_min[place, gate, mode]
                for place in case.query.origins
                if place == here and times.transfer_min[place, gate, mode] >= 0
            ]
            for b in on_board:
                arriving = segments.mode[table.segment[b]]
                minutes = times.transfer_min[here, arriving, mode]
                if segments.to_place[table.segment[b]] == here and minutes >= 0:
                    handed.append(table.arrives_min[b] + minutes)
            boards = min(handed, default=10**9) + times.cutoff_min[segments.service[s]]
            in_time = case.query.ready_min <= table.departs_min[c]
            in_time &= table.departs_min[c] <= case.query.latest_departure_min
            if in_time and (boards <= table.departs_min[c] or table.previous[c] in on_board):
                on_board.add(c)
        if len(on_board) == before:
            break
    arrivals = [
        int(table.arrives_min[c] + times.transfer_min[place, segments.mode[s], gate])
        for c in on_board
        for s in [table.segment[c]]
        for place in [segments.to_place[s]]
        if place in case.query.destinations
        and times.transfer_min[place, segments.mode[s], gate] >= 0
    ]
    return min(arrivals, default=None)


@EXAMPLES
@given(cases())
def test_the_plain_reference_and_the_front_arrive_at_the_same_minute(case):
    """With the rules lifted the front has no reason to arrive later."""
    found = earliest(case)
    front = case.answer(search_front, criteria=2, lift_rules=True).itineraries

    assert (found and found.arrives_min) == plain_reference(case)
    assert (found and found.arrives_min) == min((i.arrives_min for i in front), default=None)


@EXAMPLES
@given(cases())
def test_the_way_can_be_gone_and_arrives_when_it_says(case):
    found = earliest(case)
    if found is None:
        for way in sequences(case):
            with pytest.raises(AssertionError):
                replay(case, way, (0,) * len(way), lift_rules=True)
        return
    national = (0,) * len(found.connections)
    gone = replay(case, found.connections, national, lift_rules=True)

    assert gone.arrives_min == found.arrives_min
    assert (gone.origin, gone.destination) == (found.origin, found.destination)


@EXAMPLES
@given(cases(), st.integers(-2_000_000_000_000, 2_000_000_000_000))
def test_another_calendar_gives_the_same_way(case, shift):
    """Minutes since 1970 or since any other day."""
    table = case.connections
    moved = replace(
        case,
        connections=replace(
            table, departs_min=table.departs_min + shift, arrives_min=table.arrives_min + shift
        ),
    )
    found = earliest(
        moved,
        ready_min=case.query.ready_min + shift,
        latest_departure_min=case.query.latest_departure_min + shift,
    )
    expected = earliest(case)

    assert (found and found.connections) == (expected and expected.connections)
    assert (found and found.arrives_min) == (expected and expected.arrives_min + shift)


@EXAMPLES
@given(cases(), st.integers(1, 10))
def test_ready_later_never_arrives_sooner(case, later):
    found = earliest(case, ready_min=case.query.ready_min + later)
    before = earliest(case)

    assert found is None or (before is not None and before.arrives_min <= found.arrives_min)


def told(board, case):
    found = earliest(case)
    if found is None:
        return "no way"
    way = [board.places[found.origin]]
    for c in found.connections:
        service, _, _, end = board.segments[board.connections.segment[c]]
        way += [service, day_and_hour(int(board.connections.departs_min[c])), end]
    return f"{day_and_hour(found.arrives_min)}  {' '.join(way)}"


def test_who_stays_on_board_needs_no_handling():
    """In B the train stops for one hour; handling takes four, and closing three."""
    text = "train rail A 1/08 > 1/10 B 1/11 > 1/12 C"
    board = Board(text, cutoff_h={"train": 3}, handling_h=4)

    assert told(board, board.ask("A", "C")) == "1/16  A train 1/08 B train 1/11 C"


def test_the_first_to_arrive_is_not_always_the_one_to_catch_the_ferry():
    """By rail at 10 and eight hours of handling, by road at 14 and none."""
    text = "train rail A 1/08 > 1/10 B\nlorry road A 1/08 > 1/14 B\nferry sea B 1/16 > 2/00 C"
    board = Board(text)
    case = board.ask("A", "C")
    place, rail, sea = board.places.index("B"), board.modes.index("rail"), board.modes.index("sea")
    case.times.transfer_min[place, rail, sea] = 8 * 60

    assert told(board, case) == "2/00  A lorry 1/08 B ferry 1/16 C"


def test_a_later_departure_may_overtake():
    text = "slow rail A 1/08 > 3/00 B\nfast rail A 1/20 > 2/00 B"
    board = Board(text)

    assert told(board, board.ask("A", "B")) == "2/00  A fast 1/20 B"


def test_a_way_past_the_latest_departure_is_none():
    board = Board("train rail A 1/08 > 1/10 B 1/11 > 1/12 C")
    case = board.ask("A", "C")

    assert earliest(case, latest_departure_min=11 * 60) is not None
    assert earliest(case, latest_departure_min=11 * 60 - 1) is None
    assert earliest(case, latest_departure_min=-(2**60)) is None


def test_a_timetable_without_departures_has_no_way():
    case = Board("train rail A 1/08 > 1/10 B").ask("A", "B")
    nothing = {
        name: getattr(case.connections, name)[:0]
        for name in ("segment", "departs_min", "arrives_min", "previous")
    }

    assert earliest(replace(case, connections=replace(case.connections, **nothing))) is None


BOARD = Board("train rail A 1/08 > 1/10 B 1/11 > 1/12 C")


@pytest.mark.parametrize(
    ("part", "column", "value", "named"),
    [
        ("segments", "mode", np.array([0, 7], np.int32), "mode: range 0 to 0"),
        ("segments", "from_place", np.array([0, -1], np.int32), "from_place: range 0 to 2"),
        ("segments", "to_place", np.array([1, 2]), "to_place: type or shape"),
        ("connections", "departs_min", np.array([480.0, 660.0]), "departs_min: type or shape"),
        ("connections", "departs_min", np.array([480, 2**60]), "departs_min: range"),
        ("connections", "segment", np.array([0, 2], np.int32), "segment: range 0 to 1"),
        ("times", "cutoff_min", np.array([-1]), "cutoff_min: range"),
        ("times", "cutoff_min", np.array([LONGEST_MIN]), "cutoff_min: range"),
        ("times", "transfer_min", np.full((3, 2, 2), -2), "transfer_min: range"),
    ],
)
def test_a_wrong_column_is_named(part, column, value, named):
    case = BOARD.ask("A", "C")
    wrong = replace(case, **{part: replace(getattr(case, part), **{column: value})})

    with pytest.raises(InvalidInput) as caught:
        earliest(wrong)
    assert any(fault.startswith(named) for fault in caught.value.facts["columns"])


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("arrives_min", [480, 720], "must arrive after it departs"),
        ("departs_min", [480, 470], "ascend by departure"),
        ("previous", [-1, 1], "smaller index"),
        ("arrives_min", [600, LONGEST_MIN + 481], "too long"),
    ],
)
def test_a_timetable_that_cannot_be_is_refused(column, value, message):
    case = BOARD.ask("A", "C")
    dtype = getattr(case.connections, column).dtype
    table = replace(case.connections, **{column: np.array(value, dtype)})

    with pytest.raises(InvalidInput, match=message):
        earliest(replace(case, connections=table))


@pytest.mark.parametrize(
    "changes",
    [
        {"origins": ()},
        {"destinations": ()},
        {"origins": (0, 0)},
        {"destinations": (0,)},
        {"destinations": (3,)},
        {"origins": (-1,)},
        {"ready_min": -(2**40)},
    ],
)
def test_a_question_that_cannot_be_is_refused(changes):
    with pytest.raises(InvalidInput):
        earliest(BOARD.ask("A", "C"), **changes)


def test_a_transfer_table_of_another_form_is_refused():
    case = BOARD.ask("A", "C")
    times = replace(case.times, transfer_min=np.zeros((3, 2, 3), np.int64))

    with pytest.raises(InvalidInput, match="for each mode and the gate"):
        earliest(replace(case, times=times))
