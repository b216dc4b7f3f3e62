"""`karvan compare`: what one scenario does that another does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.interfaces.cli.options import Data, Json, session
from karvan.interfaces.cli.output import print_drawn, print_json, say, tell_progress

if TYPE_CHECKING:
    from rich.console import Console

    from karvan.interfaces.cli.options import Session
    from karvan.network.network import Network
    from karvan.services.planning.cases import Case
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
    time_limit: Annotated[
        float, typer.Option(help="Seconds the solver may take for one plan.", min=0.0)
    ] = 600.0,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare two scenarios: what differs between them, and what that changes.

    A folder that `karvan plan --out` wrote is read and not planned again.

    karvan compare base-2024 cpc-moorings-2025
    """
    from karvan.services.planning.comparing import as_json as told
    from karvan.services.planning.comparing import compare as compared

    work = session(context, {"data": data})
    published = work.published()
    found = compared(
        case_of(work, published, a, time_limit), case_of(work, published, b, time_limit)
    )
    if out is not None:
        _keep(work, out, found)
    if as_json:
        print_json(told(found))
    else:
        print_drawn(lambda console: _draw(console, published.network, found))


def case_of(work: Session, published: Published, given: str, time_limit_s: float) -> Case:
    """Read a folder of results, or plan a scenario; raises `KarvanError` where neither goes."""
    from karvan.engines.planner.solving import SolverOptions
    from karvan.interfaces.cli.study_folder import describe, read_case, results_of_study
    from karvan.services.planning.cases import Case
    from karvan.services.planning.figures import figures_of
    from karvan.services.planning.manifest import ScenarioText
    from karvan.services.planning.study import study

    if Path(given).is_dir():
        return read_case(work, Path(given))
    scenarios = work.wiring.scenarios
    assert scenarios is not None, "wired without scenarios"
    asked, text = scenarios.read(given), ScenarioText(*scenarios.text(given))
    tell_progress(f"Planning {given} ...")
    found = study(published.network, asked, SolverOptions(time_limit_s=time_limit_s))
    results = results_of_study(published, found)
    _, manifest = describe(
        found, results, text=text, laid=(), options={"time_limit_s": time_limit_s}
    )
    return Case(
        title=asked.title,
        scenario=asked,
        manifest=manifest,
        results=results,
        figures=figures_of(results),
    )


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
    from karvan.services.words import phrase

    names = Names(network)
    console.print(f"{finding(found)}.")
    console.print(f"A: {found.a.title}. B: {found.b.title}.")
    for sentence in found.differs:
        console.print(f"  {sentence}")
    made = table("", "A", "B", "B - A", "unit", numbers=("A", "B", "B - A"))
    for line in found.figures:
        numbers = [f"{value:,.{line.decimals}f}" for value in (line.a, line.b)]
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
                f"{each.a:,.2f}",
                f"{each.b:,.2f}",
                signed(each.difference, 2),
            )
        console.print(made)
