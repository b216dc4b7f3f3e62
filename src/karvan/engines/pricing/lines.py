"""Price lines: charges as people read them, adding up to the minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from karvan.domain.money import Money, round_to_minor
from karvan.engines.pricing.charging import Charge


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """One line of a price: the charge as asked and as quoted."""

    charge: Charge
    quoted: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Lines and their total; `low` and `high` are the sums of the lines' ends."""

    lines: tuple[PriceLine, ...]
    total: Money
    low: Money
    high: Money

    @property
    def estimated(self) -> Money:
        """How much of the total rests on estimates."""
        return sum(
            (line.quoted for line in self.lines if line.charge.estimate),
            Money.zero(self.total.currency),
        )


def price(charges: Sequence[Charge], currency: str) -> Price:
    """Round each charge to the minor unit of `currency`, and add the rounded lines.

    The total is the sum of what is printed, so it may differ from the exact sum by up to half
    a minor unit a line; nothing is lost between lines and total.
    """
    lines = tuple(PriceLine(charge=each, quoted=_money(each.micro, currency)) for each in charges)
    zero = Money.zero(currency)
    return Price(
        lines=lines,
        total=sum((line.quoted for line in lines), zero),
        low=sum((_money(each.low_micro, currency) for each in charges), zero),
        high=sum((_money(each.high_micro, currency) for each in charges), zero),
    )


def _money(micro: int, currency: str) -> Money:
    return round_to_minor(Decimal(micro).scaleb(-6), currency)
