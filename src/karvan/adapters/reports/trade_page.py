"""The page of the trade of two countries: the finding, turnover as bars, and every table."""

from __future__ import annotations

from karvan.adapters.reports.bars import Bar, bars
from karvan.adapters.reports.markup import Markup, tag
from karvan.adapters.reports.telling import section, table
from karvan.services.planning.reporting import TradeReport
from karvan.services.trade.paper import Listed
from karvan.services.words import phrase


def trade_body(report: TradeReport) -> Markup:
    """The whole of the page."""
    paper = report.paper
    verdict = [tag("p", tag("b", paper.finding), class_="finding")]
    verdict += [tag("p", fact, class_="sm mut") for fact in paper.facts]
    first = [_turnover(report), _again(report)]
    tables = [paper.years, *paper.more]
    return tag(
        "main",
        tag(
            "div",
            tag("p", phrase("Karvan, trade by value"), class_="sm mut"),
            tag("h1", paper.title),
            tag("div", tag("div", verdict), class_="ab"),
            class_="top alone",
        ),
        tag("div", first, class_="grid two-even"),
        [_listed(each, f"table-{n}") for n, each in enumerate(tables) if each is not None],
        tag("p", phrase("Every figure is as its source tells it."), class_="foot sm mut"),
    )


def _turnover(report: TradeReport) -> Markup | None:
    paper = report.paper
    if not paper.turnover:
        return None
    title = phrase("Turnover of the main count")
    rows = [Bar(name=year, a=amount) for year, amount in paper.turnover]
    made = bars(title, rows, unit=paper.unit, decimals=1, of=phrase("Year"))
    return section("turnover", title, made, aside=paper.unit)


def _listed(listed: Listed, id_: str) -> Markup:
    notes = [tag("li", note) for note in listed.notes]
    return section(
        id_,
        listed.title,
        table(
            listed.title,
            [f"{head[:1].upper()}{head[1:]}" for head in listed.heads],
            listed.rows,
            numbers=listed.numbers,
        ),
        tag("div", tag("ul", notes, class_="plain sm mut"), class_="pad") if notes else None,
    )


def _again(report: TradeReport) -> Markup:
    code = tag("pre", tag("code", report.command))
    return section("again", phrase("Run it again"), tag("div", code, class_="pad"))
