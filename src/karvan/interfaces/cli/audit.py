"""`karvan audit`: the journal of what was done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import Fault, InvalidRequest
from karvan.interfaces.cli.options import DatabaseUrl, Json, Session, Store, session
from karvan.interfaces.cli.output import print_json, print_text

if TYPE_CHECKING:
    from karvan.services.databases import Database
    from karvan.services.journal import Audit, Head

app = typer.Typer(
    no_args_is_help=True,
    help="The journal of what was done: verify, export.",
    rich_markup_mode=None,
)

Target = Annotated[Path, typer.Argument(metavar="FILE", help="File to write; JSON lines.")]
Noted = Annotated[
    str | None,
    typer.Option("--head", metavar="HASH", help="Hash noted down earlier; must still be there."),
]


@app.callback()
def root() -> None:
    """The journal of what was done: verify, export."""


@app.command("verify")
def verify(
    context: typer.Context,
    head: Noted = None,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Follow the chain of the journal from its first entry, and compare it with what is kept.

    Note the hash down somewhere else: with --head, a later run sees whether the journal was cut
    or written anew since then. Ends with 1 when something does not fit.
    """
    if head is not None and not (len(head) == 64 and set(head) <= set("0123456789abcdef")):
        raise InvalidRequest([Fault("invalid-input", "must be 64 digits of a hash", "/head")])
    audit, where = _audit(session(context, {"store": store, "database": database}))
    _tell(audit.verify(where, head or ""), "The journal is whole", as_json=as_json)


@app.command("export")
def export(
    context: typer.Context,
    target: Target,
    store: Store = None,
    database: DatabaseUrl = None,
    as_json: Json = False,
) -> None:
    """Write the journal to a file, which tools/verify_audit.py checks without Karvan."""
    audit, where = _audit(session(context, {"store": store, "database": database}))
    _tell(audit.export(where, target), f"The journal is in {target}", as_json=as_json)


def _audit(work: Session) -> tuple[Audit, Database]:
    audit = work.wiring.audit
    assert audit is not None, "wired without a journal"
    return audit, work.where()


def _tell(head: Head, words: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"entries": head.seq, "hash": head.hash})
    else:
        print_text(f"{words}: {head.seq:,} entries, the last with the hash")
        print_text(head.hash)
