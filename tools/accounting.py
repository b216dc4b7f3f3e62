"""Hold the account of the facts: what became of each row of facts/.

    python tools/accounting.py            count rows by file and use
    python tools/accounting.py --check    fail when the account and the tables disagree
    python tools/accounting.py --renew    write anew where each row is used, then check

The account, `facts/accounting.csv`, is made by hand: a use and a reason for each row. Only the
column `where` and `used_by` of the observations repeat what the tables say, and `--renew`
writes those. A row that a table names for the first time becomes `used`; one that no table
names any more needs a decision, and the check says so.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILES = (
    "nodes",
    "links",
    "oil_nodes",
    "oil_links",
    "freight",
    "energy_trade",
    "operations",
    "tariffs",
    "fx",
    "disruptions",
    "observations",
)
USES = ("used", "observation", "check", "context", "refused", "corrected")
COLUMNS = ("row", "file", "use", "where", "reason")

#: File of a row that is named without one, by its first letter.
FILE_OF = {
    "D": "disruptions",
    "E": "energy_trade",
    "F": "freight",
    "O": "operations",
    "R": "fx",
    "T": "tariffs",
    "X": "observations",
}
#: Columns that name the rows of a table, the first that it has.
KEYS = (
    "id",
    "link",
    "key",
    "code",
    "un",
    "rule",
    "links",
    "service",
    "place",
    "country",
    "from_place",
)
#: Decisions of the merge that use a fact or compare with it; the rest only hand it on.
DECISIONS = ("overrides", "rules", "links_added", "places_added", "not_links")
#: Tables whose rows compare with a fact and set nothing, but for those that say they do.
CHECKS = ("network/route_lengths.csv", "planning/outage_checks.csv", "tools/merge/not_links.csv")
#: Tables that name a row as evidence that something is so, or tell it again to people; no model
#: takes a figure from them.
EVIDENCE = ("network/permissions.csv", "trade/values.csv", "trade/goods.csv")
OBSERVATIONS = "demand/observations.csv"

_RANGE = re.compile(r"([A-Z])([0-9]+)-[A-Z]?([0-9]+)")

Fact = tuple[str, str]
Row = dict[str, str]
#: Table to the rows of it that name a fact.
Named = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Account:
    """The facts, the account of them and what the tables name."""

    facts: Mapping[Fact, Row]
    rows: list[Row]
    named: Mapping[Fact, Named]
    observations: list[Row]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, tuple(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8"))


def name_of(row: Row) -> str:
    """Name a fact row as the tables do."""
    if "id" in row:
        return row["id"]
    return row["code"] if "code" in row else f"{row['from']}--{row['to']}:{row['mode']}"


def read_facts(root: Path = ROOT) -> dict[Fact, Row]:
    found: dict[Fact, Row] = {}
    for file in FILES:
        for row in read(root / "facts" / f"{file}.csv"):
            fact = file, name_of(row)
            assert fact not in found, fact
            found[fact] = row
    return found


def references(cell: str) -> Iterator[Fact]:
    """Name the facts of a cell: `freight:F055`, `F315`, `O366-O377;O426`."""
    for part in filter(None, cell.split(";")):
        file, colon, row = part.partition(":")
        if colon and file in FILES:
            yield file, row
            continue
        span = _RANGE.fullmatch(part)
        if span is None:
            yield FILE_OF.get(part[:1], "?"), part
            continue
        letter, first, last = span.groups()
        for number in range(int(first), int(last) + 1):
            yield FILE_OF.get(letter, "?"), f"{letter}{number:0{len(first)}d}"


def tables(root: Path = ROOT) -> Iterator[tuple[str, list[Row]]]:
    """Give every table that may name facts, shipped ones by their path below data/."""
    data = root / "src" / "karvan" / "data"
    paths = {path.relative_to(data).as_posix(): path for path in data.glob("*/*.csv")}
    for name in DECISIONS:
        paths[f"tools/merge/{name}.csv"] = root / "tools" / "merge" / f"{name}.csv"
    for name, path in sorted(paths.items()):
        rows = read(path)
        if rows and "fact" in rows[0]:
            yield name, rows


def read_named(root: Path = ROOT) -> dict[Fact, dict[str, tuple[str, ...]]]:
    found: dict[Fact, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for table, rows in tables(root):
        key = next(column for column in KEYS if column in rows[0])
        for row in rows:
            label = f"{table} (sets a link)" if row.get("used_to_set_a_link") == "yes" else table
            for fact in references(row["fact"]):
                before = found[fact].get(label, ())
                if row[key] not in before:
                    found[fact][label] = (*before, row[key])
    return dict(found)


def load(root: Path = ROOT) -> Account:
    return Account(
        facts=read_facts(root),
        rows=read(root / "facts" / "accounting.csv"),
        named=read_named(root),
        observations=read(root / "src" / "karvan" / "data" / OBSERVATIONS),
    )


def where(named: Named, *, observed: bool) -> str:
    """Write where a fact is named: `tariffs/rates.csv#R001 R002; network/services.csv#X`."""
    return "; ".join(
        f"{table}#{' '.join(rows)}"
        for table, rows in sorted(named.items())
        if (table == OBSERVATIONS) is observed
    )


def used_by(named: Named) -> str:
    """Write the rows whose figures were made from a fact, as the observations list them."""
    apart = (OBSERVATIONS, *CHECKS, *EVIDENCE)
    return ";".join(
        f"{table}#{row}"
        for table, rows in sorted(named.items())
        if table not in apart
        for row in rows
    )


def renew(account: Account) -> list[Row]:
    """Give the account with `where` as the tables have it now."""
    return [renewed(row, account.named.get((row["file"], row["row"]), {})) for row in account.rows]


def renewed(row: Row, named: Named) -> Row:
    others = {table for table in named if table != OBSERVATIONS}
    use = row["use"]
    if others - set(CHECKS) and use != "corrected":
        use = "used"
    elif use == "used" and OBSERVATIONS in named:
        use = "observation"
    if use in ("used", "observation", "check"):
        place = where(named, observed=use == "observation")
        reason = row["reason"] if row["use"] == use else ""
        return row | {"use": use, "where": place, "reason": reason}
    return row


def faults(account: Account) -> Iterator[str]:
    """Tell everything in which facts, account and tables disagree."""
    counted = Counter((row["file"], row["row"]) for row in account.rows)
    for fact in account.facts:
        if counted[fact] != 1:
            yield f"{':'.join(fact)} stands {counted[fact]} times in the account"
    for fact in counted:
        if fact not in account.facts:
            yield f"{':'.join(fact)} is in the account and no row of facts/"
    for fact, named in account.named.items():
        if fact not in account.facts:
            yield f"{':'.join(fact)} is named by {', '.join(named)} and no row of facts/"
    for row in account.rows:
        yield from row_faults(row, account)
    yield from correction_faults(account)
    yield from observation_faults(account)


def row_faults(row: Row, account: Account) -> Iterator[str]:
    fact = row["file"], row["row"]
    named, use, label = account.named.get(fact, {}), row["use"], ":".join(fact)
    if use not in USES:
        yield f"{label}: no use is called {use!r}"
    if use in ("context", "refused", "check") and not row["reason"]:
        yield f"{label}: {use} needs a reason"
    if use in ("context", "refused", "corrected") and named:
        yield f"{label}: is {use}, yet named by {', '.join(named)}"
    if use in ("used", "observation", "check"):
        there = where(named, observed=use == "observation")
        if row["where"] != there:
            yield f"{label}: is said to be at {row['where']!r}, the tables have {there!r}"
        if use != "check" and not there:
            yield f"{label}: is {use}, yet no table names it"
    making = {table for table in named if table != OBSERVATIONS and table not in CHECKS}
    if use in ("observation", "check") and making:
        yield f"{label}: is {use}, yet {', '.join(sorted(making))} is made from it"


def correction_faults(account: Account) -> Iterator[str]:
    """Tell corrections that are not carried out, and corrected rows without one."""
    uses = {(row["file"], row["row"]): row for row in account.rows}
    corrections = {
        fact: row for fact, row in account.facts.items() if row.get("topic") == "correction"
    }
    by_subject = {
        next(references(row["subject"])): ":".join(fact) for fact, row in corrections.items()
    }
    for fact, correction in by_subject.items():
        row = uses.get(fact)
        if row is None or row["use"] != "corrected" or row["where"] != correction:
            yield f"{':'.join(fact)}: {correction} corrects it, and the account does not say so"
    for fact, row in uses.items():
        if row["use"] == "corrected" and fact not in by_subject:
            yield f"{':'.join(fact)}: is corrected by no row"


def observation_faults(account: Account) -> Iterator[str]:
    for row in account.observations:
        fact = next(references(row["fact"]))
        there = used_by(account.named.get(fact, {}))
        if row["used_by"] != there:
            yield f"{row['id']}: used_by is {row['used_by']!r}, the tables have {there!r}"


def counts(account: Account) -> str:
    """Write a table: rows by file and use."""
    found = Counter((row["file"], row["use"]) for row in account.rows)
    lines = ["| File | " + " | ".join(USES) + " | rows |", "|---|" + "---:|" * (len(USES) + 1)]
    for file in FILES:
        numbers = [found[file, use] for use in USES]
        lines.append(f"| {file} | " + " | ".join(map(str, [*numbers, sum(numbers)])) + " |")
    totals = [sum(found[file, use] for file in FILES) for use in USES]
    lines.append("| all | " + " | ".join(map(str, [*totals, sum(totals)])) + " |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    account = load()
    if "--renew" in arguments:
        write(ROOT / "facts" / "accounting.csv", COLUMNS, renew(account))
        seen = [
            row | {"used_by": used_by(account.named.get(next(references(row["fact"])), {}))}
            for row in account.observations
        ]
        write(ROOT / "src" / "karvan" / "data" / OBSERVATIONS, seen[0], seen)
        account = load()
    found = list(faults(account))
    for fault in found:
        print(f"accounting: {fault}", file=sys.stderr)
    if "--check" not in arguments:
        print(counts(account))
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
