"""`karvan departures`: the dated departures that carriers publish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli.options import (
    Data,
    DatabaseUrl,
    Json,
    Now,
    Session,
    Store,
    session,
)
from karvan.interfaces.cli.output import print_json, print_text

if TYPE_CHECKING:
    from karvan.services.situation.closures import ClosureStore

HELP = "Dated departures that carriers publish: import, export."

app = typer.Typer(no_args_is_help=True, help=HELP, rich_markup_mode=None)

#: The longest list that is read, in bytes.
_LONGEST: Final = 8 * 1024 * 1024

Source = Annotated[Path, typer.Argument(metavar="FILE.csv", help="List of departures.")]
Target = Annotated[Path, typer.Argument(metavar="FILE.csv", help="File to write.")]
Carrier = Annotated[str, typer.Option("--carrier", metavar="ID", help="Whose departures they are.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the list; keep nothing.")]


@app.callback()
def root() -> None:
    """Dated departures that carriers publish, in place of the pattern of their services."""


@app.command("import")
def import_(
    context: typer.Context,
    source: Source,
    carrier: Carrier,
    dry_run: DryRun = False,
    now: Now = None,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Keep a carrier's list of departures; the next quote goes by it.

    Columns: service, departs_at, and arrives_at, cutoff_at, capacity, unit, status (scheduled or
    cancelled). Instants carry an offset. From the first to the last day that the list names of a
    service it is all that leaves. A list with a wrong row is refused whole.
    """
    from karvan.services.situation.timetables import CANCELLED, read_sailings

    work = session(context, {"data": data, "store": store, "database": database})
    instant = work.now(now)
    network = work.published().network
    sailings = read_sailings(str(source), _read(source), network, carrier, instant)
    version = None
    if not dry_run:
        with _store(work, create=True) as opened:
            version = opened.keep_list(carrier, sailings, instant, work.actor).seq
    cancelled = sum(each.status == CANCELLED for each in sailings)
    if as_json:
        counts = {"departures": len(sailings), "cancelled": cancelled}
        print_json({"carrier": carrier, **counts, "kept": not dry_run, "version": version})
    elif dry_run:
        print_text(f"{len(sailings)} departures, {cancelled} of them cancelled; nothing is kept")
    else:
        print_text(f"{len(sailings)} departures kept, {cancelled} of them cancelled")


@app.command("export")
def export(
    context: typer.Context,
    target: Target,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Write the published departures that count, of all carriers, in the form of an import."""
    from karvan.services.situation.timetables import in_force, write_sailings

    work = session(context, {"data": data, "store": store, "database": database})
    with _store(work) as opened:
        found = in_force(opened.imported(), work.published().network)
    try:
        with target.open("x", encoding="utf-8", newline="") as file:
            file.write(write_sailings(found))
    except FileExistsError:
        raise InvalidInput("there is such a file already", path=str(target)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput("the file cannot be written", path=str(target), reason=reason) from None
    if as_json:
        print_json({"out": str(target), "departures": len(found)})
    else:
        print_text(f"{len(found)} departures are in {target}")


@contextmanager
def _store(work: Session, *, create: bool = False) -> Iterator[ClosureStore]:
    stores = work.wiring.closures
    assert stores is not None, "wired without a store of departures"
    opened = stores.open(work.where(), create=create)
    try:
        yield opened
    finally:
        opened.close()


def _read(source: Path) -> bytes:
    try:
        with source.open("rb") as file:
            data = file.read(_LONGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InvalidInput("the file cannot be read", path=str(source), reason=reason) from None
    if len(data) > _LONGEST:
        raise InvalidInput("the file is too long", path=str(source), longest_bytes=_LONGEST)
    return data
