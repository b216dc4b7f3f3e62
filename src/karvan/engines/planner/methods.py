"""Which method solves a model: small ones the simplex, large ones `sifting`, or as asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from karvan.engines.planner.model import Model
from karvan.engines.planner.solving import Answer, SolverOptions, solve

#: Columns from which sifting is chosen. Measured, see docs/explanation/speed.md.
LARGE: Final = 40_000


def answer(model: Model, options: SolverOptions) -> Answer:
    """Solve a model once by the method asked for; `choose` goes by its size.

    Raises
    ------
    LimitReached
        The time limit came first.
    EngineError
        The solver failed, or another ran than the one asked for.
    """
    method = options.method
    if method == "choose":
        method = "sifting" if model.columns.count >= LARGE else "simplex"
    if method == "sifting":
        # What small plans need not wait for: the compiler of numba is loaded with it.
        from karvan.engines.planner.sifting import sift

        return sift(model, options)
    return solve(model, replace(options, method=method))
