"""`karvan closure`: what is closed or restricted, entered once and seen by every quote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer

from karvan.domain.errors import InvalidRequest, StoreUnavailable
from karvan.interfaces.cli.options import (
    NOWHERE,
    Data,
    DatabaseUrl,
    Json,
    Now,
    Store,
    session,
)
from karvan.interfaces.cli.output import print_drawn, print_json, tell_progress

if TYPE_CHECKING:
    from karvan.network.network import Network
    from karvan.services.situation.entering import Closing, Entered
    from karvan.services.situation.watch import Watch

app = typer.Typer(
    no_args_is_help=True,
    help="What is closed or restricted: add, list, show, correct, lift.",
    rich_markup_mode=None,
)

#: Parameters under the names that a closure has for them.
_RENAMED: Final = {"since": "from", "reason": "note"}
_SPELLED: Final = {"/target": "TARGET", "/from": "--from", "/note": "--reason", "/closure": "ID"}

Target = Annotated[
    str,
    typer.Argument(
        metavar="TARGET",
        help="A place by id, code or name, or the id of a link, service or carrier.",
    ),
]
Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a closure: KZ-AKT@2026-11-22.1.")]
_DAY = "A day in the place's zone, or an instant like 2026-11-24T06:00:00Z"
Since = Annotated[
    str | None, typer.Option("--from", metavar="WHEN", help=f"{_DAY}; now without it.")
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="WHEN", help="When it opens again; a day stands for its end."),
]
Low = Annotated[
    str | None, typer.Option("--until-low", metavar="WHEN", help="The earliest reopening.")
]
Likely = Annotated[
    str | None, typer.Option("--until-likely", metavar="WHEN", help="The likely reopening.")
]
High = Annotated[
    str | None, typer.Option("--until-high", metavar="WHEN", help="The latest reopening.")
]
Cause = Annotated[
    str | None,
    typer.Option("--cause", metavar="WORD", help="storm, strike, berth-out, ...; other."),
]
Share = Annotated[
    str | None,
    typer.Option("--share", metavar="SHARE", help="Share of capacity lost, 0.01 to 1; 1."),
]
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help="Why, in your words; no names.")
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="TEXT", help="Where it was heard; estimate.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would touch; enter nothing.")]
At = Annotated[str | None, typer.Option("--at", metavar="WHEN", help=f"{_DAY}; now without it.")]
Every = Annotated[bool, typer.Option("--all", help="Those that are over as well.")]


@app.callback()
def root() -> None:
    """What is closed or restricted: entered once, seen by the next quote and the next study."""


@app.command("add")
def add(
    context: typer.Context,
    target: Target,
    since: Since = None,
    until: Until = None,
    until_low: Low = None,
    until_likely: Likely = None,
    until_high: High = None,
    cause: Cause = None,
    share: Share = None,
    reason: Reason = None,
    source: Source = None,
    dry_run: DryRun = False,
    now: Now = None,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Close a place, link, service or carrier, or say that it has lost capacity.

    Without an end it is closed until further notice. With --dry-run nothing is entered.

    karvan closure add KZ-AKT --until-low 2026-11-24 --until-high 2026-11-26 --cause storm
    """
    given = locals()
    with _work(given) as work:
        body = {"target": target, **_body(given)}
        entered = work.closing.begin(body, work.now, work.actor, dry_run=dry_run)
        _tell(entered, work)


@app.command("correct")
def correct(
    context: typer.Context,
    closure_id: Id,
    since: Since = None,
    until: Until = None,
    until_low: Low = None,
    until_likely: Likely = None,
    until_high: High = None,
    cause: Cause = None,
    share: Share = None,
    reason: Reason = None,
    source: Source = None,
    dry_run: DryRun = False,
    now: Now = None,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Correct a closure by a new version; what is not named stays as it was."""
    given = locals()
    with _work(given) as work:
        entered = work.closing.correct(
            closure_id, _body(given), work.now, work.actor, dry_run=dry_run
        )
        _tell(entered, work)


@app.command("lift")
def lift(
    context: typer.Context,
    closure_id: Id,
    at: At = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    now: Now = None,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Say that something is open again, by a new version of its closure."""
    given = locals()
    with _work(given) as work:
        body = {name: value for name, value in (("at", at), ("note", reason)) if value is not None}
        entered = work.closing.lift(closure_id, body, work.now, work.actor, dry_run=dry_run)
        _tell(entered, work)


@app.command("list")
def list_(
    context: typer.Context,
    every: Every = False,
    now: Now = None,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """List what is closed, restricted or announced, each in its last version."""
    from karvan.interfaces.cli.closure_pages import draw_list
    from karvan.services.situation.states import closure_json

    with _work(locals()) as work:
        known = work.watch.look()
        items = [
            closure_json(work.network, each, work.now)
            for each in known.closures.values()
            if every or not each.is_over(work.now)
        ]
        if as_json:
            print_json({"situation_version": known.version, "items": items})
        else:
            print_drawn(lambda console: draw_list(console, items, known.version))


@app.command("show")
def show(
    context: typer.Context,
    closure_id: Id,
    now: Now = None,
    data: Data = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Show every version of a closure, the oldest first."""
    from karvan.interfaces.cli.closure_pages import draw_versions
    from karvan.services.situation.reading import find_closure
    from karvan.services.situation.states import closure_json

    with _work(locals()) as work:
        entries = work.watch.look().entries
        chosen = find_closure(entries, closure_id).id
        items = [
            closure_json(work.network, each, work.now) for each in entries if each.id == chosen
        ]
        if as_json:
            print_json({"id": chosen, "items": items})
        else:
            print_drawn(lambda console: draw_versions(console, items))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What one command works with."""

    network: Network
    watch: Watch
    closing: Closing
    now: datetime
    actor: str
    as_json: bool


@contextmanager
def _work(given: Mapping[str, object]) -> Iterator[_Work]:
    """Open what a command needs; faults are told in the words of the command line."""
    from karvan.services.situation.entering import Closing
    from karvan.services.situation.watch import Watch

    context, now = cast("typer.Context", given["context"]), given["now"]
    work = session(context, {name: given[name] for name in ("data", "store", "database")})
    if work.wiring.closures is None:
        raise StoreUnavailable(NOWHERE)
    where = work.where()
    instant = work.now(None if now is None else str(now))
    network = work.published().network
    watch = Watch(work.wiring.closures, where)
    quotes = None if work.wiring.stores is None else work.open_store(create=True)
    tell_progress("Looking up what it touches ...")
    try:
        yield _Work(
            network=network,
            watch=watch,
            closing=Closing(
                network=network,
                watch=watch,
                quotes=None if quotes is None else quotes.list_quotes,
            ),
            now=instant,
            actor=work.actor,
            as_json=bool(given["as_json"]),
        )
    except InvalidRequest as error:
        raise InvalidRequest(
            replace(each, pointer=_SPELLED.get(each.pointer, each.pointer)) for each in error.faults
        ) from None
    finally:
        watch.close()
        if quotes is not None:
            quotes.close()


def _body(given: Mapping[str, object]) -> dict[str, object]:
    names = ("since", "until", "until_low", "until_likely", "until_high", "cause", "share")
    return {
        _RENAMED.get(name, name): given[name]
        for name in (*names, "reason", "source")
        if given[name] is not None
    }


def _tell(entered: Entered, work: _Work) -> None:
    from karvan.interfaces.cli.closure_pages import draw_entered

    found = entered.as_json(work.network, work.now)
    if work.as_json:
        print_json(found)
    else:
        print_drawn(lambda console: draw_entered(console, found))
