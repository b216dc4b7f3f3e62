"""Base years compared with what was observed.

A row of demand/observations.csv counts when it happened, its period is over, and nothing of the
model was made from it, neither a cap nor a cost nor a demand nor a fitted parameter. Which flows of
a plan answer it is said by one reviewed table, a line a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.problem import Floats
from karvan.network.demand import Dimension, find_unit
from karvan.network.observations import Observation, Tag
from karvan.services.planning.base import YEARS
from karvan.services.planning.disruptions import Disruption
from karvan.services.planning.freight_base import FreightBase
from karvan.services.planning.scenario import covers
from karvan.services.planning.stages import Stage

#: Amounts of a year, in kt, above which a route is a large one, and how near a plan shall come.
LARGE_KT: Final = 1000.0
NEAR_LARGE, NEAR_SMALL = 0.10, 0.25
DAYS_PER_YEAR: Final = 365.25
#: What a box, a wagon, a truck brings, empty ones among them, to tell large routes from small ones.
#: Source: data/planning/freight_goods.csv.
KT_EACH: Final[Mapping[str, float]] = {"boxes": 0.01, "wagons": 0.045, "trucks": 0.011}
_T_PER_KT: Final = 1e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What in a plan answers an observation, or why nothing does.

    Attributes
    ----------
    plan
        Of what: `oil` in kt, all `cargo` in kt, `boxes` in TEU, `gross` in kt of all cargo with the
        wagons, vehicles and boxes it comes in, `wagons` and `trucks` in their numbers.
    plus, minus
        Links whose flow is added and taken away.
    commodity
        Whose flow, a word as in `covers`; empty for all.
    bbl_per_t
        Where the observation counts barrels.
    less
        Observations that are a part of it and that the plan does not hold, taken off.
    reason
        Why the row does not count; or, where it does, what the plan lacks when it misses.
    """

    observation: str
    plan: str
    counts: bool
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    commodity: str
    bbl_per_t: float | None
    reason: str
    less: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageCheck:
    """What was told of an outage, and what in a plan answers it.

    Attributes
    ----------
    study
        The year whose plan answers, with its outages.
    kind
        `amount` in kt, `rate` in Mt a year, `share_lost`, `tank_days` or `shut_in` in kt.
    links, months
        Where and when it is looked at.
    """

    id: str
    disruption: str
    study: int
    kind: str
    links: tuple[str, ...]
    months: tuple[str, ...]
    told: float
    low: float | None
    high: float | None
    unit: str
    fact: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedTables:
    """The observations, the table that says what answers them, and what the years are made of."""

    observations: tuple[Observation, ...]
    comparisons: tuple[Comparison, ...]
    disruptions: tuple[Disruption, ...] = ()
    freight: FreightBase | None = None
    outages: tuple[OutageCheck, ...] = ()


class ObservedSource(Protocol):
    """Where the observations are read from."""

    def load(self) -> ObservedTables:
        """Read both tables; raises `InvalidTables` with every fault."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The plans of a base year: kt, or TEU of boxes, by link, commodity and month."""

    year: int
    months: tuple[str, ...]
    flows: Mapping[tuple[str, str], Floats]

    def sum_of(self, links: Sequence[str], commodity: str, months: Sequence[str]) -> float:
        """Sum the flow over links in some months."""
        at = [self.months.index(month) for month in months]
        return float(
            sum(
                amounts[at].sum()
                for (link, kind), amounts in self.flows.items()
                if link in links and covers(commodity, kind)
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An observation beside the plan, both in kt of its period, or in TEU where it is of boxes."""

    observation: Observation
    comparison: Comparison
    observed_kt: float
    planned_kt: float

    @property
    def error(self) -> float:
        """How far the plan is above the observation, as a share of it."""
        return self.planned_kt / self.observed_kt - 1

    @property
    def aim(self) -> float:
        """How near it shall come."""
        assert self.observation.period_from is not None  # only such rows are compared
        assert self.observation.period_to is not None
        days = (self.observation.period_to - self.observation.period_from).days + 1
        kt = self.observed_kt * KT_EACH.get(self.comparison.plan, 1.0)
        large = kt * DAYS_PER_YEAR / days > LARGE_KT
        return NEAR_LARGE if large else NEAR_SMALL

    @property
    def is_near(self) -> bool:
        """Whether the plan comes as near as is aimed at."""
        return abs(self.error) <= self.aim

    @property
    def is_large(self) -> bool:
        """Whether it is a route above 1 Mt a year."""
        return self.aim == NEAR_LARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """An observation that is not compared, and why."""

    observation: Observation
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """All that is compared, by year, and all that is not."""

    compared: tuple[Compared, ...]
    left: tuple[Left, ...]

    def of(self, *plans: str) -> Validation:
        """Give what is compared with some of the plans; what is left stays."""
        rows = tuple(row for row in self.compared if row.comparison.plan in plans)
        return replace(self, compared=rows)

    def hits(self, *, large: bool) -> tuple[int, int]:
        """How many rows of large or small routes come near enough, and how many there are."""
        rows = [row for row in self.compared if row.is_large is large]
        return sum(row.is_near for row in rows), len(rows)

    @property
    def median_error(self) -> float:
        """The middle of the errors, without their signs; 0 of no rows."""
        return float(np.median([abs(row.error) for row in self.compared] or [0.0]))


def flows_of(stages: Sequence[Stage]) -> Mapping[tuple[str, str], Floats]:
    """Give the flow of a study by link and commodity, the periods of its stages in a row."""
    periods = sum(stage.periods for stage in stages)
    found: dict[tuple[str, str], Floats] = {}
    first = 0
    for stage in stages:
        problem, flow = stage.plan.problem, stage.plan.flow[:, : stage.periods]
        for p, (arc, kind) in enumerate(
            zip(problem.permissions.arc, problem.permissions.commodity, strict=True)
        ):
            key = problem.arcs.ids[arc], problem.commodity_ids[kind]
            amounts = found.setdefault(key, np.zeros(periods))
            amounts[first : first + stage.periods] += flow[p]
        first += stage.periods
    return found


def validate(
    tables: ObservedTables, plans: Mapping[tuple[str, int], Year], today: date
) -> Validation:
    """Compare plans with all rows that count.

    Parameters
    ----------
    plans
        By what they plan and the base year; a row of a plan that is not there is not compared.
    today
        A period that ends on it or later is not over.
    """
    rows = {str(row.id): row for row in tables.observations}
    compared, left = [], []
    for line in tables.comparisons:
        seen = rows[line.observation]
        reason = _why_not(seen, line, today)
        months = () if reason else months_of(seen)
        year = None if not months else plans.get((line.plan, int(months[0][:4])))
        if year is None:
            left.append(Left(observation=seen, reason=reason or "its plan was not made"))
            continue
        planned = year.sum_of(line.plus, line.commodity, months)
        planned -= year.sum_of(line.minus, line.commodity, months)
        compared.append(
            Compared(
                observation=seen,
                comparison=line,
                observed_kt=amount_kt(seen, line)
                - sum(_part_kt(rows[name], seen) for name in line.less),
                planned_kt=planned,
            )
        )
    compared.sort(key=lambda row: (row.observation.period_from, str(row.observation.id)))
    return Validation(compared=tuple(compared), left=tuple(left))


def _part_kt(part: Observation, seen: Observation) -> float:
    """Amount of a part in the days that both rows tell of, as if it were even."""
    assert part.period_from is not None  # a reviewed line names rows with a period
    assert part.period_to is not None
    assert seen.period_from is not None
    assert seen.period_to is not None
    first, last = max(part.period_from, seen.period_from), min(part.period_to, seen.period_to)
    whole = (part.period_to - part.period_from).days + 1
    unit = find_unit(part.unit)
    assert unit is not None
    return part.value * unit.factor / _T_PER_KT * max(0, (last - first).days + 1) / whole


def _why_not(seen: Observation, line: Comparison, today: date) -> str:
    """Why a row does not count, empty where it does."""
    if seen.tag is not Tag.OBSERVED:
        return f"it is tagged {seen.tag.value}"
    if seen.used_by:
        return f"used by {', '.join(seen.used_by)}"
    if not line.counts:
        return line.reason
    if seen.period_to is None or seen.period_to >= today:
        return "its period is not over"
    return ""


def months_of(seen: Observation) -> tuple[str, ...]:
    """Give the calendar months of a row; raises `InvalidInput` where it is none of a base year."""
    first, last = seen.period_from, seen.period_to
    if first is None or last is None or first.year != last.year or first.year not in YEARS:
        raise InvalidInput("the row is not of months of one base year", observation=str(seen.id))
    return tuple(f"{first.year}-{month:02d}" for month in range(first.month, last.month + 1))


def amount_kt(seen: Observation, line: Comparison) -> float:
    """Give a row's figure in kt, or in units of what is counted.

    Raises
    ------
    InvalidInput
        The unit is neither a mass, nor a count, nor barrels of a known weight.
    """
    if line.bbl_per_t is not None:
        return seen.value * 1e3 / line.bbl_per_t
    unit = find_unit(seen.unit)
    if unit is None or unit.per_year is not None:
        raise InvalidInput("the row holds no amount", observation=str(seen.id), unit=seen.unit)
    if unit.dimension is Dimension.COUNT:
        return seen.value
    if unit.dimension is not Dimension.MASS:
        raise InvalidInput("the row holds no amount", observation=str(seen.id), unit=seen.unit)
    return seen.value * unit.factor / _T_PER_KT
