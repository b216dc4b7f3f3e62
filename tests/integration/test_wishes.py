"""What a customer wants of the way and of the answer, on the shipped corridor."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from karvan.domain.errors import InvalidRequest, NotFound
from karvan.services.quoting.request import RequestReader

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(published, quoting):
    reader = RequestReader(published.network, published.book)

    def ask(**fields):
        body = {
            "from": "KZ-ALM",
            "to": "GE-POT",
            "container": "40HC",
            "mass_kg": "18000",
            "hs": "851660",
            "ready": "2026-12-03",
            "samples": 50,
        } | fields
        return quoting.quote(reader.read(body, NOW), NOW)

    return ask


def ways(quote):
    """Departures and planned price of every alternative."""
    return {
        (tuple(leg.departure.id for leg in way.legs), way.planned_price_micro)
        for way in quote.alternatives
    }


def touched(way):
    return {place for leg in way.legs for segment in leg.segments for place in segment.passes}


def test_keeping_off_a_port_is_the_same_as_closing_it(desk):
    avoided = desk(avoid=["Aktau"])

    assert ways(avoided) == ways(desk(changes=["close:KZ-AKT"]))
    assert ways(avoided) != ways(desk())
    assert all(refused.rule != "avoided" for refused in avoided.refused)


@pytest.mark.parametrize(
    ("wish", "uses"),
    [
        ("rail_ferry", lambda leg: leg.service.mode.value == "rail_ferry"),
        (
            "carrier:KMTF",
            lambda leg: any(r.carrier == "KMTF" for s in leg.segments for r in s.runs),
        ),
        ("UZ", lambda leg: any("UZ" in s.countries for s in leg.segments)),
        ("CASP-AKT-ALT-FERRY", lambda leg: leg.service.id == "CASP-AKT-ALT-FERRY"),
        ("link:AZ-ALT--KZ-AKT:feeder", lambda leg: False),
    ],
)
def test_nothing_that_is_avoided_is_used(desk, wish, uses):
    quote = desk(avoid=[wish])

    assert quote.alternatives
    assert not any(uses(leg) for way in quote.alternatives for leg in way.legs)


def test_every_way_goes_by_what_it_must_and_the_best_of_them_is_kept(desk):
    free, bound = desk(), desk(via=["Kuryk", "mode:rail"])

    assert all("KZ-KUR" in touched(way) for way in bound.alternatives)
    assert bound.cheapest >= free.cheapest
    through = [way for way in free.alternatives if "KZ-KUR" in touched(way)]
    assert through
    assert min(way.price.total for way in through) >= bound.cheapest


def test_a_country_is_not_crossed(desk):
    quote = desk(**{"from": "CN-XIA", "to": "DE-DUI"}, no_transit=["RU", "BY"])

    assert quote.alternatives
    assert not any({"RU", "BY"} & way.countries for way in quote.alternatives)


def test_ways_that_avoid_a_country_are_labelled_where_others_cross_it(desk):
    quote = desk(**{"from": "CN-XIA", "to": "DE-DUI"})

    labelled = [way for way in quote.alternatives if "avoids-ru" in way.labels]
    assert len(labelled) == 1
    assert "RU" not in labelled[0].countries
    assert any("RU" in way.countries for way in quote.alternatives)


@pytest.mark.parametrize(
    ("rank_by", "measure"),
    [
        ("cheapest", lambda way: way.price.total.minor_units),
        ("fastest", lambda way: way.times.p50_h),
        ("surest", lambda way: round(way.times.p90_h - way.times.p10_h, 1)),
        ("least_co2e", lambda way: way.co2e_g),
    ],
)
def test_the_order_is_the_one_asked_for(desk, rank_by, measure):
    measured = [measure(way) for way in desk(rank_by=rank_by).alternatives]

    assert measured == sorted(measured)
    assert len(set(measured)) > 1


def test_days_that_are_worth_much_bring_a_faster_way_to_the_top(desk):
    slow, fast = (desk(weights={"day_usd": worth}).alternatives[0] for worth in ("0", "10000"))

    assert slow.price.total < fast.price.total
    assert fast.times.p80_h < slow.times.p80_h


def test_as_many_as_are_wanted(desk):
    whole, three = desk(), desk(most=3)

    assert [way.legs for way in three.alternatives] == [way.legs for way in whole.alternatives[:3]]


def test_ways_that_arrive_too_late_are_left_out_and_counted(desk):
    free = desk()
    latest = sorted(way.arrives_min for way in free.alternatives)[1]
    wished = datetime.fromtimestamp(latest * 60, tz=UTC).isoformat()

    quote = desk(latest_arrival=wished)

    assert quote.alternatives
    assert all(way.arrives_min <= latest for way in quote.alternatives)
    assert quote.late > 0
    hopeless = desk(latest_arrival="2026-12-04")
    assert hopeless.alternatives
    assert hopeless.late == 0


def test_payers_stand_beside_what_each_carrier_gets(desk):
    from karvan.services.quoting.rendering import quote_json

    told = quote_json(desk(payers={"KTZ": "1234567"}))

    assert any(each["payer"] for way in told["alternatives"] for each in way["payees"])
    for way in told["alternatives"]:
        amounts = [Decimal(each["amount"]) for each in way["payees"]]
        assert sum(amounts, Decimal(0)) == Decimal(way["price"]["amount"])
        payer = {each["payee"]: each["payer"] for each in way["payees"]}
        assert payer.pop("KTZ", "1234567") == "1234567"
        assert set(payer.values()) == {None}


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"avoid": ["Atlantis"]}, "/avoid/0"),
        ({"avoid": "x" * 300}, "/avoid/0"),
        ({"avoid": ["country:ZZ"]}, "/avoid/0"),
        ({"avoid": [7]}, "/avoid"),
        ({"avoid": ["Poti"]}, "/avoid"),
        ({"via": ["Baku"] * 7}, "/via"),
        ({"no_transit": ["KZ"]}, "/no_transit"),
        ({"no_transit": ["Kazakhstan"]}, "/no_transit/0"),
        ({"rank_by": "luck"}, "/rank_by"),
        ({"weights": {"day_usd": "-1"}}, "/weights/day_usd"),
        ({"weights": {"day_usd": "NaN"}}, "/weights/day_usd"),
        ({"weights": {"a/b": "1"}}, "/weights/a~1b"),
        ({"weights": ["1"]}, "/weights"),
        ({"most": 0}, "/most"),
        ({"payers": {"NOBODY": "1"}}, "/payers/NOBODY"),
        ({"payers": {"KTZ": ""}}, "/payers/KTZ"),
    ],
)
def test_a_wish_that_cannot_be_is_a_fault_of_its_field(desk, fields, pointer):
    with pytest.raises(InvalidRequest) as caught:
        desk(**fields)

    assert [fault.pointer for fault in caught.value.faults] == [pointer]


def test_wishes_that_leave_no_way_say_so(desk):
    with pytest.raises(NotFound):
        desk(avoid=["mode:rail", "mode:road"])
