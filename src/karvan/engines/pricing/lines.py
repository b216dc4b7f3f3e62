"""Price lines: charges as people read them, adding up to the minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from karvan.domain.money import MINOR_DIGITS, Money
from karvan.engines.pricing.charging import Charge

_MICRO_DIGITS: Final = 6


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
    step = _micro_per_minor(currency)
    lines = tuple(
        PriceLine(charge=each, quoted=Money(_rounded(each.micro, step), currency))
        for each in charges
    )
    return Price(
        lines=lines,
        total=Money(sum(line.quoted.minor_units for line in lines), currency),
        low=Money(sum(_rounded(each.low_micro, step) for each in charges), currency),
        high=Money(sum(_rounded(each.high_micro, step) for each in charges), currency),
    )


def _micro_per_minor(currency: str) -> int:
    zero = Money.zero(currency)
    return int(10 ** (_MICRO_DIGITS - MINOR_DIGITS[zero.currency]))


def _rounded(micro: int, step: int) -> int:
    """Whole minor units, half to even, as `round_to_minor` rounds."""
    whole, rest = divmod(micro, step)
    return whole + (2 * rest > step or (2 * rest == step and whole % 2 == 1))
