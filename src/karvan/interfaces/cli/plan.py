"""`karvan plan`: where the oil goes under a scenario, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli.executing import On, Workers
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Store, session
from karvan.interfaces.cli.output import print_drawn, print_json
from karvan.interfaces.cli.plan_runs import Runs, Seed, draw_runs
from karvan.interfaces.cli.report_page import ReportFile
from karvan.interfaces.cli.studying import (
    AgainFrom,
    Failures,
    Out,
    Scenario,
    Situation,
    TimeLimit,
    Wanted,
    desk_of,
    finish,
    laid_words,
    make_again,
    require_targets,
    subject_of,
)
from karvan.services.executing import ExecutorKind

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.interfaces.cli.options import Session
    from karvan.interfaces.cli.output import Draw
    from karvan.network.network import Network
    from karvan.services.planning.route_prices import RoutePrice
    from karvan.services.studies.desk import Subject
    from karvan.services.studies.plans import Planned

Listed = Annotated[
    bool, typer.Option("--list", help="Print the shipped scenarios with their titles.")
]


Prices = Annotated[
    bool,
    typer.Option("--prices", help="Price the heaviest routes of the freight, and tell the gap."),
]


def plan(
    context: typer.Context,
    scenario: Scenario = None,
    out: Out = None,
    again: AgainFrom = None,
    listed: Listed = False,
    report: ReportFile = None,
    time_limit: TimeLimit = 600.0,
    situation: Situation = False,
    failures: Failures = True,
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
    """Plan where oil and freight of the corridor go under a scenario, period by period.

    What happens is hidden from the plan until its period. Much of what goes in is an estimate,
    and the scenario says which: with --runs every figure has an interval, and a chart says which
    estimate matters most.

    karvan plan cpc-moorings-2025
    """
    from karvan.interfaces.cli.freight_pages import priced_freight, prices_told
    from karvan.services.studies.plans import plans
    from karvan.services.studies.terms import PlanTerms, words_of

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        make_again(work, "plan", again, executor, workers, as_json=as_json)
        return
    if listed:
        _print_list(work, as_json=as_json)
        return
    if scenario is None:
        raise InvalidInput("name a scenario, or a folder with --again; --list names them")
    require_targets(work, out, report)
    terms = PlanTerms(time_limit_s=time_limit, runs=runs, seed=seed)
    with desk_of(work, work.published(), executor, workers) as desk:
        subject = subject_of(work, desk, scenario, situation=situation, as_json=as_json)
        found = plans(desk, subject, terms, keep_partial=True)
    priced = priced_freight(work, subject.scenario, found.found.freight) if prices else ()
    partial = not found.proven
    wanted = Wanted(
        # What is left is whole; what came before the limit is only told.
        out=None if partial else out,
        report=None if partial else report,
        words=(scenario, *words_of(terms), *laid_words(situation=situation)),
        as_json=as_json,
        failures=failures,
    )
    told = replace(found, told={**found.told, **prices_told(priced)})
    finish(work, desk, told, wanted, _drawing(desk.network, subject, found.found, priced))
    if found.found.study.stopped is not None:
        raise found.found.study.stopped


def _drawing(
    network: Network, subject: Subject, found: Planned, priced: Sequence[RoutePrice]
) -> Draw:
    from karvan.interfaces.cli.freight_pages import draw_prices
    from karvan.interfaces.cli.plan_page import draw_study

    def draw(console: Console) -> None:
        draw_study(console, network, found.study, subject.seen, found.freight)
        draw_prices(console, network, priced)
        if found.drawn is not None:
            draw_runs(console, network, found.drawn)

    return draw


def _print_list(work: Session, *, as_json: bool) -> None:
    from karvan.interfaces.cli.plan_page import draw_list

    assert work.wiring.scenarios is not None, "wired without scenarios"
    titles = work.wiring.scenarios.titles()
    if as_json:
        told = [{"name": name, "title": title} for name, title in titles]
        print_json({"scenarios": told})
    else:
        print_drawn(lambda console: draw_list(console, titles))
