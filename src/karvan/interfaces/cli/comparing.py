"""`karvan quote --compare-weeks N`: the same request, ready a week later, and another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from karvan.interfaces.cli.keeping import keep_answers, read_situation
from karvan.interfaces.cli.options import Session
from karvan.interfaces.cli.output import print_drawn, print_json, tell_progress
from karvan.interfaces.json_text import render_json

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.services.quoting.answer import Quote
    from karvan.services.quoting.comparing import Comparison


def compare_dates(
    work: Session, body: dict[str, object], weeks: int, now: datetime, *, as_json: bool
) -> None:
    """Compare ready dates a week apart; every quote is kept."""
    from karvan.services.quoting.comparing import compare, comparison_json, weeks_from
    from karvan.services.quoting.quote import Quoting
    from karvan.services.quoting.rendering import quote_json
    from karvan.services.quoting.request import RequestReader

    published, tables = work.tables()
    reader, quoting = RequestReader(published.network, published.book), Quoting(published)
    situation = read_situation(work, published.network, now, as_json=as_json)

    def ask(each: Mapping[str, object]) -> Quote:
        return quoting.quote(reader.read(each, now), now, situation)

    if "ready" not in body:
        ask(body)  # tells every fault, this one among them
    tell_progress("Searching; the first run on a machine compiles for up to a minute ...")
    comparison = compare(ask, body, weeks_from(str(body["ready"]), weeks))
    answers = [render_json(quote_json(quote)) for quote in comparison.quotes]
    keep_answers(work, tables, answers, as_json=as_json)
    if as_json:
        print_json(comparison_json(comparison))
    else:
        print_drawn(ComparisonPage(comparison).draw)


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Draws a comparison: a line a ready date, then the advice."""

    comparison: Comparison

    def draw(self, console: Console) -> None:
        """Draw table and advice."""
        from rich.table import Table

        from karvan.interfaces.cli.words import grouped

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column("ready", no_wrap=True)
        for name in ("cheapest", "fastest"):
            table.add_column(name, justify="right", no_wrap=True)
        table.add_column("arrives (P50, fastest)", no_wrap=True)
        table.add_column("quote")
        for row in self.comparison.rows:
            if row.cheapest is None or row.fastest is None or row.arrives is None:
                table.add_row(row.ready, "-", "-", "-", row.error)
                continue
            prices = [f"{grouped(m.amount, 2)} {m.currency}" for m in (row.cheapest, row.fastest)]
            arrives = f"{row.arrives:%Y-%m-%d}"
            quote_id = "" if row.quote is None else row.quote.quote_id
            table.add_row(row.ready, *prices, arrives, quote_id)
        console.print(table)
        if self.comparison.advice:
            console.print()
            console.print(self.comparison.advice)
