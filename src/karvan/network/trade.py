"""Trade between two countries by value: whose count, which way, which months.

What one country says it sold and what the other says it bought are two counts of the same goods.
They differ, sometimes by more than double, and are never mixed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: Origin or destination of a factor that holds for any.
ANY = "*"
#: US dollars or euros of one unit of the tables.
AMOUNTS = {"M USD": ("USD", 1e6), "bn USD": ("USD", 1e9), "bn EUR": ("EUR", 1e9)}


class Flow(StrEnum):
    """Which way."""

    GOODS = "goods"
    TURNOVER = "turnover"


class ValueKind(StrEnum):
    """What a figure is; only `counted` happened."""

    COUNTED = "counted"
    GROWTH = "growth"
    GOAL = "goal"
    BASKET = "basket"


class FactorKind(StrEnum):
    """What turns money into tonnes and boxes."""

    WORTH = "worth"
    IN_BOXES = "in boxes"
    LOAD = "load"


class Goods(StrEnum):
    """Which goods a factor is of."""

    ALL = "all"
    BASKET = "basket"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeValue:
    """A figure of the trade of two countries.

    Attributes
    ----------
    reporter
        Who counted; empty where nobody says.
    first_month, last_month
        1 and 12 of a year.
    net_kg
        Mass of the goods, where the count has it.
    imported
        Whether it comes from a file of somebody's, and not from the shipped tables.
    """

    id: str
    reporter: str
    origin: str
    destination: str
    flow: Flow
    year: int
    first_month: int
    last_month: int
    kind: ValueKind
    scope: str
    value: float
    unit: str
    low: float | None
    high: float | None
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str
    net_kg: float | None = None
    imported: bool = False

    @property
    def money(self) -> float:
        """The amount in whole units of its currency; 0 for growth."""
        return self.value * AMOUNTS[self.unit][1] if self.unit in AMOUNTS else 0.0

    @property
    def currency(self) -> str:
        """USD or EUR; empty for growth."""
        return AMOUNTS[self.unit][0] if self.unit in AMOUNTS else ""

    @property
    def whole_year(self) -> bool:
        """Whether it covers all months of its year."""
        return (self.first_month, self.last_month) == (1, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class TradedGood:
    """A good that is named between two countries."""

    id: str
    origin: str
    destination: str
    year: int
    goods: str
    hs: tuple[str, ...]
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeFactor:
    """An estimate that turns money into tonnes, or tonnes into boxes."""

    id: str
    origin: str
    destination: str
    factor: FactorKind
    of: Goods
    value: float
    low: float
    high: float
    unit: str
    fact: tuple[str, ...]
    source: tuple[str, ...]
    estimate: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterValue:
    """What a country counted of one HS chapter in a year, from imported figures."""

    reporter: str
    origin: str
    destination: str
    year: int
    months: int
    chapter: str
    value_usd: float
    net_kg: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeTables:
    """Everything that is known of trade.

    Attributes
    ----------
    countries
        Countries and customs territories that rows may name.
    chapters
        Titles of HS chapters by their two digits.
    by_chapter
        Imported figures; none are shipped.
    """

    values: tuple[TradeValue, ...]
    goods: tuple[TradedGood, ...]
    factors: tuple[TradeFactor, ...]
    countries: frozenset[str]
    chapters: dict[str, str]
    by_chapter: tuple[ChapterValue, ...] = ()
