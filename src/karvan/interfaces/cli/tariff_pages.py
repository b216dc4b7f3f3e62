"""What `karvan tariff` tells, on a page and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from karvan.domain.errors import TableFault
from karvan.domain.tariff import TariffBook
from karvan.interfaces.cli.network_pages import table
from karvan.interfaces.problems import table_fault_json
from karvan.interfaces.tariff_rows import figure_text, row_json
from karvan.services.exchange import Exchanged
from karvan.services.rate_sheets import Change, ChangedRow, SheetRow, State
from karvan.services.tables import CheckedTables

if TYPE_CHECKING:
    from rich.console import Console

Counts = Mapping[str, Mapping[str, int]]
#: Columns of the counts, as headings and as they are counted.
COUNTED = ("rows", "in use", "estimates", "over 24 months", *(state.value for state in State))


def check_json(
    book: TariffBook | None, counts: Counts, checked: CheckedTables, day: date
) -> Mapping[str, object]:
    """A checked book, as one JSON object."""
    return {
        "on": day.isoformat(),
        "tariff_version": book.version if book else None,
        "rows": {
            kind: {name.replace(" ", "_"): found.get(name, 0) for name in COUNTED}
            for kind, found in counts.items()
        },
        "base_tables": sorted(book.tables) if book else [],
        "joint_tariffs": [joint.id for joint in book.joints] if book else [],
        "exchange_rates": len(book.exchange_rates) if book else 0,
        "faults": [table_fault_json(fault) for fault in checked.faults],
        "warnings": [table_fault_json(fault) for fault in _ours(checked)],
    }


def draw_check(
    console: Console, book: TariffBook | None, counts: Counts, checked: CheckedTables, day: date
) -> None:
    """Counts of each kind of row, then faults and warnings, then the verdict."""
    if book is not None:
        kinds = [f"{kind}s" for kind in counts]
        made = table("", *kinds, numbers=kinds)
        for name in COUNTED:
            made.add_row(name, *(_number(found.get(name, 0)) for found in counts.values()))
        console.print(made)
        joints = ", ".join(joint.id for joint in book.joints) or "none"
        console.print(f"base tables    {', '.join(sorted(book.tables)) or 'none'}")
        console.print(f"joint tariffs  {joints}")
        console.print(f"exchange rates {len(book.exchange_rates)}\n")
    warnings = _ours(checked)
    for heading, faults in (("Faults", checked.faults), ("Warnings", warnings)):
        if faults:
            console.print(Text(heading, style="bold"))
            for fault in faults:
                console.print(Text(f"  {fault} [{fault.code}]"), soft_wrap=True)
            console.print()
    verdict = f"{len(checked.faults)} faults, {len(warnings)} warnings on {day}"
    console.print(Text(verdict, style="bold"))
    if book is not None:
        console.print(f"tariffs {book.version}")


def _ours(checked: CheckedTables) -> Sequence[TableFault]:
    names = {path.removeprefix("tariffs/") for path in checked.rows if path.startswith("tariffs/")}
    return [each for each in checked.warnings if each.file.rpartition("/")[2] in names]


def _number(value: int) -> str:
    return f"{value:,}" if value else ""


def show_json(book: TariffBook, rows: Sequence[SheetRow], day: date) -> Mapping[str, object]:
    """Rows of the book on a day, as one JSON object."""
    return {
        "on": day.isoformat(),
        "tariff_version": book.version,
        "rows": [row_json(each) for each in rows],
    }


def draw_show(console: Console, book: TariffBook, rows: Sequence[SheetRow], day: date) -> None:
    """Rows by carrier; what is on request or has no base says why."""
    joints = {joint.id: joint for joint in book.joints}
    for carrier, group in groupby(rows, key=lambda each: each.row.carrier):
        found = list(group)
        heading = {"": "Charges of places", "*": "Every carrier"}.get(carrier, carrier)
        if carrier in joints:
            joint = joints[carrier]
            heading = f"{joint.id}: {joint.name}, joint tariff of {', '.join(joint.members)}"
        console.print(Text(heading, style="bold"))
        for each in found:
            _draw_row(console, each)
        console.print()
    console.print(f"{len(rows)} rows on {day}, ~ an estimate; tariffs {book.version}")


def _draw_row(console: Console, each: SheetRow) -> None:
    """A row on two lines: what it is for; then figure, state and source."""
    row = each.row
    mark = "~" if row.estimate else ""
    ends = ""
    if each.figure is not None and (each.low, each.high) != (each.figure, each.figure):
        ends = f" ({figure_text(each.low) or 'open'} to {figure_text(each.high) or 'open'})"
    figure = (
        f"{mark}{figure_text(each.figure)} {each.unit}{ends}"
        if each.figure is not None
        else "asked"
    )
    source = ", ".join((*row.source, _facts(row.fact)) if row.fact else row.source)
    console.print(Text(f"  {row.id:6} {row.scope.value} {each.cargo}".rstrip() + f" · {each.way}"))
    console.print(Text(f"         {figure} · {_state(each)} · {source}"))
    if each.state in {State.ON_REQUEST, State.NO_BASE}:
        console.print(Text(f"         {row.note}"))


def _facts(facts: Sequence[str]) -> str:
    return facts[0] if len(facts) == 1 else f"{facts[0]} and {len(facts) - 1} more"


def _state(each: SheetRow) -> str:
    if each.state is State.IN_FORCE and each.row.valid_from is None:
        return "undated"
    age = f", {each.age_months} months" if each.age_months else ""
    return f"{each.state.value}{age}"


def diff_json(
    found: Sequence[ChangedRow], names: tuple[str, str], days: tuple[date, date]
) -> Mapping[str, object]:
    """Two books or days and how they differ, as one JSON object."""
    return {
        "differ": bool(found),
        "old": {"book": names[0], "on": days[0].isoformat()},
        "new": {"book": names[1], "on": days[1].isoformat()},
        "rows": [
            {
                "change": each.change.value,
                "percent": figure_text(each.percent),
                "old": row_json(each.old) if each.old else None,
                "new": row_json(each.new) if each.new else None,
            }
            for each in found
        ],
    }


def draw_diff(
    console: Console,
    found: Sequence[ChangedRow],
    names: tuple[str, str],
    days: tuple[date, date],
) -> None:
    """What changed, what appeared, what ended, each row on two lines."""
    for change, group in groupby(found, key=lambda each: each.change):
        console.print(Text(change.value.capitalize(), style="bold"))
        for each in group:
            row = each.new or each.old
            assert row is not None
            carrier = row.row.carrier or "places"
            what = f"{carrier} {row.row.scope.value} {row.cargo}".rstrip()
            console.print(Text(f"  {row.row.id:6} {what} · {row.way}"))
            console.print(Text(f"         {_before_after(each)}"))
        console.print()
    counted = ", ".join(
        f"{sum(each.change is change for each in found)} {change.value}" for change in Change
    )
    console.print(f"{names[0]} on {days[0]} against {names[1]} on {days[1]}: {counted}")


def _before_after(each: ChangedRow) -> str:
    parts = [_figure(row) for row in (each.old, each.new) if row is not None]
    percent = "" if each.percent is None else f", {each.percent:+} %"
    return " -> ".join(parts) + percent


def _figure(each: SheetRow) -> str:
    carried = ", carried forward" if each.state is State.CARRIED_FORWARD else ""
    return f"{figure_text(each.figure) or 'on request'} {each.unit}{carried}"


def draw_exchanged(console: Console, done: Exchanged) -> None:
    """Rows of each table, and where they are now."""
    made = table("table", "rows", numbers=("rows",))
    for name, rows in done.rows.items():
        made.add_row(name, f"{rows:,}")
    console.print(made)
    console.print(f"written to {done.path}, tariffs {done.hashes.tariff_version}")
