"""Pages of `karvan network`: tables that need no colour to be understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from karvan.interfaces.cli import words
from karvan.services.quoting import wording
from karvan.services.quoting.gazetteer import Named
from karvan.services.tables import CheckedTables
from karvan.services.words import SOURCE, Labels, phrase, spoken

if TYPE_CHECKING:
    from rich.console import Console

Row = Mapping[str, object]
#: Names of places and cities by id, in the language of the reader.
Names = Mapping[str, str]

#: Headings of columns by the key of the row.
_HEADINGS: Final = Labels(
    "column",
    {
        "id": "id",
        "name": "name",
        "country": "country",
        "kind": "kind",
        "gauges_mm": "gauges, mm",
        "status": "status",
        "mode": "mode",
        "length_km": "km",
        "running_h": "hours",
        "operator": "operator",
        "carrier": "carrier",
        "headway_h": "every, h",
        "calls": "calls",
        "operators": "operators",
    },
)
_NUMBERS: Final = ("length_km", "running_h", "headway_h")


def table(*headings: str, numbers: Sequence[str] = ()) -> Table:
    """A quiet table; the columns in `numbers` are set right."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        made.add_column(heading, justify="right" if heading in numbers else "left")
    return made


def draw_check(console: Console, checked: CheckedTables) -> None:
    """Row counts, then faults, then warnings, then the verdict."""
    counts = table("table", "rows", numbers=("rows",))
    for name, rows in checked.rows.items():
        counts.add_row(name, f"{rows:,}")
    console.print(counts)
    for heading, faults in (("Faults", checked.faults), ("Warnings", checked.warnings)):
        if faults:
            console.print(Text(heading, style="bold"))
            for fault in faults:
                console.print(Text(f"  {fault} [{fault.code}]"), soft_wrap=True)
            console.print()
    verdict = f"{_count(len(checked.faults), 'fault')}, {_count(len(checked.warnings), 'warning')}"
    console.print(Text(verdict, style="bold"))
    if checked.published is not None:
        console.print(f"network {checked.published.network.hashes.network}")
        console.print(f"tariffs {checked.published.book.version}")


def draw_place(console: Console, place: Row, names: Names) -> None:
    """A place, or a city and each of its members."""
    console.print(Text(f"{_named(names, place)}  {place['id']}", style="bold"))
    kind = wording.PLACE_KINDS.get(str(place["kind"]), str(place["kind"]).replace("_", " "))
    console.print(f"{kind}, {spoken().country(str(place['country']))}")
    codes = [f"{c['code']} ({c['scheme']}{_listed(c)})" for c in _rows(place, "codes")]
    if codes:
        console.print(f"Also {', '.join(codes)}")
    if place.get("note"):
        console.print(str(place["note"]))
    if "places" in place:
        _source(console, place)
        for member in _rows(place, "places"):
            console.print()
            draw_place(console, member, names)
        return
    gauges = " and ".join(f"{g} mm" for g in cast("list[int]", place["gauges_mm"]))
    console.print(
        f"{_status(place['status'])} · gauge {gauges or 'none'} · customs territory "
        f"{place['customs_territory']} · {place['time_zone']}"
    )
    _source(console, place)
    _draw_links(console, place, names)
    _draw_activities(console, place)
    _draw_services(console, place)


def _draw_links(console: Console, place: Row, names: Names) -> None:
    numbers = ("km", "hours")
    made = table("links out", "mode", "km", "hours", "status", "operator", "", numbers=numbers)
    for link in _rows(place, "links"):
        made.add_row(
            f"{names.get(str(link['to']), link['to_name'])} ({link['to']})",
            _mode(link["mode"]),
            _figure(link["length_km"]),
            _figure(link["running_h"]),
            _status(link["status"]),
            str(link["operator"]),
            _mark(link),
        )
    console.print(made)


def _draw_activities(console: Console, place: Row) -> None:
    rows = _rows(place, "activities")
    if not rows:
        console.print("No dwell or border time is known here.\n")
        return
    made = table("takes time", "binds", "hours", "low - high", "source", "", numbers=("hours",))
    for row in rows:
        modes = [_side(row[name]) for name in ("mode_from", "mode_to") if row[name] != "*"]
        span = "" if row["low_h"] is None else f"{_figure(row['low_h'])} - {_figure(row['high_h'])}"
        made.add_row(
            " · ".join([_act(row["activity"]), *([_between(modes)] if modes else [])]),
            phrase("everywhere") if row["binds"] == "everywhere" else str(row["binds"]),
            _figure(row["value_h"]),
            span,
            ", ".join(cast("list[str]", row["source"])),
            _mark(row),
        )
    console.print(made)


def _draw_services(console: Console, place: Row) -> None:
    rows = _rows(place, "services")
    if not rows:
        console.print("No service calls here.")
        return
    made = table("services", "name", "carrier", "mode", "every, h", "", numbers=("every, h",))
    for row in rows:
        status = "" if row["status"] == "open" else f" ({row['status']})"
        made.add_row(
            str(row["id"]),
            f"{row['name']}{status}",
            str(row["carrier"]),
            _mode(row["mode"]),
            _figure(row["headway_h"]),
            _mark(row),
        )
    console.print(made)


def draw_rows(console: Console, rows: Sequence[Row], noun: str, names: Names) -> None:
    """Rows of one kind; the keys of the first are the columns."""
    columns = [name for name in rows[0] if name != "estimate"]
    headings = [_HEADINGS[name] for name in columns]
    marked = "estimate" in rows[0]
    numbers = [_HEADINGS[name] for name in columns if name in _NUMBERS]
    made = table(*headings, *([""] if marked else []), numbers=numbers)
    made.columns[0].no_wrap = True
    for row in rows:
        told = {**row, "name": _named(names, row)} if "name" in row else row
        cells = [_worded(name, told[name]) for name in columns]
        made.add_row(*cells, *([_mark(row)] if marked else []))
    console.print(made)
    console.print(f"{len(rows):,} {noun}")


def draw_departures(console: Console, names: Names, named: Named, found: Sequence[Row]) -> None:
    """Departures by time, in the zone of the place."""
    of = names.get(named.id, named.name)
    console.print(Text(f"Departures from {of}  {named.id}", style="bold"))
    several = len(named.members) > 1
    made = table(
        "leaves", *(["from"] if several else []), "to", "by way of", "carrier", "mode", "departure"
    )
    made.columns[0].no_wrap = True
    for row in found:
        local = datetime.fromisoformat(str(row["departs_local"]))
        leaves = f"~{words.day(local)}" if row["nominal"] else words.day_and_time(local)
        last, following = (_name(names, row[key]) for key in ("last_call", "next_call"))
        made.add_row(
            leaves,
            *([_name(names, row["from"])] if several else []),
            last,
            "" if following == last else following,
            str(row["carrier"]),
            _mode(row["mode"]),
            str(row["departure_id"]),
        )
    console.print(made)
    console.print("~ leaves when full: a nominal day.")


def _name(names: Names, place: object) -> str:
    return names.get(str(place), str(place))


def _named(names: Names, row: Row) -> str:
    return names.get(str(row["id"]), str(row["name"]))


def _act(code: object) -> str:
    return wording.ACTIVITIES.get(str(code), str(code))


def _side(mode: object) -> str:
    return phrase("gate") if mode == "gate" else _mode(mode)


def _between(modes: Sequence[str]) -> str:
    if len(modes) == 1:
        return modes[0]
    return phrase("from {mode_from} to {mode_to}", mode_from=modes[0], mode_to=modes[1])


def _rows(owner: Row, name: str) -> Sequence[Row]:
    return cast("Sequence[Row]", owner[name])


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return _figure(value) if value is None or isinstance(value, float) else str(value)


def _worded(name: str, value: object) -> str:
    """A cell; in another language than the codes' own those that have a word are told by it."""
    if spoken().language == SOURCE:
        return _cell(value)
    if name == "kind":
        return wording.PLACE_KINDS.get(str(value), _cell(value))
    if name == "mode":
        return _mode(value)
    return _status(value) if name == "status" else _cell(value)


def _figure(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,.1f}" if isinstance(value, float) and value < 100 else f"{value:,.0f}"


def _mode(value: object) -> str:
    return words.MODES.get(str(value), str(value).replace("_", " "))


def _mark(row: Row) -> str:
    return phrase("est") if row["estimate"] else ""


def _status(value: object) -> str:
    return wording.STATUSES.get(str(value), str(value))


def _listed(code: Row) -> str:
    return "" if code["status"] == "listed" else ", estimate"


def _source(console: Console, row: Row) -> None:
    mark = " (est: an estimate)" if row.get("estimate") else ""
    console.print(Text(f"Source: {', '.join(cast('list[str]', row['source']))}{mark}", style="dim"))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
