"""`--report FILE.html` of the commands that study."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.interfaces.cli.output import say
from karvan.services.words import phrase, spoken

if TYPE_CHECKING:
    from karvan.engines.planner.solving import SolverOptions
    from karvan.interfaces.cli.options import Session
    from karvan.network.network import Network
    from karvan.services.planning.manifest import Manifest, ScenarioText
    from karvan.services.planning.reporting import Chart, ListReport, Report
    from karvan.services.planning.result_tables import Table
    from karvan.services.planning.sampling import Sample
    from karvan.services.planning.scenario import Event
    from karvan.services.planning.study import Study
    from karvan.services.planning.tornado import Tornado
    from karvan.services.quoting.published import Published

ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report",
        metavar="FILE.html",
        help="Write one page with map, charts and tables that needs nothing else.",
    ),
]


def command_line(*words: str | None) -> str:
    """A command as it is typed; what is None is left out."""
    return shlex.join(["karvan", *(word for word in words if word is not None)])


def save(work: Session, report: Report | ListReport, target: Path) -> None:
    """Write a page whole or not at all; raises `InvalidInput`."""
    assert work.wiring.reports is not None, "wired without reports"
    work.wiring.reports.save(report, target)
    say(f"written to {target}")


def told_words(scenario: str, *, situation: bool, runs: int, seed: int) -> tuple[str, ...]:
    """Words of the command line that say what was planned."""
    laid = ("--situation",) if situation else ()
    drawn = ("--runs", str(runs), "--seed", str(seed)) if runs else ()
    return (scenario, *laid, *drawn)


def save_plan(
    work: Session,
    target: Path,
    published: Published,
    found: Study,
    text: ScenarioText,
    laid: Sequence[Event],
    told: Sequence[str],
    solver: SolverOptions,
    sure: tuple[Sample, Mapping[str, Tornado]] | None,
) -> None:
    """Write the page of a plan; raises `InvalidInput`."""
    from karvan.services.planning.tornado import USUAL

    words = [*told, "--report", target.name]
    drawn, swings = sure or (None, {})
    page = plan_report(
        published, found, text=text, laid=laid, options=words, solver=solver, drawn=drawn
    )
    tornados = tuple(swings[name] for name in USUAL if name in swings)
    save(work, replace(page, tornados=tornados), target)


def save_list(
    work: Session,
    target: Path,
    network: Network,
    tables: tuple[Table, ...],
    manifest: Manifest,
    *,
    chart: Chart,
    title: str,
    words: Sequence[str],
) -> None:
    """Write a page of tables with the bars of one, the largest of them on top."""
    from karvan.services.planning.naming import Names
    from karvan.services.planning.reporting import ListReport

    found = next(each for each in tables if each.name == chart.table)
    at = [column.name for column in found.columns]
    values = [
        (float(value), str(row[at.index(chart.name)]))
        for row in found.rows
        if isinstance(value := row[at.index(chart.value)], (int, float))
    ]
    told = phrase("Nothing is lost.")
    if values and max(values)[0] > 0:
        value, name = max(values)
        told = phrase(
            "{name}: {amount} {unit}, the most of all",
            name=Names(network).way(name) or title,
            amount=spoken().number(value * chart.factor, 0),
            unit=chart.unit,
        )
    page = ListReport(
        title=title,
        finding=told,
        network=network,
        chart=chart,
        tables=tables,
        manifest=manifest,
        command=command_line(manifest.command, *words, "--report", target.name),
    )
    save(work, page, target)


def plan_report(
    published: Published,
    found: Study,
    *,
    text: ScenarioText,
    laid: Sequence[Event],
    options: Sequence[str],
    solver: SolverOptions,
    drawn: Sample | None = None,
) -> Report:
    """The page of a plan: beside the same without what happens or changes, where anything does.

    Parameters
    ----------
    options
        Words of the command line.
    drawn
        Runs of the scenario, where there are any.
    """
    from karvan.interfaces.cli.study_folder import case_of_study, results_of_study
    from karvan.services.planning.comparing import compare, finding
    from karvan.services.planning.reading import results_of
    from karvan.services.planning.reporting import report_of_event, report_of_one
    from karvan.services.planning.spreads import spread_of

    command = command_line("plan", *options)
    limit = {"time_limit_s": solver.time_limit_s}
    results = results_of_study(published, found)
    struck = case_of_study(found, results, text=text, laid=tuple(laid), options=limit)
    if drawn is not None:
        struck = replace(struck, spread=spread_of(drawn, 0))
    figures = {each.key: each.value for each in struck.figures}
    number = spoken().number
    if not found.compared:
        told = phrase(
            "{amount} Mt go out, {left} Mt are left behind",
            amount=number(figures["exported" if struck.oil else "carried"], 2),
            left=number(figures["left_behind"], 2),
        )
        return report_of_one(published.network, struck, told=told, command=command)
    events, scenario = found.compared == "events", found.scenario
    if events:
        bare = replace(scenario, event=())
    else:
        bare = replace(scenario, change=(), contract=(), rail=())
    without = replace(found, scenario=bare)
    usual = results_of(published.network, published.factors, [found.usual])
    before = case_of_study(without, usual, text=text, laid=tuple(laid), options=limit)
    title = phrase("As if nothing happened") if events else phrase("Without the changes")
    before = replace(before, title=title)
    told = finding(compare(before, struck))
    if events:
        told = phrase(
            "{left} Mt are left behind, and what happens costs {cost} M USD",
            left=number(figures["left_behind"], 2),
            cost=number(found.extra_cost_kusd / 1000, 0),
        )
    return report_of_event(published.network, before, struck, told=told, command=command)
