"""The language in which people are told: texts, plurals, numbers and days, at rendering only.

The program thinks in English: messages, labels and what is kept are English wherever they are
made. What writes for people asks here, and gets the language of the one who reads: the command
line sets it once, HTTP for each request. Where nobody sets one it is English.

>>> phrase("{count} of {total}", count=1, total=2)
'1 of 2'
>>> phrase_count("{count} leg", "{count} legs", 2)
'2 legs'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol

Number = int | float | Decimal

#: The language everything is written in before it is translated.
SOURCE: Final = "en"

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Words(Protocol):
    """One language."""

    @property
    def language(self) -> str:
        """Its tag, as `Content-Language` says it."""
        ...

    def text(self, english: str, of: str = "") -> str:
        """A text or label; English where it has none of its own.

        Parameters
        ----------
        of
            Code of a label: the area and the code there, as `mode.rail`.
        """
        ...

    def counted(self, one: str, many: str, count: int) -> str:
        """The form of a text that stands beside a number."""
        ...

    def message(self, english: str) -> str:
        """A finished message: its template is found again, and filled with the same values."""
        ...

    def number(self, value: Number, decimals: int | None = None) -> str:
        """A number with its thousands grouped: all its digits, or so many decimals."""
        ...

    def day(self, value: date, *, year: bool = False) -> str:
        """A day as people write it."""
        ...

    def place(self, names: Mapping[str, str], english: str) -> str:
        """The name of a place among its names by language."""
        ...

    def country(self, code: str) -> str:
        """The name of a country; the code where it has none."""
        ...


class English:
    """The language of the program itself."""

    language: Final = SOURCE

    def text(self, english: str, of: str = "") -> str:  # noqa: ARG002 - labels are texts here
        """The text as it is."""
        return english

    def counted(self, one: str, many: str, count: int) -> str:
        """One form for 1, the other for everything else."""
        return one if count == 1 else many

    def message(self, english: str) -> str:
        """The message as it is."""
        return english

    def number(self, value: Number, decimals: int | None = None) -> str:
        """A number with commas between thousands.

        >>> ENGLISH.number(Decimal("12345.60")), ENGLISH.number(Decimal("12345.60"), 0)
        ('12,345.60', '12,346')
        """
        if decimals is not None:
            return f"{value:,.{decimals}f}"
        return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"

    def day(self, value: date, *, year: bool = False) -> str:
        """A day as '3 Dec' or '3 Dec 2026'."""
        told = f"{value.day} {MONTHS[value.month - 1]}"
        return f"{told} {value.year}" if year else told

    def place(self, names: Mapping[str, str], english: str) -> str:  # noqa: ARG002 - as above
        """The name the tables call it by."""
        return english

    def country(self, code: str) -> str:
        """Countries are told by their codes."""
        return code


ENGLISH: Final = English()


class Languages(Protocol):
    """The port to the catalogues."""

    def offered(self) -> tuple[str, ...]:
        """Tags of the languages there are, English first."""
        ...

    def words(self, language: str) -> Words:
        """One of them."""
        ...


class OnlyEnglish:
    """The `Languages` port where there are no catalogues."""

    def offered(self) -> tuple[str, ...]:
        """English alone."""
        return (SOURCE,)

    def words(self, language: str) -> Words:
        """English, whatever is asked for."""
        del language
        return ENGLISH


_SPOKEN: ContextVar[Words] = ContextVar("karvan.words", default=ENGLISH)


def spoken() -> Words:
    """The language of whom is told now."""
    return _SPOKEN.get()


@contextmanager
def speaking(words: Words) -> Iterator[None]:
    """Tell in a language for a while."""
    token = _SPOKEN.set(words)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def phrase(text: str, /, **values: object) -> str:
    """A sentence or heading with its values put in; the text is a key of the catalogue."""
    told = spoken().text(text)
    return told.format(**values) if values else told


def phrase_count(one: str, many: str, count: int, /, **values: object) -> str:
    """A text that stands beside a number; `{count}` is the number, grouped."""
    words = spoken()
    told = words.counted(one, many, count)
    return told.format(count=words.number(count), **values)


def tell_message(message: str) -> str:
    """A message that was made in English, whatever its values."""
    return spoken().message(message)


class Labels(Mapping[str, str]):
    """Texts by code, told in the language of the reader.

    >>> modes = Labels("mode", {"rail": "Rail"})
    >>> modes["rail"], modes.get("canal", "?")
    ('Rail', '?')
    """

    __slots__ = ("_area", "_texts")

    def __init__(self, area: str, texts: Mapping[str, str]) -> None:
        self._area = area
        self._texts = dict(texts)

    def __getitem__(self, code: str) -> str:
        """The text of a code; raises `KeyError`."""
        return spoken().text(self._texts[code], f"{self._area}.{code}")

    def __iter__(self) -> Iterator[str]:
        """The codes."""
        return iter(self._texts)

    def __len__(self) -> int:
        """How many codes there are."""
        return len(self._texts)


def day_and_time(value: datetime) -> str:
    """A local instant: the day without its year, hours and minutes."""
    return f"{spoken().day(value)} {value:%H:%M}"
