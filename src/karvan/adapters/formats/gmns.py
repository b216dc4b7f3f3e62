"""GMNS: the places and links as node.csv and link.csv in a Frictionless data package.

Columns that GMNS knows have its names and units; all others of ours are beside them, with
`karvan_` before their name, as the specification allows. The tables it has no room for (codes,
cities, countries, dated capacities, sources) are further files of the package. Nothing is lost
on the way out and back. Our capacity is not GMNS's: that one counts cars an hour and lane, so it
stays empty.

Source: General Modeling Network Specification 0.96, node, link and config tables; Data Package
standard 2.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from karvan.adapters.files import catalogue
from karvan.adapters.files.raw_tables import RawTable, join_table, split_table
from karvan.adapters.files.source_keys import FILE as SOURCES
from karvan.adapters.files.source_keys import Sources, render_sources
from karvan.domain.errors import TableFault
from karvan.network.attributes import Attribute

Faults = tuple[TableFault, ...]

PREFIX: Final = "karvan_"
DESCRIPTOR: Final = "datapackage.json"
CONFIG: Final = "config.csv"
SOURCE_TABLE: Final = "karvan_sources.csv"
SOURCE_COLUMNS: Final = ("key", "title", "retrieved", "licence", "done")

#: Standard columns that we make from others; they are compared on the way back.
FREE_SPEED: Final = "free_speed"
DIRECTED: Final = "directed"
_SPEED_TOLERANCE_KM_H: Final = 0.01


@dataclass(frozen=True, slots=True)
class _Layout:
    """A file of the package: our table, and GMNS's names for some of our columns."""

    file: str
    table: str
    renamed: Mapping[str, str]
    derived: tuple[str, ...] = ()

    def names(self, header: Iterable[str]) -> list[str]:
        """Names of our columns in the package."""
        own = "" if self.file.startswith(PREFIX) else PREFIX
        return [self.renamed.get(name, f"{own}{name}") for name in header]


_NODE = _Layout(
    "node.csv",
    "network/places.csv",
    {
        "id": "node_id",
        "name": "name",
        "lon_deg": "x_coord",
        "lat_deg": "y_coord",
        "kind": "node_type",
    },
)
_LINK = _Layout(
    "link.csv",
    "network/links.csv",
    {
        "id": "link_id",
        "from_place": "from_node_id",
        "to_place": "to_node_id",
        "length_km": "length",
        "mode": "facility_type",
        "operator": "jurisdiction",
    },
    (DIRECTED, FREE_SPEED),
)
LAYOUTS: Final = (
    _NODE,
    _LINK,
    *(
        _Layout(f"{PREFIX}{path.rpartition('/')[2]}", path, {})
        for path in catalogue.PLACES_AND_LINKS
        if path not in (_NODE.table, _LINK.table)
    ),
)
#: Our tables that the package holds.
TABLES: Final = tuple(layout.table for layout in LAYOUTS)

_TYPES: Final = {
    "int": "integer",
    "float": "number",
    "decimal": "number",
    "bool": "boolean",
    "date": "date",
}


def render_gmns(tables: Mapping[str, RawTable], sources: Sources) -> Mapping[str, bytes]:
    """Give the files of a package by name."""
    files: dict[str, bytes] = {}
    resources = []
    for layout in LAYOUTS:
        table = tables[layout.table]
        records = [_outward(layout, record) for record in table.records()]
        names = [*layout.names(table.header), *layout.derived]
        files[layout.file] = join_table(RawTable.of(names, records))
        resources.append(_resource(layout, table.header))
    files[CONFIG] = join_table(RawTable.of(tuple(_CONFIG), [_CONFIG]))
    resources.append(_plain_resource(CONFIG, tuple(_CONFIG)))
    rows = [{"key": key, **entry} for key, entry in sorted(sources.items())]
    files[SOURCE_TABLE] = join_table(RawTable.of(SOURCE_COLUMNS, rows))
    resources.append(_plain_resource(SOURCE_TABLE, SOURCE_COLUMNS))
    descriptor = {
        "name": "karvan-corridor",
        "title": "Places and links of the Trans-Caspian corridor",
        "profile": "data-package",
        "resources": resources,
    }
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    files[DESCRIPTOR] = text.encode("utf-8")
    return files


_CONFIG: Final = {
    "dataset_name": "Karvan corridor",
    "short_length": "m",
    "long_length": "km",
    "speed": "km/h",
    "crs": "EPSG:4326",
    "geometry_field_format": "WKT",
    "currency": "USD",
    "version_number": "0.96",
    "id_type": "string",
}


#: How others spell our units, in lower case.
_SAME_UNITS: Final = {
    "long_length": ("km", "kilometer", "kilometre", "kilometers", "kilometres"),
    "speed": ("km/h", "kmh", "kph", "kilometer/hour", "kilometre/hour"),
    "crs": ("epsg:4326", "4326", "wgs84", "wgs 84"),
}


def parse_gmns(
    named: Mapping[str, str], package: Mapping[str, bytes]
) -> tuple[Mapping[str, bytes], Faults]:
    """Turn a package back into our tables.

    Parameters
    ----------
    named
        For each file of the package the name used in faults.

    Returns
    -------
    Our files by path, and all faults. A package without our further files says nothing about
    those tables; node.csv and link.csv must be there.
    """
    files: dict[str, bytes] = {}
    faults: list[TableFault] = []
    for layout in LAYOUTS:
        data = package.get(layout.file)
        name = named.get(layout.file, layout.file)
        if data is None:
            if layout in (_NODE, _LINK):
                faults.append(TableFault(name, None, "", "no-file", "there is no such file"))
            continue
        table, told = split_table(name, data)
        faults.extend(told)
        if table is None:
            continue
        made, told = _inward(layout, name, table)
        faults.extend(told)
        files[layout.table] = join_table(made)
    if CONFIG in package:
        faults.extend(_config_faults(named.get(CONFIG, CONFIG), package[CONFIG]))
    if SOURCE_TABLE in package:
        found, told = parse_source_rows(
            named.get(SOURCE_TABLE, SOURCE_TABLE), package[SOURCE_TABLE]
        )
        faults.extend(told)
        files[SOURCES] = render_sources(found)
    return files, tuple(faults)


def parse_source_rows(file: str, data: bytes) -> tuple[Sources, Faults]:
    """Read sources that were written as a table."""
    table, faults = split_table(file, data)
    if table is None:
        return {}, faults
    if "key" not in table.header:
        return {}, (TableFault(file, 1, "key", "missing-column", "the column is missing"),)
    found = {}
    for record in table.records():
        key = record.pop("key")
        found[key] = {name: value for name, value in record.items() if value}
    return found, ()


def tell_as_gmns(fault: TableFault, named: Mapping[str, str]) -> TableFault:
    """Tell a fault of one of our tables by the file and column of the package."""
    for layout in LAYOUTS:
        if fault.file.endswith(layout.table):
            column = layout.names([fault.column])[0] if fault.column else ""
            file = named.get(layout.file, layout.file)
            return replace(fault, file=file, column=column)
    return fault


def _config_faults(file: str, data: bytes) -> Iterable[TableFault]:
    """`wrong-unit`: a package in other units or coordinates than ours."""
    table, faults = split_table(file, data)
    yield from faults
    for record in table.records() if table is not None else ():
        for name in ("long_length", "speed", "crs"):
            given = record.get(name, "")
            if given and given.casefold() not in _SAME_UNITS[name]:
                message = f"must be {_CONFIG[name]}; the lengths of links are in kilometres"
                yield TableFault(file, 2, name, "wrong-unit", message)


def _outward(layout: _Layout, record: Mapping[str, str]) -> dict[str, str]:
    names = layout.names(record)
    out = dict(zip(names, record.values(), strict=True))
    if layout is _LINK:
        out[DIRECTED] = "true"
        out[FREE_SPEED] = _speed_text(record)
    return out


def _inward(layout: _Layout, file: str, table: RawTable) -> tuple[RawTable, Faults]:
    """Give our table back; `unknown-column` and `derived-differs` are told."""
    ours = [column.name for column in catalogue.columns(layout.table)]
    back = dict(zip(layout.names(ours), ours, strict=True))
    faults = [
        TableFault(file, 1, name, "unknown-column", "the table has no such column")
        for name in table.header
        if name not in back and name not in layout.derived
    ]
    records = []
    for number, record in enumerate(table.records(), start=2):
        made = {back[name]: value for name, value in record.items() if name in back}
        records.append(made)
        if layout is _LINK:
            faults.extend(_derived_faults(file, number, record, made))
    header = [name for outside, name in back.items() if outside in table.header]
    return RawTable.of(header, records), tuple(faults)


def _derived_faults(
    file: str, row: int, record: Mapping[str, str], made: Mapping[str, str]
) -> Iterable[TableFault]:
    if record.get(DIRECTED, "true").lower() != "true":
        message = "must be true; the other direction is a row of its own"
        yield TableFault(file, row, DIRECTED, "derived-differs", message)
    given = record.get(FREE_SPEED, "")
    wanted = _speed_text(made)
    try:
        agrees = not given or abs(float(given) - float(wanted)) <= _SPEED_TOLERANCE_KM_H
    except ValueError:
        agrees = False
    if not agrees:
        message = f"is length over {PREFIX}running_h and not read; leave it empty or change those"
        yield TableFault(file, row, FREE_SPEED, "derived-differs", message)


def _speed_text(record: Mapping[str, str]) -> str:
    try:
        return f"{float(record['length_km']) / float(record['running_h']):.2f}"
    except (KeyError, ValueError, ZeroDivisionError):
        return ""


def _resource(layout: _Layout, header: Sequence[str]) -> Mapping[str, object]:
    attributes = {column.name: column for column in catalogue.columns(layout.table)}
    names = dict(zip(header, layout.names(header), strict=True))
    fields = [_field(names[name], attributes[name]) for name in header]
    if layout is _LINK:
        fields += [
            {"name": DIRECTED, "type": "boolean", "description": "Always: one row a direction."},
            {
                "name": FREE_SPEED,
                "type": "number",
                "description": "Length over running time, km/h.",
            },
        ]
    schema: dict[str, object] = {"fields": fields, "missingValues": [""]}
    if key := [names[name] for name in _primary_key(layout.table)]:
        schema["primaryKey"] = key
    if layout is _LINK:
        schema["foreignKeys"] = [
            {"fields": [end], "reference": {"resource": "node", "fields": ["node_id"]}}
            for end in ("from_node_id", "to_node_id")
        ]
    return {**_plain_resource(layout.file, ()), "schema": schema}


def _primary_key(table: str) -> tuple[str, ...]:
    """Columns that name a row and are always filled: validators want no empty part."""
    required = {column.name for column in catalogue.columns(table) if column.required}
    key = catalogue.key(table)
    return key if set(key) <= required else ()


def _field(name: str, attribute: Attribute) -> Mapping[str, object]:
    field: dict[str, object] = {"name": name, "type": _TYPES.get(attribute.type, "string")}
    if attribute.type == "bool":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints: dict[str, object] = {"required": True} if attribute.required else {}
    if attribute.choices:
        constraints["enum"] = list(attribute.choices)
    if constraints:
        field["constraints"] = constraints
    if attribute.unit:
        field["unit"] = attribute.unit
    return {**field, "description": attribute.description}


def _plain_resource(file: str, columns: Sequence[str]) -> Mapping[str, object]:
    resource: dict[str, object] = {
        "name": file.removesuffix(".csv").replace("_", "-"),
        "path": file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
    if columns:
        resource["schema"] = {"fields": [{"name": c, "type": "string"} for c in columns]}
    return resource
