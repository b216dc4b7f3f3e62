"""Hand-overs from mode to mode at the places of a corridor: which can occur, how long each takes.

They hang on the network and its services, never on one cargo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from karvan.network.indexed import SegmentArrays
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.network.performance import GATE, PerformanceRow
from karvan.network.places import PlaceId

#: (place, arriving mode, departing mode), all as indices; the gate is the mode past the last.
Handover = tuple[int, int, int]


def find_handovers(
    network: Network,
    places: Sequence[PlaceId],
    modes: Sequence[Mode],
    segments: SegmentArrays,
) -> Mapping[Handover, PerformanceRow | None]:
    """Give the hand-overs that can occur, place by place; None where two modes do not meet."""
    names = [*(mode.value for mode in modes), GATE]
    return {
        (place, a, b): network.performance.find(
            "transfer",
            place=places[place],
            country=network.places[places[place]].country,
            mode_from=names[a],
            mode_to=names[b],
        )
        for place, a, b in _served(segments, gate=len(modes))
    }


def _served(segments: SegmentArrays, *, gate: int) -> Iterable[Handover]:
    """Every mode that arrives at a place with every mode that departs; the gate is one of them."""
    arriving: dict[int, set[int]] = {}
    departing: dict[int, set[int]] = {}
    for start, end, mode in zip(
        segments.from_place.tolist(),
        segments.to_place.tolist(),
        segments.mode.tolist(),
        strict=True,
    ):
        departing.setdefault(start, set()).add(mode)
        arriving.setdefault(end, set()).add(mode)
    for place in sorted(set(arriving) | set(departing)):
        for a in (*sorted(arriving.get(place, ())), gate):
            for b in (*sorted(departing.get(place, ())), gate):
                if (a, b) != (gate, gate):
                    yield place, a, b
