"""Ship identification number.

Seven digits, written with or without IMO in front: six weighed by 7 to 2, whose
sum ends in the seventh. Source: IMO resolution A.1117(30), annex. Small or old
ships of the Caspian may have none; then another key is used, never an invented
number.

>>> ImoNumber.parse("IMO 9319466")
ImoNumber(digits='9319466')
>>> ImoNumber.parse("9319467")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidShipNumber: check digit should be 6
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import imo

from karvan.domain.errors import InvalidShipNumber
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"(?:IMO)?([0-9]{7})")


@dataclass(frozen=True, slots=True)
class ImoNumber:
    """A ship's hull, for life."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> ImoNumber:
        """Read seven digits, with or without IMO in front."""
        match = _PATTERN.fullmatch(compact(text))
        if match is None:
            raise InvalidShipNumber("expected 7 digits", given=text)
        digits = match[1]
        expected = imo.calc_check_digit(digits[:-1])
        if digits[-1] != expected:
            raise InvalidShipNumber(f"check digit should be {expected}", given=text)
        return cls(digits)

    def __str__(self) -> str:
        return self.digits
