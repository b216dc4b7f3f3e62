"""The page of `karvan trade`: turnover as a table and as bars, goods, loads, sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from karvan.interfaces.cli.network_pages import table
from karvan.interfaces.cli.words import number
from karvan.network.trade import Flow, TradeValue, ValueKind
from karvan.services.trade.turnover import chapters_of
from karvan.services.words import phrase, spoken

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.network.trade import TradeTables
    from karvan.services.trade.loads import Load, Span
    from karvan.services.trade.turnover import Trade, TradeYear

#: Columns of the longest bar, and chapters that are shown of a way.
BAR_WIDTH: Final = 40
SHOWN: Final = 8
_MILLION: Final = 1e6


def draw_trade(console: Console, tables: TradeTables, trade: Trade, loads: Sequence[Load]) -> None:
    """Draw everything that is told of a pair."""
    console.print(_headline(trade))
    for mirror in trade.mirrors[-1:]:
        one, other = country(trade.pair.first), country(trade.pair.second)
        share = f"{abs(mirror.apart):.1%}"
        apart = phrase("{share} more", share=share)
        if mirror.apart < 0:
            apart = phrase("{share} less", share=share)
        amount = number(_in_millions(mirror.second.turnover), 1)
        console.print(
            f"{other} counts {amount} M {mirror.second.currency} in {mirror.year},"
            f" {apart} than {one}: the two never agree, and none is corrected here."
        )
    if trade.years:
        console.print(_years(trade))
        _notes(console, trade)
        _bars(console, trade)
    _chapters(console, tables, trade)
    if trade.goods:
        console.print("Goods that are named, with HS chapter and headings:")
        console.print(_goods(trade))
    _baskets(console, trade)
    if loads:
        console.print("What this would load on the corridor, low and high in brackets:")
        console.print(_loads(loads))
        _factors(console, loads)
    if trade.others:
        console.print("Parts of years, growth and goals as they were told:")
        console.print(_others(trade.others))


def country(code: str) -> str:
    """Name of a country in the language of the reader; its code in English tables."""
    return spoken().country(code)


def _headline(trade: Trade) -> str:
    first, second = country(trade.pair.first), country(trade.pair.second)
    told = [each for each in trade.series if each.turnover]
    if not told:
        return phrase("The trade of {first} and {second}.", first=first, second=second)
    last = told[-1]
    lines = [
        phrase(
            "The trade of {first} and {second}: {amount} M {currency} in {year}, as {who} counts.",
            first=first,
            second=second,
            amount=number(_in_millions(last.turnover), 1),
            currency=last.currency,
            year=last.year,
            who=country(last.reporter) if last.reporter else "?",
        )
    ]
    if last.growth is not None:
        lines.append(
            phrase("{growth} on {before}.", growth=f"{last.growth:+.1%}", before=str(last.year - 1))
        )
    if last.times is not None and last.times_of != last.year - 1:
        lines.append(
            phrase("{times} times {first}.", times=f"{last.times:.1f}", first=str(last.times_of))
        )
    return " ".join(lines)


def _years(trade: Trade) -> object:
    there = f"{trade.pair.first} > {trade.pair.second}"
    back = f"{trade.pair.second} > {trade.pair.first}"
    numbers = (there, back, "both", "growth")
    made = table("year", "count of", there, back, "both", "growth", "in", "source", numbers=numbers)
    for each in trade.years:
        growth = "" if each.growth is None else f"{each.growth:+.1%}"
        sources = ", ".join(dict.fromkeys(key for row in each.rows for key in row.source))
        made.add_row(
            str(each.year),
            each.reporter or "?",
            _told(each.there) + _mark(each, Flow.GOODS, trade.pair.first),
            _told(each.back) + _mark(each, Flow.GOODS, trade.pair.second),
            _told(each.turnover) + _mark(each, Flow.TURNOVER),
            growth,
            f"M {each.currency}",
            sources,
        )
    made.caption = phrase("* an estimate") if any(e.estimate for e in trade.years) else None
    return made


def _mark(year: TradeYear, flow: Flow, origin: str = "") -> str:
    """A star beside what is an estimate."""
    rows = [row for row in year.rows if row.flow is flow and origin in {"", row.origin}]
    return " *" if any(row.estimate for row in rows) else ""


def _notes(console: Console, trade: Trade) -> None:
    for each in trade.years:
        for row in each.rows:
            if row.note:
                way = "" if row.flow is Flow.TURNOVER else f", {row.origin} > {row.destination}"
                console.print(f" {each.year}, {each.reporter or '?'}{way}: {row.note}")
    console.print("")


def _bars(console: Console, trade: Trade) -> None:
    told = [each for each in trade.series if each.turnover]
    if len(told) < 2:
        return
    most = max(each.turnover or 0.0 for each in told)
    for each in told:
        amount = each.turnover or 0.0
        bar = "█" * max(1, round(amount / most * BAR_WIDTH))
        console.print(f" {each.year}  {bar} {number(_in_millions(amount), 1)}")
    console.print("")


def _chapters(console: Console, tables: TradeTables, trade: Trade) -> None:
    pair = trade.pair
    for each in trade.years:
        for origin, destination in ((pair.first, pair.second), (pair.second, pair.first)):
            shares = chapters_of(tables, origin, destination, each.year, each.reporter)
            if not shares:
                continue
            way = f"{origin} > {destination}"
            console.print(f"Chapters of {way} in {each.year}, count of {each.reporter}:")
            made = table("HS", "goods", "M USD", "share", "t", numbers=("M USD", "share", "t"))
            for share in shares[:SHOWN]:
                mass = "" if share.net_kg is None else number(share.net_kg / 1000, 0)
                made.add_row(
                    share.chapter,
                    share.title,
                    number(share.value_usd / _MILLION, 1),
                    f"{share.share:.1%}",
                    mass,
                )
            rest = shares[SHOWN:]
            if rest:
                left = number(sum(share.value_usd for share in rest) / _MILLION, 1)
                part = f"{sum(share.share for share in rest):.1%}"
                made.add_row("", phrase("others"), left, part, "")
            console.print(made)


def _goods(trade: Trade) -> object:
    made = table("way", "year", "goods", "HS", "what is told", "source")
    for row in trade.goods:
        headings = ", ".join(code for code in row.hs if len(code) > 2)
        chapter = ", ".join(dict.fromkeys(code[:2] for code in row.hs))
        hs = f"{chapter} ({headings})" if headings else chapter
        hs += " *" if row.estimate else ""
        way = f"{row.origin} > {row.destination}"
        made.add_row(way, str(row.year), row.goods, hs, row.note, ", ".join(row.source))
    made.caption = phrase("* an estimate") if any(row.estimate for row in trade.goods) else None
    return made


def _baskets(console: Console, trade: Trade) -> None:
    for row in trade.baskets:
        way = f"{row.origin} > {row.destination}"
        amount = number(row.money / _MILLION, 0)
        console.print(f"New goods, {way}, {row.year}: {row.scope}, {amount} M {row.currency}.")


def _loads(loads: Sequence[Load]) -> object:
    made = table("way", "year", "goods", "thousand t a year", "TEU a year")
    for load in loads:
        way = f"{load.origin} > {load.destination}"
        tonnes = _span(load.tonnes, 1000, 0)
        mass = phrase("{mass}, weighed", mass=tonnes) if load.weighed else tonnes
        made.add_row(way, str(load.year), load.scope, mass, _span(load.teu, 1, 0))
    return made


def _factors(console: Console, loads: Sequence[Load]) -> None:
    for each in {row.id: row for load in loads for row in load.factors}.values():
        way = f"{each.origin} > {each.destination}"
        ends = f"{each.value:g} ({each.low:g} to {each.high:g}) {each.unit}"
        console.print(f"Factor {each.factor}, {each.of}, {way}: {ends}; {each.note}.")
    console.print("")


def _others(rows: Sequence[TradeValue]) -> object:
    made = table("year", "months", "count of", "what", "value", "", "source", numbers=("value",))
    for row in rows:
        way = f"{row.origin} > {row.destination}" if row.flow is Flow.GOODS else phrase("both ways")
        what = f"{way}, {row.scope}"
        if row.kind is not ValueKind.COUNTED:
            what = f"{what}, {row.kind}"
        months = "" if row.whole_year else f"{row.first_month}-{row.last_month}"
        value = f"{row.value:g}"
        made.add_row(
            str(row.year), months, row.reporter, what, value, row.unit, ", ".join(row.source)
        )
    return made


def _told(amount: float | None) -> str:
    return "" if amount is None else number(_in_millions(amount), 1)


def _in_millions(amount: float | None) -> float:
    return (amount or 0.0) / _MILLION


def _span(span: Span, unit: float, digits: int) -> str:
    low, value, high = (number(each / unit, digits) for each in (span.low, span.value, span.high))
    return value if span.low == span.high else f"{value} ({low} - {high})"
