"""Goods, six digits of the Harmonized System.

Chapter (2), heading (2), subheading (2). Chapters run from 01 to 97; 77 is kept
free, 98 and 99 are national. Source: WCO Harmonized System 2022. Whether the
subheading exists is asked of the table of subheadings, not here.

>>> HsCode.parse("8516.60").heading
'8516'
>>> HsCode.parse("771234")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidGoodsCode: there is no such chapter
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidGoodsCode
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"[0-9]{6}")
_KEPT_FREE = 77


@dataclass(frozen=True, slots=True)
class HsCode:
    """A subheading of the Harmonized System."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> HsCode:
        """Read six digits, with or without points and spaces."""
        digits = compact(text).replace(".", "")
        if _PATTERN.fullmatch(digits) is None:
            raise InvalidGoodsCode("expected 6 digits", given=text)
        chapter = int(digits[:2])
        if not 1 <= chapter <= 97 or chapter == _KEPT_FREE:
            raise InvalidGoodsCode("there is no such chapter", given=text)
        return cls(digits)

    @property
    def chapter(self) -> str:
        """The first two digits."""
        return self.digits[:2]

    @property
    def heading(self) -> str:
        """The first four digits."""
        return self.digits[:4]

    def __str__(self) -> str:
        return self.digits
