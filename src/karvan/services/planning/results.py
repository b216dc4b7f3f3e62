"""The results of a study as tables: what went where, what waited, what stayed, what it cost.

Every table is a tuple of rows of one kind; every column says what it is and in which unit, so that
files, pages and the reference are made from the same words. Amounts are in the unit of their
commodity, which the row names; money is in thousand US dollars; CO2e is well to wheel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final


@dataclass(frozen=True, slots=True)
class About:
    """What a column is, and its unit."""

    text: str
    unit: str = ""


Commodity = Annotated[str, About("what is carried")]
Month = Annotated[str, About("the month, like 2025-12")]
Unit = Annotated[str, About("unit of the amounts: kt is a thousand tonnes")]
Mass = Annotated[float | None, About("tonnes of one unit; empty where nobody knows", "t")]
Mode = Annotated[str, About("how it is carried; `sale` is the way from an outlet to the market")]
Kusd = Annotated[float, About("thousand US dollars", "1000 USD")]
Co2e = Annotated[float | None, About("CO2e well to wheel; empty where nobody knows", "t")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What left a place by a link in a month."""

    link: Annotated[str, About("id of the link, of the way by rail, or of the sale")]
    from_place: Annotated[str, About("id of the place it leaves")]
    to_place: Annotated[str, About("id of the place it goes to")]
    from_country: Annotated[str, About("country of the place it leaves, empty for none")]
    to_country: Annotated[str, About("country of the place it goes to, empty for the market")]
    mode: Mode
    carrier: Annotated[str, About("who carries it")]
    country: Annotated[str, About("countries it is carried through, with ; between")]
    commodity: Commodity
    month: Month
    unit: Unit
    t_per_unit: Mass
    amount: Annotated[float, About("what left in the month", "`unit`")]
    filled: Annotated[float, About("what of it stays in the line, to fill it", "`unit`")]
    lost: Annotated[float, About("what of it is lost on the way and in tanks before", "`unit`")]
    cost_kusd: Annotated[float, About("what that cost; of a sale, what it brings less", "1000 USD")]
    km: Annotated[float | None, About("length of the way; empty for a sale", "km")]
    co2e_t: Co2e
    co2e_low_t: Annotated[float | None, About("with the low end of the factor", "t")]
    co2e_high_t: Annotated[float | None, About("with the high end of the factor", "t")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """What waits in tanks or yards at the end of a month."""

    place: Annotated[str, About("id of the place")]
    commodity: Commodity
    month: Month
    unit: Unit
    t_per_unit: Mass
    amount: Annotated[float, About("what waits at the end of the month", "`unit`")]
    before: Annotated[float, About("what waited at its beginning", "`unit`")]
    cost_kusd: Annotated[float, About("cost of holding it", "1000 USD")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """What has left by a link and not arrived at the end of a month."""

    link: Annotated[str, About("id of the link")]
    to_place: Annotated[str, About("id of the place it goes to")]
    commodity: Commodity
    month: Month
    unit: Unit
    t_per_unit: Mass
    amount: Annotated[float, About("what is under way at the end of the month", "`unit`")]
    before: Annotated[float, About("what was at its beginning", "`unit`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShutIn:
    """What a place could have produced, and what of it was left in the ground."""

    place: Annotated[str, About("id of the place")]
    commodity: Commodity
    month: Month
    unit: Unit
    t_per_unit: Mass
    offered: Annotated[float, About("what could be produced", "`unit`")]
    shut_in: Annotated[float, About("what was not", "`unit`")]
    worth_kusd: Annotated[float, About("what was not earned: shut in at its price", "1000 USD")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """What a place asked for in a month, and what of it did not come; outlets take what comes."""

    place: Annotated[str, About("id of the place")]
    commodity: Commodity
    month: Month
    unit: Unit
    outlet: Annotated[bool, About("whether it asks for nothing and takes what comes")]
    t_per_unit: Mass
    asked: Annotated[float, About("what was asked for; of an outlet, what came", "`unit`")]
    unserved: Annotated[float, About("what did not come, nor waits in a yard", "`unit`")]
    late: Annotated[float, About("what came in a later month", "`unit`")]
    waits: Annotated[float, About("what waits in a yard after the last month", "`unit`")]
    came: Annotated[float, About("what came in the month, for whichever", "`unit`")]
    worth_kusd: Annotated[float, About("what did not come is worth at its price", "1000 USD")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTaken:
    """An amount that went one way; the routes over a link in a month add up to its flow."""

    commodity: Commodity
    origin: Annotated[str, About("id of what it comes from, or `stock` and a place")]
    destination: Annotated[
        str, About("id of where it ends, or `stock` and a place, `under way` and a link")
    ]
    links: Annotated[str, About("ids of the links in order, with a space between")]
    month: Annotated[str, About("month in which it leaves; empty where it only waits")]
    unit: Unit
    t_per_unit: Mass
    amount: Annotated[float, About("what went", "`unit`")]
    entering: Annotated[str, About("what entered each link, in order, with a space between")]
    arriving: Annotated[float, About("what came to its end: less what was lost", "`unit`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """A limit that binds, and what one more of it would save."""

    limit: Annotated[str, About("kind of limit")]
    of: Annotated[str, About("id of what is limited")]
    month: Annotated[str, About("the month; empty where the limit covers several")]
    worth_kusd: Annotated[float, About("what one more would save", "1000 USD")]
    for_a: Annotated[str, About("of which unit that one is: kt, or an hour of ships")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """How much of a capacity was used in a month; what has no limit is left out."""

    limit: Annotated[str, About("kind of limit")]
    of: Annotated[str, About("id of what is limited")]
    month: Month
    unit: Annotated[str, About("unit of the capacity")]
    capacity: Annotated[float, About("what there was", "`unit`")]
    used: Annotated[float, About("what of it was used", "`unit`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a pipeline holds and carries in a month, and the least it needs."""

    link: Annotated[str, About("id of the link")]
    month: Month
    unit: Annotated[str, About("unit of its capacity")]
    volume: Annotated[float | None, About("what it holds when full; empty: not told", "`unit`")]
    before: Annotated[float | None, About("what was in it at the beginning", "`unit`")]
    amount: Annotated[float | None, About("what was in it at the end", "`unit`")]
    into: Annotated[float, About("what went in", "`unit`")]
    out_of: Annotated[float, About("what came out, with what was lost", "`unit`")]
    lost: Annotated[float, About("what was lost", "`unit`")]
    days: Annotated[float | None, About("how long oil was in it, at that rate", "d")]
    least: Annotated[float, About("what it needs to run well", "`unit`")]
    lacking: Annotated[float, About("what of that it lacked, and paid for", "`unit`")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostOf:
    """What moving cost, by carrier or by country; sales are not in it."""

    name: Annotated[str, About("the carrier, or the countries with ; between")]
    commodity: Commodity
    cost_kusd: Kusd


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """CO2e of a mode over all months."""

    mode: Mode
    commodity: Commodity
    mtkm: Annotated[float, About("what was carried, how far", "million tonne-km")]
    co2e_t: Co2e
    co2e_low_t: Annotated[float | None, About("with the low end of the factor", "t")]
    co2e_high_t: Annotated[float | None, About("with the high end of the factor", "t")]
    factor: Annotated[str, About("row of the emission factors; empty for none")]
    g_per_tkm: Annotated[float | None, About("the factor", "g/tkm")]
    estimate: Annotated[bool, About("whether the factor is an estimate")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """How the answer was checked, over all plans of the study.

    Attributes
    ----------
    mass_balance
        Largest amount that appears or vanishes at a place in a month, in the unit of the
        commodity, added up from the flow, stock and supply of the tables themselves.
    """

    solver: str
    gap: float
    worst_residual: float
    mass_balance: float
    plans: int


Row = (
    Flow
    | Stock
    | UnderWay
    | ShutIn
    | Unserved
    | RouteTaken
    | Bottleneck
    | Used
    | Line
    | CostOf
    | Emission
)

#: Name of each table, and what its rows are.
KINDS: Final[dict[str, type[Row]]] = {
    "flow": Flow,
    "stock": Stock,
    "under_way": UnderWay,
    "shut_in": ShutIn,
    "unserved": Unserved,
    "routes": RouteTaken,
    "bottlenecks": Bottleneck,
    "capacity": Used,
    "lines": Line,
    "cost_by_carrier": CostOf,
    "cost_by_country": CostOf,
    "emissions": Emission,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything that is told of a study, month by month."""

    months: tuple[str, ...]
    flow: tuple[Flow, ...]
    stock: tuple[Stock, ...]
    under_way: tuple[UnderWay, ...]
    shut_in: tuple[ShutIn, ...]
    unserved: tuple[Unserved, ...]
    routes: tuple[RouteTaken, ...]
    bottlenecks: tuple[Bottleneck, ...]
    capacity: tuple[Used, ...]
    lines: tuple[Line, ...]
    cost_by_carrier: tuple[CostOf, ...]
    cost_by_country: tuple[CostOf, ...]
    emissions: tuple[Emission, ...]
    checks: Checks
