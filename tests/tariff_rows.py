"""Rows, cargoes and ways for tests of the tariff book, with nothing that matters left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from karvan.domain.cargo import Cargo, Owner, UnitKind
from karvan.domain.quantities import Mass
from karvan.domain.tariff import (
    Basis,
    Cap,
    Coefficient,
    Rate,
    Scope,
    Surcharge,
    SurchargeKind,
    TariffBook,
    facts_of,
    parse_conditions,
)
from karvan.engines.pricing.formation import Terms, Way, form_price

DAY = date(2026, 12, 3)


def common(name, conditions=""):
    return {
        "id": name,
        "carrier": "KTZ",
        "scope": Scope.HAUL,
        "conditions": parse_conditions(conditions),
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
        "rule": "a rule",
        "fact": (),
        "source": ("assumed",),
        "estimate": False,
        "note": "",
    }


def rate(name="R1", amount="100", conditions="", **changes):
    made = Rate(
        **common(name, conditions),
        basis=Basis.CONTAINER,
        amount=Decimal(amount),
        currency="USD",
        low=None,
        high=None,
    )
    return replace(made, **changes)


def coefficient(name, value, conditions="", group="special", **changes):
    made = Coefficient(
        **common(name, conditions), group=group, value=Decimal(value), low=None, high=None
    )
    return replace(made, **changes)


def surcharge(name, amount, kind=SurchargeKind.PERCENT, code="FUEL", **changes):
    made = Surcharge(
        **common(name),
        code=code,
        kind=kind,
        basis=Basis.FLAT if kind is SurchargeKind.PERCENT else Basis.CONTAINER,
        amount=Decimal(amount),
        currency="USD",
        low=None,
        high=None,
    )
    return replace(made, **changes)


def cap(name="C1", maximum=None, minimum=None, **changes):
    made = Cap(
        **common(name),
        basis=Basis.CONTAINER,
        maximum=None if maximum is None else Decimal(maximum),
        minimum=None if minimum is None else Decimal(minimum),
        currency="USD",
    )
    return replace(made, **changes)


def container(mass_kg=18_000, count=1, **changes):
    made = Cargo(
        kind=UnitKind.CONTAINER,
        type_code="45G1",
        equipment="40",
        count=count,
        mass=Mass(mass_kg),
        tare=Mass(3_900),
        hs="851660",
        teu=Decimal(2),
        group="general",
    )
    return replace(made, **changes)


def wagon(mass_kg=60_000, equipment="covered_wagon", hs="252329", length="14.73", **changes):
    made = Cargo(
        kind=UnitKind.WAGON,
        type_code=equipment,
        equipment=equipment,
        count=1,
        mass=Mass(mass_kg),
        tare=Mass(24_000),
        hs=hs,
        length_m=Decimal(length),
        axles=4,
        owner=Owner.SHIPPER,
    )
    return replace(made, **changes)


def priced(book, cargo, *, km="1000", way=("A", "B"), carrier="KTZ", day=DAY, laden=True, **facts):
    """Charges of a haul, or None: what a quote would ask of one carrier."""
    known = {**facts_of(cargo, day, laden=laden), **facts}
    terms = Terms(
        cargo=cargo,
        facts=known,
        day=day,
        book=book,
        currency="USD",
        exchange=lambda currency: book.exchange(currency, "USD", day),
        laden=laden,
    )
    sheet = book.sheet(
        Scope.HAUL, carrier, unit=cargo.kind, equipment=cargo.equipment, facts=known, day=day
    )
    there = Way(carrier=carrier, from_place=way[0], to_place=way[1], distance_km=Decimal(km))
    return form_price(sheet, there, terms)


def made_book(rates, **parts):
    return TariffBook(tuple(rates), (), "test", **{k: tuple(v) for k, v in parts.items()})


def total(charges):
    """Sum in dollars, exact to a millionth."""
    return Decimal(sum(each.micro for each in charges)).scaleb(-6)
