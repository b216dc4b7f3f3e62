"""Values of a quote in words: amounts, days, instants, codes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from karvan.adapters.documents.answers import Object, decimal, number, text
from karvan.services.quoting import wording
from karvan.services.words import phrase, phrase_count, spoken

NOTHING: Final = "-"


def grouped(value: Decimal | None) -> str:
    """An amount with all its digits, thousands grouped.

    >>> grouped(Decimal("12345.60")), grouped(None)
    ('12,345.60', '-')
    """
    return NOTHING if value is None else spoken().number(value)


def amount(of: Object, key: str) -> str:
    """An amount by key; what is there and no number stands as it is."""
    value = decimal(of, key)
    return text(of, key, NOTHING) if value is None else grouped(value)


def on_request() -> str:
    """What stands in place of an amount nobody has yet."""
    return phrase("on request")


def code_in_words(code: str) -> str:
    """A code as words.

    >>> code_in_words("least-co2e"), code_in_words("rail_ferry"), code_in_words("HAUL")
    ('least CO2e', 'rail ferry', 'haul')
    """
    return code.lower().replace("_", " ").replace("-", " ").replace("co2e", "CO2e")


def sentence(told: str) -> str:
    """Begin with a capital letter, leave the rest."""
    return told[:1].upper() + told[1:]


def day(value: datetime | None) -> str:
    """A day as '3 Dec 2026'."""
    return NOTHING if value is None else spoken().day(value, year=True)


def moment(value: datetime | None) -> str:
    """An instant as '3 Dec 2026, 16:00 UTC'."""
    return NOTHING if value is None else f"{day(value)}, {value:%H:%M} UTC"


def days(hours: float | None) -> str:
    """Hours as days to a tenth."""
    return NOTHING if hours is None else spoken().number(hours / 24, 1)


def range_of_days(times: Object) -> str:
    """Eight journeys of ten, and the likeliest whole day: '33-42 days, most likely 36'."""
    low, high = number(times, "p10"), number(times, "p90")
    if low is None or high is None:
        return NOTHING
    if high < 48:
        return phrase("{low}-{high} hours", low=f"{low:.0f}", high=f"{high:.0f}")
    first, last, likeliest = f"{low / 24:.0f}", round(high / 24), text(times, "mode_days")
    if not likeliest:
        return phrase_count("{low}-{count} day", "{low}-{count} days", last, low=first)
    return phrase_count(
        "{low}-{count} day, most likely {likely}",
        "{low}-{count} days, most likely {likely}",
        last,
        low=first,
        likely=likeliest,
    )


def chance(share: float | None) -> str:
    """A share of journeys as a count of ten or fifty, never surer than 49 of 50.

    >>> [chance(share) for share in (0.0, 0.03, 0.44, 0.97, 1.0)]
    ['hardly', '2 in 50', '4 in 10', '48 in 50', 'almost surely']
    """
    if share is None:
        return NOTHING
    return wording.chance(share)


def tonnes(kg: float | None) -> str:
    """CO2e in tonnes, to a tenth."""
    return NOTHING if kg is None else phrase("{mass} t", mass=spoken().number(kg / 1000, 1))


def kilometres(value: float | None) -> str:
    """A distance in whole kilometres."""
    return NOTHING if value is None else spoken().number(value, 0)
