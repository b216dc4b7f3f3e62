"""Local reference number of a declaration (LRN).

Up to 22 characters the declarant chooses, no space at either end. The schema
allows any script; Karvan keeps to printable ASCII, for the same reference stands
in messages that carry nothing else. Source: NCTS phase 5 schemas.

>>> str(Lrn.parse("KARVAN-2026/000017"))
'KARVAN-2026/000017'
>>> Lrn.parse(" KARVAN-2026")
Traceback (most recent call last):
    ...
karvan.domain.errors.InvalidCustomsReference: expected 1 to 22 characters, no space at either end
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from karvan.domain.errors import InvalidCustomsReference

_PATTERN = re.compile(r"[!-~](?:[ -~]{0,20}[!-~])?")


@dataclass(frozen=True, slots=True)
class Lrn:
    """A declaration before customs have numbered it."""

    value: str

    @classmethod
    def parse(cls, text: str) -> Lrn:
        """Read the reference as it stands; nothing is taken out."""
        if _PATTERN.fullmatch(text) is None:
            raise InvalidCustomsReference(
                "expected 1 to 22 characters, no space at either end", given=text
            )
        return cls(text)

    def __str__(self) -> str:
        return self.value
