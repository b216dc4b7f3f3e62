"""A second reading of a planning problem, to see whether a plan keeps to it.

Written apart from the constraint modules, in plain Python over plain lists, so that a mistake in
a matrix does not hide itself. It walks what happens, period by period: what leaves, arrives,
waits, is made and used; how full each arc, terminal, tank and line is; the hours of each fleet.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from karvan.engines.planner.problem import Amounts, PlanningProblem, Uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """Largest breach of each kind, over the larger of 1 and the amounts that meet there."""

    conservation: float
    capacity: float
    joint: float
    fleet_hours: float
    stock: float
    tank: float
    ramp: float
    contract_cap: float
    blend: float
    line_fill: float
    under_way: float
    left_behind: float
    negative: float
    cost: float

    @property
    def worst(self) -> float:
        """Largest of all."""
        return max(self.as_facts().values())

    def as_facts(self) -> dict[str, float]:
        """By name."""
        return asdict(self)


def residuals(
    problem: PlanningProblem,
    *,
    flow: Sequence[float],
    stock: Sequence[float],
    shut_in: Sequence[float],
    unserved: Sequence[float],
    cost: float,
    line_fill: Sequence[float] = (),
    waiting: Sequence[float] = (),
) -> Residuals:
    """Measure each kind of breach.

    Parameters
    ----------
    flow, stock, shut_in, unserved, line_fill, waiting
        Amounts, items one after another, the periods of an item together.
    cost
        What the plan is said to cost.
    """
    moved, lines = _Moved(problem, flow), _Lines(problem, flow, line_fill)
    comes = _Comes(problem, flow, lines.filled, waiting)
    spent = (
        _moving_cost(problem, flow)
        + _holding_cost(problem, stock)
        + _left_cost(problem, shut_in, unserved)
        + moved.cost_of_minima()
        + lines.cost
        + comes.cost
        + _contract_cost(problem, flow)
    )
    return Residuals(
        conservation=_conservation(problem, flow, stock, shut_in, unserved, comes),
        capacity=moved.worst_over_capacity(),
        joint=_worst_use(problem.joints.uses, problem.joints.capacity.tolist(), flow, problem),
        fleet_hours=_worst_use(problem.fleets.uses, problem.fleets.hours.tolist(), flow, problem),
        stock=_stocks(problem, stock),
        tank=_tanks(problem, stock),
        ramp=moved.worst_over_ramp(),
        contract_cap=_contracts(problem, flow),
        blend=_worst_blend(problem, flow),
        line_fill=lines.worst(),
        under_way=comes.worst,
        left_behind=max(
            _worst_left(problem.supplies, shut_in), _worst_left(problem.demands, unserved)
        ),
        cost=abs(spent - cost) / max(1.0, abs(spent)),
        negative=max(
            (
                -x
                for part in (flow, stock, shut_in, unserved, line_fill, waiting)
                for x in part
                if x < 0
            ),
            default=0.0,
        ),
    )


def _over(value: float, limit: float) -> float:
    return max(0.0, value - limit) / max(1.0, abs(limit))


def _conservation(
    problem: PlanningProblem,
    flow: Sequence[float],
    stock: Sequence[float],
    shut_in: Sequence[float],
    unserved: Sequence[float],
    comes: _Comes,
) -> float:
    periods = problem.periods
    net: dict[tuple[int, int, int], float] = defaultdict(float)
    size: dict[tuple[int, int, int], float] = defaultdict(lambda: 1.0)

    def put(node: int, commodity: int, period: int, amount: float) -> None:
        key = (node, commodity, period)
        net[key] += amount
        size[key] = max(size[key], abs(amount))

    tail, head = problem.arcs.tail.tolist(), problem.arcs.head.tolist()
    permissions = problem.permissions
    pairs = zip(permissions.arc.tolist(), permissions.commodity.tolist(), strict=True)
    for p, (a, k) in enumerate(pairs):
        for t in range(periods):
            amount = flow[p * periods + t]
            if amount != 0.0:
                put(tail[a], k, t, -amount)
            for arrived in comes.at[p][t]:
                put(head[a], k, t, arrived)
    stocks = problem.stocks
    ends = zip(
        stocks.node.tolist(), stocks.commodity.tolist(), stocks.initial.tolist(), strict=True
    )
    for s, (n, k, before) in enumerate(ends):
        for t in range(periods):
            after = stock[s * periods + t]
            put(n, k, t, (before if t == 0 else stock[s * periods + t - 1]) - after)
    for amounts, left, sign in (
        (problem.supplies, shut_in, 1.0),
        (problem.demands, unserved, -1.0),
    ):
        table = amounts.amount.tolist()
        where = zip(amounts.node.tolist(), amounts.commodity.tolist(), strict=True)
        for u, (n, k) in enumerate(where):
            for t in range(periods):
                put(n, k, t, sign * (table[u][t] - left[u * periods + t]))
    return max((abs(amount) / size[key] for key, amount in net.items()), default=0.0)


class _Comes:
    """What comes to the head of each way and when, told once more: days laid over days."""

    def __init__(
        self,
        problem: PlanningProblem,
        flow: Sequence[float],
        filled: Mapping[int, Sequence[float]],
        waiting: Sequence[float],
    ) -> None:
        periods, permissions = problem.periods, problem.permissions
        under_way = problem.under_way
        lost = permissions.loss.tolist() or [0.0] * len(permissions.arc)
        at_end = permissions.cost_at_end.tolist() or [0.0] * len(permissions.arc)
        travel, none = problem.arcs.travel_d.tolist(), [0.0] * periods
        self.at: list[list[list[float]]] = [[[] for _ in range(periods)] for _ in lost]
        self.cost = self.worst = 0.0
        tables: dict[float, list[list[tuple[int, float]]]] = {}
        for p, a in enumerate(permissions.arc.tolist()):
            table = tables.get(travel[a])
            if table is None:
                table = tables[travel[a]] = overlaps(problem.period_days.tolist(), travel[a])
            stays = filled.get(p, none)
            for t in range(periods):
                out = (flow[p * periods + t] - stays[t]) * (1.0 - lost[p])
                if out == 0.0:
                    continue
                for s, share in table[t]:
                    if s < periods:
                        self.at[p][s].append(out * share)
                    else:
                        self.cost += at_end[p] * out * share
        prices = under_way.cost.tolist()
        for w, p in enumerate(under_way.permission.tolist()):
            before = 0.0
            for t, arriving in enumerate(under_way.amount[w].tolist()):
                now = waiting[w * periods + t]
                self.at[p][t].append(arriving + before - now)
                self.worst = max(self.worst, _over(now, before + arriving))
                self.cost += prices[w] * now
                before = now
            self.cost += at_end[p] * before


def overlaps(days: Sequence[float], travel_d: float) -> list[list[tuple[int, float]]]:
    """For each period, in which periods what leaves in it arrives, and the share of it.

    T stands for after the last. Told by laying the days of arrival over each period in turn.
    """
    begins = [math.fsum(days[:t]) for t in range(len(days) + 1)]
    found = []
    for t, length in enumerate(days):
        first, last = begins[t] + travel_d, begins[t + 1] + travel_d
        shares = []
        for s in range(t, len(days)):
            if begins[s] >= last:
                break
            within = min(last, begins[s + 1]) - max(first, begins[s])
            if within > 0:
                shares.append((s, within / length))
        late = min(length, last - begins[-1])
        if late > 0:
            shares.append((len(days), late / length))
        found.append(shares)
    return found


class _Moved:
    """What each arc carries in its own unit."""

    def __init__(self, problem: PlanningProblem, flow: Sequence[float]) -> None:
        self.problem = problem
        self.carried = [[0.0] * problem.periods for _ in problem.arcs.ids]
        permissions = problem.permissions
        pairs = zip(permissions.arc.tolist(), permissions.use.tolist(), strict=True)
        for p, (a, use) in enumerate(pairs):
            for t in range(problem.periods):
                self.carried[a][t] += use * flow[p * problem.periods + t]

    def worst_over_capacity(self) -> float:
        limits = self.problem.arcs.capacity.tolist()
        return max(
            (
                _over(value, limit)
                for carried, limited in zip(self.carried, limits, strict=True)
                for value, limit in zip(carried, limited, strict=True)
            ),
            default=0.0,
        )

    def worst_over_ramp(self) -> float:
        ramps, days = self.problem.ramps, self.problem.period_days.tolist()
        worst = 0.0
        rises, before = ramps.rise.tolist(), ramps.before.tolist()
        together = [[a] for a in ramps.arc.tolist()]
        for a, q in zip(ramps.also.tolist(), ramps.of.tolist(), strict=True):
            together[q].append(a)
        for q, arcs in enumerate(together):
            yesterday = before[q]
            for t in range(self.problem.periods):
                today = math.fsum(self.carried[a][t] for a in arcs) / days[t]
                worst = max(worst, _over(today, yesterday + rises[q][t]))
                yesterday = today
        return worst

    def cost_of_minima(self) -> float:
        minima = self.problem.minima
        lacking = minima.least.tolist()
        return math.fsum(
            price * max(0.0, least - carried)
            for a, price, wanted in zip(
                minima.arc.tolist(), minima.price.tolist(), lacking, strict=True
            )
            for least, carried in zip(wanted, self.carried[a], strict=True)
        )


class _Lines:
    """What is in each line that is filled, and what comes out of it, told once more."""

    def __init__(
        self, problem: PlanningProblem, flow: Sequence[float], held: Sequence[float]
    ) -> None:
        fills, periods = problem.line_fills, problem.periods
        self.problem = problem
        self.began = [0.0] * len(fills.arc)
        self.held = [[0.0] * periods for _ in self.began]
        self.out = [[0.0] * periods for _ in self.began]
        self.filled: dict[int, list[float]] = {}
        self.drawn_back = 0.0
        self.cost = 0.0
        use = problem.permissions.use.tolist()
        prices, at_end = fills.cost.tolist(), fills.cost_at_end.tolist()
        items = zip(fills.line.tolist(), fills.permission.tolist(), strict=True)
        for i, (line, p) in enumerate(items):
            level = fills.initial.tolist()[i]
            self.began[line] += use[p] * level
            self.filled[p] = []
            for t in range(periods):
                now = held[i * periods + t]
                out = flow[p * periods + t] - (now - level)
                self.drawn_back = max(self.drawn_back, -out)
                self.filled[p].append(now - level)
                self.held[line][t] += use[p] * now
                self.out[line][t] += use[p] * out
                self.cost += prices[i] * now
                level = now
            self.cost += at_end[i] * level

    def worst(self) -> float:
        worst, fills = self.drawn_back, self.problem.line_fills
        for line, volume in enumerate(fills.volume.tolist()):
            capacity = self.problem.arcs.capacity[fills.arc[line]].tolist()
            level, lacking = self.began[line], volume - self.began[line]
            fastest = level
            for t, most in enumerate(capacity):
                now, out = self.held[line][t], self.out[line][t]
                can = max(0.0, fastest + most - volume)
                fastest = min(volume, fastest + most)
                from_empty = max(0.0, most - lacking)
                if lacking > 0:
                    risen, before = (each - self.began[line] for each in (now, level))
                    can *= risen / lacking
                    from_empty += (most - from_empty) * before / lacking
                    worst = max(worst, _over(out, can), _over(out, from_empty))
                worst = max(worst, _over(now, volume), _over(level, now))
                level = now
        return worst


def _moving_cost(problem: PlanningProblem, flow: Sequence[float]) -> float:
    each = (cost for costs in problem.permissions.cost.tolist() for cost in costs)
    return math.fsum(cost * amount for cost, amount in zip(each, flow, strict=True))


def _holding_cost(problem: PlanningProblem, stock: Sequence[float]) -> float:
    stocks, periods = problem.stocks, problem.periods
    prices = zip(stocks.cost.tolist(), stocks.worth_at_end.tolist(), strict=True)
    total = 0.0
    for s, (cost, worth) in enumerate(prices):
        held = stock[s * periods : (s + 1) * periods]
        total += cost * sum(held) - worth * held[-1]
    return total


def _left_cost(
    problem: PlanningProblem, shut_in: Sequence[float], unserved: Sequence[float]
) -> float:
    periods = problem.periods
    return math.fsum(
        price * sum(left[u * periods : (u + 1) * periods])
        for amounts, left in ((problem.supplies, shut_in), (problem.demands, unserved))
        for u, price in enumerate(amounts.price.tolist())
    )


def _worst_left(amounts: Amounts, left: Sequence[float]) -> float:
    """More cannot be shut in than there is, nor left unserved than was asked for."""
    there = (amount for row in amounts.amount.tolist() for amount in row)
    return max((_over(each, most) for each, most in zip(left, there, strict=True)), default=0.0)


def _worst_use(
    uses: Uses, limits: list[list[float]], flow: Sequence[float], problem: PlanningProblem
) -> float:
    periods = problem.periods
    used = [[0.0] * periods for _ in limits]
    entries = zip(uses.row.tolist(), uses.permission.tolist(), uses.per_unit.tolist(), strict=True)
    for r, p, per_unit in entries:
        for t in range(periods):
            used[r][t] += per_unit * flow[p * periods + t]
    return max(
        (
            _over(value, limit)
            for row, limited in zip(used, limits, strict=True)
            for value, limit in zip(row, limited, strict=True)
        ),
        default=0.0,
    )


def _worst_blend(problem: PlanningProblem, flow: Sequence[float]) -> float:
    clean = [[0.0] * problem.periods for _ in problem.blends.ids]
    return _worst_use(problem.blends.uses, clean, flow, problem)


def _stocks(problem: PlanningProblem, stock: Sequence[float]) -> float:
    limits = problem.stocks.limit.tolist()
    periods = problem.periods
    return max((_over(held, limits[i // periods]) for i, held in enumerate(stock)), default=0.0)


def _tanks(problem: PlanningProblem, stock: Sequence[float]) -> float:
    worst, periods = 0.0, problem.periods
    tank, room = problem.stocks.tank.tolist(), problem.stocks.room.tolist()
    for g, limit in enumerate(problem.tanks.limit.tolist()):
        inside = [s for s, there in enumerate(tank) if there == g]
        for t in range(periods):
            worst = max(worst, _over(sum(room[s] * stock[s * periods + t] for s in inside), limit))
    return worst


def _contracts(problem: PlanningProblem, flow: Sequence[float]) -> float:
    moved, most = _by_contract(problem, flow), problem.contracts.most.tolist()
    return max((_over(each, limit) for each, limit in zip(moved, most, strict=True)), default=0.0)


def _contract_cost(problem: PlanningProblem, flow: Sequence[float]) -> float:
    contracts = problem.contracts
    return math.fsum(
        price * max(0.0, least - moved)
        for price, least, moved in zip(
            contracts.price.tolist(),
            contracts.least.tolist(),
            _by_contract(problem, flow),
            strict=True,
        )
    )


def _by_contract(problem: PlanningProblem, flow: Sequence[float]) -> list[float]:
    """What each contract's route carried over its periods."""
    contracts, uses = problem.contracts, problem.contracts.uses
    spans = [
        range(first, last + 1)
        for first, last in zip(contracts.first.tolist(), contracts.last.tolist(), strict=True)
    ]
    moved = [0.0] * len(spans)
    entries = zip(uses.row.tolist(), uses.permission.tolist(), uses.per_unit.tolist(), strict=True)
    for c, p, per_unit in entries:
        moved[c] += per_unit * sum(flow[p * problem.periods + t] for t in spans[c])
    return moved
