"""Keeping the answers a command gives: stored where it can be, told plainly where it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from karvan.domain.errors import KarvanError
from karvan.interfaces.cli.options import Session
from karvan.interfaces.cli.output import say, tell_progress
from karvan.interfaces.json_text import render_json
from karvan.interfaces.problems import Problem, readable

if TYPE_CHECKING:
    from datetime import datetime

    from karvan.network.network import Network
    from karvan.network.situation import Situation
    from karvan.services.quoting.store import TableSet


def keep_answers(
    work: Session, tables: TableSet | None, answers: Sequence[str], *, as_json: bool
) -> bool:
    """Store answers; a store that cannot is a warning on stderr and no failure.

    Parameters
    ----------
    tables
        What the answers were made from; None where nothing is kept.
    answers
        JSON texts, as they are printed.

    Returns
    -------
    Whether they are on the disk.
    """
    from karvan.services.quoting.stored import keep

    if tables is None:
        return False
    try:
        store = work.open_store(create=True)
        try:
            keep(store, tables, answers)
        finally:
            store.close()
    except KarvanError as error:
        _warn(error, len(answers), as_json=as_json)
        return False
    return True


def read_situation(
    work: Session, network: Network, now: datetime, *, as_json: bool
) -> Situation | None:
    """Read what is closed; a store that cannot be read is a warning on stderr, and gives None."""
    from karvan.network.situation import NORMAL
    from karvan.services.situation.watch import Watch

    where, stores = work.loaded.settings.keeps_in, work.wiring.closures
    if where is None or stores is None or (where.file is not None and not where.file.exists()):
        return NORMAL
    try:
        watch = Watch(stores, where)
        try:
            return watch.look().situation(now, network)
        finally:
            watch.close()
    except (KarvanError, OSError) as error:
        if isinstance(error, KarvanError) and not as_json:
            say(readable(f"karvan: warning: what is closed is not known: {error.message}"))
        return None


def tell_kept(quote_id: str) -> None:
    """Tell a person at a terminal that the quote can be had again."""
    tell_progress(f"Kept: karvan quote --again {quote_id}")


def _warn(error: KarvanError, count: int, *, as_json: bool) -> None:
    problem = Problem.of(error)
    if as_json:
        say(render_json({"stored": False, **problem.members()}).rstrip("\n"))
        return
    what = "the quote was" if count == 1 else f"{count} quotes were"
    say(readable(f"karvan: warning: {what} not stored: {error.message}"))
    for name, value in problem.facts.items():
        say(readable(f"  {name} = {value}"))
