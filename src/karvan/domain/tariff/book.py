"""The tariff book, and which of its rows applies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from karvan.domain.cargo import UnitKind
from karvan.domain.errors import CurrencyMismatch
from karvan.domain.tariff.adjustments import (
    Cap,
    Coefficient,
    JointTariff,
    Surcharge,
    TariffDistance,
)
from karvan.domain.tariff.base_tables import BaseTable
from karvan.domain.tariff.conditions import Facts
from karvan.domain.tariff.rows import ANY, BookRow, ExchangeRate, Rate, Scope

Row = TypeVar("Row", bound=BookRow)


@dataclass(frozen=True)
class TariffBook:
    """All rows of the book, with the rules that choose among them."""

    rates: tuple[Rate, ...]
    exchange_rates: tuple[ExchangeRate, ...]
    version: str
    coefficients: tuple[Coefficient, ...] = ()
    surcharges: tuple[Surcharge, ...] = ()
    caps: tuple[Cap, ...] = ()
    tables: Mapping[str, BaseTable] = field(default_factory=dict)
    distances: tuple[TariffDistance, ...] = ()
    joints: tuple[JointTariff, ...] = ()

    @cached_property
    def _rates_of(self) -> Mapping[tuple[Scope, str], tuple[Rate, ...]]:
        return _grouped(self.rates)

    @cached_property
    def _coefficients_of(self) -> Mapping[tuple[Scope, str], tuple[Coefficient, ...]]:
        return _grouped(self.coefficients)

    @cached_property
    def _surcharges_of(self) -> Mapping[tuple[Scope, str], tuple[Surcharge, ...]]:
        return _grouped(self.surcharges)

    @cached_property
    def _caps_of(self) -> Mapping[tuple[Scope, str], tuple[Cap, ...]]:
        return _grouped(self.caps)

    def sheet(
        self,
        scope: Scope,
        carrier: str,
        *,
        unit: UnitKind,
        equipment: str,
        facts: Facts,
        day: date,
    ) -> Sheet:
        """Give what one carrier's rows say about one cargo on one day, before any way is known.

        Rates that have begun count, newest first; coefficients, surcharges and caps count only
        within their dates.
        """

        def fits(row: BookRow) -> bool:
            return row.is_for(unit, equipment) and all(
                each.holds(facts) for each in row.conditions if not each.depends_on_way
            )

        def of_carrier(rows: Mapping[tuple[Scope, str], tuple[Row, ...]]) -> list[Row]:
            named = (*rows.get((scope, carrier), ()), *rows.get((scope, ANY), ()))
            return [row for row in named if fits(row)]

        return Sheet(
            rates=tuple(rate for rate in of_carrier(self._rates_of) if rate.begun(day)),
            coefficients=tuple(c for c in of_carrier(self._coefficients_of) if c.in_force(day)),
            surcharges=tuple(s for s in of_carrier(self._surcharges_of) if s.in_force(day)),
            caps=tuple(c for c in of_carrier(self._caps_of) if c.in_force(day)),
        )

    def exchange(self, source: str, target: str, day: date) -> Decimal:
        """Units of `target` for one unit of `source`, at the rates of the day.

        Of several rates that hold on the day that of the shortest period applies (a quarter's
        before a year's); after the last dated one the newest.

        Raises
        ------
        CurrencyMismatch
            The book has no rate for one of the two.
        """
        if source == target:
            return Decimal(1)
        return self._per_usd(target, day) / self._per_usd(source, day)

    def _per_usd(self, currency: str, day: date) -> Decimal:
        known = [
            rate
            for rate in self.exchange_rates
            if rate.currency == currency and rate.valid_from <= day
        ]
        if not known:
            raise CurrencyMismatch("no exchange rate for this currency", currency=currency)
        holding = [rate for rate in known if rate.valid_to is None or day <= rate.valid_to]
        if holding:
            return min(holding, key=lambda rate: (_days(rate), rate.id)).per_usd
        return max(known, key=lambda rate: (rate.valid_to or date.max, rate.id)).per_usd

    def currencies(self) -> tuple[str, ...]:
        """Currencies a quote can be given in, sorted."""
        return tuple(sorted({rate.currency for rate in self.exchange_rates}))

    def tariff_distance(self, carrier: str, start: str, end: str, day: date) -> Decimal | None:
        """Published tariff distance, km, or None where the carrier's own lines are measured."""
        fitting = [
            row
            for row in self.distances
            if row.carrier == carrier
            and (
                (row.from_place, row.to_place) == (start, end)
                or (row.both_ways and (row.from_place, row.to_place) == (end, start))
            )
            and (row.valid_from is None or row.valid_from <= day)
        ]
        if not fitting:
            return None
        return max(fitting, key=lambda row: (row.valid_from or date.min, row.id)).distance_km


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of one carrier and scope that are for one cargo on one day."""

    rates: tuple[Rate, ...]
    coefficients: tuple[Coefficient, ...]
    surcharges: tuple[Surcharge, ...]
    caps: tuple[Cap, ...]

    def rates_for(self, start: str, end: str, facts: Facts) -> tuple[Rate, ...]:
        """Give the rate of each part of the tariff for one way, in the order of the parts.

        A contract of the customer goes before all, then the better fit of the ends, then more
        conditions, then the newer, then the id.
        """
        best: dict[str, tuple[tuple[object, ...], Rate]] = {}
        for rate in self.rates:
            fit = rate.matches(start, end)
            if not fit or not _on_way(rate, facts):
                continue
            rank = (
                any(each.fact == "customer" for each in rate.conditions),
                fit,
                len(rate.conditions),
                rate.valid_from or date.min,
                rate.id,
            )
            if rate.part not in best or rank > best[rate.part][0]:
                best[rate.part] = (rank, rate)
        return tuple(rate for _, (_, rate) in sorted(best.items()))

    def factors_for(
        self, start: str, end: str, facts: Facts, rate: Rate
    ) -> tuple[Coefficient, ...]:
        """Give the coefficient of each group that applies to a rate on a way.

        One that asks for a fact the rate itself asks for is left out: the rate says it already.
        """
        said = {each.fact for each in rate.conditions}
        chosen: dict[str, Coefficient] = {}
        for each in sorted(self.coefficients, key=lambda c: c.id):
            if said & {condition.fact for condition in each.conditions}:
                continue
            if each.part in {"", rate.part} and each.matches(start, end) and _on_way(each, facts):
                before = chosen.get(each.group)
                if before is None or _stronger(each, before):
                    chosen[each.group] = each
        return tuple(chosen[group] for group in sorted(chosen))

    def surcharges_for(self, start: str, end: str, facts: Facts) -> tuple[Surcharge, ...]:
        """Give the surcharges on a way; of each code the best fit, then the newest."""
        best: dict[str, tuple[tuple[object, ...], Surcharge]] = {}
        for each in self.surcharges:
            fit = each.matches(start, end)
            if fit and _on_way(each, facts):
                rank = (fit, len(each.conditions), each.valid_from or date.min, each.id)
                if each.code not in best or rank > best[each.code][0]:
                    best[each.code] = (rank, each)
        return tuple(each for _, (_, each) in sorted(best.items()))

    def cap_for(self, start: str, end: str, facts: Facts) -> Cap | None:
        """Give the cap on a way: the best fit of the ends, then the newest."""
        fitting = [
            ((fit, len(cap.conditions), cap.valid_from or date.min, cap.id), cap)
            for cap in self.caps
            if (fit := cap.matches(start, end)) and _on_way(cap, facts)
        ]
        return max(fitting, key=lambda entry: entry[0])[1] if fitting else None


def _days(rate: ExchangeRate) -> int:
    return ((rate.valid_to or date.max) - rate.valid_from).days


def _on_way(row: BookRow, facts: Facts) -> bool:
    return all(each.holds(facts) for each in row.conditions if each.depends_on_way)


def _stronger(one: Coefficient, other: Coefficient) -> bool:
    """Say whether one goes before the other: the largest discount, else the largest raise."""
    if min(one.value, other.value) < 1:
        return one.value < other.value
    return one.value > other.value


def _grouped(rows: Iterable[Row]) -> Mapping[tuple[Scope, str], tuple[Row, ...]]:
    grouped: dict[tuple[Scope, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row.scope, row.carrier), []).append(row)
    return {key: tuple(found) for key, found in grouped.items()}


def check_overlaps(rows: Iterable[BookRow]) -> tuple[tuple[str, str], ...]:
    """Pairs of rows that claim the same way, cargo and day: the book must choose for us."""
    clashes: list[tuple[str, str]] = []
    seen: dict[tuple[object, ...], list[BookRow]] = {}
    for row in rows:
        for equipment in row.equipment:
            key = (
                row.scope,
                row.carrier,
                row.from_places,
                row.to_places,
                row.both_ways,
                row.unit,
                equipment,
                row.conditions,
                getattr(row, "part", ""),
                getattr(row, "group", ""),
                getattr(row, "code", ""),
            )
            earlier = seen.setdefault(key, [])
            clashes.extend((other.id, row.id) for other in earlier if _overlap(row, other))
            earlier.append(row)
    return tuple(clashes)


def _overlap(one: BookRow, other: BookRow) -> bool:
    start = max(one.valid_from or date.min, other.valid_from or date.min)
    end = min(one.valid_to or date.max, other.valid_to or date.max)
    return start <= end
