"""Demand and supply: what wants to move, by origin, destination, commodity and year.

Rows say what is known and nothing more: a year without a figure has no row. What passed a
place, a line or a carrier is no demand but an observation (`karvan.network.observations`),
so that a model fed with the one can be compared with the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

CommodityId = NewType("CommodityId", str)
DemandId = NewType("DemandId", str)

#: Origin or destination of a row that names none.
ANYWHERE = "*"


class Dimension(StrEnum):
    """What a unit measures; figures of two dimensions are never compared."""

    MASS = "mass"
    VOLUME = "volume"
    COUNT = "count"
    MONEY = "money"
    TIME = "time"
    SPEED = "speed"
    LENGTH = "length"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the tables.

    Attributes
    ----------
    dimension
        What it measures.
    counts
        What is counted, for a count: TEU and wagons are both counts and never compared.
    factor
        How many base units it is: t, m3, piece, USD or EUR, h, km/h, m, 1.
    per_year
        For a rate how many of its time unit a year has; `None` for an amount.
    """

    dimension: Dimension
    factor: float
    counts: str = ""
    per_year: float | None = None


_DAYS = 365.25
#: Cubic metres of an oil barrel. Source: ISO 80000-3, annex of other units.
_BARREL_M3 = 0.158987294928

_AMOUNTS = {
    "t": Unit(Dimension.MASS, 1.0),
    "kt": Unit(Dimension.MASS, 1e3),
    "Mt": Unit(Dimension.MASS, 1e6),
    "tU": Unit(Dimension.MASS, 1.0, "uranium content"),
    "m3": Unit(Dimension.VOLUME, 1.0),
    "bbl": Unit(Dimension.VOLUME, _BARREL_M3),
    "kb": Unit(Dimension.VOLUME, 1e3 * _BARREL_M3),
    "Mb": Unit(Dimension.VOLUME, 1e6 * _BARREL_M3),
    "Mbbl": Unit(Dimension.VOLUME, 1e6 * _BARREL_M3),
    "M USD": Unit(Dimension.MONEY, 1e6, "USD"),
    "bn USD": Unit(Dimension.MONEY, 1e9, "USD"),
    "bn EUR": Unit(Dimension.MONEY, 1e9, "EUR"),
    "min": Unit(Dimension.TIME, 1 / 60),
    "h": Unit(Dimension.TIME, 1.0),
    "days": Unit(Dimension.TIME, 24.0),
    "months": Unit(Dimension.TIME, 24.0 * _DAYS / 12),
    "km/h": Unit(Dimension.SPEED, 1.0),
    "km/day": Unit(Dimension.SPEED, 1 / 24),
    "m": Unit(Dimension.LENGTH, 1.0),
    "dwt": Unit(Dimension.MASS, 1.0, "deadweight"),
    "%": Unit(Dimension.SHARE, 0.01),
    "times": Unit(Dimension.SHARE, 1.0),
    "ratio": Unit(Dimension.SHARE, 1.0),
}
_COUNTED = (
    "TEU",
    "calls",
    "cars",
    "containers",
    "ferries",
    "ships",
    "trailers",
    "train pairs",
    "trains",
    "trucks",
    "vehicles",
    "wagons",
)
_PER_YEAR = {
    "y": 1.0,
    "year": 1.0,
    "half-year": 2.0,
    "quarter": 4.0,
    "month": 12.0,
    "week": _DAYS / 7,
    "d": _DAYS,
    "day": _DAYS,
    "shift": 2 * _DAYS,
    "night": _DAYS,
}


def find_unit(text: str) -> Unit | None:
    """Give a unit by its spelling in the tables, or `None`.

    >>> find_unit("kt/month")
    Unit(dimension=<Dimension.MASS: 'mass'>, factor=1000.0, counts='', per_year=12.0)
    >>> find_unit("furlongs") is None
    True
    """
    amount = _find_amount(text)
    if amount is not None:
        return amount
    head, _, tail = text.rpartition("/")
    amount = _find_amount(head)
    if amount is None or tail not in _PER_YEAR:
        return None
    return Unit(amount.dimension, amount.factor, amount.counts, _PER_YEAR[tail])


def _find_amount(text: str) -> Unit | None:
    if text in _COUNTED:
        return Unit(Dimension.COUNT, 1.0, text)
    return _AMOUNTS.get(text)


class DemandKind(StrEnum):
    """What a figure is. Only `demand` and `production` happened."""

    DEMAND = "demand"
    SUPPLY = "supply"
    PRODUCTION = "production"
    TARGET = "target"
    PLAN = "plan"
    CAPACITY = "capacity"
    GROWTH = "growth"


class Basis(StrEnum):
    """What time a figure covers."""

    YEAR = "year"
    PART_YEAR = "part_year"
    SEASON = "season"
    RATE = "rate"
    SINCE_START = "since_start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """What is carried, as far as the facts tell it apart."""

    id: CommodityId
    name: str
    unit: str
    hs: tuple[str, ...]
    hazard: str
    fact: tuple[str, ...]
    source: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """So much of a commodity from here to there in a year.

    Attributes
    ----------
    origin, destination
        A place, a country, a customs territory, or `ANYWHERE`.
    volume
        As published, in `unit`; never negative but for growth.
    low, high
        The range told, `None` without one.
    """

    id: DemandId
    origin: str
    destination: str
    commodity: CommodityId
    year: int
    volume: float
    unit: str
    low: float | None
    high: float | None
    kind: DemandKind
    basis: Basis
    scope: str
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """So much of a commodity from a field, or from all of a country, in a year."""

    id: DemandId
    place: str
    commodity: CommodityId
    year: int
    volume: float
    unit: str
    low: float | None
    high: float | None
    kind: DemandKind
    basis: Basis
    scope: str
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str
