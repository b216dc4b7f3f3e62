"""Attributes: what a table's columns may hold, told by a table of their own.

`network/attributes/<entity>.csv` has a row a column; validation, defaults and the reference
page are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Types without parameters; `enum:a|b|c` is the only one with.
PLAIN_TYPES = ("id", "string", "int", "float", "decimal", "bool", "date", "list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One column of a table.

    Attributes
    ----------
    name
        The column, with its unit in the name.
    type
        One of `PLAIN_TYPES`, or `enum:` and the allowed words separated by `|`.
    unit
        Unit in words for the reference page, '' without one.
    default
        Text used for an empty cell, '' for none.
    required
        Whether the column must exist and every cell be filled.
    """

    name: str
    type: str
    unit: str = ""
    default: str = ""
    required: bool = False
    description: str = ""

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed words of an `enum`, else empty."""
        prefix, _, words = self.type.partition(":")
        return tuple(words.split("|")) if prefix == "enum" else ()

    @property
    def is_known_type(self) -> bool:
        """Whether the type is one this program can read."""
        return self.type in PLAIN_TYPES or (bool(self.choices) and all(self.choices))
