"""Write the tables of docs/explanation/conflicts.md from the account of the facts.

    python tools/accounting_page.py            write the tables of the page
    python tools/accounting_page.py --check    fail when a table of the page is stale

The prose of the page is written by hand. A table stands between a line `<!-- made: NAME -->`
and a line `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable

import accounting
from accounting import Account, Row
from made_pages import keep

PAGE = accounting.ROOT / "docs" / "explanation" / "conflicts.md"

_BLOCK = re.compile(r"(<!-- made: ([a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)
_NUMBERED = re.compile(r"([A-Z])([0-9]+)")


def figure(told: Row) -> str:
    """Write the figure of a fact row: value, unit and period."""
    value = told.get("value") or told.get("amount") or ""
    unit = told.get("unit") or told.get("currency") or ""
    period = told.get("period") or ""
    return f"{value} {unit}" + (f", {period}" if period else "")


def shorten(rows: Iterable[str]) -> str:
    """Join row names, three or more in a row as a range: `T177-T191`.

    >>> shorten(["F001", "F003", "F004", "F005", "E009"])
    'F001, F003-F005, E009'
    """
    runs: list[list[str]] = []
    for row in rows:
        if runs and follows(runs[-1][-1], row):
            runs[-1].append(row)
        else:
            runs.append([row])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs]
    return ", ".join(parts)


def follows(before: str, row: str) -> bool:
    one, two = _NUMBERED.fullmatch(before), _NUMBERED.fullmatch(row)
    return (
        one is not None and two is not None and one[1] == two[1] and int(two[2]) == int(one[2]) + 1
    )


def grouped(account: Account, use: str) -> str:
    """Write the rows of a use by their reason, in the order of the account."""
    groups: dict[str, list[str]] = {}
    for row in account.rows:
        if row["use"] == use:
            name = f"`{row['row']}`" if ":" in row["row"] else row["row"]
            groups.setdefault(row["reason"], []).append(name)
    lines = [f"| {shorten(rows)} | {reason} |" for reason, rows in groups.items()]
    return "\n".join(["| Rows | Why |", "|---|---|", *lines])


def corrected(account: Account) -> str:
    lines = ["| Row | Told | Corrected by | To | Why |", "|---|---|---|---|---|"]
    for row in account.rows:
        if row["use"] != "corrected":
            continue
        told = account.facts[row["file"], row["row"]]
        by = next(accounting.references(row["where"]))
        lines.append(
            f"| {row['row']} {told['subject']}, {told['quantity']} | {figure(told)} | {by[1]} "
            f"| {figure(account.facts[by])} | {row['reason']} |"
        )
    return "\n".join(lines)


def conflicting(account: Account) -> str:
    lines = ["| Row | Told | Against | Remark |", "|---|---|---|---|"]
    for row in account.observations:
        if not row["conflicts_with"]:
            continue
        fact = next(accounting.references(row["fact"]))
        against = ", ".join(
            f"{other[1]}: {figure(account.facts[other])}"
            for other in accounting.references(row["conflicts_with"])
        )
        subject = f"{fact[1]} {row['subject']}, {row['quantity']}"
        lines.append(f"| {subject} | {figure(account.facts[fact])} | {against} | {row['note']} |")
    return "\n".join(lines)


def tagged(account: Account) -> str:
    """Count the observations by tag, and those that a table uses."""
    tags = ("observed", "capacity", "plan", "target", "forecast", "run_rate", "claim")
    lines = ["| Tag | Rows | Used by a table |", "|---|---:|---:|"]
    for tag in tags:
        rows = [row for row in account.observations if row["tag"] == tag]
        lines.append(f"| {tag} | {len(rows)} | {sum(bool(row['used_by']) for row in rows)} |")
    used = sum(bool(row["used_by"]) for row in account.observations)
    lines.append(f"| all | {len(account.observations)} | {used} |")
    return "\n".join(lines)


BLOCKS: dict[str, Callable[[Account], str]] = {
    "counts": accounting.counts,
    "corrected": corrected,
    "conflicts": conflicting,
    "refused": lambda account: grouped(account, "refused"),
    "checks": lambda account: grouped(account, "check"),
    "tags": tagged,
}


def render(page: str, account: Account) -> str:
    """Give the page with its tables made anew."""

    def made(match: re.Match[str]) -> str:
        return f"{match[1]}\n{BLOCKS[match[2]](account)}\n\n{match[3]}"

    return _BLOCK.sub(made, page)


def main(arguments: list[str]) -> int:
    before = PAGE.read_text(encoding="utf-8")
    return keep({PAGE: render(before, accounting.load())}, arguments, __file__)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
