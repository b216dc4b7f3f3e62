"""The figures a study is told by: a handful of numbers, each with its unit.

They are of the oil of one country: what it sends out, stores, refines and leaves behind. A low and
a high end stand where the factors of a figure are estimates, or where runs give an interval.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from karvan.services.planning.carriage import SALE
from karvan.services.planning.results import About, Flow, Results
from karvan.services.planning.scenario import covers
from karvan.services.words import Labels

#: Whose goods are told, and the country they leave.
TOLD, COUNTRY = "kazakh", "KZ"
_KT_PER_MT: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure."""

    key: Annotated[str, About("name of the figure")]
    unit: Annotated[str, About("its unit")]
    value: Annotated[float, About("the figure")]
    low: Annotated[float | None, About("its low end; empty where none is known")]
    high: Annotated[float | None, About("its high end; empty where none is known")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a figure is told.

    Attributes
    ----------
    decimals
        With how many it is told.
    better
        1 where more is better, -1 where less is, 0 where neither is.
    """

    unit: str
    decimals: int
    better: int


#: Every figure, in the order in which they are told.
FIGURES: Final[Mapping[str, Shape]] = {
    "exported": Shape(unit="Mt", decimals=2, better=1),
    "refined": Shape(unit="Mt", decimals=2, better=1),
    "stored": Shape(unit="Mt", decimals=2, better=0),
    "left_behind": Shape(unit="Mt", decimals=2, better=-1),
    "carriage_per_t": Shape(unit="USD/t", decimals=1, better=-1),
    "discount_per_t": Shape(unit="USD/t", decimals=1, better=-1),
    "not_earned": Shape(unit="M USD", decimals=0, better=-1),
    "co2e_per_t": Shape(unit="kg/t", decimals=1, better=-1),
}

#: Names and units of the figures, as they are told.
NAMES: Final = Labels(
    "figure",
    {
        "exported": "Oil exported",
        "refined": "Refined at home",
        "stored": "Put into storage",
        "left_behind": "Left behind",
        "carriage_per_t": "Carriage per tonne delivered",
        "discount_per_t": "Sold below the reference, per tonne",
        "not_earned": "Money not earned",
        "co2e_per_t": "CO2e per tonne delivered",
    },
)
UNITS: Final = Labels(
    "figure-unit",
    {
        "exported": "million tonnes",
        "refined": "million tonnes",
        "stored": "million tonnes",
        "left_behind": "million tonnes",
        "carriage_per_t": "US dollars",
        "discount_per_t": "US dollars",
        "not_earned": "million US dollars",
        "co2e_per_t": "kg, well to wheel, estimate",
    },
)


def figures_of(results: Results) -> tuple[Figure, ...]:
    """The figures of results, in the order of `FIGURES`; amounts of the told commodity."""
    flow = [row for row in results.flow if is_told(row.commodity)]
    sales = [row for row in flow if row.mode == SALE]
    moves = [row for row in flow if row.mode != SALE]
    unserved = [row for row in results.unserved if is_told(row.commodity)]
    shut_in = [row for row in results.shut_in if is_told(row.commodity)]
    refined = sum(row.asked - row.unserved for row in unserved)
    sold = sum(row.amount for row in sales)
    left = sum(row.shut_in for row in shut_in) + sum(row.unserved for row in unserved)
    lost = sum(row.worth_kusd for row in shut_in) + sum(row.worth_kusd for row in unserved)
    stored = sum(
        max(0.0, row.amount - row.before) for row in results.stock if is_told(row.commodity)
    )
    delivered = sold + refined
    values: dict[str, tuple[float, float | None, float | None]] = {
        "exported": (sum(row.amount for row in flow if leaves(row)) / _KT_PER_MT, None, None),
        "refined": (refined / _KT_PER_MT, None, None),
        "stored": (stored / _KT_PER_MT, None, None),
        "left_behind": (left / _KT_PER_MT, None, None),
        "carriage_per_t": (_each(sum(row.cost_kusd for row in moves), delivered), None, None),
        "discount_per_t": (_each(sum(row.cost_kusd for row in sales), sold), None, None),
        "not_earned": (lost / 1000, None, None),
    }
    emitted = _emitted(moves)
    if emitted is not None:
        value, low, high = (_each(each, delivered) for each in emitted)
        values["co2e_per_t"] = (value, low, high)
    return tuple(
        Figure(key=key, unit=FIGURES[key].unit, value=_told(value), low=low, high=high)
        for key, (value, low, high) in values.items()
    )


def is_told(commodity: str) -> bool:
    """Whether a commodity is told of, or a grade of it.

    >>> is_told("kazakh light"), is_told("russian")
    (True, False)
    """
    return covers(TOLD, commodity)


def leaves(row: Flow) -> bool:
    """Whether a flow leaves the country."""
    return row.from_country == COUNTRY != row.to_country


def ways_out(results: Results) -> Mapping[str, float]:
    """Mt that leave the country by each link, the largest first."""
    return _by(
        [(row.link, row.amount) for row in results.flow if is_told(row.commodity) and leaves(row)]
    )


def outlets(results: Results) -> Mapping[str, float]:
    """Mt sold at each place, the largest first."""
    sales = [row for row in results.flow if is_told(row.commodity) and row.mode == SALE]
    return _by([(row.from_place, row.amount) for row in sales])


def left_by_month(results: Results) -> tuple[float, ...]:
    """Mt left behind in each month: shut in, or asked for and not served."""
    left = dict.fromkeys(results.months, 0.0)
    for made in results.shut_in:
        if is_told(made.commodity):
            left[made.month] += made.shut_in / _KT_PER_MT
    for served in results.unserved:
        if is_told(served.commodity):
            left[served.month] += served.unserved / _KT_PER_MT
    return tuple(_told(each) for each in left.values())


def _by(amounts: Sequence[tuple[str, float]]) -> Mapping[str, float]:
    found: dict[str, float] = defaultdict(float)
    for name, amount in amounts:
        found[name] += amount / _KT_PER_MT
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _emitted(moves: Sequence[Flow]) -> tuple[float, float, float] | None:
    """CO2e in tonnes, with low and high; None where a part of it is not known."""
    parts = [
        (row.co2e_t, row.co2e_low_t, row.co2e_high_t) for row in moves if row.co2e_t is not None
    ]
    if len(parts) < len(moves):
        return None
    value, low, high = (sum(each or 0.0 for each in column) for column in zip(*parts, strict=True))
    return value, low, high


def _each(total: float, amount: float) -> float:
    return total / amount if amount else 0.0


def _told(value: float) -> float:
    return round(value, 9) + 0.0
