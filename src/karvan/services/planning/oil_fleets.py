"""Hours of the oil's fleets: how many there are, weather by month, and the depth of the water.

Of the time that ships are fit for work they lose what weather closes the port of loading, month by
month. A parcel is told for the level of the sea at which the loss of load is published: while the
water stood higher a ship carried more, which counts as more hours. Wagons know no weather.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.network.derating import load_share, sea_level_m
from karvan.network.link_attributes import Derating
from karvan.network.links import Mode
from karvan.network.network import Network
from karvan.services.planning.parts import ByPeriod, Take, Way
from karvan.services.planning.periods import Periods
from karvan.services.planning.scenario import Scenario, ShipFleet

SEA = "caspian"
H_PER_D = 24


def ships_by_period(fleet: ShipFleet, periods: Periods) -> Floats:
    """How many ships a fleet has in each period (T,), the mean of its days."""
    return np.array([fleet.mean_ships(first, beyond) for first, beyond in periods.spans])


def hours_of(network: Network, fleet: ShipFleet, periods: Periods) -> ByPeriod:
    """Hours in each period that all of a fleet can work."""
    ships = ships_by_period(fleet, periods)
    at_work = [_days_at_work(network, fleet, *span) for span in periods.spans]
    load = [_load(network, fleet, first) for first in periods.first_days]
    found: list[float] = (ships * H_PER_D * np.array(at_work) * np.array(load)).tolist()
    return tuple(found)


def _days_at_work(network: Network, fleet: ShipFleet, first: date, beyond: date) -> float:
    """Days from one to before another on which a ship works."""
    days = [first + timedelta(days=n) for n in range((beyond - first).days)]
    closed = [row.closed_share for row in network.performance.weather if fleet.place in row.places]
    if fleet.mode != Mode.TANKER or not closed:
        return len(days) * fleet.working_share
    return sum(fleet.working_share * (1 - closed[0][day.month - 1]) for day in days)


def _load(network: Network, fleet: ShipFleet, day: date) -> float:
    """What a ship carries on a day, over its parcel: by the ship whose load is nearest to it."""
    like = find_derating(network, fleet)
    if like is None:
        return 1.0
    level = sea_level_m(network.link_attributes.sea_levels, SEA, day)
    return load_share(like, level) / load_share(like, like.at_level_m)


def find_derating(network: Network, fleet: ShipFleet) -> Derating | None:
    """Row of the ship whose load is nearest to the parcel of a fleet; None for cars and others."""
    told = [row for row in network.link_attributes.deratings if row.subject == fleet.place]
    if fleet.mode != Mode.TANKER or not told:
        return None
    return min(told, key=lambda row: abs(row.carried / 1000 - fleet.parcel_kt))


def fleet_takes(scenario: Scenario, ways: Sequence[Way]) -> Iterator[Take]:
    """Hours that a thousand tonnes take of the fleet that serves a way."""
    share = {(leg.fleet, leg.link): leg.share for leg in scenario.base.leg}
    for fleet in scenario.base.fleet:
        for way in ways:
            if way.mode == fleet.mode and way.tail == fleet.place:
                hours = (2 * way.hours + fleet.port_hours) / fleet.parcel_kt
                hours *= share.get((fleet.id, way.id), 1.0)
                yield Take(of=fleet.id, way=way.id, per_unit=hours)
