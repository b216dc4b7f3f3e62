"""One language from its `.po` catalogues, by Babel.

Source: GNU gettext manual, 10 (the format of PO files); Unicode CLDR, through Babel.
"""

from __future__ import annotations

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
from karvan.adapters.languages.templates import Templates
from karvan.services.words import ENGLISH, Number

#: Shortest value of a message that may be a text of its own.
_SHORTEST: Final = 3


def read(folder: Traversable, language: str) -> Catalog:
    """Read one catalogue."""
    data = folder.joinpath("LC_MESSAGES", FILE).read_bytes()
    return read_po(BytesIO(data), locale=Locale.parse(language, sep="-"))


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
        exact = self._texts.get(("", english))
        if exact is not None:
            return exact
        found = self._templates.find(english)
        if found is not None:
            template, values = found
            told = {name: self._value(value) for name, value in values.items()}
            return self._texts["", template].format(**told)
        head, space, rest = english.partition(" (")
        if space and rest.endswith(")"):
            told_head = self._texts.get(("", head))
            return None if told_head is None else f"{told_head} ({self._value(rest[:-1])})"
        return None

    def _value(self, value: str) -> str:
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
