"""What changes a rate: coefficients, surcharges, caps and floors; joint tariffs.

Of the coefficients of one *group* that match, only one applies: the largest discount where one
of them is below 1, else the largest raise; equal ones count once. Groups multiply. Source: the
telegrams of the Turkmen railway (tariff_formation, section 1, rule 5).

Coefficients, surcharges and caps hold within their dates only: a discount that has ended has
ended, while a rate goes on for want of a newer one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from karvan.domain.errors import TariffError
from karvan.domain.tariff.rows import Basis, BookRow, Scope, bounds_of, check_ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient(BookRow):
    """A factor on a rate.

    Attributes
    ----------
    part
        Part of the tariff it acts on, '' for all.
    group
        Coefficients of one group do not add up: one of them applies.
    """

    part: str = ""
    group: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value < 0:
            raise TariffError("a coefficient must be a number >= 0", coefficient=self.id)
        check_ends(self.id, self.value, self.low, self.high)
        if not self.group:
            raise TariffError("a coefficient needs a group", coefficient=self.id)

    def bounds(self) -> tuple[Decimal, Decimal]:
        """Low and high end of the factor; a ratio does not age, the rate it acts on does."""
        if self.low is None or self.high is None:
            return self.value, self.value
        return self.low, self.high


class SurchargeKind(StrEnum):
    """How a surcharge is worked out."""

    PERCENT = "percent"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surcharge(BookRow):
    """An addition with a line of its own: fuel, storm, guard, dangerous goods.

    Attributes
    ----------
    code
        Code of the price line, `FUEL`, `STORM`, `GUARD`, `DANGER`, ...
    kind
        In percent of the charge it is added to, or an amount by `basis`.
    """

    code: str
    kind: SurchargeKind
    basis: Basis
    amount: Decimal
    currency: str
    low: Decimal | None
    high: Decimal | None

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount < 0:
            raise TariffError("a surcharge must be a number >= 0", surcharge=self.id)
        check_ends(self.id, self.amount, self.low, self.high)
        if not self.code.replace("-", "").isalnum() or self.code != self.code.upper():
            raise TariffError("a code is in capitals, digits and hyphens", surcharge=self.id)

    def bounds(self, day: date) -> tuple[Decimal, Decimal]:
        """Low and high end of the amount on a day; a percentage does not age."""
        if self.kind is SurchargeKind.PERCENT and self.low is None:
            return self.amount, self.amount
        return bounds_of(self, self.amount, self.low, self.high, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap(BookRow):
    """Most or least that a carrier may ask over a way, every charge of the haul included.

    Attributes
    ----------
    maximum, minimum
        By `basis` and in `currency`; None where that side is open.
    """

    basis: Basis
    maximum: Decimal | None
    minimum: Decimal | None
    currency: str

    def __post_init__(self) -> None:
        if self.maximum is None and self.minimum is None:
            raise TariffError("a cap needs a maximum or a minimum", cap=self.id)
        least = self.minimum or Decimal(0)
        if least < 0 or (self.maximum is not None and self.maximum < least):
            raise TariffError("0 <= minimum <= maximum must hold", cap=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTariff:
    """Several carriers that ask one price for a pair of stations.

    Its rates are rows of the book whose carrier is `id`.

    Attributes
    ----------
    members
        Carriers whose ways it covers.
    includes
        Scopes between the two stations that the joint price holds besides the haul; handling
        at the two stations themselves is never in it.
    """

    id: str
    name: str
    members: tuple[str, ...]
    includes: frozenset[Scope]
    fact: tuple[str, ...]
    source: tuple[str, ...]
    note: str

    def __post_init__(self) -> None:
        if len(set(self.members)) < 2:
            raise TariffError("a joint tariff has two members or more", joint=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffDistance:
    """Kilometres that a carrier charges between two points, whatever way the train takes."""

    id: str
    carrier: str
    from_place: str
    to_place: str
    both_ways: bool
    distance_km: Decimal
    valid_from: date | None
    valid_to: date | None
    source: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.distance_km.is_finite() or self.distance_km <= 0:
            raise TariffError("a tariff distance must be above 0", distance=self.id)
