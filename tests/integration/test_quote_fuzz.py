"""Any cargo, any pair, any date, any change of the book: a quote that holds together, or a reason.

Few cases here; `proofs/quotes.py` draws many more.
"""

from dataclasses import replace
from datetime import time
from decimal import Decimal
from random import Random

import pytest

import quote_cases as cases
from karvan.domain.errors import InvalidInput, KarvanError
from karvan.network.patterns import ServiceId
from karvan.services.quoting.answer import Quote
from karvan.services.quoting.quote import Quoting
from karvan.services.quoting.request import RequestReader

SEEDS = range(24)
BOOK_SEEDS = range(4)


@pytest.fixture(scope="module")
def reader(published):
    return RequestReader(published.network, published.book)


@pytest.fixture(scope="module")
def places(published, quoting):
    return cases.served(published, quoting)


def answered(reader, quoting, places, random):
    """A request with an answer, and the answer."""
    for _ in range(400):
        body = cases.draw_request(random, places)
        quote = cases.ask(reader, quoting, body)
        if isinstance(quote, Quote) and any(not way.on_request for way in quote.alternatives):
            return body, quote
    raise AssertionError("no request was answered")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_request_is_answered_or_refused_with_a_reason(reader, quoting, places, seed):
    body = cases.draw_request(Random(seed), places)

    made = cases.ask(reader, quoting, body)

    if isinstance(made, KarvanError):
        assert made.exit_status == 2
        assert made.message
    else:
        cases.check(made)


def test_most_requests_that_make_sense_are_answered(reader, quoting, places):
    made = [cases.ask(reader, quoting, cases.draw_request(Random(s), places)) for s in SEEDS]

    assert sum(isinstance(each, Quote) for each in made) >= len(SEEDS) // 4


@pytest.mark.parametrize("seed", BOOK_SEEDS)
def test_a_dearer_rate_never_makes_a_quote_cheaper(reader, quoting, places, seed):
    random = Random(seed)
    body, quote = answered(reader, quoting, places, random)
    way = random.choice([way for way in quote.alternatives if not way.on_request])
    row = random.choice([line.charge.row.id for line in way.price.lines])
    book = cases.dearer(quoting.published.book, row, Decimal(random.choice(("1.1", "2", "7"))))

    dearer = cases.ask(reader, quoting.with_book(book), body)

    cases.check(dearer)
    assert cases.cheapest_micro(dearer) >= cases.cheapest_micro(quote)


@pytest.mark.parametrize("seed", BOOK_SEEDS)
def test_a_book_with_holes_prices_what_is_left(reader, quoting, places, seed):
    random = Random(100 + seed)
    body, _ = answered(reader, quoting, places, random)
    book = cases.without(quoting.published.book, random, 0.2)

    made = cases.ask(reader, quoting.with_book(book), body)

    if isinstance(made, KarvanError):
        assert made.code in {"no-rate", "no-route"}
    else:
        cases.check(made)


def test_a_shipment_beyond_all_bounds_is_refused_in_words(reader, quoting):
    body = {
        "from": "CN-XIA",
        "to": "TR-IST",
        "container": "40HC",
        "count": 10_000,
        "mass_kg": "20000",
        "hs": "851660",
        "ready": "2026-12-03",
        "currency": "UZS",
    }
    quoting = quoting.with_book(
        replace(
            quoting.published.book,
            exchange_rates=(
                *quoting.published.book.exchange_rates,
                replace(
                    quoting.published.book.exchange_rates[0],
                    id="UZS-TEST",
                    currency="UZS",
                    per_usd=Decimal(12_000),
                ),
            ),
        )
    )
    reader = RequestReader(quoting.published.network, quoting.published.book)

    with pytest.raises(InvalidInput, match="too large"):
        quoting.quote(reader.read(body, cases.NOW), cases.NOW)


def test_a_new_departure_never_makes_the_front_worse(published, reader, quoting, places):
    random = Random(5)
    body, quote = answered(reader, quoting, places, random)
    ridden = sorted({leg.service.id for way in quote.alternatives for leg in way.legs})
    service = published.network.services[ServiceId(random.choice(ridden))]
    more = replace(
        service,
        id=ServiceId(f"{service.id}-MORE"),
        headway_h=None,
        headway_low_h=None,
        headway_high_h=None,
        headway_cv=None,
        days=(0, 2, 4),
        departs_local=time(7, 30),
    )
    network = published.network
    hashes = replace(network.hashes, patterns=f"{network.hashes.patterns}+1")
    richer = replace(network, services={**network.services, more.id: more}, hashes=hashes)

    made = cases.ask(
        RequestReader(richer, published.book), Quoting(replace(published, network=richer)), body
    )

    for way in quote.alternatives:
        assert any(
            other.arrives_min <= way.arrives_min
            and other.planned_price_micro <= way.planned_price_micro
            for other in made.alternatives
        )
