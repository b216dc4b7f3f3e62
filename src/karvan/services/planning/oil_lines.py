"""Pipelines and losses of the oil: what a line holds, what it needs to run, what does not arrive.

Shippers supply the fill of a line and get it back at the end. So a line that stood idle when the
study begins and is opened is filled first: what a technical flow has kept in it is its owner's, and
comes out to the owner while the shippers' own fill goes in.
All others are full, and what goes in pushes as much out. What lines hold is no stock, for it cannot
be drawn. A line in use that carries less than its least pays for what it lacks; one that stood idle
needs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from karvan.domain.errors import InvalidTables, TableFault
from karvan.network.links import LinkId, Mode
from karvan.network.network import Network
from karvan.services.planning.onward import onward
from karvan.services.planning.parts import InLine, LineFill, Minimum, Way
from karvan.services.planning.scenario import OilBase, Scenario, What, covers

#: Modes whose oil is loaded from tanks.
FROM_TANKS = frozenset({Mode.RAIL.value, Mode.TANKER.value})
TANKS, DENSITY = "tanks", "density"
#: How near to its volume a line is full.
FULL = 1e-6
#: Where what is sold goes.
MARKET = "market"


def losing(base: OilBase, ways: Sequence[Way]) -> tuple[Way, ...]:
    """Give ways with what is lost on them, which costs what a tonne left in the ground costs."""
    return tuple(_losing(base, way) for way in ways)


def _losing(base: OilBase, way: Way) -> Way:
    share = loss_of(base, way.id, way.mode)
    if not share:
        return way
    worth = share * base.prices.shut_in_usd_t
    return replace(
        way,
        carries=tuple(replace(each, cost=each.cost + worth, loss=share) for each in way.carries),
    )


def loss_of(base: OilBase, link: str, mode: str) -> float:
    """Share of what goes in that does not come out: in the tanks before, and on the way."""
    on_link = {row.link: row.percent for row in base.loss if row.link}
    by_mode = {row.mode: row.percent for row in base.loss if not row.link}
    kept = 1 - on_link.get(link, by_mode.get(mode, 0.0)) / 100
    if mode in FROM_TANKS:
        kept *= 1 - by_mode.get(TANKS, 0.0) / 100
    return 1 - kept


def volumes_kt(network: Network, base: OilBase) -> Mapping[str, float]:
    """What each line holds: area times length, at the mean density of the oils it may carry.

    Raises
    ------
    InvalidTables
        No oil that a line may carry has a density.
    """
    found = {}
    for row in base.line:
        link = network.links[LinkId(row.link)]
        m3 = math.pi / 4 * (row.inside_mm / 1000) ** 2 * link.length_km * 1000
        found[row.link] = m3 * _density(base, row.link) / 1e6
    return found


def _density(base: OilBase, link: str) -> float:
    """Mean of the oils that no rule keeps off a line for good, kg/m3."""
    shut = [
        rule.commodity
        for rule in base.rule
        if rule.link == link and rule.closed and rule.first_day is None and rule.last_day is None
    ]
    told = [
        row.value
        for row in base.quality
        if row.of == DENSITY and not any(covers(kind, row.commodity) for kind in shut)
    ]
    if not told:
        message = "no oil that the line may carry has a density"
        raise InvalidTables(
            [TableFault("oil_qualities.csv", None, f"{link}, density", "missing-row", message)]
        )
    return sum(told) / len(told)


def fills(
    network: Network,
    scenario: Scenario,
    ways: Sequence[Way],
    first_day: date,
    before: Mapping[tuple[str, str], float],
    holding_usd_t: float,
) -> Iterator[LineFill]:
    """Lines that stood idle and are opened.

    What is in a line at the end is on its way: it is charged with the cheapest way from there on.

    Parameters
    ----------
    first_day
        Of the whole study.
    before
        Thousand tonnes in lines by link and commodity, where the study has begun.
    holding_usd_t
        For a tonne in the line over a period.
    """
    opened = {change.asset for change in scenario.change if change.what is What.OPEN}
    volumes = volumes_kt(network, scenario.base)
    for way in ways:
        # Only a line of the network holds oil: a way by rail that is opened is none.
        new = way.id in opened and way.id in volumes
        if new and not network.links[LinkId(way.id)].is_open_on(first_day):
            held = sum(before.get((way.id, each.commodity), 0.0) for each in way.carries)
            # What a solver left of the last drop is no drop.
            volume = held if math.isclose(held, volumes[way.id], rel_tol=FULL) else volumes[way.id]
            yield LineFill(
                way=way.id,
                volume=volume,
                holds=tuple(
                    InLine(
                        commodity=each.commodity,
                        initial=before.get((way.id, each.commodity), 0.0),
                        cost=holding_usd_t,
                        cost_at_end=onward(ways, each.commodity, {MARKET: 0.0}).get(
                            way.head, scenario.base.prices.shut_in_usd_t
                        ),
                    )
                    for each in way.carries
                ),
            )


def minima(
    network: Network, base: OilBase, ways: Sequence[Way], first_day: date
) -> Iterator[Minimum]:
    """What lines need that run when the plan begins."""
    of = {link: row for row in base.minimum for link in row.links}
    for way in ways:
        row = of.get(way.id)
        if row is None or not network.links[LinkId(way.id)].is_open_on(first_day):
            continue
        yield Minimum(
            way=way.id,
            per_day=tuple(row.share * each for each in way.per_day),
            price=row.short_usd_t,
        )
