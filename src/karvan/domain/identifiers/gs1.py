"""Numbers of goods, places and logistic units (GS1).

GTIN-13 (a product) and GLN (a place or party): twelve digits + check digit. SSCC
(a pallet, a drum, a box): seventeen + check digit, on labels behind (00). Check
digit: from the right, weigh by 3, 1, 3, ...; sum and check digit make a multiple
of 10. Source: GS1 General Specifications, check digit calculation.

>>> str(Gtin13.parse("4 006381 333931"))
'4006381333931'
>>> str(Sscc.parse("(00) 106141412345678908"))
'106141412345678908'
>>> Gln.parse("9506000134353")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidLogisticsNumber: check digit should be 2
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import ean

from karvan.domain.errors import InvalidLogisticsNumber
from karvan.domain.identifiers.spelling import compact

_THIRTEEN = re.compile(r"[0-9]{13}")
_EIGHTEEN = re.compile(r"[0-9]{18}")


@dataclass(frozen=True, slots=True)
class Gtin13:
    """A product."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Gtin13:
        """Read thirteen digits in any usual grouping."""
        return cls(_thirteen(text))

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class Gln:
    """A place or a party."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Gln:
        """Read thirteen digits in any usual grouping."""
        return cls(_thirteen(text))

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class Sscc:
    """A logistic unit."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Sscc:
        """Read eighteen digits, with or without the (00) of the label."""
        digits = compact(text).removeprefix("(00)")
        if _EIGHTEEN.fullmatch(digits) is None:
            raise InvalidLogisticsNumber("expected 18 digits", given=text)
        return cls(_checked(digits, text))

    def __str__(self) -> str:
        return self.digits


def _thirteen(text: str) -> str:
    digits = compact(text)
    if _THIRTEEN.fullmatch(digits) is None:
        raise InvalidLogisticsNumber("expected 13 digits", given=text)
    return _checked(digits, text)


def _checked(digits: str, given: str) -> str:
    expected = ean.calc_check_digit(digits[:-1])
    if digits[-1] != expected:
        raise InvalidLogisticsNumber(f"check digit should be {expected}", given=given)
    return digits
