"""The base years planned as they went, for a comparison with what was observed.

The oil of each year has the outages that took capacity or output in it, hidden until their day.
Freight is planned by the half-year without them, for its demand is told by the year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from karvan.engines.planner.plan import plan
from karvan.engines.planner.problem import Floats
from karvan.network.network import Network
from karvan.services.planning.assembly import assemble
from karvan.services.planning.base import YEARS
from karvan.services.planning.disruptions import Disruption, outages_between
from karvan.services.planning.freight import EMPTIES, freight_of
from karvan.services.planning.freight_base import FreightBase
from karvan.services.planning.oil import CURRENCY
from karvan.services.planning.periods import Periods
from karvan.services.planning.scenario import Scenario, Scenarios
from karvan.services.planning.study import Study, study
from karvan.services.planning.validation import Year, flows_of

#: Months of a year.
MONTHS: Final = 12
T_PER_KT: Final = 1000.0


def plan_years(
    network: Network, scenarios: Scenarios, disruptions: Iterable[Disruption]
) -> Mapping[int, Study]:
    """Plan each base year with its outages."""
    rows = tuple(disruptions)
    return {year: study(network, as_it_went(scenarios, rows, year)) for year in YEARS}


def as_it_went(scenarios: Scenarios, disruptions: Iterable[Disruption], year: int) -> Scenario:
    """Give a base year with the outages of it."""
    events = outages_between(disruptions, date(year, 1, 1), date(year + 1, 1, 1))
    return replace(scenarios.read(f"base-{year}"), event=tuple(events))


def by_year(studies: Mapping[int, Study]) -> Mapping[tuple[str, int], Year]:
    """Give the flows of studies of the oil as a validation asks for them."""
    return {
        ("oil", year): Year(year=year, months=found.months, flows=flows_of(found.stages))
        for year, found in studies.items()
    }


def with_freight(
    oil: Mapping[tuple[str, int], Year],
    network: Network,
    base: FreightBase | None,
    years: Sequence[int] = YEARS,
) -> Mapping[tuple[str, int], Year]:
    """Plan freight too: all `cargo` with the oil, in kt, and `boxes`, laden or empty, in TEU.

    Without freight the oil alone is given.
    """
    found = dict(oil)
    for year in years if base is not None else ():
        assert base is not None  # no year is looked at without it
        cargo, boxes = _freight(network, base, year)
        months = oil["oil", year].months
        whole = {**oil["oil", year].flows, **cargo}
        found["cargo", year] = Year(year=year, months=months, flows=whole)
        found["boxes", year] = Year(year=year, months=months, flows=boxes)
    return found


Flows = dict[tuple[str, str], Floats]


def _freight(network: Network, base: FreightBase, year: int) -> tuple[Flows, Flows]:
    """Flow by link and good, in kt without empty boxes, and in TEU."""
    halves = Periods(
        bounds=(date(year, 1, 1), date(year, 7, 1), date(year + 1, 1, 1)),
        ids=(f"{year}-01", f"{year}-07"),
    )
    freight = freight_of(network, base, halves, year=year)
    made = plan(assemble([freight.part], halves, currency=CURRENCY))
    permissions, problem = made.problem.permissions, made.problem
    days = Periods.months(date(year, 1, 1), MONTHS).days
    cargo: Flows = {}
    boxes: Flows = {}
    for p in np.flatnonzero(made.flow.max(axis=1) > 0):
        good = freight.cargoes[problem.commodity_ids[permissions.commodity[p]]].good
        per_day = made.flow[p] / halves.days
        by_month = np.repeat(per_day, MONTHS // len(per_day)) * days
        for link in freight.chains[problem.arcs.ids[permissions.arc[p]]].links:
            key = str(link.id), good.id
            if good.unit == "TEU":
                boxes[key] = boxes.get(key, 0.0) + by_month
            if good.id != EMPTIES:
                kt = by_month * good.t_per_unit / T_PER_KT
                cargo[key] = cargo.get(key, 0.0) + kt
    return cargo, boxes
