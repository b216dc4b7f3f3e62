"""How the ways of a plan carry: mode, length, and what a tonne on them emits.

A way by rail that is no link of its own runs on the tracks of the freight network, so its length
is the shortest chain of rail links; where the network has none it is the great circle, the least
it can be.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from karvan.engines.emissions.factors import EmissionFactor
from karvan.network.geometry import great_circle_km
from karvan.network.links import LinkId, Mode
from karvan.network.network import Network

SALE: Final = "sale"
#: Tonnes of one unit of a commodity; another unit has no known mass.
TONNES: Final[Mapping[str, float]] = {"t": 1.0, "kt": 1e3, "Mt": 1e6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """How a way carries; `km` is None for a sale and where nobody knows."""

    mode: str
    km: float | None
    factor: EmissionFactor | None

    def co2e_t(self, tonnes: float | None) -> tuple[float, float, float] | None:
        """CO2e of so many tonnes, with low and high: equal where the factor has none."""
        if self.mode == SALE:
            return 0.0, 0.0, 0.0
        if tonnes is None or self.km is None or self.factor is None:
            return None
        factor, tkm = self.factor, tonnes * self.km
        value = factor.wtw_g_per_tkm
        low = value if factor.low_g_per_tkm is None else factor.low_g_per_tkm
        high = value if factor.high_g_per_tkm is None else factor.high_g_per_tkm
        return tkm * float(value) / 1e6, tkm * float(low) / 1e6, tkm * float(high) / 1e6


def carriages(
    network: Network,
    factors: Mapping[str, EmissionFactor],
    ways: Sequence[tuple[str, str, str]],
) -> tuple[Carriage, ...]:
    """Give how each way carries; a way is its id, and the ids of its two ends.

    Parameters
    ----------
    factors
        Emission factors by mode of a link.
    """
    coordinates = {
        str(place.id): (place.lat_deg, place.lon_deg) for place in network.places.values()
    }
    rails = _rails(network)
    found: list[Carriage] = []
    for id_, tail, head in ways:
        link = network.links.get(LinkId(id_))
        if tail not in coordinates or head not in coordinates:
            found.append(Carriage(mode=SALE, km=None, factor=None))
            continue
        mode = link.mode.value if link is not None else _mode_named(id_)
        if link is not None:
            km: float | None = link.length_km
        else:
            km = _shortest_km(rails, tail, head) if mode == Mode.RAIL else None
            km = km or great_circle_km(*coordinates[tail], *coordinates[head])
        found.append(Carriage(mode=mode, km=km, factor=factors.get(mode)))
    return tuple(found)


def _mode_named(id_: str) -> str:
    """The mode that stands behind the colon of an id."""
    named = id_.rpartition(":")[2]
    return named if named in set(Mode) else ""


def _rails(network: Network) -> Mapping[str, list[tuple[str, float]]]:
    rails: dict[str, list[tuple[str, float]]] = {}
    for link in network.links.values():
        if link.mode is Mode.RAIL:
            rails.setdefault(str(link.from_place), []).append((str(link.to_place), link.length_km))
    return rails


def _shortest_km(
    rails: Mapping[str, Sequence[tuple[str, float]]], start: str, end: str
) -> float | None:
    queue, known = [(0.0, start)], {start: 0.0}
    while queue:
        km, here = heapq.heappop(queue)
        if here == end:
            return km
        if km > known[here]:
            continue
        for there, length in rails.get(here, ()):
            if km + length < known.get(there, float("inf")):
                known[there] = km + length
                heapq.heappush(queue, (km + length, there))
    return None
