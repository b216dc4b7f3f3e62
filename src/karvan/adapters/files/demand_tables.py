"""Demand, supply, commodities and observations, from CSV tables to entities.

Reading never stops at the first fault. `read_demand` reads the four tables of a folder,
`check_demand` reads them and checks them against the network tables beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import TypeVar

from karvan.adapters.files.cells import Cells, build
from karvan.adapters.files.corridor_tables import (
    read_countries,
    read_file,
    read_links,
    read_places,
    read_source_keys,
    shipped_attributes,
    shipped_data,
)
from karvan.adapters.files.service_tables import read_families, read_services
from karvan.domain.errors import TableFault
from karvan.network.consistency import CorridorEntries
from karvan.network.demand import (
    Basis,
    Commodity,
    CommodityId,
    DemandId,
    DemandKind,
    DemandRow,
    SupplyRow,
)
from karvan.network.demand_checks import DemandEntries, KnownNames, find_demand_errors
from karvan.network.entries import Entry
from karvan.network.links import LinkId
from karvan.network.observations import Observation, ObservationId, Tag
from karvan.network.patterns import CorridorFamily, ScheduledService, ServiceId

T = TypeVar("T")
Faults = tuple[TableFault, ...]

#: Tables of the demand folder, and the attribute file of each.
DEMAND_TABLES = {
    "commodities.csv": "commodity",
    "demand.csv": "demand",
    "observations.csv": "observation",
    "supply.csv": "supply",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandTables:
    """What could be read of a demand folder, each row with where it stands."""

    demand: tuple[Entry[DemandRow], ...]
    supply: tuple[Entry[SupplyRow], ...]
    commodities: tuple[Entry[Commodity], ...]
    observations: tuple[Entry[Observation], ...]


def read_demand(directory: Traversable | None = None) -> tuple[DemandTables, Faults]:
    """Read the four tables of a folder; the shipped one by default.

    Returns
    -------
    What could be read, and all faults of reading with file, row and column.
    """
    folder = shipped_data() / "demand" if directory is None else directory
    demand, demand_faults = _read(folder, "demand.csv", _demand)
    supply, supply_faults = _read(folder, "supply.csv", _supply)
    commodities, commodity_faults = _read(folder, "commodities.csv", _commodity)
    observations, observation_faults = _read(folder, "observations.csv", _observation)
    tables = DemandTables(
        demand=demand, supply=supply, commodities=commodities, observations=observations
    )
    return tables, (*demand_faults, *supply_faults, *commodity_faults, *observation_faults)


def check_demand(
    data_folder: Traversable | None = None,
    facts: Collection[str] | None = None,
    known: KnownNames | None = None,
) -> Faults:
    """Read the demand tables of a data folder and check them against its network.

    Parameters
    ----------
    data_folder
        Folder with `demand`, `network` and `sources.toml`; the shipped one by default.
    facts
        Every row of the facts as file:row; without it only the form of a reference is checked.
    known
        The names of the network, where they have been read before.

    Returns
    -------
    All faults: first those of reading, then those of the checks. Faults of the network tables
    themselves are told by `read_corridor`, not here.
    """
    folder = shipped_data() if data_folder is None else data_folder
    tables, faults = read_demand(folder / "demand")
    known = known or _read_names(folder, facts)
    entries = DemandEntries(
        demand=tables.demand,
        supply=tables.supply,
        commodities=tables.commodities,
        observations=tables.observations,
        known=known,
    )
    return (*faults, *find_demand_errors(entries))


def _read_names(folder: Traversable, facts: Collection[str] | None) -> KnownNames:
    network = folder / "network"
    countries, _ = read_countries(network)
    places, _ = read_places(network)
    links, _ = read_links(network)
    services, _ = read_services(network)
    families, _ = read_families(network)
    return known_names(
        CorridorEntries(places=places, links=links, countries=countries),
        services,
        families,
        sources=read_source_keys(folder),
        facts=facts,
    )


def known_names(
    corridor: CorridorEntries,
    services: Iterable[Entry[ScheduledService]],
    families: Iterable[Entry[CorridorFamily]],
    *,
    sources: Collection[str],
    facts: Collection[str] | None = None,
) -> KnownNames:
    """Gather what demand may name from the tables of the network."""
    areas = {entry.value.country for entry in corridor.countries}
    return KnownNames(
        places={str(entry.value.id) for entry in corridor.places},
        areas={*areas, *(entry.value.customs_territory for entry in corridor.countries)},
        links={str(entry.value.id) for entry in corridor.links},
        services={str(entry.value.id) for entry in services},
        routes={str(entry.value.id) for entry in families},
        sources=sources,
        facts=facts,
    )


def _read(
    directory: Traversable, name: str, make: Callable[[Cells], T]
) -> tuple[tuple[Entry[T], ...], Faults]:
    rows, faults = read_file(directory, name, shipped_attributes(DEMAND_TABLES[name]))
    made, more = build(rows, make)
    return made, (*faults, *more)


def _commodity(cells: Cells) -> Commodity:
    return Commodity(
        id=CommodityId(cells.text("id")),
        name=cells.text("name"),
        unit=cells.text("unit"),
        hs=cells.parts("hs"),
        hazard=cells.text("hazard"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        note=cells.text("note"),
    )


def _demand(cells: Cells) -> DemandRow:
    return DemandRow(
        id=DemandId(cells.text("id")),
        origin=cells.text("origin"),
        destination=cells.text("destination"),
        commodity=CommodityId(cells.text("commodity")),
        year=cells.whole("year"),
        volume=cells.number("volume"),
        unit=cells.text("unit"),
        low=cells.maybe_number("low"),
        high=cells.maybe_number("high"),
        kind=DemandKind(cells.text("kind")),
        basis=Basis(cells.text("basis")),
        scope=cells.text("scope"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _supply(cells: Cells) -> SupplyRow:
    return SupplyRow(
        id=DemandId(cells.text("id")),
        place=cells.text("place"),
        commodity=CommodityId(cells.text("commodity")),
        year=cells.whole("year"),
        volume=cells.number("volume"),
        unit=cells.text("unit"),
        low=cells.maybe_number("low"),
        high=cells.maybe_number("high"),
        kind=DemandKind(cells.text("kind")),
        basis=Basis(cells.text("basis")),
        scope=cells.text("scope"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )


def _observation(cells: Cells) -> Observation:
    commodity = cells.text("commodity")
    return Observation(
        id=ObservationId(cells.text("id")),
        subject=cells.text("subject"),
        places=cells.parts("places"),
        links=tuple(LinkId(part) for part in cells.parts("links")),
        services=tuple(ServiceId(part) for part in cells.parts("services")),
        route=cells.text("route"),
        commodity=CommodityId(commodity) if commodity else None,
        quantity=cells.text("quantity"),
        value=cells.number("value"),
        unit=cells.text("unit"),
        low=cells.maybe_number("low"),
        high=cells.maybe_number("high"),
        period=cells.text("period"),
        period_from=cells.maybe_date("period_from"),
        period_to=cells.maybe_date("period_to"),
        tag=Tag(cells.text("tag")),
        conflicts_with=cells.parts("conflicts_with"),
        used_by=cells.parts("used_by"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
        note=cells.text("note"),
    )
