"""The base years planned, for a comparison with what was observed."""

from __future__ import annotations

from collections.abc import Mapping

from karvan.network.network import Network
from karvan.services.planning.base import YEARS
from karvan.services.planning.scenario import Scenarios
from karvan.services.planning.study import study
from karvan.services.planning.validation import Year, flows_of


def plan_years(network: Network, scenarios: Scenarios) -> Mapping[tuple[str, int], Year]:
    """Plan each base year, by what it plans and the year."""
    return {("oil", year): _oil_year(network, scenarios, year) for year in YEARS}


def _oil_year(network: Network, scenarios: Scenarios, year: int) -> Year:
    found = study(network, scenarios.read(f"base-{year}"))
    return Year(year=year, months=found.months, flows=flows_of(found.stages))
