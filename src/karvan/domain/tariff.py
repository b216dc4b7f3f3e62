"""The tariff book: dated rates, exchange rates, and which of them applies.

A *rate* says what a carrier asks for a container over a way, or what is asked at a place.
Rates are those in force on the day of acceptance; after the last dated rate the newest
applies and is marked *carried forward*. A rate that is an estimate, or older than 24 months,
is told with a low and a high end; booking fixes the amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from karvan.domain.errors import CurrencyMismatch, NoRate, TariffError

ANY: Final = "*"

#: A rate older than this is told as a range (docs/explanation/prices.md).
OLD_AFTER_MONTHS: Final = 24

#: Half-width of the range of an old rate without published ends: 10 % a year of age, at most
#: half. An assumption of ours, told as such in docs/explanation/prices.md.
AGEING_PER_YEAR: Final = Decimal("0.10")
AGEING_LIMIT: Final = Decimal("0.50")


class Scope(StrEnum):
    """What a rate is for."""

    HAUL = "haul"
    HANDLING = "handling"
    HANDLING_RAIL = "handling_rail"
    BORDER = "border"
    BORDER_ROAD = "border_road"
    GAUGE = "gauge"
    DECLARATION = "declaration"


class Basis(StrEnum):
    """What the amount is multiplied by."""

    CONTAINER_KM = "container_km"
    CONTAINER = "container"
    FLAT = "flat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One row of the book.

    Attributes
    ----------
    carrier
        Whose rate it is; '' for charges of places.
    from_places, to_places
        Places (or country codes, for charges at places) the rate binds to; (`ANY`,) for all.
    equipment
        Container lengths in feet as text (`20`, `40`, `45`) or `truck`.
    amount, low, high
        In `currency` for each unit of `basis`; low and high None where nobody said.
    valid_from, valid_to
        First and last day; None is open.
    """

    id: str
    carrier: str
    scope: Scope
    from_places: tuple[str, ...]
    to_places: tuple[str, ...]
    both_ways: bool
    equipment: tuple[str, ...]
    basis: Basis
    amount: Decimal
    currency: str
    low: Decimal | None
    high: Decimal | None
    valid_from: date | None
    valid_to: date | None
    rule: str
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0:
            raise TariffError("a rate must be a number >= 0", rate=self.id)
        ends = (self.low, self.high)
        if (ends.count(None) == 1) or (
            self.low is not None
            and self.high is not None
            and not self.low <= self.amount <= self.high
        ):
            raise TariffError("low and high must enclose the amount", rate=self.id)
        if self.estimate and self.low is None:
            raise TariffError("an estimate needs low and high", rate=self.id)

    def matches(self, start: str, end: str) -> int:
        """How well the rate fits a way: 0 not at all, 1 by default, 2 one end, 3 both ends."""
        best = self._fit(start, end)
        if self.both_ways:
            best = max(best, self._fit(end, start))
        return best

    def _fit(self, start: str, end: str) -> int:
        fits = 1
        for wanted, have in ((self.from_places, start), (self.to_places, end)):
            if wanted == (ANY,):
                continue
            if have not in wanted:
                return 0
            fits += 1
        return fits

    def age_months(self, day: date) -> int:
        """Whole months since the rate was last known to be in force."""
        known = self.valid_to or self.valid_from
        if known is None or known >= day:
            return 0
        return (day.year - known.year) * 12 + day.month - known.month - (day.day < known.day)

    def carried_forward(self, day: date) -> bool:
        """Say whether the rate's validity has ended and it goes on for want of a newer one."""
        return self.valid_to is not None and self.valid_to < day

    def bounds(self, day: date) -> tuple[Decimal, Decimal]:
        """Low and high end of the amount on a day; both the amount itself when it is firm."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        months = self.age_months(day)
        if months <= OLD_AFTER_MONTHS:
            return self.amount, self.amount
        width = min(AGEING_PER_YEAR * months / 12, AGEING_LIMIT)
        return self.amount * (1 - width), self.amount * (1 + width)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    """Units of `currency` for one US dollar, from `valid_from` to `valid_to`."""

    id: str
    currency: str
    per_usd: Decimal
    valid_from: date
    valid_to: date | None
    source: tuple[str, ...]
    estimate: bool


@dataclass(frozen=True, slots=True)
class TariffBook:
    """All rates and exchange rates, with the rules that choose among them."""

    rates: tuple[Rate, ...]
    exchange_rates: tuple[ExchangeRate, ...]
    version: str
    _by_key: Mapping[tuple[Scope, str, str], tuple[Rate, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        grouped: dict[tuple[Scope, str, str], list[Rate]] = {}
        for rate in self.rates:
            for equipment in rate.equipment:
                grouped.setdefault((rate.scope, rate.carrier, equipment), []).append(rate)
        object.__setattr__(self, "_by_key", {k: tuple(v) for k, v in grouped.items()})

    def find(
        self, scope: Scope, carrier: str, start: str, end: str, equipment: str, day: date
    ) -> Rate | None:
        """Rate in force on `day`: best fit of the ends first, then the newest, then by id."""
        fitting = [
            (rate.matches(start, end), rate.valid_from or date.min, rate.id, rate)
            for rate in self._by_key.get((scope, carrier, equipment), ())
            if rate.valid_from is None or rate.valid_from <= day
        ]
        usable = [entry for entry in fitting if entry[0] > 0]
        return max(usable, key=lambda entry: entry[:3])[3] if usable else None

    def find_at(self, scope: Scope, place: str, country: str, equipment: str, day: date) -> Rate:
        """Rate of a charge at a place: that of the place, else of its country, else the default.

        Raises
        ------
        NoRate
            The book has none, not even a default.
        """
        candidates = [
            rate
            for name in (place, country)
            if (rate := self.find(scope, "", name, ANY, equipment, day)) is not None
            and name in rate.from_places
        ]
        rate = candidates[0] if candidates else self.find(scope, "", ANY, ANY, equipment, day)
        if rate is None:
            raise NoRate("the book has no rate for this", scope=scope.value, place=place)
        return rate

    def exchange(self, source: str, target: str, day: date) -> Decimal:
        """Units of `target` for one unit of `source`, at the rates of the day.

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
        return max(known, key=lambda rate: (rate.valid_from, rate.id)).per_usd

    def currencies(self) -> tuple[str, ...]:
        """Currencies a quote can be given in, sorted."""
        return tuple(sorted({rate.currency for rate in self.exchange_rates}))


def check_overlaps(rates: Iterable[Rate]) -> tuple[tuple[str, str], ...]:
    """Pairs of rates that claim the same way, equipment and day: the book must choose for us."""
    clashes: list[tuple[str, str]] = []
    seen: dict[tuple[object, ...], list[Rate]] = {}
    for rate in rates:
        for equipment in rate.equipment:
            key = (
                rate.scope,
                rate.carrier,
                rate.from_places,
                rate.to_places,
                rate.both_ways,
                equipment,
            )
            earlier = seen.setdefault(key, [])
            clashes.extend((other.id, rate.id) for other in earlier if _overlap(rate, other))
            earlier.append(rate)
    return tuple(clashes)


def _overlap(one: Rate, other: Rate) -> bool:
    start = max(one.valid_from or date.min, other.valid_from or date.min)
    end = min(one.valid_to or date.max, other.valid_to or date.max)
    return start <= end
