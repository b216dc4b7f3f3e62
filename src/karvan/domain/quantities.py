"""Masses and lengths: the type is the dimension, the constructor names the unit.

Whole kilograms and whole metres, so that sums are exact; floats are for the
engines, whose arrays are in tonnes and kilometres.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from karvan.domain.errors import InvalidInput

_DECIMAL = re.compile(r"(-?[0-9]{1,15})(?:\.([0-9]{1,9}))?")


@total_ordering
@dataclass(frozen=True, slots=True)
class Mass:
    """A mass in whole kilograms, the unit of a consignment note.

    >>> Mass.from_tonnes("24.5").kg
    24500
    >>> Mass.from_tonnes("0.0005")
    Traceback (most recent call last):
        ...
    karvan.domain.errors.InvalidInput: finer than 1 kg
    """

    kg: int

    def __post_init__(self) -> None:
        if type(self.kg) is not int:
            raise InvalidInput("mass must be whole kilograms", given=str(self.kg))
        if self.kg < 0:
            raise InvalidInput("mass cannot be negative", mass_kg=self.kg)

    @classmethod
    def from_tonnes(cls, tonnes: str) -> Mass:
        """Read a decimal string of tonnes, to the kilogram."""
        match = _DECIMAL.fullmatch(tonnes)
        if match is None:
            raise InvalidInput("not a number of tonnes", tonnes=tonnes)
        kg = _find_whole(match, decimals=3)
        if kg is None:
            raise InvalidInput("finer than 1 kg", tonnes=tonnes)
        return cls(kg)

    @property
    def tonnes(self) -> float:
        """For the engines, whose arrays are in tonnes. Never for a document."""
        return self.kg / 1000

    @property
    def tonnes_text(self) -> str:
        """The decimal string of tonnes, exact, as it crosses the wire.

        >>> Mass(24500).tonnes_text
        '24.500'
        """
        return f"{self.kg // 1000}.{self.kg % 1000:03d}"

    def __add__(self, other: Mass) -> Mass:
        return Mass(self.kg + other.kg)

    def __sub__(self, other: Mass) -> Mass:
        return Mass(self.kg - other.kg)

    def __lt__(self, other: Mass) -> bool:
        return self.kg < other.kg

    def __str__(self) -> str:
        return f"{self.kg} kg"


def parse_mass_kg(text: str | int) -> Mass:
    """Read whole kilograms, written as a decimal string or as an integer.

    >>> parse_mass_kg("24500.0") == parse_mass_kg(24500) == Mass.from_tonnes("24.5")
    True
    >>> parse_mass_kg("24500.5")
    Traceback (most recent call last):
        ...
    karvan.domain.errors.InvalidInput: finer than 1 kg
    """
    if isinstance(text, bool):
        raise InvalidInput("not a number of kilograms", mass_kg=text)
    if isinstance(text, int):
        return Mass(text)
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise InvalidInput("not a number of kilograms", mass_kg=text)
    kg = _find_whole(match, decimals=0)
    if kg is None:
        raise InvalidInput("finer than 1 kg", mass_kg=text)
    return Mass(kg)


@total_ordering
@dataclass(frozen=True, slots=True)
class Length:
    """A length of way in whole metres.

    >>> Length.from_km("436.25").m
    436250
    >>> (Length.from_km("1.5") + Length.from_km("0.5")).km
    2.0
    """

    m: int

    def __post_init__(self) -> None:
        if type(self.m) is not int:
            raise InvalidInput("length must be whole metres", given=str(self.m))
        if self.m < 0:
            raise InvalidInput("length cannot be negative", length_m=self.m)

    @classmethod
    def from_km(cls, km: str) -> Length:
        """Read a decimal string of kilometres, to the metre."""
        match = _DECIMAL.fullmatch(km)
        if match is None:
            raise InvalidInput("not a number of kilometres", km=km)
        metres = _find_whole(match, decimals=3)
        if metres is None:
            raise InvalidInput("finer than 1 m", km=km)
        return cls(metres)

    @property
    def km(self) -> float:
        """For the engines, whose arrays are in kilometres."""
        return self.m / 1000

    def __add__(self, other: Length) -> Length:
        return Length(self.m + other.m)

    def __lt__(self, other: Length) -> bool:
        return self.m < other.m

    def __str__(self) -> str:
        return f"{self.m // 1000}.{self.m % 1000:03d} km"


def _find_whole(number: re.Match[str], *, decimals: int) -> int | None:
    """Shift the point by so many decimals; `None` when something is left behind it."""
    fraction = (number[2] or "").rstrip("0")
    if len(fraction) > decimals:
        return None
    return int(number[1] + fraction.ljust(decimals, "0"))
