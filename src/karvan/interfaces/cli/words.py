"""Figures in words: days as a range, chances as counts, dates without ambiguity.

The rules are those of the interface design: a range is the 10th to 90th percentile, *most
likely* the fullest whole day, a chance a count, never surer than 49 in 50.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from karvan.domain.cargo import Cargo, UnitKind
from karvan.engines.transit_time.summary import TransitTimes
from karvan.services.quoting import wording
from karvan.services.quoting.answer import Alternative
from karvan.services.quoting.wishes import DAY_USD, RankBy, Wishes
from karvan.services.words import phrase, phrase_count, spoken

MODES: Final = wording.MODES
LABELS: Final = wording.LABELS
CHARGES: Final = wording.CHARGES
BASES: Final = wording.BASES

#: Bases of one kilometre of one unit.
UNIT_KM: Final = frozenset({"container_km", "wagon_km", "vehicle_km"})


def days_in_words(times: TransitTimes, *, half: bool = True) -> str:
    """A journey as a range: '23-31 days, most likely 26', in hours where it is short."""
    if times.p90_h < 48:
        return phrase(
            "{low}-{high} h, half within {half} h",
            low=number(times.p10_h, 0),
            high=number(times.p90_h, 0),
            half=number(times.p50_h, 0),
        )
    low, high, median = (round(h / 24) for h in (times.p10_h, times.p90_h, times.p50_h))
    apart = half and abs(times.mode_days - median) > max(0.1 * (high - low), 0.5)
    if low != high and apart:
        return phrase_count(
            "{low}-{count} day, most likely {likely}, half within {half}",
            "{low}-{count} days, most likely {likely}, half within {half}",
            high,
            low=low,
            likely=times.mode_days,
            half=median,
        )
    if low != high:
        return phrase_count(
            "{low}-{count} day, most likely {likely}",
            "{low}-{count} days, most likely {likely}",
            high,
            low=low,
            likely=times.mode_days,
        )
    if apart:
        return phrase_count(
            "{count} day, half within {half}", "{count} days, half within {half}", low, half=median
        )
    return phrase_count("{count} day", "{count} days", low)


def quantiles_in_days(times: TransitTimes) -> str:
    """P50 / P80 / P95 in days."""
    decimals = 0 if times.p90_h - times.p10_h > 48 else 1
    hours = (times.p50_h, times.p80_h, times.p95_h)
    return " / ".join(number(h / 24, decimals) for h in hours)


def chance(share: float) -> str:
    """A chance as a count.

    >>> [chance(share) for share in (0.0, 0.03, 0.44, 0.9, 0.97, 1.0)]
    ['hardly', '2 in 50', '4 in 10', '9 in 10', '48 in 50', 'almost surely']
    """
    return wording.chance(share)


def day(value: date, *, year: bool = False) -> str:
    """A day as '3 Dec' or '3 Dec 2026'."""
    return spoken().day(value, year=year)


def day_and_time(value: datetime) -> str:
    """A local instant as '3 Dec 18:00'."""
    return f"{day(value)} {value:%H:%M}"


def number(value: float | Decimal, decimals: int | None = None) -> str:
    """A number with its thousands grouped."""
    return spoken().number(value, decimals)


def grouped(amount: str, decimals: int | None = None) -> str:
    """An amount with thousands grouped: all its digits, or so many decimals.

    >>> grouped("12345.60"), grouped("12345.60", 0)
    ('12,345.60', '12,346')
    """
    return number(Decimal(amount), decimals)


def tonnes(grams: int) -> str:
    """CO2e in tonnes, to a tenth."""
    return phrase("{mass} t", mass=f"{number(grams / 1_000_000, 1)}")


def currency_in_words(code: str) -> str:
    """A currency by name where it has one here."""
    return wording.CURRENCIES.get(code, code)


def cargo_in_words(cargo: Cargo) -> str:
    """Units and masses of a cargo, as the head of a quote says them."""
    mass = number(cargo.mass.kg / 1000, 0)
    if cargo.kind is UnitKind.BULK:
        return phrase("{mass} t in bulk", mass=mass)
    if cargo.kind is UnitKind.OIL:
        return phrase("{mass} t of oil ({grade})", mass=mass, grade=cargo.type_code)
    what = cargo.type_code
    if cargo.kind is UnitKind.CONTAINER:
        what = wording.container(cargo.type_code)
    told = f"{number(cargo.count)} x {what} · "
    mass = number(cargo.mass.kg)
    if not cargo.laden:
        return told + phrase("empty")
    if cargo.count > 1:
        return told + phrase("{mass} kg each", mass=mass)
    return told + phrase("{mass} kg", mass=mass)


def ranking_in_words(wishes: Wishes) -> str:
    """What alternatives are ranked by."""
    if wishes.rank_by is not RankBy.BALANCE:
        return wording.RANKED[wishes.rank_by.value]
    weights = wishes.weights
    told = phrase("price + {worth} USD a day", worth=number(weights.day_usd or DAY_USD))
    if weights.late_day_usd:
        late = number(weights.late_day_usd)
        told += " + " + phrase("{worth} USD an uncertain day", worth=late)
    if weights.co2e_t_usd:
        told += " + " + phrase("{worth} USD a tonne of CO2e", worth=number(weights.co2e_t_usd))
    return told


def price_in_words(way: Alternative) -> str:
    """The price of a way in whole units; a "from" where somebody's price is on request."""
    told = f"{grouped(way.price.total.amount, 0)} {way.price.total.currency}"
    return phrase("from {price}", price=told) if way.on_request else told
