"""A scenario: the oil of a year, the months to plan, and the events that take capacity.

Every figure carries its source, and low and high where it is an estimate. Amounts are million
tonnes a year, costs US dollars a tonne.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


def covers(given: str, commodity: str) -> bool:
    """Whether a word for a commodity, empty for all, covers a kind.

    >>> covers("kazakh", "kazakh light"), covers("kazakh blend", "kazakh light")
    (True, False)
    """
    return given in {"", commodity} or commodity.startswith(f"{given} ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure is from; `low` and `high` as far as it may be off."""

    source: str
    estimate: bool = True
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume(Source):
    """What a place produces, or its refinery takes."""

    place: str
    commodity: str
    mt_per_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet(Source):
    """A place where oil is sold, and how much less than in the Mediterranean it brings."""

    place: str
    discount_usd_t: float
    commodity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RailWay(Source):
    """Oil between two places by a way of its own, by rail on the tracks of the freight network."""

    from_place: str
    to_place: str
    mt_per_y: float
    usd_t: float
    operator: str
    country: str
    mode: str = "rail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal(Source):
    """What all ways of a mode share that leave a place (`out`) or come to it (`in`)."""

    id: str
    place: str
    direction: str
    mode: str
    mt_per_y: float
    commodity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TankRoom(Source):
    """Room that is free in normal working, in thousand tonnes."""

    place: str
    kt: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipFleet(Source):
    """Ships that serve the tanker legs from a place."""

    id: str
    place: str
    ships: float
    parcel_kt: float
    port_hours: float
    working_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCap(Source):
    """The most of a commodity that a link may carry by agreement, and the least that is paid."""

    id: str
    link: str
    commodity: str
    mt_per_y: float
    least_mt_per_y: float = 0.0
    short_usd_t: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetLeg(Source):
    """Share of what a leg carries that goes in the ships of a fleet; the rest has its own ships."""

    fleet: str
    link: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge(Source):
    """What a tonne pays that leaves a place (`out`) or comes to it (`in`) by a mode."""

    place: str
    direction: str
    mode: str
    usd_t: float
    commodity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Source):
    """A commodity that may not go a way, or pays more there, from a first to a last day."""

    id: str
    link: str
    closed: bool
    commodity: str = ""
    usd_t: float = 0.0
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RampLimit(Source):
    """How many months a link takes to go from nothing to its capacity."""

    link: str
    months_to_full: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices(Source):
    """What it costs not to move a tonne, to hold one, and how long slots and ships take."""

    shut_in_usd_t: float
    unserved_usd_t: float
    holding_usd_t_month: float
    rail_and_tanker_months_to_full: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OilBase:
    """The oil of a year."""

    title: str
    supply: tuple[Volume, ...]
    demand: tuple[Volume, ...]
    outlet: tuple[Outlet, ...]
    rail: tuple[RailWay, ...]
    terminal: tuple[Terminal, ...]
    tank: tuple[TankRoom, ...]
    fleet: tuple[ShipFleet, ...]
    cap: tuple[RouteCap, ...]
    prices: Prices
    leg: tuple[FleetLeg, ...] = ()
    charge: tuple[Charge, ...] = ()
    rule: tuple[Rule, ...] = ()
    ramp: tuple[RampLimit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A share of an asset's capacity that is lost from a first to a last day, both included."""

    id: str
    asset: str
    first_day: date
    last_day: date
    share_lost: float
    cause: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What to plan: `months` calendar months from the one that begins on `first_month`."""

    name: str
    file: str
    title: str
    base: OilBase
    base_file: str
    first_month: date
    months: int
    event: tuple[Event, ...]


class Scenarios(Protocol):
    """Where scenarios are read from."""

    def known(self) -> tuple[str, ...]:
        """Names of the shipped scenarios."""
        ...

    def read(self, given: str) -> Scenario:
        """Read a shipped scenario by name, or a file; raises `NotFound`, `InvalidTables`."""
        ...

    def parse(self, given: Mapping[str, object]) -> Scenario:
        """Read a scenario sent as an object, days as texts; raises `InvalidTables`."""
        ...

    def text(self, given: str) -> tuple[str, str]:
        """Name and text of the file that `read` would read; raises `NotFound`, `InvalidTables`."""
        ...

    def read_text(self, file: str, text: str) -> Scenario:
        """Read the text of a scenario file kept elsewhere; raises `InvalidTables`."""
        ...


def months_of(scenario: Scenario) -> tuple[date, ...]:
    """First day of each month, and of the one after the last."""
    months = [scenario.first_month]
    for _ in range(scenario.months):
        last = months[-1]
        months.append(date(last.year + last.month // 12, last.month % 12 + 1, 1))
    return tuple(months)


def share_left(events: Sequence[Event], asset: str, first: date, beyond: date) -> float:
    """Share of an asset's capacity that is left from a day to before another.

    Events that overlap take the largest loss of the day, never the product.
    """
    mine = [event for event in events if event.asset == asset]
    days = range(first.toordinal(), beyond.toordinal())
    lost = sum(
        max(
            (
                event.share_lost
                for event in mine
                if event.first_day.toordinal() <= day <= event.last_day.toordinal()
            ),
            default=0.0,
        )
        for day in days
    )
    return 1 - lost / len(days)
