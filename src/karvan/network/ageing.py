"""How old a figure is, and when it is told as stale.

Services and times say of which day their figures are. Of rates, exchange rates and capacities
the tables know the period they hold for: their age counts from its last day, or from its first
while the period is open. Of several figures for one thing only the newest counts: the others are
history.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from karvan.domain.errors import TableFault
from karvan.domain.tariff import OLD_AFTER_MONTHS, ExchangeRate, Rate
from karvan.network.entries import Entry
from karvan.network.links import LinkCapacity
from karvan.network.patterns import ScheduledService
from karvan.network.performance import PerformanceRow

#: Months after which a figure of each kind is stale. Rates: as long as a quote takes them
#: without a range. Services say it themselves, in their column. Exchange rates are averages of
#: a year, and works on a line take years: assumed.
STALE_AFTER_MONTHS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "rate": OLD_AFTER_MONTHS,
        "exchange_rate": 12,
        "link_capacity": 36,
        "service": 24,
        "performance": 24,
    }
)

#: The unit of the exchange rates does not age.
UNIT_CURRENCY: Final = "USD"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFigure:
    """A figure and the period it holds for.

    Attributes
    ----------
    subject
        What it is a figure of; two with one subject replace each other.
    where
        The row it stands in, as the fault it may become.
    first, last
        Of its period; `None` is open-ended.
    stale_after_months
        Age from which it is stale.
    """

    kind: str
    subject: Hashable
    where: TableFault
    first: date | None
    last: date | None
    stale_after_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """How old the figures of a kind are that are in use on a day."""

    kind: str
    figures: int
    undated: int
    stale: int
    oldest_months: int | None


def dated_figures(
    rates: Iterable[Entry[Rate]],
    exchange_rates: Iterable[Entry[ExchangeRate]],
    capacities: Iterable[Entry[LinkCapacity]],
    services: Iterable[Entry[ScheduledService]] = (),
    times: Iterable[Entry[PerformanceRow]] = (),
) -> tuple[DatedFigure, ...]:
    """Give every figure whose table says of which day it is, or for which period it holds."""
    found = [_rate(entry) for entry in rates]
    found.extend(
        _figure("exchange_rate", entry, entry.value.currency)
        for entry in exchange_rates
        if entry.value.currency != UNIT_CURRENCY
    )
    found.extend(_figure("link_capacity", entry, entry.value.link) for entry in capacities)
    for service in services:
        value = service.value
        found.append(_of_day("service", service, value.id, value.as_of, value.stale_after_months))
    for row in times:
        limit = STALE_AFTER_MONTHS["performance"]
        found.append(_of_day("performance", row, row.value.id, row.value.as_of, limit))
    return tuple(found)


def age_months(figure: DatedFigure, today: date) -> int | None:
    """Give the whole months since the figure was last said to be right; `None` if undated."""
    last = figure.last if figure.last is not None and figure.last <= today else figure.first
    if last is None:
        return None
    months = (today.year - last.year) * 12 + today.month - last.month
    return max(0, months - (today.day < last.day))


def in_use(figures: Iterable[DatedFigure], today: date) -> tuple[DatedFigure, ...]:
    """Give the newest figure of each subject that has begun, in their order."""
    newest: dict[Hashable, DatedFigure] = {}
    for figure in figures:
        if figure.first is not None and figure.first > today:
            continue
        subject = (figure.kind, figure.subject)
        before = newest.get(subject)
        if before is None or (before.first or date.min) <= (figure.first or date.min):
            newest[subject] = figure
    return tuple(newest.values())


def find_stale(figures: Sequence[DatedFigure], today: date) -> tuple[TableFault, ...]:
    """`stale`: a figure in use that is older than its kind may be, with its age."""
    found = []
    for figure in in_use(figures, today):
        age = age_months(figure, today)
        limit = figure.stale_after_months
        if age is not None and age > limit:
            ended = figure.last is not None and figure.last <= today
            since = f"ended {figure.last}" if ended else f"of {figure.first}"
            message = f"{age} months old ({since}); stale after {limit}"
            where = figure.where
            found.append(TableFault(where.file, where.row, where.column, "stale", message))
    return tuple(found)


def summarize_ages(figures: Sequence[DatedFigure], today: date) -> tuple[Ages, ...]:
    """Count the figures in use by kind, with the age of the oldest."""
    used = in_use(figures, today)
    out = []
    for kind in STALE_AFTER_MONTHS:
        figures_of_kind = [figure for figure in used if figure.kind == kind]
        aged = [(age_months(figure, today), figure) for figure in figures_of_kind]
        known = [age for age, _ in aged if age is not None]
        out.append(
            Ages(
                kind=kind,
                figures=len(aged),
                undated=len(aged) - len(known),
                stale=sum(a is not None and a > f.stale_after_months for a, f in aged),
                oldest_months=max(known, default=None),
            )
        )
    return tuple(out)


def _rate(entry: Entry[Rate]) -> DatedFigure:
    rate = entry.value
    places = (rate.from_places, rate.to_places, rate.both_ways)
    subject = (
        rate.carrier,
        rate.scope,
        places,
        rate.unit,
        rate.equipment,
        rate.conditions,
        rate.part,
    )
    return _figure("rate", entry, subject)


def _figure(
    kind: str, entry: Entry[Rate] | Entry[ExchangeRate] | Entry[LinkCapacity], subject: Hashable
) -> DatedFigure:
    ended = entry.value.valid_to is not None
    return DatedFigure(
        kind=kind,
        subject=subject,
        where=entry.fault("valid_to" if ended else "valid_from", "stale", ""),
        first=entry.value.valid_from,
        last=entry.value.valid_to,
        stale_after_months=STALE_AFTER_MONTHS[kind],
    )


def _of_day(
    kind: str,
    entry: Entry[ScheduledService] | Entry[PerformanceRow],
    subject: str,
    day: date,
    limit: int,
) -> DatedFigure:
    return DatedFigure(
        kind=kind,
        subject=subject,
        where=entry.fault("as_of", "stale", ""),
        first=day,
        last=None,
        stale_after_months=limit,
    )
