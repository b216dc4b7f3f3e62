"""The published ranking rule. It knows prices, days and grams, and no carrier.

Unless something else is asked for, alternatives are ranked by *generalised cost*: the price,
plus what the days are worth, days counted to the 80th percentile of arrival, plus what uncertain
days and CO2e are worth to who asks. Ties go to the earlier planned arrival, then to the lower
price, then to less CO2e, then to the order of departures. Rank 1 is *best balance*. Ways whose
price is on request come last whatever is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from karvan.services.quoting.answer import Alternative
from karvan.services.quoting.wishes import DAY_USD, RankBy, Wishes

#: Worth of a day in the ranking unless the request says otherwise, USD.
VALUE_OF_DAY_USD: Final = DAY_USD

_GRAMS_PER_T: Final = Decimal(1_000_000)

#: Countries of which customers ask which ways avoid them.
_SHUNNED: Final = ("RU", "IR")

Measure = Callable[[Alternative], tuple[float, ...]]

_EXTREMES: Final[Sequence[tuple[str, Measure]]] = (
    ("cheapest", lambda a: (a.price.total.minor_units, a.times.p80_h)),
    ("fastest", lambda a: (a.times.p50_h, a.price.total.minor_units)),
    ("most-certain", lambda a: (round(a.times.p90_h - a.times.p10_h, 1), a.times.p50_h)),
    ("least-co2e", lambda a: (a.co2e_g, a.price.total.minor_units)),
)

_LABEL_OF: Final = {
    RankBy.CHEAPEST: "cheapest",
    RankBy.FASTEST: "fastest",
    RankBy.SUREST: "most-certain",
    RankBy.LEAST_CO2E: "least-co2e",
}


def rank(
    alternatives: Sequence[Alternative], usd_to_quoted: Decimal, wishes: Wishes | None = None
) -> tuple[Alternative, ...]:
    """Put alternatives in rank order, with labels and `dominated_by`; as many as are wanted.

    Parameters
    ----------
    usd_to_quoted
        Units of the quote currency for one US dollar, to express what weights are worth.
    wishes
        What the alternatives are ranked by, and how many of them are wanted.
    """
    wanted = wishes or Wishes()

    def key(alternative: Alternative) -> tuple[object, ...]:
        return (
            alternative.on_request,
            *_measure(alternative, usd_to_quoted, wanted),
            alternative.arrives_min,
            alternative.price.total.minor_units,
            alternative.co2e_g,
            " ".join(leg.departure.id for leg in alternative.legs),
        )

    ordered = sorted(alternatives, key=key)[: wanted.most]
    labels = _labels(ordered, usd_to_quoted, wanted)
    return tuple(
        replace(each, labels=tuple(labels[i]), dominated_by=_dominator(ordered, i))
        for i, each in enumerate(ordered)
    )


def _measure(
    alternative: Alternative, usd_to_quoted: Decimal, wishes: Wishes
) -> tuple[float | Decimal, ...]:
    if wishes.rank_by is not RankBy.BALANCE:
        return dict(_EXTREMES)[_LABEL_OF[wishes.rank_by]](alternative)
    return (generalised_cost(alternative, usd_to_quoted, wishes),)


def generalised_cost(
    alternative: Alternative, usd_to_quoted: Decimal, wishes: Wishes | None = None
) -> Decimal:
    """Price plus what days, uncertain days and CO2e are worth, in the currency of the quote."""
    weights = (wishes or Wishes()).weights
    times = alternative.times
    days = Decimal(str(times.p80_h)) / 24
    uncertain = max(Decimal(0), Decimal(str(times.p90_h)) - Decimal(str(times.p50_h))) / 24
    tonnes = Decimal(alternative.co2e_g) / _GRAMS_PER_T
    worth = (
        (DAY_USD if weights.day_usd is None else weights.day_usd) * days
        + weights.late_day_usd * uncertain
        + weights.co2e_t_usd * tonnes
    )
    return alternative.price.total.to_decimal() + worth * usd_to_quoted


def _labels(
    ordered: Sequence[Alternative], usd_to_quoted: Decimal, wishes: Wishes
) -> list[list[str]]:
    """Labels of each; a way whose price is not known whole is neither cheapest nor balance."""
    labels: list[list[str]] = [[] for _ in ordered]
    priced = [i for i, each in enumerate(ordered) if not each.on_request]
    if priced:
        best = min(priced, key=lambda i: (generalised_cost(ordered[i], usd_to_quoted, wishes), i))
        labels[best].append("best-balance")
        for name, measure in _EXTREMES:
            labels[min(priced, key=lambda i: (measure(ordered[i]), i))].append(name)
    for country in _SHUNNED:
        avoiding = [i for i, each in enumerate(ordered) if country not in each.countries]
        if avoiding and len(avoiding) < len(ordered):
            labels[avoiding[0]].append(f"avoids-{country.lower()}")
    return labels


def _dominator(ordered: Sequence[Alternative], i: int) -> int | None:
    """First alternative in rank order that beats this one on planned arrival and price."""
    if ordered[i].on_request:
        return None
    mine = (ordered[i].arrives_min, ordered[i].planned_price_micro)
    for j, other in enumerate(ordered):
        theirs = (other.arrives_min, other.planned_price_micro)
        if (
            not other.on_request
            and theirs != mine
            and theirs[0] <= mine[0]
            and theirs[1] <= mine[1]
        ):
            return j
    return None
