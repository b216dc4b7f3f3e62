"""Small planning problems: written as text for stories, drawn by hypothesis for properties."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from karvan.engines.planner.problem import (
    Amounts,
    Arcs,
    Blends,
    Contracts,
    Fleets,
    Joints,
    LineFills,
    Minima,
    Permissions,
    PlanningProblem,
    Ramps,
    Stocks,
    Tanks,
    UnderWay,
    Uses,
)

INF = np.inf


def indices(values):
    return np.array(list(values), np.int64)


def each_period(values, periods):
    """A table (items, T) from one value or one list of T values an item."""
    return np.array(
        [np.broadcast_to(np.asarray(value, float), periods) for value in values]
    ).reshape(len(values), periods)


def problem_of(
    arcs, supply=(), demand=(), *, periods=1, days=30.0, goods=("oil",), stocks=(), **more
):
    """A problem from rows.

    `arcs`: (id, tail, head, capacity, cost) with what may follow as a mapping: travel (days),
    at_end (cost of a unit under way at the end), goods (those it carries), use (of the capacity
    by commodity), loss (the share that does not come out).
    `supply`, `demand`: (node, amount, price) and the commodity where it is not the first.
    `stocks`: (node, limit, initial) and a mapping.
    """
    rows = [(*row, {}) if len(row) == 5 else row for row in arcs]
    nodes = tuple(dict.fromkeys(n for row in rows for n in row[1:3]))
    pairs = [
        (a, goods.index(good), row)
        for a, row in enumerate(rows)
        for good in row[5].get("goods", goods)
    ]

    def amounts(name, given):
        told = [(*row, goods[0]) if len(row) == 3 else row for row in given]
        return Amounts(
            ids=tuple(f"{name} {node} {good}" for node, _, _, good in told),
            node=indices(nodes.index(node) for node, *_ in told),
            commodity=indices(goods.index(good) for *_, good in told),
            amount=each_period([row[1] for row in told], periods),
            price=np.array([float(row[2]) for row in told]),
        )

    held = [(*row, {}) if len(row) == 3 else row for row in stocks]
    return PlanningProblem(
        node_ids=nodes,
        commodity_ids=goods,
        commodity_units=("t",) * len(goods),
        period_ids=tuple(f"m{t + 1}" for t in range(periods)),
        period_days=np.broadcast_to(np.asarray(days, float), periods).copy(),
        currency="USD",
        arcs=Arcs(
            ids=tuple(row[0] for row in rows),
            tail=indices(nodes.index(row[1]) for row in rows),
            head=indices(nodes.index(row[2]) for row in rows),
            travel_d=np.array([float(row[5].get("travel", 0)) for row in rows]),
            capacity=each_period([row[3] for row in rows], periods),
            unit=tuple(row[5].get("unit", "t") for row in rows),
            carrier=tuple(row[5].get("carrier", "") for row in rows),
            country=tuple(row[5].get("country", "") for row in rows),
        ),
        permissions=Permissions(
            arc=indices(a for a, _, _ in pairs),
            commodity=indices(k for _, k, _ in pairs),
            cost=each_period([row[4] for _, _, row in pairs], periods),
            use=np.array([float(row[5].get("use", {}).get(goods[k], 1.0)) for _, k, row in pairs]),
            loss=np.array([float(row[5].get("loss", 0.0)) for _, _, row in pairs]),
            cost_at_end=np.array([float(row[5].get("at_end", 0.0)) for _, _, row in pairs]),
        ),
        supplies=amounts("supply", supply),
        demands=amounts("demand", demand),
        stocks=Stocks(
            node=indices(nodes.index(row[0]) for row in held),
            commodity=indices(goods.index(row[3].get("good", goods[0])) for row in held),
            limit=np.array([float(row[1]) for row in held]),
            initial=np.array([float(row[2]) for row in held]),
            cost=np.array([float(row[3].get("cost", 0)) for row in held]),
            worth_at_end=np.array([float(row[3].get("worth", 0)) for row in held]),
            tank=indices(row[3].get("tank", -1) for row in held),
            room=np.array([float(row[3].get("room", 1)) for row in held]),
        ),
        **more,
    )


def coming(problem, *rows):
    """The problem with what is under way: (permission, amount by period, after, cost)."""
    return replace(
        problem,
        under_way=UnderWay(
            permission=indices(row[0] for row in rows),
            amount=each_period([row[1] for row in rows], problem.periods),
            after=np.array([float(row[2]) for row in rows]),
            cost=np.array([float(row[3]) for row in rows]),
        ),
    )


def filling(problem, *rows, at_end=1.0):
    """The problem with lines to be filled: (arc id, volume, initial by commodity, cost).

    What is left in them costs `at_end` times 0, 1 or 2 by permission.
    """
    arcs, perms = problem.arcs, problem.permissions
    items = [
        (line, p, row[2].get(problem.commodity_ids[perms.commodity[p]], 0.0))
        for line, row in enumerate(rows)
        for p in np.flatnonzero(perms.arc == arcs.ids.index(row[0]))
    ]
    return replace(
        problem,
        line_fills=LineFills(
            arc=indices(arcs.ids.index(row[0]) for row in rows),
            volume=np.array([float(row[1]) for row in rows]),
            line=indices(line for line, _, _ in items),
            permission=indices(p for _, p, _ in items),
            initial=np.array([float(before) for _, _, before in items]),
            cost=np.array([float(rows[line][3]) for line, _, _ in items]),
            cost_at_end=np.array([float(2 * p % 3) for _, p, _ in items]) * at_end,
        ),
    )


def uses(*rows):
    """Entries (row, permission, per unit)."""
    return Uses(
        row=indices(row[0] for row in rows),
        permission=indices(row[1] for row in rows),
        per_unit=np.array([float(row[2]) for row in rows]),
    )


@st.composite
def problems(draw, *, max_nodes=5, max_periods=3, rich=True):
    """Any small problem with whole numbers; `rich` ones have every family of constraints."""
    number = st.integers(0, 9)
    nodes = [f"n{i}" for i in range(draw(st.integers(2, max_nodes)))]
    periods = draw(st.integers(1, max_periods))
    goods = ("oil", "grain") if rich and draw(st.booleans()) else ("oil",)

    def table():
        return draw(st.lists(number, min_size=periods, max_size=periods))

    arcs = []
    for a in range(draw(st.integers(1, 8))):
        tail, head = draw(st.lists(st.sampled_from(nodes), min_size=2, max_size=2, unique=True))
        extra = {"use": {good: draw(st.integers(1, 3)) for good in goods}}
        if rich:
            extra["travel"] = draw(st.sampled_from([0, 0, 4, 30, 47.5]))
            extra["at_end"] = draw(st.sampled_from([0, 5, -20]))
            extra["goods"] = draw(st.sampled_from([goods, goods[:1]]))
            extra["loss"] = draw(st.sampled_from([0.0, 0.25, 0.5]))
        capacity = INF if rich and draw(st.integers(0, 5)) == 0 else table()
        arcs.append((f"a{a}", tail, head, capacity, draw(number), extra))
    # So that every node is known whatever arcs were drawn.
    arcs += [(f"x{i}", nodes[i], nodes[i - 1], 0.0, 1) for i in range(len(nodes))]

    def amounts(most):
        return [
            (node, table(), draw(st.integers(0, most)), draw(st.sampled_from(goods)))
            for node in draw(st.lists(st.sampled_from(nodes), max_size=3, unique=True))
        ]

    supply, demand = amounts(40), amounts(60)
    if not rich:
        return problem_of(arcs, supply, demand, periods=periods, goods=goods)
    stocks = [
        (
            node,
            limit := draw(number),
            draw(st.integers(0, limit)),
            {
                "cost": draw(st.integers(0, 2)),
                "worth": draw(st.integers(0, 20)),
                "tank": draw(st.integers(-1, 0)),
                "room": draw(st.integers(1, 2)),
            },
        )
        for node in draw(st.lists(st.sampled_from(nodes), max_size=2, unique=True))
    ]
    line = draw(st.sampled_from(nodes))
    arcs.append(("line", line, nodes[nodes.index(line) - 1], table(), draw(number), {"loss": 0.25}))
    made = problem_of(
        arcs,
        supply,
        demand,
        periods=periods,
        days=[30.0, 31.0, 28.0][:periods],
        goods=goods,
        stocks=stocks,
        **draw(limits(stocks, len(arcs), periods)),
    )
    made = coming(made, (0, table(), draw(number), draw(st.integers(0, 2))))
    volume = draw(number)
    before = {"oil": draw(st.integers(0, volume)) * 1.0}
    return filling(made, ("line", volume, before, draw(st.integers(0, 1))))


@st.composite
def limits(draw, stocks, arcs, periods):
    """One of each further family, by its name in the problem."""
    number = st.integers(0, 9)

    def table():
        return each_period([draw(st.lists(number, min_size=periods, max_size=periods))], periods)

    full = sum(row[2] * row[3]["room"] for row in stocks if row[3]["tank"] == 0)
    last, least = draw(st.integers(0, periods - 1)), draw(number)
    return {
        "tanks": Tanks(ids=("farm",), unit=("m3",), limit=np.array([full + draw(number) * 1.0])),
        "joints": Joints(
            ids=("port",),
            unit=("t",),
            capacity=table(),
            uses=uses((0, 0, 1), (0, arcs - 1, 2)),
        ),
        "fleets": Fleets(ids=("ships",), hours=table() * 3, uses=uses((0, 0, 2))),
        "minima": Minima(arc=indices([0]), least=table(), price=np.array([3.0])),
        "ramps": Ramps(arc=indices([0]), rise=table() / 30, before=np.array([0.1])),
        "contracts": Contracts(
            ids=("offtake",),
            unit=("t",),
            first=indices([draw(st.integers(0, last))]),
            last=indices([last]),
            least=np.array([float(least)]),
            price=np.array([float(draw(number))]),
            most=np.array([draw(st.sampled_from([INF, float(least), least + 5.0]))]),
            uses=uses((0, 0, 1)),
        ),
        "blends": Blends(
            ids=("sour",),
            unit=("t x %",),
            uses=uses((0, 0, draw(number)), (0, arcs - 1, -draw(number))),
        ),
    }


def rich_problem(seed):
    """A case with every family of constraints, none of them empty, from a seed."""
    rng = np.random.default_rng(seed)
    nodes, periods, goods = ["n0", "n1", "n2", "n3"], 3, ("oil", "grain")
    arcs = [
        (
            f"a{a}",
            nodes[a % 4],
            nodes[(a + 1 + a // 4) % 4],
            rng.integers(5, 20, periods),
            int(rng.integers(1, 9)),
            {
                "use": {"oil": 1, "grain": int(rng.integers(1, 4))},
                "travel": [0, 3.5, 0, 0, 31][a % 5] if a != 1 else 0,
                "at_end": [0, 7, -15][a % 3],
                "loss": 0.05 * (a % 3),
            },
        )
        for a in range(8)
    ]
    amounts = [
        [(node, rng.integers(10, 30, periods), price, good) for node in pair for good in goods]
        for pair, price in ((nodes[:2], 20), (nodes[2:], 60))
    ]
    made = problem_of(
        arcs,
        *amounts,
        periods=periods,
        days=[31.0, 28.0, 31.0],
        goods=goods,
        stocks=[
            ("n1", 9, 4, {"cost": 1, "worth": 5, "tank": 0, "room": 2}),
            ("n2", 9, 0, {"good": "grain", "cost": 0.5, "tank": 0}),
        ],
        tanks=Tanks(ids=("farm",), unit=("m3",), limit=np.array([10.0])),
        joints=Joints(
            ids=("port",),
            unit=("t",),
            capacity=each_period([rng.integers(10, 30, periods)], periods),
            uses=uses((0, 2, 1), (0, 5, 2)),
        ),
        fleets=Fleets(
            ids=("ships",), hours=each_period([[40, 20, 40]], periods), uses=uses((0, 3, 2))
        ),
        minima=Minima(arc=indices([0]), least=each_period([12], periods), price=np.array([3.0])),
        ramps=Ramps(arc=indices([0]), rise=each_period([0.1], periods), before=np.array([0.2])),
        contracts=Contracts(
            ids=("offtake",),
            unit=("t",),
            first=indices([0]),
            last=indices([1]),
            least=np.array([8.0]),
            price=np.array([30.0]),
            most=np.array([11.0]),
            uses=uses((0, 0, 1)),
        ),
        blends=Blends(ids=("sour",), unit=("t x %",), uses=uses((0, 4, 1), (0, 2, -0.5))),
    )
    made = coming(made, (2, [4, 3, 0], 2, 0.5), (8, [6, 0, 0], 0, 0))
    return filling(made, ("a1", 15.0, {"oil": 2.0}, 0.5), ("a3", 4.0, {"grain": 1.0}, 0.1))


def large_problem():
    """Too much for presolve alone."""
    rng = np.random.default_rng(3)
    nodes = [f"n{i}" for i in range(20)]
    arcs = [
        (f"a{i}", *rng.choice(nodes, 2, replace=False), float(rng.integers(3, 30)), float(i % 7))
        for i in range(90)
    ]
    return problem_of(
        arcs,
        [(node, 20, 9, good) for node in nodes[:8] for good in ("oil", "grain")],
        [(node, 18, 80, good) for node in nodes[8:] for good in ("oil", "grain")],
        periods=6,
        goods=("oil", "grain"),
        stocks=[(node, 9, 0) for node in nodes],
    )
