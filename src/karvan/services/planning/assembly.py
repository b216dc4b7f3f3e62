"""Parts put together: one planning problem over the places and limits that they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from karvan.domain.errors import InvalidInput
from karvan.engines.planner.problem import (
    Amounts,
    Arcs,
    Blends,
    Contracts,
    Fleets,
    Floats,
    Indices,
    Joints,
    LineFills,
    Minima,
    Permissions,
    PlanningProblem,
    Ramps,
    Stocks,
    Tanks,
    Uses,
)
from karvan.services.planning.part_faults import faults
from karvan.services.planning.parts import ByPeriod, LineFill, Part, Stock, Volume
from karvan.services.planning.periods import Periods


@dataclass(frozen=True, slots=True)
class _At:
    """Where each name stands in its array."""

    nodes: Mapping[str, int]
    commodities: Mapping[str, int]
    ways: Mapping[str, int]
    permissions: Mapping[tuple[str, str], int]
    tanks: Mapping[str, int]


def assemble(
    parts: Sequence[Part],
    periods: Periods,
    *,
    currency: str,
    left: Mapping[str, Floats] | None = None,
) -> PlanningProblem:
    """Put parts together; nodes and limits of one id are one.

    Parameters
    ----------
    left
        Share (T,) of its capacity that a way, a joint or a fleet keeps, by its id.

    Raises
    ------
    InvalidInput
        Names that are not there or stand twice, or one limit told in two ways: all of them.
    """
    whole = _joined(parts)
    found = tuple(faults(whole, periods.count))
    if found:
        raise InvalidInput("the parts of the plan contradict each other", faults=found)
    left, days = left or {}, periods.days
    at = _positions(whole)
    return PlanningProblem(
        node_ids=tuple(at.nodes),
        commodity_ids=tuple(at.commodities),
        commodity_units=tuple(each.unit for each in whole.commodities),
        period_ids=periods.ids,
        period_days=days,
        currency=currency,
        arcs=_arcs(whole, at, days, left),
        permissions=_permissions(whole, at, periods.count),
        supplies=_amounts(whole.supplies, at, periods.count),
        demands=_amounts(whole.demands, at, periods.count),
        stocks=_stocks(whole.stocks, at),
        tanks=Tanks(
            ids=tuple(at.tanks),
            unit=tuple(tank.unit for tank in whole.tanks),
            limit=np.array([tank.limit for tank in whole.tanks]),
        ),
        joints=_joints(whole, at, days, left),
        fleets=_fleets(whole, at, periods.count, left),
        ramps=Ramps(
            arc=_of((ramp.way for ramp in whole.ramps), at.ways),
            rise=_table([ramp.rise for ramp in whole.ramps], periods.count),
            before=np.array([ramp.before for ramp in whole.ramps]),
            also=_of((way for ramp in whole.ramps for way in ramp.also), at.ways),
            of=np.array(
                [q for q, ramp in enumerate(whole.ramps) for _ in ramp.also], dtype=np.int64
            ),
        ),
        contracts=_contracts(whole, at, periods.count),
        blends=Blends(
            ids=tuple(blend.id for blend in whole.blends),
            unit=tuple(blend.unit for blend in whole.blends),
            uses=_uses(whole, at, [blend.id for blend in whole.blends]),
        ),
        minima=Minima(
            arc=_of((minimum.way for minimum in whole.minima), at.ways),
            least=_table([each.per_day for each in whole.minima], periods.count) * days,
            price=np.array([minimum.price for minimum in whole.minima]),
        ),
        line_fills=_line_fills(whole.fills, at),
    )


def _joined(parts: Sequence[Part]) -> Part:
    """All parts as one; what is equal in two of them stands once."""
    return Part(
        name=" ".join(part.name for part in parts),
        commodities=tuple(dict.fromkeys(each for part in parts for each in part.commodities)),
        ways=tuple(each for part in parts for each in part.ways),
        supplies=tuple(each for part in parts for each in part.supplies),
        demands=tuple(each for part in parts for each in part.demands),
        tanks=tuple(dict.fromkeys(each for part in parts for each in part.tanks)),
        stocks=tuple(each for part in parts for each in part.stocks),
        joints=tuple(dict.fromkeys(each for part in parts for each in part.joints)),
        fleets=tuple(dict.fromkeys(each for part in parts for each in part.fleets)),
        ramps=tuple(each for part in parts for each in part.ramps),
        contracts=tuple(each for part in parts for each in part.contracts),
        takes=tuple(each for part in parts for each in part.takes),
        blends=tuple(dict.fromkeys(each for part in parts for each in part.blends)),
        minima=tuple(each for part in parts for each in part.minima),
        fills=tuple(each for part in parts for each in part.fills),
    )


def _positions(whole: Part) -> _At:
    places = [place for way in whole.ways for place in (way.tail, way.head)]
    places += [each.place for each in (*whole.supplies, *whole.demands)]
    places += [stock.place for stock in whole.stocks]
    pairs = [(way.id, each.commodity) for way in whole.ways for each in way.carries]
    return _At(
        nodes=_numbered(places),
        commodities=_numbered([each.id for each in whole.commodities]),
        ways=_numbered([way.id for way in whole.ways]),
        permissions={pair: number for number, pair in enumerate(pairs)},
        tanks=_numbered([tank.id for tank in whole.tanks]),
    )


def _numbered(names: Sequence[str]) -> Mapping[str, int]:
    return {name: number for number, name in enumerate(dict.fromkeys(names))}


def _of(names: Iterator[str], at: Mapping[str, int]) -> Indices:
    return np.array([at[name] for name in names], np.int64)


def _table(rows: Sequence[ByPeriod], periods: int) -> Floats:
    return np.array(rows, np.float64).reshape(len(rows), periods)


def _arcs(whole: Part, at: _At, days: Floats, left: Mapping[str, Floats]) -> Arcs:
    capacity = _table([way.per_day for way in whole.ways], len(days)) * days
    for number, way in enumerate(whole.ways):
        if way.id in left:
            capacity[number] = _kept(capacity[number], left[way.id])
    return Arcs(
        ids=tuple(at.ways),
        tail=_of((way.tail for way in whole.ways), at.nodes),
        head=_of((way.head for way in whole.ways), at.nodes),
        travel_d=np.zeros(len(whole.ways)),
        capacity=capacity,
        unit=tuple(way.unit for way in whole.ways),
        carrier=tuple(way.carrier for way in whole.ways),
        country=tuple(way.country for way in whole.ways),
    )


def _kept(capacity: Floats, share: Floats) -> Floats:
    """Capacity times the share that is left; nothing is left of what has no limit at share 0."""
    return np.where(share > 0, capacity * np.where(share > 0, share, 1.0), 0.0)


def _permissions(whole: Part, at: _At, periods: int) -> Permissions:
    pairs = [(way, each) for way in whole.ways for each in way.carries]
    cost = np.array([each.cost for _, each in pairs])
    return Permissions(
        arc=_of((way.id for way, _ in pairs), at.ways),
        commodity=_of((each.commodity for _, each in pairs), at.commodities),
        cost=np.repeat(cost[:, None], periods, axis=1),
        use=np.array([each.use for _, each in pairs]),
        loss=np.array([each.loss for _, each in pairs]),
    )


def _line_fills(rows: Sequence[LineFill], at: _At) -> LineFills:
    items = [
        (line, at.permissions[row.way, each.commodity], each)
        for line, row in enumerate(rows)
        for each in row.holds
    ]
    return LineFills(
        arc=_of((row.way for row in rows), at.ways),
        volume=np.array([row.volume for row in rows]),
        line=np.array([line for line, _, _ in items], np.int64),
        permission=np.array([permission for _, permission, _ in items], np.int64),
        initial=np.array([each.initial for _, _, each in items]),
        cost=np.array([each.cost for _, _, each in items]),
        cost_at_end=np.array([each.cost_at_end for _, _, each in items]),
    )


def _amounts(rows: Sequence[Volume], at: _At, periods: int) -> Amounts:
    return Amounts(
        ids=tuple(row.id for row in rows),
        node=_of((row.place for row in rows), at.nodes),
        commodity=_of((row.commodity for row in rows), at.commodities),
        amount=_table([row.amount for row in rows], periods),
        price=np.array([row.price for row in rows]),
    )


def _stocks(rows: Sequence[Stock], at: _At) -> Stocks:
    return Stocks(
        node=_of((row.place for row in rows), at.nodes),
        commodity=_of((row.commodity for row in rows), at.commodities),
        limit=np.array([row.limit for row in rows]),
        initial=np.array([row.initial for row in rows]),
        cost=np.array([row.cost for row in rows]),
        worth_at_end=np.array([row.worth_at_end for row in rows]),
        tank=np.array([at.tanks.get(row.tank, -1) for row in rows], np.int64),
        room=np.ones(len(rows)),
    )


def _joints(whole: Part, at: _At, days: Floats, left: Mapping[str, Floats]) -> Joints:
    capacity = _table([joint.per_day for joint in whole.joints], len(days)) * days
    for number, joint in enumerate(whole.joints):
        if joint.id in left:
            capacity[number] = _kept(capacity[number], left[joint.id])
    return Joints(
        ids=tuple(joint.id for joint in whole.joints),
        unit=tuple(joint.unit for joint in whole.joints),
        capacity=capacity,
        uses=_uses(whole, at, [joint.id for joint in whole.joints]),
    )


def _fleets(whole: Part, at: _At, periods: int, left: Mapping[str, Floats]) -> Fleets:
    hours = _table([fleet.hours for fleet in whole.fleets], periods)
    for number, fleet in enumerate(whole.fleets):
        if fleet.id in left:
            hours[number] = _kept(hours[number], left[fleet.id])
    return Fleets(
        ids=tuple(fleet.id for fleet in whole.fleets),
        hours=hours,
        uses=_uses(whole, at, [fleet.id for fleet in whole.fleets]),
    )


def _contracts(whole: Part, at: _At, periods: int) -> Contracts:
    return Contracts(
        ids=tuple(each.id for each in whole.contracts),
        unit=tuple(each.unit for each in whole.contracts),
        first=np.array([each.first for each in whole.contracts], np.int64),
        last=np.array(
            [periods - 1 if each.last is None else each.last for each in whole.contracts], np.int64
        ),
        least=np.array([each.least for each in whole.contracts]),
        price=np.array([each.price for each in whole.contracts]),
        most=np.array([each.most for each in whole.contracts]),
        uses=_uses(whole, at, [each.id for each in whole.contracts]),
    )


def _uses(whole: Part, at: _At, ids: Sequence[str]) -> Uses:
    """What ways take of these limits; what one takes twice of one limit counts twice."""
    rows = _numbered(ids)
    of_way = {way.id: [each.commodity for each in way.carries] for way in whole.ways}
    entries = [
        (rows[take.of], at.permissions[take.way, commodity], take.per_unit)
        for take in whole.takes
        if take.of in rows
        for commodity in ([take.commodity] if take.commodity else of_way[take.way])
    ]
    return Uses(
        row=np.array([row for row, _, _ in entries], np.int64),
        permission=np.array([permission for _, permission, _ in entries], np.int64),
        per_unit=np.array([each for _, _, each in entries]),
    )
