"""`karvan trade`: what two countries buy of each other, and what it would load on the corridor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from karvan.interfaces.cli.options import Json, session
from karvan.interfaces.cli.output import print_drawn, print_json, say
from karvan.interfaces.cli.report_page import ReportFile, command_line, require_page, save


def trade(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="A", help="A country by its code, like KZ.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one, like AZ.")],
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help="Tell this year alone.")
    ] = None,
    imports: Annotated[
        list[Path] | None,
        typer.Option(
            "--import",
            metavar="FILE",
            help="CSV of UN Comtrade, laid over what is known; may be given again.",
        ),
    ] = None,
    report: ReportFile = None,
    as_json: Json = False,
) -> None:
    """Tell the trade of two countries: by year and way, its growth, its goods, its tonnes.

    What one country counts as sold and the other as bought differ; the counts stand apart.
    Tonnes and containers are worked out from stated estimates, with low and high.

    karvan trade KZ AZ
    """
    from karvan.interfaces.cli.trade_page import draw_trade
    from karvan.services.planning.reporting import TradeReport
    from karvan.services.trade.importing import laid_over
    from karvan.services.trade.loads import loads_of
    from karvan.services.trade.paper import paper_of
    from karvan.services.trade.telling import trade_json
    from karvan.services.trade.turnover import trade_of

    work = session(context)
    source = work.wiring.trade
    assert source is not None, "wired without tables of trade"
    require_page(work, report)
    tables = source.load()
    for file in imports or ():
        given = source.read(file)
        tables = laid_over(tables, given)
        say(f"{given.file}: {given.rows} rows, {given.elsewhere} of them of other countries")
        if given.twice:
            say(f"{given.file}: {given.twice} rows say again what another says")
    found = trade_of(tables, first, second, year)
    loads = loads_of(tables, found)
    paper = paper_of(tables, found, loads)
    if as_json:
        print_json(trade_json(tables, found, loads))
    else:
        print_drawn(lambda console: draw_trade(console, paper))
    if report is not None:
        words = [first, second, *(("--year", str(year)) if year is not None else ())]
        words += [word for file in imports or () for word in ("--import", str(file))]
        line = command_line("trade", *words, "--report", report.name)
        save(work, TradeReport(paper=paper, command=line), report)
