"""`karvan plan`: where the oil goes under a scenario, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import InvalidInput, StoreUnavailable
from karvan.interfaces.cli.executing import On, Workers, executor_of
from karvan.interfaces.cli.keeping import read_situation
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Store, session
from karvan.interfaces.cli.output import print_drawn, print_json
from karvan.interfaces.cli.plan_runs import Runs, Seed, draw_runs, sure, sure_json
from karvan.interfaces.cli.progress import counted
from karvan.interfaces.cli.report_page import ReportFile, save_plan, told_words
from karvan.services.executing import ExecutorKind

if TYPE_CHECKING:
    from karvan.interfaces.cli.options import Session
    from karvan.network.network import Network
    from karvan.services.planning.closed import Laid
    from karvan.services.planning.freight_telling import FreightTold
    from karvan.services.planning.route_prices import RoutePrice
    from karvan.services.planning.sampling import Sample
    from karvan.services.planning.scenario import Scenario, Scenarios
    from karvan.services.planning.study import Study
    from karvan.services.planning.tornado import Tornado

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="New folder for tables (CSV, Parquet) and a manifest."
    ),
]
Again = Annotated[
    Path | None,
    typer.Option(
        "--again",
        metavar="DIR",
        help="Plan again what a folder holds, and tell whether the numbers are the same.",
    ),
]

TimeLimit = Annotated[
    float, typer.Option(help="Seconds the solver may take for one plan.", min=0.0)
]
Situation = Annotated[
    bool, typer.Option("--situation", help="Lay what is closed now over the months.")
]
Listed = Annotated[
    bool, typer.Option("--list", help="Print the shipped scenarios with their titles.")
]


Prices = Annotated[
    bool,
    typer.Option("--prices", help="Price the heaviest routes of the freight, and tell the gap."),
]


def plan(
    context: typer.Context,
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a TOML file."),
    ] = None,
    out: Out = None,
    again: Again = None,
    listed: Listed = False,
    report: ReportFile = None,
    time_limit: TimeLimit = 600.0,
    situation: Situation = False,
    runs: Runs = 0,
    prices: Prices = False,
    seed: Seed = 1,
    executor: On = ExecutorKind.PROCESSES,
    workers: Workers = None,
    store: Store = None,
    database: DatabaseUrl = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Plan where the oil of the corridor goes under a scenario, month by month.

    What happens is hidden from the plan until its month. Amounts are thousand tonnes of Kazakh
    oil; much of what goes in is an estimate, and the scenario says which: with --runs every
    figure has an interval, and a chart says which estimate matters most.

    karvan plan cpc-moorings-2025
    """
    from karvan.engines.planner.solving import SolverOptions
    from karvan.interfaces.cli.freight_pages import priced_freight
    from karvan.interfaces.cli.study_folder import describe, keep, plan_again, results_of_study
    from karvan.services.planning.freight_telling import freight_told
    from karvan.services.planning.manifest import ScenarioText
    from karvan.services.planning.study import study

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        plan_again(work, again, as_json=as_json)
        return
    scenarios = work.wiring.scenarios
    assert scenarios is not None, "wired without scenarios"
    if listed:
        _print_list(scenarios, as_json=as_json)
        return
    if scenario is None:
        raise InvalidInput("name a scenario, or a folder with --again; --list names them")
    asked, text = scenarios.read(scenario), ScenarioText(*scenarios.text(scenario))
    published = work.published()
    network = published.network
    asked, laid = _situated(work, asked, network, as_json=as_json) if situation else (asked, None)
    solver = SolverOptions(time_limit_s=time_limit)
    with counted("Planning") as progress:
        found = study(network, asked, solver, progress, keep_partial=True)
    drawn = None
    if runs and found.stopped is None:
        on = executor_of(work, executor, workers)
        drawn = sure(on, network, asked, solver, runs=runs, seed=seed)
    freight = freight_told(network, found, published.factors)
    events = () if laid is None else laid.events
    priced = priced_freight(work, asked, freight) if prices else ()
    if out is not None and found.stopped is None:
        results = results_of_study(published, found)
        options = {"time_limit_s": time_limit}
        keep(work, out, *describe(found, results, text=text, laid=events, options=options))
    if report is not None and found.stopped is None:
        told = told_words(scenario, situation=situation, runs=runs, seed=seed)
        save_plan(work, report, published, found, text, events, told, solver, drawn)
    _print(network, found, laid, freight, priced, drawn, as_json=as_json)
    if found.stopped is not None:
        raise found.stopped


def _print(
    network: Network,
    found: Study,
    laid: Laid | None,
    freight: FreightTold | None,
    priced: Sequence[RoutePrice],
    drawn: tuple[Sample, Mapping[str, Tornado]] | None,
    *,
    as_json: bool,
) -> None:
    from karvan.interfaces.cli.freight_pages import draw_prices, prices_told
    from karvan.interfaces.cli.plan_page import draw_study
    from karvan.services.planning.telling import study_json

    if as_json:
        print_json({**study_json(found, laid, freight), **sure_json(drawn), **prices_told(priced)})
    else:
        print_drawn(lambda console: draw_study(console, network, found, laid, freight))
        draw_prices(network, priced)
        if drawn is not None:
            print_drawn(lambda console: draw_runs(console, network, found, *drawn))


def _print_list(scenarios: Scenarios, *, as_json: bool) -> None:
    from karvan.interfaces.cli.plan_page import draw_list

    titles = scenarios.titles()
    if as_json:
        told = [{"name": name, "title": title} for name, title in titles]
        print_json({"scenarios": told})
    else:
        print_drawn(lambda console: draw_list(console, titles))


def _situated(
    work: Session, asked: Scenario, network: Network, *, as_json: bool
) -> tuple[Scenario, Laid]:
    """Lay what is closed now over a scenario; raises `StoreUnavailable`."""
    from karvan.services.planning.closed import lay

    now = work.wiring.clock()
    seen = read_situation(work, network, now, as_json=as_json)
    if seen is None:
        raise StoreUnavailable("what is closed cannot be read")
    return lay(asked, seen, network, now)
