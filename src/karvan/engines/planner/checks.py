"""What is wrong with a planning problem, all of it at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.problem import Amounts, Floats, Indices, PlanningProblem, Uses


def checked(problem: PlanningProblem) -> PlanningProblem:
    """Give the problem back when nothing is wrong with it.

    Raises
    ------
    InvalidInput
        With every fault, each a sentence that names the array.
    """
    found = tuple(faults(problem))
    if found:
        raise InvalidInput("the planning problem contradicts itself", faults=found)
    return problem


def faults(problem: PlanningProblem) -> Iterator[str]:
    """Give each fault as a sentence."""
    yield from _periods(problem)
    yield from _arcs(problem)
    yield from _amounts("supplies", problem.supplies, problem)
    yield from _amounts("demands", problem.demands, problem)
    yield from _stocks(problem)
    yield from _shared(problem)
    yield from _arc_rules(problem)
    yield from _contracts(problem)
    yield from _line_fills(problem)
    yield from _under_way(problem)


def _periods(problem: PlanningProblem) -> Iterator[str]:
    if not problem.period_ids:
        yield "there is no period"
    yield from _numbers("period_days", problem.period_days, (problem.periods,), above_zero=True)
    if len(problem.commodity_units) != len(problem.commodity_ids):
        yield "commodity_units: one unit for each commodity"
    for what, ids in (
        ("node_ids", problem.node_ids),
        ("commodity_ids", problem.commodity_ids),
        ("period_ids", problem.period_ids),
        ("arcs.ids", problem.arcs.ids),
        ("supplies.ids", problem.supplies.ids),
        ("demands.ids", problem.demands.ids),
        ("tanks.ids", problem.tanks.ids),
        ("joints.ids", problem.joints.ids),
        ("blends.ids", problem.blends.ids),
        ("fleets.ids", problem.fleets.ids),
        ("contracts.ids", problem.contracts.ids),
    ):
        if len(set(ids)) != len(ids):
            yield f"{what}: an id stands twice"


def _arcs(problem: PlanningProblem) -> Iterator[str]:
    arcs, permissions, periods = problem.arcs, problem.permissions, problem.periods
    count, nodes = len(arcs.ids), len(problem.node_ids)
    yield from _indices("arcs.tail", arcs.tail, count, nodes)
    yield from _indices("arcs.head", arcs.head, count, nodes)
    yield from _numbers("arcs.travel_d", arcs.travel_d, (count,))
    yield from _numbers("arcs.capacity", arcs.capacity, (count, periods), infinite=True)
    for what, texts in (("unit", arcs.unit), ("carrier", arcs.carrier), ("country", arcs.country)):
        if len(texts) != count:
            yield f"arcs.{what}: one for each arc"
    pairs = len(permissions.arc)
    yield from _indices("permissions.arc", permissions.arc, pairs, count)
    yield from _indices(
        "permissions.commodity", permissions.commodity, pairs, len(problem.commodity_ids)
    )
    yield from _numbers("permissions.cost", permissions.cost, (pairs, periods))
    yield from _numbers("permissions.use", permissions.use, (pairs,))
    if len(permissions.loss):
        yield from _numbers("permissions.loss", permissions.loss, (pairs,))
        if np.any(permissions.loss >= 1):
            yield "permissions.loss: nothing would come out"
    if len(permissions.cost_at_end):
        at_end = np.abs(permissions.cost_at_end)  # below 0 where it is worth something
        yield from _numbers("permissions.cost_at_end", at_end, (pairs,))
    if permissions.commodity.shape == permissions.arc.shape:
        keys = permissions.arc * max(1, len(problem.commodity_ids)) + permissions.commodity
        if len(np.unique(keys)) != pairs:
            yield "permissions: an arc and a commodity stand together twice"


def _amounts(what: str, amounts: Amounts, problem: PlanningProblem) -> Iterator[str]:
    count = len(amounts.ids)
    yield from _indices(f"{what}.node", amounts.node, count, len(problem.node_ids))
    yield from _indices(f"{what}.commodity", amounts.commodity, count, len(problem.commodity_ids))
    if count:
        yield from _numbers(f"{what}.amount", amounts.amount, (count, problem.periods))
    yield from _numbers(f"{what}.price", amounts.price, (count,))


def _stocks(problem: PlanningProblem) -> Iterator[str]:
    stocks, tanks = problem.stocks, problem.tanks
    count = len(stocks.node)
    before = tuple(_stock_arrays(problem))
    yield from before
    if before:
        return
    keys = stocks.node * max(1, len(problem.commodity_ids)) + stocks.commodity
    if len(np.unique(keys)) != count:
        yield "stocks: a node and a commodity stand together twice"
    if np.any(stocks.initial > stocks.limit):
        yield "stocks.initial: more than the limit"
    used = stocks.tank >= 0
    full = np.bincount(
        stocks.tank[used],
        weights=(stocks.initial * stocks.room)[used],
        minlength=len(tanks.ids),
    )
    if np.any(full > tanks.limit * (1 + 1e-12)):
        yield "tanks.limit: the stocks before the first period do not fit"


def _stock_arrays(problem: PlanningProblem) -> Iterator[str]:
    stocks, tanks = problem.stocks, problem.tanks
    count = len(stocks.node)
    yield from _indices("stocks.node", stocks.node, count, len(problem.node_ids))
    yield from _indices("stocks.commodity", stocks.commodity, count, len(problem.commodity_ids))
    yield from _indices("stocks.tank", stocks.tank, count, len(tanks.ids), lowest=-1)
    worth = np.abs(stocks.worth_at_end)  # below 0 where what is left is dear
    yield from _numbers("stocks.worth_at_end", worth, (count,))
    for name in ("limit", "initial", "cost", "room"):
        yield from _numbers(f"stocks.{name}", getattr(stocks, name), (count,))
    yield from _numbers("tanks.limit", tanks.limit, (len(tanks.ids),))
    if len(tanks.unit) != len(tanks.ids):
        yield "tanks.unit: one for each tank"


def _shared(problem: PlanningProblem) -> Iterator[str]:
    joints, fleets = problem.joints, problem.fleets
    for what, rows, limits, uses in (
        ("joints.capacity", len(joints.ids), joints.capacity, joints.uses),
        ("fleets.hours", len(fleets.ids), fleets.hours, fleets.uses),
    ):
        if rows:
            yield from _numbers(what, limits, (rows, problem.periods), infinite=True)
        yield from _uses(what, uses, rows, problem)
    if len(joints.unit) != len(joints.ids):
        yield "joints.unit: one for each joint capacity"
    blends = problem.blends
    either = replace(blends.uses, per_unit=np.abs(blends.uses.per_unit))
    yield from _uses("blends", either, len(blends.ids), problem)
    if len(blends.unit) != len(blends.ids):
        yield "blends.unit: one for each blend"


def _arc_rules(problem: PlanningProblem) -> Iterator[str]:
    minima, ramps, periods = problem.minima, problem.ramps, problem.periods
    arcs = len(problem.arcs.ids)
    for what, arc, table, single in (
        ("minima.least", minima.arc, minima.least, ("minima.price", minima.price)),
        ("ramps.rise", ramps.arc, ramps.rise, ("ramps.before", ramps.before)),
    ):
        count = len(arc)
        yield from _indices(f"{what.partition('.')[0]}.arc", arc, count, arcs)
        if count:
            yield from _numbers(what, table, (count, periods))
        yield from _numbers(single[0], single[1], (count,))
        if len(np.unique(arc)) != count:
            yield f"{what.partition('.')[0]}.arc: an arc stands twice"
    found = list(_indices("ramps.also", ramps.also, len(ramps.also), arcs))
    found += _indices("ramps.of", ramps.of, len(ramps.also), len(ramps.arc))
    yield from found
    both = np.concatenate([ramps.arc, ramps.also])
    if len(ramps.also) and len(np.unique(both)) != len(both):
        yield "ramps.also: an arc stands twice"
    if not found:
        units = problem.arcs.unit
        for a, q in zip(ramps.also.tolist(), ramps.of.tolist(), strict=True):
            if units[a] != units[int(ramps.arc[q])]:
                yield f"ramps.also: {problem.arcs.ids[a]} rises with an arc of another unit"


def _contracts(problem: PlanningProblem) -> Iterator[str]:
    contracts = problem.contracts
    count = len(contracts.ids)
    yield from _indices("contracts.first", contracts.first, count, problem.periods)
    yield from _indices("contracts.last", contracts.last, count, problem.periods)
    yield from _numbers("contracts.least", contracts.least, (count,))
    yield from _numbers("contracts.price", contracts.price, (count,))
    yield from _numbers("contracts.most", contracts.most, (count,), infinite=True)
    yield from _uses("contracts", contracts.uses, count, problem)
    if len(contracts.unit) != count:
        yield "contracts.unit: one for each contract"
    if contracts.first.shape == contracts.last.shape and np.any(contracts.first > contracts.last):
        yield "contracts.last: before the first period of the contract"
    if contracts.least.shape == contracts.most.shape and np.any(contracts.least > contracts.most):
        yield "contracts.least: more than the contract's most"


def _line_fills(problem: PlanningProblem) -> Iterator[str]:
    fills, permissions = problem.line_fills, problem.permissions
    lines, items = len(fills.arc), len(fills.line)
    arrays = (
        *_indices("line_fills.arc", fills.arc, lines, len(problem.arcs.ids)),
        *_numbers("line_fills.volume", fills.volume, (lines,)),
        *_indices("line_fills.line", fills.line, items, lines),
        *_indices("line_fills.permission", fills.permission, items, len(permissions.arc)),
        *_numbers("line_fills.initial", fills.initial, (items,)),
        *_numbers("line_fills.cost", fills.cost, (items,)),
        *_numbers("line_fills.cost_at_end", fills.cost_at_end, (items,)),
    )
    yield from arrays
    well_shaped = problem.arcs.capacity.shape == (len(problem.arcs.ids), problem.periods)
    if arrays or not lines or not well_shaped:
        return
    if len(np.unique(fills.arc)) != lines:
        yield "line_fills.arc: an arc stands twice"
    wanted = np.flatnonzero(np.isin(permissions.arc, fills.arc))
    if not np.array_equal(np.sort(fills.permission), wanted) or np.any(
        permissions.arc[fills.permission] != fills.arc[fills.line]
    ):
        yield "line_fills.permission: each permission of each of its arcs, once"
        return
    if np.any(problem.arcs.travel_d[fills.arc] > 0):
        yield "line_fills.arc: a line that is filled has a travel of 0"
    if not np.isfinite(problem.arcs.capacity[fills.arc]).all():
        yield "line_fills.arc: a line without a capacity cannot be filled"
    use = permissions.use[fills.permission]
    if np.any(use <= 0):
        yield "line_fills.permission: what takes nothing of a line cannot fill it"
    held = np.bincount(fills.line, weights=fills.initial * use, minlength=lines)
    if np.any(held > fills.volume * (1 + 1e-12)):
        yield "line_fills.initial: more than the volume"


def _under_way(problem: PlanningProblem) -> Iterator[str]:
    under_way = problem.under_way
    count = len(under_way.permission)
    yield from _indices(
        "under_way.permission", under_way.permission, count, len(problem.permissions.arc)
    )
    if len(np.unique(under_way.permission)) != count:
        yield "under_way.permission: a permission stands twice"
    if count:
        yield from _numbers("under_way.amount", under_way.amount, (count, problem.periods))
    yield from _numbers("under_way.after", under_way.after, (count,))
    yield from _numbers("under_way.cost", under_way.cost, (count,))


def _uses(what: str, uses: Uses, rows: int, problem: PlanningProblem) -> Iterator[str]:
    count = len(uses.row)
    yield from _indices(f"{what} row", uses.row, count, rows)
    yield from _indices(f"{what} permission", uses.permission, count, len(problem.permissions.arc))
    yield from _numbers(f"{what} per_unit", uses.per_unit, (count,))


def _indices(
    what: str, values: Indices, count: int, below: int, *, lowest: int = 0
) -> Iterator[str]:
    if values.shape != (count,):
        yield f"{what}: shape {values.shape}, expected {(count,)}"
    elif not np.issubdtype(values.dtype, np.integer):
        yield f"{what}: whole numbers are expected"
    elif count and (values.min() < lowest or values.max() >= below):
        yield f"{what}: a number outside {lowest} to {below - 1}"


def _numbers(
    what: str,
    values: Floats,
    shape: Sequence[int],
    *,
    infinite: bool = False,
    above_zero: bool = False,
) -> Iterator[str]:
    if values.shape != tuple(shape):
        yield f"{what}: shape {values.shape}, expected {tuple(shape)}"
        return
    if np.isnan(values).any() or not (infinite or np.isfinite(values).all()):
        yield f"{what}: a value is not a number" + ("" if infinite else " or infinite")
    if above_zero and not (values > 0).all():
        yield f"{what}: a value is not above 0"
    elif (values < 0).any():
        yield f"{what}: a value is negative"
