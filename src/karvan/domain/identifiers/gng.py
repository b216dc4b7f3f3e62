"""Goods on rail consignment notes, eight digits (GNG, NHM).

Six digits of the Harmonized System + two of the railways. Chapters 98 and 99 are
the railways' own (empty wagons and containers, mixed loads) and have no code of
the Harmonized System. Source: OSJD and UIC harmonized nomenclature of goods, form
only.

>>> GngCode.parse("8516 60 00").find_hs()
HsCode(digits='851660')
>>> GngCode.parse("99210000").find_hs() is None
True
>>> GngCode.parse("851660")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidGoodsCode: expected 8 digits
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidGoodsCode
from karvan.domain.identifiers.hs_code import HsCode
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"[0-9]{8}")
_RAILWAY_CHAPTERS = ("98", "99")


@dataclass(frozen=True, slots=True)
class GngCode:
    """A goods code of a CIM or SMGS consignment note."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> GngCode:
        """Read eight digits, with or without points and spaces."""
        digits = compact(text).replace(".", "")
        if _PATTERN.fullmatch(digits) is None:
            raise InvalidGoodsCode("expected 8 digits", given=text)
        if not digits.startswith(_RAILWAY_CHAPTERS):
            HsCode.parse(digits[:6])
        return cls(digits)

    def find_hs(self) -> HsCode | None:
        """Give the code of the Harmonized System inside, if there is one."""
        return None if self.digits.startswith(_RAILWAY_CHAPTERS) else HsCode(self.digits[:6])

    def __str__(self) -> str:
        return self.digits
