"""Places of trade (UN/LOCODE).

ISO country + three characters, capital letters or the digits 2 to 9 (0 and 1 look
like letters). Source: UN/CEFACT Recommendation 16. Whether the place is listed is
asked of the corridor's own table, not here.

>>> Unlocode.parse("KZ AAU")
Unlocode(code='KZAAU')
>>> Unlocode.parse("KZA0U")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPlaceCode: expected 2 capital letters and 3 of A to Z and 2 to 9
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidPlaceCode
from karvan.domain.identifiers.spelling import without_spaces

_PATTERN = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")


@dataclass(frozen=True, slots=True)
class Unlocode:
    """A place by its UN code."""

    code: str

    @classmethod
    def parse(cls, text: str) -> Unlocode:
        """Read five characters, with or without a space; small letters are refused."""
        code = without_spaces(text)
        if _PATTERN.fullmatch(code) is None:
            raise InvalidPlaceCode(
                "expected 2 capital letters and 3 of A to Z and 2 to 9", given=text
            )
        return cls(code)

    @property
    def country(self) -> str:
        """The country under which the place is listed."""
        return self.code[:2]

    def __str__(self) -> str:
        return self.code
