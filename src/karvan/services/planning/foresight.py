"""What is known when, what had been decided by then, and what each period cost.

A period is planned knowing what happens in it. Of later periods it knows the events that have
begun, for as long as they are expected to last: until the day that was expected when they began,
and when that has passed, as long again, until the real end is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from karvan.engines.planner.plan import Plan
from karvan.engines.planner.problem import Floats
from karvan.engines.planner.transit import after_the_end
from karvan.services.planning.lateness import late, late_stocks
from karvan.services.planning.oil import Start
from karvan.services.planning.scenario import Event, left_by_day
from karvan.services.planning.under_way import sent_by

Spans = Sequence[tuple[date, date]]


def seen_in(events: Sequence[Event], beyond: date) -> tuple[Event, ...]:
    """Events as they seem in the period that ends before a day: those to come are not known.

    >>> event = Event(
    ...     id="E", asset="x", first_day=date(2024, 1, 1), last_day=date(2024, 3, 31), share_lost=1,
    ...     cause="", source="", expected_until=date(2024, 1, 20))
    >>> [str(seen_in([event], date(2024, m, 1))[0].last_day) for m in (2, 3, 4, 5)]
    ['2024-02-09', '2024-02-29', '2024-03-31', '2024-03-31']
    """
    known = (event for event in events if event.first_day < beyond and event.share_lost > 0)
    return tuple(replace(event, last_day=_seems_to_end(event, beyond)) for event in known)


def begun_in(events: Sequence[Event], first: date) -> date | None:
    """The day of the first event that began in the period from a day on, None of none."""
    return min((event.first_day for event in events if event.first_day >= first), default=None)


def _seems_to_end(event: Event, beyond: date) -> date:
    last = beyond - timedelta(days=1)
    if event.last_day <= last or event.expected_until is None:
        return event.last_day
    length = (event.expected_until - event.first_day).days + 1
    passed = (last - event.first_day).days + 1
    times = max(1, -(-passed // length))
    return event.first_day + timedelta(days=times * length - 1)


def is_news(before: Sequence[Event], now: Sequence[Event], spans: Spans) -> bool:
    """Whether less or more is left in some of the periods than was thought before."""
    assets = {(event.asset, event.commodity, event.takes) for event in (*before, *now)}
    return any(
        left_by_day(_of(before, asset), *span) != left_by_day(_of(now, asset), *span)
        for asset in sorted(assets)
        for span in spans
    )


def _of(events: Sequence[Event], asset: tuple[str, str, str]) -> list[Event]:
    return [event for event in events if (event.asset, event.commodity, event.takes) == asset]


def decided(plan: Plan, periods: int, before: Start | None) -> Start:
    """What had been decided when the first `periods` of a plan have passed, one or more.

    Parameters
    ----------
    before
        What had been decided when the plan was made.
    """
    problem, last = plan.problem, periods - 1
    carried = np.zeros(len(problem.arcs.ids))
    np.add.at(carried, problem.permissions.arc, plan.flow[:, last])
    stocks, uses = problem.stocks, problem.contracts.uses
    moved = np.zeros(len(problem.contracts.ids))
    amounts = plan.flow[uses.permission, :periods].sum(axis=1) * uses.per_unit
    np.add.at(moved, uses.row, amounts)
    used: Mapping[str, float] = before.under_cap_kt if before else {}
    names = zip(problem.contracts.ids, moved.tolist(), strict=True)
    return Start(
        carried_kt_d=dict(
            zip(problem.arcs.ids, (carried / problem.period_days[last]).tolist(), strict=True)
        ),
        stock_kt={
            (problem.node_ids[n], problem.commodity_ids[k]): float(held)
            for n, k, held in zip(stocks.node, stocks.commodity, plan.stock[:, last], strict=True)
        },
        in_line_kt={
            (
                problem.arcs.ids[problem.permissions.arc[p]],
                problem.commodity_ids[problem.permissions.commodity[p]],
            ): float(held)
            for p, held in zip(problem.line_fills.permission, plan.line_fill[:, last], strict=True)
        },
        under_way=sent_by(plan, periods),
        under_cap_kt={name: used.get(name, 0.0) + amount for name, amount in names},
    )


def costs_by_period(plan: Plan) -> Floats:
    """Cost (T,) of each period of a plan; they add up to the cost of the plan.

    What a contract lacks is paid in its last period, what is left is worth something in the last,
    what comes late when it comes, what is under way at the end when it leaves. What came late
    before the plan was credited before.
    """
    problem = plan.problem
    permissions, under_way = problem.permissions, problem.under_way
    charged = (permissions.at_end * permissions.kept)[:, None] * after_the_end(problem)
    costs: Floats = (plan.flow * (permissions.cost + charged)).sum(axis=0)
    costs[-1] += float(plan.waiting[:, -1] @ permissions.at_end[under_way.permission])
    for amounts, prices in (
        (plan.stock, problem.stocks.cost),
        (plan.shut_in, problem.supplies.price),
        (plan.unserved, problem.demands.price),
        (plan.below_minimum, problem.minima.price),
        (plan.line_fill, problem.line_fills.cost),
        (plan.waiting, problem.under_way.cost),
    ):
        costs = costs + (amounts * np.reshape(prices, (-1, 1))).sum(axis=0)
    np.add.at(costs, problem.contracts.last, plan.short * problem.contracts.price)
    counted, at_end = late_stocks(problem), problem.stocks.worth_at_end.copy()
    has = counted >= 0
    costs -= at_end[counted[has]] @ late(plan)[has]
    at_end[counted[has]] = 0.0
    costs[-1] -= float(plan.stock[:, -1] @ at_end)
    costs[-1] += float(plan.line_fill[:, -1] @ problem.line_fills.cost_at_end)
    return costs
