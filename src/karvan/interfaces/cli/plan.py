"""`karvan plan`: where the oil goes under a scenario, month by month."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import InvalidInput, StoreUnavailable
from karvan.interfaces.cli.executing import On, Workers, executor_of
from karvan.interfaces.cli.keeping import read_situation
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Store, session
from karvan.interfaces.cli.output import print_drawn, print_json, tell_progress
from karvan.interfaces.cli.plan_runs import Runs, Seed, draw_runs, sure, sure_json
from karvan.services.executing import ExecutorKind

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.network.network import Network
    from karvan.services.planning.closed import Laid
    from karvan.services.planning.study import Study


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

#: Columns of the terminal for the names of ways, and for a month.
WAY_WIDTH, MONTH_WIDTH = 42, 10


def plan(
    context: typer.Context,
    scenario: Annotated[
        str | None,
        typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a TOML file."),
    ] = None,
    out: Out = None,
    again: Again = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds the solver may take for one plan.", min=0.0)
    ] = 600.0,
    situation: Annotated[
        bool, typer.Option("--situation", help="Lay what is closed now over the months.")
    ] = False,
    runs: Runs = 0,
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
    from karvan.interfaces.cli.study_folder import describe, keep, plan_again, results_of_study
    from karvan.services.planning.closed import lay
    from karvan.services.planning.manifest import ScenarioText
    from karvan.services.planning.sampling import told_of
    from karvan.services.planning.study import study
    from karvan.services.planning.telling import study_json

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        plan_again(work, again, as_json=as_json)
        return
    if scenario is None:
        raise InvalidInput("name a scenario, or a folder with --again")
    scenarios = work.wiring.scenarios
    assert scenarios is not None, "wired without scenarios"
    asked, text = scenarios.read(scenario), ScenarioText(*scenarios.text(scenario))
    published = work.published()
    network = published.network
    laid = None
    if situation:
        now = work.wiring.clock()
        seen = read_situation(work, network, now, as_json=as_json)
        if seen is None:
            raise StoreUnavailable("what is closed cannot be read")
        asked, laid = lay(asked, seen, network, now)
    tell_progress("Planning ...")
    solver = SolverOptions(time_limit_s=time_limit)
    found = study(network, asked, solver)
    drawn = None
    if runs:
        on = executor_of(work, executor, workers)
        drawn = sure(on, network, asked, solver, runs=runs, seed=seed)
    if out is not None:
        events = () if laid is None else laid.events
        results = results_of_study(published, found)
        options = {"time_limit_s": time_limit}
        keep(work, out, *describe(found, results, text=text, laid=events, options=options))
    if as_json:
        print_json({**study_json(found, laid), **sure_json(drawn)})
    else:
        print_drawn(lambda console: _draw(console, network, found, laid))
        if drawn is not None:
            print_drawn(lambda console: draw_runs(console, network, told_of(found), *drawn))


def _draw(console: Console, network: Network, found: Study, laid: Laid | None) -> None:
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.telling import LIMITS, rows

    console.print(f"{found.scenario.title}. {found.scenario.base.title}.")
    if found.event_from:
        console.print(f"The event is hidden until {found.event_from}.")
    if laid is not None:
        for event in laid.events:
            days = f"{event.first_day} to {event.last_day}"
            lost = f"{event.share_lost:.0%}"
            console.print(f"{event.id}: {event.asset} loses {lost}, {days}, {event.cause}.")
        if laid.without_effect:
            idle = ", ".join(laid.without_effect)
            console.print(f"No oil of these months is touched by: {idle}.")
    console.print("Kazakh oil, thousand tonnes a month:")
    fit = max(1, (console.width - WAY_WIDTH) // MONTH_WIDTH)
    for first in range(0, len(found.months), fit):
        months = found.months[first : first + fit]
        made = table("", *months, numbers=months)
        last = ""
        for what, where, amounts in rows(found.told):
            if what != last and where:
                made.add_row(what)
            shown = [f"{abs(amount):,.0f}" for amount in amounts[first : first + fit]]
            made.add_row(f"  {_named(network, where)}" if where else what, *shown)
            last = what
        console.print(made)
    if found.event_from:
        millions = found.extra_cost_kusd / 1000
        console.print(f"The event costs {millions:,.1f} M USD more than no event.")
    if found.limits:
        console.print("One more of a limit is worth, in 1000 USD:")
        worth = table("limit", "of", "month", "worth", "for a", numbers=("worth",))
        for price in found.limits[:LIMITS]:
            row = price.row
            of = _named(network, row.asset)
            worth.add_row(row.family, of, row.period, f"{-price.value:,.2f}", row.unit)
        console.print(worth)
    console.print(
        f"Proven to a gap of {found.gap:.0e}; largest residual {found.worst_residual:.0e}."
    )


def _named(network: Network, where: str) -> str:
    """Names of the places in an id of a place or a way."""
    names = {str(place.id): place.name for place in network.places.values()}
    way, _, mode = where.partition(":")
    ends = [names.get(end, end) for end in way.split("--")]
    return " - ".join(ends) + (f", {mode}" if mode and len(ends) > 1 else "")
