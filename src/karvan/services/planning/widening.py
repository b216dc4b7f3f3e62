"""What a project adds, told as limits of a planning problem, in their own units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.constraints import (
    arc_capacity,
    contracts,
    fleet_hours,
    joint_capacity,
)
from karvan.engines.planner.problem import Floats, PlanningProblem
from karvan.network.links import LinkId, LinkStatus
from karvan.network.network import Network
from karvan.services.planning.projects import AddedUnit, Addition, Kind
from karvan.services.planning.tracks import DAYS_PER_Y, KT_IN, KT_PER_D, line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Widened:
    """A limit and what is added to it in each period (T,), in its unit."""

    family: str
    asset: str
    unit: str
    amount: Floats


def widened_by(
    problem: PlanningProblem, network: Network, of_a_ship: Floats, additions: Sequence[Addition]
) -> tuple[Widened, ...]:
    """Find the limits that additions widen; what the problem does not limit is passed over.

    Parameters
    ----------
    of_a_ship
        (F, T) hours of one ship of each fleet.

    Raises
    ------
    InvalidInput
        A limit is in another unit than what is added to it.
    """
    return tuple(each for row in additions for each in _widened(problem, network, of_a_ship, row))


def _widened(
    problem: PlanningProblem, network: Network, of_a_ship: Floats, row: Addition
) -> Iterator[Widened]:
    arcs, joints, fleets = problem.arcs, problem.joints, problem.fleets
    if row.kind is Kind.FLEET:
        for f, name in enumerate(fleets.ids):
            if name == row.asset or name.startswith(f"{row.asset}, "):
                hours = row.amount * of_a_ship[f]
                yield Widened(family=fleet_hours.FAMILY, asset=name, unit="h", amount=hours)
        return
    if row.kind is Kind.CAP:
        for name, unit in zip(problem.contracts.ids, problem.contracts.unit, strict=True):
            if name.rpartition(" ")[0] == row.asset:
                amount = _amount(problem, row, unit)
                yield Widened(family=contracts.MOST, asset=name, unit=unit, amount=amount)
        return
    if row.asset in arcs.ids and row.kind in {Kind.LINK, Kind.WAY}:
        a = arcs.ids.index(row.asset)
        if np.isfinite(arcs.capacity[a]).any():
            amount = _amount(problem, row, arcs.unit[a])
            if _is_idle(network, row.asset):
                amount = np.maximum(amount - arcs.capacity[a], 0.0)
            yield Widened(
                family=arc_capacity.FAMILY, asset=row.asset, unit=arcs.unit[a], amount=amount
            )
    for name in _shared(network, row):
        if name in joints.ids:
            unit = joints.unit[joints.ids.index(name)]
            amount = _amount(problem, row, unit)
            yield Widened(family=joint_capacity.FAMILY, asset=name, unit=unit, amount=amount)


def _is_idle(network: Network, asset: str) -> bool:
    """Whether what is added to a link is all that it then carries, with what keeps it in order."""
    link = network.links.get(LinkId(asset))
    return link is not None and link.status is not LinkStatus.OPEN


def _shared(network: Network, row: Addition) -> Iterator[str]:
    """Names that what several ways share may have: of a terminal, of a direction, of a line."""
    yield row.asset
    link = network.links.get(LinkId(row.asset)) if row.kind is Kind.LINK else None
    if link is not None and line_of(link) != row.asset:
        yield line_of(link)


def _amount(problem: PlanningProblem, row: Addition, unit: str) -> Floats:
    """What is added in each period, in the unit of the limit."""
    days = problem.period_days
    match row.unit, unit.lower():
        case AddedUnit.MT_PER_Y, "kt":
            return row.amount * KT_PER_D * days
        case AddedUnit.MT_PER_Y, "train":
            return row.amount * KT_PER_D * KT_IN["train"] * days
        case AddedUnit.TRAIN_PAIRS_PER_DAY, "train":
            return row.amount * days
        case AddedUnit.TEU_PER_Y, "teu":
            return row.amount / DAYS_PER_Y * days
    raise InvalidInput(
        "a project adds in another unit than its limit has",
        project=row.project,
        asset=row.asset,
        given=row.unit,
        expected=unit,
    )
