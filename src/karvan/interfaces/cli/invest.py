"""`karvan invest`: which projects to build and when, and what each alone would be worth."""

from __future__ import annotations

from math import inf
from typing import Annotated

import typer

from karvan.domain.errors import LimitReached
from karvan.interfaces.cli.executing import On, Workers, for_runs
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Store, session
from karvan.interfaces.cli.output import say
from karvan.interfaces.cli.plan_runs import Runs, Seed
from karvan.interfaces.cli.report_page import ReportFile
from karvan.interfaces.cli.studying import (
    AgainFrom,
    Out,
    Scenario,
    Situation,
    Wanted,
    desk_of,
    finish,
    laid_words,
    make_again,
    named,
    require_targets,
    subject_of,
)
from karvan.services.executing import ExecutorKind

ChoiceLimit = Annotated[
    float, typer.Option(help="Seconds the solver may take for one choice.", min=0.0, max=1e7)
]
FirstYear = Annotated[
    int, typer.Option("--from", help="First year of the horizon.", min=1990, max=2100)
]
LastYear = Annotated[
    int, typer.Option("--until", help="Last year of the horizon.", min=1990, max=2100)
]
Growth = Annotated[
    float, typer.Option(help="How much more there is to move each year, per cent; an estimate.")
]
Every = Annotated[
    float, typer.Option(help="Years between two events like that of the scenario; an estimate.")
]


def invest(
    context: typer.Context,
    scenario: Scenario = None,
    budget: Annotated[
        float | None, typer.Option("--budget-eur", help="Outlay at most, in all; none for any.")
    ] = None,
    yearly: Annotated[
        float | None, typer.Option("--budget-by-year-eur", help="Outlay at most in each year.")
    ] = None,
    first: FirstYear = 2026,
    last: LastYear = 2040,
    rate: Annotated[float, typer.Option(help="Discount rate, per cent a year.")] = 8.0,
    growth: Growth = 1.0,
    every: Every = 10.0,
    costs: Annotated[str, typer.Option(help="Costs to reckon with: low, middle or high.")] = (
        "middle"
    ),
    frontier: Annotated[
        bool, typer.Option("--frontier", help="Tell what each budget can buy, up to this one.")
    ] = False,
    out: Out = None,
    again: AgainFrom = None,
    report: ReportFile = None,
    time_limit: ChoiceLimit = 600.0,
    situation: Situation = False,
    runs: Runs = 0,
    seed: Seed = 1,
    on: On = ExecutorKind.INLINE,
    workers: Workers = None,
    store: Store = None,
    database: DatabaseUrl = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Choose which projects to build and when, for the most net present value within a budget.

    The tables of projects say what each costs and which limit it widens; much of that is an
    estimate; with --runs the choice is made again with all of them drawn anew. A choice that the
    limit of time cut short is told as such, with exit status 3.

    karvan invest base-2024 --budget-eur 100e6 --frontier
    """
    from karvan.interfaces.cli.invest_page import draw
    from karvan.services.studies.investments import investments
    from karvan.services.studies.terms import InvestTerms, words_of

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        make_again(work, "invest", again, on, workers, as_json=as_json)
        return
    given = named(scenario)
    require_targets(work, out, report)
    terms = InvestTerms(
        first_year=first,
        last_year=last,
        rate_percent=rate,
        growth_percent=growth,
        every=every,
        budget_eur=None if budget == inf else budget,
        budget_by_year_eur=None if yearly == inf else yearly,
        costs=costs,
        frontier=frontier,
        time_limit_s=time_limit,
        runs=runs,
        seed=seed,
    )
    with desk_of(work, work.published(), for_runs(on, runs), workers) as desk:
        subject = subject_of(work, desk, given, situation=situation, as_json=as_json)
        found = investments(desk, subject, terms)
    words = (given, *words_of(terms), *laid_words(situation=situation))
    wanted = Wanted(out=out, report=report, words=words, as_json=as_json)
    finish(work, desk, found, wanted, lambda console: draw(console, found.found))
    if not found.proven:
        say("The limit of time came first: these are the best choices found, none is proven.")
        raise typer.Exit(LimitReached.exit_status)
