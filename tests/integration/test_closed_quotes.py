"""Quotes under closures: what is closed is not offered, what opens again is waited for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise, permutations
from random import Random

import pytest

from karvan.domain.errors import NoRate, NoRoute
from karvan.domain.instants import minutes_since_epoch, parse_instant
from karvan.network.situation import NORMAL, DatedClosure, Reopening, Situation
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.suspending import suspend, without

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NOW_MIN = minutes_since_epoch(NOW)
DAY = 24 * 60


def minute(text):
    return minutes_since_epoch(parse_instant(text + "T00:00:00Z"))


def closure(target, since, *until, share=1.0, cause="storm"):
    """Closed from a day until one day, or until low, likely and high, or without an end."""
    end = None
    if until:
        low, likely, high = (minute(each) for each in (until * 3)[:3])
        end = Reopening(low_min=low, likely_min=likely, high_min=high)
    return DatedClosure(
        id=f"{target}@{since}.1",
        target=target,
        cause=cause,
        from_min=minute(since),
        reopening=end,
        share_lost=share,
    )


@pytest.fixture(scope="module")
def ask(published, quoting):
    reader = RequestReader(published.network, published.book)

    def asked(*closures, start="KZ-ALM", end="GE-POT", **fields):
        body = {
            "from": start,
            "to": end,
            "container": "40HC",
            "mass_kg": "18000",
            "hs": "851660",
            "ready": "2026-12-03",
            "samples": 200,
        } | fields
        return quoting.quote(reader.read(body, NOW), NOW, Situation.of(closures))

    return asked


def passes(way, place):
    return any(place in segment.passes for leg in way.legs for segment in leg.segments)


def content(quote):
    """An answer without its name and without what it says of the situation."""
    found = dict(quote_json(quote))
    for name in ("quote_id", "situation"):
        del found[name]
    return json.dumps(found)


def test_what_is_closed_for_good_is_not_offered_and_says_why(ask):
    usual = ask()
    assert any(passes(way, "KZ-AKT") for way in usual.alternatives)
    quote = ask(closure("KZ-AKT", "2026-11-20", cause="embargo"))
    assert not any(passes(way, "KZ-AKT") for way in quote.alternatives)
    (refused,) = [each for each in quote.refused if each.rule == "closed"]
    assert refused.facts["closed"] == "KZ-AKT"
    assert refused.facts["reason"] == "embargo"
    assert "Aktau port is closed: embargo, since 2026-11-20" in refused.message
    assert "until further notice" in refused.message


def test_ways_over_what_opens_again_leave_after_it_and_tell_of_it(ask):
    quote = ask(closure("KZ-AKT", "2026-11-20", "2026-12-12", "2026-12-15", "2026-12-20"))
    ways = [way for way in quote.alternatives if passes(way, "KZ-AKT")]
    assert ways
    for way in ways:
        there = [
            leg for leg in way.legs if any("KZ-AKT" in segment.passes for segment in leg.segments)
        ]
        assert all(leg.arrives_min >= minute("2026-12-15") for leg in there)
        (told,) = [each for each in way.advice if each.code == "closed"]
        assert told.rule == "KZ-AKT@2026-11-20.1"
        assert "between 2026-12-12 00:00 and 2026-12-20 00:00 UTC" in told.message
        # Nobody is at the other end before the earliest reopening.
        first = minute("2026-12-12") - minutes_since_epoch(quote.request.ready)
        assert min(way.times.quantiles_h) * 60 > first
    calls = quote_json(quote)["alternatives"][quote.alternatives.index(ways[0])]["calls"]
    waited = [each for each in calls if each["activity"] == "closed"]
    assert {each["place"] for each in waited} >= {"KZ-AKT"}
    assert any(each["hours_p50"] > 24 for each in waited)


def test_a_wider_interval_of_reopening_gives_a_wider_range_of_days(ask):
    sure = ask(closure("KZ-AKT", "2026-11-20", "2026-12-15"))
    unsure = ask(closure("KZ-AKT", "2026-11-20", "2026-12-08", "2026-12-15", "2026-12-28"))

    def spread(quote):
        return min(
            way.times.p90_h - way.times.p10_h for way in quote.alternatives if passes(way, "KZ-AKT")
        )

    assert spread(unsure) > spread(sure) + 24


def test_lifting_gives_the_bytes_of_before_and_so_does_what_is_over_when_cargo_is_ready(ask):
    usual = ask()
    over = closure("KZ-AKT", "2026-11-20", "2026-11-21")
    assert quote_json(ask(over)) == quote_json(usual)
    soon = ask(closure("KZ-AKT", "2026-11-20", "2026-12-02"))
    assert content(soon) == content(usual)
    assert soon.quote_id != usual.quote_id
    assert quote_json(usual)["situation"] == {"hash": "", "closures": [], "timetable": []}


def test_a_situation_that_nobody_knows_is_left_out_and_changes_nothing_else(
    published, quoting, ask
):
    usual = ask()
    unknown = quoting.quote(usual.request, NOW, None)
    told = dict(quote_json(unknown))
    assert "situation" not in told
    assert told == {name: v for name, v in quote_json(usual).items() if name != "situation"}


TARGETS = (
    "KZ-AKT", "KZ-KUR", "AZ-ALT", "GE-POT", "TM-TKM", "KZ-DOS", "AZ-BYK",
    "KZ-AKT--AZ-ALT:rail_ferry", "CASP-AKT-ALT-FEEDER", "ASCO", "KTZ",
)  # fmt: skip


def at_random(random, published):
    known = (*published.network.places, *published.network.services, *published.network.carriers)
    usable = [each for each in TARGETS if each in known or each in published.network.links]
    begin, low = random.randrange(-2, 30), random.randrange(0, 20)
    likely, high = low + random.randrange(0, 5), low + random.randrange(5, 9)
    at = [NOW_MIN + begin * DAY + each * DAY for each in (0, low, likely, high)]
    end = Reopening(low_min=at[1], likely_min=at[2], high_min=at[3])
    return DatedClosure(
        id=f"{random.choice(usable)}@{begin}.1",
        target=random.choice(usable),
        cause="strike",
        from_min=at[0],
        reopening=end if random.random() < 0.8 else None,
        share_lost=random.choice((0.3, 0.5, 1.0, 1.0)),
    )


@pytest.mark.parametrize("seed", range(3))
def test_closing_more_never_makes_the_first_arrival_earlier(ask, published, seed):
    random = Random(seed)
    lane = random.choice([("KZ-ALM", "GE-POT"), ("CN-XIA", "TR-IST"), ("GE-POT", "UZ-TAS")])
    chosen, arrivals = [], []
    for n in range(5):
        try:
            quote = ask(*chosen, start=lane[0], end=lane[1], samples=50)
            arrivals.append(min(way.arrives_min for way in quote.alternatives))
        except (NoRate, NoRoute):
            arrivals.append(float("inf"))
        chosen.append(replace(at_random(random, published), id=f"closure {n}"))
    assert all(before <= after for before, after in pairwise(arrivals)), (chosen, arrivals)


def test_the_order_of_entry_does_not_matter(ask):
    several = (
        closure("KZ-AKT", "2026-11-20", "2026-12-10"),
        closure("AZ-ALT", "2026-12-01", "2026-12-14", share=0.5),
        closure("CASP-KUR-ALT-FERRY", "2026-12-01"),
    )
    told = {json.dumps(quote_json(ask(*each))) for each in permutations(several)}
    assert len(told) == 1


def test_a_port_at_half_its_capacity_makes_its_ferry_wait_longer(ask):
    usual = ask(avoid=["KZ-KUR", "TM-TKM"])
    half = ask(closure("AZ-ALT", "2026-11-20", "2027-02-01", share=0.5), avoid=["KZ-KUR", "TM-TKM"])

    def median(quote):
        return min(way.times.p50_h for way in quote.alternatives if passes(way, "AZ-ALT"))

    assert median(half) > median(usual) + 12
    (told,) = {
        each.message
        for way in half.alternatives
        for each in way.advice
        if each.code == "restricted"
    }
    assert "at 50% of its capacity" in told


def test_more_capacity_lost_suspends_all_that_less_had_suspended(quoting, published):
    corridor = quoting.corridor(published.network, date(2026, 11, 21))
    gone = []
    for share in (0.2, 0.5, 0.8, 1.0):
        found = closure("AZ-ALT", "2026-11-25", "2027-03-01", share=share)
        gone.append(suspend(corridor, Situation.of([found]), NOW_MIN).by > 0)
    assert all((less <= more).all() for less, more in pairwise(gone))
    counts = [int(each.sum()) for each in gone]
    for share, count in zip((0.2, 0.5, 0.8), counts, strict=False):
        assert count / counts[-1] == pytest.approx(share, abs=0.06)


def test_a_link_is_closed_in_both_directions_and_a_carrier_with_all_it_runs(quoting, published):
    corridor = quoting.corridor(published.network, date(2026, 11, 21))

    def services(target):
        by = suspend(corridor, Situation.of([closure(target, "2026-11-20")]), NOW_MIN).by
        return {corridor.segments[s].service for s in corridor.connections.segment[by > 0]}

    both = {"CASP-AKT-ALT-FERRY", "CASP-ALT-AKT-FERRY"}
    assert both <= services("KZ-AKT--AZ-ALT:rail_ferry")
    assert services("KZ-AKT--AZ-ALT:rail_ferry") == services("AZ-ALT--KZ-AKT:rail_ferry")
    operator = published.network.services["CASP-AKT-ALT-FERRY"].operator
    all_of_it = {s.id for s in corridor.services if s.operator == operator}
    assert services(operator) == all_of_it


def test_a_train_that_is_stopped_goes_no_further_and_one_before_it_goes(quoting, published):
    corridor = quoting.corridor(published.network, date(2026, 11, 21))
    by = suspend(
        corridor, Situation.of([closure("KZ-AKT", "2026-11-20", "2026-12-15")]), NOW_MIN
    ).by
    previous = corridor.connections.previous
    on_board = previous >= 0
    assert (by[on_board] > 0).sum() > 0
    assert (by[on_board][by[previous[on_board]] > 0] > 0).all()
    rest = without(corridor, by > 0)
    late = rest.connections.arrives_min < minute("2026-11-20")
    assert late.sum() == (corridor.connections.arrives_min < minute("2026-11-20")).sum()
    for c in (rest.connections.previous >= 0).nonzero()[0][:500]:
        before = rest.connections.previous[c]
        assert rest.departure_of[before] == rest.departure_of[c]
        assert rest.connections.arrives_min[before] <= rest.connections.departs_min[c]


def test_nothing_is_compiled_anew_for_a_closure(published, ask, quoting, monkeypatch):
    ask()

    def never(*_):
        raise AssertionError("compiled anew")

    monkeypatch.setattr("karvan.services.quoting.quote.compile_corridor", never)
    monkeypatch.setattr("karvan.services.quoting.quote.prepare", never)
    ask(closure("AZ-ALT", "2026-11-20", "2026-12-13"))


def test_a_situation_has_one_hash_in_any_order_and_none_when_it_is_empty(published):
    one, two = closure("KZ-AKT", "2026-11-20"), closure("AZ-ALT", "2026-11-20", "2026-11-25")
    assert Situation.of([one, two]).hash == Situation.of([two, one]).hash
    assert Situation.of([one]).hash != Situation.of([replace(one, share_lost=0.5)]).hash
    assert NORMAL.hash == Situation.of([]).hash == ""
    assert Situation.of([one, two]).at(minute("2026-11-25")) == Situation.of([one])


def test_another_quoting_gives_the_same_under_a_closure(published, ask):
    found = closure("KZ-AKT", "2026-11-20", "2026-12-10", "2026-12-12", "2026-12-20")
    quote = ask(found)
    fresh = Quoting(published).quote(quote.request, NOW, Situation.of([found]))
    assert quote_json(fresh) == quote_json(quote)
