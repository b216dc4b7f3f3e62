"""Stored quotes as pages of text, from their JSON alone: any version's answer can be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from karvan.interfaces.cli.words import grouped
from karvan.services.quoting.store import StoredQuote
from karvan.services.quoting.stored import Again, Verdict

if TYPE_CHECKING:
    from rich.console import Console

_VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.SAME: "Made again from its stored versions: the same, to the byte.",
    Verdict.CLOSE: "Made again from its stored versions: the same; "
    "times within a tenth of an hour.",
    Verdict.DIFFERENT: "Made again from its stored tables: it differs.",
    Verdict.NOT_MADE: "It cannot be made again by this program.",
}

#: Fields of a request that the page names before the rest.
_LEADING: Final = ("from", "to")

#: An id is never cut: it is what the other commands ask for.
_ID_WIDTH: Final = len("Q-0123456789ABCDEF")
_MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class StoredPage:
    """Draws a stored answer: what was asked, until when it holds, its ways."""

    stored: StoredQuote
    now: datetime

    def draw(self, console: Console) -> None:
        """Draw the page."""
        self.draw_heading(console)
        console.print()
        console.print(ways_table(self.stored.body))

    def draw_heading(self, console: Console) -> None:
        """Say which quote it is and whether its prices hold."""
        stored = self.stored
        console.print(Text(f"Quote {stored.quote_id} of {_day(stored.created_at)}", style="bold"))
        console.print(request_text(stored.request))
        console.print(lock_text(stored, self.now))


def request_text(request: Mapping[str, object]) -> str:
    """A request in one line: the ends, then every other field that was given.

    >>> request_text({"from": "KZ-ALM", "to": "GE-POT", "mass_kg": "18000", "changes": []})
    'KZ-ALM - GE-POT · mass kg 18000'
    """
    ends = " - ".join(str(request.get(name, "?")) for name in _LEADING)
    rest = [
        f"{name.replace('_', ' ')} {_plain(value)}"
        for name, value in request.items()
        if name not in _LEADING and value not in (None, [], {}, "", False)
    ]
    return " · ".join([ends, *rest])


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def lock_text(stored: StoredQuote, now: datetime) -> str:
    """Whether the prices still hold at a clock."""
    until = _day(stored.expires_at)
    if stored.holds_at(now):
        return f"The prices hold until {until}."
    return f"The prices held until {until}; it is {_day(now)} now. Ask for a new quote."


def ways_table(answer: Mapping[str, object]) -> Table:
    """The ways of an answer, one line each."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("", "corridor", "departs"):
        table.add_column(name, no_wrap=True)
    for name in ("price", "P50 / P80 / P95 days", "kg CO2e"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    ways = answer.get("alternatives")
    for way in ways if isinstance(ways, list) else []:
        table.add_row(*_row(way))
    return table


def _row(way: Mapping[str, object]) -> Sequence[str]:
    price, times, labels = (way.get(name) for name in ("price", "transit_time_h", "labels"))
    assert isinstance(price, Mapping)
    assert isinstance(times, Mapping)
    days = " / ".join(f"{float(times[name]) / 24:.1f}" for name in ("p50", "p80", "p95"))
    return (
        str(way.get("rank", "")),
        str(way.get("corridor", "")),
        str(way.get("departs_at", ""))[:10],
        f"{grouped(str(price['amount']), 2)} {price['currency']}",
        days,
        str(way.get("co2e_kg", "")),
        ", ".join(map(str, labels)) if isinstance(labels, list) else "",
    )


@dataclass(frozen=True, slots=True)
class AgainPage:
    """Draws what became of a stored quote that was made again."""

    again: Again
    now: datetime

    def draw(self, console: Console) -> None:
        """Draw verdict, both answers where they differ, and each difference."""
        StoredPage(self.again.stored, self.now).draw_heading(console)
        self.draw_verdict(console)
        console.print()
        if self.again.verdict in (Verdict.SAME, Verdict.CLOSE):
            console.print(ways_table(self.again.stored.body))
            return
        console.print(Text("As it was stored", style="bold"))
        console.print(ways_table(self.again.stored.body))
        if self.again.answer is not None:
            console.print()
            console.print(Text("As it is made today", style="bold"))
            console.print(ways_table(json.loads(self.again.answer)))
        self.draw_differences(console)

    def draw_verdict(self, console: Console) -> None:
        """Say how it compares, and with what it was made."""
        again = self.again
        console.print(_VERDICTS[again.verdict])
        if again.refusal is not None:
            console.print(f"  {again.refusal.message}")
        if not again.same_engine:
            was = again.stored.engine_version
            console.print(f"It was made by version {was}; this is {again.engine_version}.")
        if not again.same_tables:
            console.print("Today's tables are others: a new quote may give other prices and days.")

    def draw_differences(self, console: Console) -> None:
        """Each difference that counts: way by way, line by line."""
        told = [each for each in self.again.differences if not each.tolerated]
        if not told:
            return
        console.print()
        console.print(Text("What differs", style="bold"))
        last: tuple[str, ...] = ()
        for each in told[:_MOST_SHOWN]:
            for depth, part in enumerate(each.where):
                if each.where[: depth + 1] != last[: depth + 1]:
                    console.print("  " * depth + part, soft_wrap=True)
            last = each.where
            indent = "  " * len(each.where)
            if not each.field:
                word = "only as stored" if each.was is not None else "only today"
                console.print(f"{indent}{word}")
            else:
                was, now = _plain(each.was), _plain(each.now)
                console.print(f"{indent}{each.field}: {was} -> {now}", soft_wrap=True)
        if len(told) > _MOST_SHOWN:
            console.print(f"... and {len(told) - _MOST_SHOWN} more; all with --json")


@dataclass(frozen=True, slots=True)
class StoredList:
    """Draws stored quotes, one line each."""

    quotes: Sequence[StoredQuote]
    now: datetime

    def draw(self, console: Console) -> None:
        """Draw the list."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column("quote", no_wrap=True, min_width=_ID_WIDTH)
        for name in ("made", "from", "to", "ready", "holds until"):
            table.add_column(name)
        for quote in self.quotes:
            until = _day(quote.expires_at) if quote.holds_at(self.now) else "-"
            ends = [str(quote.request.get(name, "")) for name in _LEADING]
            ready = str(quote.request.get("ready", ""))[:10]
            table.add_row(quote.quote_id, _day(quote.created_at), *ends, ready, until)
        console.print(table)


def _day(instant: datetime) -> str:
    """An instant as a person reads it, in UTC."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"
