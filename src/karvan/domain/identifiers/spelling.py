"""How people spell numbers: with spaces, hyphens and small letters.

The standards know none of these. `compact` takes them out and nothing else:
letters and digits outside ASCII stay as they are, so the pattern of each
standard refuses them (an Arabic-Indic digit is a digit to Unicode, not to a
customs office). Upper-casing is of a to z only, the same in every locale.

>>> compact("csqu 305438-3")
'CSQU3054383'
>>> compact("٣٠٥")
'٣٠٥'
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

# Spaces: plain, tab, no-break, figure, thin, narrow no-break. Hyphens: plain, the
# typographic two, and the en dash that word processors put in their place.
_SPACES = " \t\u00a0\u2007\u2009\u202f"
_HYPHENS = "-\u2010\u2011\u2013"
_UPPER = dict(zip(map(ord, ascii_lowercase), ascii_uppercase, strict=True))
_NO_SPACES: dict[int, str | None] = {ord(char): None for char in _SPACES}
_COMPACT: dict[int, str | None] = {**_UPPER, **_NO_SPACES, **{ord(char): None for char in _HYPHENS}}


def compact(text: str) -> str:
    """Take out spaces and hyphens and write a to z large."""
    return text.strip().translate(_COMPACT)


def without_spaces(text: str) -> str:
    """Take out spaces only, for standards to which a small letter is an error.

    >>> without_spaces("KZ AAU")
    'KZAAU'
    """
    return text.strip().translate(_NO_SPACES)
