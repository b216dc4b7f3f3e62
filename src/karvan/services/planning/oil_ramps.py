"""How quickly ways of the oil can carry more: slots, ships and lines, arranged by the month.

What rises is a rate a day, by a share of what the way carries at most in each period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from karvan.engines.planner.problem import Floats
from karvan.network.network import Network
from karvan.services.planning.oil_fleets import fleet_takes, hours_of
from karvan.services.planning.parts import Ramp, Way
from karvan.services.planning.periods import Periods, months_a_period
from karvan.services.planning.scenario import Scenario


def _room(way: Way, by_ship: Mapping[str, Floats], periods: Periods) -> Floats:
    """What a way carries a day (T,): its own room, or what all ships on it can."""
    own = np.array(way.per_day)
    ships = by_ship.get(way.id)
    return own if ships is None else np.minimum(own, ships / periods.days)


def ramps(
    network: Network,
    scenario: Scenario,
    ways: Sequence[Way],
    periods: Periods,
    *,
    carried: Mapping[str, float] | None = None,
    news: date | None = None,
) -> Iterator[Ramp]:
    """Rail, tanker legs that a fleet serves, lines with a ramp; free in the first month of all.

    Ways of one mode and one carrier are arranged together, whichever of them is taken: they rise
    by the room of the widest, on a leg that a fleet serves what all its ships could carry.

    Parameters
    ----------
    carried
        Kt a day by way before the first period; None where nothing was decided yet.
    news
        Day within the first period before which nobody could arrange anything anew.
    """
    a_period = months_a_period(scenario, periods)
    slow = {row.link: row.months_to_full / a_period for row in scenario.base.ramp}
    served = {fleet.place for fleet in scenario.base.fleet if fleet.mode == "tanker"}
    months = scenario.base.prices.rail_and_tanker_months_to_full / a_period
    before = {way.id: max(way.per_day) for way in ways} if carried is None else carried
    together: dict[str, list[Way]] = {}
    for way in ways:
        if way.id in slow:
            together[way.id] = [way]
        elif way.mode == "rail" or (way.mode == "tanker" and way.tail in served):
            together.setdefault(f"{way.mode} {way.carrier}", []).append(way)
    ships = {fleet.id: np.array(hours_of(network, fleet, periods)) for fleet in scenario.base.fleet}
    takes = {take.way: ships[take.of] / take.per_unit for take in fleet_takes(scenario, ways)}
    begin, beyond = periods.spans[0]
    left = 1.0
    if news is not None:
        left = (beyond - max(news, begin)).days / (beyond - begin).days
    since = np.array([left, *np.ones(periods.count - 1)])
    for first, *others in together.values():
        each = (first, *others)
        room = np.max([_room(way, takes, periods) for way in each], axis=0)
        yield Ramp(
            way=first.id,
            rise=tuple((since * room / slow.get(first.id, months)).tolist()),
            before=max(0.0, sum(before.get(way.id, 0.0) for way in each)),
            also=tuple(way.id for way in others),
        )
