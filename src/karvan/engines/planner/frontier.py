"""What each budget can buy: the net present value against the outlay, every point best there is.

From the best choice without limit downwards: the next budget is what the last choice spent, less
one unit of money. So between two points that follow each other nothing is left out, and every
point but the last is worth more than all that spend less. A point whose worth the next one reaches
with less money is no point.
"""

from __future__ import annotations

from collections.abc import Iterator

from karvan.engines.planner.investment import Investment, Prepared, choose
from karvan.engines.planner.solving import SolverOptions


def frontier(
    prepared: Prepared, options: SolverOptions | None = None, *, unit: float, alike: float
) -> Iterator[Investment]:
    """Give the points from the most that is worth spending down to spending nothing.

    Parameters
    ----------
    unit
        Currency by which the budget falls between two points: outlays are multiples of it, or
        choices closer together than it may be left out.
    alike
        Currency by which one choice must be worth more than a cheaper one to be a point.

    Raises
    ------
    LimitReached
        As `choose`, which is called once a point and for each choice that is no point.
    """
    above: Investment | None = None
    budget = prepared.asked.budget
    while True:
        point = choose(prepared, options, budget=budget)
        if above is not None and above.npv > point.npv + alike:
            yield above
        above = point
        if point.spent < unit:
            yield point
            return
        budget = point.spent - unit
