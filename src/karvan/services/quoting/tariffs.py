"""Tariff arrays of one cargo: the book laid over the compiled corridor.

A *zone* is what one carrier's rates cover. Railways are charged by track, so a through train
crosses several zones; ships and trucks by operator. Trucks on a ro-ro ship pay for the
vehicle and make a zone of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.domain.tariff import Rate, Scope, TariffBook
from karvan.engines.pricing.charging import Charge, charge
from karvan.engines.pricing.distances import Line, distance_table
from karvan.network.links import LinkStatus, Mode
from karvan.network.passages import AT_SEA, Event, Segment
from karvan.network.patterns import CarrierId
from karvan.network.places import PlaceId
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS, TariffArrays
from karvan.services.quoting.corridor import GATE_INDEX, MODES, Corridor

#: Which rates a border passed by each mode is charged from; ships pay at the port instead.
_BORDER_SCOPE: Final = {Mode.RAIL: Scope.BORDER, Mode.ROAD: Scope.BORDER_ROAD}


@dataclass(frozen=True, slots=True)
class Zone:
    """A carrier's tariff for one kind of equipment."""

    carrier: CarrierId
    equipment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The part of a segment within one zone."""

    zone: Zone
    from_place: PlaceId
    to_place: PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoRateFound:
    """A way the book has no rate for."""

    carrier: str
    from_place: str
    to_place: str
    equipment: str


@dataclass(slots=True)
class Tariffs:
    """Charges of one cargo on one day, worked out when asked for and then remembered."""

    corridor: Corridor
    book: TariffBook
    equipment: str
    currency: str
    accepted: date
    quoted: date
    _distances: dict[Zone, Mapping[tuple[str, str], float]] = field(default_factory=dict)
    _hauls: dict[tuple[Zone, str, str], Charge | None] = field(default_factory=dict)

    def zone_of(self, segment: Segment, carrier: CarrierId) -> Zone:
        """Zone of a carrier's part of a segment."""
        return Zone(carrier, "truck" if segment.mode is Mode.RORO else self.equipment)

    def stretches(self, segment: Segment) -> tuple[Stretch, ...]:
        """The zones a segment runs through, in order."""
        out: list[Stretch] = []
        for run in segment.runs:
            zone = self.zone_of(segment, run.carrier)
            follows = out and out[-1].zone == zone
            start = out.pop().from_place if follows else run.from_place
            out.append(Stretch(zone=zone, from_place=start, to_place=run.to_place))
        return tuple(out)

    def haul(self, zone: Zone, start: str, end: str) -> Charge | None:
        """Charge between two points of a zone, or None where the book has no rate.

        No carrier has a rate for going out and coming back to where the goods came in.
        """
        key = (zone, start, end)
        if key not in self._hauls:
            self._hauls[key] = self._haul(zone, start, end)
        return self._hauls[key]

    def _haul(self, zone: Zone, start: str, end: str) -> Charge | None:
        distance = self._table(zone).get((start, end))
        rate = self.book.find(Scope.HAUL, zone.carrier, start, end, zone.equipment, self.accepted)
        if start == end or distance is None or rate is None:
            return None
        return self._charge(rate, "HAUL", zone.carrier, start, end, distance)

    def on_board(self, segment: Segment) -> tuple[Charge, ...]:
        """Charges at borders and gauge changes passed while on board."""
        out = []
        for element in segment.elements:
            if not isinstance(element, Event):
                continue
            scope, code = self._event_scope(element)
            if scope is not None:
                out.append(self._at(scope, code, element.place, element.country))
        return tuple(out)

    def _event_scope(self, event: Event) -> tuple[Scope | None, str]:
        if event.activity in ("border-exit", "border-entry"):
            return _BORDER_SCOPE.get(event.mode), "BORDER"
        if event.activity == "gauge-change":
            return Scope.GAUGE, "GAUGE"
        return None, ""

    def handling(self, place: PlaceId, arriving: int, departing: int) -> Charge | None:
        """Charge for handling between two modes (index of the gate: begin or end of the way).

        A truck that drives on or off a ro-ro ship is not handled.
        """
        pair = [MODES[i] for i in (arriving, departing) if i != GATE_INDEX]
        if set(pair) == {Mode.ROAD, Mode.RORO} or set(pair) == {Mode.ROAD}:
            return None
        scope = Scope.HANDLING if AT_SEA & set(pair) else Scope.HANDLING_RAIL
        return self._at(scope, "HANDLING", place, self.corridor.network.places[place].country)

    def declaration(self, place: PlaceId) -> Charge:
        """Charge for opening a customs regime at a place."""
        return self._at(
            Scope.DECLARATION,
            "DECLARATION",
            place,
            self.corridor.network.places[place].country,
        )

    def _at(self, scope: Scope, code: str, place: PlaceId, country: str) -> Charge:
        rate = self.book.find_at(scope, place, country, self.equipment, self.accepted)
        return self._charge(rate, code, _payee(code, place), place, place, 0.0)

    def _charge(
        self, rate: Rate, code: str, carrier: str, start: str, end: str, km: float
    ) -> Charge:
        return charge(
            rate,
            code=code,
            carrier=carrier,
            from_place=start,
            to_place=end,
            distance_km=km,
            exchange=self.book.exchange(rate.currency, self.currency, self.quoted),
            day=self.accepted,
        )

    def _table(self, zone: Zone) -> Mapping[tuple[str, str], float]:
        if zone not in self._distances:
            self._distances[zone] = distance_table(self._lines(zone), self.points(zone))
        return self._distances[zone]

    def points(self, zone: Zone) -> tuple[str, ...]:
        """Where the zone can be entered or left: borders, ports and terminals on its ways."""
        return tuple(sorted(_points_by_zone(self).get(zone, ())))

    def _lines(self, zone: Zone) -> Iterable[Line]:
        network = self.corridor.network
        carrier_of = network.carrier_of_operator()
        members = {zone.carrier} | {
            track
            for service in self.corridor.services
            for track, joint in service.joint_rate.items()
            if joint == zone.carrier
        }
        railway = network.carriers[zone.carrier].kind == "railway"
        used = {
            link
            for segment in self.corridor.segments
            for run in segment.runs
            if run.carrier == zone.carrier
            for link in run.links
        }
        for link in network.links.values():
            on_track = link.mode is Mode.RAIL and carrier_of.get(link.operator) in members
            if link.status is LinkStatus.OPEN and (link.id in used or (railway and on_track)):
                yield (link.from_place, link.to_place, link.length_km)


def _payee(code: str, place: str) -> str:
    """Who is paid for a charge at a place: the terminal, or the border station."""
    return f"{'customs' if code == 'DECLARATION' else 'terminal'}:{place}"


def _points_by_zone(tariffs: Tariffs) -> Mapping[Zone, set[str]]:
    points: dict[Zone, set[str]] = {}
    for segment in tariffs.corridor.segments:
        for stretch in tariffs.stretches(segment):
            points.setdefault(stretch.zone, set()).update((stretch.from_place, stretch.to_place))
    return points


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledTariffs:
    """Tariff arrays with the names behind their indices.

    Attributes
    ----------
    zones
        Zone of each index (Z,).
    no_rate
        By segment index, the first way on board that the book has no rate for.
    """

    arrays: TariffArrays
    zones: tuple[Zone, ...]
    no_rate: Mapping[int, NoRateFound]


def fill_tariffs(tariffs: Tariffs) -> FilledTariffs:
    """Fill the arrays the search reads; the same charges make the price lines later."""
    corridor = tariffs.corridor
    by_zone = _points_by_zone(tariffs)
    zones = tuple(sorted(by_zone, key=lambda zone: (zone.carrier, zone.equipment)))
    number = {zone: i for i, zone in enumerate(zones)}
    size = len(corridor.places)
    matrix = np.full((len(zones), size, size), NO_RATE, dtype=np.int64)
    for zone, z in number.items():
        for start in by_zone[zone]:
            for end in by_zone[zone]:
                found = tariffs.haul(zone, start, end)
                if found is not None:
                    ends = corridor.index[PlaceId(start)], corridor.index[PlaceId(end)]
                    matrix[z, *ends] = found.micro
    columns = np.zeros((5, len(corridor.segments)), dtype=np.int64)
    no_rate: dict[int, NoRateFound] = {}
    for s, segment in enumerate(corridor.segments):
        parts = tariffs.stretches(segment)
        first, last = parts[0], parts[-1]
        through = sum(each.micro for each in tariffs.on_board(segment))
        for middle in parts[1:-1]:
            found = tariffs.haul(middle.zone, middle.from_place, middle.to_place)
            if found is None:
                no_rate.setdefault(s, missing(middle.zone, middle.from_place, middle.to_place))
            else:
                through += found.micro
        exit_place = corridor.index[first.to_place] if len(parts) > 1 else STAYS
        entry_place = corridor.index[last.from_place] if len(parts) > 1 else STAYS
        columns[:, s] = (number[first.zone], exit_place, through, number[last.zone], entry_place)
    return FilledTariffs(
        arrays=TariffArrays(
            leaves_zone=columns[:1].astype(np.int32),
            exit_place=columns[1:2].astype(np.int32),
            through_price=columns[2:3],
            enters_zone=columns[3:4].astype(np.int32),
            entry_place=columns[4:].astype(np.int32),
            charge=matrix,
            transfer_price=_transfer_prices(tariffs)[np.newaxis],
            system_of_zone=np.full(len(zones), NATIONAL, np.int32),
        ),
        zones=zones,
        no_rate=no_rate,
    )


def missing(zone: Zone, start: str, end: str) -> NoRateFound:
    """Name a way without a rate."""
    return NoRateFound(
        carrier=zone.carrier, from_place=start, to_place=end, equipment=zone.equipment
    )


def served_pairs(corridor: Corridor) -> Iterable[tuple[int, int, int]]:
    """(place, arriving mode, departing mode) that can occur; the gate counts as a mode."""
    arrays = corridor.segment_arrays
    arriving: dict[int, set[int]] = {}
    departing: dict[int, set[int]] = {}
    for s in range(len(corridor.segments)):
        departing.setdefault(int(arrays.from_place[s]), set()).add(int(arrays.mode[s]))
        arriving.setdefault(int(arrays.to_place[s]), set()).add(int(arrays.mode[s]))
    for place in sorted(set(arriving) | set(departing)):
        for a in (*sorted(arriving.get(place, ())), GATE_INDEX):
            for b in (*sorted(departing.get(place, ())), GATE_INDEX):
                if (a, b) != (GATE_INDEX, GATE_INDEX):
                    yield place, a, b


def _transfer_prices(tariffs: Tariffs) -> NDArray[np.int64]:
    corridor = tariffs.corridor
    prices = np.zeros((len(corridor.places), GATE_INDEX + 1, GATE_INDEX + 1), dtype=np.int64)
    for place, a, b in served_pairs(corridor):
        found = tariffs.handling(corridor.places[place], a, b)
        prices[place, a, b] = found.micro if found is not None else 0
    return prices
