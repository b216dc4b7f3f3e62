"""`karvan resilience`: how long it takes to recover, and what is lost by then."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan import __version__
from karvan.interfaces.cli.asset_names import AssetNames
from karvan.interfaces.cli.executing import On, Workers, executor_of
from karvan.interfaces.cli.options import Data, Json, session
from karvan.interfaces.cli.output import print_drawn, print_json
from karvan.interfaces.cli.progress import counted
from karvan.interfaces.cli.report_page import ReportFile, save_list
from karvan.interfaces.cli.study_folder import keep
from karvan.services.executing import ExecutorKind
from karvan.services.words import phrase

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import Console

    from karvan.interfaces.cli.options import Session
    from karvan.services.planning.resilience import Recovery
    from karvan.services.planning.scenario import Scenario

#: Length of the test where the scenario has no event of its own.
DAYS = 30


def resilience(
    context: typer.Context,
    scenario: Annotated[
        str,
        typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a TOML file."),
    ],
    days: Annotated[
        int | None,
        typer.Option(help="Take each asset out so long, instead of the scenario's events.", min=1),
    ] = None,
    first_day: Annotated[
        datetime | None,
        typer.Option(
            "--from", metavar="DAY", formats=["%Y-%m-%d"], help="First day of that; mid-way."
        ),
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="Share of the usual that counts as recovered.")
    ] = 0.01,
    top: Annotated[int, typer.Option(help="Rows to show.", min=1)] = 30,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="New folder for a table (CSV, Parquet) and a manifest."
        ),
    ] = None,
    report: ReportFile = None,
    on: On = ExecutorKind.INLINE,
    workers: Workers = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell how long it takes until all is as usual again, and what is lost by then.

    The events of a scenario together; or, with --days or where it has none, each asset that is
    used out for some days by itself. Ships and rail slots rise slowly, tanks take what they can.

    karvan resilience cpc-moorings-2025
    """
    from karvan.services.planning.resilience import recovery_of, stress
    from karvan.services.planning.resilience_telling import recoveries_json
    from karvan.services.planning.scenario import bounds_of
    from karvan.services.planning.study import study

    work = session(context, {"data": data})
    assert work.wiring.scenarios is not None, "wired without scenarios"
    asked = work.wiring.scenarios.read(scenario)
    network = work.published().network
    bounds = bounds_of(asked)
    begins = bounds[len(bounds) // 3] if first_day is None else first_day.date()
    found: tuple[Recovery, ...]
    if days is None and first_day is None and asked.event:
        found = (recovery_of(study(network, asked), tolerance=tolerance),)
        days = 0
    else:
        days = days or DAYS
        executor = executor_of(work, on, workers)
        with counted(phrase("Assets")) as watch:
            found = stress(
                network,
                asked,
                executor,
                days=days,
                first_day=begins,
                tolerance=tolerance,
                told=watch,
            )
    if out is not None or report is not None:
        _keep(work, (out, report), (asked, scenario), found, (days, begins, tolerance))
    if as_json:
        print_json(recoveries_json(found, asked.name, asked.title, tolerance))
    else:
        page = _Page(AssetNames(network), found[:top], tolerance)
        print_drawn(lambda console: page.draw(console, asked, days, begins))


def _keep(
    work: Session,
    where: tuple[Path | None, Path | None],
    asked: tuple[Scenario, str],
    found: Sequence[Recovery],
    test: tuple[int, date, float],
) -> None:
    """Write the folder and the page that are asked for; raises `InvalidInput`."""
    from karvan.engines.planner.solving import SolverOptions
    from karvan.services.planning.manifest import Manifest, ScenarioText, hash_of, marks_of
    from karvan.services.planning.periods import periods_of
    from karvan.services.planning.reporting import Chart
    from karvan.services.planning.resilience_telling import recovery_table
    from karvan.services.planning.results import Checks

    scenarios = work.wiring.scenarios
    assert scenarios is not None, "wired without scenarios"
    (scenario, given), (days, begins, tolerance) = asked, test
    tables = (recovery_table(found),)
    manifest = Manifest(
        command="resilience",
        version=__version__,
        scenario=ScenarioText(*scenarios.text(given)),
        scenario_hash=hash_of(scenario),
        laid=(),
        options={"days": days, "first_day": str(begins), "tolerance": tolerance},
        seed=SolverOptions().seed,
        network=work.published().network.hashes.network,
        months=periods_of(scenario).ids,
        checks=Checks(
            solver=found[0].solver,
            gap=max(each.gap for each in found),
            worst_residual=max(each.worst_residual for each in found),
            mass_balance=max(each.worst_residual for each in found),
            plans=2 * len(found),
        ),
        tables=marks_of(tables),
    )
    out, report = where
    if out is not None:
        keep(work, out, tables, manifest)
    if report is None:
        return
    chart = Chart(
        title=phrase("What an outage costs until all is as usual"),
        table=tables[0].name,
        name="asset",
        value="extra_cost_kusd",
        unit=phrase("million US dollars"),
        factor=1e-3,
    )
    words = [given, *(["--days", str(days), "--from", str(begins)] if days else [])]
    network = work.published().network
    save_list(
        work, report, network, tables, manifest, chart=chart, title=scenario.title, words=words
    )


class _Page:
    """What is shown at a terminal."""

    def __init__(self, names: AssetNames, shown: Sequence[Recovery], tolerance: float) -> None:
        self.names, self.shown, self.tolerance = names, shown, tolerance

    def draw(self, console: Console, asked: Scenario, days: int, begins: date) -> None:
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
