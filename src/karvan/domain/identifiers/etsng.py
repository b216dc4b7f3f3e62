"""Goods codes of the 1520 domestic tariffs (ETSNG).

Five digits + a check digit by the rule of the ESR stations. Source: the rule as
published, tried on nine codes of real waybills. That is too few to refuse by, so
a wrong digit is a warning.

>>> warnings(EtsngCode.parse("161 170"))
()
>>> warnings(EtsngCode.parse("161171"))
('check digit should be 0',)
>>> EtsngCode.parse("16117")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidGoodsCode: expected 6 digits
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidGoodsCode
from karvan.domain.identifiers.spelling import compact
from karvan.domain.identifiers.station import esr_check_digit

_PATTERN = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class EtsngCode:
    """A goods code of a 1520 tariff."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> EtsngCode:
        """Read six digits in any usual grouping."""
        digits = compact(text)
        if _PATTERN.fullmatch(digits) is None:
            raise InvalidGoodsCode("expected 6 digits", given=text)
        return cls(digits)

    def __str__(self) -> str:
        return self.digits


def warnings(code: EtsngCode) -> tuple[str, ...]:
    """Tell a check digit that breaks the rule."""
    expected = esr_check_digit(code.digits[:5])
    return () if int(code.digits[5]) == expected else (f"check digit should be {expected}",)
