"""Tables as text: a header and rows of cells, before anything is known of what they mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from karvan.adapters.files.tables import decode_table
from karvan.domain.errors import TableFault

Faults = tuple[TableFault, ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table whose every row has as many cells as its header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def records(self) -> Iterator[dict[str, str]]:
        """Each row by column."""
        for row in self.rows:
            yield dict(zip(self.header, row, strict=True))

    @classmethod
    def of(cls, header: Sequence[str], records: Iterable[Mapping[str, str]]) -> RawTable:
        """Put rows by column into a table; a column a row lacks is empty."""
        return cls(tuple(header), tuple(tuple(r.get(c, "") for c in header) for r in records))


def split_table(file: str, data: bytes) -> tuple[RawTable | None, Faults]:
    """Split bytes into cells.

    Returns
    -------
    The table and no fault, or `None` and all faults: `wrong-encoding`, `too-large`, `not-csv`,
    `no-header`, `duplicate-column`, `short-row`, `long-row`.
    """
    text, told = decode_table(file, data)
    if text is None:
        return None, told
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        row = len(records) + 1
        return None, (TableFault(file, row, "", "not-csv", f"cannot be split: {error}"),)
    return check_shape(file, records)


def check_shape(file: str, records: Sequence[Sequence[str]]) -> tuple[RawTable | None, Faults]:
    """Make a table of rows of which the first is the header, if they fit each other."""
    if not records or not any(records[0]):
        return None, (TableFault(file, 1, "", "no-header", "the table has no header"),)
    header = tuple(records[0])
    report = partial(TableFault, file, 1)
    faults = [
        report(name, "duplicate-column", "the column stands twice")
        for i, name in enumerate(header)
        if name in header[:i]
    ]
    for number, cells in enumerate(records[1:], start=2):
        if len(cells) != len(header):
            code = "short-row" if len(cells) < len(header) else "long-row"
            message = f"the row has {len(cells)} cells, the header {len(header)}"
            faults.append(TableFault(file, number, "", code, message))
    if faults:
        return None, tuple(faults)
    return RawTable(header, tuple(tuple(cells) for cells in records[1:])), ()


def join_table(table: RawTable) -> bytes:
    """Write a table as CSV in UTF-8, as the shipped ones are written."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.header)
    writer.writerows(table.rows)
    return buffer.getvalue().encode("utf-8")
