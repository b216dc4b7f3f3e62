"""Rows of the tariff book: what they have in common, and rates.

Rates are those in force on the day of acceptance; after the last dated rate the newest
applies and is marked *carried forward*. A rate that is an estimate, or older than 24 months,
is told with a low and a high end; booking fixes the amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from karvan.domain.cargo import UnitKind
from karvan.domain.errors import TariffError
from karvan.domain.tariff.conditions import Condition

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
    HANDLING_PIPELINE = "handling_pipeline"
    BORDER = "border"
    BORDER_ROAD = "border_road"
    GAUGE = "gauge"
    DECLARATION = "declaration"
    UNIT_HIRE = "unit_hire"


class Basis(StrEnum):
    """What the amount is multiplied by."""

    CONTAINER = "container"
    CONTAINER_KM = "container_km"
    TEU = "teu"
    TEU_KM = "teu_km"
    WAGON = "wagon"
    WAGON_KM = "wagon_km"
    VEHICLE = "vehicle"
    VEHICLE_KM = "vehicle_km"
    LINEAR_METRE = "linear_metre"
    TONNE = "tonne"
    TONNE_KM = "tonne_km"
    GROSS_TONNE_KM = "gross_tonne_km"
    AXLE = "axle"
    AXLE_KM = "axle_km"
    FLAT = "flat"


#: Bases whose quantity grows with the tariff distance.
BY_DISTANCE: Final = frozenset(
    {
        Basis.CONTAINER_KM,
        Basis.TEU_KM,
        Basis.WAGON_KM,
        Basis.VEHICLE_KM,
        Basis.TONNE_KM,
        Basis.GROSS_TONNE_KM,
        Basis.AXLE_KM,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """What every dated row of the book says of itself.

    Attributes
    ----------
    carrier
        Whose row it is; '' for charges of places, `ANY` for a policy of all carriers.
    from_places, to_places
        Places (or country codes, for charges at places) the row binds to; (`ANY`,) for all.
    unit
        Kind of unit it is for, or None for all.
    equipment
        Classes of unit: container lengths in feet (`20`, `40`, `45`), types of wagon, `truck`,
        `bulk`, `oil`; (`ANY`,) for all.
    valid_from, valid_to
        First and last day; None is open.
    """

    id: str
    carrier: str
    scope: Scope
    from_places: tuple[str, ...] = (ANY,)
    to_places: tuple[str, ...] = (ANY,)
    both_ways: bool = True
    unit: UnitKind | None = None
    equipment: tuple[str, ...] = (ANY,)
    conditions: tuple[Condition, ...] = ()
    valid_from: date | None
    valid_to: date | None
    rule: str
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str

    def matches(self, start: str, end: str) -> int:
        """How well the row fits a way: 0 not at all, 1 by default, 2 one end, 3 both ends."""
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

    def is_for(self, unit: UnitKind, equipment: str) -> bool:
        """Say whether the row is for a kind of unit and its class."""
        return self.unit in {None, unit} and (equipment in self.equipment or ANY in self.equipment)

    def begun(self, day: date) -> bool:
        """Say whether the row's validity has begun."""
        return self.valid_from is None or self.valid_from <= day

    def in_force(self, day: date) -> bool:
        """Say whether the day lies within the row's validity."""
        return self.begun(day) and (self.valid_to is None or day <= self.valid_to)

    def age_months(self, day: date) -> int:
        """Whole months since the row was last known to be in force."""
        known = self.valid_to or self.valid_from
        if known is None or known >= day:
            return 0
        return (day.year - known.year) * 12 + day.month - known.month - (day.day < known.day)

    def carried_forward(self, day: date) -> bool:
        """Say whether the row's validity has ended and it goes on for want of a newer one."""
        return self.valid_to is not None and self.valid_to < day


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(BookRow):
    """A rate: what a carrier asks over a way, or what is asked at a place.

    Attributes
    ----------
    part
        Part of a tariff that is made of several (`network`, `traction`, ...); a price holds one
        rate of each part that the carrier has. '' where the tariff is one.
    amount, low, high
        In `currency` for each unit of `basis`; low and high None where nobody said. With a
        `table` the amount multiplies what the table gives.
    table
        Base table that gives the amount by distance or load, '' for none.
    minimum, maximum
        Ends of the charge for one unit (one shipment of bulk or oil), in `currency`.
    on_request
        There is no published amount; `note` says whom to ask.
    """

    part: str = ""
    basis: Basis
    amount: Decimal
    currency: str
    low: Decimal | None
    high: Decimal | None
    table: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    on_request: bool = False

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0:
            raise TariffError("a rate must be a number >= 0", rate=self.id)
        check_ends(self.id, self.amount, self.low, self.high)
        if self.estimate and self.low is None and not self.on_request:
            raise TariffError("an estimate needs low and high", rate=self.id)
        if self.on_request and (self.amount != 0 or not self.note):
            raise TariffError(
                "a rate on request has no amount and says whom to ask in its note", rate=self.id
            )
        least, most = self.minimum or Decimal(0), self.maximum
        if least < 0 or (most is not None and most < least):
            raise TariffError("0 <= minimum <= maximum must hold", rate=self.id)

    def bounds(self, day: date) -> tuple[Decimal, Decimal]:
        """Low and high end of the amount on a day; both the amount itself when it is firm."""
        return bounds_of(self, self.amount, self.low, self.high, day)


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


def check_ends(row: str, amount: Decimal, low: Decimal | None, high: Decimal | None) -> None:
    """Raise `TariffError` unless both ends are missing or enclose the amount."""
    if ((low is None) != (high is None)) or (
        low is not None and high is not None and not low <= amount <= high
    ):
        raise TariffError("low and high must enclose the amount", rate=row)


def bounds_of(
    row: BookRow, amount: Decimal, low: Decimal | None, high: Decimal | None, day: date
) -> tuple[Decimal, Decimal]:
    """Low and high end of an amount of a row on a day, widened by its age."""
    if low is not None and high is not None:
        return low, high
    months = row.age_months(day)
    if months <= OLD_AFTER_MONTHS:
        return amount, amount
    width = min(AGEING_PER_YEAR * months / 12, AGEING_LIMIT)
    return amount * (1 - width), amount * (1 + width)
