"""Azerbaijani tax number (VÖEN).

Ten digits: area (2), serial (6), check digit, 1 legal or 2 natural person. Check
digit: weigh the first eight by 4, 1, 8, 6, 2, 7, 5, 3 and divide by 11; numbers
with remainder 10 are not issued. Source: OECD note on Azerbaijani tax numbers.

Nine digits are refused: whether a leading zero was lost is the writer's to say.
For natural persons the rule is doubtful (a printed illustration breaks it), so
there a wrong digit is a warning.

>>> Voen.parse("140 155 5071").is_legal_person
True
>>> Voen.parse("1401555081")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPartyNumber: check digit (the 9th) should be 7
>>> warnings(Voen.parse("1525855852"))
('check digit (the 9th) should be 1',)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidPartyNumber
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"[0-9]{10}")
_WEIGHTS = (4, 1, 8, 6, 2, 7, 5, 3)


@dataclass(frozen=True, slots=True)
class Voen:
    """A taxpayer of Azerbaijan."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Voen:
        """Read ten digits in any usual grouping."""
        digits = compact(text)
        if _PATTERN.fullmatch(digits) is None:
            raise InvalidPartyNumber("expected 10 digits", given=text)
        if digits[9] not in "12":
            raise InvalidPartyNumber("digit 10 should be 1 or 2", given=text)
        number = cls(digits)
        complaint = _find_complaint(digits)
        if number.is_legal_person and complaint is not None:
            raise InvalidPartyNumber(complaint, given=text)
        return number

    @property
    def is_legal_person(self) -> bool:
        """Whether it is a legal person, not a natural one."""
        return self.digits[9] == "1"

    def __str__(self) -> str:
        return self.digits


def warnings(number: Voen) -> tuple[str, ...]:
    """Tell a check digit that breaks the rule; only natural persons can have one."""
    complaint = _find_complaint(number.digits)
    return () if complaint is None else (complaint,)


def _find_complaint(digits: str) -> str | None:
    # python-stdnum keeps this sum private; a test compares its `is_valid` with ours.
    expected = sum(w * int(d) for w, d in zip(_WEIGHTS, digits[:8], strict=True)) % 11
    if expected == 10:
        return "no check digit fits these digits: never issued"
    if int(digits[8]) != expected:
        return f"check digit (the 9th) should be {expected}"
    return None
