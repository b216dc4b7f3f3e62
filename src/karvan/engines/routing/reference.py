"""The same front in plain Python, written for reading: the oracle, and a peer to measure with.

Compare `karvan.engines.routing.front`, whose docstring has the mathematics. The input is taken
to be right; the compiled search checks it.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final, NamedTuple

from karvan.engines.routing.checks import Corridor
from karvan.engines.routing.front import Front, FrontQuery, Itinerary, rank
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes, FootprintArrays
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.regimes import CLOSED, FORBIDDEN, RegimeAutomaton
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS, TariffArrays

State = tuple[int, int, int, int]
"""Zone, entry, regime, family. `NOTHING_OPEN` has in place of the entry the zone of the joint
tariff that was closed at this platform, or -1."""
Way = tuple[int, tuple[int, ...], tuple[int, ...]]
"""Number of connections, connections, systems: the order of ties."""

NOTHING_OPEN: Final = -1


class Label(NamedTuple):
    """Cargo at `minute` on board, waiting at a platform, or at the gate."""

    minute: int
    price: int
    co2e: int
    spread: int
    way: Way
    regime: int


Buckets = dict[State, list[Label]]
"""Labels by state, ascending by minute."""


def search_front_reference(
    segments: SegmentArrays,
    connections: ConnectionArrays,
    tariffs: TariffArrays,
    regimes: RegimeAutomaton,
    times: ActivityTimes,
    footprints: FootprintArrays,
    query: FrontQuery,
) -> Front:
    """Give the same front as `search_front`; only `labels` may differ, and what is `bounded`."""
    corridor = Corridor(segments, connections, tariffs, regimes, times, footprints)
    return _Search(corridor, query).search()


class _Search:
    """The columns as lists, and what waits where."""

    def __init__(self, corridor: Corridor, query: FrontQuery) -> None:
        segments, connections, tariffs, regimes, times, footprints = corridor
        self.query = query
        self.segment = connections.segment.tolist()
        self.departs = connections.departs_min.tolist()
        self.arrives = connections.arrives_min.tolist()
        self.previous = connections.previous.tolist()
        self.service = segments.service.tolist()
        self.from_place = segments.from_place.tolist()
        self.to_place = segments.to_place.tolist()
        self.mode = segments.mode.tolist()
        self.family = segments.family.tolist()
        self.leaves_zone = tariffs.leaves_zone.tolist()
        self.exit_place = tariffs.exit_place.tolist()
        self.through_price = tariffs.through_price.tolist()
        self.enters_zone = tariffs.enters_zone.tolist()
        self.entry_place = tariffs.entry_place.tolist()
        self.charges = tariffs.charge.tolist()
        self.system_of = tariffs.system_of_zone.tolist()
        self.carried = tariffs.transfer_price.tolist()
        self.step = regimes.step.tolist()
        self.regime_price = regimes.price.tolist()
        self.refusal = regimes.refusal.tolist()
        self.start = regimes.start.tolist()
        self.cutoff = times.cutoff_min.tolist()
        self.board_spread = times.board_spread_min.tolist()
        self.segment_spread = times.segment_spread_min.tolist()
        self.segment_g = footprints.segment_g.tolist()
        self.gate = times.transfer_min.shape[1] - 1
        self.transfers = _transfers(tariffs, times, footprints)
        self.continues = set(self.previous)
        self.boarded_at = {(self.from_place[s], self.mode[s]) for s in self.segment}
        self.waiting: dict[tuple[int, int], Buckets] = {}
        self.on_board: dict[int, Buckets] = {}
        self.at_gate: dict[int, list[Label]] = {}
        self.labels = 0

    def search(self) -> Front:
        """Pass once over the connections."""
        for origin in self.query.origins:
            state = (NOTHING_OPEN, -1, self.start[origin], 0)
            label = Label(self.query.ready_min, 0, 0, 0, (0, (), ()), self.start[origin])
            self.wait(origin, self.gate, {state: [label]})
        first = bisect_left(self.departs, self.query.ready_min)
        for c in range(first, len(self.segment)):
            if self.departs[c] > self.query.latest_departure_min:
                break
            refusal = self.refusal[self.segment[c]]
            if refusal == 0 or (self.query.lift_rules and refusal != CLOSED):
                taken = self.take_on(c)
                self.labels += sum(map(len, taken.values()))
                if self.labels > self.query.label_limit:
                    return self.front(bounded=True)
                self.deliver(c, taken)
        return self.front(bounded=False)

    def take_on(self, c: int) -> Buckets:
        """Collect the labels of a connection: first who stays on board, then who boards."""
        s = self.segment[c]
        taken: Buckets = {}
        for state, labels in self.on_board.get(self.previous[c], {}).items():
            for system in range(len(self.leaves_zone)):
                self.ride(c, system, state, labels, taken)
        waiting = self.waiting.get((self.from_place[s], self.mode[s]), {})
        latest = self.departs[c] - self.cutoff[self.service[s]]
        wait = self.board_spread[self.service[s]]
        for state, labels in waiting.items():
            ready = bisect_left(labels, (latest + 1,))
            # With two criteria the last one that is ready is the best.
            best = labels[max(0, ready - 1) : ready] if self.query.criteria == 2 else labels[:ready]
            boarding = [b._replace(spread=b.spread + wait) for b in best]
            for system in range(len(self.leaves_zone)):
                if self.may_board(s, system, state):
                    self.ride(c, system, state, boarding, taken)
        return taken

    def may_board(self, s: int, system: int, state: State) -> bool:
        """Say whether what was done with the joint charge at this transfer suits the ride."""
        zone, entry, _, _ = state
        leaves: int = self.leaves_zone[system][s]
        if zone == NOTHING_OPEN:
            return entry != leaves
        return zone == leaves or bool(self.system_of[zone] == NATIONAL)

    def ride(self, c: int, system: int, state: State, labels: list[Label], taken: Buckets) -> None:
        """Bring labels of one state to the end of connection `c`."""
        s = self.segment[c]
        fare = self.fare(s, system, state) if labels else None
        if fare is None:
            return
        price, after = fare
        bucket = taken.setdefault(after, [])
        for label in labels:
            length, way, systems = label.way
            arrived = Label(
                self.arrives[c],
                label.price + price,
                label.co2e + self.segment_g[s],
                label.spread + self.segment_spread[s],
                (length + 1, (*way, c), (*systems, system)),
                after[2],
            )
            self.admit(bucket, arrived)

    def fare(self, s: int, system: int, state: State) -> tuple[int, State] | None:
        """Price of a segment in a state, and the state after it; `None` where it is refused."""
        zone, entry, regime, family = state
        through = self.due(self.through_price[system][s])
        after = self.step[s][regime]
        if after == FORBIDDEN:
            if not self.query.lift_rules:
                return None
            after = regime
        if through is None:
            return None
        price = through + self.regime_price[s][regime]
        if zone != self.leaves_zone[system][s]:
            charge = self.charge(zone, entry, self.from_place[s])
            if charge is None:
                return None
            price += charge
            zone, entry = self.leaves_zone[system][s], self.from_place[s]
        if self.exit_place[system][s] != STAYS:
            charge = self.charge(zone, entry, self.exit_place[system][s])
            if charge is None:
                return None
            price += charge
            zone, entry = self.enters_zone[system][s], self.entry_place[system][s]
        return price, (zone, entry, after, family | self.family[s])

    def charge(self, zone: int, entry: int, leave: int) -> int | None:
        """Amount due where a zone is left; `None` where the book has no rate."""
        return 0 if zone == NOTHING_OPEN else self.due(self.charges[zone][entry][leave])

    def due(self, amount: int) -> int | None:
        """Read an amount of the book; a missing one counts 0 where the rules are lifted."""
        if amount == NO_RATE:
            return 0 if self.query.lift_rules else None
        return amount

    def deliver(self, c: int, taken: Buckets) -> None:
        """Take the labels of a connection to the gate, the platforms, the next connection."""
        s = self.segment[c]
        place, mode = self.to_place[s], self.mode[s]
        if c in self.continues:
            self.on_board[c] = taken
        self.wait(place, mode, taken)
        if place in self.query.destinations:
            for state, labels in taken.items():
                for label in labels:
                    self.close(place, mode, state, label)

    def wait(self, place: int, mode: int, taken: Buckets) -> None:
        """Transfer labels to every platform of a place."""
        for onward in range(self.gate):
            if (place, onward) not in self.boarded_at:
                continue
            buckets = self.waiting.setdefault((place, onward), {})
            for state, labels in taken.items():
                for after, price in self.forms(place, mode, onward, state):
                    for label in labels:
                        there = self.transfer(place, mode, onward, label)
                        if there is not None:
                            dearer = there._replace(price=there.price + price)
                            self.admit(buckets.setdefault(after, []), dearer)

    def forms(self, place: int, mode: int, onward: int, state: State) -> list[tuple[State, int]]:
        """States in which a transfer can be left, and what each adds to ordinary handling."""
        zone, entry, regime, family = state
        system = NATIONAL if zone == NOTHING_OPEN else self.system_of[zone]
        if system == NATIONAL:
            return [(state, 0)]
        prices = self.carried[system], self.carried[NATIONAL]
        carried, ordinary = (price[place][mode][onward] for price in prices)
        forms = [(state, carried - ordinary)]
        charge = self.charge(zone, entry, place)
        if charge is not None:
            forms.append(((NOTHING_OPEN, zone, regime, family), charge))
        return forms

    def close(self, place: int, mode: int, state: State, label: Label) -> None:
        """Bring a label to the gate of a destination and close its tariff zone."""
        zone, entry, _, family = state
        charge = self.charge(zone, entry, place)
        there = self.transfer(place, mode, self.gate, label)
        if charge is not None and there is not None:
            closed = there._replace(price=there.price + charge)
            self.admit(self.at_gate.setdefault(family, []), closed, at_gate=True)

    def transfer(self, place: int, mode: int, onward: int, label: Label) -> Label | None:
        minutes, price, co2e, spread = self.transfers[place][mode][onward]
        if minutes == NO_TRANSFER:
            return None
        return Label(
            label.minute + minutes,
            label.price + price,
            label.co2e + co2e,
            label.spread + spread,
            label.way,
            label.regime,
        )

    def admit(self, bucket: list[Label], new: Label, *, at_gate: bool = False) -> None:
        """Put a label into its bucket unless another covers it; drop those that it covers."""
        criteria = self.query.criteria
        later = bisect_left(bucket, (new.minute + 1,))
        # With two criteria the last of the earlier ones is the best of them.
        rivals = bucket[max(0, later - 1) : later] if criteria == 2 else bucket[:later]
        if any(_covers(old, new, criteria, at_gate) for old in rivals):
            return
        same = bisect_left(bucket, (new.minute,))
        bucket[same:] = sorted(
            [new, *(old for old in bucket[same:] if not _covers(new, old, criteria, at_gate))]
        )

    def front(self, *, bounded: bool) -> Front:
        itineraries = [
            self.itinerary(family, label)
            for family, labels in self.at_gate.items()
            for label in labels
            if not self.query.required_families & ~family
        ]
        return Front(
            itineraries=tuple(sorted(itineraries, key=rank)), bounded=bounded, labels=self.labels
        )

    def itinerary(self, family: int, label: Label) -> Itinerary:
        _, way, systems = label.way
        return Itinerary(
            connections=way,
            systems=systems,
            origin=self.from_place[self.segment[way[0]]],
            destination=self.to_place[self.segment[way[-1]]],
            arrives_min=label.minute,
            price_micro=label.price,
            co2e_g=label.co2e,
            spread_min=label.spread,
            family=family,
            regime=label.regime,
        )


def _covers(one: Label, other: Label, criteria: int, at_gate: bool) -> bool:
    """One label, no later than another, makes the other needless."""
    if criteria == 2:
        no_worse, equal = one.price <= other.price, one.price == other.price
    else:
        no_worse = (
            one.price <= other.price and one.co2e <= other.co2e and one.spread <= other.spread
        )
        equal = one[1:4] == other[1:4]
    if equal and not (at_gate and one.minute < other.minute):
        return one.way <= other.way
    return no_worse


def _transfers(
    tariffs: TariffArrays, times: ActivityTimes, footprints: FootprintArrays
) -> list[list[list[tuple[int, int, int, int]]]]:
    """Give minutes, price, CO2e and spread of each transfer, by place, mode and mode."""
    columns = (
        times.transfer_min.tolist(),
        tariffs.transfer_price[NATIONAL].tolist(),
        footprints.transfer_g.tolist(),
        times.transfer_spread_min.tolist(),
    )
    return [
        [list(zip(*rows, strict=True)) for rows in zip(*places, strict=True)]
        for places in zip(*columns, strict=True)
    ]
