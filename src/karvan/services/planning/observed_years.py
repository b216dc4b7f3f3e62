"""The base years planned as they went, for a comparison with what was observed.

Each year has the outages that took capacity or output in it, hidden until their day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from karvan.network.network import Network
from karvan.services.planning.base import YEARS
from karvan.services.planning.disruptions import Disruption, outages_between
from karvan.services.planning.scenario import Scenario, Scenarios
from karvan.services.planning.study import Study, study
from karvan.services.planning.validation import Year, flows_of


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
