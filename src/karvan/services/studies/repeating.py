"""Any study made again from what its manifest holds, and compared with what was kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from karvan.domain.errors import InvalidInput, InvalidRequest
from karvan.services.planning.again import Again, compared
from karvan.services.planning.cases import Case
from karvan.services.planning.manifest import Manifest, ResultFolders
from karvan.services.planning.periods import periods_of
from karvan.services.planning.result_tables import Table, results_from
from karvan.services.planning.results import KINDS
from karvan.services.studies.comparisons import comparisons
from karvan.services.studies.desk import Answered, StudyDesk, Subject
from karvan.services.studies.investments import investments
from karvan.services.studies.outages import outages
from karvan.services.studies.plans import plans
from karvan.services.studies.recoveries import recoveries
from karvan.services.studies.terms import (
    TERMS,
    ContingencyTerms,
    InvestTerms,
    PlanTerms,
    ResilienceTerms,
    StudyKind,
    StudyTerms,
    read_terms,
)

#: How many scenarios are compared.
_CASES: Final = 2


def answer(
    desk: StudyDesk, kind: StudyKind, subjects: tuple[Subject, ...], terms: StudyTerms
) -> Answered[object]:
    """Make a study of any kind; two subjects where two are compared."""
    match kind, terms:
        case StudyKind.PLAN, PlanTerms():
            return plans(desk, subjects[0], terms)
        case StudyKind.COMPARE, PlanTerms():
            return comparisons(desk, subjects[0], subjects[1], terms)
        case StudyKind.CONTINGENCY, ContingencyTerms():
            return outages(desk, subjects[0], terms)
        case StudyKind.RESILIENCE, ResilienceTerms():
            return recoveries(desk, subjects[0], terms)
        case StudyKind.INVEST, InvestTerms():
            return investments(desk, subjects[0], terms)
    raise AssertionError("each kind has its terms")


def asked_by(then: Manifest) -> tuple[StudyKind, StudyTerms]:
    """What a manifest asks for; raises `InvalidInput` where it is none of a study."""
    try:
        kind = StudyKind(then.command)
        terms: StudyTerms = read_terms(TERMS[kind], then.options)
    except ValueError:
        raise InvalidInput("the manifest is of no study", command=then.command) from None
    except InvalidRequest as error:
        faults = [f"{each.pointer}: {each.message}" for each in error.faults]
        raise InvalidInput("the options of the manifest cannot be right", faults=faults) from None
    if kind is StudyKind.COMPARE and len(then.cases) != _CASES:
        raise InvalidInput("the manifest tells of another number of cases", cases=len(then.cases))
    return kind, terms


def again(desk: StudyDesk, folders: ResultFolders, given: Path, kind: StudyKind) -> Again:
    """Make a study again, of the kind that is expected.

    Raises
    ------
    InvalidInput
        There is no such result, it is of another kind, or a table was changed.
    InvalidTables
        What the scenario names is no more there.
    """
    then = folders.manifest(given)
    found, terms = asked_by(then)
    if found is not kind:
        raise InvalidInput(
            "the folder holds another study", made_by=f"karvan {found}", asked=f"karvan {kind}"
        )
    kept = folders.tables(given if given.is_dir() else given.parent)
    if kind is StudyKind.PLAN:
        _require_all(kept)
    subjects = tuple(Subject.of_manifest(desk.scenarios, each) for each in then.cases or (then,))
    made = answer(desk, kind, subjects, terms)
    return compared(then, kept, made.manifest, made.tables)


def read_case(desk: StudyDesk, folders: ResultFolders, folder: Path) -> Case:
    """Read the folder of a plan; raises `InvalidInput` where it is none, or was changed."""
    manifest = folders.manifest(folder)
    if asked_by(manifest)[0] is not StudyKind.PLAN:
        raise InvalidInput(
            "the folder holds another study", made_by=f"karvan {manifest.command}", path=str(folder)
        )
    tables = folders.tables(folder)
    _require_all(tables)
    subject = Subject.of_manifest(desk.scenarios, manifest)
    if tuple(manifest.months) != periods_of(subject.scenario).ids:
        raise InvalidInput("the manifest is damaged", reason="months")
    return Case.of(
        subject.scenario, manifest, results_from(tables, manifest.months, manifest.checks)
    )


def _require_all(tables: Mapping[str, Table]) -> None:
    missing = [name for name in KINDS if name not in tables]
    if missing:
        raise InvalidInput("the manifest lacks tables", tables=missing)
