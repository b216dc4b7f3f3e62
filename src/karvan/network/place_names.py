"""Names of places in several languages, each in its own script.

Every place has an English and a Russian name and one in a language of its country: what
stands on the sign, on the consignment note and in the mouth of the dispatcher. Codes and
older names are `PlaceCode`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from karvan.network.places import CityId, PlaceId

_SECOND_LETTERS = {
    "a": "abefkmnrsvyz",
    "b": "aegimnors",
    "c": "aehorsuvy",
    "d": "aevz",
    "e": "elnostu",
    "f": "afijory",
    "g": "adlnuv",
    "h": "aeiortuyz",
    "i": "adegikostu",
    "j": "av",
    "k": "agijklmnorsuvwy",
    "l": "abginotuv",
    "m": "ghiklnrsty",
    "n": "abdeglnorvy",
    "o": "cjmrs",
    "p": "ailst",
    "q": "u",
    "r": "mnouw",
    "s": "acdegiklmnoqrstuvw",
    "t": "aeghiklnorstwy",
    "u": "gkrz",
    "v": "eio",
    "w": "ao",
    "x": "h",
    "y": "io",
    "z": "ahu",
}

#: Two-letter codes in use. Source: ISO 639-1.
LANGUAGES: Final = frozenset(
    first + second for first, seconds in _SECOND_LETTERS.items() for second in seconds
)

#: Languages every place has a name in, whatever its country.
COMMON_LANGUAGES: Final = ("en", "ru")

#: Languages of each country, one of which a place there has a name in; own knowledge.
LOCAL_LANGUAGES: Final = {
    "AM": ("hy",),
    "AT": ("de",),
    "AZ": ("az",),
    "BE": ("nl", "fr"),
    "BG": ("bg",),
    "BY": ("be", "ru"),
    "CA": ("en", "fr"),
    "CN": ("zh",),
    "CZ": ("cs",),
    "DE": ("de",),
    "EG": ("ar",),
    "FR": ("fr",),
    "GE": ("ka",),
    "GR": ("el",),
    "HU": ("hu",),
    "IR": ("fa",),
    "IT": ("it",),
    "KG": ("ky",),
    "KZ": ("kk",),
    "NL": ("nl",),
    "PL": ("pl",),
    "RO": ("ro",),
    "RS": ("sr",),
    "RU": ("ru",),
    "SG": ("en", "zh"),
    "TJ": ("tg",),
    "TM": ("tk",),
    "TR": ("tr",),
    "UA": ("uk",),
    "US": ("en",),
    "UZ": ("uz",),
    "YE": ("ar",),
    "ZA": ("en", "af"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceName:
    """The name of a place or city in one language.

    Attributes
    ----------
    language
        ISO 639-1.
    estimate
        True where the usual spelling is uncertain.
    """

    place: PlaceId | CityId
    language: str
    name: str
    source: tuple[str, ...] = ()
    estimate: bool = False
    note: str = ""


def names_of(place: str, names: tuple[PlaceName, ...]) -> dict[str, PlaceName]:
    """Give the names of one place or city by language."""
    return {name.language: name for name in names if name.place == place}
