"""Conditions of a row of the tariff book: for which cargo, way and day it holds.

A row holds where all of its conditions do. They are written in one cell, apart by `;`::

    laden=empty; hazard=3|9; gross_t<=24; length_m>15; hs=2506|2508|72-76; month=4|5|6

`=` asks for one of several words, `!=` for none of them; of `hs` each is a prefix or a range of
prefixes of one length. `<`, `<=`, `>`, `>=` compare numbers. A fact that nobody gave fulfils no
condition but `!=`.

>>> [str(c) for c in parse_conditions("hs=72-73|2506; gross_t<=24")]
['hs=72-73|2506', 'gross_t<=24']
>>> parse_conditions("hs=72-73|2506; gross_t<=24")[0].holds({"hs": "730300"})
True
>>> parse_conditions("gros_t<=24")
Traceback (most recent call last):
    ...
karvan.domain.errors.TariffError: no such condition
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from karvan.domain.errors import TariffError

#: A fact is a word or a number.
Facts = Mapping[str, "str | Decimal"]

#: Words that rows may ask for, with the values they can have; () stands for any word.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "laden": ("loaded", "empty"),
    "owner": ("shipper", "carrier"),
    "pool": (),
    "returns": ("yes", "no"),
    "train": ("single", "group", "block"),
    "traffic": ("transit", "export", "import", "domestic"),
    "customer": (),
    "hazard": ("none", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "un": (),
    "hs": (),
    "commodity": (),
    "group": (
        "general",
        "ventilated",
        "reefer",
        "open_top",
        "flat_rack",
        "tank",
        "dry_bulk",
        "insulated",
    ),
    "temperature": ("controlled", "none"),
    "grade": (),
}

#: Numbers that rows may compare, with their units.
NUMBERS: Final[Mapping[str, str]] = {
    "net_t": "t, goods in each unit",
    "gross_t": "t, each unit with its goods",
    "length_m": "m, each unit",
    "width_m": "m, loaded unit",
    "height_m": "m, loaded unit",
    "axles": "of each wagon",
    "axle_load_t": "t",
    "distance_km": "km, tariff distance",
    "count": "units of the shipment",
    "yearly_units": "units a year promised",
    "month": "month of acceptance, 1 to 12",
    "oversize_degree": "0 to 5",
}

_PATTERN: Final = re.compile(r"\s*([a-z_]+)\s*(!=|<=|>=|=|<|>)\s*(.*?)\s*")
_HS_RANGE: Final = re.compile(r"([0-9]{2,6})-([0-9]{2,6})")
_HS_PREFIX: Final = re.compile(r"[0-9]{2,6}")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: a fact, an operator and what it is compared with."""

    fact: str
    operator: str
    values: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.fact not in WORDS and self.fact not in NUMBERS:
            known = sorted((*WORDS, *NUMBERS))
            raise TariffError("no such condition", given=self.fact, known=known)
        if not self.values or not all(self.values):
            raise TariffError("a condition needs a value", given=str(self))
        if self.operator in {"=", "!="}:
            self._check_words()
        elif self.fact in WORDS or len(self.values) != 1:
            raise TariffError("only one number can be compared", given=str(self))
        if self.fact in NUMBERS:
            for value in self.values:
                _number(value, str(self))

    def _check_words(self) -> None:
        allowed = WORDS.get(self.fact, ())
        for value in self.values:
            if allowed and value not in allowed:
                raise TariffError("no such value", given=str(self), known=list(allowed))
            if self.fact == "hs":
                _check_hs(value, str(self))

    @property
    def depends_on_way(self) -> bool:
        """Whether it can only be decided for one way of one carrier."""
        return self.fact in {"distance_km", "traffic"}

    def holds(self, facts: Facts) -> bool:
        """Say whether the facts fulfil it."""
        have = facts.get(self.fact)
        if have is None or have == "":
            return self.operator == "!="
        if self.fact in NUMBERS:
            return self._compares(Decimal(have))
        found = any(self._matches(str(have), value) for value in self.values)
        return found if self.operator == "=" else not found

    def _matches(self, have: str, value: str) -> bool:
        if self.fact != "hs":
            return have == value
        span = _HS_RANGE.fullmatch(value)
        if span is None:
            return have.startswith(value)
        return span[1] <= have[: len(span[1])] <= span[2]

    def _compares(self, have: Decimal) -> bool:
        wanted = [Decimal(value) for value in self.values]
        answers = {
            "=": have in wanted,
            "!=": have not in wanted,
            "<": have < wanted[0],
            "<=": have <= wanted[0],
            ">": have > wanted[0],
            ">=": have >= wanted[0],
        }
        return answers[self.operator]

    def __str__(self) -> str:
        return f"{self.fact}{self.operator}{'|'.join(self.values)}"


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """Read the conditions of a cell, '' for none.

    Raises
    ------
    TariffError
        What cannot be read, a fact or value that no cargo has, or a fact bound twice in the
        same sense.
    """
    if not text.strip():
        return ()
    found = []
    for part in text.split(";"):
        match = _PATTERN.fullmatch(part)
        if match is None:
            raise TariffError("not a condition: fact, operator, value", given=part.strip())
        values = tuple(value.strip() for value in match[3].split("|"))
        found.append(Condition(match[1], match[2], values))
    bound = [(each.fact, each.operator) for each in found]
    if len(set(bound)) < len(bound):
        raise TariffError("a condition stands twice", given=text)
    return tuple(found)


def render_conditions(conditions: tuple[Condition, ...]) -> str:
    """Write conditions as a cell holds them."""
    return "; ".join(str(each) for each in conditions)


def _number(text: str, given: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise TariffError("not a number", given=given) from None
    if not value.is_finite():
        raise TariffError("not a number", given=given)
    return value


def _check_hs(value: str, given: str) -> None:
    span = _HS_RANGE.fullmatch(value)
    if span is not None and len(span[1]) == len(span[2]) and span[1] <= span[2]:
        return
    if span is not None or _HS_PREFIX.fullmatch(value) is None:
        raise TariffError("goods are a prefix of 2 to 6 digits or a range of two", given=given)
