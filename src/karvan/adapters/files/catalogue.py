"""Which tables there are, what describes each, and by what its rows are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from karvan.adapters.files.corridor_tables import CORRIDOR_TABLES, shipped_attributes
from karvan.adapters.files.demand_tables import DEMAND_TABLES
from karvan.adapters.files.link_tables import CHECK_TABLES, LINK_TABLES
from karvan.adapters.files.place_tables import PLACE_TABLES
from karvan.adapters.files.project_tables import PROJECT_TABLES
from karvan.adapters.files.rule_tables import RULE_TABLES
from karvan.adapters.files.service_tables import PATTERN_TABLES, PERFORMANCE_TABLES
from karvan.adapters.files.tariff_tables import TARIFF_TABLES
from karvan.network.attributes import Attribute

#: The nomenclature, as published; the only table without an attribute file.
GOODS: Final = "rules/hs2022.csv"

#: Folder of each group of tables, and the group.
_GROUPS: Final = (
    ("network", CORRIDOR_TABLES),
    ("network", PLACE_TABLES),
    ("network", LINK_TABLES),
    ("network", CHECK_TABLES),
    ("network", PATTERN_TABLES),
    ("network", PERFORMANCE_TABLES),
    ("network", {"oil_rail.csv": "oil_rail"}),
    ("demand", DEMAND_TABLES),
    ("planning", PROJECT_TABLES),
    ("tariffs", TARIFF_TABLES),
    ("rules", RULE_TABLES),
    ("rules", {"hs2022.csv": ""}),
)

#: Path of each table below a data folder, and the attribute file that describes it.
TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {f"{folder}/{name}": entity for folder, group in _GROUPS for name, entity in group.items()}
)

#: Tables that make up the hash of places and links.
PLACES_AND_LINKS: Final = tuple(
    sorted(f"network/{name}" for name in (*CORRIDOR_TABLES, *PLACE_TABLES))
)

#: Columns that name a row where the table has no `id`.
NATURAL_KEYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "network/countries.csv": ("country",),
        "network/holidays.csv": ("country", "date", "name"),
        "network/link_capacities.csv": ("link", "valid_from"),
        "network/opening_hours.csv": ("place", "activity", "days", "opens", "valid_from"),
        "network/place_codes.csv": ("scheme", "code"),
        "network/place_names.csv": ("place", "language"),
        "network/service_capacities.csv": ("service", "unit"),
        "rules/closure_causes.csv": ("cause",),
        "rules/container_types.csv": ("code",),
        "rules/country_notices.csv": ("country", "code"),
        "rules/documents.csv": ("document", "applies", "territories", "valid_from"),
        "rules/emission_factors.csv": ("key",),
        "rules/free_times.csv": ("unit",),
        "rules/goods_classes.csv": ("prefix",),
        "rules/goods_codes.csv": ("territory",),
        "rules/hs_warnings.csv": ("prefix", "code"),
        "rules/oil_grades.csv": ("code",),
        "rules/regimes.csv": ("territory", "regime", "valid_from"),
        "rules/truck_types.csv": ("code",),
        "rules/un_numbers.csv": ("un", "valid_from"),
        "rules/wagon_types.csv": ("code",),
        GOODS: ("code",),
    }
)

_GOODS_COLUMNS = (
    Attribute(name="code", type="string", required=True, description="2, 4 or 6 digits."),
    Attribute(name="description", type="string", required=True, description="What it covers."),
)


@cache
def columns(path: str) -> tuple[Attribute, ...]:
    """Give the columns of a table."""
    return shipped_attributes(TABLES[path]) if TABLES[path] else _GOODS_COLUMNS


def key(path: str) -> tuple[str, ...]:
    """Give the columns that together name a row of a table."""
    return NATURAL_KEYS.get(path, ("id",))
