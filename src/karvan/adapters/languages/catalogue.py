"""One language from its `.po` catalogues, by Babel.

Source: GNU gettext manual, 10 (the format of PO files); Unicode CLDR, through Babel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from gettext import c2py
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Final

from babel import Locale
from babel.dates import format_skeleton
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from karvan.adapters.languages.shelf import FILE
from karvan.adapters.languages.templates import Templates, weight
from karvan.services.words import ENGLISH, Number

#: A number as English groups it.
_GROUPED: Final = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
#: A message with something in brackets behind it.
_BRACKETED: Final = re.compile(r"(.+?)( [\[(].*[\])])", re.DOTALL)
#: A template that says less than this may be met by chance.
_LIGHT: Final = 12
#: Shortest value of a message that may be a text of its own.
_SHORTEST: Final = 3


def read(folder: Traversable, language: str) -> Catalog:
    """Read one catalogue."""
    data = folder.joinpath("LC_MESSAGES", FILE).read_bytes()
    return read_po(BytesIO(data), locale=Locale.parse(language, sep="-"))


def _parts(english: str) -> Iterator[tuple[str, str, str]]:
    """What stands before a message with a colon, the message, and what stands in brackets."""
    bracketed = _BRACKETED.fullmatch(english)
    if bracketed is not None:
        yield "", bracketed[1], bracketed[2]
    head, colon, tail = english.partition(": ")
    if colon and tail:
        yield head + colon, tail, ""


class CatalogueWords:
    """A language with a catalogue; what it lacks is told in English."""

    def __init__(self, language: str, folders: Iterable[Traversable]) -> None:
        self.language = language
        self._locale = Locale.parse(language, sep="-")
        self._texts: dict[tuple[str, str], str] = {}
        self._plurals: dict[str, tuple[str, ...]] = {}
        self._form: Callable[[int], int] = c2py("n != 1")
        messages: list[str] = []
        for folder in folders:
            messages.extend(self._add(read(folder, language)))
        self._templates = Templates(messages)

    def _add(self, catalogue: Catalog) -> Iterator[str]:
        """Take texts over; gives those that are messages, which alone have codes beside them."""
        self._form = c2py(catalogue.plural_expr)
        for each in catalogue:
            if not each.id or not each.string or each.fuzzy:
                continue
            if isinstance(each.id, (tuple, list)):
                self._plurals[each.id[0]] = tuple(each.string)
            else:
                self._texts[each.context or "", each.id] = str(each.string)
                if each.auto_comments and not each.context:
                    yield str(each.id)

    def text(self, english: str, of: str = "") -> str:
        """A text or label."""
        return self._texts.get((of, english), english)

    def counted(self, one: str, many: str, count: int) -> str:
        """The form by the plural rule of the language."""
        forms = self._plurals.get(one)
        if forms is None:
            return ENGLISH.counted(one, many, count)
        return forms[min(self._form(abs(count)), len(forms) - 1)]

    def message(self, english: str) -> str:
        """A finished message by its template; its values are told too where they are texts."""
        return self._message(english) or english

    def _message(self, english: str) -> str | None:
        return self._weighed(english)[1]

    def _weighed(self, english: str) -> tuple[int, str | None]:
        """A message told, and how much of it was found to be ours, in characters.

        What stands before a colon may be where it is wrong, what stands behind in brackets a code
        or the places it is about: then the rest counts, where the whole says next to nothing.
        """
        exact = self._texts.get(("", english))
        if exact is not None:
            return len(english), exact
        best: tuple[int, str | None] = (0, None)
        found = self._templates.find(english)
        if found is not None:
            template, values = found
            told = {name: self._value(value) for name, value in values.items()}
            best = weight(template), self._texts["", template].format(**told)
        for begin, part, end in _parts(english) if best[0] < _LIGHT else ():
            heavy, rest = self._weighed(part)
            if rest is not None and heavy > best[0]:
                begun = ", ".join(map(self._value, begin.split(", ")))
                best = heavy, f"{begun}{rest}{self._value(end)}"
        return best

    def _value(self, value: str) -> str:
        if _GROUPED.fullmatch(value):
            return self.number(Decimal(value.replace(",", "")))
        return value if len(value) < _SHORTEST else self._message(value) or value

    def number(self, value: Number, decimals: int | None = None) -> str:
        """A number as the language groups it."""
        if decimals is None:
            exact = Decimal(str(value))
            decimals = max(0, -int(exact.as_tuple().exponent)) if exact.is_finite() else 0
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return str(format_decimal(value, format=pattern, locale=self._locale))

    def day(self, value: date, *, year: bool = False) -> str:
        """A day by the short pattern of the language."""
        if isinstance(value, datetime):
            value = value.date()
        skeleton = "yMMMd" if year else "MMMd"
        return str(format_skeleton(skeleton, value, locale=self._locale))

    def place(self, names: Mapping[str, str], english: str) -> str:
        """The name in this language where the tables have one."""
        return names.get(self._locale.language) or english

    def country(self, code: str) -> str:
        """The name of the territory (CLDR)."""
        return str(self._locale.territories.get(code, code))
