"""What the search refuses, and what it says."""

from dataclasses import replace

import numpy as np
import pytest

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.front import pareto, search_front
from routing_cases import Case, Sizes, build_case, with_joint_tariff

CASE = build_case(np.random.default_rng(2), Sizes())


def changed(part: str, column: str, at, value) -> Case:
    arrays = getattr(CASE, part)
    values = getattr(arrays, column).copy()
    values[at] = value
    return replace(CASE, **{part: replace(arrays, **{column: values})})


def refused(case: Case) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        case.answer(search_front)
    return caught.value


@pytest.mark.parametrize(
    ("part", "column", "value"),
    [
        ("segments", "service", 99),
        ("segments", "from_place", -1),
        ("segments", "to_place", 99),
        ("segments", "mode", 2),
        ("segments", "family", -1),
        ("tariffs", "leaves_zone", 9),
        ("tariffs", "exit_place", -2),
        ("tariffs", "enters_zone", -1),
        ("tariffs", "entry_place", 99),
        ("tariffs", "through_price", -2),
        ("tariffs", "charge", -2),
        ("tariffs", "transfer_price", 2**57),
        ("tariffs", "system_of_zone", 1),
        ("regimes", "start", 9),
        ("regimes", "step", -2),
        ("regimes", "price", -1),
        ("regimes", "refusal", -2),
        ("times", "transfer_min", -2),
        ("times", "transfer_spread_min", -1),
        ("times", "cutoff_min", -1),
        ("times", "board_spread_min", -1),
        ("times", "segment_spread_min", -1),
        ("footprints", "segment_g", -1),
        ("footprints", "transfer_g", -1),
    ],
)
def test_a_value_out_of_range_is_named_with_its_column_and_row(part, column, value):
    values = getattr(getattr(CASE, part), column)
    error = refused(changed(part, column, (0,) * values.ndim, value))

    assert error.facts["column"] == column
    assert error.facts["rows"] == [[0] * values.ndim]


@pytest.mark.parametrize(
    ("column", "at", "value", "message"),
    [
        ("segment", 3, 99, "a connection names a segment outside the network"),
        ("departs_min", 3, -5, "connections must ascend by departure"),
        ("arrives_min", 3, 0, "a connection must arrive after it departs"),
        ("previous", 3, 3, "the previous connection must have a smaller index"),
        ("previous", 3, -2, "the previous connection must have a smaller index"),
    ],
)
def test_a_timetable_out_of_order_names_the_connection(column, at, value, message):
    error = refused(changed("connections", column, at, value))

    assert error.message.startswith(message)
    assert error.facts["connection"] == at


def test_nobody_changes_the_service_on_board():
    table, service = CASE.connections, CASE.segments.service
    first = int(table.segment[0])
    other = next(
        c for c in range(1, table.segment.size) if service[table.segment[c]] != service[first]
    )
    error = refused(changed("connections", "previous", other, 0))

    assert error.facts["connection"] == other


def test_a_departure_does_not_split():
    following = int(np.flatnonzero(CASE.connections.previous >= 0)[0])
    table = CASE.connections
    twice = {
        name: np.insert(getattr(table, name), following + 1, getattr(table, name)[following])
        for name in ("segment", "departs_min", "arrives_min", "previous")
    }
    later = twice["previous"] > following
    twice["previous"][later] += 1
    error = refused(replace(CASE, connections=replace(table, **twice)))

    assert error.message == "two connections follow the same one"
    assert error.facts["connection"] == following + 1


def test_a_column_of_the_wrong_type_is_named():
    wide = replace(CASE.segments, service=CASE.segments.service.astype(np.int64))
    error = refused(replace(CASE, segments=wide))

    assert error.facts["column"] == "service"
    assert error.facts["expected_type"] == "int32"


def test_a_column_of_the_wrong_length_is_named():
    short = replace(CASE.connections, previous=CASE.connections.previous[1:])
    error = refused(replace(CASE, connections=short))

    assert error.facts["column"] == "previous"


def test_a_segment_that_stays_cannot_end_in_another_zone():
    tariffs = replace(
        CASE.tariffs,
        exit_place=np.full_like(CASE.tariffs.exit_place, -1),
        leaves_zone=np.zeros_like(CASE.tariffs.leaves_zone),
        enters_zone=np.ones_like(CASE.tariffs.enters_zone),
    )
    error = refused(replace(CASE, tariffs=tariffs))

    assert 0 in error.facts["segments"]


JOINT = replace(CASE, tariffs=with_joint_tariff(np.random.default_rng(3), CASE.tariffs))


def test_a_joint_tariff_has_a_zone_of_its_own_and_only_one():
    error = refused(
        replace(JOINT, tariffs=replace(JOINT.tariffs, system_of_zone=np.zeros(3, np.int32)))
    )

    assert error.message == "each joint tariff has one zone"
    assert error.facts["zones"] == [3, 0]


@pytest.mark.parametrize(("row", "zone"), [(0, 2), (1, 3)])
def test_a_segment_is_not_charged_by_the_zone_of_another_system(row, zone):
    two = with_joint_tariff(np.random.default_rng(4), JOINT.tariffs)
    zones = np.zeros_like(two.leaves_zone)
    zones[row, 1] = zone
    error = refused(
        replace(
            CASE,
            tariffs=replace(
                two,
                exit_place=np.full_like(two.exit_place, -1),
                leaves_zone=zones,
                enters_zone=zones,
            ),
        )
    )

    assert error.facts["systems_and_segments"] == [[row, 1]]


def test_there_is_always_the_national_system():
    none = {
        name: getattr(CASE.tariffs, name)[:0]
        for name in ("leaves_zone", "exit_place", "through_price", "enters_zone", "entry_place")
    }
    error = refused(replace(CASE, tariffs=replace(CASE.tariffs, **none)))

    assert "national" in error.message


def test_too_many_families_for_one_state():
    error = refused(changed("segments", "family", 0, 2**61))

    assert error.facts["bits"] == 62


@pytest.mark.parametrize(
    "question",
    [
        {"origins": ()},
        {"destinations": ()},
        {"origins": (0,), "destinations": (0,)},
        {"origins": (0, 0), "destinations": (1,)},
        {"origins": (0,), "destinations": (99,)},
        {"criteria": 3},
        {"label_limit": 0},
        {"required_families": -1},
        {"ready_min": 2**60},
    ],
)
def test_a_question_that_makes_no_sense(question):
    with pytest.raises(InvalidInput):
        CASE.answer(search_front, **question)


def test_pareto_knows_two_and_four_criteria():
    with pytest.raises(InvalidInput):
        pareto((), 3)
