"""`karvan quotes`: the quotes that are kept, and `karvan quote --again`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan import __version__
from karvan.domain.errors import Fault, InvalidInput, InvalidRequest, NotReproduced
from karvan.interfaces.cli.options import DatabaseUrl, Json, Now, Session, Store, session
from karvan.interfaces.cli.output import (
    print_drawn,
    print_exactly,
    print_json,
    print_text,
    tell_progress,
)
from karvan.interfaces.json_text import render_json

if TYPE_CHECKING:
    from karvan.services.quoting.store import StoredQuote

app = typer.Typer(
    no_args_is_help=True,
    help="Quotes that are kept: list, show, move to another machine.",
    rich_markup_mode=None,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a quote, like Q-7CE5B740190684E5.")]
Target = Annotated[Path, typer.Argument(metavar="FILE", help="File to write; a zip.")]
Source = Annotated[Path, typer.Argument(metavar="FILE", help="File that `quotes export` wrote.")]
Limit = Annotated[int, typer.Option(help="The most quotes listed.", metavar="N", min=1, max=1000)]


@app.callback()
def root() -> None:
    """Quotes that are kept: list, show, move to another machine."""


@app.command("list")
def list_(
    context: typer.Context,
    limit: Limit = 50,
    store: Store = None,
    database: DatabaseUrl = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """List the quotes that are kept, the newest first."""
    from karvan.interfaces.cli.stored_page import StoredList
    from karvan.services.quoting.stored import lock_json

    work = session(context, {"store": store, "database": database})
    instant = work.now(now)
    opened = work.open_store()
    try:
        found = opened.list_quotes(limit)
    finally:
        opened.close()
    if as_json:
        items = [
            {
                "quote_id": each.quote_id,
                "created_at": each.body["created_at"],
                "price": lock_json(each, instant),
                "request": each.request,
            }
            for each in found
        ]
        print_json({"items": items})
        return
    print_drawn(StoredList(found, instant).draw)


@app.command("show")
def show(
    context: typer.Context,
    quote_id: Id,
    store: Store = None,
    database: DatabaseUrl = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Show a quote as it was given; --json prints it to the byte."""
    from karvan.interfaces.cli.stored_page import StoredPage

    work = session(context, {"store": store, "database": database})
    instant = work.now(now)
    stored = _stored(work, quote_id)
    if as_json:
        print_exactly(stored.answer)
        return
    print_drawn(StoredPage(stored, instant).draw)


@app.command("export")
def export(
    context: typer.Context,
    quote_id: Id,
    target: Target,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Write a quote and the tables it was made from to one file."""
    work = session(context, {"store": store, "database": database})
    table_sets = work.wiring.table_sets
    assert table_sets is not None, "wired without table sets"
    opened = work.open_store()
    try:
        stored = opened.get(_id(quote_id))
        table_sets.export(target, stored, opened.get_tables(stored.tables_hash))
    finally:
        opened.close()
    _tell(stored, f"{stored.quote_id} is in {target}", as_json=as_json)


@app.command("import")
def import_(
    context: typer.Context,
    source: Source,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Keep a quote that another machine exported, with its tables."""
    work = session(context, {"store": store, "database": database})
    table_sets = work.wiring.table_sets
    assert table_sets is not None, "wired without table sets"
    stored, tables = table_sets.read_export(source)
    _id(stored.quote_id)
    opened = work.open_store(create=True)
    try:
        opened.put([stored], tables)
    finally:
        opened.close()
    _tell(stored, f"{stored.quote_id} is kept", as_json=as_json)


@app.command("check")
def check(
    context: typer.Context, store: Store = None, database: DatabaseUrl = None, as_json: Json = False
) -> None:
    """See that every quote and set of tables is what was stored."""
    work = session(context, {"store": store, "database": database})
    opened = work.open_store()
    try:
        damaged = opened.check()
    finally:
        opened.close()
    if as_json:
        print_json({"damaged": [{"title": e.message, **e.facts} for e in damaged]})
    for each in () if as_json else damaged:
        print_text(f"{each.message}: {', '.join(f'{k} {v}' for k, v in each.facts.items())}")
    if damaged:
        raise typer.Exit(1)
    if not as_json:
        print_text("Every quote and every set of tables is what was stored.")


def quote_again(work: Session, quote_id: str, now: datetime, *, as_json: bool) -> None:
    """Make a stored quote again and say how it compares.

    Raises
    ------
    UnknownQuote, StoreUnavailable, StoreDamaged
        There is nothing to compare with.
    NotReproduced
        The same versions gave something else; told after the comparison.
    """
    from karvan.interfaces.cli.stored_page import AgainPage
    from karvan.services.quoting.stored import again_json, make_again, stored_tables

    table_sets = work.wiring.table_sets
    assert table_sets is not None, "wired without table sets"
    identity = _id(quote_id)
    opened = work.open_store()
    try:
        stored = opened.get(identity)
        today = work.opened()
        load = stored_tables(opened, table_sets, stored, today)
        tell_progress("Making it again ...")
        again = make_again(
            stored,
            load,
            today=today.table_set.content_hash,
            engine_version=__version__,
            render=render_json,
        )
    finally:
        opened.close()
    if as_json:
        print_json(again_json(again, now))
    else:
        print_drawn(AgainPage(again, now).draw)
    if again.is_broken:
        raise NotReproduced(
            "the same versions gave another answer than the stored one", quote_id=stored.quote_id
        )


def refuse_beside_again(given: dict[str, object]) -> None:
    """Refuse fields of a request beside `--again`, which has its own request."""
    faults = [
        Fault("not-with-again", "has no place beside --again", f"/{name}")
        for name, value in given.items()
        if value is not None
    ]
    if faults:
        raise InvalidRequest(faults)


def _stored(work: Session, quote_id: str) -> StoredQuote:
    identity = _id(quote_id)
    opened = work.open_store()
    try:
        return opened.get(identity)
    finally:
        opened.close()


def _id(text: str) -> str:
    from karvan.services.quoting.stored import parse_quote_id

    try:
        return parse_quote_id(text)
    except InvalidInput as error:
        raise InvalidRequest([Fault.of(error, "ID")]) from None


def _tell(stored: StoredQuote, words: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"quote_id": stored.quote_id, "tables_hash": stored.tables_hash})
    else:
        print_text(words)
