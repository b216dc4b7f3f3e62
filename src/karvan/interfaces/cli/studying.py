"""What the commands that study share: their options, how they begin, and what they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karvan.domain.errors import InvalidInput, KarvanError, StoreUnavailable
from karvan.interfaces.cli.executing import executor_of
from karvan.interfaces.cli.failures import tell
from karvan.interfaces.cli.keeping import read_situation
from karvan.interfaces.cli.output import Draw, print_drawn, print_json, print_text, say
from karvan.interfaces.cli.progress import staged
from karvan.interfaces.cli.report_page import command_line, require_page, save
from karvan.services.executing import ExecutorKind

if TYPE_CHECKING:
    from karvan.interfaces.cli.options import Session
    from karvan.services.planning.again import Again
    from karvan.services.quoting.published import Published
    from karvan.services.studies.desk import Answered, StudyDesk, Subject

Scenario = Annotated[
    str | None,
    typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or a TOML file."),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", help="New folder for tables (CSV, Parquet) and a manifest."
    ),
]
AgainFrom = Annotated[
    Path | None,
    typer.Option(
        "--again",
        metavar="DIR",
        help="Make again what a folder holds, and tell whether the numbers are the same.",
    ),
]
TimeLimit = Annotated[
    float, typer.Option(help="Seconds the solver may take for one plan.", min=0.0, max=1e7)
]
Failures = Annotated[
    bool,
    typer.Option(
        "--failures/--no-failures",
        help="On the page, what each outage would cost beside; --no-failures leaves it out.",
    ),
]
Situation = Annotated[
    bool, typer.Option("--situation", help="Lay what is closed now over the months.")
]


@contextmanager
def desk_of(
    work: Session,
    published: Published,
    on: ExecutorKind = ExecutorKind.INLINE,
    workers: int | None = None,
) -> Iterator[StudyDesk]:
    """Give what studies are made with, a bar for what is counted; raises `InvalidInput`."""
    from karvan.services.studies.desk import StudyDesk

    scenarios, projects = work.wiring.scenarios, work.wiring.projects
    assert scenarios is not None, "wired without scenarios"
    with staged() as progress:
        yield StudyDesk(
            network=published.network,
            book=published.book,
            factors=published.factors,
            scenarios=scenarios,
            projects=lambda: _there(projects).read(work.data),
            executor=None if on is ExecutorKind.INLINE else executor_of(work, on, workers),
            progress=progress,
        )


def _there(projects: Any) -> Any:
    assert projects is not None, "wired without projects"
    return projects


def named(scenario: str | None) -> str:
    """Give the scenario that was named; raises `InvalidInput` where none was."""
    if scenario is None:
        raise InvalidInput("name a scenario, or a folder with --again")
    return scenario


def subject_of(
    work: Session, desk: StudyDesk, given: str, *, situation: bool, as_json: bool
) -> Subject:
    """Read a scenario, and lay over it what is closed now where that is asked for.

    Raises
    ------
    NotFound, InvalidTables
        There is none, or it has faults.
    StoreUnavailable
        What is closed cannot be read.
    """
    from karvan.services.planning.closed import lay
    from karvan.services.studies.desk import Subject

    subject = Subject.read(desk.scenarios, given, desk.network)
    if not situation:
        return subject
    now = work.wiring.clock()
    seen = read_situation(work, desk.network, now, as_json=as_json)
    if seen is None:
        raise StoreUnavailable("what is closed cannot be read")
    return subject.under(*lay(subject.scenario, seen, desk.network, now))


def require_targets(work: Session, out: Path | None, report: Path | None) -> None:
    """Refuse a folder or a page that cannot be written, before there is anything to lose."""
    require_page(work, report)
    if out is not None:
        assert work.wiring.results is not None, "wired without folders of results"
        work.wiring.results.require_new(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a study is told, and what it leaves.

    Attributes
    ----------
    words
        Of the command line that asks the same, without what it leaves.
    failures
        Whether the page of a plan or a comparison tells what one more failure costs.
    """

    out: Path | None
    report: Path | None
    words: Sequence[str]
    as_json: bool
    failures: bool = True


def finish(
    work: Session, desk: StudyDesk, answered: Answered[Any], wanted: Wanted, draw: Draw
) -> None:
    """Print the answer, then write the folder and the page, each whole or not at all.

    What goes wrong with one keeps nothing from the others: hours of work are not lost to a full
    disk, nor a folder to a reader that has seen enough.

    Raises
    ------
    InvalidInput
        The answer cannot be printed, the folder holds something, or a file cannot be written.
    """
    steps: tuple[Callable[[], None], ...] = (
        partial(print_answer, answered.told, draw, as_json=wanted.as_json),
        partial(_write_folder, work, answered, wanted.out),
        partial(_write_page, work, desk, answered, wanted),
    )
    wrong: list[KarvanError] = []
    left: typer.Exit | None = None
    for step in steps:
        try:
            step()
        except KarvanError as error:
            wrong.append(error)
        except typer.Exit as nobody_reads:
            left = nobody_reads
    for each in wrong[:-1]:
        tell(each, as_json=wanted.as_json)
    if wrong:
        raise wrong[-1]
    if left is not None:
        raise left


def _write_folder(work: Session, answered: Answered[Any], out: Path | None) -> None:
    if out is not None:
        assert work.wiring.results is not None, "wired without folders of results"
        work.wiring.results.write(out, answered.tables, answered.manifest, answered.texts)
        say(f"written to {out}")


def _write_page(work: Session, desk: StudyDesk, answered: Answered[Any], wanted: Wanted) -> None:
    if wanted.report is None:
        return
    from karvan.services.studies.pages import page_of

    words = (*wanted.words, *(() if wanted.failures else ("--no-failures",)))
    line = command_line(answered.manifest.command, *words, "--report", wanted.report.name)
    with staged() as progress:
        told = replace(desk, progress=progress)
        page = page_of(told, answered, line, failures=wanted.failures)
    save(work, page, wanted.report)


def print_answer(told: Mapping[str, object], draw: Draw, *, as_json: bool) -> None:
    """Print an answer as JSON, or drawn."""
    if as_json:
        print_json(told)
    else:
        print_drawn(draw)


def laid_words(*, situation: bool) -> tuple[str, ...]:
    """How a command line says that what is closed is laid over."""
    return ("--situation",) if situation else ()


def make_again(
    work: Session,
    command: str,
    given: Path,
    on: ExecutorKind,
    workers: int | None,
    *,
    as_json: bool,
) -> None:
    """Make a study again from its manifest, and compare.

    Raises
    ------
    InvalidInput
        There is no such result, or what it was made from has changed and so have the numbers.
    NotReproduced
        The numbers differ although nothing else does.
    """
    from karvan.services.studies.repeating import again
    from karvan.services.studies.terms import StudyKind

    folders = work.wiring.results
    assert folders is not None, "wired without folders of results"
    with desk_of(work, work.published(), on, workers) as desk:
        found = again(desk, folders, given, StudyKind(command))
    found.require_same()
    if as_json:
        print_json(_json(found))
    else:
        _tell(found)


def _tell(again: Again) -> None:
    for each in again.changed:
        print_text(f"Changed since: {each.what}, {each.then} then, {each.now} now.")
    tables = len(again.exact) + len(again.close)
    print_text(f"The same numbers: {tables} tables, {again.rows} rows.")
    if again.close:
        print_text(f"Equal but for the last digits: {', '.join(again.close)}.")


def _json(again: Again) -> Mapping[str, object]:
    return {
        "same": again.same,
        "rows": again.rows,
        "equal": list(again.exact),
        "equal_but_for_last_digits": list(again.close),
        "changed": [
            {"what": each.what, "then": each.then, "now": each.now} for each in again.changed
        ],
    }
