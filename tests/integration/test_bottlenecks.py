"""Every kind of limit is told as a bottleneck: by name, with its unit, and what one more saves."""

from dataclasses import replace

import numpy as np
import pytest

from karvan.domain.errors import EngineError
from karvan.engines.planner.model import build
from karvan.engines.planner.plan import plan
from karvan.engines.planner.solving import SolverOptions, solve
from karvan.services.planning.reading import results_of
from karvan.services.planning.stages import Stage
from karvan.services.planning.wording import LIMITS
from planner_cases import rich_problem

#: Kinds of limits, the unit of each in these cases, and where its figure stands in the problem.
UNITS = {
    "arc capacity": ("t", "arcs", "capacity"),
    "joint capacity": ("t", "joints", "capacity"),
    "fleet hours": ("h", "fleets", "hours"),
    "minimum throughput": ("t", "minima", "least"),
    "ramp": ("t/d", "ramps", "rise"),
    "contract minimum": ("t", "contracts", "least"),
    "contract cap": ("t", "contracts", "most"),
    "tank room": ("m3", "", ""),
    "blend": ("t x %", "", ""),
    "line fill": ("t", "", ""),
    "line kept full": ("t", "", ""),
    "line delivers": ("t", "", ""),
    "line filled first": ("t", "", ""),
    "line filled before": ("t", "", ""),
}
#: What nobody could widen: conservation, and that what is under way arrives first.
NO_LIMITS = {"balance", "under way"}
#: Cases in which between them every kind of limit binds.
SEEDS = (3, 4, 8)
STEP = 1e-4


@pytest.fixture(scope="module")
def found():
    return {seed: plan(rich_problem(seed)) for seed in SEEDS}


@pytest.fixture(scope="module")
def told(found, published):
    stages = {seed: Stage(plan=each, periods=each.problem.periods) for seed, each in found.items()}
    return {
        seed: results_of(published.network, {}, [stage]).bottlenecks
        for seed, stage in stages.items()
    }


def test_every_family_of_rows_reaches_the_table_with_its_unit_and_a_name(found, told):
    families = {rows.family for each in found.values() for rows in each.model.families}
    seen = {(row.limit, row.for_a) for rows in told.values() for row in rows}

    assert families - NO_LIMITS == set(UNITS) <= set(LIMITS)
    assert seen == {(name, unit) for name, (unit, *_) in UNITS.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_what_one_more_saves_lies_between_the_differences_on_both_sides(seed, found, told):
    """The input is changed where it has a figure of its own, else the limit of the row."""
    problem, now = found[seed].problem, found[seed].cost
    each = {(row.limit, row.of): row for row in told[seed]}  # one month of each will do
    for row in each.values():
        less = (cost_with(problem, row, -STEP) - now) / STEP
        more = (now - cost_with(problem, row, STEP)) / STEP
        assert more - 1e-3 <= row.worth_kusd <= less + 1e-3, row


def cost_with(problem, row, more):
    """What the plan costs with so much more of a limit."""
    _, part, name = UNITS[row.limit]
    lines = {problem.arcs.ids[a] for a in problem.line_fills.arc}
    # A wider line is filled sooner too: that is in the price of other rows.
    if not part or (part == "arcs" and row.of in lines):
        return cost_of_row(build(problem), row, more)
    holder = getattr(problem, part)
    ids = holder.ids if hasattr(holder, "ids") else [problem.arcs.ids[a] for a in holder.arc]
    table = getattr(holder, name).copy()
    asset = list(ids).index(row.of)
    table[(asset, problem.period_ids.index(row.month)) if row.month else asset] += more
    return plan(replace(problem, **{part: replace(holder, **{name: table})})).cost


def cost_of_row(model, row, more):
    number = next(n for n in range(model.matrix.shape[0]) if same(model.name(n), row))
    lower, upper = model.row_lower.copy(), model.row_upper.copy()
    lower[number] += more
    upper[number] += more
    try:
        return solve(replace(model, row_lower=lower, row_upper=upper), SolverOptions()).objective
    except EngineError:
        return np.inf  # Moved that way the limit leaves no plan at all.


def same(name, row):
    return (name.family, name.asset, name.period) == (row.limit, row.of, row.month)
