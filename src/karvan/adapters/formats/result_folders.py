"""Results of studies in folders: each table as CSV and as Parquet, and the manifest.

Parquet is written by DuckDB, from columns, so that no number goes through text. Only what the
CSV tables and the manifest say is read back; Parquet is for other programs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from errno import ENOSPC
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from karvan.adapters.files.bounded import read_bounded
from karvan.adapters.formats.writing import require_new_folder, require_room, write_folder
from karvan.domain.errors import InvalidInput
from karvan.services.planning.manifest import MANIFEST, Manifest
from karvan.services.planning.result_tables import (
    CellKind,
    Column,
    Table,
    parse_csv,
    render_csv,
)
from karvan.services.studies.tables import row_kind

#: The longest file that is read; the flows of a thousand links over ten years have 100 MB.
LONGEST_BYTES: Final = 1_000_000_000
_TYPES: Final = {
    CellKind.TEXT: "VARCHAR",
    CellKind.NUMBER: "DOUBLE",
    CellKind.FLAG: "BOOLEAN",
}


class FileResults:
    """The `ResultFolders` port on files."""

    def write(
        self,
        folder: Path,
        tables: Sequence[Table],
        manifest: Manifest | None,
        texts: Mapping[str, str],
    ) -> None:
        """Write a folder whole or not at all; raises `InvalidInput`."""
        require_new_folder(folder)
        try:
            files = self.files(tables, manifest, texts)
        except OSError as error:
            # Parquet grows in a folder of its own, on a disk that may be full.
            reason = error.strerror or type(error).__name__
            raise InvalidInput("the tables cannot be made", reason=reason) from None
        write_folder(folder, files)

    def files(
        self, tables: Sequence[Table], manifest: Manifest | None, texts: Mapping[str, str]
    ) -> Mapping[str, bytes]:
        """Give what a folder would hold, by name."""
        files: dict[str, bytes] = {}
        for table in tables:
            files[f"{table.name}.csv"] = render_csv(table).encode("utf-8")
            files[f"{table.name}.parquet"] = render_parquet(table)
        files |= {name: text.encode("utf-8") for name, text in texts.items()}
        if manifest is not None:
            files[MANIFEST] = manifest.to_text().encode("utf-8")
        return files

    def require_new(self, folder: Path) -> None:
        """Refuse a folder that holds something or cannot be made; raises `InvalidInput`."""
        require_new_folder(folder)
        require_room(folder)

    def manifest(self, given: Path) -> Manifest:
        """Read a manifest; raises `InvalidInput`."""
        return Manifest.parse(_read(given / MANIFEST if given.is_dir() else given))

    def tables(self, folder: Path) -> Mapping[str, Table]:
        """Read the tables of a folder back; raises `InvalidInput` where one was changed."""
        manifest, found = self.manifest(folder), {}
        for name, mark in manifest.tables.items():
            kind = row_kind(manifest.command, name)
            if kind is None:
                raise InvalidInput("the manifest names a table that no study has", table=name)
            table = parse_csv(name, kind, _read(folder / f"{name}.csv"))
            if table.hash != mark.hash:
                raise InvalidInput(
                    "a table is not the one of the manifest", path=str(folder / f"{name}.csv")
                )
            found[name] = table
        return found


def render_parquet(table: Table) -> bytes:
    """A table as Parquet; equal tables give equal contents."""
    import duckdb

    with (
        tempfile.TemporaryDirectory(prefix="karvan.") as scratch,
        duckdb.connect(config={"threads": 1}) as connection,
    ):
        target = Path(scratch) / "table.parquet"
        columns = {
            column.name: _values(column, [row[at] for row in table.rows])
            for at, column in enumerate(table.columns)
        }
        # One column of numbers says how many rows there are, even where there are none.
        connection.register("cells", {**columns, "_row": np.arange(len(table.rows))})
        # Names of columns are names of fields in our own types, never what somebody typed.
        chosen = ", ".join(f'{_cast(column)} AS "{column.name}"' for column in table.columns)
        told = connection.sql(f"SELECT {chosen} FROM cells ORDER BY _row")  # noqa: S608
        try:
            told.write_parquet(str(target))
        except duckdb.Error as error:
            raise OSError(ENOSPC, str(error)) from None
        return target.read_bytes()


def _values(column: Column, cells: Sequence[object]) -> NDArray[np.generic]:
    if column.kind is CellKind.NUMBER:
        return np.array([np.nan if cell is None else cell for cell in cells], np.float64)
    if column.kind is CellKind.FLAG:
        return np.array(cells, np.bool_)
    return np.array(cells, object)


def _cast(column: Column) -> str:
    """A column of ours in SQL; its name is a word of the program, never of a user."""
    value = f'CAST("{column.name}" AS {_TYPES[column.kind]})'
    if column.kind is CellKind.NUMBER and column.optional:
        return f"CASE WHEN isnan({value}) THEN NULL ELSE {value} END"
    return value


def _read(path: Path) -> str:
    data, faults = read_bounded(path, limit_bytes=LONGEST_BYTES)
    if data is None:
        raise InvalidInput("the file cannot be read", path=str(path), reason=faults[0].message)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("the file is no text in UTF-8", path=str(path)) from None
