"""Names of what a plan speaks of by id: places, links, ways by rail, sales; and what is meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from karvan.network.network import Network
from karvan.services.planning.wording import GOODS, LIMITS, MODES, mode
from karvan.services.quoting.told_names import place_names
from karvan.services.words import phrase, phrase_count, tell_message

_KIND: Final = re.compile(
    r"\s*\([^)]*\)|(,? (oil port|port|oil terminal|terminal|international port|pump station|hub|"
    r"rail loading|oil fields?|fields?|delivery point))+$",
    re.IGNORECASE,
)
#: Russian says first what a place is.
_KIND_FIRST: Final = re.compile(
    r"^(нефтяной порт|морской порт|сухой порт|порт|НПС|месторождени[ея]|нефтетерминал|терминал|"
    r"пункт сдачи|рудник) ",
    re.IGNORECASE,
)
#: An id of a place, of a link between two, each with its mode; a mode of two words.
_ID: Final = re.compile(
    r"\b([A-Z]{2}-[A-Z0-9]{1,6})(?:--([A-Z]{2}-[A-Z0-9]{1,6}))?(?::([a-z_]+))?\b|\b[a-z]+_[a-z]+\b"
)

#: How limits of empty boxes are called: of which cargo, and at which place.
BOXES: Final = "boxes unloaded: "


class Names:
    """Names of the places of a network, in the language of the reader."""

    def __init__(self, network: Network) -> None:
        self._names = place_names(network)

    def way(self, of: str) -> str:
        """Name a place, a link or another way by the places of its id; others stay as they are."""
        way, _, by = of.partition(":")
        if " " in of or "--" not in way:
            return self._names.get(way) or self._other(of)
        ends = [self._names.get(end, end) for end in way.split("--")]
        return " - ".join(ends) + (f", {mode(by)}" if by else "")

    def short_way(self, of: str) -> str:
        """The same in fewer letters: what a place is and what is in brackets falls away."""
        way = of.partition(":")[0]
        if " " in of or (way not in self._names and "--" not in way):
            return self._other(of, shortly=True)
        ends = way.split("--")
        return " - ".join(short(self._names[end]) if end in self._names else end for end in ends)

    def brief(self, of: str) -> str:
        """The same with the mode of a link."""
        way, _, by = of.partition(":")
        named = by and "--" in way and " " not in of
        return self.short_way(of) + (f", {mode(by)}" if named else "")

    def _other(self, of: str, *, shortly: bool = False) -> str:
        """What has a name of its own; or a port, or a gauge, with its goods and its modes."""
        if of.startswith(BOXES):
            return self._boxes(of)
        told = tell_message(of)
        if told != of or ", " not in of:
            return told if told != of else self.told(of, shortly=shortly)
        parts = [_both(part) for part in of.split(", ")]
        return self.told(", ".join(parts), shortly=shortly)

    def _boxes(self, of: str) -> str:
        """What empty boxes are limited by: those unloaded at a place, of a way from another."""
        back, _, place = of.removeprefix(BOXES).partition(" at ")
        return phrase(
            "boxes unloaded: {place}, back empty to {home}",
            place=self.short_way(place),
            home=self.short_way(back.partition(" ")[2]),
        )

    def limit(self, of: str) -> str:
        """A limit by its family and what it limits: `ramp KZ-AKT--AZ-DUB:tanker`."""
        family = next((each for each in LIMITS if of.startswith(f"{each} ")), "")
        asset = self.brief(of.removeprefix(family).strip())
        return f"{LIMITS[family]}, {asset}" if family else asset

    def told(self, text: str, *, shortly: bool = False) -> str:
        """A sentence with names where ids stood; what is no id of the network stays as it is."""

        def named(found: re.Match[str]) -> str:
            first, second = found[1], found[2]
            if first is None:
                return mode(found[0])
            if first not in self._names or (second and second not in self._names):
                return found[0]
            if shortly:
                return self.short_way(found[0])
            return self.way(found[0])

        return _ID.sub(named, text)


def _both(part: str) -> str:
    """A name, a direction, goods or modes with `and` between, in words."""
    known = {
        "all cargo": phrase("all cargo"),
        "yard": phrase("yard"),
        "westbound": phrase("westbound"),
        "eastbound": phrase("eastbound"),
        "outbound": phrase("outbound"),
    }
    if part.startswith("least of "):
        return phrase("least of {period}", period=part.removeprefix("least of "))
    told = known.get(part) or tell_message(part)
    words = part.split(" and ")
    if told != part or not all(word in GOODS or word in MODES for word in words):
        return told
    *before, last = [GOODS.get(word) or mode(word) for word in words]
    if not before:
        return last
    return phrase("{first} and {second}", first=", ".join(before), second=last)


def and_more(name: str, count: int) -> str:
    """A name for several: of the first, and how many more there are.

    >>> and_more("CPC marine terminal", 5), and_more("Atyrau", 0)
    ('CPC marine terminal and 5 more', 'Atyrau')
    """
    if count < 1:
        return name
    return phrase_count("{name} and {count} more", "{name} and {count} more", count, name=name)


def short(name: str) -> str:
    """A name without what its mark on a map tells already.

    >>> short("Alat port (Baku Port)"), short("Komsomolskaya pump station")
    ('Alat', 'Komsomolskaya')
    >>> short("Месторождение Кашаган (завод «Болашак», Карабатан)")
    'Кашаган'
    """
    bare = _KIND_FIRST.sub("", re.sub(r"\s*\([^)]*\)", "", name))
    first = re.split(r" / | and | и ", bare)[0]
    return _KIND.sub("", first).strip() or first


def nearest(word: str, known: Collection[str]) -> str:
    """Give the words that name the nearest known word, '' when none is near.

    >>> nearest("monhts", {"months", "base"})
    '; months is meant?'
    """
    near = get_close_matches(word, sorted(known), 1)
    return f"; {near[0]} is meant?" if near else ""
