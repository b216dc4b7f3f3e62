"""Which method solves a model: small ones the simplex, large ones `sifting`, or as asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import highspy

from karvan.domain.errors import LimitReached
from karvan.engines.planner.model import Model
from karvan.engines.planner.solving import Answer, SolverOptions, hand_over, run, solve
from karvan.engines.planner.starting import begun, is_tied

#: Columns from which sifting is chosen, and from which the simplex is not tried before it.
#: Measured, see docs/explanation/speed.md.
LARGE: Final = 40_000
VAST: Final = 200_000
#: Columns a row, below which a model counts as long.
LONG: Final = 3.0


def answer(model: Model, options: SolverOptions) -> Answer:
    """Solve a model once by the method asked for; `choose` goes by its size.

    A large model that is long rather than wide, many periods of few ways, is one that the simplex
    solves in fewer steps than it has rows. It gets as many, and sifting the rest. Where what waits
    is worth something the simplex begins with each period planned by itself.

    Raises
    ------
    LimitReached
        The time limit came first.
    EngineError
        The solver failed, or another ran than the one asked for.
    """
    method, left = options.method, options
    if by_periods(model, options):
        by_simplex = replace(options, method="simplex")
        return run(begun(model, by_simplex), model, by_simplex)
    if method == "choose":
        method = "sifting" if model.columns.count >= LARGE else "simplex"
        if is_long(model):
            found, took_s = _tried(model, replace(options, method="simplex"))
            if found is not None:
                return found
            left = replace(options, time_limit_s=max(0.0, options.time_limit_s - took_s))
    if method == "sifting":
        # What small plans need not wait for: the compiler of numba is loaded with it.
        from karvan.engines.planner.sifting import sift

        return sift(model, left)
    options = replace(options, method=method)
    if method == "simplex" and is_tied(model):
        return run(begun(model, options), model, options)
    return solve(model, options)


def by_periods(model: Model, options: SolverOptions) -> bool:
    """Whether periods are planned one after the other first: of a large model that travels.

    Travel times tie each period to the next by all that moves, and from nothing the simplex finds
    its way through that slowly.
    """
    travels = bool(model.problem.arcs.travel_d.any()) and model.columns.periods > 1
    asked = options.method == "simplex" or (options.method == "choose" and is_long(model))
    return travels and asked and model.columns.count >= LARGE


def is_long(model: Model) -> bool:
    """Whether a large model is one that the simplex is given first."""
    rows, count = model.matrix.shape
    return bool(LARGE <= count < min(VAST, LONG * rows))


def _tried(model: Model, options: SolverOptions) -> tuple[Answer | None, float]:
    """Let the simplex make as many steps as there are rows; None where those do not do.

    Gives the seconds that took too.
    """
    highs = begun(model, options) if is_tied(model) else hand_over(model, options)
    highs.setOptionValue("simplex_iteration_limit", model.matrix.shape[0])
    try:
        return run(highs, model, options), highs.getRunTime()
    except LimitReached:
        if highs.getModelStatus() != highspy.HighsModelStatus.kIterationLimit:
            raise
        return None, highs.getRunTime()
