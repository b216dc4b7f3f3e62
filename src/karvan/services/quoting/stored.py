"""The use cases on stored quotes: keep, make again, move to another machine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from karvan.domain.errors import InvalidInput, KarvanError, StoreDamaged
from karvan.domain.instants import render_instant
from karvan.services.quoting.answer import Quote
from karvan.services.quoting.differences import Difference, compare_answers
from karvan.services.quoting.published import Published
from karvan.services.quoting.rendering import quote_json
from karvan.services.quoting.request import RequestReader
from karvan.services.quoting.seen import situation_of_answer
from karvan.services.quoting.store import (
    VERSIONS,
    OpenedTables,
    QuoteStore,
    StoredQuote,
    TableSet,
    TableSets,
)

_ID: Final = re.compile(r"Q-[0-9A-F]{16}")

Render = Callable[[Mapping[str, object]], str]


class Verdict(Enum):
    """How a quote that was made again compares with the stored one."""

    SAME = "same"
    CLOSE = "close"
    DIFFERENT = "different"
    NOT_MADE = "not-made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A stored quote and the same request answered again from its stored tables.

    Attributes
    ----------
    verdict
        `SAME` to the byte; `CLOSE` but for versions, and times within a tenth of an hour.
    quote, answer
        Made again; None where today's program cannot read the stored tables or request.
    refusal
        Why it could not be made.
    engine_version
        Of today's program; the stored quote has its own.
    same_tables
        Whether today's tables are those the quote was made from.
    """

    stored: StoredQuote
    verdict: Verdict
    quote: Quote | None
    answer: str | None
    refusal: KarvanError | None
    differences: tuple[Difference, ...]
    engine_version: str
    same_tables: bool

    @property
    def same_engine(self) -> bool:
        """Whether today's program has the version that made the quote."""
        return self.engine_version == self.stored.engine_version

    @property
    def is_broken(self) -> bool:
        """Whether the promise is broken: the same versions gave something else."""
        return self.same_engine and self.verdict in (Verdict.DIFFERENT, Verdict.NOT_MADE)


def parse_quote_id(text: str) -> str:
    """Read the id of a quote; case and spaces around it do not matter.

    >>> parse_quote_id(" q-7ce5b740190684e5")
    'Q-7CE5B740190684E5'
    """
    found = text.strip().upper()
    if _ID.fullmatch(found) is None:
        raise InvalidInput("not the id of a quote, like Q-7CE5B740190684E5", given=text[:60])
    return found


def keep(store: QuoteStore, tables: TableSet, answers: Sequence[str]) -> None:
    """Keep answers, all or none; when this returns they are on the disk."""
    store.put([StoredQuote.of(answer, tables.content_hash) for answer in answers], tables)


def make_again(
    stored: StoredQuote,
    tables: Callable[[], Published],
    *,
    today: str,
    engine_version: str,
    render: Render,
) -> Again:
    """Answer a stored request again: its own clock, tables and situation.

    Parameters
    ----------
    tables
        Gives the stored tables, read by today's program.
    today
        Content hash of today's tables.
    render
        Writes an answer as text, as it was written when it was stored.
    """
    # The compiler comes with it: whoever keeps answers need not wait for that.
    from karvan.services.quoting.quote import Quoting

    quote: Quote | None = None
    answer: str | None = None
    refusal: KarvanError | None = None
    try:
        situation = situation_of_answer(stored.body)
        published = tables()
        reader = RequestReader(published.network, published.book)
        given = {name: value for name, value in stored.request.items() if value is not None}
        request = reader.read(given, stored.created_at)
        quote = Quoting(published).quote(request, stored.created_at, situation)
        answer = render(quote_json(quote))
    except StoreDamaged:
        raise
    except KarvanError as error:
        refusal = error
    differences: tuple[Difference, ...] = ()
    if answer is None:
        verdict = Verdict.NOT_MADE
    elif answer == stored.answer:
        verdict = Verdict.SAME
    else:
        now = json.loads(answer)
        versions, content = _versions(stored.body, now), compare_answers(stored.body, now)
        differences = (*versions, *content)
        close = all(each.tolerated for each in content)
        if versions and engine_version == stored.engine_version:
            close = False  # another hash of the same tables, by the same program
        verdict = Verdict.CLOSE if close else Verdict.DIFFERENT
    return Again(
        stored=stored,
        verdict=verdict,
        quote=quote,
        answer=answer,
        refusal=refusal,
        differences=differences,
        engine_version=engine_version,
        same_tables=today == stored.tables_hash,
    )


def _versions(was: Mapping[str, object], now: Mapping[str, object]) -> tuple[Difference, ...]:
    return tuple(
        Difference(("versions",), name, was[name], now[name])
        for name in VERSIONS
        if was[name] != now[name]
    )


def stored_tables(
    store: QuoteStore, table_sets: TableSets, stored: StoredQuote, today: OpenedTables
) -> Callable[[], Published]:
    """Give the tables of a stored quote when asked; today's where they are the same."""

    def load() -> Published:
        if today.table_set.content_hash == stored.tables_hash:
            return today.published
        return table_sets.load(store.get_tables(stored.tables_hash))

    return load


def again_json(again: Again, now: datetime) -> Mapping[str, object]:
    """The comparison as JSON, as `karvan quote --again ID --json` gives it."""
    stored = again.stored
    refusal = again.refusal
    return {
        "quote_id": stored.quote_id,
        "verdict": again.verdict.value,
        "same_engine": again.same_engine,
        "same_tables": again.same_tables,
        "engine_version": again.engine_version,
        "price": lock_json(stored, now),
        "differences": [
            {
                "where": list(each.where),
                "field": each.field,
                "was": each.was,
                "now": each.now,
                "tolerated": each.tolerated,
            }
            for each in again.differences
        ],
        "refusal": None if refusal is None else {"code": refusal.code, "title": refusal.message},
        "stored": stored.body,
        "made_again": None if again.answer is None else json.loads(again.answer),
    }


def lock_json(stored: StoredQuote, now: datetime) -> Mapping[str, object]:
    """Whether the prices still hold."""
    return {
        "holds": stored.holds_at(now),
        "at": render_instant(now),
        "expires_at": render_instant(stored.expires_at),
    }
