"""Any small problem once more, amount by amount in plain Python, for the linprog of scipy.

No row here is made by the planner's matrix or laid out as it is; linopy plans fewer cases of the
same kind in `test_oracles`, for it takes seconds for each.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from scipy.optimize import linprog
from scipy.sparse import coo_array

from karvan.engines.planner.plan import plan
from planner_cases import indices, problems, rich_problem


class Programme:
    """Amounts with a cost and an upper limit, and rows `lower <= sum of terms <= upper`."""

    def __init__(self):
        self.costs, self.uppers, self.rows = [], [], []

    def amount(self, cost, upper=np.inf):
        self.costs.append(float(cost))
        self.uppers.append(float(upper))
        return len(self.costs) - 1

    def row(self, terms, upper, lower=-np.inf):
        self.rows.append((list(terms), float(lower), float(upper)))

    def least_cost(self):
        entries, limits = [], []
        for terms, lower, upper in self.rows:
            for sign, limit in ((1, upper), (-1, -lower)):
                if np.isfinite(limit):
                    entries += [(len(limits), column, sign * factor) for factor, column in terms]
                    limits.append(limit)
        row, column, value = zip(*entries, strict=True)
        shape = (len(limits), len(self.costs))
        found = linprog(
            self.costs,
            A_ub=coo_array((value, (row, column)), shape=shape).tocsr(),
            b_ub=limits,
            bounds=[(0, upper) for upper in self.uppers],
            method="highs-ds",
        )
        assert found.status == 0, found.message
        return found.fun


class Told:
    """A problem as it is told on the page of the planner, period by period."""

    def __init__(self, problem):
        self.problem, self.made = problem, Programme()
        self.periods = range(problem.periods)
        self.begins = [0.0, *np.cumsum(problem.period_days).tolist()]
        perms = problem.permissions
        self.kept = [1 - lost for lost in perms.loss]
        self.flow = [
            [
                self.made.amount(
                    perms.cost[p, t] + self.kept[p] * self.late(p, t) * perms.at_end[p]
                )
                for t in self.periods
            ]
            for p in range(len(perms.arc))
        ]
        #: What comes to a place, by place, commodity and period; what is used has a minus.
        self.net = {
            (n, k, t): [[], 0.0]
            for n in range(len(problem.node_ids))
            for k in range(len(problem.commodity_ids))
            for t in self.periods
        }

    def share(self, p, left, here):
        """What of a departure in one period arrives in another, day for day."""
        travel = self.problem.arcs.travel_d[self.problem.permissions.arc[p]]
        first, beyond = self.begins[left] + travel, self.begins[left + 1] + travel
        within = min(beyond, self.begins[here + 1]) - max(first, self.begins[here])
        return max(0.0, within) / (beyond - first)

    def late(self, p, left):
        return 1 - sum(self.share(p, left, here) for here in self.periods)

    def put(self, n, k, t, factor, column=None):
        terms = self.net[int(n), int(k), t]
        if column is None:
            terms[1] += factor
        else:
            terms[0].append((factor, column))

    def least_cost(self):
        self.ways()
        self.waits()
        self.left()
        self.lines()
        self.shared()
        self.slow()
        self.agreed()
        for terms, there in self.net.values():
            if terms:
                self.made.row(terms, -there, -there)
            else:
                assert there == pytest.approx(0)
        return self.made.least_cost()

    def on(self, arc, t):
        perms = self.problem.permissions
        return [(perms.use[p], self.flow[p][t]) for p in np.flatnonzero(perms.arc == arc)]

    def ways(self):
        arcs, perms = self.problem.arcs, self.problem.permissions
        for p, (a, k) in enumerate(zip(perms.arc, perms.commodity, strict=True)):
            for t in self.periods:
                self.put(arcs.tail[a], k, t, -1, self.flow[p][t])
                for later in range(t, len(self.periods)):
                    arrives = self.kept[p] * self.share(p, t, later)
                    self.put(arcs.head[a], k, later, arrives, self.flow[p][t])
        for a in range(len(arcs.ids)):
            for t in self.periods:
                self.made.row(self.on(a, t), arcs.capacity[a, t])

    def waits(self):
        """Stocks, the tanks that they share, and what was under way and nobody takes."""
        problem, stocks = self.problem, self.problem.stocks
        rooms = {(g, t): [] for g in range(len(problem.tanks.ids)) for t in self.periods}
        for s, (n, k) in enumerate(zip(stocks.node, stocks.commodity, strict=True)):
            self.put(n, k, 0, stocks.initial[s])
            for t in self.periods:
                ends = stocks.worth_at_end[s] if t == self.periods[-1] else 0.0
                held = self.made.amount(stocks.cost[s] - ends, stocks.limit[s])
                self.put(n, k, t, -1, held)
                if t != self.periods[-1]:
                    self.put(n, k, t + 1, 1, held)
                if stocks.tank[s] >= 0:
                    rooms[int(stocks.tank[s]), t].append((stocks.room[s], held))
        for (g, _), terms in rooms.items():
            self.made.row(terms, problem.tanks.limit[g])
        coming, perms = problem.under_way, problem.permissions
        for w, p in enumerate(coming.permission):
            n, k, before = problem.arcs.head[perms.arc[p]], perms.commodity[p], []
            for t in self.periods:
                ends = perms.at_end[p] if t == self.periods[-1] else 0.0
                held = self.made.amount(coming.cost[w] + ends)
                self.made.row([(1, held), *before], coming.amount[w, t])
                self.put(n, k, t, coming.amount[w, t])
                self.put(n, k, t, -1, held)
                for _, column in before:
                    self.put(n, k, t, 1, column)
                before = [(-1, held)]

    def left(self):
        for amounts, sign in ((self.problem.supplies, 1), (self.problem.demands, -1)):
            for u, (n, k) in enumerate(zip(amounts.node, amounts.commodity, strict=True)):
                for t in self.periods:
                    stays = self.made.amount(amounts.price[u], amounts.amount[u, t])
                    self.put(n, k, t, sign * amounts.amount[u, t])
                    self.put(n, k, t, -sign, stays)

    def lines(self):
        """A line delivers what it could had it been filled as fast as it can be, in proportion."""
        problem, fills, perms = self.problem, self.problem.line_fills, self.problem.permissions
        for line, arc in enumerate(fills.arc):
            items = np.flatnonzero(fills.line == line)
            use = {int(i): float(perms.use[fills.permission[i]]) for i in items}
            began = sum(use[i] * fills.initial[i] for i in use)
            lacking, room = fills.volume[line] - began, problem.arcs.capacity[arc]
            known = {i: [float(fills.initial[i])] for i in use}
            for t in self.periods:
                for i, levels in known.items():
                    ends = fills.cost_at_end[i] if t == self.periods[-1] else 0.0
                    levels.append(self.made.amount(fills.cost[i] + ends))
                held = [(use[i], levels[-1]) for i, levels in known.items()]
                earlier = began if t == 0 else 0.0
                before = [(use[i], levels[-2]) for i, levels in known.items()] if t else []
                self.made.row(held, fills.volume[line])
                rise = [*held, *((-f, column) for f, column in before)]
                self.made.row(rise, np.inf, earlier)
                out = [(use[i], self.flow[fills.permission[i]][t]) for i in use]
                out += [(-f, column) for f, column in rise]
                for i, levels in known.items():
                    self.stays(i, t, levels)
                taken = [max(0.0, room[:last].sum() - lacking) for last in (t, t + 1)]
                comes, spare = taken[1] - taken[0], max(0.0, room[t] - lacking)
                full = [(-comes * f, column) for f, column in held]
                limit = -comes * began - lacking * earlier
                self.made.row([*((lacking * f, c) for f, c in out), *full], limit)
                slope = room[t] - spare
                full = [(-slope * f, column) for f, column in before]
                limit = lacking * spare - lacking * earlier - (slope * began if t else 0.0)
                self.made.row([*((lacking * f, c) for f, c in out), *full], limit)

    def stays(self, i, t, levels):
        """What fills a line in a period does not come out, and is no more than goes in."""
        problem = self.problem
        p = int(problem.line_fills.permission[i])
        n = problem.arcs.head[problem.permissions.arc[p]]
        k = problem.permissions.commodity[p]
        self.put(n, k, t, -self.kept[p], levels[-1])
        gone, least = [(1, self.flow[p][t]), (-1, levels[-1])], 0.0
        if t:
            self.put(n, k, t, self.kept[p], levels[-2])
            gone.append((1, levels[-2]))
        else:
            self.put(n, k, t, self.kept[p] * levels[0])
            least = -levels[0]
        self.made.row(gone, np.inf, least)

    def shared(self):
        problem = self.problem
        nothing = np.zeros((len(problem.blends.ids), problem.periods))
        for of, limits in (
            (problem.joints.uses, problem.joints.capacity),
            (problem.fleets.uses, problem.fleets.hours),
            (problem.blends.uses, nothing),
        ):
            for row, limit in enumerate(limits):
                uses = [
                    (each, p)
                    for r, p, each in zip(of.row, of.permission, of.per_unit, strict=True)
                    if r == row
                ]
                for t in self.periods:
                    self.made.row([(each, self.flow[p][t]) for each, p in uses], limit[t])

    def slow(self):
        """What ways need, and how quickly they rise."""
        minima, ramps, days = self.problem.minima, self.problem.ramps, self.problem.period_days
        for m, arc in enumerate(minima.arc):
            for t in self.periods:
                lacking = self.made.amount(minima.price[m])
                self.made.row([*self.on(arc, t), (1, lacking)], np.inf, minima.least[m, t])
        for q, arc in enumerate(ramps.arc):
            together = [arc, *ramps.also[ramps.of == q]]
            daily = [
                [(f / days[t], column) for a in together for f, column in self.on(a, t)]
                for t in self.periods
            ]
            self.made.row(daily[0], ramps.rise[q, 0] + ramps.before[q])
            for t, (before, now) in enumerate(pairwise(daily), 1):
                self.made.row([*now, *((-f, c) for f, c in before)], ramps.rise[q, t])

    def agreed(self):
        deals = self.problem.contracts
        entries = list(zip(deals.uses.row, deals.uses.permission, deals.uses.per_unit, strict=True))
        for c in range(len(deals.ids)):
            inside = range(deals.first[c], deals.last[c] + 1)
            moved = [(each, self.flow[p][t]) for r, p, each in entries if r == c for t in inside]
            lacking = self.made.amount(deals.price[c])
            self.made.row([*moved, (1, lacking)], np.inf, deals.least[c])
            self.made.row(moved, deals.most[c])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems())
def test_any_plan_costs_what_the_problem_told_again_costs(problem):
    assert plan(problem).cost == pytest.approx(Told(problem).least_cost(), rel=1e-7, abs=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_where_every_family_is_and_each_binds_in_one_case_the_costs_are_equal(seed):
    """Two ways of each ramp rise together; which seeds bind what is told in `test_prices`."""
    problem = rich_problem(seed)
    ramps = replace(problem.ramps, also=indices([1]), of=indices([0]))
    for each in (problem, replace(problem, ramps=ramps)):
        assert plan(each).cost == pytest.approx(Told(each).least_cost(), rel=1e-7)
