"""`karvan key`: who may write over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.domain.instants import parse_date, parse_instant, render_instant
from karvan.interfaces.cli.options import DatabaseUrl, Json, Now, Session, Store, session
from karvan.interfaces.cli.output import print_json, print_text, say

if TYPE_CHECKING:
    from karvan.services.keys import Key, Keys

HELP = "Keys with which others may write over HTTP: create, list, revoke."

app = typer.Typer(no_args_is_help=True, help=HELP, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Whose key it is, like aktau-port.")]
KeyId = Annotated[str, typer.Argument(metavar="ID", help="Id of the key, as the list names it.")]
Scopes = Annotated[
    str,
    typer.Option(
        "--scopes",
        metavar="SCOPES",
        help="What it lets its holder do: closures, studies, timetable, with commas between.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="WHEN", help="Date or instant of its end; a year from now."),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; it is entered in the journal.")
]


@app.callback()
def root() -> None:
    """Keys with which others may write over HTTP: create, list, revoke."""


@app.command("create")
def create(
    context: typer.Context,
    name: Name,
    scopes: Scopes,
    until: Until = None,
    store: Store = None,
    database: DatabaseUrl = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Make a key and print it, this once.

    Kept is a hash of it: a key that was lost is revoked and made anew.
    """
    from karvan.services.keys import make_key

    work = session(context, {"store": store, "database": database})
    wanted = [each.strip() for each in scopes.split(",") if each.strip()]
    made = make_key(name, wanted, now=work.now(now), until=_until(until))
    with _keys(work, create=True) as keys:
        keys.add(made.key, actor=work.actor)
    if as_json:
        print_json({**_told(made.key, made.key.created_at), "token": made.token})
        return
    print_text(made.token)
    say(f"karvan: this is the only time that the key {made.key.id} is shown")


@app.command("list")
def list_keys(
    context: typer.Context,
    store: Store = None,
    database: DatabaseUrl = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """List the keys, the newest first; the keys themselves are not kept and cannot be shown."""
    work = session(context, {"store": store, "database": database})
    at = work.now(now)
    with _keys(work) as keys:
        rows = [_told(key, at) for key in keys.list_keys()]
    if as_json:
        print_json({"items": rows})
        return
    if not rows:
        print_text("There is no key yet: karvan key create NAME --scopes SCOPES")
    for row in rows:
        scopes = row["scopes"]
        assert isinstance(scopes, list)
        print_text(
            f"{row['id']}  {row['state']:<7}  until {row['until']}  {','.join(scopes):<27}  "
            f"{row['name']}"
        )


@app.command("revoke")
def revoke(
    context: typer.Context,
    key_id: KeyId,
    reason: Reason = "",
    store: Store = None,
    database: DatabaseUrl = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Take a key back; from the next request on it is refused."""
    from karvan.services.keys import parse_key_id

    work = session(context, {"store": store, "database": database})
    at = work.now(now)
    wanted = parse_key_id(key_id)
    with _keys(work) as keys:
        key = keys.revoke(wanted, at=at, actor=work.actor, reason=reason)
    if as_json:
        print_json(_told(key, at))
    else:
        assert key.revoked_at is not None, "it was just revoked"
        print_text(f"{key.id} of {key.name} is revoked since {render_instant(key.revoked_at)}")


def _until(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        if "T" in text.upper():
            return parse_instant(text)
        return datetime.combine(parse_date(text), time(0), UTC)
    except InvalidInput as error:
        raise InvalidRequest([Fault.of(error, "/until")]) from None


@contextmanager
def _keys(work: Session, *, create: bool = False) -> Iterator[Keys]:
    stores = work.wiring.keys
    assert stores is not None, "wired without keys"
    opened = stores.open(work.where(), create=create)
    try:
        yield opened
    finally:
        opened.close()


def _told(key: Key, now: datetime) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(scope.value for scope in key.scopes),
        "state": key.state_at(now).value,
        "created_at": render_instant(key.created_at),
        "until": render_instant(key.until),
        "revoked_at": None if key.revoked_at is None else render_instant(key.revoked_at),
    }
