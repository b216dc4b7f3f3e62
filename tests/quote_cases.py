"""Random requests and changes of the book, for the tests and the proofs of whole quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from karvan.domain.errors import InvalidRequest, NotFound
from karvan.domain.tariff import TariffBook
from karvan.services.quoting.carriage import carriage_of
from karvan.services.quoting.request import RequestReader

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

#: Goods by kind of unit: (fields that say the unit, HS codes).
_UNITS = (
    ({"container": "40HC"}, ("851660", "850760", "940360")),
    ({"container": "40HC"}, ("852872", "870899")),
    ({"container": "20DC"}, ("740311", "284410", "310210")),
    ({"container": "45HC"}, ("847989",)),
    ({"container": "40RF", "temperature_c": "-18"}, ("081110", "020230")),
    ({"container": "20TK"}, ("220710",)),
    ({"wagon": "covered_wagon"}, ("760110", "520100")),
    ({"wagon": "tank_wagon"}, ("271019",)),
    ({"wagon": "open_wagon"}, ("260111",)),
    ({"truck": "16.5"}, ("520100", "080810")),
    ({"bulk": "grain"}, ("100199",)),
    ({"bulk": "fertiliser"}, ("310210",)),
    ({"oil": "cpc_blend"}, ("270900",)),
    ({"oil": "kazakh_light"}, ("270900",)),
)
_HAZARDS = ("", "", "", "UN3480", "UN1267", "UN2912", "UN1203", "UN1965", "UN2067")


def served(published, quoting) -> dict[str, list[str]]:
    """Places that services call at, by the field of the unit they take; '' for all places."""
    reader = RequestReader(published.network, published.book)
    found = {"": sorted(map(str, published.network.places))}
    for unit, goods in _UNITS:
        body = {"from": "KZ-AKT", "to": "AZ-ALT", "ready": "2026-12-03", "hs": goods[0], **unit}
        cargo = reader.read({**body, "mass_kg": "1000"}, NOW).cargo
        corridor = quoting.corridor(published.network, NOW.date(), carriage_of(cargo))
        ends = {str(end) for s in corridor.segments for end in (s.from_place, s.to_place)}
        found[next(iter(unit))] = sorted(ends)
    return found


def draw_request(random: Random, places: dict[str, list[str]]) -> dict[str, object]:
    """Draw a request; two in three make sense, the others may not."""
    sensible = random.random() < 0.67
    unit, goods = random.choice(_UNITS)
    start, end = random.sample(places[next(iter(unit)) if sensible else ""], 2)
    whole = "bulk" in unit or "oil" in unit
    most = 20_000 if sensible else 30_000
    body: dict[str, object] = {
        "from": start,
        "to": end,
        **unit,
        "mass_kg": str(random.randrange(1, 6_000_000 if whole else most)),
        "hs": random.choice(goods),
        "ready": (NOW + timedelta(days=random.randrange(1, 70))).date().isoformat(),
        "samples": 50,
        "seed": random.randrange(1000),
        "currency": random.choice(("USD", "USD", "EUR", "KZT", "CNY")),
    }
    if sensible:
        return body
    hazard = random.choice(_HAZARDS)
    if hazard:
        body["un"] = hazard
    if not whole and random.random() < 0.4:
        body["count"] = random.randrange(1, 60)
    if "container" in unit and random.random() < 0.3:
        body["container_owner"] = "carrier"
    elif ("container" in unit or "wagon" in unit) and random.random() < 0.3:
        body["return_empty"] = True
    if random.random() < 0.2:
        body["no_transit"] = [random.choice(("RU", "IR", "UZ"))]
    if random.random() < 0.2:
        body["avoid"] = [random.choice(("rail_ferry", "Aktau", "KTZ", "TM", "GE", "feeder"))]
    return body


def ask(reader, quoting, body):
    """The quote, or the error that says why there is none."""
    try:
        return quoting.quote(reader.read(body, NOW), NOW)
    except (InvalidRequest, NotFound) as error:
        return error


def check(quote) -> None:
    """What holds of every quote."""
    request = quote.request
    assert quote.alternatives
    for way in quote.alternatives:
        quoted = sum((line.quoted.to_decimal() for line in way.price.lines), Decimal(0))
        assert quoted == way.price.total.to_decimal()
        paid = sum((each.to_decimal() for each in way.sharing.amounts.values()), Decimal(0))
        assert paid == quoted
        assert sum(line.charge.micro for line in way.price.lines) == way.planned_price_micro
        assert way.price.low <= way.price.total <= way.price.high
        assert list(way.times.quantiles_h) == sorted(way.times.quantiles_h)
        assert 0 < way.times.p10_h <= way.times.p50_h <= way.times.p80_h
        assert way.times.p80_h <= way.times.p90_h <= way.times.p95_h
        assert request.ready.timestamp() / 60 <= way.departs_min < way.arrives_min
        assert way.co2e_g > 0
        assert way.legs[0].from_place in request.origin.members
        assert way.legs[-1].to_place in request.destination.members
        for before, after in zip(way.legs, way.legs[1:], strict=False):
            assert before.to_place == after.from_place
            assert before.arrives_min <= after.departs_min
        wishes = request.wishes
        assert not set(wishes.no_transit) & way.countries
        for target in wishes.avoid:
            assert not any(target.touches(s) for leg in way.legs for s in leg.segments)
    on_request = [way.on_request for way in quote.alternatives]
    assert on_request == sorted(on_request)


def dearer(book: TariffBook, rate_id: str, factor: Decimal) -> TariffBook:
    """The book with one rate raised by a factor >= 1."""
    rates = tuple(
        replace(
            rate,
            amount=rate.amount * factor,
            low=None if rate.low is None else rate.low * factor,
            high=None if rate.high is None else rate.high * factor,
            maximum=None if rate.maximum is None else rate.maximum * factor,
        )
        if rate.id == rate_id
        else rate
        for rate in book.rates
    )
    return replace(book, rates=rates, version=f"{book.version}+{rate_id}x{factor}")


def without(book: TariffBook, random: Random, share: float) -> TariffBook:
    """The book with a share of its rows struck out, charges at places excepted."""

    def keep(row: object) -> bool:
        return random.random() >= share

    return replace(
        book,
        rates=tuple(rate for rate in book.rates if not rate.carrier or keep(rate)),
        coefficients=tuple(filter(keep, book.coefficients)),
        surcharges=tuple(filter(keep, book.surcharges)),
        caps=tuple(filter(keep, book.caps)),
        joints=tuple(filter(keep, book.joints)),
        version=f"{book.version}-{share}-{random.random()}",
    )


def cheapest_micro(quote) -> int:
    """Lowest planned price among the ways whose price is known whole."""
    return min(w.planned_price_micro for w in quote.alternatives if not w.on_request)
