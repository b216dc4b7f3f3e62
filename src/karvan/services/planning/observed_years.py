"""The base years planned as they went, for a comparison with what was observed.

The oil of each year has the outages that took capacity or output in it, hidden until their day.
Freight is planned by the half-year without them, for its demand is told by the year; within a half
it goes by the season of the good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from karvan.engines.planner.plan import plan
from karvan.network.network import Network
from karvan.services.planning.assembly import assemble
from karvan.services.planning.base import YEARS
from karvan.services.planning.disruptions import Disruption, outages_between
from karvan.services.planning.freight import freight_of
from karvan.services.planning.freight_base import FreightBase
from karvan.services.planning.freight_seasons import shares_of
from karvan.services.planning.gross import TRUCK, Flows, gross_kt, net_kt, wagons_of
from karvan.services.planning.oil import CURRENCY
from karvan.services.planning.periods import Periods
from karvan.services.planning.scenario import Scenario, Scenarios
from karvan.services.planning.study import Study, study
from karvan.services.planning.validation import Year, flows_of

#: Months of a year.
MONTHS: Final = 12


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

    Of `gross` wagons, vehicles and boxes are weighed too; `wagons` on rail ferries and `trucks` are
    counted, laden or not. Without freight the oil alone is given.
    """
    found = dict(oil)
    for year in years if base is not None else ():
        assert base is not None  # no year is looked at without it
        units = _freight(network, base, year)
        months = oil["oil", year].months
        goods = {good.id: good for good in base.goods}
        by_id = network.links
        modes = {str(name): link.mode for name, link in by_id.items()}
        reverse = {
            str(name): str(link.reverse_of) for name, link in by_id.items() if link.reverse_of
        }
        flows = {
            "cargo": {**oil["oil", year].flows, **net_kt(units, goods)},
            "boxes": {key: found for key, found in units.items() if goods[key[1]].unit == "TEU"},
            "gross": {**oil["oil", year].flows, **gross_kt(units, goods, modes, reverse)},
            "wagons": wagons_of(units, goods, modes, reverse),
            "trucks": {key: found for key, found in units.items() if goods[key[1]].unit == TRUCK},
        }
        for plan_of, made in flows.items():
            found[plan_of, year] = Year(year=year, months=months, flows=made)
    return found


def _freight(network: Network, base: FreightBase, year: int) -> Flows:
    """Flow by link and good, in units of the good by month."""
    halves = Periods(
        bounds=(date(year, 1, 1), date(year, 7, 1), date(year + 1, 1, 1)),
        ids=(f"{year}-01", f"{year}-07"),
    )
    freight = freight_of(network, base, halves, year=year)
    made = plan(assemble([freight.part], halves, currency=CURRENCY))
    permissions, problem = made.problem.permissions, made.problem
    months = Periods.months(date(year, 1, 1), MONTHS)
    found: Flows = {}
    for p in np.flatnonzero(made.flow.max(axis=1) > 0):
        cargo = freight.cargoes[problem.commodity_ids[permissions.commodity[p]]]
        good, of_half = cargo.good, MONTHS // halves.count
        share = np.array(shares_of(base.seasons, good.id, cargo.origin, months))
        in_half = np.repeat(share.reshape(halves.count, of_half).sum(axis=1), of_half)
        by_month = np.repeat(made.flow[p], of_half) * share / in_half
        for link in freight.chains[problem.arcs.ids[permissions.arc[p]]].links:
            key = str(link.id), good.id
            found[key] = found.get(key, 0.0) + by_month
    return found
