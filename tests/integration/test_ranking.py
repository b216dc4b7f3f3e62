"""The ranking rule: generalised cost, ties in a stated order, blind to the carrier."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from karvan.network.patterns import CarrierId
from karvan.services.quoting.ranking import VALUE_OF_DAY_USD, rank
from karvan.services.quoting.request import RequestReader

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def quote(published, quoting):
    request = RequestReader(published.network, published.book).read(
        {
            "from": "CN-XIA",
            "to": "TR-IST",
            "container": "40HC",
            "mass_kg": "18000",
            "hs": "851660",
            "ready": "2026-12-03",
        },
        NOW,
    )
    return quoting.quote(request, NOW)


def cost(way):
    return way.price.total.to_decimal() + VALUE_OF_DAY_USD * Decimal(str(way.times.p80_h)) / 24


def test_ways_stand_in_order_of_generalised_cost(quote):
    costs = [cost(way) for way in quote.alternatives]
    assert costs == sorted(costs)


def test_the_order_in_which_ways_were_found_does_not_matter(quote):
    again = rank(quote.alternatives[::-1], Decimal(1))
    assert [way.legs for way in again] == [way.legs for way in quote.alternatives]


def test_labels_name_the_extremes_and_each_once(quote):
    ways = quote.alternatives
    named = {label: way for way in ways for label in way.labels}
    assert [label for way in ways for label in way.labels].count("best-balance") == 1
    assert named["best-balance"] is ways[0]
    assert named["cheapest"].price.total == min(way.price.total for way in ways)
    assert named["fastest"].times.p50_h == min(way.times.p50_h for way in ways)
    assert named["least-co2e"].co2e_g == min(way.co2e_g for way in ways)
    width = min(round(way.times.p90_h - way.times.p10_h, 1) for way in ways)
    most_certain = named["most-certain"].times
    assert round(most_certain.p90_h - most_certain.p10_h, 1) == width


def test_the_ranking_is_blind_to_the_carrier(quote):
    """Renaming every carrier changes no rank and no label."""

    def renamed(way):
        legs = tuple(
            replace(leg, service=replace(leg.service, operator=CarrierId("ZZZ")))
            for leg in way.legs
        )
        return replace(way, legs=legs, labels=(), dominated_by=None)

    before = [(way.departs_min, way.price.total, way.labels) for way in quote.alternatives]
    after = [
        (way.departs_min, way.price.total, way.labels)
        for way in rank([renamed(way) for way in quote.alternatives], Decimal(1))
    ]
    assert after == before
