"""`karvan db`: the database in which things are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.instants import render_instant
from karvan.interfaces.cli.options import DatabaseUrl, Json, Now, Session, Store, session
from karvan.interfaces.cli.output import print_json, print_text

if TYPE_CHECKING:
    from karvan.services.databases import Database, DatabaseCare

app = typer.Typer(
    no_args_is_help=True,
    help="The database in which things are kept: upgrade, check, backup, restore, prune.",
    rich_markup_mode=None,
)

Target = Annotated[Path, typer.Argument(metavar="FILE", help="File to write; a zip.")]
Source = Annotated[Path, typer.Argument(metavar="FILE", help="File that `db backup` wrote.")]

OlderThan = Annotated[
    int,
    typer.Option("--older-than", metavar="DAYS", help="Days since the end.", min=0, max=36_500),
]


@app.callback()
def root() -> None:
    """The database in which things are kept: upgrade, check, backup, restore, prune."""


@app.command("upgrade")
def upgrade(
    context: typer.Context,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Make the tables, or bring them to this program's version.

    A file of SQLite is upgraded by whatever opens it; a database of PostgreSQL by this alone.
    """
    care, where = _care(session(context, {"store": store, "database": database}))
    before, after = care.upgrade(where)
    if as_json:
        print_json({"database": where.shown, "before": before, "after": after})
    elif before == after:
        print_text(f"The tables are of version {after} already: {where.shown}")
    else:
        came = f"from version {before} to" if before else "made, version"
        print_text(f"Tables {came} {after}: {where.shown}")


@app.command("check")
def check(
    context: typer.Context,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Tell the version of the tables, and see that what is kept is what was put.

    Ends with 1 when something is damaged.
    """
    care, where = _care(session(context, {"store": store, "database": database}))
    state = care.check(where)
    if as_json:
        print_json(
            {
                "database": where.shown,
                "version": state.version,
                "newest": state.newest,
                "rows": dict(state.rows),
                "damaged": [{"title": each.message, **each.facts} for each in state.damaged],
            }
        )
    else:
        _tell_rows(f"Version {state.version} of {state.newest}: {where.shown}", state.rows)
        for each in state.damaged:
            facts = ", ".join(f"{name} {value}" for name, value in each.facts.items())
            print_text(f"{each.message}: {facts}")
        if not state.damaged:
            print_text("Everything is what was stored.")
    if state.damaged:
        raise typer.Exit(1)


@app.command("backup")
def backup(
    context: typer.Context,
    target: Target,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Write everything that is kept, as it is at one moment, to one file.

    Others may go on reading and writing meanwhile. The file fills SQLite and PostgreSQL alike.
    """
    care, where = _care(session(context, {"store": store, "database": database}))
    rows = care.backup(where, target)
    if as_json:
        print_json({"out": str(target), "rows": dict(rows)})
    else:
        _tell_rows(f"{where.shown} is in {target}", rows)


@app.command("restore")
def restore(
    context: typer.Context,
    source: Source,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Fill an empty database from a backup, all of it or nothing."""
    care, where = _care(session(context, {"store": store, "database": database}))
    rows = care.restore(where, source)
    if as_json:
        print_json({"database": where.shown, "rows": dict(rows)})
    else:
        _tell_rows(f"{source} is in {where.shown}", rows)


@app.command("prune")
def prune(
    context: typer.Context,
    older_than: OlderThan,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only.")] = False,
    store: Store = None,
    database: DatabaseUrl = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Remove quotes whose prices ended so many days ago, ended jobs, answers for repetition.

    Tables that no quote and no job needs any more go with them. The journal stays, and tells
    what was removed: a backup from before still shows it.
    """
    work = session(context, {"store": store, "database": database})
    care, where = _care(work)
    at = work.now(now)
    before = at - timedelta(days=older_than)
    rows = care.prune(where, before=before, now=at, actor=work.actor, dry_run=dry_run)
    if as_json:
        told = {"database": where.shown, "before": render_instant(before), "dry_run": dry_run}
        print_json({**told, "removed": dict(rows)})
    else:
        verb = "Would be removed from" if dry_run else "Removed from"
        _tell_rows(f"{verb} {where.shown}", rows)


def _care(work: Session) -> tuple[DatabaseCare, Database]:
    care = work.wiring.databases
    assert care is not None, "wired without the care of databases"
    return care, work.where()


def _tell_rows(words: str, rows: Mapping[str, int]) -> None:
    print_text(words)
    width = max(map(len, rows))
    for name, count in sorted(rows.items()):
        print_text(f"  {name:<{width}}  {count:>9,}")
