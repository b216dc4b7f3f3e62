"""The corridor's oil as a planning problem: thousand tonnes by month, thousand US dollars.

Pipelines and tanker legs are the network's, with the capacity in force on the first day of each
month; a link that is closed then has none. A link without a planning tariff is no way. What is
sold goes from an outlet to one market, at the discount of the outlet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from karvan.domain.errors import InvalidTables, TableFault
from karvan.engines.planner.problem import (
    Amounts,
    Arcs,
    Contracts,
    Fleets,
    Floats,
    Indices,
    Joints,
    Permissions,
    PlanningProblem,
    Ramps,
    Stocks,
    Tanks,
    Uses,
)
from karvan.network.links import CapacityUnit, Mode, find_capacity
from karvan.network.network import Network
from karvan.services.planning.scenario import Event, Scenario, Volume, months_of, share_left

MARKET = "market"
COMMODITIES = ("kazakh", "russian", "azeri")
#: Kilotonnes a day of one million tonnes a year.
KT_PER_D = 1000 / 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What was decided before the first month: kt a day by arc, kt by tank, kt under caps."""

    carried_kt_d: Mapping[str, float]
    stock_kt: Mapping[tuple[str, str], float]
    under_cap_kt: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """An arc: `kt_d` by month, running hours where ships sail it."""

    id: str
    tail: str
    head: str
    mode: str
    kt_d: tuple[float, ...]
    usd_t: float
    carrier: str
    country: str
    hours: float = 0.0


def oil_problem(
    network: Network,
    scenario: Scenario,
    *,
    events: Sequence[Event],
    skip: int = 0,
    start: Start | None = None,
) -> PlanningProblem:
    """Make the problem of a scenario's months from the one numbered `skip`.

    Raises
    ------
    InvalidTables
        The scenario names places, links or assets that are not there; all are told.
    """
    faults = list(faults_of(network, scenario))
    if faults:
        raise InvalidTables(faults)
    bounds = months_of(scenario)[skip:]
    months = bounds[:-1]
    days = np.diff([day.toordinal() for day in bounds]).astype(np.float64)
    ways = list(_ways(network, scenario, months))
    spans = tuple(pairwise(bounds))
    left = {
        asset: np.array([share_left(events, asset, *span) for span in spans])
        for asset in {event.asset for event in events}
    }
    whole = np.ones(len(months))
    capacity = np.array([np.array(way.kt_d) * days * left.get(way.id, whole) for way in ways])
    nodes = tuple(dict.fromkeys(place for way in ways for place in (way.tail, way.head)))
    kinds, base = len(COMMODITIES), scenario.base
    arc = np.repeat(np.arange(len(ways)), kinds)
    cost = np.array([way.usd_t for way in ways])[arc]
    return PlanningProblem(
        node_ids=nodes,
        commodity_ids=COMMODITIES,
        commodity_units=("kt",) * kinds,
        period_ids=tuple(f"{month:%Y-%m}" for month in months),
        period_days=days,
        currency="1000 USD",
        arcs=Arcs(
            ids=tuple(way.id for way in ways),
            tail=_positions((way.tail for way in ways), nodes),
            head=_positions((way.head for way in ways), nodes),
            lag=np.zeros(len(ways), np.int64),
            capacity=capacity,
            unit=("kt",) * len(ways),
            carrier=tuple(way.carrier for way in ways),
            country=tuple(way.country for way in ways),
        ),
        permissions=Permissions(
            arc=arc,
            commodity=np.tile(np.arange(kinds), len(ways)),
            cost=np.repeat(cost[:, None], len(months), axis=1),
            use=np.ones(len(arc)),
        ),
        supplies=_volumes(base.supply, nodes, days, base.prices.shut_in_usd_t),
        demands=_demands(scenario, nodes, days),
        stocks=_stocks(scenario, nodes, start),
        tanks=_tanks(scenario),
        joints=_terminals(scenario, ways, days, left),
        fleets=_fleets(scenario, ways, days),
        ramps=_ramps(scenario, ways, start),
        contracts=_caps(scenario, ways, days, start),
    )


def faults_of(network: Network, scenario: Scenario) -> Iterator[TableFault]:
    """Tell every place, link and asset that a scenario names and that is not there."""
    base = scenario.base
    named = {
        "supply": [row.place for row in base.supply],
        "demand": [row.place for row in base.demand],
        "outlet": [row.place for row in base.outlet],
        "terminal": [row.place for row in base.terminal],
        "tank": [row.place for row in base.tank],
        "fleet": [row.place for row in base.fleet],
    }
    known = {str(place) for place in network.places}
    for name, places in named.items():
        for number, place in enumerate(places, 1):
            if place not in known:
                where = f"{name} {number}, place"
                yield TableFault(
                    scenario.base_file, None, where, "unknown-place", "no place has this id"
                )
    assets = {row.id for row in base.terminal} | {str(link) for link in network.links}
    for number, event in enumerate(scenario.event, 1):
        if event.asset not in assets:
            where = f"event {number}, asset"
            yield TableFault(
                scenario.file, None, where, "unknown-asset", "no link or terminal has this id"
            )


def _ways(network: Network, scenario: Scenario, months: Sequence[date]) -> Iterator[_Way]:
    for link in sorted(network.links.values(), key=lambda each: each.id):
        if link.mode not in {Mode.PIPELINE, Mode.TANKER} or link.tariff_usd_t is None:
            continue
        found = [find_capacity(link, network.capacities, month) for month in months]
        kt_d = tuple(
            each[0] * KT_PER_D
            if each and each[1] is CapacityUnit.MT_PER_Y and link.is_open_on(month)
            else 0.0
            for each, month in zip(found, months, strict=True)
        )
        if not any(kt_d):
            continue
        yield _Way(
            id=str(link.id),
            tail=str(link.from_place),
            head=str(link.to_place),
            mode=link.mode.value,
            kt_d=kt_d,
            usd_t=float(link.tariff_usd_t),
            carrier=link.operator,
            country=";".join(link.countries),
            hours=link.running_h or 0.0,
        )
    for rail in scenario.base.rail:
        yield _Way(
            id=f"{rail.from_place}--{rail.to_place}:rail",
            tail=rail.from_place,
            head=rail.to_place,
            mode="rail",
            kt_d=(rail.mt_per_y * KT_PER_D,) * len(months),
            usd_t=rail.usd_t,
            carrier=rail.operator,
            country=rail.country,
        )
    for outlet in scenario.base.outlet:
        yield _Way(
            id=f"{outlet.place}--{MARKET}",
            tail=outlet.place,
            head=MARKET,
            mode="sale",
            kt_d=(np.inf,) * len(months),
            usd_t=outlet.discount_usd_t,
            carrier="",
            country="",
        )


def _positions(names: Iterator[str], nodes: tuple[str, ...]) -> Indices:
    at = {name: position for position, name in enumerate(nodes)}
    return np.array([at[name] for name in names], np.int64)


def _volumes(rows: Sequence[Volume], nodes: tuple[str, ...], days: Floats, price: float) -> Amounts:
    known = [row for row in rows if row.place in nodes]
    return Amounts(
        ids=tuple(row.place for row in known),
        node=_positions((row.place for row in known), nodes),
        commodity=np.array([COMMODITIES.index(row.commodity) for row in known], np.int64),
        amount=np.array([row.mt_per_y * KT_PER_D * days for row in known]),
        price=np.full(len(known), price),
    )


def _demands(scenario: Scenario, nodes: tuple[str, ...], days: Floats) -> Amounts:
    base = scenario.base
    asked = _volumes(base.demand, nodes, days, base.prices.unserved_usd_t)
    room = sum(row.mt_per_y for row in base.supply) * 1000.0 + sum(row.kt for row in base.tank)
    kinds = len(COMMODITIES)
    return Amounts(
        ids=(*asked.ids, *(f"{MARKET} {kind}" for kind in COMMODITIES)),
        node=np.concatenate([asked.node, np.full(kinds, nodes.index(MARKET))]),
        commodity=np.concatenate([asked.commodity, np.arange(kinds)]),
        amount=np.concatenate([asked.amount, np.full((kinds, len(days)), room)]),
        price=np.concatenate([asked.price, np.zeros(kinds)]),
    )


def _stocks(scenario: Scenario, nodes: tuple[str, ...], start: Start | None) -> Stocks:
    tanks, kinds, prices = scenario.base.tank, len(COMMODITIES), scenario.base.prices
    each = [(tank, kind) for tank in tanks for kind in COMMODITIES]
    before = start.stock_kt if start else {}
    count = len(each)
    return Stocks(
        node=_positions((tank.place for tank, _ in each), nodes),
        commodity=np.tile(np.arange(kinds), len(tanks)),
        limit=np.array([tank.kt for tank, _ in each]),
        initial=np.array([before.get((tank.place, kind), 0.0) for tank, kind in each]),
        cost=np.full(count, prices.holding_usd_t_month),
        worth_at_end=np.full(count, -prices.shut_in_usd_t),
        tank=np.repeat(np.arange(len(tanks)), kinds),
        room=np.ones(count),
    )


def _tanks(scenario: Scenario) -> Tanks:
    tanks = scenario.base.tank
    return Tanks(
        ids=tuple(tank.place for tank in tanks),
        unit=("kt",) * len(tanks),
        limit=np.array([tank.kt for tank in tanks]),
    )


def _uses(rows: Sequence[tuple[int, int, float]]) -> Uses:
    """Entries (row, arc, per unit) for every commodity on the arc."""
    kinds = len(COMMODITIES)
    spread = [(row, arc * kinds + k, each) for row, arc, each in rows for k in range(kinds)]
    return Uses(
        row=np.array([row for row, _, _ in spread], np.int64),
        permission=np.array([permission for _, permission, _ in spread], np.int64),
        per_unit=np.array([each for _, _, each in spread]),
    )


def _terminals(
    scenario: Scenario, ways: Sequence[_Way], days: Floats, left: Mapping[str, Floats]
) -> Joints:
    terminals = scenario.base.terminal
    entries = [
        (number, arc, 1.0)
        for number, terminal in enumerate(terminals)
        for arc, way in enumerate(ways)
        if way.mode == terminal.mode
        and terminal.place == (way.tail if terminal.direction == "out" else way.head)
    ]
    return Joints(
        ids=tuple(terminal.id for terminal in terminals),
        unit=("kt",) * len(terminals),
        capacity=np.array(
            [
                terminal.mt_per_y * KT_PER_D * days * left.get(terminal.id, np.ones(len(days)))
                for terminal in terminals
            ]
        ).reshape(len(terminals), len(days)),
        uses=_uses(entries),
    )


def _fleets(scenario: Scenario, ways: Sequence[_Way], days: Floats) -> Fleets:
    fleets = scenario.base.fleet
    entries = [
        (number, arc, (2 * way.hours + fleet.port_hours) / fleet.parcel_kt)
        for number, fleet in enumerate(fleets)
        for arc, way in enumerate(ways)
        if way.mode == "tanker" and way.tail == fleet.place
    ]
    hours = [fleet.ships * 24 * days * fleet.working_share for fleet in fleets]
    return Fleets(
        ids=tuple(fleet.id for fleet in fleets),
        hours=np.array(hours).reshape(len(fleets), len(days)),
        uses=_uses(entries),
    )


def _ramps(scenario: Scenario, ways: Sequence[_Way], start: Start | None) -> Ramps:
    """Rail, and the tanker legs that a fleet serves; free in the first month of all."""
    served = {fleet.place for fleet in scenario.base.fleet}
    slow = [
        arc
        for arc, way in enumerate(ways)
        if way.mode == "rail" or (way.mode == "tanker" and way.tail in served)
    ]
    rise = np.array([ways[arc].kt_d for arc in slow])
    carried = start.carried_kt_d if start else {way.id: max(way.kt_d) for way in ways}
    before = [carried.get(ways[arc].id, 0.0) for arc in slow]
    return Ramps(
        arc=np.array(slow, np.int64),
        rise=rise / scenario.base.prices.rail_and_tanker_months_to_full,
        before=np.array(before),
    )


def _caps(scenario: Scenario, ways: Sequence[_Way], days: Floats, start: Start | None) -> Contracts:
    at = {way.id: arc for arc, way in enumerate(ways)}
    caps = [cap for cap in scenario.base.cap if cap.link in at]
    used = start.under_cap_kt if start else {}
    bounds = months_of(scenario)
    whole = (bounds[-1] - bounds[0]).days
    most = [max(0.0, cap.mt_per_y * KT_PER_D * whole - used.get(cap.id, 0.0)) for cap in caps]
    count, kinds = len(caps), len(COMMODITIES)
    return Contracts(
        ids=tuple(cap.id for cap in caps),
        unit=("kt",) * count,
        first=np.zeros(count, np.int64),
        last=np.full(count, len(days) - 1),
        least=np.zeros(count),
        price=np.zeros(count),
        most=np.array(most),
        uses=Uses(
            row=np.arange(count),
            permission=np.array(
                [at[cap.link] * kinds + COMMODITIES.index(cap.commodity) for cap in caps], np.int64
            ),
            per_unit=np.ones(count),
        ),
    )
