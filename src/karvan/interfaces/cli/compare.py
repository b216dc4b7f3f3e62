"""`karvan compare`: what one scenario does that another does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karvan.domain.errors import InvalidInput
from karvan.interfaces.cli.executing import On, Workers
from karvan.interfaces.cli.options import Data, DatabaseUrl, Json, Store, session
from karvan.interfaces.cli.plan_runs import Runs, Seed
from karvan.interfaces.cli.report_page import ReportFile
from karvan.interfaces.cli.studying import (
    AgainFrom,
    Failures,
    Out,
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
    from karvan.network.network import Network
    from karvan.services.planning.cases import Case
    from karvan.services.planning.comparing import Comparison
    from karvan.services.planning.naming import Names
    from karvan.services.studies.desk import StudyDesk, Subject


def compare(
    context: typer.Context,
    a: Annotated[
        str | None,
        typer.Argument(
            metavar="A", help="Name of a shipped scenario, a TOML file, or a folder of results."
        ),
    ] = None,
    b: Annotated[
        str | None, typer.Argument(metavar="B", help="Another one, compared with A.")
    ] = None,
    out: Out = None,
    again: AgainFrom = None,
    report: ReportFile = None,
    time_limit: TimeLimit = 600.0,
    situation: Annotated[
        bool, typer.Option("--situation", help="Lay what is closed now over the months of B.")
    ] = False,
    failures: Failures = True,
    runs: Runs = 0,
    seed: Seed = 1,
    executor: On = ExecutorKind.PROCESSES,
    workers: Workers = None,
    store: Store = None,
    database: DatabaseUrl = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare two scenarios: what differs between them, and what that changes.

    A folder that `karvan plan --out` wrote is read and not planned again. With --runs both are
    planned with the same draws of all estimates, so that every difference has its own interval.

    karvan compare base-2024 cpc-moorings-2025
    """
    from karvan.services.studies.comparisons import comparisons
    from karvan.services.studies.terms import PlanTerms, words_of

    work = session(context, {"store": store, "database": database, "data": data})
    if again is not None:
        make_again(work, "compare", again, executor, workers, as_json=as_json)
        return
    if a is None or b is None:
        raise InvalidInput("name two scenarios, or a folder with --again")
    require_targets(work, out, report)
    terms = PlanTerms(time_limit_s=time_limit, runs=runs, seed=seed)
    with desk_of(work, work.published(), executor, workers) as desk:
        before = _side(work, desk, a, situation=False, as_json=as_json)
        after = _side(work, desk, b, situation=situation, as_json=as_json)
        found = comparisons(desk, before, after, terms)
    words = (a, b, *words_of(terms), *laid_words(situation=situation))
    wanted = Wanted(out=out, report=report, words=words, as_json=as_json, failures=failures)
    finish(work, desk, found, wanted, lambda console: _draw(console, desk.network, found.found))


def _side(
    work: Session, desk: StudyDesk, given: str, *, situation: bool, as_json: bool
) -> Subject | Case:
    """Read a folder of results, or a scenario; raises `KarvanError` where neither goes."""
    from karvan.services.studies.repeating import read_case

    if not Path(given).is_dir():
        return subject_of(work, desk, given, situation=situation, as_json=as_json)
    if situation:
        raise InvalidInput("nothing is laid over a folder of results", folder=given)
    assert work.wiring.results is not None, "wired without folders of results"
    return read_case(desk, work.wiring.results, Path(given))


def _draw(console: Console, network: Network, found: Comparison) -> None:
    from karvan.interfaces.cli.network_pages import table
    from karvan.interfaces.cli.told_console import as_told
    from karvan.services.planning.comparing import finding, signed
    from karvan.services.planning.figures import NAMES, UNITS
    from karvan.services.planning.naming import Names
    from karvan.services.words import phrase, tell_message

    names = Names(network)
    console.print(as_told(f"{finding(found)}."))
    titles = (
        f"{name}: {tell_message(case.title)}."
        for name, case in zip("AB", (found.a, found.b), strict=True)
    )
    console.print(as_told(" ".join(titles)))
    for sentence in found.differs:
        console.print(as_told(f"  {names.told(sentence)}"))
    if found.spread is not None:
        words = (
            "Low and high, of B - A, and below A and B hold {share} of {runs}, each with the same "
            "draws for both."
        )
        console.print(as_told(phrase(words, share=found.spread.share, runs=found.spread.runs)))
    ends = () if found.spread is None else ("low", "high")
    made = table("", "A", "B", "B - A", *ends, "unit", numbers=("A", "B", "B - A", *ends))
    for line in found.figures:
        cells = (
            _sure(line.a, line.a_low, line.a_high, line.decimals),
            _sure(line.b, line.b_low, line.b_high, line.decimals),
        )
        difference = signed(line.difference, line.decimals)
        if line.may_be_chance:
            difference = phrase("{difference} may be chance", difference=difference)
        sure = _ends(line.low, line.high, line.decimals) if ends else ()
        made.add_row(NAMES[line.key], *cells, difference, *sure, UNITS[line.key])
    console.print(made)
    _draw_amounts(console, found, names, ends)


def _draw_amounts(console: Console, found: Comparison, names: Names, ends: tuple[str, ...]) -> None:
    """Ways out, outlets and what is left behind, each with the ends of its difference."""
    from karvan.interfaces.cli.network_pages import table
    from karvan.services.planning.comparing import signed
    from karvan.services.planning.sampled_amounts import (
        BORDERS,
        DELIVERED,
        FREIGHT_LEFT,
        LEFT_BEHIND,
        SOLD_AT,
        WAYS_OUT,
    )
    from karvan.services.words import phrase

    oil = found.a.oil
    for what, heading in (
        (WAYS_OUT, phrase("Leaves the country by, Mt") if oil else phrase("Over borders, Mt")),
        (SOLD_AT, phrase("Sold at, Mt") if oil else phrase("Delivered to, Mt")),
        (LEFT_BEHIND, phrase("Left behind by month, Mt")),
        (BORDERS, phrase("Freight over borders, Mt")),
        (DELIVERED, phrase("Freight delivered to, Mt")),
        (FREIGHT_LEFT, phrase("Freight left behind by month, Mt")),
    ):
        made = table(heading, "A", "B", "B - A", *ends, numbers=("A", "B", "B - A", *ends))
        for each in found.amounts:
            # Less than half a thousand tonnes is told as nothing.
            most = max(each.a, each.b, each.a_high or 0.0, each.b_high or 0.0)
            if each.what != what or most < 0.0005:
                continue
            made.add_row(
                names.brief(each.of),
                _sure(each.a, each.a_low, each.a_high, 2),
                _sure(each.b, each.b_low, each.b_high, 2),
                signed(each.difference, 2),
                *(_ends(each.low, each.high, 2) if ends else ()),
            )
        if made.row_count:
            console.print(made)


def _sure(value: float, low: float | None, high: float | None, decimals: int) -> str:
    """A figure, with its ends below where runs give them."""
    from karvan.services.words import phrase, spoken

    number = spoken().number
    told = number(value, decimals)
    if low is None or high is None:
        return told
    ends = phrase("{low} to {high}", low=number(low, decimals), high=number(high, decimals))
    return f"{told}\n{ends}"


def _ends(low: float | None, high: float | None, decimals: int) -> tuple[str, str]:
    """Both ends of a difference; a dash where no runs give them."""
    from karvan.services.planning.comparing import signed

    if low is None or high is None:
        return "-", "-"
    return signed(low, decimals), signed(high, decimals)
