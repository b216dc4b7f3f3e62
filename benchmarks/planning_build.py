"""P6, a plan of 750,000 flow variables built and handed to HiGHS, against linopy and PyPSA.

250 nodes, 1,200 arcs, 12 commodities, 52 periods. Both sides make the same rows from the same
arrays and pass them in memory; at a small size the cost is compared. PyPSA has no joint capacity
of several commodities, no shared tank and no fleet hours: a bus is a node and a commodity, a link
an arc and a commodity, and those rows are added by hand. It adds rows for the bounds of its own
parts besides.

    python -m benchmarks.planning_build
"""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
from benchmarks._measure import Target, find_peer, timed
from benchmarks._planning import random_problem

from karvan.engines.planner.model import build
from karvan.engines.planner.problem import PlanningProblem
from karvan.engines.planner.solving import SolverOptions, hand_over, solve

SIZE = (250, 1_200, 12, 52)
SMALL = (12, 30, 3, 4)


def twin(problem: PlanningProblem) -> Any:
    """Write the same problem with linopy, in whole arrays as its users do."""
    linopy, xr = find_peer("linopy"), find_peer("xarray")
    pd, sparse = find_peer("pandas"), find_peer("scipy.sparse")
    assert linopy is not None
    assert xr is not None
    assert pd is not None
    assert sparse is not None
    nodes, kinds, periods = (
        len(problem.node_ids), len(problem.commodity_ids), problem.periods
    )  # fmt: skip
    arcs = len(problem.arcs.ids)
    a, k, t = (pd.RangeIndex(n, name=x) for n, x in ((arcs, "a"), (kinds, "k"), (periods, "t")))
    model = linopy.Model()
    cost = xr.DataArray(problem.permissions.cost.reshape(arcs, kinds, periods), [a, k, t])
    flow = model.add_variables(lower=0, coords=[a, k, t], name="flow")
    stocks = problem.stocks
    g = pd.RangeIndex(len(problem.tanks.ids), name="g")
    held = model.add_variables(lower=0, upper=500.0, coords=[g, k, t], name="held")
    parts = []
    for name, amounts in (("shut", problem.supplies), ("missed", problem.demands)):
        items = pd.RangeIndex(len(amounts.ids), name=name)
        upper = xr.DataArray(amounts.amount, [items, t])
        parts.append(model.add_variables(lower=0, upper=upper, coords=[items, t], name=name))
    shut, missed = parts
    tail = xr.DataArray(problem.arcs.tail, [a], name="n")
    head = xr.DataArray(problem.arcs.head, [a], name="n")
    out, into = (1 * flow).groupby(tail).sum(), (1 * flow).groupby(head).sum()
    n = pd.RangeIndex(nodes, name="n")
    at_tank = stocks.node[::kinds]
    store = held.assign_coords(g=at_tank).rename(g="n")
    change = -1 * store + 1 * store.shift(t=1)
    asked = np.zeros((nodes, kinds, periods))
    np.add.at(asked, (problem.demands.node, problem.demands.commodity), problem.demands.amount)
    np.subtract.at(asked, (problem.supplies.node, problem.supplies.commodity),
                   problem.supplies.amount)  # fmt: skip
    missing = _spread(missed, problem.demands, linopy)
    shutting = _spread(shut, problem.supplies, linopy)
    balance = linopy.merge(
        [into.reindex(n=n), -1 * out.reindex(n=n), change.reindex(n=n), missing.reindex(n=n),
         -1 * shutting.reindex(n=n)], join="outer",
    )  # fmt: skip
    model.add_constraints(balance, "=", xr.DataArray(asked, [n, k, t]), name="balance")
    capacity = xr.DataArray(problem.arcs.capacity, [a, t])
    model.add_constraints(flow.sum("k") <= capacity, name="capacity")
    model.add_constraints(held.sum("k") <= 800.0, name="tank")
    per_unit = np.zeros((arcs, kinds))
    per_unit.ravel()[problem.fleets.uses.permission] = problem.fleets.uses.per_unit
    ships = np.arange(0, arcs, 10)
    hours = (flow.isel(a=ships) * xr.DataArray(per_unit[ships], [a[ships], k])).sum(["a", "k"])
    model.add_constraints(hours <= xr.DataArray(problem.fleets.hours[0], [t]), name="fleet")
    price = xr.DataArray(problem.demands.price, [pd.RangeIndex(len(problem.demands.ids),
                                                               name="missed")])  # fmt: skip
    model.add_objective((flow * cost).sum() + held.sum() + (missed * price).sum())
    return model


def _spread(variable: Any, amounts: Any, linopy: Any) -> Any:
    """Amounts by node and commodity; each node has one commodity."""
    name = variable.dims[0]
    parts = []
    for kind in np.unique(amounts.commodity):
        mine = np.flatnonzero(amounts.commodity == kind)
        part = (1 * variable.isel({name: mine})).assign_coords({name: amounts.node[mine]})
        parts.append(part.rename({name: "n"}).expand_dims(k=[int(kind)]))
    return linopy.merge(parts, dim="k", join="outer")


def pypsa_twin(problem: PlanningProblem) -> Any:
    """Write the same problem with PyPSA: a bus is a node and a commodity."""
    pypsa, pd = find_peer("pypsa"), find_peer("pandas")
    assert pypsa is not None
    assert pd is not None
    kinds, periods = len(problem.commodity_ids), problem.periods
    permissions, arcs, stocks = problem.permissions, problem.arcs, problem.stocks

    def names(prefix: str, count: int) -> Any:
        return pd.Index([f"{prefix}{i}" for i in range(count)])

    buses = names("b", len(problem.node_ids) * kinds)

    def at(node: Any, commodity: Any) -> Any:
        return buses[node * kinds + commodity]

    network = pypsa.Network(snapshots=range(periods))
    network.add("Bus", buses)
    links = names("l", len(permissions.arc))
    network.add(
        "Link", links,
        bus0=at(arcs.tail[permissions.arc], permissions.commodity),
        bus1=at(arcs.head[permissions.arc], permissions.commodity),
        marginal_cost=permissions.cost[:, 0], p_nom=1e5,
    )  # fmt: skip
    stores = names("h", len(stocks.node))
    network.add("Store", stores, bus=at(stocks.node, stocks.commodity), e_nom=stocks.limit,
                marginal_cost_storage=stocks.cost)  # fmt: skip
    for prefix, amounts in (("s", problem.supplies), ("m", problem.demands)):
        index = names(prefix, len(amounts.ids))
        table = pd.DataFrame(amounts.amount.T, index=network.snapshots, columns=index)
        where = at(amounts.node, amounts.commodity)
        network.add("Generator", index, bus=where, p_nom=1.0, p_max_pu=table,
                    marginal_cost=amounts.price)  # fmt: skip
        if prefix == "m":
            network.add("Load", names("d", len(index)), bus=where,
                        p_set=table.set_axis(names("d", len(index)), axis=1))  # fmt: skip
    model = network.optimize.create_model()
    flow, held = model.variables["Link-p"], model.variables["Store-e"]
    item = flow.dims[-1]

    def labels(values: Any, index: Any, name: str) -> Any:
        return pd.Series(values, index=index.rename(item), name=name).to_xarray()

    by_arc = (1 * flow).groupby(labels(permissions.arc, links, "arc")).sum()
    capacity = pd.DataFrame(arcs.capacity.T, index=network.snapshots.rename("snapshot"),
                            columns=pd.RangeIndex(len(arcs.ids), name="arc"))  # fmt: skip
    model.add_constraints(by_arc <= capacity.stack().to_xarray(), name="capacity")
    by_tank = (1 * held).groupby(labels(stocks.tank, stores, "tank")).sum()
    model.add_constraints(by_tank <= float(problem.tanks.limit[0]), name="tank")
    uses = problem.fleets.uses
    on_ships = flow.sel({item: links[uses.permission]})
    per_unit = labels(uses.per_unit, links[uses.permission], "hours")
    hours = pd.Series(problem.fleets.hours[0], index=network.snapshots.rename("snapshot"))
    model.add_constraints((on_ships * per_unit).sum(item) <= hours.to_xarray(), name="fleet")
    return model


def run(size: tuple[int, int, int, int] = SIZE) -> dict[str, object]:
    """Build and hand over on both sides, at the full size; compare costs at a small one."""
    target = Target(
        row="P6",
        work="build and hand over an LP of 750,000 flow variables",
        peer="linopy",
        ratio=None,
        to_reach=1,
    )
    problem = random_problem(*size)
    options = SolverOptions()
    gc.collect()
    times_ms = [timed(lambda: hand_over(build(problem), options))[0] for _ in range(3)]
    model = build(problem)
    figures: dict[str, object] = {
        "flow_variables": model.columns.stock,
        "rows": model.matrix.shape[0],
        "columns": model.matrix.shape[1],
        "entries": model.matrix.nnz,
        "build_and_hand_over_ms": round(min(times_ms), 1),
        "build_alone_ms": round(min(timed(lambda: build(problem))[0] for _ in range(3)), 1),
    }
    peer = find_peer("linopy")
    if peer is None:
        return {**figures, "linopy": "not installed", "targets": [target]}
    small = random_problem(*SMALL)
    told = twin(small)
    told.solve("highs", io_api="direct", output_flag=False)
    ours = solve(build(small), options).objective
    assert abs(told.objective.value - ours) <= 1e-7 * abs(ours), (told.objective.value, ours)
    gc.collect()
    linopy_ms = [timed(lambda: twin(problem).to_highspy())[0] for _ in range(2)]
    target["ratio"] = round(min(linopy_ms) / min(times_ms), 2)
    figures |= {
        "linopy_version": peer.__version__,
        "linopy_build_and_hand_over_ms": round(min(linopy_ms), 1),
    }
    other = Target(row="P6", work=target["work"], peer="PyPSA", ratio=None, to_reach=5)
    pypsa = find_peer("pypsa")
    if pypsa is None:
        return {**figures, "pypsa": "not installed", "targets": [target, other]}
    told = pypsa_twin(small)
    told.solve("highs", io_api="direct", output_flag=False)
    assert abs(told.objective.value - ours) <= 1e-7 * abs(ours), (told.objective.value, ours)
    gc.collect()
    pypsa_ms, handed = timed(lambda: pypsa_twin(problem).to_highspy())
    other["ratio"] = round(pypsa_ms / min(times_ms), 2)
    return {
        **figures,
        "pypsa_version": pypsa.__version__,
        "pypsa_build_and_hand_over_ms": round(pypsa_ms, 1),
        "pypsa_rows": handed.getNumRow(),
        "targets": [target, other],
    }


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:<36}{value}")
