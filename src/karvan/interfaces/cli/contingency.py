"""`karvan contingency`: what each outage of an asset costs, the worst first."""

from __future__ import annotations

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


def contingency(
    context: typer.Context,
    scenario: Scenario = None,
    order: Annotated[
        int, typer.Option(help="2 takes out the worst pairs as well.", min=1, max=2)
    ] = 1,
    by_year: Annotated[
        bool, typer.Option("--by-year", help="Plan all months as one period: quicker.")
    ] = False,
    top: Annotated[int, typer.Option(help="Ranks to show.", min=1)] = 50,
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
    """Take out each link, place, shared capacity and fleet in turn, and rank what that costs.

    An outage lasts from the first month to the last and is known from the beginning; events of
    the scenario hold all the while. What is left behind is worth what it is priced at. With --runs
    every cost and rank has its interval.

    karvan contingency base-2024 --order 2
    """
    from karvan.interfaces.cli.contingency_page import Page
    from karvan.services.planning.naming import Names
    from karvan.services.studies.outages import outages
    from karvan.services.studies.terms import ContingencyTerms, words_of

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        make_again(work, "contingency", again, on, workers, as_json=as_json)
        return
    given = named(scenario)
    require_targets(work, out, report)
    terms = ContingencyTerms(
        order=order, by_year=by_year, time_limit_s=time_limit, runs=runs, seed=seed
    )
    with desk_of(work, work.published(), for_runs(on, runs), workers) as desk:
        subject = subject_of(work, desk, given, situation=situation, as_json=as_json)
        found = outages(desk, subject, terms)
    words = (given, *words_of(terms), *laid_words(situation=situation))
    wanted = Wanted(out=out, report=report, words=words, as_json=as_json)
    page = Page(found.found, Names(desk.network), subject.scenario, top)
    finish(work, desk, found, wanted, page.draw)
