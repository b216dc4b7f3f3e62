"""A user's own tables laid over the shipped ones, row by row.

A table that the user's folder has is laid over the shipped table of the same path: a row with a
known key replaces, a row with a new key is added, a row whose extra column `remove` says yes is
taken out. Columns may be left out; a known row keeps what the shipped one says there. A table
that `complete.toml` lists stands alone instead. What results is read and checked as any other,
and every fault is told with the user's file and row.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from karvan.adapters.files import catalogue
from karvan.adapters.files.bounded import read_bounded
from karvan.adapters.files.corridor_tables import shipped_data
from karvan.adapters.files.memory import MemoryFolder
from karvan.adapters.files.raw_tables import RawTable, join_table, split_table
from karvan.adapters.files.source_keys import FILE as SOURCES
from karvan.adapters.files.source_keys import parse_sources, render_sources
from karvan.domain.errors import InvalidTables, TableFault

#: The column that takes a row out, and the file that lists the tables that stand alone.
REMOVE: Final = "remove"
COMPLETE: Final = "complete.toml"
#: In the list of complete.toml: every table.
EVERY: Final = "*"

Faults = tuple[TableFault, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the rows of a table came from.

    Attributes
    ----------
    rows
        For each row whether it is the user's, and its number there; `None` where the whole
        table is the user's and rows keep their numbers.
    """

    file: str
    rows: Sequence[tuple[bool, int]] | None


@dataclass(frozen=True, slots=True)
class Layered:
    """The folder that results, and how to tell its faults by the files they came from."""

    folder: Traversable
    faults: Faults
    origins: Mapping[str, Origin]

    def tell(self, faults: Iterable[TableFault]) -> Faults:
        """Tell faults of the resulting folder by file and row of whoever wrote the row."""
        return tuple(self._tell(fault) for fault in faults)

    def _tell(self, fault: TableFault) -> TableFault:
        origin = self.origins.get(fault.file)
        if origin is None:
            return fault
        if origin.rows is None or fault.row is None or not 2 <= fault.row < len(origin.rows) + 2:
            return replace(fault, file=origin.file)
        is_users, row = origin.rows[fault.row - 2]
        return replace(fault, file=origin.file if is_users else fault.file, row=row)


def lay_over(user: Path, shipped: Traversable | None = None) -> Layered:
    """Lay the tables of a folder over the shipped ones.

    A table with a fault is left out of what results and its faults are told; whoever loads
    refuses the whole as long as there is any.

    Raises
    ------
    InvalidTables
        There is no such folder.
    """
    base = shipped_data() if shipped is None else shipped
    if not _is_folder(user):
        what = "is not a folder" if _is_there(user) else "does not exist"
        raise InvalidTables([TableFault(str(user), None, "", "no-folder", f"the folder {what}")])
    files = dict(every_file(base))
    alone, told = _read_complete(user / COMPLETE)
    faults = [*told, *_strangers(user)]
    origins: dict[str, Origin] = {}
    found = False
    for path in catalogue.TABLES:
        file = user / path
        stands_alone = path in alone or EVERY in alone
        if not _is_there(file):
            if stands_alone:
                files.pop(path, None)
            continue
        found = True
        data, told = read_bounded(file)
        faults.extend(told)
        if data is None:
            continue
        name = path.rpartition("/")[2]
        if stands_alone:
            files[path] = data
            origins[name] = Origin(str(file), None)
            continue
        merged, rows, told = _merge(path, str(file), files.get(path, b""), data)
        faults.extend(told)
        if merged is not None:
            files[path] = merged
            origins[name] = Origin(str(file), rows)
    files[SOURCES], has_sources, told = _merge_sources(files.get(SOURCES, b""), user / SOURCES)
    faults.extend(told)
    if not (found or has_sources or faults):
        message = "holds no table; tables stand in network/, tariffs/ and rules/ below it"
        faults.append(TableFault(str(user), None, "", "no-tables", f"the folder {message}"))
    return Layered(MemoryFolder(files), tuple(faults), origins)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_there(path: Path) -> bool:
    """Whether something has this name; what cannot be looked at is told when it is read."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def every_file(folder: Traversable, path: str = "") -> Iterable[tuple[str, bytes]]:
    """Every table below a folder, with its path there and its bytes."""
    for each in folder.iterdir():
        if each.is_dir():
            yield from every_file(each, f"{path}{each.name}/")
        elif each.name.endswith((".csv", ".toml")):
            yield f"{path}{each.name}", each.read_bytes()


def _read_complete(file: Path) -> tuple[frozenset[str], Faults]:
    """Give the tables that stand alone; without the file, none."""
    if not _is_there(file):
        return frozenset(), ()
    data, faults = read_bounded(file)
    if data is None:
        return frozenset(), faults
    try:
        found = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        message = f"cannot be read: {error}"
        return frozenset(), (TableFault(str(file), None, "", "not-toml", message),)
    tables = found.get("tables")
    known = {*catalogue.TABLES, EVERY}
    if (
        set(found) != {"tables"}
        or not isinstance(tables, list)
        or not set(map(str, tables)) <= known
    ):
        message = 'must hold tables = [...] alone, each like "network/links.csv", or "*" for all'
        return frozenset(), (TableFault(str(file), None, "tables", "not-in-list", message),)
    return frozenset(map(str, tables)), ()


def _strangers(user: Path) -> Iterable[TableFault]:
    """`unknown-table`: a CSV file where tables are looked for, which is none of them."""
    folders = sorted({path.rpartition("/")[0] for path in catalogue.TABLES})
    for folder in ("", *folders):
        try:
            names = sorted(each.name for each in (user / folder).glob("*.csv"))
        except OSError:
            continue
        for name in names:
            path = f"{folder}/{name}" if folder else name
            if path not in catalogue.TABLES:
                yield TableFault(str(user / path), None, "", "unknown-table", _advice(path))


def _advice(path: str) -> str:
    names = {each.rpartition("/")[2]: each for each in catalogue.TABLES}
    close = difflib.get_close_matches(path.rpartition("/")[2], names, n=1)
    return f"there is no such table; {names[close[0]]}?" if close else "there is no such table"


def _merge_sources(ours: bytes, file: Path) -> tuple[bytes, bool, Faults]:
    if not _is_there(file):
        return ours, False, ()
    data, faults = read_bounded(file)
    if data is None:
        return ours, True, faults
    shipped, _ = parse_sources(SOURCES, ours)
    theirs, faults = parse_sources(str(file), data)
    return render_sources({**shipped, **theirs}), True, faults


def _merge(
    path: str, file: str, ours: bytes, theirs: bytes
) -> tuple[bytes | None, Sequence[tuple[bool, int]], Faults]:
    """Lay one table over the shipped one."""
    base, told = split_table(path, ours)
    assert base is not None, told
    table, faults = split_table(file, theirs)
    if table is None:
        return None, (), faults
    told_rows = list(_header_faults(path, file, table.header))
    if any(fault.code != "unknown-column" for fault in told_rows):
        return None, (), tuple(told_rows)
    names = [column.name for column in catalogue.columns(path)]
    key = catalogue.key(path)
    merged = {
        tuple(record.get(c, "") for c in key): (record, (False, number))
        for number, record in enumerate(base.records(), start=2)
    }
    seen: set[tuple[str, ...]] = set()
    for number, record in enumerate(table.records(), start=2):
        name = tuple(record[c] for c in key)
        report = partial(TableFault, file, number)
        remove = record.pop(REMOVE, "")
        if name in seen:
            told_rows.append(report(key[0], "duplicate-id", "stands twice in this table"))
        elif remove not in ("", "yes", "no"):
            told_rows.append(report(REMOVE, "not-yes-or-no", "must be yes, no or empty"))
        elif remove == "yes":
            if merged.pop(name, None) is None:
                told_rows.append(report(key[0], "unknown-row", "no row to be removed has this key"))
        elif name in merged:
            merged[name] = ({**merged[name][0], **record}, (True, number))
        else:
            lacking = _lacking(path, table.header)
            told_rows.extend(report(c, "missing-column", _NEW_ROW) for c in lacking)
            merged[name] = (record, (True, number))
        seen.add(name)
    rows = tuple(where for _, where in merged.values())
    made = RawTable.of(names, (record for record, _ in merged.values()))
    return join_table(made), rows, tuple(told_rows)


_NEW_ROW = "the row is new, so it needs this column"


def _header_faults(path: str, file: str, header: Sequence[str]) -> Iterable[TableFault]:
    known = {column.name for column in catalogue.columns(path)} | {REMOVE}
    report = partial(TableFault, file, 1)
    for name in header:
        if name not in known:
            yield report(name, "unknown-column", "the table has no such column")
    for name in catalogue.key(path):
        if name not in header:
            yield report(name, "missing-column", "the column names the row; it must be there")


def _lacking(path: str, header: Sequence[str]) -> list[str]:
    return [c.name for c in catalogue.columns(path) if c.required and c.name not in header]
