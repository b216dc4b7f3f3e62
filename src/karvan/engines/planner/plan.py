"""A plan: what goes where, what waits, what stays behind, and what limits are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from karvan.domain.errors import EngineError
from karvan.engines.planner import transit
from karvan.engines.planner.certificate import Certificate, certify
from karvan.engines.planner.methods import answer
from karvan.engines.planner.model import Model, build
from karvan.engines.planner.problem import Floats, PlanningProblem
from karvan.engines.planner.rows import RowName
from karvan.engines.planner.solving import Answer, SolverOptions
from karvan.engines.planner.verification import Residuals, residuals
from karvan.network.flows import FlowTable


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """What one more unit of a limit would change in the total cost.

    `value` is in the currency for a unit of `row.unit`; below 0 where more of it saves.
    """

    row: RowName
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The answer to a planning problem, in the order of its arrays.

    Attributes
    ----------
    flow
        (P, T) amount that leaves the tail of each permission.
    stock
        (S, T) at the end of each period.
    shut_in, unserved
        (U, T) and (D, T).
    below_minimum, short
        (M, T) and (C,): what minima and contracts lack.
    line_fill
        (I, T) what is in lines that are filled, at the end of the period.
    waiting
        (W, T) of what was under way at the start, what has arrived and nothing has taken by the
        end of the period.
    row_prices
        (rows,) by row of the model; `shadow_prices` names them.
    residuals, certificate
        What a second reading of the problem found, and how far the answer is from proven.
    """

    model: Model
    flow: Floats
    stock: Floats
    shut_in: Floats
    unserved: Floats
    below_minimum: Floats
    line_fill: Floats
    waiting: Floats
    short: Floats
    row_prices: Floats
    cost: float
    solver: str
    iterations: int
    residuals: Residuals
    certificate: Certificate

    @property
    def problem(self) -> PlanningProblem:
        """What was asked."""
        return self.model.problem

    @property
    def values(self) -> Floats:
        """(columns,) as they lie in the model."""
        left = (self.shut_in, self.unserved, self.below_minimum)
        blocks = (self.flow, self.stock, *left, self.line_fill)
        ends = (self.short, self.waiting.ravel())
        return np.concatenate([*(each.ravel() for each in blocks), *ends])

    @property
    def filled(self) -> Floats:
        """(P, T) what of each flow stays in its line; below 0 where another takes its room."""
        fills, filled = self.problem.line_fills, np.zeros_like(self.flow)
        filled[fills.permission] = np.diff(self.line_fill, axis=1, prepend=fills.initial[:, None])
        return filled

    @property
    def lost(self) -> Floats:
        """(P, T) what of each flow does not come out, and is not in its line either."""
        gone: Floats = (self.flow - self.filled) * (1 - self.problem.permissions.kept)[:, None]
        return gone

    @property
    def under_way(self) -> Floats:
        """(P, T) what has left and not arrived at the end of a period, or waits to be taken."""
        problem, periods = self.problem, self.problem.periods
        out = (self.flow - self.filled) * problem.permissions.kept[:, None]
        found, coming = transit.of(problem), problem.under_way
        within = found.arrives < periods
        item, departs = found.item[within], found.departs[within]
        came: Floats = np.zeros_like(self.flow)
        np.add.at(came, (item, found.arrives[within]), out[item, departs] * found.share[within])
        level = np.cumsum(out - came, axis=1)
        if len(coming.permission):
            taken = coming.amount - np.diff(self.waiting, axis=1, prepend=0.0)
            level[coming.permission] += coming.all[:, None] - np.cumsum(taken, axis=1)
        return level

    @property
    def under_way_at_end(self) -> Floats:
        """(P,) what is under way after the last period."""
        at_end: Floats = self.under_way[:, -1]
        return at_end

    def flow_table(self, *, above: float = 1e-9) -> FlowTable:
        """Flows by link, commodity and period; amounts up to `above` are left out."""
        permissions, problem = self.problem.permissions, self.problem
        permission, period = np.nonzero(self.flow > above)
        return FlowTable(
            link_ids=problem.arcs.ids,
            commodity_ids=problem.commodity_ids,
            commodity_units=problem.commodity_units,
            period_ids=problem.period_ids,
            link=permissions.arc[permission],
            commodity=permissions.commodity[permission],
            period=period.astype(np.int64),
            amount=self.flow[permission, period],
        )

    def shadow_prices(self, *, above: float = 1e-9) -> tuple[ShadowPrice, ...]:
        """Prices of limits that bind, the dearest first; conservation is no limit, so not in it."""
        first_limit = self.model.first_row[1]
        prices = self.row_prices[first_limit:]
        found = np.flatnonzero(np.abs(prices) > above)
        order = found[np.argsort(-np.abs(prices[found]), kind="stable")]
        return tuple(
            ShadowPrice(self.model.name(int(row) + first_limit), float(prices[row]))
            for row in order
        )

    def cost_by_carrier(self) -> Mapping[str, float]:
        """Cost of moving, by the carrier of the arc."""
        return self._moving(self.problem.arcs.carrier)

    def cost_by_country(self) -> Mapping[str, float]:
        """Cost of moving, by the country of the arc."""
        return self._moving(self.problem.arcs.country)

    def _moving(self, names: tuple[str, ...]) -> Mapping[str, float]:
        permissions = self.problem.permissions
        spent = (self.flow * permissions.cost).sum(axis=1)
        totals: dict[str, float] = dict.fromkeys(sorted(set(names)), 0.0)
        for arc, cost in zip(permissions.arc, spent, strict=True):
            totals[names[arc]] += float(cost)
        return totals


def plan(problem: PlanningProblem, options: SolverOptions | None = None) -> Plan:
    """Find the plan of least cost and look at it again.

    Raises
    ------
    InvalidInput
        The problem contradicts itself.
    LimitReached
        The time limit came before the answer.
    EngineError
        The solver failed, or what it called optimal does not hold.
    """
    options = options or SolverOptions()
    model = build(problem)
    return read(model, answer(model, options))


def read(
    model: Model,
    answer: Answer,
    *,
    row_upper: Floats | None = None,
    plain_cost: Floats | None = None,
) -> Plan:
    """Make a plan from what the solver gave, verified; the problem is that of the model.

    Parameters
    ----------
    row_upper
        (rows,) limits of a case in place of the model's.
    plain_cost
        (columns,) costs of the problem, where those of the model weigh periods differently.

    Raises
    ------
    EngineError
        A limit does not hold, or the prices do not prove the cost.
    """
    problem, columns = model.problem, model.columns
    periods, values = columns.periods, answer.values
    certificate = certify(model, values, answer.row_prices, row_upper=row_upper)
    plain = certificate.cost if plain_cost is None else float(plain_cost @ values)
    found = Plan(
        model=model,
        flow=values[: columns.stock].reshape(-1, periods),
        stock=values[columns.stock : columns.shut_in].reshape(-1, periods),
        shut_in=values[columns.shut_in : columns.unserved].reshape(-1, periods),
        unserved=values[columns.unserved : columns.below].reshape(-1, periods),
        below_minimum=values[columns.below : columns.fill].reshape(-1, periods),
        line_fill=values[columns.fill : columns.short].reshape(-1, periods),
        short=values[columns.short : columns.waiting],
        waiting=values[columns.waiting :].reshape(-1, periods),
        row_prices=answer.row_prices,
        cost=certificate.cost,
        solver=f"{answer.solver} {answer.ran}",
        iterations=answer.iterations,
        residuals=residuals(
            problem,
            flow=values[: columns.stock].tolist(),
            stock=values[columns.stock : columns.shut_in].tolist(),
            shut_in=values[columns.shut_in : columns.unserved].tolist(),
            unserved=values[columns.unserved : columns.below].tolist(),
            line_fill=values[columns.fill : columns.short].tolist(),
            waiting=values[columns.waiting :].tolist(),
            cost=plain,
        ),
        certificate=certificate,
    )
    if not certificate.holds() or found.residuals.worst > TOLERANCE:
        raise EngineError(
            "what the solver calls optimal does not hold",
            beyond_limits=certificate.beyond_limits,
            wrong_prices=certificate.wrong_prices,
            gap=certificate.gap,
            **found.residuals.as_facts(),
        )
    return found


#: Largest residual that counts as rounding, over the size of the amounts.
TOLERANCE = 1e-6
