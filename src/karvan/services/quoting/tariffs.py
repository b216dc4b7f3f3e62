"""Tariff arrays of one cargo: the book laid over the compiled corridor.

A *zone* is what one carrier's rates cover. Railways are charged by track, so a through train
crosses several zones; ships and trucks by operator. What the cargo travels as may differ by
mode (`carriage`); a container on a ro-ro ship pays for the truck under it, in a zone of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.domain.cargo import Cargo
from karvan.domain.errors import NoRate
from karvan.domain.tariff import Facts, Scope, Sheet, TariffBook, facts_of
from karvan.engines.pricing.charging import Charge
from karvan.engines.pricing.distances import Line, distance_table
from karvan.engines.pricing.formation import HAUL, RETURN, Terms, Way, form_price
from karvan.network.links import LinkStatus, Mode
from karvan.network.passages import AT_SEA, Event, Segment
from karvan.network.patterns import CarrierId
from karvan.network.places import PlaceId
from karvan.network.tariff_arrays import NATIONAL, NO_RATE, STAYS, TariffArrays
from karvan.services.quoting.carriage import forms_of
from karvan.services.quoting.corridor import GATE_INDEX, MODES, Corridor

#: Which rates a border passed by each mode is charged from; ships pay at the port instead.
_BORDER_SCOPE: Final = {Mode.RAIL: Scope.BORDER, Mode.ROAD: Scope.BORDER_ROAD}

Charges = tuple[Charge, ...]


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
    """Charges of one cargo on one day, worked out when asked for and then remembered.

    Attributes
    ----------
    ends
        Countries of origin and destination: a carrier of neither carries in transit.
    """

    corridor: Corridor
    book: TariffBook
    cargo: Cargo
    currency: str
    accepted: date
    quoted: date
    ends: tuple[str, str]
    _distances: dict[Zone, Mapping[tuple[str, str], float]] = field(default_factory=dict)
    _hauls: dict[tuple[Zone, str, str], Charges | None] = field(default_factory=dict)
    _forms: dict[Zone, tuple[Cargo, ...]] = field(default_factory=dict)
    _sheets: dict[tuple[Scope, str, Cargo, bool], tuple[Sheet, Terms]] = field(default_factory=dict)
    _exchange: dict[str, Decimal] = field(default_factory=dict)

    def zone_of(self, segment: Segment, carrier: CarrierId) -> Zone:
        """Zone of a carrier's part of a segment."""
        forms = forms_of(self.cargo, segment.mode)
        zone = Zone(carrier, "/".join(form.equipment for form in forms))
        self._forms.setdefault(zone, forms)
        return zone

    def stretches(self, segment: Segment) -> tuple[Stretch, ...]:
        """The zones a segment runs through, in order."""
        out: list[Stretch] = []
        for run in segment.runs:
            zone = self.zone_of(segment, run.carrier)
            follows = out and out[-1].zone == zone
            start = out.pop().from_place if follows else run.from_place
            out.append(Stretch(zone=zone, from_place=start, to_place=run.to_place))
        return tuple(out)

    def haul(self, zone: Zone, start: str, end: str) -> Charges | None:
        """Charges between two points of a zone, or None where the book has no rate.

        No carrier has a rate for going out and coming back to where the goods came in.
        """
        key = (zone, start, end)
        if key not in self._hauls:
            self._hauls[key] = self._haul(zone, start, end)
        return self._hauls[key]

    def _haul(self, zone: Zone, start: str, end: str) -> Charges | None:
        if start == end:
            return None
        distance = self._distance(zone, start, end)
        if distance is None:
            return None
        for form in self._forms[zone]:
            there = self._formed(zone.carrier, form, start, end, distance, laden=form.laden)
            if there is None:
                continue
            if not form.returns_empty:
                return there
            back = self._formed(zone.carrier, form, end, start, distance, laden=False)
            return None if back is None else (*there, *back)
        return None

    def _distance(self, zone: Zone, start: str, end: str) -> float | Decimal | None:
        """Tariff distance in km: as published, else by the carrier's own lines."""
        published = self.book.tariff_distance(zone.carrier, start, end, self.accepted)
        return published if published is not None else self._table(zone).get((start, end))

    def _formed(
        self,
        carrier: str,
        form: Cargo,
        start: str,
        end: str,
        distance: float | Decimal,
        *,
        laden: bool,
    ) -> Charges | None:
        sheet, terms = self._sheet(Scope.HAUL, carrier, form, laden=laden)
        way = Way(carrier=carrier, from_place=start, to_place=end, distance_km=distance)
        return form_price(sheet, way, terms, HAUL if laden == form.laden else RETURN)

    def _sheet(
        self, scope: Scope, carrier: str, form: Cargo, *, laden: bool
    ) -> tuple[Sheet, Terms]:
        key = (scope, carrier, form, laden)
        if key not in self._sheets:
            facts = {**facts_of(form, self.accepted, laden=laden), **self._traffic(carrier)}
            terms = Terms(
                cargo=form,
                facts=facts,
                day=self.accepted,
                book=self.book,
                currency=self.currency,
                exchange=self._rate_of,
                laden=laden,
            )
            sheet = self.book.sheet(
                scope,
                carrier,
                unit=form.kind,
                equipment=form.equipment,
                facts=facts,
                day=self.accepted,
            )
            self._sheets[key] = (sheet, terms)
        return self._sheets[key]

    def _traffic(self, carrier: str) -> Facts:
        known = self.corridor.network.carriers.get(CarrierId(carrier))
        if known is None:
            return {}
        begins, finishes = (known.country == end for end in self.ends)
        kinds = {
            (True, True): "domestic",
            (True, False): "export",
            (False, True): "import",
            (False, False): "transit",
        }
        return {"traffic": kinds[begins, finishes]}

    def _rate_of(self, currency: str) -> Decimal:
        if currency not in self._exchange:
            self._exchange[currency] = self.book.exchange(currency, self.currency, self.quoted)
        return self._exchange[currency]

    def on_board(self, segment: Segment) -> Charges:
        """Charges at borders and gauge changes passed while on board."""
        out: list[Charge] = []
        for element in segment.elements:
            if not isinstance(element, Event):
                continue
            scope, code = self._event_scope(element)
            if scope is not None:
                form = forms_of(self.cargo, segment.mode)[-1]
                out.extend(self._at(scope, code, element.place, element.country, form))
        return tuple(out)

    def _event_scope(self, event: Event) -> tuple[Scope | None, str]:
        if event.activity in ("border-exit", "border-entry"):
            return _BORDER_SCOPE.get(event.mode), "BORDER"
        if event.activity == "gauge-change":
            return Scope.GAUGE, "GAUGE"
        return None, ""

    def handling(self, place: PlaceId, arriving: int, departing: int) -> Charges:
        """Charges for handling between two modes (index of the gate: begin or end of the way).

        A truck that drives on or off a ro-ro ship is not handled.
        """
        pair = [MODES[i] for i in (arriving, departing) if i != GATE_INDEX]
        if set(pair) == {Mode.ROAD, Mode.RORO} or set(pair) == {Mode.ROAD}:
            return ()
        scope = Scope.HANDLING if AT_SEA & set(pair) else Scope.HANDLING_RAIL
        country = self.corridor.network.places[place].country
        return self._at(scope, "HANDLING", place, country, self.cargo)

    def declaration(self, place: PlaceId) -> Charges:
        """Charges for opening a customs regime at a place."""
        country = self.corridor.network.places[place].country
        return self._at(Scope.DECLARATION, "DECLARATION", place, country, self.cargo)

    def _at(self, scope: Scope, code: str, place: PlaceId, country: str, form: Cargo) -> Charges:
        """Charges at a place: by the rate of the place, else of its country, else the default."""
        sheet, terms = self._sheet(scope, "", form, laden=form.laden)
        for name in (place, country, ""):
            way = Way(carrier=_payee(code, place), from_place=name, to_place=name, distance_km=0)
            found = form_price(sheet, way, terms, code)
            named = found is not None and (not name or name in found[0].row.from_places)
            if found is not None and named:
                return tuple(replace(each, from_place=place, to_place=place) for each in found)
        raise NoRate("the book has no rate for this", scope=scope.value, place=place)

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
                    matrix[z, *ends] = total_of(found)
    columns = np.zeros((5, len(corridor.segments)), dtype=np.int64)
    no_rate: dict[int, NoRateFound] = {}
    for s, segment in enumerate(corridor.segments):
        parts = tariffs.stretches(segment)
        first, last = parts[0], parts[-1]
        through = total_of(tariffs.on_board(segment))
        for middle in parts[1:-1]:
            found = tariffs.haul(middle.zone, middle.from_place, middle.to_place)
            if found is None:
                no_rate.setdefault(s, missing(middle.zone, middle.from_place, middle.to_place))
            else:
                through += total_of(found)
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


def total_of(charges: Charges) -> int:
    """Sum of charges in micro-units of the quote currency."""
    return sum(each.micro for each in charges)


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
        prices[place, a, b] = total_of(found)
    return prices
