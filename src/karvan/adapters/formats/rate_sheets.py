"""The `RateSheets` port on files: the tariff book as a workbook or as a folder of CSV files.

What is written is laid over the shipped tables with `--data`. A fault is told by the sheet or
file it stands in, with row, column and what would be right.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from karvan.adapters.files.bounded import read_bounded
from karvan.adapters.files.overlay import COMPLETE
from karvan.adapters.files.published import FileTables, published_of
from karvan.adapters.files.raw_tables import join_table
from karvan.adapters.files.source_keys import FILE as SOURCES
from karvan.adapters.files.source_keys import render_sources
from karvan.adapters.files.tariff_tables import TARIFF_TABLES
from karvan.adapters.formats import xlsx
from karvan.adapters.formats.exchange import (
    folder_of,
    hashes_of,
    raw_tables,
    read_workbook,
    sources_of,
)
from karvan.adapters.formats.writing import require_new_folder, write_file, write_folder
from karvan.domain.errors import InvalidTables, TableFault
from karvan.domain.tariff import TariffBook
from karvan.services.exchange import Exchanged
from karvan.services.quoting.published import Published

Files = Mapping[str, bytes]
Faults = tuple[TableFault, ...]
Tell = Callable[[TableFault], TableFault]

#: Tables of the book by path, as a workbook and a data folder have them.
PATHS: Final = tuple(f"tariffs/{name}" for name in TARIFF_TABLES)
WORKBOOK: Final = ".xlsx"


class FileRateSheets:
    """Reads and writes tariff books; `None` for a folder means the shipped one."""

    def book(self, source: Path | None) -> TariffBook:
        """Give the book of a folder or workbook laid over the shipped tables."""
        if source is None or (source / "tariffs").is_dir():
            return FileTables().load(source).book
        files, faults, tell = _read(source)
        with _checked(files, faults, tell) as published:
            return published.book

    def export(self, target: Path, folder: Path | None = None) -> Exchanged:
        """Write the tables of the book to a workbook or folder."""
        published = FileTables().load(folder)
        data = folder_of(folder)
        tables, sources = raw_tables(data, PATHS), sources_of(data)
        if target.suffix.lower() == WORKBOOK:
            write_file(target, xlsx.render_xlsx(tables, sources))
        else:
            files = {path: join_table(table) for path, table in tables.items()}
            write_folder(target, _alone({**files, SOURCES: render_sources(sources)}))
        rows = {path: len(table.rows) for path, table in tables.items()}
        return Exchanged(path=target, rows=rows, hashes=hashes_of(published))

    def read(self, source: Path, target: Path, *, add: bool) -> Exchanged:
        """Read a workbook or folder into a new folder of tables, all of it or nothing."""
        require_new_folder(target)
        files, faults, tell = _read(source)
        if not add:
            files = _alone(files)
        with _checked(files, faults, tell) as published:
            write_folder(target, files)
            rows = {path: data.count(b"\n") - 1 for path, data in files.items() if path in PATHS}
            return Exchanged(path=target, rows=rows, hashes=hashes_of(published))


def _alone(files: Files) -> Files:
    """Say that the tables stand alone: what they leave out is left out."""
    lines = "".join(f'    "{path}",\n' for path in PATHS if path in files)
    return {**files, COMPLETE: f"tables = [\n{lines}]\n".encode()}


@contextmanager
def _checked(files: Files, faults: Faults, tell: Tell) -> Iterator[Published]:
    """Lay files over the shipped tables and check all of it; one fault and nothing is given."""
    if not any(path in PATHS for path in files):
        raise InvalidTables(faults)
    with tempfile.TemporaryDirectory(prefix="karvan-") as name:
        scratch = Path(name) / "tables"
        write_folder(scratch, files)
        checked = FileTables().check(scratch)
    told = (*faults, *map(tell, checked.faults))
    if told:
        raise InvalidTables(told)
    yield published_of(checked)


def _read(source: Path) -> tuple[Files, Faults, Tell]:
    if source.suffix.lower() == WORKBOOK:
        files, faults, tell = read_workbook(source)
        strangers = sorted(path for path in files if path not in (*PATHS, SOURCES))
        if not faults and not any(path in PATHS for path in files):
            message = "it has no sheet of the tariff book, like rates"
            faults = (TableFault(str(source), None, "", "no-tables", message),)
        for path in strangers:
            where = f"{source}#{xlsx.sheet_name(path)}"
            message = "is no table of the tariff book; take the sheet out"
            faults = (*faults, TableFault(where, None, "", "unknown-sheet", message))
        return {p: d for p, d in files.items() if p not in strangers}, faults, tell
    return _read_folder(source)


def _read_folder(source: Path) -> tuple[Files, Faults, Tell]:
    """Read the tables of a folder, in it or in its folder `tariffs`."""
    files: dict[str, bytes] = {}
    faults: list[TableFault] = []
    at: dict[str, str] = {}
    wanted = {path: path.rpartition("/")[2] for path in PATHS} | {SOURCES: SOURCES}
    for path, name in wanted.items():
        for place in (source / path, source / name):
            data, told = read_bounded(place)
            if data is not None:
                files[path], at[path] = data, str(place)
                break
            faults.extend(each for each in told if each.code != "no-file")
    if not faults and not any(path in PATHS for path in files):
        known = ", ".join(TARIFF_TABLES)
        message = (
            f"it has no table of the tariff book; there are: {known}"
            if source.is_dir()
            else "there is no such folder or workbook"
        )
        faults.append(TableFault(str(source), None, "", "no-tables", message))

    def tell(fault: TableFault) -> TableFault:
        for path, place in at.items():
            if fault.file.endswith(path):
                return replace(fault, file=place)
        return fault

    return files, tuple(faults), tell
