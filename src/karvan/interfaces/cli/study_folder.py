"""Results of a study in a folder, and the study made again from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from karvan import __version__
from karvan.interfaces.cli.output import print_json, print_text, say, tell_progress

if TYPE_CHECKING:
    from karvan.interfaces.cli.options import Session
    from karvan.services.planning.again import Again
    from karvan.services.planning.cases import Case
    from karvan.services.planning.manifest import Manifest, ScenarioText
    from karvan.services.planning.result_tables import Table
    from karvan.services.planning.results import Results
    from karvan.services.planning.scenario import Event
    from karvan.services.planning.study import Study
    from karvan.services.quoting.published import Published


def results_of_study(published: Published, study: Study) -> Results:
    """Read what a study says."""
    from karvan.services.planning.reading import results_of

    return results_of(published.network, published.factors, study.stages)


def describe(
    study: Study,
    results: Results,
    *,
    text: ScenarioText,
    laid: tuple[Event, ...],
    options: Mapping[str, float | int | str],
) -> tuple[tuple[Table, ...], Manifest]:
    """Give the tables of a study and its manifest.

    Parameters
    ----------
    laid
        Events laid over the scenario as its text has it.
    """
    from karvan.engines.planner.solving import SolverOptions
    from karvan.services.planning.manifest import Manifest, hash_of, marks_of
    from karvan.services.planning.result_tables import tables_of

    tables = tables_of(results)
    return tables, Manifest(
        command="plan",
        version=__version__,
        scenario=text,
        scenario_hash=hash_of(study.scenario),
        laid=laid,
        options=options,
        seed=SolverOptions().seed,
        network=study.network_hash,
        months=results.months,
        checks=results.checks,
        tables=marks_of(tables),
    )


def case_of_study(
    study: Study,
    results: Results,
    *,
    text: ScenarioText,
    laid: tuple[Event, ...],
    options: Mapping[str, float | int | str],
) -> Case:
    """A study as a case of a comparison or a page; parameters as of `describe`."""
    from karvan.services.planning.cases import Case

    _, manifest = describe(study, results, text=text, laid=laid, options=options)
    return Case.of(study.scenario, manifest, results)


def keep(
    work: Session,
    folder: Path,
    tables: tuple[Table, ...],
    manifest: Manifest,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Write a folder whole or not at all, with other files by their names.

    Raises
    ------
    InvalidInput
        The folder holds something.
    """
    assert work.wiring.results is not None, "wired without folders of results"
    work.wiring.results.write(folder, tables, manifest, texts or {})
    say(f"written to {folder}")


def read_case(work: Session, folder: Path) -> Case:
    """Read a folder of results; raises `InvalidInput` where it is none, or was changed."""
    from karvan.services.planning.cases import Case
    from karvan.services.planning.result_tables import results_from

    folders, scenarios = work.wiring.results, work.wiring.scenarios
    assert folders is not None, "wired without folders of results"
    assert scenarios is not None, "wired without scenarios"
    manifest = folders.manifest(folder)
    tables = folders.tables(folder)
    asked = scenarios.read_text(manifest.scenario.file, manifest.scenario.text)
    results = results_from(tables, manifest.months, manifest.checks)
    return Case.of(replace(asked, event=(*asked.event, *manifest.laid)), manifest, results)


def plan_again(work: Session, given: Path, *, as_json: bool) -> None:
    """Make a study again from its manifest, and compare.

    Raises
    ------
    InvalidInput
        There is no such result, or what it was made from has changed and so have the numbers.
    NotReproduced
        The numbers differ although nothing else does.
    """
    from karvan.engines.planner.solving import SolverOptions
    from karvan.services.planning.again import compared
    from karvan.services.planning.study import study

    folders, scenarios = work.wiring.results, work.wiring.scenarios
    assert folders is not None, "wired without folders of results"
    assert scenarios is not None, "wired without scenarios"
    then = folders.manifest(given)
    kept = folders.tables(given if given.is_dir() else given.parent)
    asked = scenarios.read_text(then.scenario.file, then.scenario.text)
    asked = replace(asked, event=(*asked.event, *then.laid))
    published = work.published()
    tell_progress("Planning ...")
    limit_s = float(then.options.get("time_limit_s", SolverOptions().time_limit_s))
    found = study(published.network, asked, SolverOptions(time_limit_s=limit_s))
    results = results_of_study(published, found)
    made, now = describe(found, results, text=then.scenario, laid=then.laid, options=then.options)
    again = compared(then, kept, now, made)
    again.require_same()
    if as_json:
        print_json(_json(again))
    else:
        _tell(again)


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
