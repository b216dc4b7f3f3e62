"""Projects that widen limits of a planning problem, the steps of a horizon, and a budget.

Further letters: J projects, Y steps of the horizon (years, as a rule), E additions. A period of the
planning problem belongs to one step; several periods of a step may stand for states of the same
year, a calm one and one with an outage, each with its share.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.checks import faults as problem_faults
from karvan.engines.planner.constraints import (
    arc_capacity,
    contracts,
    fleet_hours,
    joint_capacity,
    tank_room,
)
from karvan.engines.planner.problem import Floats, Indices, PlanningProblem
from karvan.engines.planner.project_fills import Fills, fill_faults

#: What a project can widen, by the family of the limit.
WIDENED = (
    arc_capacity.FAMILY,
    joint_capacity.FAMILY,
    fleet_hours.FAMILY,
    tank_room.FAMILY,
    contracts.MOST,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The steps in which can be built, and how periods count.

    Attributes
    ----------
    step
        (T,) step of each period, never falling.
    share
        (T,) how often the period comes in its step: 1, or the chance of a state.
    discount
        (Y,) what one unit of currency in the step is worth today.
    """

    step_ids: tuple[str, ...]
    step: Indices
    share: Floats
    discount: Floats

    @property
    def steps(self) -> int:
        """Y."""
        return len(self.step_ids)

    @property
    def weight(self) -> Floats:
        """(T,) what a unit of currency spent in the period counts."""
        weighted: Floats = self.share * self.discount[self.step]
        return weighted


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What one unit of a project adds to a limit while it works.

    Attributes
    ----------
    project
        (E,).
    family, asset, unit
        The limit, as rows are named, and the unit of `amount`, which must be the limit's own.
    amount
        (E, T) by period.
    """

    project: Indices
    family: tuple[str, ...]
    asset: tuple[str, ...]
    unit: tuple[str, ...]
    amount: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Projects:
    """What can be built.

    Attributes
    ----------
    most
        (J,) units at most; 1 for what is built or not, more for ships.
    earliest
        (J,) first step in which building can begin.
    building
        (J,) steps from then until it works; 0 works in the step in which it begins.
    outlay
        (J,) currency a unit, spent in equal parts over the steps of building.
    running
        (J,) currency a unit and step while it works.
    life
        (J,) steps it works. What is left of them after the last step counts as that share of
        the outlay, so that a late project is not charged for years that are not looked at.
    exclusive
        Groups of projects of which one unit at most is built, all in all.
    needs
        Pairs: the first works only in steps in which the second has been completed.
    fills
        Lines that projects fill when they begin to work.
    """

    ids: tuple[str, ...]
    most: Indices
    earliest: Indices
    building: Indices
    outlay: Floats
    running: Floats
    life: Indices
    adds: Additions
    exclusive: tuple[tuple[int, ...], ...] = ()
    needs: tuple[tuple[int, int], ...] = ()
    fills: Fills = field(default_factory=Fills)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentProblem:
    """What may be built for which flows, and what may be spent.

    Attributes
    ----------
    budget
        Outlay at most, not discounted, over all steps.
    budget_by_step
        (Y,) the same by step; None where nothing limits it.
    """

    problem: PlanningProblem
    horizon: Horizon
    projects: Projects
    budget: float = np.inf
    budget_by_step: Floats | None = field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """The choices: a project that begins in a step, and so works from another, O of them.

    Attributes
    ----------
    project, begins
        (O,).
    works
        (O, Y) whether a unit works in the step.
    spends
        (O, Y) currency a unit, not discounted.
    price
        (O,) discounted currency a unit: outlay and running cost less what is left at the end.
    """

    project: Indices
    begins: Indices
    works: NDArray[np.bool_]
    spends: Floats
    price: Floats

    @classmethod
    def of(cls, projects: Projects, horizon: Horizon) -> Starts:
        """List the starts that let a project work for a step at least."""
        pairs = [
            (j, begin)
            for j in range(len(projects.ids))
            for begin in range(int(projects.earliest[j]), horizon.steps)
            if begin + int(projects.building[j]) < horizon.steps
        ]
        project = np.array([j for j, _ in pairs], np.int64)
        begins = np.array([begin for _, begin in pairs], np.int64)
        steps = np.arange(horizon.steps)
        ready = begins + projects.building[project]
        works = (steps >= ready[:, None]) & (steps < (ready + projects.life[project])[:, None])
        spread = np.maximum(projects.building[project], 1)
        paying = (steps >= begins[:, None]) & (steps < (begins + spread)[:, None])
        outlay = projects.outlay[project]
        spends = paying * (outlay / spread)[:, None]
        life = projects.life[project]
        left = outlay * (life - works.sum(axis=1)) / life
        paid = spends + works * projects.running[project][:, None]
        return cls(
            project=project,
            begins=begins,
            works=works,
            spends=spends,
            price=paid @ horizon.discount - left * horizon.discount[-1],
        )


def checked(asked: InvestmentProblem) -> InvestmentProblem:
    """Give the problem back when nothing is wrong with it.

    Raises
    ------
    InvalidInput
        With every fault, each a sentence that names the array.
    """
    found = tuple(problem_faults(asked.problem)) or tuple(_faults(asked))
    if found:
        raise InvalidInput("the investment problem contradicts itself", faults=found)
    return asked


def _faults(asked: InvestmentProblem) -> Iterator[str]:
    projects = asked.projects
    yield from _way_faults(asked.problem)
    yield from _horizon_faults(asked)
    wrong = tuple(_project_faults(projects))
    fills = projects.fills
    yield from wrong or fill_faults(fills, asked.problem, projects.most, projects.exclusive)
    if len(asked.problem.line_fills.arc):
        yield "line_fills: over steps a line is filled by the project that opens it (fills)"
    if len(asked.problem.under_way.permission) or asked.problem.permissions.at_end.any():
        yield "under_way: over steps nothing is under way at the start or the end"
    yield from _addition_faults(asked)
    count = len(asked.projects.ids)
    for group in asked.projects.exclusive:
        if any(not 0 <= j < count for j in group):
            yield "projects.exclusive: a number of no project"
        elif any(asked.projects.most[j] != 1 for j in group):
            yield "projects.exclusive: a project of several units"
    for pair in asked.projects.needs:
        if any(not 0 <= j < count for j in pair) or pair[0] == pair[1]:
            yield "projects.needs: a pair names two projects"


def _way_faults(problem: PlanningProblem) -> Iterator[str]:
    """Steps are years as a rule, and what is under way between them is discounted by nothing."""
    if len(problem.under_way.permission) or problem.permissions.at_end.any():
        yield "problem: a choice of projects knows nothing under way at the start or the end"


def _horizon_faults(asked: InvestmentProblem) -> Iterator[str]:
    horizon, periods = asked.horizon, asked.problem.periods
    if not horizon.step_ids or len(set(horizon.step_ids)) != horizon.steps:
        yield "horizon.step_ids: there is none, or one stands twice"
    if horizon.step.shape != (periods,) or horizon.share.shape != (periods,):
        yield "horizon: a step and a share for each period"
    elif horizon.step.min() < 0 or horizon.step.max() >= horizon.steps:
        yield "horizon.step: a number of no step"
    elif np.any(np.diff(horizon.step) < 0):
        yield "horizon.step: it falls"
    if not (np.isfinite(horizon.share).all() and (horizon.share >= 0).all()):
        yield "horizon.share: a value is negative or no number"
    elif len(asked.projects.fills.arc) and not _can_fill(horizon):
        yield "horizon: where a line is filled, each step has a first period that comes"
    if horizon.discount.shape != (horizon.steps,) or not (horizon.discount > 0).all():
        yield "horizon.discount: a number above 0 for each step"
    budget = np.inf if asked.budget_by_step is None else asked.budget_by_step
    if np.isnan(asked.budget) or asked.budget < 0 or not np.all(np.asarray(budget) >= 0):
        yield "budget: a number from 0 on"
    elif asked.budget_by_step is not None and asked.budget_by_step.shape != (horizon.steps,):
        yield "budget_by_step: one for each step"


def _can_fill(horizon: Horizon) -> bool:
    """Whether each step has a period, and its first one a share."""
    if horizon.step.shape != horizon.share.shape:
        return True
    steps, first = np.unique(horizon.step, return_index=True)
    return len(steps) == horizon.steps and bool((horizon.share[first] > 0).all())


def _project_faults(projects: Projects) -> Iterator[str]:
    count = len(projects.ids)
    if len(set(projects.ids)) != count:
        yield "projects.ids: an id stands twice"
    for name, least in (("most", 1), ("earliest", 0), ("building", 0), ("life", 1)):
        values: Indices = getattr(projects, name)
        if values.shape != (count,) or not np.issubdtype(values.dtype, np.integer):
            yield f"projects.{name}: one whole number for each project"
        elif count and values.min() < least:
            yield f"projects.{name}: a number below {least}"
    for name in ("outlay", "running"):
        amounts: Floats = getattr(projects, name)
        if amounts.shape != (count,):
            yield f"projects.{name}: one for each project"
        elif not (np.isfinite(amounts).all() and (amounts >= 0).all()):
            yield f"projects.{name}: a value is negative or no number"


def _addition_faults(asked: InvestmentProblem) -> Iterator[str]:
    adds = asked.projects.adds
    count = len(adds.family)
    if not count == len(adds.asset) == len(adds.unit) == len(adds.project):
        yield "adds: a project, a family, an asset and a unit for each"
        return
    if count and not 0 <= adds.project.min() <= adds.project.max() < len(asked.projects.ids):
        yield "adds.project: a number of no project"
    if adds.amount.shape != (count, asked.problem.periods):
        yield "adds.amount: one for each addition and period"
    elif not (np.isfinite(adds.amount).all() and (adds.amount >= 0).all()):
        yield "adds.amount: a value is negative or no number"
    for family in sorted(set(adds.family) - set(WIDENED)):
        yield f"adds.family: nothing widens {family}"
