"""What a quote on the shipped corridor promises, shown on the lanes people ask for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karvan.domain.errors import InvalidRequest, NoRate, NoRoute
from karvan.domain.instants import minutes_since_epoch
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.searching import Ends, search_lifted
from karvan.services.quoting.selection import covers

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FEEDER = "CASP-AKT-ALT-FEEDER"
LANES = [
    ("CN-XIA", "TR-IST"),
    ("KZ-ALM", "GE-POT"),
    ("TR-IST", "KZ-ALM"),
    ("GE-POT", "UZ-TAS"),
    ("CN-SHA", "DE-DUI"),
]

#: Container terminals in the order of their ids, as the network marks them.
TERMINALS = 40


@pytest.fixture(scope="module")
def desk(published, quoting):
    reader = RequestReader(published.network, published.book)

    def ask(start, end, **fields):
        body = {
            "from": start,
            "to": end,
            "container": "40HC",
            "mass_kg": "18000",
            "hs": "851660",
            "ready": "2026-12-03",
            "samples": 200,
        } | fields
        return quoting.quote(reader.read(body, NOW), NOW)

    return ask


@pytest.mark.parametrize(("start", "end"), LANES)
def test_a_lane_has_several_ways_whose_lines_add_up(desk, start, end):
    quote = desk(start, end)

    assert len(quote.alternatives) >= 3
    assert not quote.bounded
    for way in quote.alternatives:
        total = sum((line.quoted.to_decimal() for line in way.price.lines), Decimal(0))
        assert total == way.price.total.to_decimal()
        assert sum(line.charge.micro for line in way.price.lines) == way.planned_price_micro
        assert way.price.low.minor_units <= way.price.total.minor_units
        assert way.price.total.minor_units <= way.price.high.minor_units
        assert list(way.times.quantiles_h) == sorted(way.times.quantiles_h)
        assert way.co2e_g == sum(way.leg_co2e_g) + way.hub_co2e_g > 0
        assert way.documents
        assert all(line.charge.row.source for line in way.price.lines)


def test_xian_istanbul_shows_the_corridor_beside_its_rivals(desk):
    families = {way.family for way in desk("CN-XIA", "TR-IST").alternatives}
    assert {"middle-aktau", "middle-turkmenbashi", "north", "iran", "deep-sea"} <= families


def test_shanghai_duisburg_shows_middle_north_and_sea_side_by_side(desk):
    families = {way.family for way in desk("CN-SHA", "DE-DUI").alternatives}
    assert {"middle-aktau", "north", "deep-sea"} <= families


def test_legs_follow_each_other_in_place_and_time(desk):
    for way in desk("CN-XIA", "TR-IST").alternatives:
        for before, after in zip(way.legs, way.legs[1:], strict=False):
            assert before.to_place == after.from_place
            assert before.arrives_min < after.departs_min
        assert way.legs[0].from_place == "CN-XIA"
        assert way.legs[-1].to_place in {"TR-HAL", "TR-AMB", "TR-HPS"}
        assert way.departs_min < way.arrives_min


@pytest.mark.parametrize(("start", "end"), LANES)
def test_everything_found_is_covered_by_something_returned(desk, published, start, end):
    """Within 2 % of CO2e and 6 h of spread, by a way no worse in price and arrival."""
    from karvan.services.quoting import quote as use_case

    seen = []
    real = use_case.search_ways

    def spy(*arguments):
        seen.append(real(*arguments))
        return seen[-1]

    use_case.search_ways = spy
    try:
        quote = desk(start, end)
    finally:
        use_case.search_ways = real

    returned = {
        (way.arrives_min, way.planned_price_micro, way.co2e_g) for way in quote.alternatives
    }
    chosen = [
        found
        for found in (*seen[0].itineraries, *(i for f in seen[0].by_family.values() for i in f))
        if (found.arrives_min, found.price_micro, found.co2e_g) in returned
    ]
    assert all(any(covers(c, found) for c in chosen) for found in seen[0].itineraries)
    for ways in seen[0].by_family.values():
        cheapest = min(way.price_micro for way in ways)
        fastest = min(way.arrives_min for way in ways)
        assert any(price == cheapest for _, price, _ in returned)
        assert any(arrival == fastest for arrival, _, _ in returned)


def test_dominated_means_no_worse_and_somewhere_better(desk):
    ways = desk("CN-XIA", "TR-IST").alternatives
    front = [way for way in ways if way.dominated_by is None]
    assert front
    for way in ways:
        if way.dominated_by is not None:
            other = ways[way.dominated_by]
            assert other.arrives_min <= way.arrives_min
            assert other.planned_price_micro <= way.planned_price_micro


def middle_by_feeder(quote):
    (way, *_) = [
        way
        for way in quote.alternatives
        if [leg.service.id for leg in way.legs][1:2] == [FEEDER] and way.family == "middle-aktau"
    ]
    return way


def test_doubling_the_headway_of_a_ferry_raises_p50_and_p95(desk):
    """Beyond sampling noise: the mean wait for the feeder grows by more than half a day."""
    before = middle_by_feeder(desk("KZ-ALM", "GE-POT", samples=2000))
    after = middle_by_feeder(
        desk("KZ-ALM", "GE-POT", samples=2000, changes=[f"headway:{FEEDER}:2"])
    )

    assert after.times.p50_h > before.times.p50_h + 6
    assert after.times.p95_h > before.times.p95_h + 12


def test_closing_a_port_moves_the_route_and_says_so(desk):
    quote = desk("KZ-ALM", "GE-POT", changes=["close:KZ-AKT"])

    for way in quote.alternatives:
        for leg in way.legs:
            for segment in leg.segments:
                assert "KZ-AKT" not in segment.passes
    assert any(r.rule == "closed" and "KZ-AKT" in r.message for r in quote.refused)


def test_a_box_the_book_has_no_price_for_is_refused_by_name(desk):
    """KTZ has no rate for 45 ft: ways through Kazakhstan close, others stay open."""
    quote = desk("CN-XIA", "TR-IST", container="45HC")

    carriers = {line.charge.carrier for way in quote.alternatives for line in way.price.lines}
    assert "KTZ" not in carriers
    no_rate = [r for r in quote.refused if r.rule == "no-rate"]
    assert any(r.facts["carrier"] == "KTZ" and r.facts["equipment"] == "45" for r in no_rate)
    assert len(quote.refused) <= 5


def test_when_only_refused_ways_remain_that_is_the_error(desk):
    with pytest.raises(NoRate) as caught:
        desk("KZ-ALM", "KZ-AST", container="45HC")
    assert caught.value.facts["refused"]


def test_the_same_request_gives_the_same_answer(desk, published):
    other = Quoting(published)
    reader = RequestReader(published.network, published.book)
    body = {
        "from": "Xi'an",
        "to": "Istanbul",
        "container": "45G1",
        "mass_kg": 18000,
        "hs": "8516.60",
        "ready": "2026-12-03",
        "samples": 200,
    }
    assert quote_json(other.quote(reader.read(body, NOW), NOW)) == quote_json(
        desk("CN-XIA", "TR-IST")
    )


def test_another_clock_is_another_quote(desk, quoting):
    request = desk("CN-XIA", "TR-IST").request
    later = NOW + timedelta(hours=1)
    assert quoting.quote(request, later).quote_id != quoting.quote(request, NOW).quote_id


def test_a_dearer_rate_never_makes_a_quote_cheaper(desk, published):
    book = published.book
    dearer = type(book)(
        tuple(
            replace(r, amount=r.amount * 2, high=None if r.high is None else r.high * 2)
            if r.carrier == "KTZ"
            else r
            for r in book.rates
        ),
        book.exchange_rates,
        "dearer",
    )
    request = desk("KZ-ALM", "GE-POT").request
    quote = Quoting(replace(published, book=dearer)).quote(request, NOW)

    assert quote.cheapest.minor_units > desk("KZ-ALM", "GE-POT").cheapest.minor_units


def test_prices_in_another_currency_are_the_same_ways_at_the_days_rate(desk, published):
    dollars, euros = desk("KZ-ALM", "GE-POT"), desk("KZ-ALM", "GE-POT", currency="EUR")

    rate = published.book.exchange("USD", "EUR", NOW.date())
    for one, other in zip(dollars.alternatives, euros.alternatives, strict=True):
        assert [leg.departure.id for leg in one.legs] == [leg.departure.id for leg in other.legs]
        lines = len(one.price.lines)
        gap = other.price.total.to_decimal() - one.price.total.to_decimal() * rate
        assert abs(gap) <= Decimal("0.01") * lines


def terminals(network, corridor):
    """Forty container terminals that services call at, spread over the ids."""
    served = sorted(
        place.id
        for place in network.places.values()
        if "container" in place.facilities and place.id in corridor.index
    )
    return [served[i * len(served) // TERMINALS] for i in range(TERMINALS)]


def test_all_ordered_pairs_of_forty_terminals_answer_with_a_route_or_a_rule(published, quoting):
    """With the rules lifted every pair has a way: so there is a route, or a rule that stops it."""
    corridor = quoting.corridor(published.network, NOW.date())
    chosen = terminals(published.network, corridor)
    assert len(set(chosen)) == TERMINALS
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
    arrays = quoting.search_arrays(corridor, request, NOW)
    ready = minutes_since_epoch(request.ready)

    unanswered = [
        (start, end)
        for start in chosen
        for end in chosen
        if start != end
        and not search_lifted(
            arrays,
            Ends(
                origins=(corridor.index[start],),
                destinations=(corridor.index[end],),
                ready_min=ready,
            ),
        )
    ]

    assert unanswered == []


def test_each_of_forty_terminals_is_quoted_from_and_to(desk, published, quoting):
    corridor = quoting.corridor(published.network, NOW.date())
    chosen = terminals(published.network, corridor)
    for i, start in enumerate(chosen):
        end = chosen[(i * 7 + 3) % TERMINALS]
        if start == end:
            continue
        assert ways_or_rules(desk, start, end)


def ways_or_rules(desk, start, end):
    """The ways of a quote, or the rules that close all of them."""
    try:
        return desk(start, end, samples=50).alternatives
    except NoRate as refusal:
        return refusal.facts["refused"]


@settings(max_examples=25)
@given(
    data=st.data(),
    ready=st.dates(NOW.date(), date(2027, 1, 25)),
    mass=st.integers(1, 26_000),
    container=st.sampled_from(["20GP", "40HC", "45HC", "40RF"]),
)
def test_any_cargo_on_any_pair_on_any_date_is_answered_or_refused(
    desk, published, data, ready, mass, container
):
    """No crash; lines add up; quantiles are ordered (checked by the quote itself and here)."""
    terminals = sorted(
        p.id for p in published.network.places.values() if "container" in p.facilities
    )
    start = data.draw(st.sampled_from(terminals))
    end = data.draw(st.sampled_from(terminals))
    quote = None
    with suppress(InvalidRequest, NoRate, NoRoute):
        quote = desk(
            start,
            end,
            ready=ready.isoformat(),
            mass_kg=str(mass),
            container=container,
            samples=50,
        )
    for way in quote.alternatives if quote else ():
        times = way.times
        assert times.p10_h <= times.p50_h <= times.p80_h <= times.p90_h <= times.p95_h
        assert way.price.total.minor_units == sum(
            line.quoted.minor_units for line in way.price.lines
        )
