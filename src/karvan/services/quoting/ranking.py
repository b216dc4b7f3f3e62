"""The published ranking rule. It knows prices, days and grams, and no carrier.

Alternatives are ranked by *generalised cost*: the price plus what the days are worth, days
counted to the 80th percentile of arrival. Ties go to the earlier planned arrival, then to the
lower price, then to less CO2e, then to the order of departures. Rank 1 is *best balance*.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from karvan.services.quoting.answer import Alternative

#: Worth of a day for a 40 ft container of general goods, USD; an estimate (55 to 150).
#: Source: prior of the tariff study for general cargo, midpoint rounded; docs/reference/ranking.md.
VALUE_OF_DAY_USD: Final = Decimal(100)


def rank(alternatives: Sequence[Alternative], usd_to_quoted: Decimal) -> tuple[Alternative, ...]:
    """Put alternatives in rank order, with labels and `dominated_by`.

    Parameters
    ----------
    usd_to_quoted
        Units of the quote currency for one US dollar, to express the worth of a day.
    """
    day = VALUE_OF_DAY_USD * usd_to_quoted

    def key(alternative: Alternative) -> tuple[Decimal, int, int, int, str]:
        hours = Decimal(str(alternative.times.p80_h))
        cost = alternative.price.total.to_decimal() + day * hours / 24
        return (
            cost,
            alternative.arrives_min,
            alternative.price.total.minor_units,
            alternative.co2e_g,
            " ".join(leg.departure.id for leg in alternative.legs),
        )

    ordered = sorted(alternatives, key=key)
    labels = _labels(ordered)
    return tuple(
        replace(each, labels=tuple(labels[i]), dominated_by=_dominator(ordered, i))
        for i, each in enumerate(ordered)
    )


Measure = Callable[[Alternative], tuple[float, ...]]

_EXTREMES: Final[Sequence[tuple[str, Measure]]] = (
    ("cheapest", lambda a: (a.price.total.minor_units, a.times.p80_h)),
    ("fastest", lambda a: (a.times.p50_h, a.price.total.minor_units)),
    ("most-certain", lambda a: (round(a.times.p90_h - a.times.p10_h, 1), a.times.p50_h)),
    ("least-co2e", lambda a: (a.co2e_g, a.price.total.minor_units)),
)


def _labels(ordered: Sequence[Alternative]) -> list[list[str]]:
    labels: list[list[str]] = [[] for _ in ordered]
    if ordered:
        labels[0].append("best-balance")
        for name, measure in _EXTREMES:
            best = min(range(len(ordered)), key=lambda i: (measure(ordered[i]), i))
            labels[best].append(name)
    return labels


def _dominator(ordered: Sequence[Alternative], i: int) -> int | None:
    """First alternative in rank order that beats this one on planned arrival and price."""
    mine = (ordered[i].arrives_min, ordered[i].planned_price_micro)
    for j, other in enumerate(ordered):
        theirs = (other.arrives_min, other.planned_price_micro)
        if theirs != mine and theirs[0] <= mine[0] and theirs[1] <= mine[1]:
            return j
    return None
