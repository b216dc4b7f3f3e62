"""`karvan resilience`: how long it takes to recover, and what is lost by then."""

from __future__ import annotations

from datetime import datetime
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

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console

    from karvan.services.planning.resilience import Recovery
    from karvan.services.planning.scenario import Scenario as Asked


def resilience(
    context: typer.Context,
    scenario: Scenario = None,
    days: Annotated[
        int | None,
        typer.Option(
            help="Take each asset out so long, instead of the scenario's events.", min=1, max=3660
        ),
    ] = None,
    first_day: Annotated[
        datetime | None,
        typer.Option(
            "--from", metavar="DAY", formats=["%Y-%m-%d"], help="First day of that; mid-way."
        ),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="Share of the usual that counts as recovered.", min=0, max=1)
    ] = 0.01,
    top: Annotated[int, typer.Option(help="Rows to show.", min=1)] = 30,
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
    """Tell how long it takes until all is as usual again, and what is lost by then.

    The events of a scenario together; or, with --days or where it has none, each asset that is
    used out for some days by itself. Ships and rail slots rise slowly, tanks take what they can.

    karvan resilience cpc-moorings-2025
    """
    from karvan.services.studies.recoveries import recoveries
    from karvan.services.studies.terms import ResilienceTerms, words_of

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        make_again(work, "resilience", again, on, workers, as_json=as_json)
        return
    given = named(scenario)
    require_new(work, out)
    terms = ResilienceTerms(
        days=days,
        first_day=None if first_day is None else first_day.date(),
        tolerance=tolerance,
        time_limit_s=time_limit,
    )
    with desk_of(work, work.published(), on, workers) as desk:
        subject = subject_of(work, desk, given, situation=situation, as_json=as_json)
        found = recoveries(desk, subject, terms)
    words = (given, *words_of(terms), *laid_words(situation=situation))
    leave(work, found, out, report, words)
    if as_json:
        print_json(found.told)
        return
    told = found.found
    page = _Page(AssetNames(desk.network), told.recoveries[:top], tolerance)
    print_drawn(lambda console: page.draw(console, subject.scenario, told.days, told.first_day))


class _Page:
    """What is shown at a terminal."""

    def __init__(self, names: AssetNames, shown: Sequence[Recovery], tolerance: float) -> None:
        self.names, self.shown, self.tolerance = names, shown, tolerance

    def draw(self, console: Console, asked: Asked, days: int, begins: date) -> None:
        """Title, what was tried, and a row for each that takes something."""
        console.print(f"{asked.title}. {asked.base.title}.")
        if days:
            console.print(f"Each asset out for {days} days from {begins}, most lost first:")
            self._table(console)
        for each in () if days else self.shown:
            self._one(console, each)
        share = f"{self.tolerance:.0%}"
        console.print(
            f"Recovered: what is delivered and what it costs within {share} of the plan without "
            "the event, to the end."
        )

    def _one(self, console: Console, each: Recovery) -> None:
        if not each.begins:
            console.print("The events take nothing.")
            return
        if each.recovered:
            console.print(f"From {each.begins} on; recovered from {each.recovered} on.")
        else:
            console.print(f"From {each.begins} on; not recovered within the periods.")
        for loss in each.losses:
            console.print(
                f"Lost: {loss.shut_in:,.0f} {loss.unit} shut in, {loss.unserved:,.0f} unserved, "
                f"{loss.delayed:,.0f} delayed."
            )
            console.print(f"Worst: {each.worst_period}, {loss.worst_short:,.0f} {loss.unit} short.")
            if loss.peak_place:
                place = self.names.of(loss.peak_place)
                console.print(
                    f"Most waits in {loss.peak_period}: {loss.peak_stock:,.0f} {loss.unit} above "
                    f"the usual, most of it at {place}."
                )
        console.print(f"Extra cost: {each.extra_cost_kusd / 1000:,.1f} M USD.")

    def _table(self, console: Console) -> None:
        from karvan.interfaces.cli.network_pages import table

        numbers = ("shut in", "unserved", "delayed", "in tanks", "periods", "M USD")
        made = table(
            "what is out",
            "shut in",
            "unserved",
            "delayed",
            "in tanks",
            "periods",
            "worst",
            "M USD",
            numbers=numbers,
        )
        for each in self.shown:
            name = self.names.of(each.asset)
            for loss in each.losses:
                amounts = (loss.shut_in, loss.unserved, loss.delayed, loss.peak_stock)
                made.add_row(
                    name,
                    *(f"{abs(amount):,.0f} {loss.unit}" for amount in amounts),
                    "-" if each.periods_to_recover is None else str(each.periods_to_recover),
                    each.worst_period,
                    f"{each.extra_cost_kusd / 1000:,.1f}",
                )
        console.print(made)
        console.print("Periods until recovered; - where not within the scenario.")
