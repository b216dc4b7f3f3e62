"""What `karvan network diff`, `export` and `import` tell, on a page and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.text import Text

from karvan.interfaces.cli.network_pages import table
from karvan.services.exchange import Comparison, Exchanged, Hashes, TableDifference

if TYPE_CHECKING:
    from rich.console import Console

#: The most rows of one kind that a page shows of a table; JSON has them all.
MOST_ROWS = 50


def comparison_json(found: Comparison) -> Mapping[str, object]:
    """Two sets of tables and how they differ, as one JSON object."""
    return {
        "differ": bool(found.tables),
        "hashes": {"old": asdict(found.old), "new": asdict(found.new)},
        "tables": [
            {
                "table": each.table,
                "key": list(each.key),
                "added": [list(name) for name in each.added],
                "removed": [list(name) for name in each.removed],
                "changed": [
                    {"key": list(row.key), "cells": [asdict(cell) for cell in row.cells]}
                    for row in each.changed
                ],
            }
            for each in found.tables
        ],
    }


def draw_comparison(console: Console, found: Comparison, old: str, new: str) -> None:
    """Each table that differs, then both hashes."""
    for each in found.tables:
        _draw_table(console, each)
    if not found.tables:
        console.print("The tables do not differ.\n")
    hashes = table("hash", old, new)
    for name in Hashes.__dataclass_fields__:
        before, after = getattr(found.old, name)[:16], getattr(found.new, name)[:16]
        hashes.add_row(_words(name), before, "the same" if before == after else after)
    console.print(hashes)


def draw_exchanged(console: Console, done: Exchanged) -> None:
    """Rows of each part, where they are now, and the hashes."""
    counts = table("part", "rows", numbers=("rows",))
    for name, rows in done.rows.items():
        counts.add_row(name, f"{rows:,}")
    console.print(counts)
    console.print(Text(f"written to {done.path}", style="bold"), soft_wrap=True)
    console.print(f"places and links {done.hashes.places_and_links}")
    console.print(f"network {done.hashes.network}")
    console.print(f"tariffs {done.hashes.tariff_version}")


def _draw_table(console: Console, each: TableDifference) -> None:
    counts = f"{len(each.added)} added, {len(each.removed)} removed, {len(each.changed)} changed"
    console.print(Text(f"{each.table}: {counts}", style="bold"))
    for mark, keys in (("+", each.added), ("-", each.removed)):
        for name in keys[:MOST_ROWS]:
            console.print(Text(f"  {mark} {_key(name)}"), soft_wrap=True)
        _draw_more(console, len(keys))
    for row in each.changed[:MOST_ROWS]:
        console.print(Text(f"  ~ {_key(row.key)}"), soft_wrap=True)
        for cell in row.cells:
            change = f"      {cell.column}: {cell.old or '(empty)'} -> {cell.new or '(empty)'}"
            console.print(Text(change), soft_wrap=True)
    _draw_more(console, len(each.changed))
    console.print()


def _draw_more(console: Console, count: int) -> None:
    if count > MOST_ROWS:
        console.print(f"  and {count - MOST_ROWS} more; --json has them all")


def _key(name: tuple[str, ...]) -> str:
    return " ".join(part or "(empty)" for part in name)


def _words(name: str) -> str:
    return name.replace("_", " ")
