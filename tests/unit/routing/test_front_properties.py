"""Sentences about the front that no corridor may break."""

import pickle
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.engines.routing.front import pareto, rank, search_front
from karvan.engines.routing.reference import search_front_reference
from karvan.engines.routing.scan import scan
from karvan.network.tariff_arrays import NO_RATE
from routing_cases import (
    Case,
    amounts,
    beats,
    brute_force,
    cases,
    cases_with_wishes,
    charge_lines,
    replay,
    tie,
    with_joint_tariff,
)

EXAMPLES = settings(max_examples=150, deadline=None)

criteria = st.sampled_from([2, 4])


def front(case: Case, **changes):
    return case.answer(search_front, **changes)


def covered(itinerary, others, count):
    """Another of the same family is no worse."""
    return any(
        other.family == itinerary.family
        and beats(amounts(other)[:count], amounts(itinerary)[:count])
        for other in others
    )


@EXAMPLES
@given(cases(), criteria, st.booleans())
def test_both_searches_find_what_enumeration_finds(case, count, lifted):
    """Of three independent programs every itinerary is the same, ties included."""
    expected = brute_force(case, count, lift_rules=lifted)

    assert list(front(case, criteria=count, lift_rules=lifted).itineraries) == expected
    reference = case.answer(search_front_reference, criteria=count, lift_rules=lifted)
    assert list(reference.itineraries) == expected


@EXAMPLES
@given(cases_with_wishes(), criteria, st.booleans())
def test_what_nobody_wants_stays_closed_though_rules_are_lifted(case, count, lifted):
    expected = brute_force(case, count, lift_rules=lifted)

    assert list(front(case, criteria=count, lift_rules=lifted).itineraries) == expected
    reference = case.answer(search_front_reference, criteria=count, lift_rules=lifted)
    assert list(reference.itineraries) == expected


@EXAMPLES
@given(cases(plain=True), criteria)
def test_the_trivial_book_is_searched_alike(case, count):
    """One zone, one regime, no families: here the bounds may cut."""
    expected = brute_force(case, count)

    assert list(front(case, criteria=count).itineraries) == expected
    reference = case.answer(search_front_reference, criteria=count)
    assert list(reference.itineraries) == expected


@EXAMPLES
@given(cases(), criteria, st.integers(1, 3))
def test_a_required_family_leaves_the_others_out(case, count, required):
    """Also where a family is required that no segment has."""
    every = front(case, criteria=count).itineraries
    wanted = [i for i in every if not required & ~i.family]

    asked = {"criteria": count, "required_families": required}
    assert list(front(case, **asked).itineraries) == wanted
    assert list(case.answer(search_front_reference, **asked).itineraries) == wanted


@EXAMPLES
@given(cases(), criteria)
def test_an_itinerary_can_be_gone_and_its_amounts_add_up_again(case, count):
    for itinerary in front(case, criteria=count).itineraries:
        assert replay(case, itinerary.connections, itinerary.systems) == itinerary


@EXAMPLES
@given(cases(), criteria, st.booleans(), st.integers(1, 5), st.data())
def test_a_dearer_rate_never_lowers_the_cheapest(case, count, through, more, data):
    tariffs = case.tariffs
    column = tariffs.through_price if through else tariffs.charge
    dearer = column.copy()
    at = data.draw(st.integers(0, column.size - 1), label="at")
    if dearer.flat[at] != NO_RATE:
        dearer.flat[at] += more
    name = "through_price" if through else "charge"
    changed = replace(case, tariffs=replace(tariffs, **{name: dearer}))

    cheapest = {f.family: f.price_micro for f in _cheapest(front(case, criteria=count))}
    for itinerary in _cheapest(front(changed, criteria=count)):
        assert itinerary.price_micro >= cheapest[itinerary.family]


def _cheapest(answer):
    families = {i.family for i in answer.itineraries}
    return [
        min((i for i in answer.itineraries if i.family == family), key=lambda i: i.price_micro)
        for family in families
    ]


@EXAMPLES
@given(cases(), criteria, st.data())
def test_a_new_departure_never_makes_the_front_worse(case, count, data):
    segment = data.draw(st.integers(0, case.segments.service.size - 1), label="segment")
    departs = data.draw(st.integers(0, 30), label="departs")
    table = case.connections
    at = int(np.searchsorted(table.departs_min, departs, side="right"))
    more = replace(
        table,
        segment=np.insert(table.segment, at, segment),
        departs_min=np.insert(table.departs_min, at, departs),
        arrives_min=np.insert(table.arrives_min, at, departs + 2),
        previous=np.insert(
            np.where(table.previous >= at, table.previous + 1, table.previous), at, -1
        ).astype(np.int32),
    )

    after = front(replace(case, connections=more), criteria=count)

    for itinerary in front(case, criteria=count).itineraries:
        assert covered(itinerary, after.itineraries, count)


@EXAMPLES
@given(cases(), criteria)
def test_lifting_the_rules_never_makes_the_front_worse(case, count):
    lifted = front(case, criteria=count, lift_rules=True)

    for itinerary in front(case, criteria=count).itineraries:
        assert covered(itinerary, lifted.itineraries, count)


@EXAMPLES
@given(cases())
def test_four_criteria_hold_every_point_of_two(case):
    """The fastest and the cheapest stay on the front when CO2e and spread are added."""
    points = {(i.family, amounts(i)[:2]) for i in front(case, criteria=4).itineraries}

    for itinerary in front(case, criteria=2).itineraries:
        assert (itinerary.family, amounts(itinerary)[:2]) in points


@EXAMPLES
@given(cases(), criteria, st.integers(1, 6))
def test_a_label_limit_is_kept_and_told(case, count, limit):
    whole = front(case, criteria=count)
    cut = front(case, criteria=count, label_limit=limit)

    assert cut.labels <= limit
    assert cut.bounded == (whole.labels > limit)
    assert cut.bounded or cut.itineraries == whole.itineraries
    for itinerary in cut.itineraries:
        assert replay(case, itinerary.connections, itinerary.systems) == itinerary


@EXAMPLES
@given(cases(), criteria, st.integers(0, 2**32 - 1))
def test_one_more_joint_tariff_never_makes_the_cheapest_dearer(case, count, seed):
    tariffs = with_joint_tariff(np.random.default_rng(seed), case.tariffs)
    more = front(replace(case, tariffs=tariffs), criteria=count)

    for itinerary in front(case, criteria=count).itineraries:
        assert covered(itinerary, more.itineraries, count)


@EXAMPLES
@given(cases(), criteria, st.integers(0, 2**32 - 1))
def test_a_joint_tariff_nobody_has_a_rate_of_changes_nothing(case, count, seed):
    tariffs = with_joint_tariff(np.random.default_rng(seed), case.tariffs)
    tariffs.charge[-1] = NO_RATE
    useless = replace(case, tariffs=tariffs)

    def amounts_of(answer):
        return [(i.family, amounts(i)) for i in answer.itineraries]

    plain, answer = front(case, criteria=count), front(useless, criteria=count)
    # On board, beyond its zone, it may still include a border.
    tariffs.through_price[-1] = tariffs.through_price[0]
    same = front(useless, criteria=count)

    assert amounts_of(same) == amounts_of(plain)
    assert all(covered(i, answer.itineraries, count) for i in plain.itineraries)


@EXAMPLES
@given(cases(), criteria)
def test_without_departures_nothing_goes(case, count):
    empty = replace(
        case.connections,
        **{f.name: getattr(case.connections, f.name)[:0] for f in fields(case.connections)},
    )

    assert front(replace(case, connections=empty), criteria=count).itineraries == ()


@EXAMPLES
@given(cases(), criteria)
def test_the_same_question_has_the_same_bytes(case, count):
    before = pickle.dumps(case)

    first = pickle.dumps(front(case, criteria=count))

    assert pickle.dumps(front(pickle.loads(before), criteria=count)) == first
    assert pickle.dumps(case) == before


@EXAMPLES
@given(cases(), criteria, criteria)
def test_pareto_keeps_one_of_each_point_that_nothing_beats(case, count, asked):
    itineraries = front(case, criteria=count).itineraries
    kept = pareto(itineraries, asked)

    assert list(kept) == sorted(kept, key=rank)
    for itinerary in itineraries:
        vector = amounts(itinerary)[:asked]
        rivals = [i for i in itineraries if beats(amounts(i)[:asked], vector)]
        best = all(amounts(i)[:asked] == vector for i in rivals)
        assert (itinerary in kept) == (best and min(rivals, key=tie) == itinerary)


@settings(max_examples=50, deadline=None)
@given(cases(), st.integers(0, 5))
def test_a_later_start_is_never_better(case, later):
    for itinerary in front(case, ready_min=case.query.ready_min + later).itineraries:
        assert covered(itinerary, front(case).itineraries, 4)


def test_the_charge_lines_of_a_way_name_each_zone_once_in_turn():
    """A replay by hand of the rule of `TariffArrays`: stay, cross, change."""
    rng = np.random.default_rng(1)
    from routing_cases import Sizes, build_case

    case = build_case(rng, Sizes())
    # Under the joint tariff of both zones (zone 2) the border at 2 does not count.
    tariffs = replace(
        case.tariffs,
        leaves_zone=np.array([[0, 0, 1, 0], [2, 2, 2, 0]], np.int32),
        exit_place=np.array([[-1, 2, -1, -1], [-1, -1, -1, -1]], np.int32),
        enters_zone=np.array([[0, 1, 1, 0], [2, 2, 2, 0]], np.int32),
        entry_place=np.array([[-1, 2, -1, -1], [-1, -1, -1, -1]], np.int32),
        system_of_zone=np.array([0, 0, 1], np.int32),
    )
    segments = replace(
        case.segments,
        from_place=np.array([0, 1, 3, 2], np.int32),
        to_place=np.array([1, 3, 2, 0], np.int32),
    )

    def lines(*systems):
        return charge_lines(tariffs, segments, [0, 1, 2, 3], systems)

    # 0 -> 1 in zone 0; 1 -> 3 over border 2; 3 -> 2 in zone 1; zone 0 is boarded at 2.
    assert lines(0, 0, 0, 0) == ([(0, 0, 2), (1, 2, 2), (0, 2, 0)], [0, 0, 0, 0])
    assert lines(1, 1, 1, 1) == ([(2, 0, 2), (0, 2, 0)], [0, 1, 1, 0])
    assert lines(0, 1, 1, 0) == ([(0, 0, 1), (2, 1, 2), (0, 2, 0)], [0, 0, 1, 0])
    assert lines(0, 0, 1, 0) == ([(0, 0, 2), (1, 2, 3), (2, 3, 2), (0, 2, 0)], [0, 0, 0, 0])


def test_one_machine_code_serves_every_kind_of_array():
    case = cases_of_both_kinds()
    answers = [front(c).itineraries for c in case]

    assert answers[0] == answers[1] == answers[2]
    assert len(scan.signatures) == 1


def cases_of_both_kinds():
    """One corridor in plain, read-only and strided columns."""
    from routing_cases import Sizes, build_case

    plain = build_case(np.random.default_rng(5), Sizes())

    def recast(case, change):
        parts = {}
        for field in fields(case):
            part = getattr(case, field.name)
            columns = {
                f.name: change(getattr(part, f.name))
                for f in fields(part)
                if isinstance(getattr(part, f.name), np.ndarray)
            }
            parts[field.name] = replace(part, **columns) if columns else part
        return replace(case, **parts)

    def read_only(column):
        column = column.copy()
        column.flags.writeable = False
        return column

    def strided(column):
        return np.repeat(column, 2, axis=0)[::2]

    return [plain, recast(plain, read_only), recast(plain, strided)]


@pytest.mark.parametrize("seed", [3, 4])
def test_a_large_crowd_outgrows_every_first_room(seed):
    """Many departures between few places: blocks move, columns grow, ripe entries go."""
    from routing_cases import Sizes, build_case

    sizes = Sizes(places=4, modes=2, zones=3, services=40, departures=40, connections=2_000)
    case = build_case(np.random.default_rng(seed), sizes)
    shifts = np.sort(np.random.default_rng(seed).integers(0, 3, case.connections.segment.size))
    table = case.connections
    case = replace(
        case,
        connections=replace(
            table,
            departs_min=table.departs_min * 3 + shifts,
            arrives_min=table.arrives_min * 3 + 1 + shifts,
            previous=np.full_like(table.previous, -1),
        ),
    )

    for count in (2, 4):
        reference = case.answer(search_front_reference, criteria=count, label_limit=10**9)
        answer = front(case, criteria=count, label_limit=10**9)
        assert answer.itineraries == reference.itineraries
        assert len(answer.itineraries) > 5
