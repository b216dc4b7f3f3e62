"""Write docs/reference/attributes.md from the attribute tables.

    python tools/attributes_reference.py            write the page
    python tools/attributes_reference.py --check    fail when the page is stale

The same tables drive validation and defaults, so the page cannot differ from the program.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from made_pages import keep

ROOT = Path(__file__).resolve().parent.parent
ATTRIBUTES = ROOT / "src" / "karvan" / "network" / "attributes"
DATA = ROOT / "src" / "karvan" / "data"
PAGE = ROOT / "docs" / "reference" / "attributes.md"

#: Table of each entity, below src/karvan/data; entities of one table are rows of one kind.
TABLES = {
    "base_table": "tariffs/base_tables.csv",
    "cap": "tariffs/caps.csv",
    "carrier": "network/carriers.csv",
    "city": "network/cities.csv",
    "closure_cause": "rules/closure_causes.csv",
    "coefficient": "tariffs/coefficients.csv",
    "commodity": "demand/commodities.csv",
    "container_type": "rules/container_types.csv",
    "corridor_family": "network/corridor_families.csv",
    "country": "network/countries.csv",
    "country_notice": "rules/country_notices.csv",
    "demand": "demand/demand.csv",
    "derating": "network/derating.csv",
    "disruption": "planning/disruptions.csv",
    "document": "rules/documents.csv",
    "electrification": "network/electrification.csv",
    "emission_factor": "rules/emission_factors.csv",
    "exchange_rate": "tariffs/exchange_rates.csv",
    "holiday": "network/holidays.csv",
    "hs_warning": "rules/hs_warnings.csv",
    "joint_tariff": "tariffs/joint_tariffs.csv",
    "link": "network/links.csv",
    "link_capacity": "network/link_capacities.csv",
    "observation": "demand/observations.csv",
    "oil_rail": "network/oil_rail.csv",
    "opening_hours": "network/opening_hours.csv",
    "performance": "network/performance.csv",
    "permission": "network/permissions.csv",
    "place": "network/places.csv",
    "place_code": "network/place_codes.csv",
    "place_name": "network/place_names.csv",
    "project": "planning/projects.csv",
    "project_addition": "planning/project_additions.csv",
    "rate": "tariffs/rates.csv",
    "regime": "rules/regimes.csv",
    "route_length": "network/route_lengths.csv",
    "sea_level": "network/sea_level.csv",
    "service": "network/services.csv",
    "service_capacity": "network/service_capacities.csv",
    "supply": "demand/supply.csv",
    "surcharge": "tariffs/surcharges.csv",
    "tariff_distance": "tariffs/tariff_distances.csv",
    "comparison": "planning/comparisons.csv",
    "line_fill": "planning/line_fills.csv",
    "line_minimum": "planning/line_minima.csv",
    "loss": "planning/losses.csv",
    "oil_blend": "planning/oil_blends.csv",
    "oil_cap": "planning/oil_caps.csv",
    "oil_least": "planning/oil_leasts.csv",
    "oil_shut_in": "planning/oil_shut_in.csv",
    "oil_charge": "planning/oil_charges.csv",
    "oil_fleet": "planning/oil_fleets.csv",
    "oil_leg": "planning/oil_legs.csv",
    "oil_month": "planning/oil_months.csv",
    "oil_outlet": "planning/oil_outlets.csv",
    "oil_price": "planning/oil_prices.csv",
    "oil_quality": "planning/oil_qualities.csv",
    "oil_ramp": "planning/oil_ramps.csv",
    "oil_rule": "planning/oil_rules.csv",
    "oil_share": "planning/oil_shares.csv",
    "oil_tank": "planning/oil_tanks.csv",
    "oil_terminal": "planning/oil_terminals.csv",
    "oil_volume": "planning/oil_volumes.csv",
    "oil_way": "planning/oil_ways.csv",
    "outage_check": "planning/outage_checks.csv",
    "freight_cost": "planning/freight_costs.csv",
    "freight_demand": "planning/freight_demand.csv",
    "freight_fleet": "planning/freight_fleets.csv",
    "freight_good": "planning/freight_goods.csv",
    "freight_line": "planning/freight_lines.csv",
    "freight_port": "planning/freight_ports.csv",
    "freight_season": "planning/freight_seasons.csv",
    "freight_wagon": "planning/freight_wagons.csv",
    "freight_yard": "planning/freight_yards.csv",
    "free_time": "rules/free_times.csv",
    "goods_code": "rules/goods_codes.csv",
    "goods_class": "rules/goods_classes.csv",
    "oil_grade": "rules/oil_grades.csv",
    "trade_factor": "trade/factors.csv",
    "trade_value": "trade/values.csv",
    "traded_good": "trade/goods.csv",
    "truck_type": "rules/truck_types.csv",
    "un_number": "rules/un_numbers.csv",
    "wagon_type": "rules/wagon_types.csv",
    "weather": "network/weather.csv",
    "common_factor": "network/common_factors.csv",
}

HEAD = """\
# Columns of the tables

Made from `src/karvan/network/attributes/` by `tools/attributes_reference.py`; do not edit.

Tables are CSV, in UTF-8, with a header. A list is separated by `;`, a date reads 2026-12-03,
yes and no are words. An unknown column is an error, and so is an empty cell of a required one.
Every table is below `src/karvan/data/`. `rules/hs2022.csv` (code, description) is the
nomenclature as published and has no table of attributes.

How many rows are estimates:

| Table | Rows | Estimates |
|---|---:|---:|
"""


def table(entity: str, rows: list[dict[str, str]]) -> str:
    lines = [
        f"\n## {entity}\n",
        f"`{TABLES[entity]}`\n",
        "| Column | Type | Unit | Required | Default | Meaning |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = (
            f"`{row['attribute']}`",
            row["type"].replace("enum:", "one of ").replace("|", ", "),
            row["unit"],
            row["required"],
            f"`{row['default']}`" if row["default"] else "",
            row["description"].replace("|", "\\|"),
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def count(table: str) -> str:
    """Row of the first table: rows and estimates; nothing where no row says which it is."""
    with (DATA / table).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or "estimate" not in rows[0]:
        return ""
    return f"| `{table}` | {len(rows)} | {sum(row['estimate'] == 'yes' for row in rows)} |\n"


def render() -> str:
    parts = [HEAD, *(count(name) for name in sorted(set(TABLES.values())))]
    for path in sorted(ATTRIBUTES.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            parts.append(table(path.stem, list(csv.DictReader(stream))))
    return "".join(parts)


def main(arguments: list[str]) -> int:
    return keep({PAGE: render()}, arguments, __file__)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
