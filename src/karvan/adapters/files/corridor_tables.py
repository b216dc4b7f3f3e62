"""The corridor's places and links, from CSV tables to entities.

Reading never stops at the first fault: each function gives the entities that could be read
and all faults of their table. `read_corridor` adds the checks over all of them together.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from karvan.adapters.files.cells import Cells, build, values
from karvan.adapters.files.tables import TableRow, decode_table, read_attributes, read_table
from karvan.domain.errors import InvalidTables, TableFault
from karvan.network.attributes import Attribute
from karvan.network.consistency import CorridorEntries, find_errors, find_warnings
from karvan.network.entries import Entry
from karvan.network.hashing import content_hash
from karvan.network.links import CapacityUnit, Link, LinkCapacity, LinkId, LinkStatus, Mode
from karvan.network.places import (
    City,
    CityId,
    CodeScheme,
    CodeStatus,
    Facility,
    KnownCountry,
    Place,
    PlaceCode,
    PlaceId,
    PlaceKind,
    PlaceStatus,
)

T = TypeVar("T")
Read = tuple[tuple[Entry[T], ...], tuple[TableFault, ...]]

#: Tables that make up the places-and-links hash, and the attribute file of each.
CORRIDOR_TABLES = {
    "cities.csv": "city",
    "countries.csv": "country",
    "link_capacities.csv": "link_capacity",
    "links.csv": "link",
    "place_codes.csv": "place_code",
    "places.csv": "place",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """The places and links of one set of tables, free of errors.

    `content_hash` names what the tables say, whatever the order of rows and columns.
    """

    places: tuple[Place, ...]
    cities: tuple[City, ...]
    codes: tuple[PlaceCode, ...]
    countries: tuple[KnownCountry, ...]
    links: tuple[Link, ...]
    capacities: tuple[LinkCapacity, ...]
    warnings: tuple[TableFault, ...]
    content_hash: str


def shipped_data() -> Traversable:
    """Give the folder of tables that comes with the program."""
    return files("karvan") / "data"


@cache
def shipped_attributes(entity: str) -> tuple[Attribute, ...]:
    """Give the attributes of an entity: `place`, `link`, ..."""
    path = files("karvan") / "network" / "attributes" / f"{entity}.csv"
    return read_attributes(path.read_text(encoding="utf-8"), path.name)


def read_file(
    directory: Traversable, name: str, attributes: Iterable[Attribute]
) -> tuple[tuple[TableRow, ...], tuple[TableFault, ...]]:
    """Read one table of a folder; a file that is not there is a fault, `no-file`."""
    try:
        data = (directory / name).read_bytes()
    except OSError:
        return (), (TableFault(name, None, "", "no-file", "the file cannot be read"),)
    text, faults = decode_table(name, data)
    return ((), faults) if text is None else read_table(name, text, tuple(attributes))


def read_entities(
    directory: Traversable, name: str, entity: str, make: Callable[[Cells], T]
) -> Read[T]:
    """Turn the rows of a table into entities; what a cell cannot be is a fault of its row."""
    rows, faults = read_file(directory, name, shipped_attributes(entity))
    made, more = build(rows, make)
    return made, (*faults, *more)


def read_places(directory: Traversable | None = None) -> Read[Place]:
    """Read places.csv."""
    return _read(directory, "places.csv", _place)


def read_place_codes(directory: Traversable | None = None) -> Read[PlaceCode]:
    """Read place_codes.csv."""
    return _read(directory, "place_codes.csv", _place_code)


def read_cities(directory: Traversable | None = None) -> Read[City]:
    """Read cities.csv."""
    return _read(directory, "cities.csv", _city)


def read_countries(directory: Traversable | None = None) -> Read[KnownCountry]:
    """Read countries.csv."""
    return _read(directory, "countries.csv", _country)


def read_links(directory: Traversable | None = None) -> Read[Link]:
    """Read links.csv."""
    return _read(directory, "links.csv", _link)


def read_link_capacities(directory: Traversable | None = None) -> Read[LinkCapacity]:
    """Read link_capacities.csv."""
    return _read(directory, "link_capacities.csv", _link_capacity)


def read_source_keys(data: Traversable | None = None) -> frozenset[str]:
    """Give the keys of sources.toml.

    Raises
    ------
    InvalidTables
        The file is missing or is not TOML.
    """
    path = (shipped_data() if data is None else data) / "sources.toml"
    try:
        return _keys_of(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"cannot be read: {error}"
        raise InvalidTables([TableFault("sources.toml", None, "", "no-file", message)]) from None


@lru_cache(maxsize=2)
def _keys_of(text: str) -> frozenset[str]:
    return frozenset(tomllib.loads(text))


def read_corridor(
    directory: Traversable | None = None, source_keys: Collection[str] | None = None
) -> tuple[CorridorEntries, tuple[TableFault, ...]]:
    """Read the tables of places and links and check them together.

    Parameters
    ----------
    directory
        Folder of the tables; the shipped one by default.
    source_keys
        Keys that sources may name; those of the shipped sources.toml by default.

    Returns
    -------
    What could be read, and all faults: first those of reading, then those of the checks.
    """
    places, place_faults = read_places(directory)
    codes, code_faults = read_place_codes(directory)
    cities, city_faults = read_cities(directory)
    countries, country_faults = read_countries(directory)
    links, link_faults = read_links(directory)
    capacities, capacity_faults = read_link_capacities(directory)
    found = CorridorEntries(
        places=places,
        codes=codes,
        cities=cities,
        countries=countries,
        links=links,
        capacities=capacities,
        source_keys=read_source_keys() if source_keys is None else source_keys,
    )
    faults = (*place_faults, *code_faults, *city_faults, *country_faults)
    return found, (*faults, *link_faults, *capacity_faults, *find_errors(found))


def load_corridor(
    directory: Traversable | None = None, source_keys: Collection[str] | None = None
) -> Corridor:
    """Give the corridor of a folder of tables.

    Raises
    ------
    InvalidTables
        A table has a fault; all faults of all tables are told.
    """
    found, faults = read_corridor(directory, source_keys)
    if faults:
        raise InvalidTables(faults)
    return Corridor(
        places=values(found.places),
        cities=values(found.cities),
        codes=values(found.codes),
        countries=values(found.countries),
        links=values(found.links),
        capacities=values(found.capacities),
        warnings=find_warnings(found),
        content_hash=corridor_hash(directory),
    )


def corridor_hash(directory: Traversable | None = None) -> str:
    """Give the one hash of places and links, over all their tables."""
    return tables_hash(_network(directory), CORRIDOR_TABLES)


def tables_hash(directory: Traversable, tables: Mapping[str, str]) -> str:
    """Give the one hash of tables of a folder, each with the attribute file it is read by."""
    rows: list[Mapping[str, object]] = []
    for name, entity in tables.items():
        read, _ = read_file(directory, name, shipped_attributes(entity))
        rows.extend({"(table)": name, **row.values} for row in read)
    return content_hash(rows)


def _network(directory: Traversable | None) -> Traversable:
    return shipped_data() / "network" if directory is None else directory


def _read(directory: Traversable | None, name: str, make: Callable[[Cells], T]) -> Read[T]:
    return read_entities(_network(directory), name, CORRIDOR_TABLES[name], make)


def _gauges(cells: Cells) -> tuple[int, ...]:
    """Gauges in mm; a list whose parts are none is a fault the attribute file cannot tell."""
    parts = cells.parts("gauges")
    if all(part in ("1435", "1520") for part in parts):
        return tuple(int(part) for part in parts)
    cells.fault("gauges", "unknown-gauge", "must be 1435 or 1520")
    return ()


def _facilities(cells: Cells) -> frozenset[Facility]:
    parts, known = cells.parts("facilities"), {str(word) for word in Facility}
    if set(parts) <= known:
        return frozenset(Facility(part) for part in parts)
    cells.fault("facilities", "not-in-list", f"must be of {', '.join(sorted(known))}")
    return frozenset()


def _place(cells: Cells) -> Place:
    return Place(
        id=PlaceId(cells.text("id")),
        name=cells.text("name"),
        country=cells.text("country"),
        kind=PlaceKind(cells.text("kind")),
        lat_deg=cells.number("lat_deg"),
        lon_deg=cells.number("lon_deg"),
        gauges=_gauges(cells),
        time_zone=cells.text("time_zone"),
        customs_territory=cells.text("customs_territory"),
        facilities=_facilities(cells),
        status=PlaceStatus(cells.text("status")),
        note=cells.text("note"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
    )


def _place_code(cells: Cells) -> PlaceCode:
    return PlaceCode(
        scheme=CodeScheme(cells.text("scheme")),
        code=cells.text("code"),
        place=PlaceId(cells.text("place")),
        status=CodeStatus(cells.text("status")),
        source=cells.parts("source"),
    )


def _city(cells: Cells) -> City:
    return City(
        id=CityId(cells.text("id")),
        name=cells.text("name"),
        country=cells.text("country"),
        members=tuple(PlaceId(part) for part in cells.parts("members")),
        note=cells.text("note"),
        source=cells.parts("source"),
    )


def _country(cells: Cells) -> KnownCountry:
    return KnownCountry(
        country=cells.text("country"),
        customs_territory=cells.text("customs_territory"),
        time_zone=cells.text("time_zone"),
    )


def _link(cells: Cells) -> Link:
    unit, reverse = cells.text("capacity_unit"), cells.text("reverse_of")
    return Link(
        id=LinkId(cells.text("id")),
        from_place=PlaceId(cells.text("from_place")),
        to_place=PlaceId(cells.text("to_place")),
        mode=Mode(cells.text("mode")),
        length_km=cells.number("length_km"),
        running_h=cells.maybe_number("running_h"),
        dwell_removed_h=cells.number("dwell_removed_h"),
        gauges=_gauges(cells),
        capacity=cells.maybe_number("capacity"),
        capacity_unit=CapacityUnit(unit) if unit else None,
        capacity_from=cells.maybe_date("capacity_from"),
        operator=cells.text("operator"),
        countries=cells.parts("country"),
        status=LinkStatus(cells.text("status")),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        reverse_of=LinkId(reverse) if reverse else None,
        tariff_usd_t=cells.maybe_decimal("tariff_usd_t"),
        detour_reason=cells.text("detour_reason"),
        note=cells.text("note"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
        estimate=cells.flag("estimate"),
    )


def _link_capacity(cells: Cells) -> LinkCapacity:
    return LinkCapacity(
        link=LinkId(cells.text("link")),
        capacity=cells.number("capacity"),
        capacity_unit=CapacityUnit(cells.text("capacity_unit")),
        valid_from=cells.maybe_date("valid_from"),
        valid_to=cells.maybe_date("valid_to"),
        fact=cells.parts("fact"),
        source=cells.parts("source"),
    )
