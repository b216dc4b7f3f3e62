"""What fills a line that a project opens, and what that oil is worth until it comes back.

Shippers supply the fill. A tonne that goes in would have brought what one left in the ground is
worth. It comes back when the project or the years end, less the cheapest way on from there. A line
that the scenario itself opens is full when the years begin: to fill it costs the same whatever is
built.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from karvan.engines.planner.constraints import arc_capacity
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.project_fills import Fills
from karvan.network.links import LinkId
from karvan.network.network import Network
from karvan.services.planning.oil_lines import MARKET, volumes_kt
from karvan.services.planning.onward import Leg, least
from karvan.services.planning.scenario import Scenario, What
from karvan.services.planning.widening import Widened


def fills_of(
    problem: PlanningProblem,
    network: Network,
    scenario: Scenario,
    first_day: date,
    widened: Sequence[Sequence[Widened]],
) -> Fills:
    """Lines that projects open, by project.

    Parameters
    ----------
    first_day
        Of the years: a line that is open then is full.
    widened
        What each project widens.
    """
    opened = {change.asset for change in scenario.change if change.what is What.OPEN}
    volumes, prices = volumes_kt(network, scenario.base), scenario.base.prices
    lines = [
        (project, problem.arcs.ids.index(limit.asset))
        for project, limits in enumerate(widened)
        for limit in limits
        if limit.family == arc_capacity.FAMILY
        and limit.asset in volumes
        and limit.asset not in opened
        and not network.links[LinkId(limit.asset)].is_open_on(first_day)
    ]
    items = [
        (line, p)
        for line, (_, arc) in enumerate(lines)
        for p in np.flatnonzero(problem.permissions.arc == arc).tolist()
    ]
    value = np.full(len(items), prices.shut_in_usd_t)
    return Fills(
        project=np.array([project for project, _ in lines], np.int64),
        arc=np.array([arc for _, arc in lines], np.int64),
        volume=np.array([volumes[problem.arcs.ids[arc]] for _, arc in lines]),
        price=np.full(len(lines), prices.unserved_usd_t),
        line=np.array([line for line, _ in items], np.int64),
        permission=np.array([p for _, p in items], np.int64),
        value=value,
        back=value - np.array([_way_on(problem, p, prices.shut_in_usd_t) for _, p in items]),
    )


def _way_on(problem: PlanningProblem, permission: int, lost: float) -> float:
    """Least cost of a unit from where a line ends to where it is sold, in the first period."""
    arcs, permissions, nodes = problem.arcs, problem.permissions, problem.node_ids
    same = np.flatnonzero(permissions.commodity == permissions.commodity[permission])
    back = (
        Leg(nodes[arcs.head[a]], nodes[arcs.tail[a]], float(permissions.cost[p, 0]))
        for p, a in zip(same, permissions.arc[same], strict=True)
    )
    return least(back, {MARKET: 0.0}).get(nodes[arcs.head[permissions.arc[permission]]], lost)
