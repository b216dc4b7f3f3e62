"""What is known of lines beside their length: wires, permissions, capacity units, sea level.

Tables of their own, so that the table of links stays what it is. A row about one direction of
a line holds for the other too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from karvan.network.links import Link, LinkId
from karvan.network.patterns import ServiceId
from karvan.network.places import PlaceId


class Electrified(StrEnum):
    """Whether a train can be pulled by electricity: all the way, nowhere, or on a part."""

    YES = "yes"
    NO = "no"
    PART = "part"


class PermissionKind(StrEnum):
    """What a permission is about."""

    GAUGE = "gauge"
    EQUIPMENT = "equipment"
    HAZARD_CLASS = "hazard_class"
    COMMODITY = "commodity"
    GRADE = "grade"
    AXLE_LOAD = "axle_load"
    LENGTH = "length"
    LOADING_GAUGE = "loading_gauge"


class PermissionRule(StrEnum):
    """`allow` admits nothing else of its kind; `on_request` needs an agreement first."""

    ALLOW = "allow"
    DENY = "deny"
    ON_REQUEST = "on_request"


class DepartureUnit(StrEnum):
    """What binds on one departure."""

    TEU = "teu"
    WAGONS = "wagons"
    LANE_M = "lane_m"
    T = "t"
    HAZARD_PLACES = "hazard_places"


#: Kinds whose value is one number, an upper limit: tonnes an axle, metres of a train or ship.
LIMITS: Final = frozenset({PermissionKind.AXLE_LOAD, PermissionKind.LENGTH})

#: Words a permission may use; numbers of gauges, axle loads and lengths are not listed.
KNOWN_VALUES: Final[Mapping[PermissionKind, frozenset[str]]] = {
    PermissionKind.GAUGE: frozenset({"1000", "1435", "1520"}),
    PermissionKind.EQUIPMENT: frozenset(
        {"container", "covered_wagon", "foreign_wagon", "hopper", "open_wagon"}
        | {"tank_wagon", "truck", "wagon"}
    ),
    # Source: UN Model Regulations, classes and divisions; a class covers its divisions.
    PermissionKind.HAZARD_CLASS: frozenset(
        {"1", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2", "2.1", "2.2", "2.3", "3"}
        | {"4", "4.1", "4.2", "4.3", "5", "5.1", "5.2", "6", "6.1", "6.2", "7", "8", "9"}
    ),
    PermissionKind.COMMODITY: frozenset(
        {"containers", "crude_oil", "fertiliser", "general_cargo", "grain", "metals"}
        | {"oil_products", "uranium"}
    ),
    PermissionKind.LOADING_GAUGE: frozenset({"out_of_gauge", "high_cube", "wide"}),
    PermissionKind.GRADE: frozenset(
        {"azeri_light", "azeri_btc", "cpc_blend", "kazakh_light", "kumkol", "siberian_light"}
        | {"turkmen", "urals"}
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Electrification:
    """Wires over one line, or over the lines of one railway that no row of their own has.

    Attributes
    ----------
    link, operator
        Exactly one is given: a line, or the name of an operator in the table of links.
    system
        Voltage and frequency as railways write it; '' without wires.
    valid_to
        First day on which the row no longer holds.
    """

    id: str
    link: LinkId | None
    operator: str
    electrified: Electrified
    system: str
    valid_from: date | None
    valid_to: date | None
    source: tuple[str, ...]
    fact: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """What a line, a place or a service admits or refuses.

    Attributes
    ----------
    subject
        Id of a link, a place or a service; a mode of service or a country for all of it.
    values
        Words of `KNOWN_VALUES`; one number for a kind of `LIMITS`.
    """

    id: str
    subject: str
    kind: PermissionKind
    rule: PermissionRule
    values: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    source: tuple[str, ...]
    fact: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCapacity:
    """How much one departure of a service takes in one unit; several units may bind."""

    service: ServiceId
    unit: DepartureUnit
    amount: float
    source: tuple[str, ...]
    fact: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeaLevel:
    """Level of a sea on a day, in metres above `datum`, with the range of the sources."""

    id: str
    sea: str
    datum: str
    day: date
    level_m: float
    low_m: float
    high_m: float
    source: tuple[str, ...]
    fact: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Derating:
    """How the load of one ship type at a place or on a service falls with the sea.

    Full at `full_level_m` and above; `carried` of `design` at `at_level_m`; a straight line
    through both, down to nothing.

    Attributes
    ----------
    subject
        Id of a place or a service.
    quantity
        What is counted: tonnes, wagons or lane metres.
    low, high
        Range of `carried`.
    """

    id: str
    subject: str
    ship: str
    quantity: DepartureUnit
    design: float
    carried: float
    low: float
    high: float
    full_level_m: float
    at_level_m: float
    source: tuple[str, ...]
    fact: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLength:
    """A published length of a whole way, to compare with the sum of the links on it.

    Attributes
    ----------
    via
        Places passed in order, between which the shortest chain of open links is taken.
    modes, counted
        Link modes the chain may use, and those whose length the published figure holds.
    used_to_set_a_link
        Whether a link's length was taken from this figure; then the row proves nothing.
    """

    id: str
    from_place: PlaceId
    to_place: PlaceId
    via: tuple[PlaceId, ...]
    modes: tuple[str, ...]
    counted: tuple[str, ...]
    published_km: float
    source: tuple[str, ...]
    fact: tuple[str, ...]
    used_to_set_a_link: bool
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAttributes:
    """The tables of this module that a network carries; empty where nobody read them."""

    electrification: tuple[Electrification, ...] = ()
    permissions: tuple[Permission, ...] = ()
    service_capacities: tuple[ServiceCapacity, ...] = ()
    sea_levels: tuple[SeaLevel, ...] = ()
    deratings: tuple[Derating, ...] = ()


#: What a network carries when nobody read the tables.
NOTHING_KNOWN: Final = LinkAttributes()


def find_electrification(
    link: Link, rows: Iterable[Electrification], day: date
) -> Electrification | None:
    """Give the row in force for a line on a day: its own before that of its railway."""
    names = {link.id, link.reverse_of}
    own: Electrification | None = None
    railway: Electrification | None = None
    for row in rows:
        if not holds_on(row, day):
            continue
        if row.link is not None and row.link in names:
            own = own or row
        elif row.link is None and link.operator and row.operator == link.operator:
            railway = railway or row
    return own or railway


def decide(
    permissions: Iterable[Permission],
    subjects: Collection[str],
    kind: PermissionKind,
    value: str,
    day: date,
) -> PermissionRule:
    """Say whether all of `subjects` admit something; the strictest answer counts.

    Parameters
    ----------
    subjects
        Ids of the links (in both directions), places and services on the way.
    value
        A word of `KNOWN_VALUES`, or the tonnes an axle or metres asked for.
    """
    answers = {PermissionRule.ALLOW}
    for row in permissions:
        if row.subject not in subjects or row.kind is not kind or not holds_on(row, day):
            continue
        matches = _matches(row, value)
        if row.rule is PermissionRule.ALLOW:
            answers.add(PermissionRule.ALLOW if matches else PermissionRule.DENY)
        elif matches:
            answers.add(row.rule)
    for strict in (PermissionRule.DENY, PermissionRule.ON_REQUEST):
        if strict in answers:
            return strict
    return PermissionRule.ALLOW


def holds_on(row: Electrification | Permission, day: date) -> bool:
    """Whether a dated row is in force on a day; `valid_to` is the first day it is not."""
    begun = row.valid_from is None or row.valid_from <= day
    return begun and (row.valid_to is None or day < row.valid_to)


def _matches(row: Permission, value: str) -> bool:
    if row.kind in LIMITS:
        within = float(value) <= float(row.values[0])
        return within if row.rule is PermissionRule.ALLOW else not within
    if row.kind is PermissionKind.HAZARD_CLASS:
        return value in row.values or value.partition(".")[0] in row.values
    return value in row.values
