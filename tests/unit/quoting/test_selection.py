"""Which ways are returned, and in which order: the published rules, on hand-made ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karvan.engines.routing.front import Itinerary
from karvan.services.quoting.searching import Ways
from karvan.services.quoting.selection import covers, select


def way(number, arrives, price, co2e=100, spread=0, family=0):
    return Itinerary(
        connections=(number,),
        systems=(0,),
        origin=0,
        destination=1,
        arrives_min=arrives,
        price_micro=price,
        co2e_g=co2e,
        spread_min=spread,
        family=family,
        regime=0,
    )


ways = st.lists(
    st.tuples(*(st.integers(1, 60) for _ in range(2)), st.integers(90, 110), st.integers(0, 900)),
    min_size=1,
    max_size=25,
).map(lambda rows: tuple(way(i, *row) for i, row in enumerate(rows)))


def test_the_front_is_returned_and_the_beaten_way_is_not():
    fast, cheap, beaten = way(1, 10, 90), way(2, 20, 50), way(3, 20, 95)

    assert select(Ways(itineraries=(fast, cheap, beaten), by_family={}, bounded=False)) == (
        fast,
        cheap,
    )


def test_a_cleaner_or_surer_way_is_added_when_nothing_stands_for_it():
    fast = way(1, 10, 50, co2e=1000, spread=1000)
    cleaner = way(2, 12, 60, co2e=979, spread=1000)
    as_clean = way(3, 12, 60, co2e=981, spread=1000)
    surer = way(4, 12, 60, co2e=1000, spread=639)
    as_sure = way(5, 12, 60, co2e=1000, spread=640)

    def chosen(other):
        return select(Ways(itineraries=(fast, other), by_family={}, bounded=False))

    assert chosen(cleaner) == (fast, cleaner)
    assert chosen(as_clean) == (fast,)
    assert chosen(surer) == (fast, surer)
    assert chosen(as_sure) == (fast,)


def test_each_family_gives_its_cheapest_and_its_fastest_even_when_beaten():
    best = way(1, 10, 10)
    slow_cheap, fast_dear = way(2, 40, 20, family=1), way(3, 30, 30, family=1)

    made = select(
        Ways(itineraries=(best,), by_family={"north": (slow_cheap, fast_dear)}, bounded=False)
    )

    assert made == (best, fast_dear, slow_cheap)


@given(ways)
def test_everything_is_covered_and_the_front_is_whole(itineraries):
    chosen = select(Ways(itineraries=itineraries, by_family={}, bounded=False))

    assert set(chosen) <= set(itineraries)
    for each in itineraries:
        assert any(covers(other, each) for other in chosen)
        beaten = any(
            (o.arrives_min, o.price_micro) != (each.arrives_min, each.price_micro)
            and o.arrives_min <= each.arrives_min
            and o.price_micro <= each.price_micro
            for o in itineraries
        )
        if not beaten:
            assert any(
                (o.arrives_min, o.price_micro) == (each.arrives_min, each.price_micro)
                for o in chosen
            )


@given(ways)
def test_the_order_of_what_was_found_does_not_matter(itineraries):
    one = select(Ways(itineraries=itineraries, by_family={}, bounded=False))
    other = select(Ways(itineraries=itineraries[::-1], by_family={}, bounded=False))
    assert one == other


@pytest.mark.parametrize("worse", [{"arrives": 11}, {"price": 51}])
def test_what_is_worse_in_arrival_or_price_covers_nothing(worse):
    amounts = {"arrives": 10, "price": 50} | worse
    assert not covers(way(1, **amounts), way(2, 10, 50))
