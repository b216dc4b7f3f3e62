"""Wagon numbers of both gauges.

1520 mm: eight digits, the first tells the kind, the last is the check digit; no
country inside. 1435 mm: the twelve digits AA BB CCCC DDD K of the UIC (European
Vehicle Number): type and interoperability, country, type, serial, check digit.
Both check digits double every second digit from the right and add the digits of
the products (Luhn). Source: railway informatics lecture notes for 1520, checked
on numbers of real waybills; UIC leaflet 438-2 for twelve digits.

>>> parse_wagon("95236196")
Wagon1520(digits='95236196')
>>> str(parse_wagon("218124712173"))
'21 81 2471 217-3'
>>> parse_wagon("27 51 508 1 472-8")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidWagonNumber: check digit should be 9
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stdnum import luhn

from karvan.domain.errors import InvalidWagonNumber
from karvan.domain.identifiers.spelling import compact

_EIGHT = re.compile(r"[0-9]{8}")
_TWELVE = re.compile(r"[0-9]{12}")

#: First digit of a 1520 number. Source: lecture notes for 2, 4, 6, 7, 8, 9; general
#: knowledge for 0, 1, 3, 5.
KINDS_1520 = {
    "0": "passenger",
    "1": "locomotive_or_track_machine",
    "2": "covered",
    "3": "special",
    "4": "flat",
    "5": "private",
    "6": "gondola",
    "7": "tank",
    "8": "refrigerated",
    "9": "other",
}

#: Country of a UIC number, digits 3 and 4, as far as its wagons come here. Source:
#: general knowledge of UIC leaflet 920-14, not confirmed row by row.
UIC_COUNTRIES = {
    "20": "RU",
    "21": "BY",
    "22": "UA",
    "27": "KZ",
    "28": "GE",
    "29": "UZ",
    "33": "CN",
    "51": "PL",
    "52": "BG",
    "53": "RO",
    "57": "AZ",
    "58": "AM",
    "59": "KG",
    "66": "TJ",
    "67": "TM",
    "75": "TR",
    "80": "DE",
    "81": "AT",
}


@dataclass(frozen=True, slots=True)
class Wagon1520:
    """A wagon of the 1520 mm network."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Wagon1520:
        """Read eight digits in any usual grouping."""
        digits = compact(text)
        if _EIGHT.fullmatch(digits) is None:
            raise InvalidWagonNumber("expected 8 digits", given=text)
        return cls(_checked(digits, text))

    @property
    def kind(self) -> str:
        """What the first digit says; see `KINDS_1520`."""
        return KINDS_1520[self.digits[0]]

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class WagonUic:
    """A wagon of the 1435 mm network."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> WagonUic:
        """Read twelve digits in any usual grouping."""
        digits = compact(text)
        if _TWELVE.fullmatch(digits) is None:
            raise InvalidWagonNumber("expected 12 digits", given=text)
        return cls(_checked(digits, text))

    def find_country(self) -> str | None:
        """Give the ISO country of registration, if it is one of `UIC_COUNTRIES`."""
        return UIC_COUNTRIES.get(self.digits[2:4])

    def __str__(self) -> str:
        d = self.digits
        return f"{d[:2]} {d[2:4]} {d[4:8]} {d[8:11]}-{d[11]}"


def parse_wagon(text: str) -> Wagon1520 | WagonUic:
    """Read a wagon number; its length tells the gauge."""
    length = len(compact(text))
    if length == 8:
        return Wagon1520.parse(text)
    if length == 12:
        return WagonUic.parse(text)
    raise InvalidWagonNumber("expected 8 or 12 digits", given=text)


def _checked(digits: str, given: str) -> str:
    expected = luhn.calc_check_digit(digits[:-1])
    if digits[-1] != expected:
        raise InvalidWagonNumber(f"check digit should be {expected}", given=given)
    return digits
