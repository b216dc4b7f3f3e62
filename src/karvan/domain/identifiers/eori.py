"""Economic operator of a customs territory (EORI).

ISO country + 1 to 15 printable characters without spaces. Only the Commission's
service knows whether one is in force; here the form is checked. Georgian and
Turkish numbers appear in NCTS the same way, country in front. Source: NCTS phase
5 schemas, identification number of the carrier.

>>> Eori.parse("DE 1234567").country
'DE'
>>> Eori.parse("1234567")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPartyNumber: expected 2 capital letters and 1 to 15 characters
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidPartyNumber
from karvan.domain.identifiers.spelling import without_spaces

_PATTERN = re.compile(r"[A-Z]{2}[!-~]{1,15}")


@dataclass(frozen=True, slots=True)
class Eori:
    """A party known to customs."""

    value: str

    @classmethod
    def parse(cls, text: str) -> Eori:
        """Read country and national part, with or without spaces."""
        value = without_spaces(text)
        if _PATTERN.fullmatch(value) is None:
            raise InvalidPartyNumber(
                "expected 2 capital letters and 1 to 15 characters", given=text
            )
        return cls(value)

    @property
    def country(self) -> str:
        """The country that gave the number."""
        return self.value[:2]

    def __str__(self) -> str:
        return self.value
