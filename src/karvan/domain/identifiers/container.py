"""Freight container identification.

Four letters (three of the owner, one of the category: U freight container, J
detachable equipment, Z trailer or chassis) + six digits of the serial + one
check digit. Source: ISO 6346, identification system and its annex on the check
digit.

>>> ContainerNumber.parse("csqu 305438-3")
ContainerNumber(owner='CSQ', category='U', serial='305438')
>>> str(ContainerNumber.parse("CSQU3054383"))
'CSQU 305438 3'
>>> ContainerNumber.parse("CSQU3054384")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidContainerNumber: check digit should be 3
>>> warnings(ContainerNumber.parse("KTZU0000060"))
('serials whose remainder is 10 should not be issued; another digit may be wrong',)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import ascii_uppercase

from karvan.domain.errors import InvalidContainerNumber
from karvan.domain.identifiers.spelling import compact

_PATTERN = re.compile(r"([A-Z]{3})([UJZ])([0-9]{6})([0-9])")

# Letters count from 10 and skip the multiples of 11, which the sum could not see.
_LETTER_VALUES = dict(zip(ascii_uppercase, (v for v in range(10, 39) if v % 11), strict=True))


def remainder(characters: str) -> int:
    """Weigh letters and digits by 1, 2, 4, 8, ... and divide by 11.

    The rule of ISO 6346, which customs use for their references as well. A
    remainder of 10 is written as check digit 0.

    >>> remainder("CSQU305438")
    3
    """
    values = (_LETTER_VALUES[c] if c in _LETTER_VALUES else int(c) for c in characters)
    return sum(value << place for place, value in enumerate(values)) % 11


@dataclass(frozen=True, slots=True)
class ContainerNumber:
    """A container as its doors show it."""

    owner: str
    category: str
    serial: str

    @classmethod
    def parse(cls, text: str) -> ContainerNumber:
        """Read any usual spelling; the only way to build one from outside."""
        match = _PATTERN.fullmatch(compact(text).replace("/", ""))
        if match is None:
            raise InvalidContainerNumber(
                "expected 3 letters, one of U, J and Z, and 7 digits", given=text
            )
        owner, category, serial, check = match.groups()
        number = cls(owner, category, serial)
        if int(check) != number.check_digit:
            raise InvalidContainerNumber(f"check digit should be {number.check_digit}", given=text)
        return number

    @property
    def check_digit(self) -> int:
        """The digit in the box behind the serial."""
        return remainder(self.owner + self.category + self.serial) % 10

    @property
    def compact(self) -> str:
        """The eleven characters without spaces, as messages carry them."""
        return f"{self.owner}{self.category}{self.serial}{self.check_digit}"

    def __str__(self) -> str:
        return f"{self.owner}{self.category} {self.serial} {self.check_digit}"


def warnings(number: ContainerNumber) -> tuple[str, ...]:
    """Tell what is unusual about a number that is not refused."""
    if remainder(number.owner + number.category + number.serial) != 10:
        return ()
    return ("serials whose remainder is 10 should not be issued; another digit may be wrong",)
