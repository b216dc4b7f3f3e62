"""The page of `karvan trade` at a terminal: turnover as a table and as bars, then the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from karvan.interfaces.cli.network_pages import table
from karvan.interfaces.cli.told_console import as_told
from karvan.interfaces.cli.words import number

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.services.trade.paper import Listed, TradePaper

#: Columns of the longest bar.
BAR_WIDTH: Final = 40


def draw_trade(console: Console, paper: TradePaper) -> None:
    """Draw everything that is told of a pair."""
    console.print(as_told(f"{paper.title}: {paper.finding}"))
    for fact in paper.facts:
        console.print(as_told(fact))
    if paper.years is not None:
        _draw(console, paper.years, titled=False)
        _bars(console, paper)
    for each in paper.more:
        _draw(console, each)


def _draw(console: Console, listed: Listed, *, titled: bool = True) -> None:
    if titled:
        console.print(as_told(f"{listed.title}:"))
    numbers = [listed.heads[at] for at in listed.numbers]
    made = table(*listed.heads, numbers=numbers)
    for row in listed.rows:
        made.add_row(*map(as_told, row))
    console.print(made)
    for note in listed.notes:
        console.print(as_told(f" {note}"))
    if listed.notes:
        console.print("")


def _bars(console: Console, paper: TradePaper) -> None:
    if len(paper.turnover) < 2:
        return
    most = max(amount for _, amount in paper.turnover)
    for year, amount in paper.turnover:
        bar = "█" * max(1, round(amount / most * BAR_WIDTH))
        console.print(as_told(f" {year}  {bar} {number(amount, 1)}"))
    console.print("")
