"""Charges of one cargo: the book laid over the compiled corridor.

A *zone* is what one carrier's rates cover. Railways are charged by track, so a through train
crosses several zones; ships and trucks by operator. What the cargo travels as may differ by
mode (`carriage`); a container on a ro-ro ship pays for the truck under it, in a zone of its own.

A *tariff system* is the national tariffs alone, or one joint tariff in their place where its
members carry: then their lines are one zone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeVar, cast

from karvan.domain.cargo import Cargo, Owner, UnitKind
from karvan.domain.errors import NoRate
from karvan.domain.tariff import ANY, Facts, JointTariff, Scope, Sheet, TariffBook, facts_of
from karvan.engines.pricing.charging import Charge
from karvan.engines.pricing.formation import HAUL, RETURN, Terms, Way, form_price
from karvan.network.links import Mode
from karvan.network.passages import AT_SEA, Event, Run, Segment
from karvan.network.patterns import CarrierId
from karvan.network.places import PlaceId
from karvan.network.tariff_arrays import NATIONAL
from karvan.services.quoting.carriage import forms_of
from karvan.services.quoting.corridor import Corridor
from karvan.services.quoting.own_lines import Distances

#: Which rates a border passed by each mode is charged from; ships pay at the port instead.
_BORDER_SCOPE: Final = {Mode.RAIL: Scope.BORDER, Mode.ROAD: Scope.BORDER_ROAD}

#: Equipment of the zone of a joint tariff.
_JOINT: Final = "joint"

Charges = tuple[Charge, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Zone:
    """A carrier's tariff for one kind of equipment, or a joint tariff."""

    carrier: CarrierId
    equipment: str

    @property
    def is_joint(self) -> bool:
        """Whether it is the zone of a joint tariff."""
        return self.equipment == _JOINT


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


@dataclass
class Tariffs:
    """Charges of one cargo on one day, worked out when asked for and then remembered.

    Several threads may ask at once: what is remembered is never changed, and what two of them
    work out at the same time is equal.

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
    _distances: dict[Zone, Distances] = field(default_factory=dict)
    _hauls: dict[tuple[Zone, str, str], Charges | None] = field(default_factory=dict)
    _forms: dict[Zone, tuple[Cargo, ...]] = field(default_factory=dict)
    _sheets: dict[tuple[Scope, str, Cargo, bool], tuple[Sheet, Terms]] = field(default_factory=dict)
    _exchange: dict[str, Decimal] = field(default_factory=dict)
    _forms_on: dict[Mode, tuple[Cargo, ...]] = field(default_factory=dict)
    _at_places: dict[Hashable, Charges | None] = field(default_factory=dict)
    _of_segments: dict[tuple[str, int, int], tuple[Segment, object]] = field(default_factory=dict)

    @cached_property
    def systems(self) -> tuple[JointTariff | None, ...]:
        """Tariff systems: the national tariffs, then each joint tariff with rates for the cargo."""
        joints = []
        for joint in self.book.joints:
            sheet, _ = self._sheet(Scope.HAUL, joint.id, self.cargo, laden=self.cargo.laden)
            if sheet.rates:
                joints.append(joint)
                self._forms[Zone(CarrierId(joint.id), _JOINT)] = (self.cargo,)
        return (None, *joints)

    def zone_of(self, segment: Segment, carrier: CarrierId, system: int = NATIONAL) -> Zone:
        """Zone of a carrier's part of a segment."""
        forms = self._travels_as(segment.mode)
        joint = self.systems[system]
        if joint is not None and carrier in joint.members and forms[0] is self.cargo:
            return Zone(CarrierId(joint.id), _JOINT)
        zone = Zone(carrier, "/".join(form.equipment for form in forms))
        self._forms.setdefault(zone, forms)
        return zone

    def _travels_as(self, mode: Mode) -> tuple[Cargo, ...]:
        forms = self._forms_on.get(mode)
        if forms is None:
            # The first to be set is kept: zones ask whether a form is the very cargo.
            forms = self._forms_on.setdefault(mode, forms_of(self.cargo, mode))
        return forms

    def _once(self, what: Callable[[Segment, int], T], segment: Segment, system: int) -> T:
        """Work out what hangs on a segment and a system, once; the segment is held meanwhile."""
        key = (what.__name__, id(segment), system)
        found = self._of_segments.get(key)
        if found is None:
            found = self._of_segments[key] = (segment, what(segment, system))
        return cast("T", found[1])

    def stretches(self, segment: Segment, system: int = NATIONAL) -> tuple[Stretch, ...]:
        """The zones a segment runs through under a tariff system, in order."""
        return self._once(self._stretches, segment, system)

    def _stretches(self, segment: Segment, system: int) -> tuple[Stretch, ...]:
        out: list[Stretch] = []
        for run in segment.runs:
            zone = self.zone_of(segment, run.carrier, system)
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

    def on_board(self, segment: Segment, system: int = NATIONAL) -> Charges | None:
        """Charges at borders and gauge changes passed while on board; None without a rate.

        What lies between two ways of a joint tariff, or at the end of the segment beside one,
        is in the joint price where the tariff says so.
        """
        return self._once(self._on_board, segment, system)

    def _on_board(self, segment: Segment, system: int) -> Charges | None:
        out: list[Charge] = []
        for i, element in enumerate(segment.elements):
            if not isinstance(element, Event):
                continue
            scope, code = self._event_scope(element)
            if scope is not None and not self._included(segment, i, scope, system):
                found = self._at(scope, code, element.place, element.country, segment.mode)
                if found is None:
                    return None
                out.extend(found)
        return tuple(out)

    def _included(self, segment: Segment, i: int, scope: Scope, system: int) -> bool:
        joint = self.systems[system]
        if joint is None or scope not in joint.includes:
            return False
        before = next((e for e in reversed(segment.elements[:i]) if isinstance(e, Run)), None)
        after = next((e for e in segment.elements[i:] if isinstance(e, Run)), None)
        return all(
            self.zone_of(segment, run.carrier, system).is_joint
            for run in (before, after)
            if run is not None
        )

    def _event_scope(self, event: Event) -> tuple[Scope | None, str]:
        if event.activity in ("border-exit", "border-entry"):
            return _BORDER_SCOPE.get(event.mode), "BORDER"
        if event.activity == "gauge-change":
            return Scope.GAUGE, "GAUGE"
        return None, ""

    def handling(
        self, place: PlaceId, arriving: int, departing: int, system: int = NATIONAL
    ) -> Charges | None:
        """Charges for handling between two modes, and at the origin for the hire of a box."""
        handled = self._handling(place, arriving, departing, system)
        if handled is None or arriving != self.corridor.gate:
            return handled
        return (*handled, *self._hire(place))

    def _hire(self, place: PlaceId) -> Charges:
        """Hire of a carrier's container, where the book has a rate for it.

        The use of a carrier's wagon is in the rate of its way.
        """
        if self.cargo.kind is not UnitKind.CONTAINER or self.cargo.owner is Owner.SHIPPER:
            return ()
        country = self.corridor.network.places[place].country
        return self._at(Scope.UNIT_HIRE, "HIRE", place, country) or ()

    def _handling(
        self, place: PlaceId, arriving: int, departing: int, system: int
    ) -> Charges | None:
        """Charges for handling between two modes (index of the gate: begin or end of the way).

        None where the book has no rate: the cargo cannot be handed over there. A truck that
        drives on or off a ro-ro ship is not handled; taking oil into a pipeline and giving it
        out at the end of the way are in the tariff of the line. `system` is that of the joint
        charge that stays open over the handling, if one does.
        """
        pair = [self.corridor.modes[i] for i in (arriving, departing) if i != self.corridor.gate]
        if set(pair) == {Mode.ROAD, Mode.RORO} or set(pair) == {Mode.ROAD}:
            return ()
        if pair == [Mode.PIPELINE]:
            return ()
        scope = Scope.HANDLING if AT_SEA & set(pair) else Scope.HANDLING_RAIL
        if set(pair) == {Mode.PIPELINE}:
            scope = Scope.HANDLING_PIPELINE
        joint = self.systems[system]
        if joint is not None and scope in joint.includes:
            return ()
        country = self.corridor.network.places[place].country
        return self._at(scope, "HANDLING", place, country)

    def declaration(self, place: PlaceId) -> Charges:
        """Charges for opening a customs regime at a place.

        Raises
        ------
        NoRate
            The book has no rate for a declaration.
        """
        country = self.corridor.network.places[place].country
        found = self._at(Scope.DECLARATION, "DECLARATION", place, country)
        if found is None:
            raise NoRate("the book has no rate for a declaration", place=place)
        return found

    def _at(
        self, scope: Scope, code: str, place: PlaceId, country: str, mode: Mode | None = None
    ) -> Charges | None:
        """Charges at a place for the first form that has a rate; None where none has.

        `mode` is what the cargo passes the place on, None where it stands there as it is.
        """
        key = (scope, code, place, country, mode)
        if key not in self._at_places:
            forms = (self.cargo,) if mode is None else self._travels_as(mode)
            asked = (self._at_as(scope, code, place, country, form) for form in forms)
            self._at_places[key] = next((found for found in asked if found is not None), None)
        return self._at_places[key]

    def _at_as(
        self, scope: Scope, code: str, place: PlaceId, country: str, form: Cargo
    ) -> Charges | None:
        """Charges at a place: by the rate of the place, else of its country, else the default."""
        sheet, terms = self._sheet(scope, "", form, laden=form.laden)
        for name in (place, country, ""):
            way = Way(carrier=_payee(code, place), from_place=name, to_place=name, distance_km=0)
            found = form_price(sheet, way, terms, code)
            named = found is not None and (not name or name in found[0].row.from_places)
            if found is not None and named:
                return tuple(replace(each, from_place=place, to_place=place) for each in found)
        return None

    def missing_at(self, place: str) -> NoRateFound:
        """Name a place without a rate for what is done there."""
        return NoRateFound(
            carrier=f"terminal:{place}",
            from_place=place,
            to_place=place,
            equipment=self.cargo.equipment,
        )

    def _table(self, zone: Zone) -> Distances:
        found = self._distances.get(zone)
        if found is None:
            joint = next((j for j in self.systems if j is not None and j.id == zone.carrier), None)
            carriers = frozenset((zone.carrier,) if joint is None else joint.members)
            own = self.corridor.own_lines
            found = self._distances[zone] = own.distances(carriers, self.points_by_zone[zone])
        return found

    @cached_property
    def points_by_zone(self) -> Mapping[Zone, frozenset[str]]:
        """Where each zone can be entered or left: borders, ports and terminals on its ways."""
        points: dict[Zone, set[str]] = {}
        for segment in self.corridor.segments:
            for system in range(len(self.systems)):
                for stretch in self.stretches(segment, system):
                    ends = (stretch.from_place, stretch.to_place)
                    points.setdefault(stretch.zone, set()).update(ends)
        return {zone: frozenset(found) for zone, found in points.items()}

    def pairs(self, zone: Zone) -> Iterable[tuple[str, str]]:
        """Pairs of points between which the zone may have a price, in order."""
        points = sorted(self.points_by_zone.get(zone, ()))
        if not zone.is_joint:
            return ((start, end) for start in points for end in points)
        sheet, _ = self._sheet(Scope.HAUL, zone.carrier, self.cargo, laden=self.cargo.laden)
        named = {
            place
            for rate in sheet.rates
            for ends in (rate.from_places, rate.to_places)
            for place in (points if ends == (ANY,) else ends)
        }
        chosen = [point for point in points if point in named]
        return ((start, end) for start in chosen for end in chosen)


def _payee(code: str, place: str) -> str:
    """Who is paid for a charge at a place: the terminal, or the border station."""
    asking = {"DECLARATION": "customs", "HIRE": "lessor"}
    return f"{asking.get(code, 'terminal')}:{place}"


def total_of(charges: Charges) -> int:
    """Sum of charges in micro-units of the quote currency."""
    return sum(each.micro for each in charges)


def missing(zone: Zone, start: str, end: str) -> NoRateFound:
    """Name a way without a rate."""
    return NoRateFound(
        carrier=zone.carrier, from_place=start, to_place=end, equipment=zone.equipment
    )
