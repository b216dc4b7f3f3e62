"""What each outage costs, as a study."""

from __future__ import annotations

from karvan.engines.planner.merging import merged
from karvan.engines.planner.solving import SolverOptions
from karvan.services.planning.contingency import Contingency, contingency
from karvan.services.planning.contingency_telling import (
    contingency_checks,
    contingency_json,
    contingency_tables,
)
from karvan.services.planning.lost_ships import tankers_of
from karvan.services.planning.oil import planned, problem_with
from karvan.services.planning.reporting import Chart
from karvan.services.studies.desk import Answered, StudyDesk, Subject, manifest_of
from karvan.services.studies.pages import list_page
from karvan.services.studies.terms import ContingencyTerms, StudyKind
from karvan.services.words import phrase


def outages(desk: StudyDesk, subject: Subject, terms: ContingencyTerms) -> Answered[Contingency]:
    """Take out everything in turn.

    Raises
    ------
    InvalidTables
        The scenario names what is not there.
    LimitReached
        The solver came to its time limit.
    """
    asked = subject.scenario
    made = planned(desk.network, asked)
    problem = problem_with(made, asked.event)
    options = SolverOptions(time_limit_s=terms.time_limit_s)
    found = contingency(
        merged(problem) if terms.by_year else problem,
        ships=tankers_of(made, asked, by_year=terms.by_year),
        order=terms.order,
        options=options,
        told=desk.counted(phrase("Outages")),
        executor=desk.executor,
    )
    tables = contingency_tables(found)
    manifest = manifest_of(
        StudyKind.CONTINGENCY,
        desk,
        subject,
        terms,
        tables,
        found.problem.period_ids,
        contingency_checks(found),
        seed=options.seed,
    )
    chart = Chart(
        title=phrase("If one more thing fails"),
        table="outages",
        name="asset",
        value="extra_cost",
        unit=phrase("million US dollars"),
        factor=1e-3,
    )
    return Answered(
        found=found,
        tables=tables,
        manifest=manifest,
        told=contingency_json(found, asked.name, asked.title),
        page=lambda command: list_page(desk, subject, tables, manifest, chart, command),
    )
