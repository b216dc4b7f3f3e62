"""What the commands that study share: their options, how they begin, and what they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from karvan.domain.errors import InvalidInput, StoreUnavailable
from karvan.interfaces.cli.executing import executor_of
from karvan.interfaces.cli.keeping import read_situation
from karvan.interfaces.cli.output import print_json, print_text, say
from karvan.interfaces.cli.progress import staged
from karvan.interfaces.cli.report_page import command_line, require_page, save
from karvan.services.executing import ExecutorKind

if TYPE_CHECKING:
    from karvan.engines.planner.solving import SolverOptions
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

    subject = Subject.read(desk.scenarios, given)
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


def leave(
    work: Session,
    answered: Answered[Any],
    out: Path | None,
    report: Path | None,
    words: Sequence[str],
    failing: StudyDesk | None = None,
) -> None:
    """Write the folder and the page that are asked for, each whole or not at all.

    Parameters
    ----------
    words
        Of the command line that asks the same.
    failing
        Where it is planned what one more failure costs; None leaves it out of the page.

    Raises
    ------
    InvalidInput
        The folder holds something, or a file cannot be written.
    """
    if out is not None:
        assert work.wiring.results is not None, "wired without folders of results"
        work.wiring.results.write(out, answered.tables, answered.manifest, answered.texts)
        say(f"written to {out}")
    if report is not None:
        from karvan.services.planning.reporting import Report
        from karvan.services.studies.failures import with_failures

        command = answered.manifest.command
        line = command_line(command, *words, "--report", report.name)
        page = answered.page(line)
        if failing is not None and isinstance(page, Report):
            page = with_failures(failing, page, _options(answered))
        save(work, page, report)


def _options(answered: Answered[Any]) -> SolverOptions:
    from karvan.engines.planner.solving import SolverOptions

    return SolverOptions(time_limit_s=float(answered.manifest.options["time_limit_s"]))


def failure_words(*, failures: bool) -> tuple[str, ...]:
    """How a command line says that nothing more fails."""
    return () if failures else ("--no-failures",)


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
