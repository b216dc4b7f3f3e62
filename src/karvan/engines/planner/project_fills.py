"""Lines that stand empty until a project opens them: what they hold, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from karvan.engines.planner.problem import Floats, Indices, PlanningProblem


def _no_floats() -> Floats:
    return np.zeros(0)


def _no_indices() -> Indices:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fills:
    """Lines that a project fills before they deliver; L lines, I commodities in them.

    Attributes
    ----------
    project, arc
        (L,) the project that opens the line, of one unit, and the line, of a travel of 0. Projects
        that fill the same line exclude each other.
    volume
        (L,) what goes in and stays, in the arc's unit.
    price
        (L,) currency for a unit of it that nobody can supply.
    line, permission
        (I,) each permission of each of these arcs, once.
    value
        (I,) currency that a unit of the commodity would have brought when it goes in.
    back
        (I,) currency that it brings in the last step in which the project works: its value less
        what is still to be paid for it.
    """

    project: Indices = field(default_factory=_no_indices)
    arc: Indices = field(default_factory=_no_indices)
    volume: Floats = field(default_factory=_no_floats)
    price: Floats = field(default_factory=_no_floats)
    line: Indices = field(default_factory=_no_indices)
    permission: Indices = field(default_factory=_no_indices)
    value: Floats = field(default_factory=_no_floats)
    back: Floats = field(default_factory=_no_floats)


def fill_faults(
    fills: Fills, problem: PlanningProblem, most: Indices, exclusive: Sequence[Sequence[int]]
) -> Iterator[str]:
    """Tell what is wrong with lines that projects fill, all of it.

    Parameters
    ----------
    most, exclusive
        Of the projects.
    """
    shapes = tuple(_shapes(fills, problem, len(most)))
    yield from shapes or _lines(fills, problem, most, exclusive)


def _shapes(fills: Fills, problem: PlanningProblem, projects: int) -> Iterator[str]:
    lines, items = len(fills.arc), len(fills.line)
    for name, count, below in (
        ("project", lines, projects),
        ("arc", lines, len(problem.arcs.ids)),
        ("line", items, lines),
        ("permission", items, len(problem.permissions.arc)),
    ):
        numbers: Indices = getattr(fills, name)
        if numbers.shape != (count,) or not np.issubdtype(numbers.dtype, np.integer):
            yield f"fills.{name}: one whole number for each"
        elif count and not 0 <= numbers.min() <= numbers.max() < below:
            yield f"fills.{name}: a number outside 0 to {below - 1}"
    for name, count, least in (
        ("volume", lines, 0.0),
        ("price", lines, 0.0),
        ("value", items, 0.0),
        ("back", items, -np.inf),
    ):
        amounts: Floats = getattr(fills, name)
        if amounts.shape != (count,):
            yield f"fills.{name}: one for each"
        elif not (np.isfinite(amounts).all() and (amounts >= least).all()):
            yield f"fills.{name}: a value is negative or no number"


def _lines(
    fills: Fills, problem: PlanningProblem, most: Indices, exclusive: Sequence[Sequence[int]]
) -> Iterator[str]:
    arcs, permissions = problem.arcs, problem.permissions
    if np.any(most[fills.project] != 1):
        yield "fills.project: a project of several units"
    for one, other in combinations(range(len(fills.arc)), 2):
        pair = {int(fills.project[one]), int(fills.project[other])}
        if fills.arc[one] == fills.arc[other] and not any(pair <= set(each) for each in exclusive):
            yield f"fills.arc: two projects may fill {arcs.ids[fills.arc[one]]}"
    for line, arc in enumerate(fills.arc.tolist()):
        mine = np.sort(fills.permission[fills.line == line])
        if not np.array_equal(mine, np.flatnonzero(permissions.arc == arc)):
            yield f"fills.permission: each permission of {arcs.ids[arc]}, once"
        if arcs.travel_d[arc] > 0:
            yield f"fills.arc: {arcs.ids[arc]} has a travel time"
    if np.any(permissions.use[fills.permission] <= 0):
        yield "fills.permission: what takes nothing of a line cannot fill it"
