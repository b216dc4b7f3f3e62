"""Hand-sized corridors as text, and itineraries as text a dispatcher could check."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from karvan.engines.routing.front import FrontQuery, Itinerary
from karvan.network.activity_times import NO_TRANSFER, ActivityTimes, FootprintArrays
from karvan.network.indexed import ConnectionArrays, SegmentArrays
from karvan.network.regimes import RegimeAutomaton
from karvan.network.tariff_arrays import NO_RATE, STAYS, TariffArrays
from routing_cases import INT32, INT64, Case

HOUR = 60
DAY = 24 * HOUR


def minute(text: str) -> int:
    """Read `day/hour`, days from 1; or `hour:minute:second`, whose seconds stand for minutes."""
    if ":" in text:
        hours, minutes, *seconds = map(int, text.split(":"))
        return 3600 * hours + 60 * minutes + sum(seconds)
    day, hour = text.split("/")
    return (int(day) - 1) * DAY + int(hour) * HOUR


def day_and_hour(minutes: int) -> str:
    return f"{minutes // DAY + 1}/{minutes % DAY // HOUR:02d}"


@dataclass(frozen=True, kw_only=True)
class Joint:
    """A joint tariff.

    Its zone is those of its members; `charges` has (entry, exit). `prices` are those of
    services ridden under it, where they differ; `handling` is what it leaves over of a transfer.
    """

    members: tuple[str, ...]
    charges: Mapping[tuple[str, str], int]
    prices: Mapping[str, int] = field(default_factory=dict)
    handling: int = 0


class Board:
    """A departure board.

    One departure a line: service, mode, then `place day/hour > day/hour place` as often as it
    calls. Every transfer takes `handling_h` and costs `handling`, those in `impossible`
    (place, mode, mode) excepted. A segment between two zones leaves the first at its first
    place and enters the second at its last (a ferry between two ports). `charges` has
    (zone, entry, exit); what it lacks is `NO_RATE`. `joint` are tariff systems 1, 2, ... by
    name.
    """

    def __init__(
        self,
        text: str,
        *,
        zones: Mapping[str, str] | None = None,
        charges: Mapping[tuple[str, str, str], int] | None = None,
        joint: Mapping[str, Joint] | None = None,
        prices: Mapping[str, int] | None = None,
        families: Mapping[str, int] | None = None,
        cutoff_h: Mapping[str, int] | None = None,
        regimes: tuple[str, ...] = ("free",),
        steps: Mapping[tuple[str, str], int] | None = None,
        handling_h: int = 0,
        handling: int = 0,
        impossible: tuple[tuple[str, str, str], ...] = (),
    ) -> None:
        rows = self._read(text)
        self.prices, self.families = prices or {}, families or {}
        self.cutoff_h, self.steps, self.regimes = cutoff_h or {}, steps or {}, regimes
        self.handling_h, self.handling = handling_h, handling
        zones = zones or dict.fromkeys(self.places, "all")
        self.zone_names = sorted(set(zones.values()))
        self.zone = [self.zone_names.index(zones[place]) for place in self.places]
        free = {
            (zone, a, b): 0 for zone in self.zone_names for a in self.places for b in self.places
        }
        self.charges = free if charges is None else charges
        self.joint = joint or {}
        self.impossible = impossible
        self.connections = self._connections(rows)

    def _read(self, text):
        rows, self.segments = [], []  # segments: (service, mode, from, to)
        for line in text.strip().splitlines():
            service, mode, *calls = line.split()
            for position in range(0, len(calls) - 1, 4):
                start, departs, _, arrives, end = calls[position : position + 5]
                segment = (service, mode, start, end)
                if segment not in self.segments:
                    self.segments.append(segment)
                rows.append((minute(departs), minute(arrives), segment, position > 0, len(rows)))
        self.places = sorted({place for segment in self.segments for place in segment[2:]})
        self.modes = [*sorted({mode for _, mode, _, _ in self.segments}), "gate"]
        self.services = sorted({service for service, _, _, _ in self.segments})
        return rows

    def _connections(self, rows):
        order = sorted(range(len(rows)), key=lambda row: (rows[row][0], row))
        index = {row: c for c, row in enumerate(order)}
        return ConnectionArrays(
            segment=np.array([self.segments.index(rows[row][2]) for row in order], INT32),
            departs_min=np.array([rows[row][0] for row in order], INT64),
            arrives_min=np.array([rows[row][1] for row in order], INT64),
            previous=np.array([index[row - 1] if rows[row][3] else -1 for row in order], INT32),
        )

    def ask(self, origins: str, destinations: str, ready: str = "1/00", **changes) -> Case:
        """Ask between places, several with `+` in between."""
        place = self.places.index
        start = np.array([place(s[2]) for s in self.segments], INT32)
        end = np.array([place(s[3]) for s in self.segments], INT32)
        n, modes = len(self.segments), len(self.modes)
        transfer = np.full((len(self.places), modes, modes), self.handling_h * HOUR, INT64)
        for where, arriving, onward in self.impossible:
            at = (place(where), self.modes.index(arriving), self.modes.index(onward))
            transfer[at] = NO_TRANSFER
        step = np.tile(np.arange(len(self.regimes), dtype=INT32), (n, 1))
        for (service, regime), after in self.steps.items():
            rows = [s for s, segment in enumerate(self.segments) if segment[0] == service]
            step[rows, self.regimes.index(regime)] = after
        service = [self.services.index(s[0]) for s in self.segments]
        return Case(
            segments=SegmentArrays(
                service=np.array(service, INT32),
                from_place=start,
                to_place=end,
                mode=np.array([self.modes.index(s[1]) for s in self.segments], INT32),
                family=np.array([self.families.get(s[0], 0) for s in self.segments], INT64),
            ),
            connections=self.connections,
            tariffs=self._tariffs(start, end, transfer.shape),
            regimes=RegimeAutomaton(
                states=self.regimes,
                start=np.zeros(len(self.places), INT32),
                step=step,
                price=np.zeros_like(step, INT64),
                refusal=np.zeros(n, INT32),
            ),
            times=ActivityTimes(
                transfer_min=transfer,
                transfer_spread_min=np.zeros_like(transfer),
                cutoff_min=np.array([self.cutoff_h.get(s, 0) * HOUR for s in self.services], INT64),
                board_spread_min=np.zeros(len(self.services), INT64),
                segment_spread_min=np.zeros(n, INT64),
            ),
            footprints=FootprintArrays(
                segment_g=np.zeros(n, INT64), transfer_g=np.zeros_like(transfer)
            ),
            query=FrontQuery(
                origins=tuple(place(name) for name in origins.split("+")),
                destinations=tuple(place(name) for name in destinations.split("+")),
                ready_min=minute(ready),
                latest_departure_min=60 * DAY,
                **{"criteria": 2, **changes},
            ),
        )

    def _tariffs(self, start, end, at_transfers) -> TariffArrays:
        """Row 0 as the zones and charges say, then a row and a zone for each joint tariff."""
        place, names = self.places.index, self.zone_names
        zones, prices, handling = [np.array(self.zone, INT32)], [self.prices], [self.handling]
        size = (len(names) + len(self.joint), len(self.places), len(self.places))
        charge = np.full(size, NO_RATE)
        for (name, entry, leave), amount in self.charges.items():
            charge[names.index(name), place(entry), place(leave)] = amount
        for z, tariff in enumerate(self.joint.values(), len(names)):
            member = np.isin(zones[0], [names.index(name) for name in tariff.members])
            zones.append(np.where(member, z, zones[0]).astype(INT32))
            prices.append({**self.prices, **tariff.prices})
            handling.append(tariff.handling)
            for (entry, leave), amount in tariff.charges.items():
                charge[z, place(entry), place(leave)] = amount
        leaves, enters = np.stack(zones)[:, start], np.stack(zones)[:, end]
        stays = leaves == enters
        through = [[row.get(s[0], 0) for s in self.segments] for row in prices]
        transfer = (
            np.ones((len(zones), *at_transfers), INT64) * np.array(handling)[:, None, None, None]
        )
        return TariffArrays(
            leaves_zone=leaves,
            exit_place=np.where(stays, STAYS, start).astype(INT32),
            through_price=np.array(through, INT64),
            enters_zone=enters,
            entry_place=np.where(stays, -1, end).astype(INT32),
            charge=charge,
            transfer_price=transfer,
            system_of_zone=np.array([0] * len(names) + list(range(1, len(zones))), INT32),
        )

    def tell(self, itinerary: Itinerary) -> str:
        """One line: arrival, price, family, then the way, with the joint tariffs taken."""
        way = [self.places[itinerary.origin]]
        names = ["", *(f"{name}:" for name in self.joint)]
        for c, f in zip(itinerary.connections, itinerary.systems, strict=True):
            service, _, _, end = self.segments[self.connections.segment[c]]
            way += [names[f] + service, day_and_hour(int(self.connections.departs_min[c])), end]
        return (
            f"{day_and_hour(itinerary.arrives_min)}  {itinerary.price_micro:5d}  "
            f"family {itinerary.family}  {' '.join(way)}"
        )
