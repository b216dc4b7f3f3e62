"""Movement reference number of a customs declaration (MRN).

Eighteen characters: year (2), country (2), twelve of the customs' own and, from
2025 on, a letter J to M that tells the security data carried (J none, K exit, L
entry, M both) before the check digit. To 2024 thirteen characters of the customs'
own are enough; 2024 knows both forms. Check digit: the rule of ISO 6346 over the
first seventeen characters. Source: NCTS phase 5 schemas; rule R0410; the
Commission's paper DGXXI/0879/99.

Some MRNs of schema samples show the form only; for test systems the check can be
left out.

>>> Mrn.parse("26GE310000000001J0").find_security()
'0'
>>> Mrn.parse("26GE310000000001J1")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidCustomsReference: check digit should be 0
>>> str(Mrn.parse("27WF9X1FQ9RCKN0TM3", require_check_digit=False))
'27WF9X1FQ9RCKN0TM3'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidCustomsReference
from karvan.domain.identifiers.container import remainder
from karvan.domain.identifiers.spelling import without_spaces

_GENERAL = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]")
_TO_2024 = re.compile(r"(?:[01][0-9]|2[0-4])[A-Z]{2}[A-Z0-9]{13}[0-9]")
_FROM_2024 = re.compile(r"(?:2[4-9]|[3-9][0-9])[A-Z]{2}[A-Z0-9]{12}[J-M][0-9]")

#: Element `security` of the declaration, by the 17th character. Source: rule R0410.
SECURITY_OF_LETTER = {"J": "0", "K": "2", "L": "1", "M": "3"}


@dataclass(frozen=True, slots=True)
class Mrn:
    """A customs declaration that was accepted."""

    value: str

    @classmethod
    def parse(cls, text: str, *, require_check_digit: bool = True) -> Mrn:
        """Read eighteen characters, with or without spaces; small letters are refused."""
        value = without_spaces(text)
        if _GENERAL.fullmatch(value) is None:
            raise InvalidCustomsReference(
                "expected year, country, 13 letters or digits and a check digit", given=text
            )
        if _TO_2024.fullmatch(value) is None and _FROM_2024.fullmatch(value) is None:
            raise InvalidCustomsReference(
                "character 17 should be J, K, L or M in a number after 2024", given=text
            )
        expected = remainder(value[:17]) % 10
        if require_check_digit and int(value[17]) != expected:
            raise InvalidCustomsReference(f"check digit should be {expected}", given=text)
        return cls(value)

    @property
    def country(self) -> str:
        """The country whose customs gave the number."""
        return self.value[2:4]

    def find_security(self) -> str | None:
        """Give the value of `security` that the declaration must have, if the form tells it."""
        if _FROM_2024.fullmatch(self.value) is None or self.value[:2] == "24":
            return None  # In 2024 a J to M in place 17 may be one of the older, free characters.
        return SECURITY_OF_LETTER[self.value[16]]

    def __str__(self) -> str:
        return self.value
