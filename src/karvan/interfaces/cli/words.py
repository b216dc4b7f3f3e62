"""Figures in words: days as a range, chances as counts, dates without ambiguity.

The rules are those of the interface design: a range is the 10th to 90th percentile, *most
likely* the fullest whole day, a chance a count, never surer than 49 in 50.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from karvan.domain.cargo import Cargo, UnitKind
from karvan.domain.identifiers.container_type import ContainerType
from karvan.engines.transit_time.summary import TransitTimes
from karvan.services.quoting import wording
from karvan.services.quoting.answer import Alternative
from karvan.services.quoting.wishes import DAY_USD, RankBy, Wishes

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

MODES: Final = wording.MODES
LABELS: Final = wording.LABELS
CHARGES: Final = wording.CHARGES
BASES: Final = wording.BASES

#: Bases of one kilometre of one unit.
UNIT_KM: Final = frozenset({"container_km", "wagon_km", "vehicle_km"})

CURRENCIES: Final[Mapping[str, str]] = {
    "AZN": "manat",
    "CHF": "Swiss francs",
    "CNY": "yuan",
    "EUR": "euros",
    "GEL": "lari",
    "KZT": "tenge",
    "TRY": "Turkish lira",
    "USD": "US dollars",
}


def days_in_words(times: TransitTimes, *, half: bool = True) -> str:
    """A journey as a range: '23-31 days, most likely 26', in hours where it is short."""
    if times.p90_h < 48:
        return f"{times.p10_h:.0f}-{times.p90_h:.0f} h, half within {times.p50_h:.0f} h"
    low, high, median = (round(h / 24) for h in (times.p10_h, times.p90_h, times.p50_h))
    text = f"{low}-{high} days" if low != high else f"{low} days"
    if low != high:
        text += f", most likely {times.mode_days}"
    if half and abs(times.mode_days - median) > max(0.1 * (high - low), 0.5):
        text += f", half within {median}"
    return text


def quantiles_in_days(times: TransitTimes) -> str:
    """P50 / P80 / P95 in days."""
    decimals = 0 if times.p90_h - times.p10_h > 48 else 1
    hours = (times.p50_h, times.p80_h, times.p95_h)
    return " / ".join(f"{h / 24:.{decimals}f}" for h in hours)


def chance(share: float) -> str:
    """A chance as a count.

    >>> [chance(share) for share in (0.0, 0.03, 0.44, 0.9, 0.97, 1.0)]
    ['hardly', '2 in 50', '4 in 10', '9 in 10', '48 in 50', 'almost surely']
    """
    if share < 1 / 50:
        return "hardly"
    if share > 49 / 50:
        return "almost surely"
    if 0.05 <= share <= 0.95:
        return f"{min(9, max(1, round(share * 10)))} in 10"
    return f"{round(share * 50)} in 50"


def day(value: date, *, year: bool = False) -> str:
    """A day as '3 Dec' or '3 Dec 2026'."""
    text = f"{value.day} {MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if year else text


def day_and_time(value: datetime) -> str:
    """A local instant as '3 Dec 18:00'."""
    return f"{day(value)} {value:%H:%M}"


def grouped(amount: str, decimals: int | None = None) -> str:
    """An amount with thousands grouped: all its digits, or so many decimals.

    >>> grouped("12345.60"), grouped("12345.60", 0)
    ('12,345.60', '12,346')
    """
    value = Decimal(amount)
    return f"{value:,f}" if decimals is None else f"{value:,.{decimals}f}"


def tonnes(grams: int) -> str:
    """CO2e in tonnes, to a tenth."""
    return f"{grams / 1_000_000:.1f} t"


def currency_in_words(code: str) -> str:
    """A currency by name where it has one here."""
    return CURRENCIES.get(code, code)


def cargo_in_words(cargo: Cargo) -> str:
    """Units and masses of a cargo, as the head of a quote says them."""
    if cargo.kind is UnitKind.BULK:
        return f"{cargo.mass.kg / 1000:,.0f} t in bulk"
    if cargo.kind is UnitKind.OIL:
        return f"{cargo.mass.kg / 1000:,.0f} t of oil ({cargo.type_code})"
    what = cargo.type_code
    if cargo.kind is UnitKind.CONTAINER:
        box = ContainerType.parse(cargo.type_code)
        what += f" ({box.length_ft}'{' high cube' if box.is_high_cube else ''})"
    told = f"{cargo.count:,} x {what}"
    each = " each" if cargo.count > 1 else ""
    return f"{told} · {cargo.mass.kg:,} kg{each}" if cargo.laden else f"{told} · empty"


def ranking_in_words(wishes: Wishes) -> str:
    """What alternatives are ranked by."""
    if wishes.rank_by is not RankBy.BALANCE:
        return {
            RankBy.CHEAPEST: "price",
            RankBy.FASTEST: "days, half of the time within",
            RankBy.SUREST: "how sure the days are",
            RankBy.LEAST_CO2E: "CO2e",
        }[wishes.rank_by]
    weights = wishes.weights
    told = f"price + {(weights.day_usd or DAY_USD):,f} USD a day"
    if weights.late_day_usd:
        told += f" + {weights.late_day_usd:f} USD an uncertain day"
    if weights.co2e_t_usd:
        told += f" + {weights.co2e_t_usd:f} USD a tonne of CO2e"
    return told


def price_in_words(way: Alternative) -> str:
    """The price of a way in whole units; a "from" where somebody's price is on request."""
    told = f"{grouped(way.price.total.amount, 0)} {way.price.total.currency}"
    return f"from {told}" if way.on_request else told
