"""How one through price falls to the carriers that earn it.

A line of one carrier is that carrier's. A joint price is divided; how the joint venture of the
route divides its own is not public, so the rule is a choice that stands beside the figures.
Source: tariff_formation, section 9, methods 2 and 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from math import lcm

from karvan.domain.errors import InvalidInput
from karvan.domain.money import Money


class Method(StrEnum):
    """Rule by which a joint price is divided."""

    BY_TARIFF = "by_tariff"
    BY_DISTANCE = "by_distance"
    EQUAL = "equal"


def apportion(amount: Money, weights: Mapping[str, int | Fraction]) -> Mapping[str, Money]:
    """Divide an amount among carriers in proportion to weights, exact to the minor unit.

    Shares add up to the amount. Minor units left by rounding go to the largest remainders, ties
    to the carrier first in the alphabet. A negative amount (a cap) is divided like its
    opposite.

    Raises
    ------
    InvalidInput
        There are no carriers, or a weight is negative, or all are 0.
    """
    names = sorted(weights)
    shares = [Fraction(weights[name]) for name in names]
    if not names or min(shares) < 0 or sum(shares) == 0:
        raise InvalidInput("weights must be >= 0 and not all 0", carriers=names)
    whole = _whole(shares)
    if amount.minor_units >= 0:
        return dict(zip(names, amount.split(whole), strict=True))
    parts = Money(-amount.minor_units, amount.currency).split(whole)
    return {
        name: Money(-part.minor_units, part.currency)
        for name, part in zip(names, parts, strict=True)
    }


def _whole(shares: Sequence[Fraction]) -> list[int]:
    common = lcm(*(share.denominator for share in shares))
    return [int(share * common) for share in shares]
