"""Twelve reference shipments, quoted whole and kept as a forwarder reads them.

A golden page changes when a rate, a time or a rule of its lane does. Look at the difference, then
renew it with KARVAN_UPDATE_GOLDEN=1.
"""

import json
import os
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from karvan.interfaces.cli.output import drawn
from karvan.interfaces.cli.quote_page import QuotePage
from karvan.services.quoting.request import RequestReader

HERE = Path(__file__).resolve().parent.parent
GOLDEN = HERE / "golden" / "reference_shipments"
SHIPMENTS = json.loads((HERE / "data" / "reference_shipments.json").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
WIDTH = 100


@pytest.fixture(scope="module")
def ask(published, quoting):
    reader = RequestReader(published.network, published.book)
    made = {}

    def answer(shipment, **fields):
        body = {"ready": "2026-12-03", "samples": 200, **shipment, **fields}
        name = (body.pop("name"), *fields.items())
        if name not in made:
            made[name] = quoting.quote(reader.read(body, NOW), NOW)
        return made[name]

    return answer


def page(quote, goods):
    """The page without its last lines: hashes change with every table."""
    made = QuotePage(quote=quote, goods=goods, show_all=False, detail=0)
    return drawn(made.draw, width=WIDTH).partition(f"{quote.quote_id} ")[0]


@pytest.mark.parametrize("shipment", SHIPMENTS, ids=lambda shipment: shipment["name"])
def test_the_quote_is_the_one_that_was_reviewed(ask, published, shipment):
    quote = ask(shipment, most=3)
    goods = published.network.rules.hs.get(quote.request.cargo.hs, "")

    told = page(quote, goods)

    golden = GOLDEN / f"{shipment['name']}.txt"
    if os.environ.get("KARVAN_UPDATE_GOLDEN"):
        golden.write_text(told, encoding="utf-8")
    assert told == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("shipment", SHIPMENTS, ids=lambda shipment: shipment["name"])
def test_its_parts_agree(ask, shipment):
    quote = ask(shipment)

    assert quote.alternatives
    assert not quote.bounded
    for way in quote.alternatives:
        lines = [line.quoted.to_decimal() for line in way.price.lines]
        assert sum(lines, Decimal(0)) == way.price.total.to_decimal()
        paid = [amount.to_decimal() for amount in way.sharing.amounts.values()]
        assert sum(paid, Decimal(0)) == way.price.total.to_decimal()
        assert sum(line.charge.micro for line in way.price.lines) == way.planned_price_micro
        assert way.price.low <= way.price.total <= way.price.high
        assert list(way.times.quantiles_h) == sorted(way.times.quantiles_h)
        assert way.departs_min < way.arrives_min
        assert all(line.charge.row.source for line in way.price.lines)


def test_every_kind_of_unit_and_every_way_to_price_is_among_them(ask):
    quotes = [ask(shipment) for shipment in SHIPMENTS]
    ways = [way for quote in quotes for way in quote.alternatives]
    lines = [line.charge for way in ways for line in way.price.lines]

    assert {quote.request.cargo.kind.value for quote in quotes} == {
        "container",
        "wagon",
        "truck",
        "bulk",
        "oil",
    }
    joint = [way for way in ways if way.sharing.joint]
    assert any(way.sharing.national for way in joint)
    for way in joint:
        for share in way.sharing.joint:
            asked = [line for line in way.price.lines if line.charge.carrier == share.joint]
            assert sum(a.minor_units for a in share.amounts.values()) in {
                line.quoted.minor_units for line in asked
            }
    assert any(way.on_request for way in ways)
    assert {"HAUL", "HANDLING", "BORDER", "GAUGE", "DECLARATION", "RETURN"} <= {
        line.code for line in lines
    }
    assert any(line.factors for line in lines)
    assert any(line.carried_forward for line in lines)
    assert any(quote.refused for quote in quotes)
