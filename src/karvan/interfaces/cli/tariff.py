"""`karvan tariff`: the tariff book checked, shown, compared, and exchanged as a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import Fault, InvalidRequest, NotFound
from karvan.interfaces.cli.failures import DONE, WRONG_INPUT
from karvan.interfaces.cli.options import Data, Json, Session, session
from karvan.interfaces.cli.output import print_drawn, print_json

if TYPE_CHECKING:
    from karvan.domain.tariff import TariffBook
    from karvan.services.exchange import Exchanged
    from karvan.services.rate_sheets import RateSheets

app = typer.Typer(no_args_is_help=True, help="The tariff book.", rich_markup_mode=None)

EXIT_STATUS = "Exit status: 0 done, 1 our fault, 2 wrong input or nothing found, 3 a limit reached."
#: How the shipped book is named where a folder or workbook is asked for.
SHIPPED = "shipped"

On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day; today.")]


@app.callback()
def root() -> None:
    """Rates, coefficients, surcharges, caps and joint tariffs: what a quote's price is made of."""


@app.command("check", epilog=EXIT_STATUS)
def check(
    context: typer.Context,
    source: Annotated[
        Path | None,
        typer.Argument(metavar="BOOK", help="Folder or workbook laid over the shipped book."),
    ] = None,
    on: On = None,
    as_json: Json = False,
) -> None:
    """Check a book and count it: rows in use, estimates, age, what is carried forward.

    Every fault is told with file or sheet, row, column and what would be right.
    """
    from karvan.interfaces.cli.tariff_pages import check_json, draw_check
    from karvan.services.rate_sheets import count, rows_on
    from karvan.services.tables import CheckedTables

    work = session(context)
    day = _day(on, work)
    folder = work.data if source is None else source
    book: TariffBook | None
    if folder is not None and not (folder / "tariffs").is_dir():
        book = _sheets(work).book(folder)
        checked = CheckedTables(published=None, faults=(), warnings=(), rows={})
    else:
        checked = work.wiring.tables.check(folder)
        book = checked.published.book if checked.published else None
    counts = count(rows_on(book, day)) if book else {}
    if as_json:
        print_json(check_json(book, counts, checked, day))
    else:
        print_drawn(lambda console: draw_check(console, book, counts, checked, day))
    raise typer.Exit(WRONG_INPUT if checked.faults else DONE)


@app.command("show", epilog=EXIT_STATUS)
def show(
    context: typer.Context,
    carrier: Annotated[
        str | None,
        typer.Argument(metavar="CARRIER", help="Carrier or joint tariff; `places` for charges."),
    ] = None,
    scope: Annotated[
        str, typer.Option(metavar="SCOPE", help="haul, handling, border, unit_hire, ...")
    ] = "",
    place: Annotated[
        str, typer.Option(metavar="PLACE", help="Only rows that name this place or country.")
    ] = "",
    cargo: Annotated[
        str, typer.Option(metavar="UNIT", help="container, 40, wagon, tank_wagon, truck, ...")
    ] = "",
    on: On = None,
    history: Annotated[
        bool, typer.Option("--history", help="Rows that are replaced, ended or not begun too.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show rows of the book on a day: figure with its ends, for what, age, source."""
    from karvan.interfaces.cli.tariff_pages import draw_show, show_json
    from karvan.services.rate_sheets import Wanted, rows_on, select

    work = session(context, {"data": data})
    day = _day(on, work)
    book = work.published().book
    carriers = {row.carrier for row in (*book.rates, *book.coefficients)}
    if carrier is not None and carrier != "places" and carrier not in carriers:
        raise NotFound("no such carrier in the book", given=carrier, known=sorted(carriers - {""}))
    wanted = Wanted(
        carrier=carrier if carrier not in (None, "places") else "",
        scope=scope,
        place=place,
        cargo=cargo,
        history=history,
    )
    rows = select(rows_on(book, day), wanted)
    if carrier == "places":
        rows = tuple(row for row in rows if not row.row.carrier)
    if not rows:
        raise NotFound("no rows fit", carrier=carrier or "", scope=scope, place=place, cargo=cargo)
    if as_json:
        print_json(show_json(book, rows, day))
    else:
        print_drawn(lambda console: draw_show(console, book, rows, day))


@app.command("diff", epilog=EXIT_STATUS)
def diff(
    context: typer.Context,
    old: Annotated[
        str, typer.Argument(metavar="A", help="Folder, workbook, or the word shipped.")
    ] = SHIPPED,
    new: Annotated[str, typer.Argument(metavar="B", help="The same, to compare with it.")] = "",
    on: On = None,
    and_: Annotated[
        str | None, typer.Option("--and", metavar="DATE", help="The other day; the same.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare two books, or one on two days: what changed by how much, appeared, ended.

    `karvan tariff diff --on 2025-01-01 --and 2026-01-01` compares two years of the shipped book.
    """
    from karvan.interfaces.cli.tariff_pages import diff_json, draw_diff
    from karvan.services.rate_sheets import compare, rows_on

    work = session(context)
    sheets = _sheets(work)
    first = _day(on, work)
    days = (first, first if and_ is None else _day(and_, work, "/and"))
    names = (old, new or old)
    books = (sheets.book(_source(names[0])), sheets.book(_source(names[1])))
    found = compare(rows_on(books[0], days[0]), rows_on(books[1], days[1]))
    if as_json:
        print_json(diff_json(found, names, days))
    else:
        print_drawn(lambda console: draw_diff(console, found, names, days))


@app.command("export", epilog=EXIT_STATUS)
def export(
    context: typer.Context,
    target: Annotated[
        Path, typer.Argument(metavar="TARGET", help="FILE.xlsx, or a new folder of CSV files.")
    ],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write the whole book as a workbook with a sheet a table, or as CSV files."""
    work = session(context, {"data": data})
    _tell(_sheets(work).export(target, work.data), as_json=as_json)


@app.command("import", epilog=EXIT_STATUS)
def import_(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="BOOK", help="FILE.xlsx or folder.")],
    into: Annotated[
        Path, typer.Option("--into", metavar="DIR", help="Folder to write; new or empty.")
    ],
    add: Annotated[
        bool,
        typer.Option("--add", help="Lay its rows over the shipped ones; else they replace them."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Read a workbook or folder of tariffs into a folder for --data.

    Checked as any tables are; with one fault nothing is written, and all faults are told.
    """
    _tell(_sheets(session(context)).read(source, into, add=add), as_json=as_json)


def _sheets(work: Session) -> RateSheets:
    assert work.wiring.rate_sheets is not None, "the wiring has no rate sheets"
    return work.wiring.rate_sheets


def _source(text: str) -> Path | None:
    return None if text == SHIPPED else Path(text)


def _day(text: str | None, work: Session, pointer: str = "/on") -> date:
    if text is None:
        return work.wiring.clock().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fault = Fault("invalid-input", "must be a date, like 2026-12-03", pointer)
        raise InvalidRequest([fault]) from None


def _tell(done: Exchanged, *, as_json: bool) -> None:
    if as_json:
        version = done.hashes.tariff_version
        told = {"path": str(done.path), "rows": dict(done.rows), "tariff_version": version}
        print_json(told)
        return
    from karvan.interfaces.cli.tariff_pages import draw_exchanged

    print_drawn(lambda console: draw_exchanged(console, done))
