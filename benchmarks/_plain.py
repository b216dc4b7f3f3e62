"""A two-criteria connection scan in plain Python: what one would write without a compiler.

It does what the front's instance asks and no more: one zone without charges, one regime, no
family, nobody stays on board. It keeps no way back, only arrivals and prices.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from karvan.engines.routing.front import FrontQuery
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes
from karvan.network.indexed import ConnectionArrays, SegmentArrays

Stairs = tuple[list[int], list[int]]
"""Minutes ascending, prices strictly descending: what is later is cheaper."""


class PlainScan:
    """The columns as lists, once; then one question after another."""

    def __init__(
        self,
        segments: SegmentArrays,
        connections: ConnectionArrays,
        times: ActivityTimes,
        through_price: list[int],
        transfer_price: list[list[list[int]]],
    ) -> None:
        assert (connections.previous == -1).all()
        self.gate = times.transfer_min.shape[1] - 1
        self.segment = connections.segment.tolist()
        self.departs = connections.departs_min.tolist()
        self.arrives = connections.arrives_min.tolist()
        self.leaves = (segments.from_place * self.gate + segments.mode).tolist()
        self.enters = (segments.to_place * self.gate + segments.mode).tolist()
        self.cutoff = times.cutoff_min[segments.service].tolist()
        self.price = through_price
        self.minutes = times.transfer_min.tolist()
        self.handling = transfer_price

    def front(self, query: FrontQuery) -> list[tuple[int, int]]:
        """Arrivals and prices that no other way beats."""
        gate, minutes, handling = self.gate, self.minutes, self.handling
        waiting: list[Stairs] = [([], []) for _ in range(len(minutes) * gate)]
        arrived: list[Stairs] = [([], []) for _ in waiting]
        answer: Stairs = ([], [])
        for place in query.origins:
            for mode in range(gate):
                if minutes[place][gate][mode] != NO_TRANSFER:
                    there = query.ready_min + minutes[place][gate][mode]
                    _climb(waiting[place * gate + mode], there, handling[place][gate][mode])
        stop = bisect_right(self.departs, query.latest_departure_min)
        for c in range(bisect_left(self.departs, query.ready_min), stop):
            s = self.segment[c]
            ready, prices = waiting[self.leaves[s]]
            i = bisect_right(ready, self.departs[c] - self.cutoff[s])
            if not i:
                continue
            minute, price = self.arrives[c], prices[i - 1] + self.price[s]
            found = bisect_right(answer[0], minute)
            if found and answer[1][found - 1] <= price:
                continue  # Whatever follows, an answer is there sooner and no dearer.
            if not _climb(arrived[self.enters[s]], minute, price):
                continue
            place, mode = divmod(self.enters[s], gate)
            for onward in range(gate):
                if minutes[place][mode][onward] != NO_TRANSFER:
                    there = minute + minutes[place][mode][onward]
                    _climb(
                        waiting[place * gate + onward], there, price + handling[place][mode][onward]
                    )
            if place in query.destinations and minutes[place][mode][gate] != NO_TRANSFER:
                there = minute + minutes[place][mode][gate]
                _climb(answer, there, price + handling[place][mode][gate])
        return list(zip(*answer, strict=True))


def _climb(stairs: Stairs, minute: int, price: int) -> bool:
    """Add a step unless one no later is no dearer; drop those it makes needless."""
    minutes, prices = stairs
    i = bisect_right(minutes, minute)
    if i and prices[i - 1] <= price:
        return False
    start = i - 1 if i and minutes[i - 1] == minute else i
    end = i
    while end < len(prices) and prices[end] >= price:
        end += 1
    minutes[start:end], prices[start:end] = [minute], [price]
    return True
