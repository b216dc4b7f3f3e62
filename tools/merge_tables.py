"""What the merge reads and writes: the facts, the decision tables, the shipped tables."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DECISIONS = ROOT / "tools" / "merge"

Row = dict[str, str]

#: The four fact files whose every row must be accounted for.
MERGED_FILES = ("nodes", "links", "oil_nodes", "oil_links")


#: A figure of ours in one of these columns makes the row an estimate.
_REFIGURED = ("length_km", "running_h")


class MergeError(Exception):
    """A decision is missing, names nothing, or contradicts another."""


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [dict(row) for row in csv.DictReader(handle, strict=True)]


def render(columns: tuple[str, ...], rows: list[Row]) -> bytes:
    """Write a table: given columns, given order, unknown columns refused."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def reference(file: str, row: Row) -> str:
    """Name a fact row: by its id where it has one, else by what identifies it."""
    if "id" in row:
        return f"{file}:{row['id']}"
    if "code" in row:
        return f"{file}:{row['code']}"
    return f"{file}:{row['from']}--{row['to']}:{row['mode']}"


@dataclass(frozen=True)
class Inputs:
    """Facts by file, decisions by table, and every fact row by its reference."""

    facts: dict[str, list[Row]]
    decisions: dict[str, list[Row]]
    by_reference: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def load(cls, root: Path = ROOT) -> Inputs:
        facts = {
            path.stem: read(path)
            for path in sorted((root / "facts").glob("*.csv"))
            if path.stem != "accounting"  # tells what became of the rows, and is none itself
        }
        decisions = {
            path.stem: read(path) for path in sorted((root / "tools" / "merge").glob("*.csv"))
        }
        by_reference: dict[str, Row] = {}
        for file, rows in facts.items():
            for row in rows:
                name = reference(file, row)
                if name in by_reference:
                    raise MergeError(f"two fact rows are called {name}")
                by_reference[name] = row
        return cls(facts, decisions, by_reference)

    def source_of(self, facts: str, source: str = "") -> str:
        """Give the source keys of fact references and of a decision, sorted, once each."""
        keys = {self._fact(name)["source"] for name in facts.split(";") if name}
        return ";".join(sorted(keys | ({source} if source else set())))

    def _fact(self, name: str) -> Row:
        if name not in self.by_reference:
            raise MergeError(f"no fact row is called {name}")
        return self.by_reference[name]


def join(*lists: str) -> str:
    """Unite semicolon lists: first come, first kept, once each."""
    parts = [part for text in lists for part in text.split(";") if part]
    return ";".join(dict.fromkeys(parts))


def apply_overrides(inputs: Inputs, table: str, rows: list[Row], columns: tuple[str, ...]) -> None:
    """Write the overrides of one table into its rows and add their facts and sources.

    A link's override goes to both directions.
    """
    for override in inputs.decisions["overrides"]:
        if override["table"] != table:
            continue
        hit = [row for row in rows if override["id"] in (row["id"], row.get("reverse_of"))]
        if not hit or override["column"] not in columns or not override["reason"]:
            raise MergeError(f"override of nothing or without a reason: {override}")
        for row in hit:
            row[override["column"]] = override["value"]
            if override["column"] in _REFIGURED:
                row["estimate"] = "yes"
            row["fact"] = join(row["fact"], override["fact"])
            added = inputs.source_of(override["fact"], override["source"])
            row["source"] = ";".join(sorted(join(row["source"], added).split(";")))
