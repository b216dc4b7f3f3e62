"""Make the shipped network tables from the facts and the decisions about them.

    python tools/merge_facts.py            write src/karvan/data/network and sources.toml
    python tools/merge_facts.py --check    fail when the shipped files differ by a byte

The decisions are the tables of `tools/merge/`; `docs/explanation/merge.md` tells why.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import merge_links
import merge_places
from merge_tables import ROOT, Inputs, MergeError, Row, render

RETRIEVED = "2026-11-21"


def build(inputs: Inputs) -> dict[str, bytes]:
    """Give every file the merge makes, by its path below src/karvan/data."""
    places = merge_places.merge_places(inputs)
    links = merge_links.merge_links(inputs, places)
    merge_places.add_facilities(inputs, places, links)
    merge_links.account(inputs, places)
    cities = merge_places.merge_cities(inputs, places)
    codes = merge_places.merge_codes(inputs, places, cities)
    countries = inputs.decisions["countries"]
    tables: dict[str, tuple[tuple[str, ...], list[Row]]] = {
        "cities": (merge_places.CITY_COLUMNS, cities),
        "countries": (merge_places.COUNTRY_COLUMNS, countries),
        "link_capacities": (
            merge_links.CAPACITY_COLUMNS,
            merge_links.capacity_table(inputs, links),
        ),
        "links": (merge_links.LINK_COLUMNS, links),
        "oil_rail": (merge_links.OIL_RAIL_COLUMNS, merge_links.oil_rail(inputs)),
        "place_codes": (merge_places.CODE_COLUMNS, codes),
        "places": (merge_places.PLACE_COLUMNS, places),
    }
    files = {f"network/{name}.csv": render(*table) for name, table in tables.items()}
    return files | {"sources.toml": sources(inputs).encode("utf-8")}


def sources(inputs: Inputs) -> str:
    """Give data/sources.toml: one entry a key, sorted."""
    done = "figures read from its pages and told in our own words"
    entries = {
        row["source"]: (row["source"], "figures only", done)
        for rows in inputs.facts.values()
        for row in rows
    }
    entries["own-knowledge"] = ("General knowledge of the trade", "our own", "not found in print")
    entries["unknown"] = ("Source not recorded well enough", "figures only", "use with care")
    for row in inputs.decisions["sources_extra"]:
        entries[row["key"]] = (row["title"], row["licence"], row["done"])
    head = "# Made by tools/merge_facts.py; further keys go into tools/merge/sources_extra.csv.\n"
    return head + "".join(
        f'\n["{key}"]\ntitle = "{title}"\nretrieved = "{RETRIEVED}"\n'
        f'licence = "{licence}"\ndone = "{what}"\n'
        for key, (title, licence, what) in sorted(entries.items())
    )


def differing(files: dict[str, bytes], data: Path) -> list[str]:
    """Name the shipped files that are not what the merge gives."""
    return [
        name
        for name, content in files.items()
        if not (data / name).is_file() or (data / name).read_bytes() != content
    ]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Merge the facts into the shipped network.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    data = ROOT / "src" / "karvan" / "data"
    try:
        files = build(Inputs.load())
    except MergeError as error:
        print(f"merge_facts: {error}", file=sys.stderr)
        return 2
    if options.check:
        stale = differing(files, data)
        for name in stale:
            print(f"merge_facts: {name} is not what the facts give", file=sys.stderr)
        return 1 if stale else 0
    for name, content in files.items():
        (data / name).write_bytes(content)
        lines = len(content.splitlines())
        print(f"{name}: {lines} lines")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
