"""Cases of a large model, each solved by parts of its columns from the prices of the base case.

The simplex pays for every step with the size of the model, and the steps grow with it as well: an
outage of a dense network moves prices everywhere. `sifting` asks about few columns, and prices
of the base case are as good a guess as any: most cases need two parts, the second with the ways
that the first made look cheap.

- The base case is solved by sifting, to a gap `GAP_OF_PARTS`.
- A case begins with its prices, with the columns that look cheap by them or after some steps of
  `first_order` from there, which say where prices go, and without those that the case shuts: a
  column with an entry in a row whose limit is 0 can carry nothing.
- Every answer is proven on all columns by its own prices, to `GAP_OF_PARTS`. One that is not
  proven so in a few parts is solved again from nothing.
- What is solved cold begins with a guess of its own and uses nothing of the base case.

No case uses what another found, so order and number of workers change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from karvan.domain.errors import EngineError
from karvan.engines.planner.case import AGREES, GAP_OF_PARTS, Case
from karvan.engines.planner.certificate import Certificate, certify
from karvan.engines.planner.methods import VAST
from karvan.engines.planner.model import Model
from karvan.engines.planner.potentials import Flags
from karvan.engines.planner.sifting import Begin, ahead, begin, begin_at, eager, sifted
from karvan.engines.planner.solving import Answer, SolverOptions, solve

#: Parts that a case is given before it is solved from nothing.
PARTS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """A model and its base case, from which each case begins."""

    model: Model
    options: SolverOptions
    base: Answer
    start: Begin

    def warm(self, case: Case) -> tuple[Answer, Certificate, str]:
        """Solve a case from the prices of the base case; cold where those lead to no proof.

        Raises
        ------
        LimitReached
            The time limit came first.
        EngineError
            No certificate holds.
        """
        changed = case.applied(self.model)
        start = ahead(changed, self.start, self.base.values, shut(self.model, case))
        found, _ = sifted(changed, self.options, start)
        if found is not None:
            return found, certify(changed, found.values, found.row_prices), "warm"
        return *self.cold(changed), "cold"

    def cold(self, changed: Model) -> tuple[Answer, Certificate]:
        """Solve a changed model from nothing; raises as `warm`."""
        start = eager(begin(changed), close=GAP_OF_PARTS)
        found, left_s = sifted(changed, self.options, start)
        if found is None:
            found = _whole(changed, self.options, left_s)
        return found, certify(changed, found.values, found.row_prices)


def begun(model: Model, options: SolverOptions) -> Sifted | None:
    """Solve the base case by parts; None where they prove nothing and the simplex might.

    The simplex does not end on a vast model: there the interior method gets the whole.

    Raises
    ------
    LimitReached
        The time limit came first.
    EngineError
        HiGHS refuses a model or an option.
    """
    options = replace(options, method="sifting")
    first = eager(begin(model), close=GAP_OF_PARTS)
    base, left_s = sifted(model, options, first)
    if base is None and model.columns.count < VAST:
        return None
    if base is None:
        base = _whole(model, options, left_s)
    at_base = begin_at(model, base, first.weight, close=GAP_OF_PARTS)
    start = replace(at_base, rounds=PARTS)
    return Sifted(model=model, options=options, base=base, start=start)


def _whole(model: Model, options: SolverOptions, left_s: float) -> Answer:
    """The interior method on all columns, proven to what warm and cold may differ."""
    found = solve(model, replace(options, method="interior", time_limit_s=left_s))
    proof = certify(model, found.values, found.row_prices)
    if not proof.holds(gap=AGREES):
        raise EngineError("what the solver calls optimal does not hold", gap=proof.gap)
    return found


def shut(model: Model, case: Case) -> Flags:
    """Columns (columns,) that the limits of a case let carry nothing.

    Those are the columns of rows that may not be above 0 and to which no column gives, and the
    columns whose own limit is 0.
    """
    found = np.zeros(model.columns.count, np.bool_)
    found[case.columns[case.most <= 0.0]] = True
    rows = model.matrix[case.rows[case.upper <= 0.0]].tocoo()
    gives = np.zeros(rows.shape[0], np.bool_)
    gives[rows.row[rows.data < 0.0]] = True
    found[rows.col[~gives[rows.row]]] = True
    return found
