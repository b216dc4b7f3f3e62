"""The use cases: close something, correct what was said, say that it is open again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from karvan.network.network import Network
from karvan.services.quoting.store import StoredQuote
from karvan.services.situation.closures import Closure, Draft
from karvan.services.situation.reading import ClosureReader, find_closure
from karvan.services.situation.states import closure_json
from karvan.services.situation.touching import MOST_QUOTES, Touched, touched_by
from karvan.services.situation.watch import Watch

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """An entry, and what it touches.

    Attributes
    ----------
    kept
        Whether it was entered; False for a trial.
    version
        Of the situation after it; before it for a trial.
    """

    closure: Closure
    touched: Touched
    kept: bool
    version: int

    def as_json(self, network: Network, now: datetime) -> Mapping[str, object]:
        """The entry as every interface gives it."""
        return {
            "closure": closure_json(network, self.closure, now),
            "touches": self.touched.as_json(),
            "entered": self.kept,
            "situation_version": self.version,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Enters closures against one network.

    Attributes
    ----------
    quotes
        Gives the newest stored quotes, which may be touched; None where none are kept.
    """

    network: Network
    watch: Watch
    quotes: Callable[[int], Sequence[StoredQuote]] | None = None

    def begin(self, body: Body, now: datetime, actor: str, *, dry_run: bool = False) -> Entered:
        """Close or restrict something; raises `InvalidRequest` with every fault."""
        draft = ClosureReader(self.network).draft(body, now, actor)
        return self._enter(draft, now, dry_run=dry_run)

    def correct(
        self, closure_id: str, body: Body, now: datetime, actor: str, *, dry_run: bool = False
    ) -> Entered:
        """Correct a closure; raises `UnknownClosure`, `InvalidRequest`."""
        read = ClosureReader(self.network).correction
        return self._change(closure_id, read, body, now, actor, dry_run=dry_run)

    def lift(
        self, closure_id: str, body: Body, now: datetime, actor: str, *, dry_run: bool = False
    ) -> Entered:
        """Say that something is open again; raises `UnknownClosure`, `InvalidRequest`."""
        read = ClosureReader(self.network).lifting
        return self._change(closure_id, read, body, now, actor, dry_run=dry_run)

    def _change(
        self,
        closure_id: str,
        read: Callable[[Closure, Body, datetime, str], Draft],
        body: Body,
        now: datetime,
        actor: str,
        *,
        dry_run: bool,
    ) -> Entered:
        base = find_closure(self.watch.look().entries, closure_id)
        return self._enter(read(base, body, now, actor), now, dry_run=dry_run)

    def _enter(self, draft: Draft, now: datetime, *, dry_run: bool) -> Entered:
        known = self.watch.look()
        if dry_run:
            number = 1
            while not draft.closure_id and draft.numbered(number).id in known.closures:
                number += 1
            closure, version = draft.numbered(number), known.version
        else:
            closure = self.watch.use(lambda store: store.add(draft))
            version = closure.seq
        held = [] if self.quotes is None else self.quotes(MOST_QUOTES)
        touched = touched_by(self.network, closure, known.closures.values(), held, now)
        return Entered(closure=closure, touched=touched, kept=not dry_run, version=version)
