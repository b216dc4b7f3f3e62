"""Georgian identification code.

Nine digits of a company, eleven of a person or sole trader. No check digit has
been published, so the length is all that can be checked. Source: three open
libraries, which check nothing else either.

>>> GeorgianId.parse("204 854 595").is_company
True
>>> GeorgianId.parse("2048545951")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPartyNumber: expected 9 or 11 digits
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidPartyNumber
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"[0-9]{9}(?:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class GeorgianId:
    """A party registered in Georgia."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> GeorgianId:
        """Read nine or eleven digits in any usual grouping."""
        digits = compact(text)
        if _PATTERN.fullmatch(digits) is None:
            raise InvalidPartyNumber("expected 9 or 11 digits", given=text)
        return cls(digits)

    @property
    def is_company(self) -> bool:
        """Whether it is a company, not a person or sole trader."""
        return len(self.digits) == 9

    def __str__(self) -> str:
        return self.digits
