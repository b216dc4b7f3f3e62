"""The planner against independent programs and identities of the theory."""

from dataclasses import replace

import linopy
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karvan.engines.planner.model import build
from karvan.engines.planner.plan import plan
from karvan.engines.planner.solving import SolverOptions, solve
from planner_cases import problems, rich_problem

FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


class Twin:
    """The same problem written a second time, in the words of linopy, row by row."""

    def __init__(self, problem):
        self.problem, self.model = problem, linopy.Model()
        held = np.repeat(problem.stocks.limit[:, None], problem.periods, axis=1)
        self.flow = self.table("flow", np.full(problem.permissions.cost.shape, np.inf))
        self.held = self.table("held", held)
        self.shut = self.table("shut", problem.supplies.amount)
        self.missed = self.table("missed", problem.demands.amount)
        self.below = self.table("below", problem.minima.least)
        self.fill = self.table(
            "fill", np.full((len(problem.line_fills.line), problem.periods), np.inf)
        )
        self.aboard = self.table("aboard", np.full(problem.under_way.amount.shape, np.inf))
        least = problem.contracts.least[0]
        bound = pd.Series([least], index=pd.RangeIndex(1, name="c"))
        self.short = self.model.add_variables(lower=0, upper=bound, name="short")

    def table(self, name, upper):
        bound = pd.DataFrame(
            upper,
            index=pd.RangeIndex(len(upper), name=name),
            columns=pd.RangeIndex(self.problem.periods, name="t"),
        )
        return self.model.add_variables(lower=0, upper=bound, name=name)

    def limit(self, terms, sign, right):
        total = sum((1 * term for term in terms[1:]), start=1 * terms[0])
        self.model.add_constraints(total, sign, right)

    def every(self, prices):
        return np.repeat(prices[:, None], self.problem.periods, axis=1)

    def moved(self, arc, t):
        perms = self.problem.permissions
        return [self.flow.at[p, t] * perms.use[p] for p in np.flatnonzero(perms.arc == arc)]

    def cost(self):
        problem = self.problem
        for t in range(problem.periods):
            for n in range(len(problem.node_ids)):
                for k in range(len(problem.commodity_ids)):
                    self.balance(n, k, t)
            self.limits(t)
        self.contract()
        self.filling()
        self.taking()
        fills = problem.line_fills
        keeping = self.every(fills.cost)
        keeping[:, -1] += fills.cost_at_end
        holding = self.every(problem.stocks.cost)
        holding[:, -1] -= problem.stocks.worth_at_end
        waits = self.every(problem.under_way.cost)
        waits[:, -1] += problem.permissions.cost_at_end[problem.under_way.permission]
        parts = [
            (self.flow * (problem.permissions.cost + self.late())).sum(),
            (self.held * holding).sum(),
            (self.shut * self.every(problem.supplies.price)).sum(),
            (self.missed * self.every(problem.demands.price)).sum(),
            (self.below * self.every(problem.minima.price)).sum(),
            (self.fill * keeping).sum(),
            (self.aboard * waits).sum(),
            (self.short * problem.contracts.price).sum(),
        ]
        self.model.add_objective(linopy.merge([1 * part for part in parts]))
        self.model.solve("highs", io_api="direct", output_flag=False)
        return float(self.model.objective.value)

    def limits(self, t):
        problem, stocks = self.problem, self.problem.stocks
        for a in range(len(problem.arcs.ids)):
            if np.isfinite(problem.arcs.capacity[a, t]):
                self.limit(self.moved(a, t), "<=", problem.arcs.capacity[a, t])
        for shared, most in (
            (problem.joints, problem.joints.capacity),
            (problem.fleets, problem.fleets.hours),
        ):
            entries = zip(shared.uses.permission, shared.uses.per_unit, strict=True)
            self.limit([self.flow.at[p, t] * u for p, u in entries], "<=", most[0, t])
        sour = problem.blends.uses
        mixed = zip(sour.permission, sour.per_unit, strict=True)
        self.limit([self.flow.at[p, t] * u for p, u in mixed], "<=", 0)
        room = [self.held.at[s, t] * stocks.room[s] for s in range(len(stocks.node))]
        self.limit(room, "<=", problem.tanks.limit[0])
        least = problem.minima.least[0, t]
        self.limit([*self.moved(0, t), self.below.at[0, t]], ">=", least)
        days = problem.period_days
        together = (0, *problem.ramps.also.tolist())
        rise = [(1 / days[t]) * term for a in together for term in self.moved(a, t)]
        if t:
            past = [term for a in together for term in self.moved(a, t - 1)]
            rise += [(-1 / days[t - 1]) * term for term in past]
        before = 0 if t else problem.ramps.before[0]
        self.limit(rise, "<=", problem.ramps.rise[0, t] + before)

    def filling(self):
        """Lines are filled before they deliver; `one` is a number for the limits of linopy."""
        problem, fills = self.problem, self.problem.line_fills
        index = pd.RangeIndex(1, name="one")
        bound = pd.Series([1.0], index=index)
        one = self.model.add_variables(lower=bound, upper=bound, name="one").at[0]
        for line, arc in enumerate(fills.arc):
            items = np.flatnonzero(fills.line == line)
            perms = fills.permission[items]
            use = problem.permissions.use[perms]
            began = float(use @ fills.initial[items])
            lacks, volume = fills.volume[line] - began, fills.volume[line]
            room, late = problem.arcs.capacity[arc], began
            before = [(began, one)]
            for t in range(problem.periods):
                held = [(u, self.fill.at[i, t]) for i, u in zip(items, use, strict=True)]
                into = [(u, self.flow.at[p, t]) for p, u in zip(perms, use, strict=True)]
                for i, p in zip(items, perms, strict=True):
                    then = (1, self.fill.at[i, t - 1]) if t else (fills.initial[i], one)
                    gone = [(1, self.flow.at[p, t]), (-1, self.fill.at[i, t]), then]
                    self.limit([v * c for c, v in gone], ">=", 0)
                out = [*into, *((-c, v) for c, v in held), *before]
                fastest = max(0.0, late + room[t] - volume)
                late = min(volume, late + room[t])
                at_once = max(0.0, room[t] - lacks)
                self.limit([v * c for c, v in held], "<=", volume)
                self.limit([v * c for c, v in [*held, *((-c, v) for c, v in before)]], ">=", 0)
                needs = [*((lacks * c, v) for c, v in out), *((-fastest * c, v) for c, v in held)]
                self.limit([v * c for c, v in needs], "<=", -fastest * began)
                slope = room[t] - at_once
                needs = [*((lacks * c, v) for c, v in out), *((-slope * c, v) for c, v in before)]
                self.limit([v * c for c, v in needs], "<=", lacks * at_once - slope * began)
                before = held

    def arrived(self, p, s, t):
        """Share of what leaves in period s that has come by the end of period t."""
        days, travel = self.problem.period_days, self.problem.arcs.travel_d
        leaves, ends = days[:s].sum(), days[: t + 1].sum()
        gone = ends - leaves - travel[self.problem.permissions.arc[p]]
        return min(1.0, max(0.0, gone / days[s]))

    def late(self):
        perms, last = self.problem.permissions, self.problem.periods - 1
        return np.array(
            [
                [
                    (1 - self.arrived(p, s, last)) * (1 - perms.loss[p]) * perms.cost_at_end[p]
                    for s in range(last + 1)
                ]
                for p in range(len(perms.arc))
            ]
        )

    def taking(self):
        """What was under way waits for no longer than it is there."""
        for w, comes in enumerate(self.problem.under_way.amount):
            for t, amount in enumerate(comes):
                before = [-1 * self.aboard.at[w, t - 1]] if t else []
                self.limit([1 * self.aboard.at[w, t], *before], "<=", amount)

    def taken(self, p, t):
        """What of it was taken in period t, less what arrives then."""
        for w in np.flatnonzero(self.problem.under_way.permission == p):
            yield -1 * self.aboard.at[w, t]
            if t:
                yield 1 * self.aboard.at[w, t - 1]

    def contract(self):
        deal = self.problem.contracts
        moved = [self.flow.at[0, t] for t in range(deal.first[0], deal.last[0] + 1)]
        self.limit([*moved, self.short.at[0]], ">=", deal.least[0])
        self.limit(moved, "<=", deal.most[0])

    def balance(self, n, k, t):
        problem = self.problem
        arcs, perms, stocks = problem.arcs, problem.permissions, problem.stocks
        terms, right = [], 0.0
        for p in np.flatnonzero(perms.commodity == k):
            a = perms.arc[p]
            if arcs.tail[a] == n:
                terms.append(-1 * self.flow.at[p, t])
            if arcs.head[a] == n:
                for s in range(t + 1):
                    before = self.arrived(p, s, t - 1) if t else 0.0
                    share = self.arrived(p, s, t) - before
                    terms.append(share * (1 - perms.loss[p]) * self.flow.at[p, s])
                terms += self.taken(p, t)
                comes = problem.under_way.permission == p
                right -= problem.under_way.amount[comes, t].sum()
                for i in np.flatnonzero(problem.line_fills.permission == p):
                    terms.append((perms.loss[p] - 1) * self.fill.at[i, t])
                    if t:
                        terms.append((1 - perms.loss[p]) * self.fill.at[i, t - 1])
                    else:
                        right += (perms.loss[p] - 1) * problem.line_fills.initial[i]
        for s in np.flatnonzero((stocks.node == n) & (stocks.commodity == k)):
            terms.append(-1 * self.held.at[s, t])
            if t:
                terms.append(1 * self.held.at[s, t - 1])
            else:
                right -= stocks.initial[s]
        for amounts, left, sign in (
            (problem.supplies, self.shut, -1),
            (problem.demands, self.missed, 1),
        ):
            for u in np.flatnonzero((amounts.node == n) & (amounts.commodity == k)):
                terms.append(sign * left.at[u, t])
                right += sign * amounts.amount[u, t]
        self.limit(terms, "=", right)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", [4, 7])
def test_the_cost_is_that_of_linopy(seed):
    problem = rich_problem(seed)
    ramps = replace(problem.ramps, also=np.array([1]), of=np.array([0]))
    problem = replace(problem, ramps=ramps)

    assert plan(problem).cost == pytest.approx(Twin(problem).cost(), rel=1e-8)


def single(problem, demand_price):
    """A copy in one period with everything asked for dear to leave."""
    return replace(
        problem,
        supplies=replace(problem.supplies, price=np.zeros_like(problem.supplies.price)),
        demands=replace(problem.demands, price=np.full_like(problem.demands.price, demand_price)),
        permissions=replace(problem.permissions, use=np.ones_like(problem.permissions.use)),
    )


@FEW
@given(problems(max_periods=1, rich=False))
def test_one_commodity_is_a_cheapest_flow_of_networkx(problem):
    problem = single(problem, 1000)
    graph = nx.MultiDiGraph()
    total = 0
    for a in range(len(problem.arcs.ids)):
        graph.add_edge(
            problem.arcs.tail[a],
            problem.arcs.head[a],
            capacity=int(problem.arcs.capacity[a, 0]),
            weight=int(problem.permissions.cost[a, 0]),
        )
    for u, node in enumerate(problem.supplies.node):
        graph.add_edge("source", node, capacity=int(problem.supplies.amount[u, 0]), weight=0)
    for d, node in enumerate(problem.demands.node):
        amount = int(problem.demands.amount[d, 0])
        total += amount
        graph.add_edge(node, "sink", capacity=amount, weight=0)
    graph.add_edge("source", "sink", capacity=total, weight=1000)
    graph.add_node("source", demand=-total)
    graph.add_node("sink", demand=total)

    cost, _ = nx.network_simplex(graph)

    assert plan(problem).cost == pytest.approx(cost)


@FEW
@given(problems(max_periods=1, rich=False))
def test_what_is_left_behind_is_the_demand_less_the_smallest_cut(problem):
    problem = single(problem, 1000)
    problem = replace(
        problem,
        permissions=replace(problem.permissions, cost=np.zeros_like(problem.permissions.cost)),
    )
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])

    def widen(tail, head, capacity):
        before = graph.get_edge_data(tail, head, {"capacity": 0})["capacity"]
        graph.add_edge(tail, head, capacity=before + int(capacity))

    for a in range(len(problem.arcs.ids)):
        widen(problem.arcs.tail[a], problem.arcs.head[a], problem.arcs.capacity[a, 0])
    for u, node in enumerate(problem.supplies.node):
        widen("source", node, problem.supplies.amount[u, 0])
    for d, node in enumerate(problem.demands.node):
        widen(node, "sink", problem.demands.amount[d, 0])

    cut, _ = nx.minimum_cut(graph, "source", "sink")

    assert plan(problem).unserved.sum() == pytest.approx(problem.demands.amount.sum() - cut)


@FEW
@given(problems(), st.data())
def test_the_price_of_a_capacity_lies_between_the_differences_on_both_sides(problem, data):
    """The cost is convex in a limit, so its price is a slope between the two."""
    model = build(problem)
    family = data.draw(st.sampled_from([rows for rows in model.families if rows.assets]))
    first = model.first_row[model.families.index(family)]
    row = first + data.draw(st.integers(0, len(family.lower) - 1))
    step = 1e-3
    price = solve(model, SolverOptions()).row_prices[row]

    def cost(change):
        lower, upper = model.row_lower.copy(), model.row_upper.copy()
        lower[row] += change
        upper[row] += change
        return solve(replace(model, row_lower=lower, row_upper=upper), SolverOptions()).objective

    if family.family == "balance" or not 0.01 < abs(family.upper[row - first]) < np.inf:
        return  # An equation has no room on both sides: moved, it may have no answer.
    now = cost(0)
    assert (now - cost(-step)) / step <= price + 1e-4
    assert price - 1e-4 <= (cost(step) - now) / step
