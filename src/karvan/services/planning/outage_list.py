"""What can be out in a planning problem: each link, place, shared capacity and fleet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from karvan.engines.planner.case import Case
from karvan.engines.planner.model import Model
from karvan.engines.planner.outages import fleet_outage, joint_outage, outage, place_outage
from karvan.engines.planner.problem import Floats

#: Kinds in the order in which assets that matter alike are told.
LINK, SHARED, FLEET, SHIP, PLACE = "link", "shared capacity", "fleet", "one ship", "place"
KINDS = (SHARED, LINK, FLEET, PLACE, SHIP)

_Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """An asset that is out from the first period to the last.

    Attributes
    ----------
    kind
        One of `KINDS`. A fleet loses all its hours, `one ship` those of one of its ships.
    asset
        Id of the link, place, shared capacity or fleet.
    ends
        Places it lies at: both ends of a link, none of a fleet.
    """

    kind: str
    asset: str
    case: Case
    ends: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Unique among the outages of a problem."""
        return f"{self.kind} {self.asset}"


#: How many ships a fleet has: in all periods, or (T,) by period.
Count = float | Floats


def outages_of(model: Model, ships: Mapping[str, Count]) -> Iterator[Outage]:
    """List them; ways and places that nothing limits and that are only a sale are none.

    Parameters
    ----------
    ships
        How many a fleet has, by its id; where it is ever more than one, losing one is an outage.
    """
    problem = model.problem
    arcs, nodes = problem.arcs, problem.node_ids
    limited = np.isfinite(arcs.capacity).any(axis=1)
    for a in np.flatnonzero(limited):
        ends = (nodes[arcs.tail[a]], nodes[arcs.head[a]])
        name = arcs.ids[a]
        yield Outage(kind=LINK, asset=name, case=outage(model, name), ends=ends)
    for joint in problem.joints.ids:
        yield Outage(kind=SHARED, asset=joint, case=joint_outage(model, joint))
    for fleet in problem.fleets.ids:
        yield Outage(kind=FLEET, asset=fleet, case=fleet_outage(model, fleet))
        count = np.asarray(ships.get(fleet, 1.0))
        if (count > 1).any():
            case = fleet_outage(model, fleet, 1 - 1 / np.maximum(count, 1.0))
            yield Outage(kind=SHIP, asset=fleet, case=case)
    for node in sorted({end for a in np.flatnonzero(limited) for end in _ends(model, a)}):
        yield Outage(kind=PLACE, asset=node, case=place_outage(model, node), ends=(node,))


def _ends(model: Model, arc: np.intp) -> tuple[str, str]:
    arcs, nodes = model.problem.arcs, model.problem.node_ids
    return nodes[arcs.tail[arc]], nodes[arcs.head[arc]]


def covers(larger: Case, smaller: Case) -> bool:
    """Whether all that one case takes is taken by the other too."""
    return _within(smaller.rows, smaller.upper, larger.rows, larger.upper) and _within(
        smaller.columns, smaller.most, larger.columns, larger.most
    )


def _within(numbers: _Numbers, limits: Floats, others: _Numbers, lower: Floats) -> bool:
    at = dict(zip(others.tolist(), lower.tolist(), strict=True))
    pairs = zip(numbers.tolist(), limits.tolist(), strict=True)
    return all(at.get(number, np.inf) <= limit for number, limit in pairs)
