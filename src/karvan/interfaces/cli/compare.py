"""`karvan compare`: what one scenario does that another does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.interfaces.cli.executing import On, Workers, executor_of, watched
from karvan.interfaces.cli.options import Data, Json, session
from karvan.interfaces.cli.output import print_drawn, print_json, say, tell_progress
from karvan.interfaces.cli.plan_runs import Runs, Seed
from karvan.interfaces.cli.report_page import ReportFile, command_line, save
from karvan.services.executing import ExecutorKind

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from karvan.engines.planner.solving import SolverOptions
    from karvan.interfaces.cli.options import Session
    from karvan.network.network import Network
    from karvan.services.executing import Executor
    from karvan.services.planning.cases import Case, Spread
    from karvan.services.planning.comparing import Comparison
    from karvan.services.quoting.published import Published


def compare(
    context: typer.Context,
    a: Annotated[
        str,
        typer.Argument(
            metavar="A", help="Name of a shipped scenario, a TOML file, or a folder of results."
        ),
    ],
    b: Annotated[str, typer.Argument(metavar="B", help="Another one, compared with A.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="New folder for the tables of the comparison."),
    ] = None,
    report: ReportFile = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds the solver may take for one plan.", min=0.0)
    ] = 600.0,
    runs: Runs = 0,
    seed: Seed = 1,
    executor: On = ExecutorKind.PROCESSES,
    workers: Workers = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare two scenarios: what differs between them, and what that changes.

    A folder that `karvan plan --out` wrote is read and not planned again. With --runs both are
    planned with the same draws of all estimates, so that every difference has its own interval.

    karvan compare base-2024 cpc-moorings-2025
    """
    from karvan.engines.planner.solving import SolverOptions
    from karvan.services.planning.comparing import as_json as told
    from karvan.services.planning.comparing import compare as compared
    from karvan.services.planning.reporting import report_of_two

    work = session(context, {"data": data})
    published = work.published()
    solver = SolverOptions(time_limit_s=time_limit)
    cases = tuple(case_of(work, published, given, solver) for given in (a, b))
    between = None
    if runs:
        on = executor_of(work, executor, workers)
        cases, between = _sure(on, published.network, cases, solver, Draw(runs=runs, seed=seed))
    found = compared(cases[0], cases[1], between)
    if out is not None:
        _keep(work, out, found)
    if report is not None:
        page = report_of_two(
            published.network,
            found,
            title=f"{found.a.title} / {found.b.title}",
            command=command_line("compare", a, b, "--report", report.name, *_words(runs, seed)),
        )
        save(work, page, report)
    if as_json:
        print_json(told(found))
    else:
        print_drawn(lambda console: _draw(console, published.network, found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How often every estimate is drawn, and from which seed."""

    runs: int
    seed: int


def _words(runs: int, seed: int) -> tuple[str, ...]:
    return ("--runs", str(runs), "--seed", str(seed)) if runs else ()


def case_of(work: Session, published: Published, given: str, solver: SolverOptions) -> Case:
    """Read a folder of results, or plan a scenario; raises `KarvanError` where neither goes."""
    from karvan.interfaces.cli.study_folder import case_of_study, read_case, results_of_study
    from karvan.services.planning.manifest import ScenarioText
    from karvan.services.planning.study import study

    if Path(given).is_dir():
        return read_case(work, Path(given))
    scenarios = work.wiring.scenarios
    assert scenarios is not None, "wired without scenarios"
    asked, text = scenarios.read(given), ScenarioText(*scenarios.text(given))
    tell_progress(f"Planning {given} ...")
    found = study(published.network, asked, solver)
    results = results_of_study(published, found)
    limit = {"time_limit_s": solver.time_limit_s}
    return case_of_study(found, results, text=text, laid=(), options=limit)


def _sure(
    executor: Executor,
    network: Network,
    cases: Sequence[Case],
    solver: SolverOptions,
    drawing: Draw,
) -> tuple[tuple[Case, ...], Spread]:
    """Plan both cases in runs they share; gives them with their intervals, and that of B - A."""
    from karvan.services.planning.sampling import sample
    from karvan.services.planning.spreads import spread_between, spread_of

    drawn = sample(
        executor,
        network,
        [case.scenario for case in cases],
        runs=drawing.runs,
        seed=drawing.seed,
        options=solver,
        watch=lambda items, total: watched(items, total, "Runs"),
    )
    told = (replace(case, spread=spread_of(drawn, n)) for n, case in enumerate(cases))
    return tuple(told), spread_between(drawn)


def _keep(work: Session, folder: Path, found: Comparison) -> None:
    from karvan.services.planning.comparing import tables_of

    assert work.wiring.results is not None, "wired without folders of results"
    manifests = {"a.json": found.a.manifest.to_text(), "b.json": found.b.manifest.to_text()}
    work.wiring.results.write(folder, tables_of(found), None, manifests)
    say(f"written to {folder}")


def _draw(console: Console, network: Network, found: Comparison) -> None:
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.comparing import finding, signed
    from karvan.services.planning.figures import NAMES, UNITS
    from karvan.services.planning.naming import Names
    from karvan.services.words import phrase, spoken

    names, number = Names(network), spoken().number
    console.print(_as_told(f"{finding(found)}."))
    console.print(f"A: {found.a.title}. B: {found.b.title}.")
    for sentence in found.differs:
        console.print(_as_told(f"  {sentence}"))
    made = table("", "A", "B", "B - A", "unit", numbers=("A", "B", "B - A"))
    for line in found.figures:
        numbers = [number(value, line.decimals) for value in (line.a, line.b)]
        difference = signed(line.difference, line.decimals)
        if line.may_be_chance:
            difference = phrase("{difference} may be chance", difference=difference)
        made.add_row(NAMES[line.key], *numbers, difference, UNITS[line.key])
    console.print(made)
    for what, heading in (
        ("ways out", phrase("Leaves the country by, Mt")),
        ("sold at", phrase("Sold at, Mt")),
        ("left behind", phrase("Left behind by month, Mt")),
    ):
        made = table(heading, "A", "B", "B - A", numbers=("A", "B", "B - A"))
        rows = [each for each in found.amounts if each.what == what]
        for each in rows:
            # Less than half a thousand tonnes is told as nothing.
            if max(each.a, each.b) < 0.0005:
                continue
            made.add_row(
                names.way(each.of),
                number(each.a, 2),
                number(each.b, 2),
                signed(each.difference, 2),
            )
        console.print(made)


def _as_told(sentence: str) -> Text:
    """A sentence that is told already: the console leaves it as it is."""
    from rich.text import Span, Text

    return Text(sentence, spans=[Span(0, len(sentence), "none")])
