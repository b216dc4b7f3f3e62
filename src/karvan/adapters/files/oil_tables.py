"""The tables of data/planning that the oil of a base year is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from importlib.resources.abc import Traversable
from typing import Any, Final, TypeVar

from karvan.adapters.files.corridor_tables import read_file, shipped_attributes, shipped_data
from karvan.adapters.files.demand_tables import read_demand
from karvan.adapters.files.disruptions import shipped_disruptions
from karvan.adapters.files.tables import TableRow
from karvan.domain.errors import InvalidTables, TableFault
from karvan.services.planning.base import YEARS, Amount, Dated, OilTables, Share, ShutIn
from karvan.services.planning.disruptions import Disruption, outages_between
from karvan.services.planning.oil_months import MonthRate
from karvan.services.planning.scenario import (
    BlendPoint,
    Charge,
    FleetLeg,
    LeastFlow,
    LineMinimum,
    LineVolume,
    Loss,
    Outlet,
    Prices,
    Quality,
    RailWay,
    RampLimit,
    RouteCap,
    Rule,
    ShipFleet,
    Takes,
    TankRoom,
    Terminal,
    share_left,
)

K = TypeVar("K")

#: Tables of data/planning, and whose attributes their columns are.
OIL_TABLES: Final[Mapping[str, str]] = {
    "oil_shares.csv": "oil_share",
    "oil_shut_in.csv": "oil_shut_in",
    "oil_volumes.csv": "oil_volume",
    "oil_outlets.csv": "oil_outlet",
    "oil_ways.csv": "oil_way",
    "oil_terminals.csv": "oil_terminal",
    "oil_tanks.csv": "oil_tank",
    "oil_fleets.csv": "oil_fleet",
    "oil_legs.csv": "oil_leg",
    "oil_caps.csv": "oil_cap",
    "oil_leasts.csv": "oil_least",
    "oil_charges.csv": "oil_charge",
    "oil_prices.csv": "oil_price",
    "oil_rules.csv": "oil_rule",
    "oil_ramps.csv": "oil_ramp",
    "oil_qualities.csv": "oil_quality",
    "oil_months.csv": "oil_month",
    "oil_blends.csv": "oil_blend",
    "line_fills.csv": "line_fill",
    "line_minima.csv": "line_minimum",
    "losses.csv": "loss",
}
#: Tables whose rows are known by their ids.
_NAMED: Final = frozenset({"oil_rules.csv", "line_minima.csv", "losses.csv"})
#: Columns that a row is called by in the plan.
_RENAMED: Final = {"name": "id"}


@cache
def read_oil_tables(folder: Traversable | None = None) -> OilTables:
    """Read the tables of a data folder; the shipped one by default.

    Raises
    ------
    InvalidTables
        With every fault, by file, row and column.
    """
    data = shipped_data() if folder is None else folder
    demand, faults = read_demand(data / "demand")
    told = list(faults)

    def rows(name: str, make: Callable[[dict[str, Any]], K]) -> tuple[Dated[K], ...]:
        return tuple(_rows(data / "planning", name, make, told))

    found = OilTables(
        lifted=tuple(entry.value for entry in demand.supply),
        moved=tuple(entry.value for entry in demand.demand),
        share=rows("oil_shares.csv", lambda row: Share(**row)),
        amount=rows("oil_volumes.csv", lambda row: Amount(**row)),
        outlet=rows("oil_outlets.csv", lambda row: Outlet(discount_usd_t=row.pop("usd_t"), **row)),
        way=rows("oil_ways.csv", lambda row: RailWay(**row)),
        terminal=rows("oil_terminals.csv", lambda row: Terminal(**row)),
        tank=rows("oil_tanks.csv", lambda row: TankRoom(**row)),
        fleet=rows("oil_fleets.csv", lambda row: ShipFleet(**row)),
        leg=rows("oil_legs.csv", lambda row: FleetLeg(**row)),
        cap=rows("oil_caps.csv", lambda row: RouteCap(**row)),
        shut_in=rows("oil_shut_in.csv", lambda row: ShutIn(**row)),
        months=rows("oil_months.csv", lambda row: MonthRate(**row)),
        least=rows("oil_leasts.csv", lambda row: LeastFlow(**row)),
        charge=rows("oil_charges.csv", lambda row: Charge(**row)),
        prices=rows("oil_prices.csv", lambda row: Prices(**row)),
        rule=tuple(each.row for each in rows("oil_rules.csv", lambda row: Rule(**row))),
        ramp=tuple(each.row for each in rows("oil_ramps.csv", lambda row: RampLimit(**row))),
        lost=_lost(shipped_disruptions()),
        quality=tuple(each.row for each in rows("oil_qualities.csv", lambda row: Quality(**row))),
        blend=tuple(each.row for each in rows("oil_blends.csv", lambda row: BlendPoint(**row))),
        line=tuple(each.row for each in rows("line_fills.csv", lambda row: LineVolume(**row))),
        minimum=tuple(each.row for each in rows("line_minima.csv", lambda row: LineMinimum(**row))),
        loss=tuple(each.row for each in rows("losses.csv", lambda row: Loss(**row))),
    )
    if told:
        raise InvalidTables(told)
    return found


def _lost(disruptions: Iterable[Disruption]) -> Mapping[tuple[str, int], float]:
    """Share of each base year that fields lost in outages of their own."""
    found: dict[tuple[str, int], float] = {}
    for year in YEARS:
        first, beyond = date(year, 1, 1), date(year + 1, 1, 1)
        events = [
            event
            for event in outages_between(disruptions, first, beyond)
            if event.takes == Takes.OUTPUT
        ]
        for place in {event.asset for event in events}:
            mine = [event for event in events if event.asset == place]
            found[place, year] = 1 - share_left(mine, place, first, beyond)
    return found


def _rows(
    folder: Traversable,
    name: str,
    make: Callable[[dict[str, Any]], K],
    told: list[TableFault],
) -> Sequence[Dated[K]]:
    rows, faults = read_file(folder, name, shipped_attributes(OIL_TABLES[name]))
    told.extend(faults)
    found, ids = [], set[str]()
    for row in rows:
        values: dict[str, Any] = {
            _RENAMED.get(column, column): value
            for column, value in row.values.items()
            if column not in {"id", "note", "fact", "first_year", "last_year"}
        }
        if name in _NAMED:
            values["id"] = row.values["id"]
        told.extend(_odd(name, row, ids))
        facts = row.values["fact"] or ("own knowledge",)
        values["source"] = ";".join(facts) if isinstance(facts, tuple) else str(facts)
        for column in ("commodity", "usd_t", "link"):
            if column in values and values[column] is None:
                values[column] = 0.0 if column == "usd_t" else ""
        first, last = row.values.get("first_year"), row.values.get("last_year")
        found.append(
            Dated(
                first_year=first if isinstance(first, int) else 0,
                last_year=last if isinstance(last, int) else None,
                row=make(values),
            )
        )
        ids.add(str(row.values["id"]))
    return found


def _odd(name: str, row: TableRow, ids: set[str]) -> Iterator[TableFault]:
    """Tell what no column by itself shows."""
    values: Mapping[str, Any] = row.values
    fault = partial(TableFault, name, row.row)
    if values["id"] in ids:
        yield fault("id", "duplicate-id", "the id stands twice")
    low, high = values.get("low"), values.get("high")
    if low is not None and high is not None and low > high:
        yield fault("low", "out-of-order", "low is above high")
    first, last = values.get("first_year"), values.get("last_year")
    if first is not None and last is not None and last < first:
        yield fault("last_year", "out-of-order", "it ends before it begins")
    before, since = values.get("ships_before"), values.get("first_day")
    if "ships_before" in values and (before is None) != (since is None):
        yield fault("ships_before", "half-told", "ships before a day need both the ships and it")
    for column, cell in values.items():
        if isinstance(cell, float) and cell < 0:
            yield fault(column, "out-of-range", "a number from 0 on is expected")
