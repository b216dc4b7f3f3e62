"""How a carrier's price for one way is formed, line by line.

For each part of the tariff that the carrier has::

    amount = quantity(basis, cargo, km) x (rate, or rate x base table) x product of coefficients

held between the rate's minimum and maximum for each unit; then the surcharges, in percent of
the sum so far or by an amount; then the cap or floor of the way over all of it, as a line of
its own. Source: tariff_formation, sections 1, 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from karvan.domain.cargo import BY_THE_TONNE, Cargo
from karvan.domain.errors import NoRate
from karvan.domain.tariff import (
    Axis,
    BaseTable,
    Cap,
    Facts,
    Rate,
    Sheet,
    Surcharge,
    SurchargeKind,
    TariffBook,
)
from karvan.engines.pricing.charging import Charge, quantity_of, tariff_km, to_micro

#: Codes of charges.
HAUL, RETURN, CAP = "HAUL", "RETURN", "CAP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of one carrier: where it begins and ends, and its tariff distance in km."""

    carrier: str
    from_place: str
    to_place: str
    distance_km: float | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a price is formed for.

    Attributes
    ----------
    facts
        Facts of the cargo on the day (`domain.tariff.facts`).
    day
        Day of acceptance, which decides age and carried forward.
    currency, exchange
        Currency of the quote, and units of it for one unit of another.
    laden
        False for the empty unit on its way back.
    """

    cargo: Cargo
    facts: Facts
    day: date
    book: TariffBook
    currency: str
    exchange: Callable[[str], Decimal]
    laden: bool = True


def form_price(sheet: Sheet, way: Way, terms: Terms, code: str = HAUL) -> tuple[Charge, ...] | None:
    """Form the price of one way.

    Returns
    -------
    The charges, or None where the carrier has no rate for this cargo on this way. A price on
    request is one charge without an amount.
    """
    km = tariff_km(way.distance_km)
    facts = {**terms.facts, "distance_km": km}
    rates = sheet.rates_for(way.from_place, way.to_place, facts)
    if not rates:
        return None
    charges: list[Charge] = []
    for rate in rates:
        made = _charge(sheet, rate, way, terms, facts, km, code)
        if made is None:
            return None
        charges.append(made)
    if any(each.on_request for each in charges):
        return tuple(each for each in charges if each.on_request)
    for surcharge in sheet.surcharges_for(way.from_place, way.to_place, facts):
        charges.append(_surcharge(surcharge, charges[: len(rates)], way, terms, km))
    cap = sheet.cap_for(way.from_place, way.to_place, facts)
    if cap is not None:
        charges.extend(_capped(cap, charges, way, terms, km))
    return tuple(charges)


def _charge(
    sheet: Sheet, rate: Rate, way: Way, terms: Terms, facts: Facts, km: Decimal, code: str
) -> Charge | None:
    if rate.on_request:
        return _line(rate, way, terms, code, on_request=True)
    base = Decimal(1)
    if rate.table:
        found = _table_amount(terms.book.tables[rate.table], km, terms)
        if found is None:
            return None
        base = found
    quantity = quantity_of(rate.basis, terms.cargo, km, laden=terms.laden)
    factors = sheet.factors_for(way.from_place, way.to_place, facts, rate)
    product, low_product, high_product = Decimal(1), Decimal(1), Decimal(1)
    for factor in factors:
        low, high = factor.bounds()
        product *= factor.value
        low_product *= low
        high_product *= high
    low, high = rate.bounds(terms.day)
    amount = quantity * base * rate.amount * product
    limited, held = _held(rate, amount, terms.cargo)
    return Charge(
        code=code,
        carrier=way.carrier,
        from_place=way.from_place,
        to_place=way.to_place,
        row=rate,
        currency=rate.currency,
        quantity=quantity,
        each=base * rate.amount,
        amount=held,
        micro=to_micro(held * terms.exchange(rate.currency)),
        low_micro=_micro(rate, quantity * base * low * low_product, terms),
        high_micro=_micro(rate, quantity * base * high * high_product, terms),
        carried_forward=rate.carried_forward(terms.day),
        factors=factors,
        limited=limited,
    )


def _micro(rate: Rate, amount: Decimal, terms: Terms) -> int:
    return to_micro(_held(rate, amount, terms.cargo)[1] * terms.exchange(rate.currency))


def _held(rate: Rate, amount: Decimal, cargo: Cargo) -> tuple[str, Decimal]:
    """Hold an amount between the rate's ends; says which end decided."""
    units = 1 if cargo.kind in BY_THE_TONNE else cargo.count
    if rate.minimum is not None and amount < rate.minimum * units:
        return "minimum", rate.minimum * units
    if rate.maximum is not None and amount > rate.maximum * units:
        return "maximum", rate.maximum * units
    return "", amount


def _table_amount(table: BaseTable, km: Decimal, terms: Terms) -> Decimal | None:
    net_t = terms.cargo.net_t if terms.laden else Decimal(0)
    value = km if table.axis is Axis.DISTANCE_KM else net_t
    try:
        return table.amount(value)
    except NoRate:
        return None


def _line(
    row: Rate | Surcharge | Cap,
    way: Way,
    terms: Terms,
    code: str,
    *,
    on_request: bool = False,
) -> Charge:
    nothing = Decimal(0)
    return Charge(
        code=code,
        carrier=way.carrier,
        from_place=way.from_place,
        to_place=way.to_place,
        row=row,
        currency=row.currency,
        quantity=nothing,
        each=nothing,
        amount=nothing,
        micro=0,
        low_micro=0,
        high_micro=0,
        carried_forward=row.carried_forward(terms.day),
        on_request=on_request,
    )


def _surcharge(row: Surcharge, base: list[Charge], way: Way, terms: Terms, km: Decimal) -> Charge:
    low, high = row.bounds(terms.day)
    if row.kind is SurchargeKind.PERCENT:
        # In the currency of the quote: the charges below it may be in several.
        quantity = Decimal(sum(each.micro for each in base)) / 1_000_000
        ends = (sum(each.low_micro for each in base), sum(each.high_micro for each in base))
        amounts = (
            quantity * row.amount / 100,
            Decimal(ends[0]) / 1_000_000 * low / 100,
            Decimal(ends[1]) / 1_000_000 * high / 100,
        )
        exchange, currency = Decimal(1), terms.currency
    else:
        quantity = quantity_of(row.basis, terms.cargo, km, laden=terms.laden)
        amounts = (quantity * row.amount, quantity * low, quantity * high)
        exchange, currency = terms.exchange(row.currency), row.currency
    return Charge(
        code=row.code,
        carrier=way.carrier,
        from_place=way.from_place,
        to_place=way.to_place,
        row=row,
        currency=currency,
        quantity=quantity,
        each=row.amount,
        amount=amounts[0],
        micro=to_micro(amounts[0] * exchange),
        low_micro=to_micro(amounts[1] * exchange),
        high_micro=to_micro(amounts[2] * exchange),
        carried_forward=False,
    )


def _capped(
    cap: Cap, charges: list[Charge], way: Way, terms: Terms, km: Decimal
) -> tuple[Charge, ...]:
    """Give the line that brings the charges within the cap; none where they are within it."""
    quantity = quantity_of(cap.basis, terms.cargo, km, laden=terms.laden)
    exchange = terms.exchange(cap.currency)
    most = None if cap.maximum is None else to_micro(cap.maximum * quantity * exchange)
    least = None if cap.minimum is None else to_micro(cap.minimum * quantity * exchange)

    def step(total: int) -> int:
        if most is not None and total > most:
            return most - total
        if least is not None and total < least:
            return least - total
        return 0

    micro = step(sum(each.micro for each in charges))
    low = step(sum(each.low_micro for each in charges))
    high = step(sum(each.high_micro for each in charges))
    if (micro, low, high) == (0, 0, 0):
        return ()
    end = cap.maximum if micro < 0 or cap.minimum is None else cap.minimum
    return (
        Charge(
            code=CAP,
            carrier=way.carrier,
            from_place=way.from_place,
            to_place=way.to_place,
            row=cap,
            currency=cap.currency,
            quantity=quantity,
            each=end or Decimal(0),
            amount=Decimal(micro) / 1_000_000 / exchange,
            micro=micro,
            low_micro=low,
            high_micro=high,
            carried_forward=False,
            limited="maximum" if micro < 0 else "minimum",
        ),
    )
