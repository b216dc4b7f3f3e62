"""Which bands a Sankey shows: fields to ways out to outlets, the smallest joined to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from karvan.services.planning.carriage import SALE
from karvan.services.planning.cases import Case
from karvan.services.planning.figures import leaves
from karvan.services.planning.results import Flow

MOST_BANDS: Final = 25
OTHERS, HOME, STORAGE, LEFT, MOVING = "others", "home", "storage", "left", "under way"
_STOCK: Final = "stock "
_MOVING: Final = f"{MOVING} "

#: Column and id of a node: fields, ways, outlets.
Node = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Band:
    """An amount in Mt between two nodes of neighbouring columns."""

    start: Node
    end: Node
    amount: float


def bands_of(case: Case) -> tuple[Band, ...]:
    """The bands of a case, at most `MOST_BANDS`; what is left behind is one from its field."""
    kinds = {row.link: row for row in case.told.flow}
    ways: dict[tuple[str, str, str], float] = defaultdict(float)
    asked = {(row.place, row.commodity) for row in case.told.unserved if not row.outlet}
    for row in case.told.routes:
        late = (row.destination.removeprefix(_STOCK), row.commodity) in asked
        if row.links or (row.origin and not late):
            end = row.destination.removeprefix(_STOCK) if late else row.destination
            ways[_ends(row.origin, end, row.links.split(), kinds)] += row.amount / 1000
    for made in case.told.shut_in:
        if made.shut_in:
            ways[made.place, LEFT, LEFT] += made.shut_in / 1000
    return _joined(ways)


def _ends(
    origin: str, destination: str, links: Iterable[str], kinds: Mapping[str, Flow]
) -> tuple[str, str, str]:
    """Field, way out and outlet of a route; what stays in the country is at home."""
    passed = [kinds[link] for link in links if link in kinds]
    out = next((row.link for row in passed if leaves(row)), HOME)
    sale = next((row.from_place for row in passed if row.mode == SALE), "")
    # Freight is named by good, origin, what it avoids, and where it goes: "grain KZ-KOS without RU
    # to AZ-BAK" is asked for as "grain KZ-KOS without RU at AZ-BAK".
    field = origin.partition(" without ")[0].partition(" to ")[0]
    end = destination.rpartition(" at ")[2]
    return _waits(origin, field), out, sale or _waits(destination, end)


def _waits(told: str, else_: str) -> str:
    """Storage, what is under way, or what else it is."""
    if told.startswith(_STOCK):
        return STORAGE
    return MOVING if told.startswith(_MOVING) else else_


def _joined(ways: Mapping[tuple[str, str, str], float]) -> tuple[Band, ...]:
    """Join the smallest node of all columns to the others of its column until few are left."""
    kept = dict(ways)
    while True:
        bands: dict[tuple[Node, Node], float] = defaultdict(float)
        through: dict[Node, float] = defaultdict(float)
        for names, amount in kept.items():
            nodes = list(enumerate(names))
            for start, end in pairwise(nodes):
                bands[start, end] += amount
            for node in nodes:
                through[node] += amount
        small = [node for node in through if node[1] not in {OTHERS, LEFT, MOVING}]
        if len(bands) <= MOST_BANDS or not small:
            return tuple(
                Band(start, end, amount)
                for (start, end), amount in sorted(bands.items(), key=lambda item: -item[1])
            )
        column, name = min(small, key=lambda node: (through[node], node))
        merged: dict[tuple[str, str, str], float] = defaultdict(float)
        for names, amount in kept.items():
            told = [
                OTHERS if at == column and each == name else each for at, each in enumerate(names)
            ]
            merged[told[0], told[1], told[2]] += amount
        kept = dict(merged)
