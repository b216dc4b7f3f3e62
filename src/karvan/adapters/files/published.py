"""All published tables at once: read, checked against each other, hashed.

Nothing is loaded by halves: one fault anywhere and every fault of every table is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from karvan.adapters.files.cells import values
from karvan.adapters.files.corridor_tables import (
    corridor_hash,
    read_corridor,
    read_file,
    read_source_keys,
    shipped_attributes,
    shipped_data,
)
from karvan.adapters.files.rule_tables import RULE_TABLES, read_emissions, read_rules
from karvan.adapters.files.service_tables import (
    PATTERN_TABLES,
    PERFORMANCE_TABLES,
    read_carriers,
    read_families,
    read_performance,
    read_services,
    read_weather,
)
from karvan.adapters.files.tariff_tables import TARIFF_TABLES, read_exchange_rates, read_rates
from karvan.domain.errors import InvalidTables, TableFault
from karvan.domain.tariff import TariffBook
from karvan.network.consistency import find_warnings
from karvan.network.hashing import content_hash
from karvan.network.network import Network, NetworkHashes
from karvan.network.performance import Performance
from karvan.network.service_checks import ServiceEntries, find_service_errors, stale_warnings
from karvan.services.quoting.published import Published
from karvan.services.tables import CheckedTables


def check_tables(data: Traversable | None = None) -> CheckedTables:
    """Read and check every table of a data folder; the shipped one by default."""
    folder = shipped_data() if data is None else data
    network_dir = folder / "network"
    keys = read_source_keys(folder)
    places_links, faults = read_corridor(network_dir, keys)
    carriers, carrier_faults = read_carriers(network_dir)
    services, service_faults = read_services(network_dir)
    families, family_faults = read_families(network_dir)
    performance_rows, performance_faults = read_performance(network_dir)
    weather, weather_faults = read_weather(network_dir)
    rates, rate_faults = read_rates(folder / "tariffs")
    exchange, exchange_faults = read_exchange_rates(folder / "tariffs")
    rules, rule_faults = read_rules(folder / "rules")
    factors, hub, factor_faults = read_emissions(folder / "rules")
    performance = Performance(values(performance_rows), values(weather))
    entries = ServiceEntries(
        corridor=places_links,
        carriers=carriers,
        services=services,
        families=families,
        performance_rows=performance_rows,
        weather=weather,
        rates=rates,
        performance=performance,
        factor_modes=frozenset(factors),
    )
    found = (
        *faults,
        *carrier_faults,
        *service_faults,
        *family_faults,
        *performance_faults,
        *weather_faults,
        *rate_faults,
        *exchange_faults,
        *rule_faults,
        *factor_faults,
        *_unknown_sources(folder, keys),
    )
    if not found:
        found = find_service_errors(entries)
    rows = _row_counts(folder)
    if found or hub is None:
        return CheckedTables(published=None, faults=found, warnings=(), rows=rows)
    network = Network(
        places={place.id: place for place in values(places_links.places)},
        cities={city.id: city for city in values(places_links.cities)},
        codes=values(places_links.codes),
        links={link.id: link for link in values(places_links.links)},
        carriers={carrier.id: carrier for carrier in values(carriers)},
        services={service.id: service for service in values(services)},
        families=values(families),
        performance=performance,
        rules=rules,
        hashes=NetworkHashes(
            places_and_links=corridor_hash(network_dir),
            patterns=_hash(network_dir, PATTERN_TABLES),
            performance=_hash(network_dir, PERFORMANCE_TABLES),
            rules=_hash(folder / "rules", RULE_TABLES),
        ),
        closed={},
    )
    book = TariffBook(
        rates=values(rates),
        exchange_rates=values(exchange),
        version=_hash(folder / "tariffs", TARIFF_TABLES)[:16],
    )
    return CheckedTables(
        published=Published(network=network, book=book, factors=factors, hub=hub),
        faults=(),
        warnings=(*find_warnings(places_links), *stale_warnings(entries)),
        rows=rows,
    )


class FileTables:
    """The `Tables` port on CSV files."""

    def check(self, folder: Path | None = None) -> CheckedTables:
        """Read and check every table."""
        return check_tables(folder)

    def load(self, folder: Path | None = None) -> Published:
        """Give the published tables; raises `InvalidTables` with every fault."""
        return load_published(folder)


def load_published(data: Traversable | None = None) -> Published:
    """Give the published tables.

    Raises
    ------
    InvalidTables
        With every fault of every table.
    """
    checked = check_tables(data)
    if checked.published is None:
        raise InvalidTables(checked.faults)
    return checked.published


def _tables(folder: Traversable) -> Iterable[tuple[Traversable, str, str]]:
    for name, entity in {**PATTERN_TABLES, **PERFORMANCE_TABLES}.items():
        yield folder / "network", name, entity
    for name, entity in TARIFF_TABLES.items():
        yield folder / "tariffs", name, entity
    for name, entity in RULE_TABLES.items():
        yield folder / "rules", name, entity


def _unknown_sources(folder: Traversable, keys: frozenset[str]) -> Iterable[TableFault]:
    for directory, name, entity in _tables(folder):
        rows, _ = read_file(directory, name, shipped_attributes(entity))
        for row in rows:
            named = row.values.get("source")
            for key in named if isinstance(named, tuple) else ():
                if key not in keys:
                    yield TableFault(
                        name, row.row, "source", "unknown-source", f"no such key: {key}"
                    )


def _row_counts(folder: Traversable) -> Mapping[str, int]:
    counts = {}
    for part in ("network", "tariffs", "rules"):
        for path in sorted((folder / part).iterdir(), key=lambda each: each.name):
            if path.name.endswith(".csv"):
                with path.open("rb") as stream:
                    counts[f"{part}/{path.name}"] = max(0, sum(1 for _ in stream) - 1)
    return counts


def _hash(directory: Traversable, tables: Mapping[str, str]) -> str:
    rows: list[Mapping[str, object]] = []
    for name, entity in tables.items():
        read, _ = read_file(directory, name, shipped_attributes(entity))
        rows.extend({"(table)": name, **row.values} for row in read)
    return content_hash(rows)
