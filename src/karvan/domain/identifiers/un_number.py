"""Dangerous goods, four digits (UN number).

Written with or without UN in front; 0000 is nothing. Source: UN Recommendations on
the Transport of Dangerous Goods, form only; which numbers the corridor takes is a
dated table.

>>> str(UnNumber.parse("un 2912"))
'UN2912'
>>> UnNumber.parse("291")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidGoodsCode: expected 4 digits
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidGoodsCode
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"(?:UN)?([0-9]{4})")


@dataclass(frozen=True, slots=True)
class UnNumber:
    """A substance or article of the dangerous goods list."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> UnNumber:
        """Read four digits, with or without UN in front."""
        match = _PATTERN.fullmatch(compact(text))
        if match is None or match[1] == "0000":
            raise InvalidGoodsCode("expected 4 digits", given=text)
        return cls(match[1])

    def __str__(self) -> str:
        return f"UN{self.digits}"
