"""Finding a place by id, code or name, and suggesting one when nothing is found."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from karvan.domain.errors import UnknownPlace
from karvan.network.network import Network
from karvan.network.places import CityId, PlaceId

#: Most suggestions given for a name nobody knows.
SUGGESTIONS = 3

# The dotless i would survive case folding, and the letters of Uzbek that look like commas
# count as letters.
_BEFORE = {0x0131: "i", 0x02BB: None, 0x02BC: None}

# Letters without a decomposition, by code point for they look alike: Latin schwa, l, d and o
# with a stroke, ae; the further Cyrillic letters of Kazakh, Ukrainian and Tajik; the Arabic yeh
# and kaf for the Persian ones.
_LIKE = str.maketrans(
    "\u0259\u0142\u0111\u00f8\u00e6"
    "\u04d9\u0493\u049b\u04a3\u04e9\u04b1\u04af\u04bb\u0456\u0454\u0491\u04b3\u04b7"
    "\u064a\u0643",
    "eldoe"
    "\u0430\u0433\u043a\u043d\u043e\u0443\u0443\u0445\u0438\u0435\u0433\u0445\u0447"
    "\u06cc\u06a9",
)

# The letters of two alphabets in their order, as timetables write them; a hyphen is dropped.
_CYRILLIC = "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"
_GEORGIAN = "a b g d e v z t i k l m n o p zh r s t u p k gh k sh ch ts dz ts ch kh j h"
_LATIN = {
    first + place: "" if written == "-" else written
    for first, alphabet in ((0x0430, _CYRILLIC), (0x10D0, _GEORGIAN))
    for place, written in enumerate(alphabet.split())
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What was found: a place, or a city with its members."""

    id: PlaceId | CityId
    name: str
    members: tuple[PlaceId, ...]


class Gazetteer:
    """Names and codes of one network, folded so that spelling and script matter little."""

    def __init__(self, network: Network) -> None:
        self._named: dict[str, Named] = {}
        self._by_key: dict[str, set[str]] = {}
        self._by_latin: dict[str, set[str]] = {}
        self._shown: dict[str, str] = {}
        for place in network.places.values():
            self._add(Named(id=place.id, name=place.name, members=(place.id,)), place.name)
        for city in network.cities.values():
            self._add(Named(id=city.id, name=city.name, members=city.members), city.name)
        for code in network.codes:
            if code.place in self._named and code.scheme.value != "oil":
                self._index(code.code, code.place)
        for name in network.names:
            if name.place in self._named:
                self._index(name.name, name.place)
                self._index(name.name.partition("(")[0], name.place)

    def _add(self, named: Named, name: str) -> None:
        self._named[named.id] = named
        self._index(named.id, named.id)
        self._index(name, named.id)

    def _index(self, text: str, target: str) -> None:
        key = fold(text)
        if key:
            self._by_key.setdefault(key, set()).add(target)
            self._by_latin.setdefault(latin(key), set()).add(target)
            self._shown.setdefault(key, text)

    @property
    def known(self) -> Mapping[str, Named]:
        """Everything by id."""
        return self._named

    def find(self, text: str) -> Named | None:
        """Find by id, UN/LOCODE, station code or name in any language the tables have.

        A name nobody knows is looked for once more as it would be written in Latin letters.
        A name that several share counts as not found; a city wins over its own members.
        """
        exact = self._named.get(text.strip())
        if exact is not None:
            return exact
        key = fold(text)
        ids = self._by_key.get(key) or self._by_latin.get(latin(key), set())
        cities = [i for i in ids if len(self._named[i].members) > 1]
        chosen = cities if len(cities) == 1 else sorted(ids)
        return self._named[chosen[0]] if len(chosen) == 1 else None

    def get(self, text: str) -> Named:
        """Like `find`.

        Raises
        ------
        UnknownPlace
            Nothing has this name or code; `suggestions` says what comes near.
        """
        found = self.find(text)
        if found is None:
            raise UnknownPlace(
                "no place has this name or code", given=text, suggestions=self.suggest(text)
            )
        return found

    def suggest(self, text: str) -> list[str]:
        """Up to three ids with names that come nearest to a text, best first."""
        key = fold(text)[:64]
        same = sorted(self._by_key.get(key, set()))
        begin = [k for k in sorted(self._by_key) if len(key) > 1 and k.startswith(key)]
        near = difflib.get_close_matches(key, list(self._by_key), n=12, cutoff=0.6)
        ids: list[str] = list(same)
        for candidate in (*begin, *near):
            ids.extend(i for i in sorted(self._by_key[candidate]) if i not in ids)
        return [f"{i} {self._named[i].name}" for i in dict.fromkeys(ids[:SUGGESTIONS])]


def fold(text: str) -> str:
    """Bring a name to the form in which names are compared.

    Case, accents, hyphens, apostrophes and spaces do not count; letters that one alphabet
    has beside a plainer one of the same script are that plainer one.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_BEFORE).casefold())
    kept = (c for c in plain if c.isalnum() and not unicodedata.combining(c))
    return "".join(kept).translate(_LIKE)


def latin(key: str) -> str:
    """Write a folded name in Latin letters as timetables do; other scripts stay.

    >>> latin(fold("Кызылжар")), latin(fold("ხაშური"))
    ('kyzylzhar', 'khashuri')
    """
    return key.translate(_LATIN)
