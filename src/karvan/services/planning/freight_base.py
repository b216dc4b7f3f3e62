"""The freight of the corridor as tables: goods, demand, fleets, ports and what links cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from karvan.network.links import Mode
from karvan.services.planning.freight_seasons import Season


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCost:
    """US dollars for one unit of a good over a link.

    Attributes
    ----------
    routes
        Quoted routes it is the mean of; 0 where it is what the same mode costs a kilometre.
    """

    link: str
    good: str
    usd: float
    low: float
    high: float
    routes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """What is carried, and how one unit of it counts elsewhere.

    Attributes
    ----------
    wagons, trucks, trains
        Of one unit; 0 where it does not go so.
    unserved_usd
        Price of a unit that is not carried; for empties, of one left where it is.
    day_usd
        What a day on the way costs a unit beside the freight.
    hazard_class
        Class whose permissions of places and ships hold for it, '' for none.
    quote_unit, quote_t, hs
        What is asked of the quoting engine: `container:20DC`, its load, and the goods code.
    """

    id: str
    unit: str
    t_per_unit: float
    low: float
    high: float
    wagons: float
    trucks: float
    trains: float
    unserved_usd: float
    day_usd: float
    modes: tuple[Mode, ...]
    hazard_class: str
    quote_unit: str
    quote_t: float
    hs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightDemand:
    """What is to be carried in a year from one place to another.

    Attributes
    ----------
    avoids
        Countries and modes it does not take.
    day_usd
        In place of that of the good; None for that.
    returns
        Share of the boxes that come back empty to where they began.
    group
        `titr` for what scenarios scale with the route.
    """

    id: str
    year: int
    origin: str
    destination: str
    good: str
    volume: float
    low: float | None
    high: float | None
    avoids: frozenset[str]
    day_usd: float | None
    returns: float
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightFleet:
    """Ships that share their hours between lines.

    Attributes
    ----------
    working_share, wait_h
        Share of the time they are fit for work, and hours of waiting in a round trip.
    weather
        Places whose closures stop them.
    derating, derated_share
        Row of the sea level that holds for their parcels, '' for none, and for how many of them.
    """

    id: str
    name: str
    ships: float
    working_share: float
    wait_h: float
    weather: tuple[str, ...]
    derating: str
    derated_share: float
    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the row is the one of a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class WagonFleet:
    """Wagons that carry some goods; where several fleets could, the first of them does.

    Attributes
    ----------
    origins, countries
        Where what they carry begins, and where they run; everywhere when empty.
    working_share
        Share of the time they are fit for work and in this traffic.
    terminal_h
        Hours for a load beside the way: loading, unloading, waiting for the train.
    back
        Share of the laden way that a wagon runs besides without a load.
    """

    id: str
    name: str
    goods: frozenset[str]
    origins: frozenset[str]
    countries: frozenset[str]
    wagons: float
    low: float | None
    high: float | None
    working_share: float
    terminal_h: float
    back: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetLine:
    """A link that a fleet sails: parcel of a voyage in `unit`, hours in each port."""

    fleet: str
    link: str
    direction: str
    parcel: float
    unit: str
    port_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PortLimit:
    """What a place handles in a year: of which goods, on which modes or line, in which unit.

    `goods` holds `*` for all of them, and `calls` where ships are counted.
    """

    place: str
    goods: frozenset[str]
    modes: frozenset[str]
    per_y: float
    unit: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightYard:
    """Where goods can wait, and share the room that is free in normal working.

    Attributes
    ----------
    room
        In `unit`, TEU or kt.
    free_days, usd_d
        Days that cost nothing, and US dollars for one of the unit and day after them.
    """

    id: str
    place: str
    goods: frozenset[str]
    room: float
    unit: str
    free_days: float
    usd_d: float
    valid_from: date | None = None
    valid_to: date | None = None
    low: float | None = None
    high: float | None = None
    source: str = ""
    estimate: bool = True

    def holds_on(self, day: date) -> bool:
        """Whether the row is the one of a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightBase:
    """All of it."""

    goods: tuple[Good, ...]
    demand: tuple[FreightDemand, ...]
    fleets: tuple[FreightFleet, ...]
    lines: tuple[FleetLine, ...]
    ports: tuple[PortLimit, ...]
    costs: Mapping[tuple[str, str], LinkCost]
    wagons: tuple[WagonFleet, ...] = ()
    seasons: tuple[Season, ...] = ()
    yards: tuple[FreightYard, ...] = ()

    def good(self, name: str) -> Good:
        """The good of this name."""
        return next(good for good in self.goods if good.id == name)

    @property
    def years(self) -> tuple[int, ...]:
        """Years the demand has rows of."""
        return tuple(sorted({row.year for row in self.demand}))

    def group_mt(self, group: str, year: int, *, good: str = "") -> float:
        """Million tonnes of a group in a year, of one good or of all."""
        return sum(
            row.volume * self.good(row.good).t_per_unit / 1e6
            for row in self.demand
            if row.year == year and row.group == group and good in {"", row.good}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FreightAsked:
    """The freight that a scenario plans.

    Attributes
    ----------
    scale
        Factor of the demand by its group, or by group and good as `titr containers`.
    """

    base: FreightBase
    year: int
    scale: Mapping[str, float]
