"""Parts of a planning problem over one network; `assembly` puts them together.

A part is what one trade moves: its commodities, ways, supplies and demands. Parts share places by
their ids, and limits: a track, a port or a fleet that two parts name by one id is one row of the
problem, with what the ways of both take of it. Everything by period has one number a period.
"""

from __future__ import annotations

from dataclasses import dataclass

ByPeriod = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """What is moved, and the unit its amounts are in."""

    id: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A commodity that a way may carry.

    Attributes
    ----------
    cost
        Currency for one unit.
    use
        Units of the way's capacity that one unit of the commodity takes.
    loss
        Share of what goes in that does not come out.
    """

    commodity: str
    cost: float
    use: float = 1.0
    loss: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From a place to another.

    Attributes
    ----------
    per_day
        Capacity in `unit` a day by period, infinite where nothing limits it.
    country
        Those it runs through, by their codes with a semicolon between.
    hours
        How long it runs, where a fleet works it.
    travel_h
        How long a unit is on it, with borders and ports; 0 where what goes in pushes as much out.
    """

    id: str
    tail: str
    head: str
    mode: str
    per_day: ByPeriod
    unit: str
    carries: tuple[Carried, ...]
    carrier: str = ""
    country: str = ""
    hours: float = 0.0
    travel_h: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What is there or asked for in each period; `price` of a unit shut in or left unserved."""

    id: str
    place: str
    commodity: str
    amount: ByPeriod
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank:
    """Room that the stocks which name it share."""

    id: str
    unit: str
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """Where a commodity can wait; see `karvan.engines.planner.problem.Stocks`."""

    place: str
    commodity: str
    limit: float
    initial: float
    cost: float
    worth_at_end: float
    tank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Capacity that ways share, of one part or of several, in `unit` a day by period."""

    id: str
    unit: str
    per_day: ByPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """A limit of quality on what is mixed; a unit takes its excess of it, of either sign."""

    id: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Ships or wagons: hours in each period that all of them together can be worked."""

    id: str
    hours: ByPeriod


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """What one unit of a commodity on a way takes of a joint, a fleet or a contract.

    Attributes
    ----------
    commodity
        Empty for each commodity of the way.
    """

    of: str
    way: str
    per_unit: float
    commodity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramp:
    """How quickly a way can be used more: unit a day, by period, and what went before.

    Attributes
    ----------
    also
        Further ways that rise together with it: what all carry rises so.
    """

    way: str
    rise: ByPeriod
    before: float
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """What a way needs in its unit a day, by period, and the price of a unit it lacks."""

    way: str
    per_day: ByPeriod
    price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """A commodity in a line: what is there at first, and what a unit costs that is in it.

    Attributes
    ----------
    cost, cost_at_end
        Over the end of a period, and after the last one besides.
    """

    commodity: str
    initial: float
    cost: float
    cost_at_end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFill:
    """A way that is not full: `volume` in its unit, and each commodity that it carries."""

    way: str
    volume: float
    holds: tuple[InLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Least and most over periods; `price` of a unit short of the least.

    Attributes
    ----------
    first, last
        The periods, both included; None for the last of all.
    """

    id: str
    unit: str
    least: float = 0.0
    price: float = 0.0
    most: float = float("inf")
    first: int = 0
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one trade moves. A joint or fleet that a way takes of may stand in another part."""

    name: str
    commodities: tuple[Commodity, ...]
    ways: tuple[Way, ...]
    supplies: tuple[Volume, ...] = ()
    demands: tuple[Volume, ...] = ()
    tanks: tuple[Tank, ...] = ()
    stocks: tuple[Stock, ...] = ()
    joints: tuple[Joint, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    ramps: tuple[Ramp, ...] = ()
    contracts: tuple[Contract, ...] = ()
    takes: tuple[Take, ...] = ()
    blends: tuple[Blend, ...] = ()
    minima: tuple[Minimum, ...] = ()
    fills: tuple[LineFill, ...] = ()
