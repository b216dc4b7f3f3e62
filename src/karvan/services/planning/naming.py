"""Names of what a plan speaks of by id: places, links, ways by rail, sales; and what is meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

from karvan.network.network import Network

_KIND = re.compile(
    r"\s*\([^)]*\)|(,? (oil port|port|oil terminal|terminal|international port|pump station|hub|"
    r"rail loading|oil fields?|fields?|delivery point|refinery))+$",
    re.IGNORECASE,
)


class Names:
    """Names of the places of a network."""

    def __init__(self, network: Network) -> None:
        self._names = {str(place.id): place.name for place in network.places.values()}

    def way(self, of: str) -> str:
        """Name a place, a link or another way by the places of its id; others stay as they are."""
        way, _, mode = of.partition(":")
        ends = [self._names.get(end, end) for end in way.split("--")]
        return " - ".join(ends) + (f", {mode}" if mode and len(ends) > 1 else "")

    def short_way(self, of: str) -> str:
        """The same in fewer letters: what a place is and what is in brackets falls away."""
        ends = of.partition(":")[0].split("--")
        return " - ".join(short(self._names[end]) if end in self._names else end for end in ends)


def short(name: str) -> str:
    """A name without what its mark on a map tells already.

    >>> short("Alat port (Baku Port)"), short("Komsomolskaya pump station")
    ('Alat', 'Komsomolskaya')
    """
    first = re.split(r" / | and ", re.sub(r"\s*\([^)]*\)", "", name))[0]
    return _KIND.sub("", first).strip() or first


def nearest(word: str, known: Collection[str]) -> str:
    """Give the words that name the nearest known word, '' when none is near.

    >>> nearest("monhts", {"months", "base"})
    '; months is meant?'
    """
    near = get_close_matches(word, sorted(known), 1)
    return f"; {near[0]} is meant?" if near else ""
