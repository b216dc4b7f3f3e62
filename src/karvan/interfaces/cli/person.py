"""`karvan person`: personal data, apart from everything else, under keys that can be destroyed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import Fault, InvalidInput, InvalidRequest
from karvan.domain.instants import render_instant
from karvan.interfaces.cli.options import DatabaseUrl, Json, Now, Session, Store, session
from karvan.interfaces.cli.output import print_json, print_text, say

if TYPE_CHECKING:
    from karvan.services.persons import Person, Vault, Vaults

HELP = "Personal data, sealed under a key a person: master-key, add, show, list, forget."

app = typer.Typer(no_args_is_help=True, help=HELP, rich_markup_mode=None)

Id = Annotated[str, typer.Argument(metavar="ID", help="Id of a person: P-00112233445566FF.")]
Name = Annotated[str | None, typer.Option("--name", metavar="TEXT", help="Name of the person.")]
Email = Annotated[str | None, typer.Option("--email", metavar="TEXT", help="E-mail address.")]
Phone = Annotated[str | None, typer.Option("--phone", metavar="TEXT", help="Telephone number.")]
Organisation = Annotated[
    str | None, typer.Option("--organisation", metavar="TEXT", help="Whom the person works for.")
]
Why = Annotated[
    str,
    typer.Option("--why", metavar="WORD", help="request, retention or mistake; for the journal."),
]


@app.callback()
def root() -> None:
    """Personal data, sealed under a key a person; to forget somebody that key is destroyed."""


@app.command("master-key")
def master_key(
    context: typer.Context,
    target: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")],
) -> None:
    """Make the master key, in a file that only you can read.

    Name the file in the setting vault_key. Keep a copy elsewhere, and none beside the backups:
    without it nothing of any person can be read again.
    """
    _vaults(session(context)).make_master(target)
    print_text(f"The master key is in {target}")


@app.command("add")
def add(
    context: typer.Context,
    name: Name = None,
    email: Email = None,
    phone: Phone = None,
    organisation: Organisation = None,
    store: Store = None,
    database: DatabaseUrl = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Keep what is known of a person, and print the id that stands for the person elsewhere.

    Whoever works at a terminal names the own id in the setting person; it is entered with what
    is done there.
    """
    from karvan.services.persons import read_fields

    given = {"name": name, "email": email, "phone": phone, "organisation": organisation}
    work = session(context, {"store": store, "database": database})
    fields, instant = read_fields(given), work.now(now)
    with _vault(work, create=True) as vault:
        person = vault.put(fields, instant, work.actor)
    if as_json:
        print_json(_told(person))
    else:
        print_text(person.id)


@app.command("show")
def show(
    context: typer.Context,
    person_id: Id,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Open what is known of a person; needs the master key."""
    work = session(context, {"store": store, "database": database})
    with _vault(work) as vault:
        person = vault.get(_id(person_id))
    if as_json:
        print_json(_told(person))
        return
    for label, value in person.fields.items():
        print_text(f"{label:<13} {value}")
    if person.forgotten_at is not None:
        print_text(f"Forgotten on {render_instant(person.forgotten_at)}: nothing can be read.")


@app.command("list")
def list_(
    context: typer.Context,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """List persons by their ids, the newest first; nobody is opened."""
    work = session(context, {"store": store, "database": database})
    with _vault(work) as vault:
        found = vault.list_persons()
    if as_json:
        print_json({"items": [_told(each) for each in found]})
        return
    for each in found:
        gone = each.forgotten_at
        state = "" if gone is None else f"  forgotten {render_instant(gone)}"
        print_text(f"{each.id}  since {render_instant(each.created_at)}{state}")


@app.command("forget")
def forget(
    context: typer.Context,
    person_id: Id,
    why: Why = "request",
    store: Store = None,
    database: DatabaseUrl = None,
    now: Now = None,
    as_json: Json = False,
) -> None:
    """Destroy the key of a person: what was known cannot be read again, by anybody.

    The id and the entries of the journal stay. A backup made before holds the key, sealed under
    the master key: destroy such backups, or forget the person again after each restore.
    """
    from karvan.services.persons import WhyForgotten

    work = session(context, {"store": store, "database": database})
    known = [each.value for each in WhyForgotten]
    if why not in known:
        fault = Fault("unknown-word", "no such value", "/why", fix="one of " + ", ".join(known))
        raise InvalidRequest([fault])
    wanted, instant = _id(person_id), work.now(now)
    with _vault(work) as vault:
        person = vault.forget(wanted, instant, work.actor, WhyForgotten(why))
    if as_json:
        print_json(_told(person))
        return
    print_text(f"{person.id} is forgotten: the key is destroyed.")
    say("karvan: backups made before still hold the key; destroy them, or forget again on restore")


def _vaults(work: Session) -> Vaults:
    vaults = work.wiring.vaults
    assert vaults is not None, "wired without vaults"
    return vaults


@contextmanager
def _vault(work: Session, *, create: bool = False) -> Iterator[Vault]:
    master = work.loaded.settings.vault_key
    opened = _vaults(work).open(work.where(), master, create=create)
    try:
        yield opened
    finally:
        opened.close()


def _id(text: str) -> str:
    from karvan.services.persons import parse_person_id

    try:
        return parse_person_id(text)
    except InvalidInput as error:
        raise InvalidRequest([Fault.of(error, "ID")]) from None


def _told(person: Person) -> Mapping[str, object]:
    gone = person.forgotten_at
    return {
        "id": person.id,
        "created_at": render_instant(person.created_at),
        "forgotten_at": None if gone is None else render_instant(gone),
        "fields": dict(person.fields),
    }
