"""Cases in which something is out: an arc, a place, a fleet, a shared capacity, or several.

An outage lowers limits and changes nothing else. So an outage never makes a plan cheaper, and two
together never cost less than one of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.case import Case
from karvan.engines.planner.constraints import arc_capacity, fleet_hours, joint_capacity
from karvan.engines.planner.model import Model
from karvan.engines.planner.problem import Floats

#: Share of a capacity that is left: for all periods, or (T,) by period.
Left = float | Floats


def outage(model: Model, arc: str, left: Left = 0.0) -> Case:
    """Give the case in which an arc keeps a share of its capacity.

    Raises
    ------
    InvalidInput
        Nothing limits the arc and something is left, or a share is not between 0 and 1.
    """
    arcs = model.problem.arcs
    if np.isfinite(arcs.capacity[_position(arcs.ids, arc, "arc")]).any():
        return _lowered(model, arc_capacity.FAMILY, arc, left)
    if np.any(_share(model, left, arc)):
        raise InvalidInput("no limit of this kind on this asset", family="arc capacity", asset=arc)
    permission = np.flatnonzero(model.problem.permissions.arc == arcs.ids.index(arc))
    columns = model.columns.flow_of(permission).ravel().astype(np.int32)
    return Case(id=arc, columns=columns, most=np.zeros(len(columns)))


def joint_outage(model: Model, joint: str, left: Left = 0.0) -> Case:
    """Give the case in which a shared capacity, a terminal or a border, keeps a share."""
    return _lowered(model, joint_capacity.FAMILY, joint, left)


def fleet_outage(model: Model, fleet: str, left: Left = 0.0) -> Case:
    """Give the case in which a fleet keeps a share of its hours."""
    return _lowered(model, fleet_hours.FAMILY, fleet, left)


def place_outage(model: Model, node: str) -> Case:
    """Give the case in which nothing leaves a node nor comes to it.

    What is made there is shut in, but for what its own tanks and its own demand take; what is
    asked for there and not made there stays unserved.
    """
    problem = model.problem
    at = _position(problem.node_ids, node, "place")
    touched = np.flatnonzero((problem.arcs.tail == at) | (problem.arcs.head == at))
    return together(node, [outage(model, problem.arcs.ids[a]) for a in touched])


def together(name: str, cases: Sequence[Case]) -> Case:
    """Give the case in which several are out at once; the lower limit counts."""
    rows, upper = _lowest([(case.rows, case.upper) for case in cases])
    columns, most = _lowest([(case.columns, case.most) for case in cases])
    return Case(id=name, rows=rows, upper=upper, columns=columns, most=most)


def _lowest(
    parts: Sequence[tuple[NDArray[np.int32], Floats]],
) -> tuple[NDArray[np.int32], Floats]:
    """Each number once, with the lowest limit given for it."""
    numbers = np.concatenate([np.zeros(0, np.int32), *(number for number, _ in parts)])
    limits = np.concatenate([np.zeros(0), *(limit for _, limit in parts)])
    unique, where = np.unique(numbers, return_inverse=True)
    lowest = np.full(len(unique), np.inf)
    np.minimum.at(lowest, where, limits)
    return unique.astype(np.int32), lowest


def _lowered(model: Model, family: str, asset: str, left: Left) -> Case:
    share = _share(model, left, asset)
    rows = model.rows_of(family, asset)
    before = model.row_upper[rows]
    upper = np.where(share == 0, 0.0, before)
    np.multiply(upper, share, out=upper, where=np.isfinite(upper))
    return Case(id=asset, rows=rows, upper=upper)


def _share(model: Model, left: Left, asset: str) -> Floats:
    share = np.broadcast_to(np.asarray(left, np.float64), (model.problem.periods,))
    if not ((share >= 0) & (share <= 1)).all():
        raise InvalidInput("a share that is left lies between 0 and 1", asset=asset)
    return share


def _position(ids: Sequence[str], wanted: str, what: str) -> int:
    if wanted not in ids:
        raise InvalidInput("the problem has no such asset", kind=what, asset=wanted)
    return ids.index(wanted)
