"""Russian taxpayer number (INN).

Ten digits of an organisation, the last a check digit; twelve of a person, the
last two. Weights of an organisation: 2, 4, 10, 3, 5, 9, 4, 6, 8; of a person 7 and
then the same for the first, 3, 7 and then the same for the second; each sum mod 11,
mod 10. Source: order of the Federal Tax Service, as python-stdnum states it.

>>> Inn.parse("7707083893").is_organisation
True
>>> Inn.parse("7707083894")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPartyNumber: check digit should be 3
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum.ru import inn

from karvan.domain.errors import InvalidPartyNumber
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"[0-9]{10}(?:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Inn:
    """A taxpayer of Russia, here mostly an owner of wagons."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Inn:
        """Read ten or twelve digits in any usual grouping."""
        digits = compact(text)
        if _PATTERN.fullmatch(digits) is None:
            raise InvalidPartyNumber("expected 10 or 12 digits", given=text)
        if len(digits) == 10:
            expected = inn.calc_company_check_digit(digits[:9])
            refusal = f"check digit should be {expected}"
        else:
            expected = inn.calc_personal_check_digits(digits[:10])
            refusal = f"check digits should be {expected}"
        if not digits.endswith(expected):
            raise InvalidPartyNumber(refusal, given=text)
        return cls(digits)

    @property
    def is_organisation(self) -> bool:
        """Whether it is an organisation, not a person."""
        return len(self.digits) == 10

    def __str__(self) -> str:
        return self.digits
