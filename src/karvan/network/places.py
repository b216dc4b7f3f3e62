"""Places: what a shipper names, and the codes and names it is found by.

A *place* is a port, a station, a border town, a field. Its berths, yards and gauge-change
halls are its facilities. A *city* has several places as members; a quote to it ends at the
member that suits. Entities hold what the tables say, right or wrong: `consistency` names
everything that is wrong with a whole set at once, which a constructor could not.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

#: `KZ-AKT`: country and one to six letters or digits. Stable, never re-used.
PlaceId = NewType("PlaceId", str)

#: `TR-IST`: formed like a place id, and different from all of them.
CityId = NewType("CityId", str)


class PlaceKind(StrEnum):
    """What a place is in the first line."""

    BORDER = "border"
    CHOKEPOINT = "chokepoint"
    DRY_PORT = "dry_port"
    FIELD = "field"
    GRAIN_ORIGIN = "grain_origin"
    INDUSTRIAL_ORIGIN = "industrial_origin"
    OIL_STATION = "oil_station"
    OIL_TERMINAL = "oil_terminal"
    PUMP_STATION = "pump_station"
    RAIL_BOTTLENECK = "rail_bottleneck"
    RAIL_FERRY = "rail_ferry"
    RAIL_JUNCTION = "rail_junction"
    RAIL_TERMINAL = "rail_terminal"
    REFINERY = "refinery"
    SEAPORT = "seaport"
    URANIUM_MINE = "uranium_mine"
    URANIUM_PLANT = "uranium_plant"


class Facility(StrEnum):
    """What can be done at a place; derived from its kind, gauges and links."""

    SEAPORT = "seaport"
    RAIL = "rail"
    CONTAINER = "container"
    GAUGE_CHANGE = "gauge_change"
    BORDER = "border"
    OIL = "oil"
    FERRY = "ferry"
    ROAD = "road"


class PlaceStatus(StrEnum):
    """Whether a place works on the day the tables were made."""

    OPEN = "open"
    PLANNED = "planned"
    CLOSED = "closed"


class CodeScheme(StrEnum):
    """Whose codes they are; `alias` is a name somebody may type."""

    UNLOCODE = "unlocode"
    ESR = "esr"
    OIL = "oil"
    ALIAS = "alias"


class CodeStatus(StrEnum):
    """`listed`: seen in the list itself. `estimate`: remembered, never printed on a document."""

    LISTED = "listed"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the corridor.

    Attributes
    ----------
    country
        ISO 3166-1 alpha-2.
    lat_deg, lon_deg
        Degrees, north and east positive; approximate where `estimate`.
    gauges
        Track gauges in mm, the place's own first; empty where no railway is known.
    time_zone
        IANA name. Kazakhstan has one zone since March 2024.
    customs_territory
        `EAEU`, `EU`, or the country: no border between two places that share it.
    fact, source
        References of fact rows; keys of `data/sources.toml`.
    """

    id: PlaceId
    name: str
    country: str
    kind: PlaceKind
    lat_deg: float
    lon_deg: float
    gauges: tuple[int, ...] = ()
    time_zone: str
    customs_territory: str
    facilities: frozenset[Facility] = frozenset()
    status: PlaceStatus = PlaceStatus.OPEN
    note: str = ""
    fact: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    estimate: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """A name for several places; `members` are places, never cities."""

    id: CityId
    name: str
    country: str
    members: tuple[PlaceId, ...]
    note: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCode:
    """A code or name of a place or city.

    `place` may be the id of a city: the UN/LOCODE of Istanbul belongs to no single terminal.
    """

    scheme: CodeScheme
    code: str
    place: PlaceId | CityId
    status: CodeStatus
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCountry:
    """A country the tables know, its customs territory and its usual time zone."""

    country: str
    customs_territory: str
    time_zone: str
