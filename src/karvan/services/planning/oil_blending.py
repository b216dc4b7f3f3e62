"""Limits of sulphur and density where oils are mixed, linear in what flows.

Sulphur is mixed by mass: a tonne is `value - most` above the limit. Density is mixed by volume:
with `mass / value` of volume a tonne is `1 - most / value` above it. Downstream the mix keeps its
origins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from karvan.domain.errors import InvalidTables, TableFault
from karvan.services.planning.parts import Blend, Take, Way
from karvan.services.planning.scenario import BlendPoint, OilBase, Quality

#: What an excess of one kilotonne is counted in.
UNITS: Final = {"sulphur": "kt x % sulphur", "density": "kt x share of density"}


def blends(base: OilBase, ways: Sequence[Way]) -> Iterator[Blend]:
    """Give the limits on ways that there are."""
    there = {way.id for way in ways}
    for point in base.blend:
        if point.link in there:
            yield Blend(id=point.id, unit=UNITS[point.of])


def blend_takes(base: OilBase, ways: Sequence[Way]) -> Iterator[Take]:
    """Give how far each oil on such a way is above its limit.

    Raises
    ------
    InvalidTables
        The quality of an oil that may flow there is not told.
    """
    carried = {way.id: [each.commodity for each in way.carries] for way in ways}
    known = {(row.commodity, row.of): row for row in base.quality}
    for point in base.blend:
        for commodity in carried.get(point.link, ()):
            quality = known.get((commodity, point.of))
            if quality is None:
                message = "the quality of an oil that flows there is missing"
                where = f"{commodity}, {point.of}"
                fault = TableFault("oil_qualities.csv", None, where, "missing-row", message)
                raise InvalidTables([fault])
            yield Take(
                of=point.id,
                way=point.link,
                per_unit=excess(quality, point),
                commodity=commodity,
            )


def excess(quality: Quality, point: BlendPoint) -> float:
    """How far a tonne is above the limit, below 0 where it is better."""
    if point.of == "density":
        return 1 - point.most / quality.value
    return quality.value - point.most
