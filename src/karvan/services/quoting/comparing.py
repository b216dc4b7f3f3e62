"""The same request for several ready dates: what waiting saves, and what it costs in days.

Every row is a quote of its own, exactly the one that its ready date gives when asked alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from karvan.domain.errors import InvalidInput, InvalidRequest, KarvanError
from karvan.domain.instants import parse_date, parse_instant, render_instant
from karvan.domain.money import Money
from karvan.services.quoting.answer import Quote
from karvan.services.quoting.bulk import labelled

#: Later dates that are compared with the first, at most.
MOST_WEEKS: Final = 10

Ask = Callable[[Mapping[str, object]], Quote]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One ready date.

    Attributes
    ----------
    quote
        None where this date has no answer; `error` says why.
    """

    ready: str
    quote: Quote | None = None
    error: str = ""

    @property
    def cheapest(self) -> Money | None:
        """Price of the cheapest way."""
        return None if self.quote is None else self.quote.cheapest

    @property
    def fastest(self) -> Money | None:
        """Price of the fastest way."""
        return None if self.quote is None else labelled(self.quote, "fastest").price.total

    @property
    def arrives(self) -> datetime | None:
        """Median arrival of the fastest way."""
        if self.quote is None:
            return None
        hours = labelled(self.quote, "fastest").times.p50_h
        return self.quote.request.ready + timedelta(hours=hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Several ready dates, in their order, and what follows from them in one sentence."""

    rows: tuple[Row, ...]
    advice: str

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every quote that was made."""
        return tuple(row.quote for row in self.rows if row.quote is not None)


def compare(ask: Ask, body: Mapping[str, object], dates: Sequence[str]) -> Comparison:
    """Ask for each ready date.

    Parameters
    ----------
    ask
        Answers one request.
    dates
        The first is the one the others are compared with.

    Raises
    ------
    InvalidRequest and others
        The request cannot be answered for the first date; a later one tells its error in its row.
    """
    rows = [Row(ready=dates[0], quote=ask({**body, "ready": dates[0]}))]
    for ready in dates[1:]:
        try:
            rows.append(Row(ready=ready, quote=ask({**body, "ready": ready})))
        except InvalidRequest as error:
            rows.append(Row(ready=ready, error="; ".join(each.message for each in error.faults)))
        except KarvanError as error:
            rows.append(Row(ready=ready, error=error.message))
    return Comparison(rows=tuple(rows), advice=advise(rows))


def advise(rows: Sequence[Row]) -> str:
    """Say in one sentence whether waiting saves money or loses no time; '' when neither.

    The most that can be saved counts, and of equal savings the soonest. Loses no time: the
    fastest way arrives no later, at the median, than when the goods are ready on the first date.
    """
    first = rows[0]
    price, arrival = first.cheapest, first.arrives
    if price is None or arrival is None:
        return ""
    cheaper = [
        (price.minor_units - row.cheapest.minor_units, row)
        for row in rows[1:]
        if row.cheapest is not None and row.cheapest < price
    ]
    if cheaper:
        saved, row = max(cheaper, key=lambda each: each[0])
        saving = Money(saved, price.currency)
        share = f"{100 * saved / price.minor_units:.0f}" if price.minor_units else "0"
        return f"Ready on {row.ready} instead of {first.ready} saves {saving} ({share} %)."
    as_soon = [row for row in rows[1:] if row.arrives is not None and row.arrives <= arrival]
    if as_soon:
        return f"Ready on {as_soon[-1].ready} instead of {first.ready} loses no time."
    return ""


def weeks_from(ready: str, weeks: int) -> tuple[str, ...]:
    """The day or instant and the same weekday of the weeks after it; other text stands alone.

    >>> weeks_from("2026-12-03", 2)
    ('2026-12-03', '2026-12-10', '2026-12-17')
    """
    later = [timedelta(weeks=each) for each in range(weeks + 1)]
    try:
        if len(ready) == len("2026-12-03"):
            return tuple((parse_date(ready) + each).isoformat() for each in later)
        return tuple(render_instant(parse_instant(ready) + each) for each in later)
    except (InvalidInput, OverflowError):
        return (ready,)


def comparison_json(comparison: Comparison) -> Mapping[str, object]:
    """The comparison as JSON, as `--compare-weeks --json` and HTTP give it."""
    return {
        "rows": [_row(row) for row in comparison.rows],
        "advice": comparison.advice or None,
    }


def _row(row: Row) -> Mapping[str, object]:
    cheapest, fastest, arrives = row.cheapest, row.fastest, row.arrives
    return {
        "ready": row.ready,
        "quote_id": None if row.quote is None else row.quote.quote_id,
        "cheapest": None if cheapest is None else cheapest.amount,
        "fastest": None if fastest is None else fastest.amount,
        "currency": None if cheapest is None else cheapest.currency,
        "arrives_p50": None if arrives is None else render_instant(arrives),
        "error": row.error or None,
    }
