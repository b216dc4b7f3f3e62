"""The figures a study is told by: a handful of numbers, each with its unit.

They are of the oil of one country: what it sends out, stores, refines and leaves behind; or of the
freight, in tonnes of goods and in containers; or of both, each in its own figures, where both are
planned. A low and a high end stand where the factors of a figure are estimates, or where runs give
an interval.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Final, TypeVar

from karvan.services.planning.carriage import SALE
from karvan.services.planning.oil import COMMODITIES
from karvan.services.planning.results import (
    About,
    CostOf,
    Emission,
    Flow,
    Results,
    RouteTaken,
    ShutIn,
    Stock,
    Unserved,
)
from karvan.services.planning.scenario import covers
from karvan.services.words import Labels

#: Whose goods are told, and the country they leave.
TOLD, COUNTRY = "kazakh", "KZ"
_KT_PER_MT: Final = 1000.0
_EMPTIES: Final = "empties"


class Trade(StrEnum):
    """What is told by itself."""

    OIL = "oil"
    FREIGHT = "freight"


_Any = TypeVar("_Any", Flow, Stock, ShutIn, Unserved, RouteTaken, CostOf, Emission)
_Amounts = TypeVar("_Amounts", Flow, Stock, ShutIn, Unserved, RouteTaken)


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
    "lost": Shape(unit="Mt", decimals=2, better=-1),
    "carriage_per_t": Shape(unit="USD/t", decimals=1, better=-1),
    "discount_per_t": Shape(unit="USD/t", decimals=1, better=-1),
    "not_earned": Shape(unit="M USD", decimals=0, better=-1),
    "co2e_per_t": Shape(unit="kg/t", decimals=1, better=-1),
    "carried": Shape(unit="Mt", decimals=2, better=1),
    "boxes": Shape(unit="thousand TEU", decimals=0, better=1),
    "freight_left_behind": Shape(unit="Mt", decimals=2, better=-1),
    "freight_per_t": Shape(unit="USD/t", decimals=1, better=-1),
    "freight_not_earned": Shape(unit="M USD", decimals=0, better=-1),
    "freight_co2e_per_t": Shape(unit="kg/t", decimals=1, better=-1),
}

#: What figures of the freight are called beside those of the oil.
_BESIDE_OIL: Final = {
    "left_behind": "freight_left_behind",
    "carriage_per_t": "freight_per_t",
    "not_earned": "freight_not_earned",
    "co2e_per_t": "freight_co2e_per_t",
}
_CARRIED: Final = ("carried", "boxes")
_TEU: Final = "TEU"

#: Names and units of the figures, as they are told.
NAMES: Final = Labels(
    "figure",
    {
        "exported": "Oil exported",
        "refined": "Refined at home",
        "stored": "Put into storage",
        "left_behind": "Left behind",
        "lost": "Lost on the way",
        "carriage_per_t": "Carriage per tonne delivered",
        "discount_per_t": "Sold below the reference, per tonne",
        "not_earned": "Money not earned",
        "co2e_per_t": "CO2e per tonne delivered",
        "carried": "Freight carried",
        "boxes": "Containers carried, laden",
        "freight_left_behind": "Freight left behind",
        "freight_per_t": "Carriage per tonne of freight",
        "freight_not_earned": "Freight not earned",
        "freight_co2e_per_t": "CO2e per tonne of freight",
    },
)
UNITS: Final = Labels(
    "figure-unit",
    {
        "exported": "million tonnes",
        "refined": "million tonnes",
        "stored": "million tonnes",
        "left_behind": "million tonnes",
        "lost": "million tonnes",
        "carriage_per_t": "US dollars",
        "discount_per_t": "US dollars",
        "not_earned": "million US dollars",
        "co2e_per_t": "kg, well to wheel, estimate",
        "carried": "million tonnes",
        "boxes": "thousand TEU",
        "freight_left_behind": "million tonnes",
        "freight_per_t": "US dollars",
        "freight_not_earned": "million US dollars",
        "freight_co2e_per_t": "kg, well to wheel, estimate",
    },
)


#: Amounts of what is asked for.
_ASKED: Final = ("asked", "unserved", "late", "waits", "came")


def trades_of(results: Results) -> tuple[Trade, ...]:
    """What is told of results: oil, freight, or both in this order."""
    if not is_oil(results):
        return (Trade.FREIGHT,)
    freight = any(is_freight(row.commodity) for row in results.unserved if not row.outlet)
    return (Trade.OIL, Trade.FREIGHT) if freight else (Trade.OIL,)


def told_in(results: Results, trade: Trade | None = None) -> Results:
    """What is told of results in a trade, all in kt; without one, in the first there is.

    Empty boxes are no freight; what a place of freight could have sent is no loss of its own.
    Told again it is the same.
    """
    oil = is_oil(results) if trade is None else trade is Trade.OIL

    def told(rows: Sequence[_Any]) -> tuple[_Any, ...]:
        return tuple(
            row for row in rows if (is_told(row.commodity) if oil else is_freight(row.commodity))
        )

    return replace(
        results,
        flow=tuple(_in_kt(row, ("amount", "filled", "lost")) for row in told(results.flow)),
        stock=tuple(_in_kt(row, ("amount", "before")) for row in told(results.stock)),
        shut_in=tuple(_in_kt(row, ("offered", "shut_in")) for row in told(results.shut_in))
        if oil
        else (),
        unserved=tuple(_in_kt(row, _ASKED) for row in told(results.unserved)),
        routes=tuple(_in_kt(row, ("amount", "arriving")) for row in told(results.routes)),
        cost_by_carrier=told(results.cost_by_carrier),
        cost_by_country=told(results.cost_by_country),
        emissions=told(results.emissions),
    )


def is_oil(told: Results) -> bool:
    """Whether what is told is oil."""
    made = any(is_told(row.commodity) for row in told.shut_in)
    return made or any(is_told(row.commodity) for row in told.flow)


def _in_kt(row: _Amounts, columns: Sequence[str]) -> _Amounts:
    """A row in kt; what nobody knows the mass of weighs nothing."""
    factor = (row.t_per_unit or 0.0) / 1000
    if row.unit == "kt":
        return row
    changes: dict[str, Any] = {name: getattr(row, name) * factor for name in columns}
    return replace(row, unit="kt", t_per_unit=1000.0, **changes)


def parts_of(results: Results) -> Mapping[Trade, Results]:
    """What is told of results in each trade there is."""
    return {trade: told_in(results, trade) for trade in trades_of(results)}


def figures_of(
    results: Results, parts: Mapping[Trade, Results] | None = None
) -> tuple[Figure, ...]:
    """The figures of what is told of results, in the order of `FIGURES`; of freight alone first
    what is carried.

    Of both trades the figures of the freight have names of their own, but for what it alone has.
    Containers are counted as long as results are in the units of their goods.

    Parameters
    ----------
    parts
        What is told in each trade, where that is known already.
    """
    values: dict[str, _Value] = {}
    parts = parts_of(results) if parts is None else parts
    trades = tuple(parts)
    for trade, part in parts.items():
        for key, value in _values(part).items():
            values[_BESIDE_OIL.get(key, key) if trade is not trades[0] else key] = value
    boxes = _boxes(results)
    if boxes:
        values["boxes"] = (boxes, None, None)
    carried = {key: FIGURES[key] for key in _CARRIED}
    told = {**carried, **FIGURES} if trades == (Trade.FREIGHT,) else FIGURES
    return tuple(
        Figure(
            key=key,
            unit=shape.unit,
            value=_told(values[key][0]),
            low=values[key][1],
            high=values[key][2],
        )
        for key, shape in told.items()
        if key in values
    )


#: A figure with its low and high end.
_Value = tuple[float, float | None, float | None]


def _boxes(results: Results) -> float:
    """Thousand TEU of laden containers that come where they are asked for."""
    return (
        sum(
            row.came
            for row in results.unserved
            if row.unit == _TEU and not row.outlet and is_freight(row.commodity)
        )
        / 1000
    )


def _values(told: Results) -> Mapping[str, _Value]:
    """Figures of one trade, by the names they have alone."""
    sales = [row for row in told.flow if row.mode == SALE]
    moves = [row for row in told.flow if row.mode != SALE]
    asked = [row for row in told.unserved if not row.outlet]
    served = sum(row.came for row in asked)
    sold = sum(row.amount for row in sales)
    lost = sum(row.worth_kusd for row in told.shut_in) + sum(row.worth_kusd for row in asked)
    delivered = sold + served
    values: dict[str, _Value] = {
        "left_behind": (sum(left_in(told)), None, None),
        "carriage_per_t": (_each(sum(row.cost_kusd for row in moves), delivered), None, None),
        "not_earned": (lost / 1000, None, None),
    }
    if is_oil(told):
        out = sum(row.amount for row in told.flow if leaves(row))
        stored = sum(max(0.0, row.amount - row.before) for row in told.stock)
        values["exported"] = (out / _KT_PER_MT, None, None)
        values["lost"] = (sum(row.lost for row in told.flow) / _KT_PER_MT, None, None)
        values["refined"] = (served / _KT_PER_MT, None, None)
        values["stored"] = (stored / _KT_PER_MT, None, None)
        values["discount_per_t"] = (_each(sum(row.cost_kusd for row in sales), sold), None, None)
    else:
        values["carried"] = (served / _KT_PER_MT, None, None)
    emitted = _emitted(moves)
    if emitted is not None:
        value, low, high = (_each(each, delivered) for each in emitted)
        values["co2e_per_t"] = (value, low, high)
    return values


def is_told(commodity: str) -> bool:
    """Whether a commodity is the oil that is told of, or a grade of it.

    >>> is_told("kazakh light"), is_told("russian")
    (True, False)
    """
    return covers(TOLD, commodity)


def is_freight(commodity: str) -> bool:
    """Whether a commodity is freight that is told of: a laden box or goods that a place gets.

    >>> is_freight("grain KZ-KOS without RU"), is_freight("empties"), is_freight("russian")
    (True, False, False)
    """
    return commodity not in COMMODITIES and not commodity.startswith(_EMPTIES)


def leaves(row: Flow) -> bool:
    """Whether oil leaves the country, or freight goes from one to another."""
    if is_told(row.commodity):
        return row.from_country == COUNTRY != row.to_country
    return bool(row.from_country and row.to_country) and row.from_country != row.to_country


def ways_out(told: Results) -> Mapping[str, float]:
    """Mt over each link that leaves the country, of freight over each border; largest first."""
    return _by([(row.link, row.amount) for row in told.flow if leaves(row)])


def outlets(told: Results) -> Mapping[str, float]:
    """Mt sold at each place, of freight delivered there, the largest first."""
    if is_oil(told):
        return _by([(row.from_place, row.amount) for row in told.flow if row.mode == SALE])
    return _by([(row.place, row.came) for row in told.unserved if not row.outlet])


def left_by_month(results: Results) -> tuple[float, ...]:
    """Mt of what is told left behind in each month; see `left_in`."""
    return left_in(told_in(results))


def left_in(told: Results) -> tuple[float, ...]:
    """Mt of one trade left behind in each month: shut in, or asked for and not served.

    A tonne that a field leaves in the ground and a refinery waits for is one tonne: of each
    commodity the larger of the two amounts of a month is left behind, not their sum.
    """
    shut_in: dict[tuple[str, str], float] = defaultdict(float)
    unserved: dict[tuple[str, str], float] = defaultdict(float)
    for made in told.shut_in:
        shut_in[made.month, made.commodity] += made.shut_in
    for row in told.unserved:
        unserved[row.month, row.commodity] += row.unserved
    left = dict.fromkeys(told.months, 0.0)
    for key in {**shut_in, **unserved}:
        left[key[0]] += max(shut_in[key], unserved[key]) / _KT_PER_MT
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
    value, low, high = (sum(part[at] or 0.0 for part in parts) for at in range(3))
    return value, low, high


def _each(total: float, amount: float) -> float:
    return total / amount if amount else 0.0


def _told(value: float) -> float:
    return round(value, 9) + 0.0
