"""All published tables at once: read, checked against each other, hashed.

Nothing is loaded by halves: one fault anywhere and every fault of every table is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from karvan.adapters.files.cells import values
from karvan.adapters.files.corridor_tables import (
    read_corridor,
    read_file,
    read_source_keys,
    shipped_attributes,
    shipped_data,
    tables_hash,
)
from karvan.adapters.files.demand_tables import check_demand, known_names
from karvan.adapters.files.echoes import first_hand
from karvan.adapters.files.link_tables import LINK_TABLES, read_link_tables
from karvan.adapters.files.overlay import Layered, lay_over
from karvan.adapters.files.place_tables import (
    PLACE_TABLES,
    places_and_links_hash,
    read_place_tables,
)
from karvan.adapters.files.project_tables import read_projects
from karvan.adapters.files.rule_tables import RULE_TABLES, read_emissions, read_rules
from karvan.adapters.files.service_tables import (
    PATTERN_TABLES,
    PERFORMANCE_TABLES,
    read_carriers,
    read_factors,
    read_families,
    read_performance,
    read_services,
    read_weather,
)
from karvan.adapters.files.tables import TableRow
from karvan.adapters.files.tariff_tables import TARIFF_TABLES, BookEntries, read_book
from karvan.domain.errors import InvalidTables, TableFault
from karvan.engines.emissions.factors import EmissionFactor, HubFactor
from karvan.network.ageing import dated_figures
from karvan.network.consistency import find_warnings
from karvan.network.network import Network, NetworkHashes
from karvan.network.performance import Performance
from karvan.network.place_checks import PlaceEntries
from karvan.network.rules import Rules
from karvan.network.service_checks import ServiceEntries, find_reference_errors, find_way_errors
from karvan.network.tariff_checks import find_tariff_warnings
from karvan.services.quoting.published import Published
from karvan.services.tables import CheckedTables

T = TypeVar("T")


class _Read:
    """Gathers the faults of every table while handing on what could be read."""

    def __init__(self) -> None:
        self.faults: list[TableFault] = []

    def take(self, result: tuple[T, Iterable[TableFault]]) -> T:
        """Keep the faults of a table and give its entries."""
        found, faults = result
        self.faults.extend(faults)
        return found


def check_tables(data: Traversable | None = None) -> CheckedTables:
    """Read and check every table of a data folder; the shipped one by default."""
    folder = shipped_data() if data is None else data
    read = _Read()
    keys = read_source_keys(folder)
    book = read.take(read_book(folder / "tariffs"))
    entries, factors, hub = _read_entries(folder, keys, book, read)
    about_places = read.take(read_place_tables(folder / "network", entries.corridor))
    about_links = read.take(
        read_link_tables(folder / "network", entries.corridor, entries.services, keys)
    )
    rules = read.take(read_rules(folder / "rules"))
    read.take(read_file(folder / "network", "oil_rail.csv", shipped_attributes("oil_rail")))
    known = known_names(entries.corridor, entries.services, entries.families, sources=keys)
    read.faults.extend(check_demand(folder, known=known))
    read.take(read_projects(folder, known.links))
    read.faults.extend(_row_faults(folder, keys))
    faults = first_hand(folder, (*read.faults, *find_reference_errors(entries)))
    faults = faults or find_way_errors(entries)
    rows = _row_counts(folder)
    if faults or hub is None:
        return CheckedTables(published=None, faults=faults, warnings=(), rows=rows)
    return CheckedTables(
        published=Published(
            network=replace(
                _network(folder, entries, rules, about_places), link_attributes=about_links
            ),
            book=book.book(tables_hash(folder / "tariffs", TARIFF_TABLES)[:16]),
            factors=factors,
            hub=hub,
        ),
        faults=(),
        warnings=(*find_warnings(entries.corridor), *find_tariff_warnings(book)),
        rows=rows,
        figures=dated_figures(
            entries.rates,
            book.exchange_rates,
            entries.corridor.capacities,
            entries.services,
            entries.performance_rows,
        ),
    )


def _read_entries(
    folder: Traversable, keys: frozenset[str], book: BookEntries, read: _Read
) -> tuple[ServiceEntries, Mapping[str, EmissionFactor], HubFactor | None]:
    """Read everything the checks look at together."""
    network_dir = folder / "network"
    performance_rows = read.take(read_performance(network_dir))
    weather = read.take(read_weather(network_dir))
    common = read.take(read_factors(network_dir))
    factors, hub, factor_faults = read_emissions(folder / "rules")
    read.faults.extend(factor_faults)
    entries = ServiceEntries(
        corridor=read.take(read_corridor(network_dir, keys)),
        carriers=read.take(read_carriers(network_dir)),
        services=read.take(read_services(network_dir)),
        families=read.take(read_families(network_dir)),
        performance_rows=performance_rows,
        weather=weather,
        common_factors=common,
        rates=book.rates,
        book_rows=(*book.coefficients, *book.surcharges, *book.caps),
        joints=book.joints,
        distances=book.distances,
        performance=Performance(values(performance_rows), values(weather), values(common)),
        factor_modes=frozenset(factors),
    )
    return entries, factors, hub


def _network(
    folder: Traversable, entries: ServiceEntries, rules: Rules, about_places: PlaceEntries
) -> Network:
    """Put the network together from entries without faults."""
    network_dir = folder / "network"
    corridor = entries.corridor
    return Network(
        places={place.id: place for place in values(corridor.places)},
        cities={city.id: city for city in values(corridor.cities)},
        codes=values(corridor.codes),
        capacities=values(corridor.capacities),
        links={link.id: link for link in values(corridor.links)},
        carriers={carrier.id: carrier for carrier in values(entries.carriers)},
        services={service.id: service for service in values(entries.services)},
        families=values(entries.families),
        performance=entries.performance,
        rules=rules,
        hashes=NetworkHashes(
            places_and_links=places_and_links_hash(network_dir),
            patterns=tables_hash(network_dir, {**PATTERN_TABLES, **LINK_TABLES}),
            performance=tables_hash(network_dir, PERFORMANCE_TABLES),
            rules=tables_hash(folder / "rules", RULE_TABLES),
        ),
        closed={},
        names=values(about_places.names),
        hours=values(about_places.hours),
        holidays=values(about_places.holidays),
    )


class FileTables:
    """The `Tables` port on CSV files; a folder is laid over the shipped tables."""

    def check(self, folder: Path | None = None) -> CheckedTables:
        """Read and check every table."""
        return check_tables() if folder is None else check_overlay(folder)

    def load(self, folder: Path | None = None) -> Published:
        """Give the published tables; raises `InvalidTables` with every fault."""
        return published_of(self.check(folder))


def check_overlay(folder: Path) -> CheckedTables:
    """Lay a folder over the shipped tables and check the result; faults name the user's rows."""
    return check_layered(lay_over(folder))


def check_layered(layered: Layered) -> CheckedTables:
    """Check tables that were laid over others; faults name the user's rows."""
    checked = check_tables(layered.folder)
    faults = (*layered.faults, *layered.tell(checked.faults))
    if faults:
        return CheckedTables(published=None, faults=faults, warnings=(), rows=checked.rows)
    figures = tuple(replace(f, where=layered.tell([f.where])[0]) for f in checked.figures)
    return replace(checked, warnings=layered.tell(checked.warnings), figures=figures)


def published_of(checked: CheckedTables) -> Published:
    """Give the published tables of a check; raises `InvalidTables` with every fault."""
    if checked.published is None:
        raise InvalidTables(checked.faults)
    return checked.published


def load_published(data: Traversable | None = None) -> Published:
    """Give the published tables.

    Raises
    ------
    InvalidTables
        With every fault of every table.
    """
    return published_of(check_tables(data))


def _tables(folder: Traversable) -> Iterable[tuple[Traversable, str, str]]:
    for name, entity in {**PLACE_TABLES, **PATTERN_TABLES, **PERFORMANCE_TABLES}.items():
        yield folder / "network", name, entity
    for name, entity in TARIFF_TABLES.items():
        yield folder / "tariffs", name, entity
    for name, entity in RULE_TABLES.items():
        yield folder / "rules", name, entity


def _row_faults(folder: Traversable, keys: frozenset[str]) -> Iterable[TableFault]:
    """`unknown-source`, and `dates-reversed` where no check of the entities tells it."""
    for directory, name, entity in _tables(folder):
        rows, _ = read_file(directory, name, shipped_attributes(entity))
        for row in rows:
            named = row.values.get("source")
            for key in named if isinstance(named, tuple) else ():
                if key not in keys:
                    yield TableFault(
                        name, row.row, "source", "unknown-source", f"no such key: {key}"
                    )
            if name not in PLACE_TABLES and _is_reversed(row):
                yield TableFault(
                    name, row.row, "valid_to", "dates-reversed", "ends before it begins"
                )


def _is_reversed(row: TableRow) -> bool:
    first, last = row.values.get("valid_from"), row.values.get("valid_to")
    return isinstance(first, date) and isinstance(last, date) and last < first


def _row_counts(folder: Traversable) -> Mapping[str, int]:
    counts = {}
    for part in ("network", "demand", "planning", "tariffs", "rules"):
        for path in sorted((folder / part).iterdir(), key=lambda each: each.name):
            if path.name.endswith(".csv"):
                with path.open("rb") as stream:
                    counts[f"{part}/{path.name}"] = max(0, sum(1 for _ in stream) - 1)
    return counts
