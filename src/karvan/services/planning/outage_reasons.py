"""Why an outage stands where it does: what went through, where it goes, what stays, what binds.

Read from one cheapest plan without the outage and one with it; others may split the amounts in
another way at the same cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Amounts, Floats
from karvan.services.planning.outage_list import LINK, PLACE, SHARED, Outage

#: So many ways, places and limits are told, and amounts below this share of what was carried not.
MOST_TOLD, LEAST = 4, 1e-3


#: An id, how much more, and the unit of it.
More = tuple[str, float, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Amounts over all periods.

    Attributes
    ----------
    carried, unit
        What went through the asset without the outage: amounts, or hours of a fleet.
    instead
        Ways that carry more, by id, the most first; sales are none.
    left
        What is shut in or unserved more, by id of the supply or demand.
    limit
        Family and asset of the limit whose price the outage raises most, beside those that are
        out.
    """

    carried: float
    unit: str
    instead: tuple[More, ...]
    left: tuple[More, ...]
    limit: str


def reason_of(
    model: Model, outage: Outage, values: tuple[Floats, Floats], prices: tuple[Floats, Floats]
) -> Reason:
    """Compare two plans, without and with the outage: values (columns,), prices (rows,)."""
    problem, (before, after) = model.problem, values
    flows = _by_arc(model, before), _by_arc(model, after)
    carried, unit = _carried(model, outage, before, flows[0])
    limited = np.isfinite(problem.arcs.capacity).any(axis=1)
    more = np.where(limited, flows[1] - flows[0], 0.0)
    least = max(LEAST * flows[0].max(initial=0.0), 1e-6)
    order = [a for a in np.argsort(-more, kind="stable")[:MOST_TOLD] if more[a] > least]
    return Reason(
        carried=carried,
        unit=unit,
        instead=tuple((problem.arcs.ids[a], float(more[a]), problem.arcs.unit[a]) for a in order),
        left=_left(model, before, after, least),
        limit=_limit(model, outage, np.abs(prices[1]) - np.abs(prices[0])),
    )


def _by_arc(model: Model, values: Floats) -> Floats:
    """What each arc carries over all periods, in its own unit."""
    permissions = model.problem.permissions
    moved = values[: model.columns.stock].reshape(-1, model.columns.periods).sum(axis=1)
    total = np.zeros(len(model.problem.arcs.ids))
    np.add.at(total, permissions.arc, moved * permissions.use)
    return total


def _carried(model: Model, outage: Outage, values: Floats, flow: Floats) -> tuple[float, str]:
    problem = model.problem
    arcs = problem.arcs
    if outage.kind == LINK:
        a = arcs.ids.index(outage.asset)
        return float(flow[a]), arcs.unit[a]
    if outage.kind == PLACE:
        node = problem.node_ids.index(outage.asset)
        through = max(flow[arcs.tail == node].sum(), flow[arcs.head == node].sum())
        touched = np.flatnonzero((arcs.tail == node) | (arcs.head == node))
        return float(through), arcs.unit[touched[0]]
    rows, unit = (
        (model.rows_of("joint capacity", outage.asset), None)
        if outage.kind == SHARED
        else (model.rows_of("fleet hours", outage.asset), "h")
    )
    used = float((model.matrix[rows] @ values).sum())
    return used, unit or problem.joints.unit[problem.joints.ids.index(outage.asset)]


def _left(model: Model, before: Floats, after: Floats, least: float) -> tuple[More, ...]:
    columns, problem = model.columns, model.problem
    found: list[More] = []
    blocks: tuple[tuple[Amounts, int, int], ...] = (
        (problem.supplies, columns.shut_in, columns.unserved),
        (problem.demands, columns.unserved, columns.below),
    )
    for amounts, first, last in blocks:
        more = (after - before)[first:last].reshape(-1, columns.periods).sum(axis=1)
        found += [
            (amounts.ids[u], float(more[u]), problem.commodity_units[amounts.commodity[u]])
            for u in np.flatnonzero((more > least) & (amounts.price > 0))
        ]
    return tuple(sorted(found, key=lambda each: (-each[1], each[0]))[:MOST_TOLD])


def _limit(model: Model, outage: Outage, rise: Floats) -> str:
    """The limit whose price (rows,) rises most, of those that are not out themselves."""
    rise = rise.copy()
    rise[: model.first_row[1]] = 0
    rise[outage.case.rows] = 0
    best = int(rise.argmax())
    if rise[best] <= 1e-9:
        return ""
    name = model.name(best)
    return f"{name.family} {name.asset}"
