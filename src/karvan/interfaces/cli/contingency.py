"""`karvan contingency`: what each outage of an asset costs, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.interfaces.cli.asset_names import AssetNames
from karvan.interfaces.cli.executing import On, Workers
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Store, session
from karvan.interfaces.cli.output import print_drawn, print_json
from karvan.interfaces.cli.report_page import ReportFile
from karvan.interfaces.cli.studying import (
    AgainFrom,
    Out,
    Scenario,
    Situation,
    TimeLimit,
    desk_of,
    laid_words,
    leave,
    make_again,
    named,
    require_new,
    subject_of,
)
from karvan.services.executing import ExecutorKind
from karvan.services.words import phrase

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.services.planning.contingency import Consequence, Contingency
    from karvan.services.planning.outage_reasons import More
    from karvan.services.planning.scenario import Scenario as Asked


def contingency(
    context: typer.Context,
    scenario: Scenario = None,
    order: Annotated[
        int, typer.Option(help="2 takes out the worst pairs as well.", min=1, max=2)
    ] = 1,
    by_year: Annotated[
        bool, typer.Option("--by-year", help="Plan all months as one period: quicker.")
    ] = False,
    top: Annotated[int, typer.Option(help="Ranks to show.", min=1)] = 30,
    out: Out = None,
    again: AgainFrom = None,
    report: ReportFile = None,
    time_limit: TimeLimit = 600.0,
    situation: Situation = False,
    on: On = ExecutorKind.INLINE,
    workers: Workers = None,
    store: Store = None,
    database: DatabaseUrl = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take out each link, place, shared capacity and fleet in turn, and rank what that costs.

    An outage lasts from the first month to the last and is known from the beginning; events of
    the scenario hold all the while. What is left behind is worth what it is priced at.

    karvan contingency base-2024 --order 2
    """
    from karvan.services.studies.outages import outages
    from karvan.services.studies.terms import ContingencyTerms, words_of

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        make_again(work, "contingency", again, on, workers, as_json=as_json)
        return
    given = named(scenario)
    require_new(work, out)
    terms = ContingencyTerms(order=order, by_year=by_year, time_limit_s=time_limit)
    with desk_of(work, work.published(), on, workers) as desk:
        subject = subject_of(work, desk, given, situation=situation, as_json=as_json)
        found = outages(desk, subject, terms)
    words = (given, *words_of(terms), *laid_words(situation=situation))
    leave(work, found, out, report, words)
    if as_json:
        print_json(found.told)
    else:
        names = AssetNames(desk.network)
        print_drawn(_Page(found.found, names, subject.scenario, top).draw)


class _Page:
    """What is shown at a terminal."""

    def __init__(self, found: Contingency, names: AssetNames, asked: Asked, top: int) -> None:
        self.found, self.names, self.asked, self.top = found, names, asked, top
        thousands = found.problem.currency == "1000 USD"
        self.unit = "M USD" if thousands else found.problem.currency
        self.scale = 1e-3 if thousands else 1.0

    def draw(self, console: Console) -> None:
        """Title, ranks, reasons, pairs, and how sure all that is."""
        found, periods = self.found, self.found.problem.period_ids
        console.print(f"{self.asked.title}. {self.asked.base.title}.")
        span = periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
        cost = self._money(found.cost)
        console.print(f"All works: {cost} {self.unit}. Out from {span}, the worst first:")
        self._ranks(console)
        idle = sum(each.extra_cost <= found.tie for each in found.ranked)
        console.print(f"{idle} other outages cost nothing.")
        self._reasons(console)
        self._pairs(console)
        console.print(
            f"{found.solved} plans solved, {found.checked_cold} of them again from nothing; "
            f"proven to a gap of {found.worst_gap:.0e}."
        )

    def _ranks(self, console: Console) -> None:
        from karvan.interfaces.cli.network_pages import table

        numbers = ("rank", "extra cost", "left behind")
        made = table("rank", "extra cost", "left behind", "what is out", "", numbers=numbers)
        last = 0
        for each in self._shown(self.found.ranked):
            new, last = each.rank != last, each.rank
            cells = (str(each.rank), self._money(each.extra_cost), self._left(each))
            (outage,) = each.outages
            told_cells = cells if new else ("", "", "")
            made.add_row(*told_cells, self.names.of(outage.asset), outage.kind)
        console.print(made)

    def _reasons(self, console: Console) -> None:
        from rich.padding import Padding

        console.print("Why, as one of the cheapest plans has it:")
        for each in self._shown(self.found.ranked):
            if each.reason is None:
                continue
            why = each.reason
            name = self.names.of(each.outages[0].asset)
            console.print(f"{each.rank:>5} {name}: {why.carried:,.0f} {why.unit} went through.")
            lines = [
                phrase("goes by {ways}", ways=self._more(why.instead)) if why.instead else "",
                phrase("stays at {places}", places=self._more(why.left)) if why.left else "",
                phrase("held by {limit}", limit=self._limit(why.limit)) if why.limit else "",
            ]
            console.print(Padding("\n".join(filter(None, lines)), (0, 0, 0, 6)))

    def _more(self, rows: tuple[More, ...]) -> str:
        return "; ".join(f"{self.names.of(of)} {more:,.0f} {unit}" for of, more, unit in rows)

    def _pairs(self, console: Console) -> None:
        from karvan.interfaces.cli.network_pages import table

        found = self.found
        if not found.pairs:
            return
        alone = {each.outages[0].id: each.extra_cost for each in found.ranked}
        numbers = ("rank", "extra cost", "left behind", "beyond both")
        made = table(
            "rank", "extra cost", "left behind", "beyond both", "out together", numbers=numbers
        )
        for each in self._shown(found.pairs):
            beyond = each.extra_cost - sum(alone[outage.id] for outage in each.outages)
            both = " + ".join(self.names.of(outage.asset) for outage in each.outages)
            cells = (str(each.rank), self._money(each.extra_cost), self._left(each))
            made.add_row(*cells, self._money(beyond), both)
        console.print(made)
        console.print(
            f"{len(found.pairs)} of {found.pairs_possible} pairs were looked at: those of the "
            "worst ranks, and of links that meet. Beyond both: more than one by one."
        )

    def _shown(self, listed: tuple[Consequence, ...]) -> Iterator[Consequence]:
        for each in listed:
            if each.rank <= self.top and each.extra_cost > self.found.tie:
                yield each

    def _left(self, each: Consequence) -> str:
        at_least = "" if each.left_is_sure else ">= "
        return at_least + self._money(each.left_behind)

    def _money(self, amount: float) -> str:
        return f"{amount * self.scale:,.1f}"

    def _limit(self, limit: str) -> str:
        family, _, asset = limit.rpartition(" ") if "--" in limit else ("", "", limit)
        return f"{family} {self.names.of(asset)}".strip()
