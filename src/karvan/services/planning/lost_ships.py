"""How many ships the fleets of a scenario have, for who takes one of them away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.services.planning.changing import ships_after
from karvan.services.planning.oil import Planned
from karvan.services.planning.scenario import Scenario


def tankers_of(made: Planned, scenario: Scenario, *, by_year: bool = False) -> Mapping[str, Floats]:
    """Count the tankers of each fleet in each period (T,), with what the scenario changes.

    Parameters
    ----------
    by_year
        As one period: the count by which the mean hours of a ship of each period are lost.
    """
    after = ships_after(scenario.change, made.setting)
    fleets = made.problem.fleets
    tankers = {fleet.id for fleet in scenario.base.fleet if fleet.mode == "tanker"}
    # Where freight is planned alone the base still tells of tankers.
    tankers &= set(fleets.ids)
    found = {name: ships for name, ships in after.items() if name in tankers}
    if not by_year:
        return found
    return {
        name: _as_one(fleets.hours[fleets.ids.index(name)], ships) for name, ships in found.items()
    }


def _as_one(hours: Floats, ships: Floats) -> Floats:
    """One count of which one ship loses what it loses in all periods together."""
    lost = np.divide(hours, ships, out=np.zeros_like(hours), where=ships > 1)
    lost = np.where(ships > 1, lost, hours)
    return np.array([hours.sum() / lost.sum()]) if lost.sum() else np.zeros(1)
