"""The freight of the corridor, from CSV tables to entities, every fault told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources.abc import Traversable

from karvan.adapters.files.cells import Cells, build, values
from karvan.adapters.files.corridor_tables import read_file, shipped_attributes, shipped_data
from karvan.domain.errors import InvalidTables, TableFault
from karvan.network.links import Mode
from karvan.services.planning.freight_base import (
    FleetLine,
    FreightBase,
    FreightDemand,
    FreightFleet,
    FreightYard,
    Good,
    LinkCost,
    PortLimit,
    WagonFleet,
)
from karvan.services.planning.freight_seasons import EVEN, Season

#: How a weight of a month is written.
WEIGHT = re.compile(r"\d+(\.\d+)?")
#: Tables of the planning folder, and the attribute file of each.
FREIGHT_TABLES = {
    "freight_costs.csv": "freight_cost",
    "freight_demand.csv": "freight_demand",
    "freight_fleets.csv": "freight_fleet",
    "freight_goods.csv": "freight_good",
    "freight_lines.csv": "freight_line",
    "freight_ports.csv": "freight_port",
    "freight_seasons.csv": "freight_season",
    "freight_wagons.csv": "freight_wagon",
    "freight_yards.csv": "freight_yard",
}


@cache
def shipped_freight() -> FreightBase:
    """The shipped tables, read once."""
    return read_freight()


def read_freight(data: Traversable | None = None) -> FreightBase:
    """Read the freight tables of a data folder; the shipped one by default.

    Raises
    ------
    InvalidTables
        With every fault of every table.
    """
    folder = (shipped_data() if data is None else data) / "planning"
    faults: list[TableFault] = []
    rows = {}
    for name, entity in FREIGHT_TABLES.items():
        rows[name], found = read_file(folder, name, shipped_attributes(entity))
        faults.extend(found)
    goods, more = build(rows["freight_goods.csv"], _good)
    faults.extend(more)
    demand, more = build(rows["freight_demand.csv"], _demand)
    faults.extend(more)
    fleets, more = build(rows["freight_fleets.csv"], _fleet)
    faults.extend(more)
    lines, more = build(rows["freight_lines.csv"], _line)
    faults.extend(more)
    ports, more = build(rows["freight_ports.csv"], _port)
    faults.extend(more)
    wagons, more = build(rows["freight_wagons.csv"], _wagons)
    faults.extend(more)
    seasons, more = build(rows["freight_seasons.csv"], _season)
    faults.extend(more)
    yards, more = build(rows["freight_yards.csv"], _yard)
    faults.extend(more)
    costs, more = build(rows["freight_costs.csv"], _cost)
    faults.extend(more)
    base = FreightBase(
        goods=values(goods),
        demand=values(demand),
        fleets=values(fleets),
        lines=values(lines),
        ports=values(ports),
        costs={(cost.link, cost.good): cost for cost in values(costs)},
        wagons=values(wagons),
        seasons=values(seasons),
        yards=values(yards),
    )
    faults.extend(_strangers(base))
    if faults:
        raise InvalidTables(faults)
    return base


def _strangers(base: FreightBase) -> Iterator[TableFault]:
    """Names of goods and fleets that no table has."""
    goods, fleets = {good.id for good in base.goods}, {fleet.id for fleet in base.fleets}
    told = [("freight_demand.csv", row.id, "good", row.good, goods) for row in base.demand]
    told += [("freight_seasons.csv", row.good, "good", row.good, goods) for row in base.seasons]
    told += [("freight_lines.csv", row.link, "fleet", row.fleet, fleets) for row in base.lines]
    told += [
        ("freight_ports.csv", row.place, "goods", good, goods | {"*", "calls"})
        for row in base.ports
        for good in row.goods
    ]
    told += [
        ("freight_yards.csv", row.id, "goods", good, goods)
        for row in base.yards
        for good in row.goods
    ]
    told += [
        ("freight_wagons.csv", row.id, "goods", good, goods)
        for row in base.wagons
        for good in row.goods
    ]
    for file, row, column, name, known in told:
        if name not in known:
            yield TableFault(file, None, f"{row}, {column}", "unknown-name", f"no {name} is known")


def _wagons(cells: Cells) -> WagonFleet:
    return WagonFleet(
        id=cells.text("id"),
        name=cells.text("name"),
        goods=frozenset(cells.parts("goods")),
        origins=frozenset(cells.parts("origins")),
        countries=frozenset(cells.parts("countries")),
        wagons=cells.number("wagons"),
        low=cells.number("low"),
        high=cells.number("high"),
        working_share=cells.number("working_share"),
        terminal_h=cells.number("terminal_h"),
        back=cells.number("back"),
    )


def _season(cells: Cells) -> Season:
    told = cells.text("months").split()
    months = tuple(float(each) if WEIGHT.fullmatch(each) else -1.0 for each in told)
    if len(months) != len(EVEN) or min(months) < 0 or not sum(months):
        message = "a season has twelve weights, none below 0 and not all of them 0"
        cells.fault("months", "out-of-range", message)
        months = EVEN
    return Season(good=cells.text("good"), origins=frozenset(cells.parts("origins")), months=months)


def _good(cells: Cells) -> Good:
    return Good(
        id=cells.text("id"),
        unit=cells.text("unit"),
        t_per_unit=cells.number("t_per_unit"),
        low=cells.number("low"),
        high=cells.number("high"),
        wagons=cells.number("wagons"),
        trucks=cells.number("trucks"),
        trains=cells.number("trains"),
        unserved_usd=cells.number("unserved_usd"),
        day_usd=cells.number("day_usd"),
        modes=tuple(Mode(mode) for mode in cells.parts("modes")),
        hazard_class=cells.text("hazard_class"),
        quote_unit=cells.text("quote_unit"),
        quote_t=cells.number("quote_t"),
        hs=cells.text("hs"),
    )


def _demand(cells: Cells) -> FreightDemand:
    return FreightDemand(
        id=cells.text("id"),
        year=cells.whole("year"),
        origin=cells.text("origin"),
        destination=cells.text("destination"),
        good=cells.text("good"),
        volume=cells.number("volume"),
        low=cells.maybe_number("low"),
        high=cells.maybe_number("high"),
        avoids=frozenset(cells.parts("avoids")),
        day_usd=cells.maybe_number("day_usd"),
        returns=cells.number("returns"),
        group=cells.text("group"),
    )


def _fleet(cells: Cells) -> FreightFleet:
    return FreightFleet(
        id=cells.text("id"),
        name=cells.text("name"),
        ships=cells.number("ships"),
        working_share=cells.number("working_share"),
        wait_h=cells.number("wait_h"),
        weather=cells.parts("weather"),
        derating=cells.text("derating"),
        derated_share=cells.number("derated_share"),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
    )


def _line(cells: Cells) -> FleetLine:
    return FleetLine(
        fleet=cells.text("fleet"),
        link=cells.text("link"),
        direction=cells.text("direction"),
        parcel=cells.number("parcel"),
        unit=cells.text("unit"),
        port_h=cells.number("port_h"),
    )


def _port(cells: Cells) -> PortLimit:
    return PortLimit(
        place=cells.text("place"),
        goods=frozenset(cells.parts("goods")),
        modes=frozenset(cells.parts("modes")),
        per_y=cells.number("per_y"),
        unit=cells.text("unit"),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
    )


def _yard(cells: Cells) -> FreightYard:
    return FreightYard(
        id=cells.text("id"),
        place=cells.text("place"),
        goods=frozenset(cells.parts("goods")),
        room=cells.number("room"),
        unit=cells.text("unit"),
        free_days=cells.number("free_days"),
        usd_d=cells.number("usd_d"),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        low=cells.maybe_number("low"),
        high=cells.maybe_number("high"),
        source=";".join(cells.parts("source")),
        estimate=cells.flag("estimate"),
    )


def _cost(cells: Cells) -> LinkCost:
    return LinkCost(
        link=cells.text("link"),
        good=cells.text("good"),
        usd=cells.number("usd"),
        low=cells.number("low"),
        high=cells.number("high"),
        routes=cells.whole("routes"),
    )
