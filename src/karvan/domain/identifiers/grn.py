"""Guarantee reference number of a transit guarantee (GRN).

Seventeen characters: year (2), country (2), twelve of the customs' own, check
digit; a voucher (guarantee type 4) adds a letter and six digits. Check digit: the
rule of ISO 6346 over the first sixteen characters, the voucher part left out.
Source: NCTS phase 5 schemas, rule R0318; the Commission's paper DGXXI/0879/99.

No real Georgian number was found to try the rule on, so a wrong digit is a
warning.

>>> warnings(Grn.parse("26GE0000010000AB4"))
()
>>> warnings(Grn.parse("26GE0000010000AB5"))
('check digit (character 17) should be 4',)
>>> Grn.parse("26GE00000100000AB")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidCustomsReference: expected year, country, 12 letters or digits, a digit
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidCustomsReference
from karvan.domain.identifiers.container import remainder
from karvan.domain.identifiers.spelling import without_spaces

_PATTERN = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{12}[0-9](?:[A-Z][0-9]{6})?")


@dataclass(frozen=True, slots=True)
class Grn:
    """A guarantee lodged with customs."""

    value: str

    @classmethod
    def parse(cls, text: str) -> Grn:
        """Read 17 or 24 characters, with or without spaces; small letters are refused."""
        value = without_spaces(text)
        if _PATTERN.fullmatch(value) is None:
            raise InvalidCustomsReference(
                "expected year, country, 12 letters or digits, a digit", given=text
            )
        return cls(value)

    @property
    def country(self) -> str:
        """The country whose customs gave the number."""
        return self.value[2:4]

    @property
    def is_voucher(self) -> bool:
        """Whether it has the voucher part, which guarantee type 4 alone may have."""
        return len(self.value) == 24

    def __str__(self) -> str:
        return self.value


def warnings(number: Grn) -> tuple[str, ...]:
    """Tell a check digit that breaks the rule."""
    expected = remainder(number.value[:16]) % 10
    if int(number.value[16]) == expected:
        return ()
    return (f"check digit (character 17) should be {expected}",)
