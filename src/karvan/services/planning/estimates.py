"""The estimates of a scenario: figures with a low and a high end, drawn and put back.

A draw is triangular: its ends are the low and the high end, its mode is the figure as told; where
an end is not told, it is the figure. Draws are named by table and row, so that the same estimate of
two scenarios has the same luck in a run, whatever else they hold.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Final, TypeVar, cast

import numpy as np

from karvan.engines.emissions.factors import EmissionFactor
from karvan.engines.planner.problem import Floats
from karvan.engines.transit_time.streams import uniforms
from karvan.services.planning.freight_base import FreightDemand, FreightYard
from karvan.services.planning.scenario import OIL, Event, Scenario, Source

#: The figure of a row that its low and high ends are about.
FIGURES: Final[Mapping[str, str]] = {
    "Volume": "mt_per_y",
    "Outlet": "discount_usd_t",
    "RailWay": "mt_per_y",
    "Terminal": "mt_per_y",
    "TankRoom": "kt",
    "ShipFleet": "ships",
    "RouteCap": "mt_per_y",
    "RouteContract": "least_kt",
    "LeastFlow": "mt_per_y",
    "FleetLeg": "share",
    "Charge": "usd_t",
    "Rule": "usd_t",
    "RampLimit": "months_to_full",
    "LineMinimum": "share",
    "Loss": "percent",
    "Quality": "value",
    "BlendPoint": "most",
    "Change": "value",
    "Event": "share_lost",
    "FreightDemand": "volume",
    "FreightYard": "room",
}
#: Rows of several figures and no range: they are told as not drawn.
SEVERAL: Final = frozenset({"Prices"})
_PARTS: Final = (
    *("fleet", "place", "direction", "from_place", "to_place", "link", "mode"),
    *("asset", "what", "commodity", "of"),
)

Holder = TypeVar("Holder")
Row = Source | Event | FreightDemand | FreightYard


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure that may be off.

    Attributes
    ----------
    name
        Table and row, such as `supply KZ-TEN kazakh`: what its draws are named by.
    figure
        Name of the figure, with its unit at the end.
    """

    name: str
    figure: str
    value: float
    low: float
    high: float
    source: str

    def quantile(self, share: Floats) -> Floats:
        """Give the values below which these shares of all draws lie.

        The triangular distribution on a <= m <= b has F(x) = (x-a)^2 / ((b-a)(m-a)) up to m and
        1 - (b-x)^2 / ((b-a)(b-m)) from there.

        Parameters
        ----------
        share
            Numbers in (0, 1), of any shape.

        References
        ----------
        N. L. Johnson, S. Kotz, N. Balakrishnan, *Continuous Univariate Distributions*, vol. 2,
        Wiley 1995, ch. 26.9.
        """
        low, mode, high = self.low, self.value, self.high
        if high == low:
            return np.full(np.shape(share), mode)
        below = low + np.sqrt(share * (high - low) * (mode - low))
        above = high - np.sqrt((1 - share) * (high - low) * (high - mode))
        return np.where(share * (high - low) < mode - low, below, above)

    def draws(self, seed: int, runs: int) -> Floats:
        """Give the values of the first runs (R,): run r depends on seed, name and r alone."""
        return self.quantile(uniforms(seed, f"estimate:{self.name}", "study", runs))


def estimates_of(scenario: Scenario) -> tuple[Estimate, ...]:
    """The estimates that have a range, in the order of the tables."""
    found: list[Estimate] = []
    _seen(scenario, lambda name, row: _collect(found, name, row))
    return tuple(found)


def without_range(scenario: Scenario) -> tuple[str, ...]:
    """Names of the estimates that have none: no run moves them."""
    found: list[str] = []

    def collect(name: str, row: Row) -> Row:
        if isinstance(row, Source) and row.estimate and _range(row) is None:
            found.append(name)
        return row

    _seen(scenario, collect)
    return tuple(found)


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Give a scenario with other values for some of its estimates, by their names."""

    def put(name: str, row: Row) -> Row:
        if name not in values:
            return row
        changed: dict[str, Any] = {FIGURES[type(row).__name__]: values[name]}
        return replace(row, **changed)

    return _seen(scenario, put)


def united(scenarios: Iterable[Scenario]) -> tuple[Estimate, ...]:
    """The estimates of several scenarios, those of one name once."""
    return tuple({each.name: each for one in scenarios for each in estimates_of(one)}.values())


def of_factors(factors: Mapping[str, EmissionFactor]) -> tuple[Estimate, ...]:
    """The factors of CO2e that have a range, by mode of a link; one of several modes once."""
    found = {}
    for each in factors.values():
        low, high = each.low_g_per_tkm, each.high_g_per_tkm
        value = each.wtw_g_per_tkm
        if (low is not None and low < value) or (high is not None and high > value):
            found[each.key] = Estimate(
                name=_factor_name(each),
                figure="wtw_g_per_tkm",
                value=float(value),
                low=float(value if low is None else low),
                high=float(value if high is None else high),
                source=each.source,
            )
    return tuple(found.values())


def factors_with(
    factors: Mapping[str, EmissionFactor], values: Mapping[str, float]
) -> Mapping[str, EmissionFactor]:
    """Factors with other values for some of them, by the names of their estimates."""
    return {
        mode: replace(each, wtw_g_per_tkm=_put(each, values[_factor_name(each)]))
        if _factor_name(each) in values
        else each
        for mode, each in factors.items()
    }


def _put(factor: EmissionFactor, value: float) -> Decimal:
    """A value within the ends of a factor: a float may lie a hair beyond."""
    told = Decimal(repr(value))
    if factor.low_g_per_tkm is not None:
        told = max(told, factor.low_g_per_tkm)
    return told if factor.high_g_per_tkm is None else min(told, factor.high_g_per_tkm)


def _factor_name(factor: EmissionFactor) -> str:
    return f"emission factor {factor.key}"


def _collect(found: list[Estimate], name: str, row: Row) -> Row:
    ends = _range(row)
    if ends is not None and getattr(row, "estimate", True):
        figure = FIGURES[type(row).__name__]
        value = getattr(row, figure)
        low, high = min(ends[0], value), max(ends[1], value)
        if low < high:
            found.append(
                Estimate(
                    name=name,
                    figure=figure,
                    value=value,
                    low=low,
                    high=high,
                    source=getattr(row, "source", ""),
                )
            )
    return row


def _range(row: Row) -> tuple[float, float] | None:
    """Low and high end; None where there is neither, or no figure they are about."""
    low, high = getattr(row, "low", None), getattr(row, "high", None)
    figure = FIGURES.get(type(row).__name__)
    if figure is None or (low is None and high is None):
        return None
    value = getattr(row, figure)
    if value is None or not math.isfinite(value):
        return None
    return (value if low is None else low, value if high is None else high)


def _seen(scenario: Scenario, see: Callable[[str, Row], Row]) -> Scenario:
    """Show every row that is planned, with its name; gives the scenario with what came back.

    Of the freight those of its year are, and of the oil none where it is no part.
    """
    asked = scenario.freight

    def planned(name: str, row: Row) -> Row:
        idle = isinstance(row, FreightDemand) and (asked is None or row.year != asked.year)
        return row if idle else see(name, row)

    skip = frozenset[str]() if OIL in scenario.parts else frozenset({"base"})
    return _below(scenario, planned, Counter(), skip)


def _below(
    holder: Holder,
    see: Callable[[str, Row], Row],
    names: Counter[str],
    skip: frozenset[str] = frozenset(),
) -> Holder:
    assert is_dataclass(holder), "tables are dataclasses"
    assert not isinstance(holder, type), "and values"
    changed: dict[str, Any] = {}
    for each in fields(holder):
        if each.name in skip:
            continue
        value = getattr(holder, each.name)
        if isinstance(value, Row):
            changed[each.name] = see(_named(each.name, value, names), value)
        elif isinstance(value, tuple):
            changed[each.name] = tuple(
                see(_named(each.name, row, names), row) if isinstance(row, Row) else row
                for row in value
            )
        elif is_dataclass(value):
            changed[each.name] = _below(value, see, names)
    return cast("Holder", replace(holder, **changed))


def _named(table: str, row: Row, names: Counter[str]) -> str:
    """Table and row: its id, or what tells it apart; a second one of a name is numbered."""
    if isinstance(row, FreightDemand):
        return f"{table} {row.id} {row.origin} {row.destination} {row.good}"
    told = [str(getattr(row, "id", ""))]
    if not told[0]:
        told = [str(getattr(row, part, "") or "") for part in _PARTS]
    name = " ".join([table, *(part for part in told if part not in {"", table})])
    names[name] += 1
    return name if names[name] == 1 else f"{name} #{names[name]}"
