"""Legal entity identifier (LEI).

Eighteen letters and digits + two check digits; with A = 10 .. Z = 35 the whole is
a number that leaves 1 when divided by 97. Source: ISO 17442, ISO 7064 (MOD 97-10).

>>> str(Lei.parse("2138 00KU D8LA JWSQ 9D15"))
'213800KUD8LAJWSQ9D15'
>>> Lei.parse("213800KUD8LAJWSQ9D16")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPartyNumber: check digits should be 15
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum.iso7064 import mod_97_10

from karvan.domain.errors import InvalidPartyNumber
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"[A-Z0-9]{18}[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Lei:
    """A legal entity anywhere."""

    value: str

    @classmethod
    def parse(cls, text: str) -> Lei:
        """Read twenty characters in any usual grouping."""
        value = compact(text)
        if _PATTERN.fullmatch(value) is None:
            raise InvalidPartyNumber("expected 18 letters or digits and 2 check digits", given=text)
        if mod_97_10.checksum(value) != 1:
            expected = mod_97_10.calc_check_digits(value[:18])
            raise InvalidPartyNumber(f"check digits should be {expected}", given=text)
        return cls(value)

    def __str__(self) -> str:
        return self.value
