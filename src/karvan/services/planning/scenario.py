"""A scenario: the oil of a year, the periods to plan, events that take capacity, and changes.

An event is hidden from the plan until its day; a change is known from the start. Every figure
carries its source, and low and high where it is an estimate. Amounts are million tonnes a year,
costs US dollars a tonne.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from karvan.services.planning.freight_base import FreightAsked


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
    """What a place produces, or its refinery takes.

    `by_month` are months in which it is another amount, each with its factor.
    """

    place: str
    commodity: str
    mt_per_y: float
    by_month: tuple[tuple[str, float], ...] = ()


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
    """Ships that serve the tanker legs from a place, or cars that serve its rail.

    Attributes
    ----------
    ships_before, first_day
        How many there were before the first day of `ships`; both None where it was always as many.
    port_hours
        What a round trip takes beside the sailing; of cars, which have no leg to sail, the whole.
    """

    id: str
    place: str
    mode: str = "tanker"
    ships: float
    parcel_kt: float
    port_hours: float
    working_share: float
    ships_before: float | None = None
    first_day: date | None = None

    def mean_ships(self, first: date, beyond: date) -> float:
        """How many there are from a day to before another, the mean of the days."""
        if self.first_day is None or self.ships_before is None:
            return self.ships
        before = (min(max(self.first_day, first), beyond) - first).days / (beyond - first).days
        return before * self.ships_before + (1 - before) * self.ships


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
class LeastFlow(Source):
    """What of a commodity a link carries a year by a contract, or to stay in order.

    What lacks is paid for. A link that the network has closed can carry as much and no more.
    """

    id: str
    link: str
    commodity: str
    mt_per_y: float
    short_usd_t: float


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
class Quality(Source):
    """A property of a commodity: `sulphur` in % of mass, or `density` in kg/m3."""

    commodity: str
    of: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BlendPoint(Source):
    """The most of a property that what a link carries may have together."""

    id: str
    link: str
    of: str
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RampLimit(Source):
    """How many months a link takes to go from nothing to its capacity."""

    link: str
    months_to_full: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineVolume:
    """Inside diameter of a line, from which follows what it holds.

    No run of a sample draws it: only what a line that stood empty holds acts on a plan.
    """

    link: str
    inside_mm: float
    source: str
    estimate: bool = True
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMinimum(Source):
    """Share of their capacity that lines in use need, and what a tonne costs that lacks."""

    id: str
    links: tuple[str, ...]
    share: float
    short_usd_t: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss(Source):
    """What of the mass does not come out: of a link, of a mode, or of `tanks` before loading."""

    id: str
    link: str
    mode: str
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices(Source):
    """What it costs not to move a tonne, to hold one, and how long slots and ships take.

    Of the Kazakh blend a tonne left in the ground costs `blend_more_usd_t` more.
    """

    shut_in_usd_t: float
    unserved_usd_t: float
    holding_usd_t_month: float
    rail_and_tanker_months_to_full: float
    blend_more_usd_t: float = 0.0


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
    quality: tuple[Quality, ...] = ()
    blend: tuple[BlendPoint, ...] = ()
    least: tuple[LeastFlow, ...] = ()
    line: tuple[LineVolume, ...] = ()
    minimum: tuple[LineMinimum, ...] = ()
    loss: tuple[Loss, ...] = ()


class Takes(StrEnum):
    """What an event takes a share of."""

    CAPACITY = "capacity"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A share that is lost from a first to a last day, both included.

    Attributes
    ----------
    asset
        A terminal, link, place or fleet; a field where `takes` is its output.
    commodity
        Empty for all.
    expected_until
        How long it is expected to last when it begins; its last day where that is known at once.
    """

    id: str
    asset: str
    first_day: date
    last_day: date
    share_lost: float
    cause: str
    source: str
    commodity: str = ""
    takes: str = Takes.CAPACITY.value
    expected_until: date | None = None
    low: float | None = None
    high: float | None = None
    text: str = ""


class Kind(StrEnum):
    """What a change is made to; the key of a change that names it."""

    LINK = "link"
    PLACE = "place"
    TERMINAL = "terminal"
    FLEET = "fleet"
    TANK = "tank"
    CAP = "cap"
    OUTLET = "outlet"
    SUPPLY = "supply"
    DEMAND = "demand"
    SEA = "sea"


class What(StrEnum):
    """What a change does."""

    OPEN = "open"
    CLOSE = "close"
    SET = "set"
    ADD = "add"
    SCALE = "scale"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Source):
    """One what-if, known from the start.

    Attributes
    ----------
    commodity
        Empty for all.
    first_day, last_day
        Both included; None for as long as the scenario lasts.
    file, number
        Where it stands, for who reads of a fault.
    """

    kind: Kind
    asset: str
    what: What
    value: float | None = None
    unit: str = ""
    commodity: str = ""
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""
    file: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteContract(Source):
    """The least and the most of a commodity that a link carries in all periods together."""

    id: str
    link: str
    commodity: str
    least_kt: float = 0.0
    most_kt: float | None = None
    short_usd_t: float = 0.0


#: What a scenario may plan.
OIL, FREIGHT = "oil", "freight"


class PeriodLength(StrEnum):
    """How long the periods of a scenario are."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What to plan: periods that follow each other from a first day.

    Attributes
    ----------
    first_day
        Of the first period; of a month where the periods are months.
    periods
        How many there are.
    extends
        Name of the scenario it is laid on, empty for none.
    parts
        Trades that are planned together: `oil`, `freight`.
    freight
        What is asked of it; there where it is a part.
    above
        How many of `event`, `contract` and `rail` come before those that the file tells itself.
    """

    name: str
    file: str
    title: str
    base: OilBase
    base_file: str
    first_day: date
    periods: int
    event: tuple[Event, ...]
    period: PeriodLength = PeriodLength.MONTH
    change: tuple[Change, ...] = ()
    contract: tuple[RouteContract, ...] = ()
    rail: tuple[RailWay, ...] = ()
    extends: str = ""
    text: str = ""
    parts: tuple[str, ...] = (OIL,)
    freight: FreightAsked | None = None
    above: Mapping[str, int] = field(default_factory=dict, compare=False)

    def told_at(self, name: str, row: int, named: str) -> str:
        """Name a table as its file counts it; by what tells it where another file holds it."""
        own = row - self.above.get(name, 0)
        return f"{name} {own + 1}" if own >= 0 else f"{name} {named}"


class Scenarios(Protocol):
    """Where scenarios are read from."""

    def known(self) -> tuple[str, ...]:
        """Names of the shipped scenarios."""
        ...

    def titles(self) -> tuple[tuple[str, str], ...]:
        """Names and titles of the shipped scenarios."""
        ...

    def read(self, given: str) -> Scenario:
        """Read a shipped scenario by name, or a file; raises `NotFound`, `InvalidTables`."""
        ...

    def parse(self, given: Mapping[str, object]) -> Scenario:
        """Read a scenario sent as an object, days as texts; raises `InvalidTables`."""
        ...

    def naming(self, given: str | Mapping[str, object]) -> Scenario | None:
        """What a file or an object with faults names, as far as it goes; never to be planned."""
        ...

    def text(self, given: str) -> tuple[str, str]:
        """Name and text of the file that `read` would read; raises `NotFound`, `InvalidTables`."""
        ...

    def text_of(self, given: Mapping[str, object]) -> tuple[str, str]:
        """Name and text of a file that `read_text` reads as `parse` reads what was sent."""
        ...

    def read_text(self, file: str, text: str) -> Scenario:
        """Read the text of a scenario file kept elsewhere; raises `InvalidTables`."""
        ...


def bounds_of(scenario: Scenario) -> tuple[date, ...]:
    """First day of each period, and the day after the last."""
    if scenario.period is not PeriodLength.MONTH:
        length = 7 if scenario.period is PeriodLength.WEEK else 1
        return tuple(
            scenario.first_day + timedelta(days=length * n) for n in range(scenario.periods + 1)
        )
    months = [scenario.first_day]
    for _ in range(scenario.periods):
        last = months[-1]
        months.append(date(last.year + last.month // 12, last.month % 12 + 1, 1))
    return tuple(months)


def share_left(events: Sequence[Event], asset: str, first: date, beyond: date) -> float:
    """Share of an asset's capacity that is left from a day to before another."""
    return left_by_day([event for event in events if event.asset == asset], first, beyond)


def left_by_day(events: Sequence[Event], first: date, beyond: date) -> float:
    """Share that is left from a day to before another, the mean of its days.

    Events that overlap take the largest loss of the day, never the product.
    """
    spans = [
        (event.first_day.toordinal(), event.last_day.toordinal(), event.share_lost)
        for event in events
        if event.first_day < beyond and event.last_day >= first
    ]
    days = range(first.toordinal(), beyond.toordinal())
    lost = sum(
        max((share for begin, end, share in spans if begin <= day <= end), default=0.0)
        for day in days
    )
    return 1 - lost / len(days)
