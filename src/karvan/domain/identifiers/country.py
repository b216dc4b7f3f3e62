"""Countries, two letters.

Source: ISO 3166-1 alpha-2, form only; which countries the corridor knows is a
matter of its tables. Small letters are refused, as in all codes that begin with a
country.

>>> str(Country.parse("KZ"))
'KZ'
>>> Country.parse("kz")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPlaceCode: expected 2 capital letters
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidPlaceCode

_PATTERN = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory."""

    code: str

    @classmethod
    def parse(cls, text: str) -> Country:
        """Read two capital letters."""
        code = text.strip()
        if _PATTERN.fullmatch(code) is None:
            raise InvalidPlaceCode("expected 2 capital letters", given=text)
        return cls(code)

    def __str__(self) -> str:
        return self.code
