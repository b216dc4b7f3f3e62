"""A carrier's own distance table: the shortest way over its own lines."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

#: (from, to, length in km), one direction.
Line = tuple[str, str, float]


def distance_table(lines: Iterable[Line], points: Sequence[str]) -> Mapping[tuple[str, str], float]:
    """Shortest distances in km between `points` over `lines`; unreachable pairs are absent."""
    out: dict[str, list[tuple[str, float]]] = {}
    for start, end, km in lines:
        out.setdefault(start, []).append((end, km))
    table: dict[tuple[str, str], float] = {}
    wanted = set(points)
    for origin in points:
        done: set[str] = set()
        queue = [(0.0, origin)]
        while queue:
            km, place = heapq.heappop(queue)
            if place in done:
                continue
            done.add(place)
            if place in wanted:
                table[origin, place] = km
            for onward, length in out.get(place, ()):
                if onward not in done:
                    heapq.heappush(queue, (km + length, onward))
    return table
