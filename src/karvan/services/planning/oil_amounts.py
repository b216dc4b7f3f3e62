"""Amounts of the oil by period, what its terminals hold, and how long its tankers take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from karvan.network.links import Link, Mode
from karvan.services.planning.oil_fleets import fleet_takes
from karvan.services.planning.parts import ByPeriod, Joint, Take, Volume, Way
from karvan.services.planning.periods import Periods
from karvan.services.planning.scenario import Scenario, covers
from karvan.services.planning.scenario import Volume as OilVolume
from karvan.services.planning.tracks import KT_PER_D


def sailing_h(scenario: Scenario, link: Link) -> float:
    """Hours aboard: sailing and, where a fleet is told, half of those in both ports.

    On the mean a tonne comes aboard in the midst of loading, and leaves in that of unloading. A
    full pipeline pushes out what goes in.
    """
    if link.mode is not Mode.TANKER:
        return 0.0
    port = (
        fleet.port_hours / 2
        for fleet in scenario.base.fleet
        if fleet.mode == link.mode.value and fleet.place == str(link.from_place)
    )
    return (link.running_h or 0.0) + next(port, 0.0)


def volumes_of(
    rows: Sequence[OilVolume],
    places: set[str],
    periods: Periods,
    price: Callable[[str], float],
) -> Iterator[Volume]:
    """What is produced or refined at places that a way reaches, at a price by commodity."""
    for row in rows:
        if row.place in places:
            factor = dict(row.by_month)
            rate = [factor.get(f"{day:%Y-%m}", 1.0) for day in periods.first_days]
            amount: ByPeriod = tuple((row.mt_per_y * KT_PER_D * periods.days * rate).tolist())
            yield Volume(
                id=row.place,
                place=row.place,
                commodity=row.commodity,
                amount=amount,
                price=price(row.commodity),
            )


def terminals_of(scenario: Scenario, periods: Periods) -> Iterator[Joint]:
    """What terminals load or unload a day."""
    for terminal in scenario.base.terminal:
        per_day = (terminal.mt_per_y * KT_PER_D,) * periods.count
        yield Joint(id=terminal.id, unit="kt", per_day=per_day)


def takes_of(scenario: Scenario, ways: Sequence[Way]) -> Iterator[Take]:
    """What ways take of terminals and fleets."""
    for terminal in scenario.base.terminal:
        for way in ways:
            place = way.tail if terminal.direction == "out" else way.head
            if way.mode == terminal.mode and terminal.place == place:
                for each in way.carries:
                    if covers(terminal.commodity, each.commodity):
                        yield Take(
                            of=terminal.id, way=way.id, per_unit=1.0, commodity=each.commodity
                        )
    yield from fleet_takes(scenario, ways)
