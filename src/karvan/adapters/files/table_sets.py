"""Sets of tables: read, kept in memory as files, and moved with a quote in one file.

What is quoted from and what is stored are the same bytes: the files are read once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from karvan.adapters.files.bounded import read_bounded
from karvan.adapters.files.corridor_tables import shipped_data
from karvan.adapters.files.memory import MemoryFolder
from karvan.adapters.files.overlay import every_file, lay_over
from karvan.adapters.files.published import check_layered, check_tables, published_of
from karvan.adapters.formats.archives import pack, unpack
from karvan.adapters.formats.writing import write_file
from karvan.domain.errors import InvalidTables, StoreDamaged
from karvan.services.quoting.published import Published
from karvan.services.quoting.store import OpenedTables, StoredQuote, TableSet

#: The parts of the file in which a quote travels.
ANSWER: Final = "quote.json"
TABLES: Final = "tables/"


class FileTableSets:
    """The `TableSets` port on CSV files."""

    def open(self, folder: Path | None = None) -> OpenedTables:
        """Read the shipped tables, or a folder laid over them."""
        if folder is None:
            files = dict(every_file(shipped_data()))
            checked = check_tables(MemoryFolder(files))
        else:
            layered = lay_over(folder)
            checked = check_layered(layered)
            files = dict(every_file(layered.folder))
        return OpenedTables(published_of(checked), TableSet.of(files))

    def load(self, table_set: TableSet) -> Published:
        """Read the tables of a set."""
        return published_of(check_tables(MemoryFolder(dict(table_set.files))))

    def export(self, target: Path, quote: StoredQuote, tables: TableSet) -> None:
        """Write a quote and its tables to one file, a zip that anything can open."""
        files = {ANSWER: quote.answer.encode("utf-8")}
        files |= {TABLES + path: tables.files[path] for path in sorted(tables.files)}
        write_file(target, pack(files))

    def read_export(self, source: Path) -> tuple[StoredQuote, TableSet]:
        """Read such a file."""
        data, faults = read_bounded(source)
        if data is None:
            raise InvalidTables(faults)
        members, faults = unpack(str(source), data)
        if faults:
            raise InvalidTables(faults)
        tables = TableSet.of(
            {path[len(TABLES) :]: held for path, held in members.items() if path.startswith(TABLES)}
        )
        try:
            answer = members[ANSWER].decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            raise StoreDamaged("the file holds no quote of ours", path=str(source)) from None
        return StoredQuote.of(answer, tables.content_hash), tables
