"""One network, many questions: what is kept between them changes no answer."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidInput
from karvan.engines.routing.front import FrontQuery, SearchNetwork, compile_search, search_front
from karvan.engines.routing.layout import RENEWAL
from karvan.engines.routing.timetable import sort_timetable
from routing_cases import Case, Sizes, build_case, cases, with_joint_tariff

EXAMPLES = settings(max_examples=60, deadline=None)


def network_of(case: Case) -> SearchNetwork:
    return compile_search(
        case.segments,
        case.connections,
        case.tariffs,
        case.regimes,
        case.times,
        case.footprints,
    )


def questions(case: Case, seed: int, count: int) -> list[FrontQuery]:
    """Both criteria, rules kept and lifted, any ends, destinations in any order."""
    rng = np.random.default_rng(seed)
    asked = []
    for _ in range(count):
        places = rng.permutation(case.regimes.start.size).tolist()
        asked.append(
            FrontQuery(
                origins=tuple(places[:1]),
                destinations=tuple(places[1 : 2 + int(rng.integers(2))]),
                ready_min=int(rng.integers(0, 6)),
                latest_departure_min=int(rng.choice([15, 60])),
                criteria=int(rng.choice([2, 4])),
                lift_rules=bool(rng.integers(2)),
                required_families=int(rng.integers(3)),
            )
        )
    return asked


def alone(case: Case, query: FrontQuery):
    return replace(case, query=query).answer(search_front).itineraries


@EXAMPLES
@given(cases(), st.integers(0, 2**32 - 1))
def test_a_network_answers_as_one_made_for_the_question(case, seed):
    network = network_of(case)

    for query in questions(case, seed, 8):
        assert network.front(query).itineraries == alone(case, query)


@EXAMPLES
@given(cases(), st.integers(0, 2**32 - 1))
def test_a_changed_network_answers_as_one_made_anew(case, seed):
    """Families, tariffs, regimes and times change; the first network stays as it was."""
    rng = np.random.default_rng(seed)
    network = network_of(case)
    first = questions(case, seed, 2)
    before = [network.front(query).itineraries for query in first]
    family = rng.integers(0, 4, case.segments.family.size)
    tariffs = with_joint_tariff(rng, case.tariffs)
    refusal = rng.integers(0, 2, case.regimes.refusal.size, np.int32)
    regimes = replace(case.regimes, refusal=refusal)
    times = replace(case.times, transfer_min=case.times.transfer_min[:, ::-1, ::-1].copy())
    changes = [
        {"family": family},
        {"tariffs": tariffs},
        {"regimes": regimes},
        {"times": times},
        {"family": family, "tariffs": tariffs, "regimes": regimes},
    ]

    for change in changes:
        other = network.changed(**change)
        parts = {name: part for name, part in change.items() if name != "family"}
        if "family" in change:
            parts["segments"] = replace(case.segments, family=family)
        anew = replace(case, **parts)
        for query in questions(case, seed, 3):
            assert other.front(query).itineraries == alone(anew, query)
    assert [network.front(query).itineraries for query in first] == before


def test_threads_may_ask_one_network():
    case = build_case(np.random.default_rng(3), Sizes(services=10, departures=5, systems=2))
    asked = questions(case, 4, 60)
    expected = [alone(case, query) for query in asked]
    network = network_of(case)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda query: network.front(query).itineraries, asked))

    assert found == expected
    assert any(expected)


def test_a_change_is_checked():
    case = build_case(np.random.default_rng(2), Sizes())
    network = network_of(case)
    wrong = replace(case.regimes, price=case.regimes.price - 9)
    fewer = replace(case.regimes, start=case.regimes.start[1:])

    for change in ({"regimes": wrong}, {"regimes": fewer}, {"family": case.segments.family - 9}):
        with pytest.raises(InvalidInput):
            network.changed(**change)


@settings(max_examples=200, deadline=None)
@given(cases())
def test_renewals_are_the_first_that_are_not_needless(case):
    """Against the definition, one pair after another."""
    table = case.connections
    following = {int(b): c for c, b in enumerate(table.previous) if b >= 0}

    def needless(one, two):
        if table.segment[one] != table.segment[two] or one > two:
            return False
        if table.arrives_min[one] > table.arrives_min[two]:
            return False
        if two not in following:
            return True
        return one in following and needless(following[one], following[two])

    times = case.times.transfer_min.shape
    found = sort_timetable(case.segments, table, times[0], times[1] - 1).calls.calls[:, RENEWAL]
    count = table.segment.size

    for c in range(count):
        later = (x for x in range(c + 1, count) if table.segment[x] == table.segment[c])
        assert found[c] == next((x for x in later if not needless(c, x)), count)
