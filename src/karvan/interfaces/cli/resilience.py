"""`karvan resilience`: how long it takes to recover, and what is lost by then."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from karvan.interfaces.cli.executing import On, Workers, for_runs
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Store, session
from karvan.interfaces.cli.plan_runs import Runs, Seed
from karvan.interfaces.cli.report_page import ReportFile
from karvan.interfaces.cli.studying import (
    AgainFrom,
    Out,
    Scenario,
    Situation,
    TimeLimit,
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
    runs: Runs = 0,
    seed: Seed = 1,
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
    from karvan.interfaces.cli.resilience_page import Page
    from karvan.services.planning.naming import Names
    from karvan.services.studies.recoveries import recoveries
    from karvan.services.studies.terms import ResilienceTerms, words_of

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        make_again(work, "resilience", again, on, workers, as_json=as_json)
        return
    given = named(scenario)
    require_targets(work, out, report)
    terms = ResilienceTerms(
        days=days,
        first_day=None if first_day is None else first_day.date(),
        tolerance=tolerance,
        time_limit_s=time_limit,
        runs=runs,
        seed=seed,
    )
    with desk_of(work, work.published(), for_runs(on, runs), workers) as desk:
        subject = subject_of(work, desk, given, situation=situation, as_json=as_json)
        found = recoveries(desk, subject, terms)
    words = (given, *words_of(terms), *laid_words(situation=situation))
    wanted = Wanted(out=out, report=report, words=words, as_json=as_json)
    told = found.found
    page = Page(Names(desk.network), told.recoveries[:top], tolerance, told.drawn)
    finish(
        work,
        desk,
        found,
        wanted,
        lambda console: page.draw(console, subject.scenario, told.days, told.first_day),
    )
