"""Links that freight can use, few enough to plan over.

Places where nothing begins, ends, branches or is limited are taken out: what arrives there by
rail or road leaves it by the one other way. Dead ends go too. A way that stands for several links
in a row keeps them, so that what limits one of them limits it; the plan costs the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from karvan.network.links import Link, Mode

BY_LAND = {Mode.RAIL, Mode.ROAD}


@dataclass(frozen=True, slots=True)
class Chain:
    """Links of one mode in a row, told as one way."""

    links: tuple[Link, ...]

    @property
    def tail(self) -> str:
        """Where it begins."""
        return str(self.links[0].from_place)

    @property
    def head(self) -> str:
        """Where it ends."""
        return str(self.links[-1].to_place)

    @property
    def mode(self) -> Mode:
        """Of all its links."""
        return self.links[0].mode

    @property
    def places(self) -> tuple[str, ...]:
        """All it touches, in order."""
        return (self.tail, *(str(link.to_place) for link in self.links))


def single(links: Iterable[Link]) -> tuple[Chain, ...]:
    """Each link a chain of its own: the network as it is."""
    return tuple(Chain((link,)) for link in links)


def contracted(links: Iterable[Link], kept: Collection[str]) -> tuple[Chain, ...]:
    """Take out dead ends and places in the middle of a line, except those kept."""
    at = _touching(single(links))
    waiting = sorted(at)
    while waiting:
        place = waiting.pop(0)
        gone = at.get(place, set())
        if place in kept or not gone or not _needless(place, gone):
            continue
        made = {
            Chain((*before.links, *after.links))
            for before in gone
            for after in gone
            if before.head == place == after.tail and before.tail != after.head
        }
        ends = sorted({end for chain in gone for end in (chain.tail, chain.head)})
        for end in ends:
            at[end] = at[end] - gone
        for chain in made:
            at[chain.tail].add(chain)
            at[chain.head].add(chain)
        waiting += [end for end in ends if end not in waiting]
    chains = {chain for there in at.values() for chain in there}
    return tuple(sorted(chains, key=_order))


def _order(chain: Chain) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """By places, and by links where two chains touch the same: a set has no order of its own."""
    ids = tuple(str(link.id) for link in chain.links)
    return chain.tail, chain.head, chain.places, ids


def _touching(chains: Iterable[Chain]) -> dict[str, set[Chain]]:
    at: dict[str, set[Chain]] = {}
    for chain in chains:
        for end in (chain.tail, chain.head):
            at.setdefault(end, set()).add(chain)
    return at


def _needless(place: str, chains: set[Chain]) -> bool:
    """Whether it is a dead end, or lies between two others on one line by land."""
    others = [chain.tail if chain.head == place else chain.head for chain in chains]
    neighbours = set(others)
    if len(neighbours) == 1:
        return True
    ways = {(chain.tail, chain.head) for chain in chains}
    one_mode = len({chain.mode for chain in chains}) == 1
    return (
        len(neighbours) == 2
        and one_mode
        and next(iter(chains)).mode in BY_LAND
        and len(ways) == len(chains)
    )


def named(chains: Iterable[Chain]) -> Mapping[str, Chain]:
    """Give each chain the id of its link, or its ends; `by` the first place tells twins apart."""
    all_of_them = tuple(chains)
    found = {str(each.links[0].id): each for each in all_of_them if len(each.links) == 1}
    for chain in all_of_them:
        name = f"{chain.tail}--{chain.head}:{chain.mode.value}"
        while len(chain.links) > 1 and name in found:
            name += f" by {chain.places[1]}"
        if len(chain.links) > 1:
            found[name] = chain
    return found
