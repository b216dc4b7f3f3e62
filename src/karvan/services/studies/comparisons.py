"""Two scenarios compared, as a study."""

from __future__ import annotations

from dataclasses import replace

from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.cases import Case
from karvan.services.planning.comparing import Comparison, as_json, compare, tables_of
from karvan.services.planning.manifest import Manifest
from karvan.services.planning.reading import results_of
from karvan.services.planning.reporting import report_of_two
from karvan.services.planning.result_tables import Table
from karvan.services.planning.sampled_tables import drawn_table
from karvan.services.planning.sampling import Sample, sample
from karvan.services.planning.spreads import spread_between, spread_of
from karvan.services.planning.study import study
from karvan.services.studies.desk import Answered, StudyDesk, Subject, manifest_of
from karvan.services.studies.plans import case_of
from karvan.services.studies.terms import PlanTerms, StudyKind
from karvan.services.words import phrase, tell_message

#: A scenario that is to be planned, or one that was.
Side = Subject | Case


def comparisons(desk: StudyDesk, a: Side, b: Side, terms: PlanTerms) -> Answered[Comparison]:
    """Compare B with A.

    Raises
    ------
    InvalidTables
        A scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    cases = tuple(_case(desk, side, terms) for side in (a, b))
    between, more = None, tuple[Table, ...]()
    if terms.runs:
        drawn = _drawn(desk, cases, terms)
        cases = tuple(replace(each, spread=spread_of(drawn, n)) for n, each in enumerate(cases))
        between, more = spread_between(drawn), (drawn_table(drawn),)
    found = compare(cases[0], cases[1], between)
    tables = (*tables_of(found), *more)
    manifest = _manifest(desk, found, terms, tables)
    title = " / ".join(tell_message(case.title) for case in (found.a, found.b))
    return Answered(
        found=found,
        tables=tables,
        manifest=manifest,
        told=as_json(found),
        page=lambda command: report_of_two(desk.network, found, title=title, command=command),
    )


def _case(desk: StudyDesk, side: Side, terms: PlanTerms) -> Case:
    if isinstance(side, Case):
        return side
    alone = replace(terms, runs=0)
    options = SolverOptions(time_limit_s=terms.time_limit_s)
    told = desk.counted(phrase("Planning"))
    found = study(desk.network, side.scenario, options, told)
    results = results_of(desk.network, desk.factors, found.stages, desk.holds(found.scenario))
    return case_of(desk, side, alone, found, results)[0]


def _drawn(desk: StudyDesk, cases: tuple[Case, ...], terms: PlanTerms) -> Sample:
    """Plan both cases in runs they share."""
    return sample(
        desk.on,
        desk.network,
        [case.scenario for case in cases],
        runs=terms.runs,
        seed=terms.seed,
        options=SolverOptions(time_limit_s=terms.time_limit_s),
        watch=lambda items, total: desk.watched(items, total, phrase("Runs")),
        factors=desk.factors,
    )


def _manifest(
    desk: StudyDesk, found: Comparison, terms: PlanTerms, tables: tuple[Table, ...]
) -> Manifest:
    """What a comparison was made from: that of A, and what each case was made from."""
    a, b = found.a.manifest, found.b.manifest
    subject = Subject(scenario=found.a.scenario, text=a.scenario, laid=a.laid)
    checks = (a.checks, b.checks)
    return manifest_of(
        StudyKind.COMPARE,
        desk,
        subject,
        terms,
        tables,
        found.a.results.months,
        replace(
            a.checks,
            gap=max(each.gap for each in checks),
            worst_residual=max(each.worst_residual for each in checks),
            mass_balance=max(each.mass_balance for each in checks),
            plans=sum(each.plans for each in checks),
        ),
        seed=a.seed,
        inputs={"emission factors": desk.factors_hash},
        cases=(a, b),
    )
