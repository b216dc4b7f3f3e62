"""Kazakh business and personal numbers.

Twelve digits. BIN: year and month of registration (YYMM); 4 resident, 5
non-resident, 6 sole trader in joint form; 0 head office, 1 branch, 2
representative office, 3 farm; serial (5); check digit. IIN: date of birth
(YYMMDD); century and sex (1 to 6: odd male, even female; 1-2 the 1800s, 3-4 the
1900s, 5-6 the 2000s); serial (4); check digit.

Check digit: weigh eleven digits by 1 to 11 and divide by 11; on a remainder of 10
weigh by 3 to 11, 1, 2; on 10 again the number is never issued. Source: the
published structure, tried on numbers of known entities.

>>> Bin.parse("020540003431").is_resident
True
>>> Bin.parse("020540003430")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPartyNumber: check digit should be 1
>>> Bin.parse("200140001300")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidPartyNumber: no check digit fits these digits: never issued
>>> str(parse_kz_number("900101 300017"))
'900101300017'
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from karvan.domain.errors import InvalidPartyNumber
from karvan.domain.identifiers.spelling import compact

_TWELVE = re.compile(r"[0-9]{12}")
_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))


@dataclass(frozen=True, slots=True)
class Bin:
    """A Kazakh legal entity, branch or joint sole trader."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Bin:
        """Read twelve digits in any usual grouping."""
        digits = _twelve(text)
        if not 1 <= int(digits[2:4]) <= 12:
            raise InvalidPartyNumber("digits 3 and 4 should be a month", given=text)
        if digits[4] not in "456":
            raise InvalidPartyNumber("digit 5 should be 4, 5 or 6", given=text)
        if digits[5] not in "0123":
            raise InvalidPartyNumber("digit 6 should be 0 to 3", given=text)
        return cls(_checked(digits, text))

    @property
    def is_resident(self) -> bool:
        """Whether it is a resident legal entity."""
        return self.digits[4] == "4"

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class Iin:
    """A person registered in Kazakhstan. Never logged, printed only where a form asks."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Iin:
        """Read twelve digits in any usual grouping."""
        digits = _twelve(text)
        if digits[6] not in "123456":
            raise InvalidPartyNumber("digit 7 should be 1 to 6", given=text)
        century = 1800 + 100 * ((int(digits[6]) - 1) // 2)
        try:
            date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
        except ValueError:
            raise InvalidPartyNumber("digits 1 to 6 should be a date", given=text) from None
        return cls(_checked(digits, text))

    def __str__(self) -> str:
        return self.digits


def parse_kz_number(text: str) -> Bin | Iin:
    """Read a BIN or an IIN; digit 5 tells which, for no month has more than 31 days."""
    return Bin.parse(text) if _twelve(text)[4] in "456" else Iin.parse(text)


def find_check_digit(digits: str) -> int | None:
    """Give the check digit of eleven digits, or `None` where no number is issued.

    >>> find_check_digit("97024000081"), find_check_digit("20014000130")
    (6, None)
    """
    for weights in _WEIGHTS:
        rest = sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def _twelve(text: str) -> str:
    digits = compact(text)
    if _TWELVE.fullmatch(digits) is None:
        raise InvalidPartyNumber("expected 12 digits", given=text)
    return digits


def _checked(digits: str, given: str) -> str:
    expected = find_check_digit(digits[:11])
    if expected is None:
        raise InvalidPartyNumber("no check digit fits these digits: never issued", given=given)
    if int(digits[11]) != expected:
        raise InvalidPartyNumber(f"check digit should be {expected}", given=given)
    return digits
