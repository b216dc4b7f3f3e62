"""Reading the fields of a body by type, every fault kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeVar

from karvan.domain.errors import Fault, InvalidInput, NotFound

LONGEST_TEXT: Final = 200

T = TypeVar("T")

_DECIMAL: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(slots=True)
class Faults:
    """Faults found so far, and the one way to read a field."""

    body: Mapping[str, object]
    found: list[Fault] = field(default_factory=list)

    def add(self, code: str, message: str, name: str, *, fix: str = "", **facts: object) -> None:
        """Tell a fault of a field."""
        self.found.append(
            Fault(code=code, message=message, pointer=f"/{name}", fix=fix, facts=facts)
        )

    def has(self, name: str) -> bool:
        """Say whether a field is given; null counts as not given."""
        return self.body.get(name) is not None

    def text(self, name: str) -> str | None:
        """Text of a field; a missing required one is told by who requires it."""
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.add("wrong-type", "must be text", name)
            return None
        if len(value) > LONGEST_TEXT:
            self.add("too-long", "text is too long", name, longest=LONGEST_TEXT)
            return None
        return value

    def read(self, name: str, parse: Callable[[str], T]) -> T | None:
        """Parse the text of a field, telling our errors as faults of it."""
        text = self.text(name)
        return None if text is None else self.attempt(name, lambda: parse(text))

    def attempt(self, name: str, make: Callable[[], T]) -> T | None:
        """Make a value, telling our errors as faults of a field."""
        try:
            return make()
        except (InvalidInput, NotFound) as error:
            self.found.append(Fault.of(error, f"/{name}"))
            return None

    def word(self, name: str, known: Collection[str]) -> str | None:
        """One of the known words, in any case and with spaces or hyphens for underscores."""
        text = self.text(name)
        if text is None:
            return None
        for word in known:
            if _folded(word) == _folded(text.strip()):
                return word
        self.add(
            "unknown-word",
            "no such value",
            name,
            fix="one of " + ", ".join(sorted(known)),
            given=text,
        )
        return None

    def matched(self, name: str, pattern: str, form: str) -> str | None:
        """Text of a given form."""
        text = self.text(name)
        if text is None:
            return None
        if re.fullmatch(pattern, text) is None:
            self.add("wrong-form", "must be " + form, name, given=text)
            return None
        return text

    def whole(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number within limits."""
        value = self.body.get(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.add("out-of-range", f"must be a whole number from {low} to {high}", name)
            return default
        return value

    def decimal(self, name: str, low: str, high: str) -> Decimal | None:
        """A decimal string or whole number within limits, without needless zeros."""
        value = self.body.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self.add("wrong-type", "must be a decimal string", name)
            return None
        text = str(value)
        number = Decimal(text) if _DECIMAL.fullmatch(text) else None
        if number is None or not Decimal(low) <= number <= Decimal(high):
            self.add("out-of-range", f"must be a number from {low} to {high}", name)
            return None
        return plain(number)

    def flag(self, name: str, *, default: bool) -> bool:
        """Yes or no."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.add("wrong-type", "must be true or false", name)
            return default
        return value


def _folded(word: str) -> str:
    """A word without regard to case, with underscores for spaces and hyphens."""
    return re.sub(r"[\s\-]+", "_", word).casefold()


def plain(number: Decimal) -> Decimal:
    """The number without zeros behind the point and without an exponent.

    >>> plain(Decimal("16.50")), plain(Decimal("20"))
    (Decimal('16.5'), Decimal('20'))
    """
    return Decimal(f"{number.normalize():f}")
