"""`karvan quotes run`: a table of lanes in, a table of quotes out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, get_args, get_origin

import typer

from karvan.domain.errors import Fault, InvalidRequest
from karvan.interfaces.cli.executing import watched
from karvan.interfaces.cli.keeping import keep_answers, read_situation
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Now, Session, Store, session
from karvan.interfaces.cli.output import print_json, print_text, say, tell_progress
from karvan.interfaces.cli.quote import in_days
from karvan.interfaces.cli.quotes import app as group
from karvan.interfaces.json_text import render_json
from karvan.interfaces.problems import fault_json, readable

if TYPE_CHECKING:
    from datetime import datetime

    from karvan.services.quoting.bulk import Lane, LaneResult
    from karvan.services.quoting.store import OpenedTables

Source = Annotated[
    Path, typer.Argument(metavar="LANES", help="CSV or XLSX; the columns are fields of a request.")
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Table to write, .csv or .xlsx.")]
Workers = Annotated[
    int | None, typer.Option(help="Processes that answer; one a core.", metavar="N", min=1, max=256)
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")]

__all__ = ["group"]

_SUFFIXES = (".csv", ".xlsx")
_MOST_TOLD = 50


@group.command("run")
def run(
    context: typer.Context,
    source: Source,
    out: Out,
    workers: Workers = None,
    store: Store = None,
    database: DatabaseUrl = None,
    data: Data = None,
    now: Now = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Quote many lanes at once, on all cores.

    Each row of LANES is a request: a column for each field, named as in a request over HTTP,
    and a column `lane` for a name of your own. Each row of the result is the answer or the
    error; a lane that fails stops no other. Ends with 2 when a lane has failed.
    """
    from karvan.services.quoting.bulk import COLUMNS, NUMERIC

    check_target(out, force=force)
    work = session(context, {"store": store, "database": database, "data": data})
    instant = work.now(now)
    lanes = lanes_from(work, source, instant)
    opened = work.opened()
    results = _answered(work, lanes, workers, opened, instant)
    answers = [each.answer for each in results if each.answer]
    keeps = work.loaded.settings.keeps_in is not None
    kept = bool(answers) and keep_answers(
        work, opened.table_set if keeps else None, answers, as_json=as_json
    )
    table = [[each.cells.get(name, "") for name in COLUMNS] for each in results]
    files = work.wiring.lane_files
    assert files is not None, "wired without tables of lanes"
    files.write(out, COLUMNS, table, NUMERIC)
    _tell(out, results, kept=kept, as_json=as_json)
    if len(answers) < len(results):
        raise typer.Exit(2)


def lanes_from(work: Session, source: Path, now: datetime) -> tuple[Lane, ...]:
    """Read a table of lanes; raises `InvalidTables`, and `InvalidRequest` for a day."""
    from karvan.services.quoting.bulk import read_lanes

    files = work.wiring.lane_files
    assert files is not None, "wired without tables of lanes"
    header, rows = files.read(source)
    lanes = read_lanes(str(source), header, rows, field_kinds())
    return tuple(_with_days(lane, in_days(str(lane.body.get("ready")), now)) for lane in lanes)


def field_kinds() -> Mapping[str, str]:
    """What each field of a request holds, as the description of the interface says."""
    from karvan.interfaces.http.schemas import QuoteBody

    return {
        field.alias or name: _kind(field.annotation)
        for name, field in QuoteBody.model_fields.items()
    }


def _kind(annotation: object) -> str:
    parts = _parts(annotation)
    if list in parts:
        return "list"
    if str in parts:
        return "text"
    if bool in parts:
        return "yes-no"
    return "number" if float in parts else "whole" if int in parts else "text"


def _parts(annotation: object) -> set[object]:
    """The plain types in an annotation: `Annotated[str, ...] | None` is text."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _parts(get_args(annotation)[0])
    if origin is UnionType or str(origin) == "typing.Union":
        return set().union(*(_parts(each) for each in get_args(annotation)))
    return {origin or annotation}


def _with_days(lane: Lane, ready: str | None) -> Lane:
    if "ready" not in lane.body:
        return lane
    return replace(lane, body={**lane.body, "ready": ready})


def _answered(
    work: Session,
    lanes: Sequence[Lane],
    workers: int | None,
    opened: OpenedTables,
    now: datetime,
) -> list[LaneResult]:
    """Every result, in the order of the file."""
    runner = work.wiring.lane_runner
    assert runner is not None, "wired without a runner of lanes"
    tell_progress("Searching; the first run on a machine compiles for up to a minute ...")
    situation = read_situation(work, opened.published.network, now, as_json=False)
    wanted = workers or os.cpu_count() or 1
    results = runner.run(
        opened, lanes, now, workers=wanted, render=render_json, situation=situation
    )
    found = watched(results, len(lanes), "Lanes")
    return sorted(found, key=lambda each: each.row)


def check_target(out: Path, *, force: bool) -> None:
    """See that a table can be written there; raises `InvalidRequest`."""
    message = ""
    if out.suffix.lower() not in _SUFFIXES:
        message = "must end with .csv or .xlsx"
    elif not force and os.path.lexists(out):
        message = "there is such a file already; --force replaces it"
    elif not out.absolute().parent.is_dir():
        message = "there is no such folder"
    if message:
        raise InvalidRequest([Fault("invalid-input", message, "/out", facts={"path": str(out)})])


def _tell(out: Path, results: Sequence[LaneResult], *, kept: bool, as_json: bool) -> None:
    failed = [each for each in results if not each.answer]
    if as_json:
        print_json(
            {
                "out": str(out),
                "lanes": len(results),
                "answered": len(results) - len(failed),
                "stored": kept,
                "errors": [
                    {"row": each.row, **fault_json(fault)}
                    for each in failed
                    for fault in each.faults
                ],
            }
        )
        return
    print_text(f"{len(results) - len(failed)} of {len(results)} lanes answered, in {out}")
    for each in failed[:_MOST_TOLD]:
        say(readable(f"  row {each.row}: {each.cells['error']}"))
    if len(failed) > _MOST_TOLD:
        say(f"  ... and {len(failed) - _MOST_TOLD} more rows, in the table")
