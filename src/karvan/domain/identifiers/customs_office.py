"""Customs office reference number.

ISO country + six capital letters or digits. Source: NCTS phase 5 schemas; whether
the office exists is asked of the list of offices, not here.

>>> CustomsOffice.parse("GE031000").country
'GE'
>>> CustomsOffice.parse("ge031000")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidCustomsReference: expected 2 capital letters and 6 letters or digits
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidCustomsReference
from karvan.domain.identifiers.spelling import without_spaces

_PATTERN = re.compile(r"[A-Z]{2}[A-Z0-9]{6}")


@dataclass(frozen=True, slots=True)
class CustomsOffice:
    """A customs office."""

    code: str

    @classmethod
    def parse(cls, text: str) -> CustomsOffice:
        """Read eight characters, with or without spaces; small letters are refused."""
        code = without_spaces(text)
        if _PATTERN.fullmatch(code) is None:
            raise InvalidCustomsReference(
                "expected 2 capital letters and 6 letters or digits", given=text
            )
        return cls(code)

    @property
    def country(self) -> str:
        """The country of the office."""
        return self.code[:2]

    def __str__(self) -> str:
        return self.code
