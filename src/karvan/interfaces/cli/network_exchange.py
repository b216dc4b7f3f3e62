"""`karvan network template`, `diff`, `export`, `import`: tables of one's own, and other formats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import Fault, InvalidRequest
from karvan.interfaces.cli.network import EXIT_STATUS, app
from karvan.interfaces.cli.options import Data, Json, Session, session
from karvan.interfaces.cli.output import print_drawn, print_json, print_text

if TYPE_CHECKING:
    from karvan.services.exchange import Exchange, Exchanged, Format

__all__ = ["app"]

#: How the shipped tables are named where a folder is asked for.
SHIPPED = "shipped"

Gmns = Annotated[
    Path | None, typer.Option("--gmns", metavar="DIR", help="Folder of a GMNS data package.")
]
Xlsx = Annotated[
    Path | None, typer.Option("--xlsx", metavar="FILE", help="Workbook with a sheet a table.")
]


@app.command("template", epilog=EXIT_STATUS)
def template(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where to write them; new or empty.")
    ],
    as_json: Json = False,
) -> None:
    """Write empty tables to fill in, to be laid over ours with --data.

    Examples and a page on the columns are beside them.
    """
    files = _exchange(session(context)).write_templates(folder)
    if as_json:
        print_json({"path": str(folder), "files": list(files)})
    else:
        print_text(f"{len(files)} files written to {folder}; README.md there says how to go on")


@app.command("diff", epilog=EXIT_STATUS)
def diff(
    context: typer.Context,
    old: Annotated[
        str, typer.Argument(metavar="A", help="Folder laid over ours, or the word shipped.")
    ],
    new: Annotated[str, typer.Argument(metavar="B", help="The same, to compare with it.")],
    as_json: Json = False,
) -> None:
    """Tell how two sets of tables differ: rows added, removed, changed, cell by cell.

    The exit status is 0 whether they differ or not. Spelling does not count: 1.50 is 1.5.
    """
    from karvan.interfaces.cli.exchange_pages import comparison_json, draw_comparison

    found = _exchange(session(context)).compare(_folder(old), _folder(new))
    if as_json:
        print_json(comparison_json(found))
    else:
        print_drawn(lambda console: draw_comparison(console, found, old, new))


@app.command("export", epilog=EXIT_STATUS)
def export(
    context: typer.Context,
    gmns: Gmns = None,
    geojson: Annotated[
        Path | None,
        typer.Option("--geojson", metavar="FILE", help="Places and links for a map."),
    ] = None,
    gtfs: Annotated[
        Path | None,
        typer.Option("--gtfs", metavar="FILE.zip", help="Departures of some days as a timetable."),
    ] = None,
    xlsx: Xlsx = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="First day of the timetable; today."),
    ] = None,
    days: Annotated[int, typer.Option(help="Days of the timetable.", min=1, max=90)] = 14,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write the network in one other format, all of it or nothing.

    GMNS and XLSX can be imported again and give the same hashes.
    """
    from karvan.services.exchange import Format, Period

    work = session(context, {"data": data})
    targets = {
        Format.GMNS: gmns,
        Format.GEOJSON: geojson,
        Format.GTFS: gtfs,
        Format.XLSX: xlsx,
    }
    what, target = _only(targets)
    period = Period(first_day=_day(first, work), days=days)
    _tell(_exchange(work).export(what, target, period, work.data), as_json=as_json)


@app.command("import", epilog=EXIT_STATUS)
def import_(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder of tables to write; new or empty.")
    ],
    gmns: Gmns = None,
    xlsx: Xlsx = None,
    as_json: Json = False,
) -> None:
    """Read an exported network back into a folder of tables for --data.

    Checked as any tables are; with one fault nothing is written, and all faults are told.
    """
    from karvan.services.exchange import Format

    what, source = _only({Format.GMNS: gmns, Format.XLSX: xlsx})
    _tell(_exchange(session(context)).read(what, source, out), as_json=as_json)


def _exchange(work: Session) -> Exchange:
    assert work.wiring.exchange is not None, "the wiring has no exchange"
    return work.wiring.exchange


def _only(paths: Mapping[Format, Path | None]) -> tuple[Format, Path]:
    """Give the one format that was asked for."""
    given = [(what, path) for what, path in paths.items() if path is not None]
    if len(given) != 1:
        options = ", ".join(f"--{what.value}" for what in paths)
        raise typer.BadParameter(f"give exactly one of {options}")
    return given[0]


def _folder(text: str) -> Path | None:
    return None if text == SHIPPED else Path(text)


def _day(text: str | None, work: Session) -> date:
    if text is None:
        return work.wiring.clock().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fault = Fault("invalid-input", "must be a date, like 2026-12-03", "/from")
        raise InvalidRequest([fault]) from None


def _tell(done: Exchanged, *, as_json: bool) -> None:
    hashes = asdict(done.hashes)
    if as_json:
        print_json({"path": str(done.path), "rows": dict(done.rows), "hashes": hashes})
        return
    from karvan.interfaces.cli.exchange_pages import draw_exchanged

    print_drawn(lambda console: draw_exchanged(console, done))
