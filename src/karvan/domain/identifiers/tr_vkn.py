"""Turkish tax number of companies (VKN).

Ten digits, the last of them a check digit: for digit d[i], i = 0..8, let x be
(d[i] + 9 - i) mod 10 and add x * 2^(9-i) mod 9, or 9 where that is 0 and x is
not; the sum and the check digit make a multiple of 10. Source: Revenue
Administration, as python-stdnum states it.

>>> str(Vkn.parse("454 053 6920"))
'4540536920'
>>> Vkn.parse("4540536921")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPartyNumber: check digit should be 0
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum.tr import vkn

from karvan.domain.errors import InvalidPartyNumber
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"[0-9]{10}")


@dataclass(frozen=True, slots=True)
class Vkn:
    """A company taxed in Türkiye."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Vkn:
        """Read ten digits in any usual grouping."""
        digits = compact(text)
        if _PATTERN.fullmatch(digits) is None:
            raise InvalidPartyNumber("expected 10 digits", given=text)
        expected = vkn.calc_check_digit(digits[:-1])
        if digits[-1] != expected:
            raise InvalidPartyNumber(f"check digit should be {expected}", given=text)
        return cls(digits)

    def __str__(self) -> str:
        return self.digits
