"""Two sets of tables compared row by row, by what they say and not how they spell it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable

from karvan.adapters.files import catalogue
from karvan.adapters.files.source_keys import FILE as SOURCES
from karvan.adapters.files.source_keys import parse_sources
from karvan.adapters.files.tables import Value, read_table
from karvan.network.hashing import canonical_number
from karvan.services.exchange import ChangedCell, ChangedRow, TableDifference

Rows = Mapping[tuple[str, ...], Mapping[str, str]]


def compare_folders(old: Traversable, new: Traversable) -> tuple[TableDifference, ...]:
    """Give the tables that differ, in the order of the catalogue, sources last.

    Both folders are free of faults; a row is known by its key alone, so its place among the
    others does not count.
    """
    found = [
        _compare(path, catalogue.key(path), _rows(old, path), _rows(new, path))
        for path in catalogue.TABLES
    ]
    found.append(_compare(SOURCES, ("key",), _sources(old), _sources(new)))
    return tuple(each for each in found if each.added or each.removed or each.changed)


def plain_text(value: Value) -> str:
    """Give the one text of a cell, so that 1.50 and 1.5 are the same.

    >>> [plain_text(each) for each in (1.50, None, True, ("rail", "road"))]
    ['1.5', '', 'yes', 'rail;road']
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float() | Decimal():
            return canonical_number(value)
        case date():
            return value.isoformat()
        case tuple():
            return ";".join(value)
        case _:
            return value


def _rows(folder: Traversable, path: str) -> Rows:
    file = folder.joinpath(*path.split("/"))
    text = file.read_bytes().decode("utf-8-sig")
    rows, _ = read_table(path, text, catalogue.columns(path))
    plain = [{name: plain_text(value) for name, value in row.values.items()} for row in rows]
    return {tuple(row[column] for column in catalogue.key(path)): row for row in plain}


def _sources(folder: Traversable) -> Rows:
    sources, _ = parse_sources(SOURCES, (folder / SOURCES).read_bytes())
    return {(key,): entry for key, entry in sources.items()}


def _compare(table: str, key: tuple[str, ...], old: Rows, new: Rows) -> TableDifference:
    changed = []
    for name, before in old.items():
        after = new.get(name, before)
        cells = tuple(
            ChangedCell(column, before.get(column, ""), after.get(column, ""))
            for column in dict.fromkeys((*before, *after))
            if before.get(column, "") != after.get(column, "")
        )
        if cells:
            changed.append(ChangedRow(key=name, cells=cells))
    return TableDifference(
        table=table,
        key=key,
        added=tuple(name for name in new if name not in old),
        removed=tuple(name for name in old if name not in new),
        changed=tuple(changed),
    )
