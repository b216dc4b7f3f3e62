"""Echoes: names told as unknown only because the row that has them could not be read.

One bad row of places would otherwise be told again by every table that names the place. A
fault of a name is an echo when its cell holds the id of a row that stands in the table it
refers to and has a fault itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Final

from karvan.adapters.files import catalogue
from karvan.adapters.files.raw_tables import split_table
from karvan.domain.errors import TableFault

#: Faults of names that another table would know, and the tables that would.
NAMED_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "unknown-place": ("places.csv", "cities.csv"),
    "unknown-carrier": ("carriers.csv",),
    "unknown-service": ("services.csv",),
    "unknown-link": ("links.csv",),
    "unknown-reverse": ("links.csv",),
    "unknown-subject": ("places.csv", "links.csv", "services.csv"),
    "unknown-commodity": ("commodities.csv",),
}

_PATHS: Final = {path.rpartition("/")[2]: path for path in catalogue.TABLES}
_NAME: Final = re.compile(r"[A-Za-z0-9_:-]+")

Records = Sequence[Mapping[str, str]]


def first_hand(folder: Traversable, faults: Sequence[TableFault]) -> tuple[TableFault, ...]:
    """Leave out the echoes of faults."""
    unread = {
        file: {
            fault.row
            for fault in faults
            if fault.file == file and fault.row is not None and fault.code not in NAMED_IN
        }
        for file in {name for names in NAMED_IN.values() for name in names}
    }
    if not any(unread.values()):
        return tuple(faults)
    tables = {f.file: _records(folder, f.file) for f in faults if f.file in _PATHS}
    lost = {
        file: {tables[file][row - 2].get("id", "") for row in rows if _has(tables[file], row)}
        for file, rows in unread.items()
        if rows
    }
    return tuple(fault for fault in faults if not _is_echo(fault, tables, lost))


def _is_echo(
    fault: TableFault, tables: Mapping[str, Records], lost: Mapping[str, set[str]]
) -> bool:
    gone = {name for file in NAMED_IN.get(fault.code, ()) for name in lost.get(file, ())}
    records = tables.get(fault.file, ())
    if not gone or fault.row is None or not _has(records, fault.row):
        return False
    return bool(gone & set(_names(records[fault.row - 2].get(fault.column, ""))))


def _names(cell: str) -> Iterable[str]:
    return (match[0] for match in _NAME.finditer(cell))


def _has(records: Records, row: int) -> bool:
    return 2 <= row < len(records) + 2


def _records(folder: Traversable, file: str) -> Records:
    """Rows of a table as they stand, or none where it cannot be split."""
    path = folder
    for part in _PATHS[file].split("/"):
        path = path / part
    try:
        table, _ = split_table(file, path.read_bytes())
    except OSError:
        return ()
    return tuple(table.records()) if table is not None else ()
