"""A backup: every row of a database in one file that either engine can be filled from.

The file is a zip: `manifest.json` with the version of the tables and, for each table, its rows
and the SHA-256 of its file; and a `TABLE.jsonl` each, a row a line in the order of the primary
key, bytes as `{"base64": ...}`.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Connection, MetaData, Table, func, inspect, select

from karvan.adapters.sql import journal
from karvan.adapters.sql.database import SqlDatabase
from karvan.adapters.sql.schema import EMPTY, NEWEST, REVISIONS, migrate, version_of
from karvan.adapters.sql.tables import versions
from karvan.domain.errors import InvalidInput, StoreUnavailable

FORMAT: Final = "karvan-backup-1"
_MANIFEST: Final = "manifest.json"
#: The longest line that is read: a row with a set of tables or an answer.
_LONGEST: Final = 256 * 1024 * 1024
_AT_ONCE: Final = 200


def write_backup(database: SqlDatabase, target: Path) -> Mapping[str, int]:
    """Write every row, as they are at one moment, to a new file; whole or not at all.

    Raises
    ------
    InvalidInput
        The file is there already or cannot be written.
    """
    if os.path.lexists(target):
        raise InvalidInput("there is such a file already", path=str(target))
    try:
        handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=".backup-")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput("the file cannot be written", path=str(target), reason=reason) from None
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            counts = _write(database, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(partial, target)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput("the file cannot be written", path=str(target), reason=reason) from None
    finally:
        partial.unlink(missing_ok=True)
    return counts


def _write(database: SqlDatabase, stream: IO[bytes]) -> Mapping[str, int]:
    counts, hashes = {}, {}
    with (
        database.transaction(one_moment=True) as connection,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        version = version_of(connection)
        if version == EMPTY:
            raise StoreUnavailable("there is nothing in it yet")
        for table in tables_of(connection):
            digest, rows = sha256(), 0
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as file:
                for row in connection.execute(select(table).order_by(*table.primary_key)):
                    line = _line(dict(row._mapping))
                    digest.update(line)
                    file.write(line)
                    rows += 1
            counts[table.name], hashes[table.name] = rows, digest.hexdigest()
        manifest = {
            "format": FORMAT,
            "version": version,
            "tables": {name: {"rows": counts[name], "sha256": hashes[name]} for name in counts},
        }
        archive.writestr(_MANIFEST, json.dumps(manifest, indent=2) + "\n")
    return counts


def tables_of(connection: Connection) -> list[Table]:
    """Give the tables that are there, those that others point at first."""
    found = MetaData()
    found.reflect(connection)
    return [each for each in found.sorted_tables if each.name != versions.name]


def count_rows(connection: Connection) -> dict[str, int]:
    """Say how many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables_of(connection)
    }


def read_backup(database: SqlDatabase, source: Path) -> Mapping[str, int]:
    """Fill an empty database, all or nothing, and bring it to this program's version.

    Raises
    ------
    InvalidInput
        The file is no backup, is damaged, or the database is not empty.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            with database.transaction(writes=True) as connection:
                if inspect(connection).get_table_names():
                    raise InvalidInput("the database is not empty; name a new one")
                migrate(connection, EMPTY, str(manifest["version"]))
                for table in tables_of(connection):
                    _fill(connection, table, archive, manifest["tables"][table.name])
                migrate(connection, str(manifest["version"]), NEWEST)
                journal.adopt(connection)
                return count_rows(connection)
    except (OSError, zipfile.BadZipFile, NotImplementedError, KeyError, TypeError) as error:
        reason = str(error) or type(error).__name__
        raise InvalidInput("this is no backup of ours", path=str(source), reason=reason) from None


def _manifest(archive: zipfile.ZipFile) -> dict[str, dict[str, dict[str, object]]]:
    try:
        found = json.loads(_limited(archive.open(_MANIFEST)).decode("utf-8"))
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise InvalidInput("this is no backup of ours", format=FORMAT)
    if found.get("version") not in REVISIONS:
        raise InvalidInput("a newer program made this backup", version=found.get("version"))
    return found


def _limited(file: IO[bytes]) -> bytes:
    with file:
        return file.read(1024 * 1024)


def _fill(
    connection: Connection, table: Table, archive: zipfile.ZipFile, told: Mapping[str, object]
) -> None:
    digest, count = sha256(), 0
    rows: list[dict[str, object]] = []
    with archive.open(f"{table.name}.jsonl") as file:
        for line in _lines(file):
            digest.update(line)
            count += 1
            rows.append(_row(line))
            if len(rows) == _AT_ONCE:
                connection.execute(table.insert(), rows)
                rows = []
    if rows:
        connection.execute(table.insert(), rows)
    if digest.hexdigest() != told["sha256"] or count != told["rows"]:
        raise InvalidInput("the backup is damaged", table=table.name)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(_LONGEST):
        yield line


def _line(row: Mapping[str, object]) -> bytes:
    values = {
        name: {"base64": base64.b64encode(value).decode("ascii")}
        if isinstance(value, bytes)
        else value
        for name, value in row.items()
    }
    return (json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")


def _row(line: bytes) -> dict[str, object]:
    try:
        values = json.loads(line)
        return {
            name: base64.b64decode(value["base64"], validate=True)
            if isinstance(value, dict)
            else value
            for name, value in values.items()
        }
    except (ValueError, KeyError, AttributeError):
        raise InvalidInput("the backup is damaged", reason="a row cannot be read") from None
