"""`karvan invest`: which projects to build and when, and what each alone would be worth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan import __version__
from karvan.domain.errors import LimitReached
from karvan.interfaces.cli.options import Data, Json, Session, session
from karvan.interfaces.cli.output import print_drawn, print_json, say, tell_progress
from karvan.interfaces.cli.report_page import ReportFile, save_list
from karvan.interfaces.cli.study_folder import keep
from karvan.services.words import phrase

if TYPE_CHECKING:
    from karvan.engines.planner.solving import SolverOptions
    from karvan.services.planning.investment import Asked
    from karvan.services.planning.investment_telling import InvestmentStudy
    from karvan.services.planning.investment_terms import Terms

#: Thousand US dollars by which budgets of the frontier differ, and worths of two choices.
UNIT_KUSD, ALIKE_KUSD = 1.0, 1.0
PERCENT = 100.0


def invest(
    context: typer.Context,
    scenario: Annotated[
        str,
        typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a TOML file."),
    ],
    budget: Annotated[
        float | None, typer.Option("--budget-eur", help="Outlay at most, in all; none for any.")
    ] = None,
    yearly: Annotated[
        float | None, typer.Option("--budget-by-year-eur", help="Outlay at most in each year.")
    ] = None,
    first: Annotated[int, typer.Option("--from", help="First year of the horizon.")] = 2026,
    last: Annotated[int, typer.Option("--until", help="Last year of the horizon.")] = 2040,
    rate: Annotated[float, typer.Option(help="Discount rate, per cent a year.")] = 8.0,
    growth: Annotated[
        float,
        typer.Option(help="How much more there is to move each year, per cent; an estimate."),
    ] = 1.0,
    every: Annotated[
        float,
        typer.Option(help="Years between two events like that of the scenario; an estimate."),
    ] = 10.0,
    costs: Annotated[str, typer.Option(help="Costs to reckon with: low, middle or high.")] = (
        "middle"
    ),
    frontier: Annotated[
        bool, typer.Option("--frontier", help="Tell what each budget can buy, up to this one.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="New folder for tables (CSV, Parquet) and a manifest."
        ),
    ] = None,
    report: ReportFile = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds the solver may take for one choice.", min=0.0)
    ] = 600.0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Choose which projects to build and when, for the most net present value within a budget.

    The tables of projects say what each costs and which limit it widens; much of that is an
    estimate. A choice that the limit of time cut short is told as such, with exit status 3.

    karvan invest base-2024 --budget-eur 100e6 --frontier
    """
    from karvan.engines.planner.solving import SolverOptions
    from karvan.services.planning.investment_telling import investment_json
    from karvan.services.planning.investment_terms import Terms

    terms = Terms(
        first_year=first,
        last_year=last,
        rate=rate / PERCENT,
        growth=growth / PERCENT,
        every=every,
        budget_eur=float("inf") if budget is None else budget,
        yearly_budget_eur=float("inf") if yearly is None else yearly,
        costs=costs,
    )
    options = SolverOptions(time_limit_s=time_limit)
    asked = _asked(session(context, {"data": data}), scenario, terms)
    found = _answer(asked, options, frontier=frontier)
    if out is not None or report is not None:
        _keep(context, scenario, found, (out, report), data, options)
    if as_json:
        print_json(investment_json(found))
    else:
        from karvan.interfaces.cli.invest_page import draw

        print_drawn(lambda console: draw(console, found))
    if not found.proven:
        say("The limit of time came first: these are the best choices found, none is proven.")
        raise typer.Exit(LimitReached.exit_status)


def _asked(work: Session, scenario: str, terms: Terms) -> Asked:
    """The question over the tables and the scenario; raises `InvalidTables` with every fault."""
    from karvan.services.planning.investment import ask

    scenarios, files = work.wiring.scenarios, work.wiring.projects
    assert scenarios is not None, "wired without scenarios"
    assert files is not None, "wired without projects"
    given = scenarios.read(scenario)
    published = work.published()
    return ask(published.network, published.book, given, files.read(work.data), terms)


def _answer(asked: Asked, options: SolverOptions, *, frontier: bool) -> InvestmentStudy:
    """The best choice, each project alone, and what smaller budgets buy."""
    from karvan.engines.planner.frontier import frontier as points_of
    from karvan.engines.planner.investment import choose, prepare
    from karvan.services.planning.investment import alone
    from karvan.services.planning.investment_telling import InvestmentStudy, projects_told

    tell_progress("Planning without any project ...")
    prepared = prepare(asked.question, options)
    tell_progress("Planning with each project alone ...")
    each = alone(prepared, asked, options)
    tell_progress("Choosing ...")
    points = []
    if frontier:
        for point in points_of(prepared, options, unit=UNIT_KUSD, alike=ALIKE_KUSD):
            points.append(point)
            spent = point.spent / asked.kusd_per_eur / 1e6
            tell_progress(f"{spent:,.1f} M EUR: {projects_told(point)}")
    best = points[0] if points else choose(prepared, options)
    return InvestmentStudy(asked=asked, best=best, alone=each, points=tuple(reversed(points)))


def _keep(
    context: typer.Context,
    scenario: str,
    found: InvestmentStudy,
    where: tuple[Path | None, Path | None],
    data: Path | None,
    options: SolverOptions,
) -> None:
    """Write the folder and the page that are asked for; raises `InvalidInput`."""
    from karvan.services.planning.frontier_chart import frontier_svg
    from karvan.services.planning.investment_telling import investment_checks, investment_tables
    from karvan.services.planning.manifest import Manifest, ScenarioText, hash_of, marks_of
    from karvan.services.planning.reporting import Chart

    work = session(context, {"data": data})
    scenarios = work.wiring.scenarios
    assert scenarios is not None, "wired without scenarios"
    asked, tables = found.asked, investment_tables(found)
    terms = asked.terms
    manifest = Manifest(
        command="invest",
        version=__version__,
        scenario=ScenarioText(*scenarios.text(scenario)),
        scenario_hash=hash_of(asked.scenario),
        laid=(),
        options={
            "from": terms.first_year,
            "until": terms.last_year,
            "rate": terms.rate,
            "growth": terms.growth,
            "every": terms.every,
            "budget_eur": str(terms.budget_eur),
            "budget_by_year_eur": str(terms.yearly_budget_eur),
            "costs": terms.costs,
            "frontier": int(bool(found.points)),
            "projects": asked.projects_hash,
            "time_limit_s": options.time_limit_s,
            "proven": int(found.proven),
        },
        seed=options.seed,
        network=asked.network_hash,
        months=asked.question.problem.period_ids,
        checks=investment_checks(found),
        tables=marks_of(tables),
    )
    texts = {"frontier.svg": frontier_svg(found)} if found.points else {}
    out, report = where
    if out is not None:
        keep(work, out, tables, manifest, texts)
    if report is None:
        return
    chart = Chart(
        title=phrase("What each project alone is worth"),
        table="alone",
        name="project",
        value="npv",
        unit=phrase("million euros, net present value"),
    )
    network, title = work.published().network, asked.scenario.title
    save_list(work, report, network, tables, manifest, chart=chart, title=title, words=[scenario])
