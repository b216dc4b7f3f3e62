"""Plans of problems that differ in amounts alone, each begun where the first of its shape ended.

Runs of a study and the ends of its estimates change amounts and costs, hardly ever which ways
there are. The basis of the plan as told is then a few steps from theirs. Each begins with that
basis and never with the one before it, so that order and number of workers change nothing.

**Warm answers are not believed.** Each is certified by its own prices, a thousand times closer than
a plan is asked for; one that fails is solved again from nothing. A share of the others, drawn by
what the problem holds, is solved from nothing as well and must cost the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from karvan.domain.errors import EngineError
from karvan.engines.planner.case import AGREES, GAP
from karvan.engines.planner.certificate import certify
from karvan.engines.planner.methods import LARGE, answer, by_periods, is_long
from karvan.engines.planner.model import Model, build
from karvan.engines.planner.plan import Plan, read
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.solving import Answer, SolverOptions, hand_over, run
from karvan.engines.planner.starting import begun, is_tied

#: Share of the warm answers that are solved from nothing too.
CHECKED: Final = 0.05

Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Basis:
    """Statuses of HiGHS: (columns,) and (rows,)."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """Where the plans of each shape begin: rows, columns and periods of the model."""

    of: Mapping[Shape, Basis]


NONE: Final = Starts(of={})


class Recorder:
    """Plans from nothing, and keeps where the first plan of each shape ended."""

    def __init__(self) -> None:
        self._of: dict[Shape, Basis] = {}

    @property
    def starts(self) -> Starts:
        """What was kept."""
        return Starts(of=dict(self._of))

    def plan(self, problem: PlanningProblem, options: SolverOptions | None = None) -> Plan:
        """Find a plan; raises as `plan` does."""
        options = options or SolverOptions()
        model = build(problem)
        shape = _shape(model)
        if shape in self._of or not _by_simplex(model, options):
            return read(model, answer(model, options))
        found, basis = _from_nothing(model, replace(options, method="simplex"))
        rows, columns, _ = shape
        self._of[shape] = Basis(
            _numbers(basis.col_status[:columns]), _numbers(basis.row_status[:rows])
        )
        return read(model, found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warm:
    """Plans from where those of their shape ended."""

    starts: Starts
    checked: float = CHECKED

    def plan(self, problem: PlanningProblem, options: SolverOptions | None = None) -> Plan:
        """Find a plan; raises as `plan` does, and `EngineError` where warm and cold disagree."""
        options = options or SolverOptions()
        model = build(problem)
        start = self.starts.of.get(_shape(model))
        found = None if start is None else _warm(model, start, options)
        if found is None:
            return read(model, answer(model, options))
        if _drawn(model) < self.checked:
            _compare(model, found, options)
        return read(model, found)


def _shape(model: Model) -> Shape:
    """Without what was under way, which differs from run to run; it stands last in both."""
    waits = model.columns.count - model.columns.waiting
    rows, columns = model.matrix.shape
    return rows - waits, columns - waits, model.columns.periods


def _by_simplex(model: Model, options: SolverOptions) -> bool:
    """Whether the simplex solves it within a time worth waiting for."""
    small = model.columns.count < LARGE
    return options.method in {"choose", "simplex"} and (small or is_long(model))


def _from_nothing(model: Model, options: SolverOptions) -> tuple[Answer, highspy.HighsBasis]:
    hand = begun if is_tied(model) or by_periods(model, options) else hand_over
    highs = hand(model, options)
    found = _within(model, run(highs, model, options))
    return found, highs.getBasis()


def _warm(model: Model, start: Basis, options: SolverOptions) -> Answer | None:
    """Solve from a basis; None where that gives no proven answer."""
    options = replace(options, method="simplex", presolve=False)
    highs = hand_over(model, options)
    basis = highspy.HighsBasis()
    waits = model.columns.count - model.columns.waiting
    kinds = highspy.HighsBasisStatus
    basis.col_status = [kinds(int(each)) for each in start.columns] + [kinds.kLower] * waits
    basis.row_status = [kinds(int(each)) for each in start.rows] + [kinds.kBasic] * waits
    basis.valid, basis.alien = True, False
    highs.setBasis(basis)
    try:
        found = _within(model, run(highs, model, options))
    except EngineError:
        return None
    return found if certify(model, found.values, found.row_prices).holds(gap=GAP) else None


def _within(model: Model, found: Answer) -> Answer:
    """Without the little by which the simplex leaves the ends of a column."""
    return replace(found, values=np.clip(found.values, 0.0, model.most))


def _drawn(model: Model) -> float:
    """A number in [0, 1) that depends on the limits and costs of a model alone."""
    limits = np.where(np.isfinite(model.row_upper), model.row_upper, 0.0)
    share = float(limits.sum() + model.cost.sum()) * 1e3
    return share - math.floor(share)


def _compare(model: Model, warm: Answer, options: SolverOptions) -> None:
    cold = answer(model, options)
    if abs(cold.objective - warm.objective) > AGREES * max(1.0, abs(cold.objective)):
        raise EngineError("warm and cold disagree", warm=warm.objective, cold=cold.objective)


def _numbers(statuses: Iterable[highspy.HighsBasisStatus]) -> NDArray[np.int8]:
    return np.array([int(each) for each in statuses], np.int8)
